"""Between the editor's form and a `Body`: parsing, showing mistakes, adding, moving and removing rows (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from admin.web.forms import Form
from admin.words import ASPECTS, FIELDS
from knowledge.model import STEPPED, Aspect, Body, Example

Row = dict[str, str]
ROW_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "sources": ("id", "title", "publisher", "url", "date", "undated", "confidence", "note"),
    "figures": ("id", "value", "valid_until", "fallback", "source"),
    **{f"steps.{aspect.value}": ("text", "picture", "alt") for aspect in Aspect if aspect in STEPPED},
}
"""The lists of rows in the form, with the fields of a row."""
EDITORS: Final = "bien-tap"  # the writer of examples typed here
_SAID: Final[Mapping[str, str]] = {
    "missing": "còn thiếu",
    "string_too_short": "còn trống",
    "string_too_long": "dài quá",
    "string_pattern_mismatch": "có ký tự không dùng được",
    "date_from_datetime_parsing": "không phải ngày",
    "date_parsing": "không phải ngày",
    "value_error": "không hợp lệ",
}


class FormMistakes(ValueError):
    """The form cannot become a body; `messages` say where and what, in Vietnamese."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


@dataclass
class Draft:
    """What stands in the form: texts by name, rows by list. May be incomplete and wrong."""

    texts: dict[str, str]
    rows: dict[str, list[Row]]
    ruled_out: set[str]
    focus: str = ""  # id of the control to go on with after a row was added or moved
    said: str = ""  # what just happened, for screen readers
    extra: dict[str, str] = field(default_factory=dict)  # note, base, substantive


def draft_of_body(body: Body) -> Draft:
    """The form as it opens on a body."""
    texts = {name: str(getattr(body, name) or "") for name in ("title", "short_title", "reviewed_on", "review_by")}
    texts["examples"] = "\n".join(example.text for example in body.examples or ())
    rows: dict[str, list[Row]] = {
        "sources": [_strings(s.model_dump(mode="json")) for s in body.sources or ()],
        "figures": [_strings(f.model_dump(mode="json")) for f in body.figures or ()],
    }
    for aspect in Aspect:
        section = body.section(aspect)
        texts[f"text.{aspect.value}"] = section.text if section else ""
        if aspect in STEPPED:
            steps = section.steps if section else ()
            rows[f"steps.{aspect.value}"] = [
                {"text": s.text, "picture": s.picture.path if s.picture else "", "alt": s.picture.alt if s.picture else ""}
                for s in steps
            ]
    return Draft(texts, rows, {aspect.value for aspect in body.not_applicable or ()})


def draft_of_form(form: Form) -> Draft:
    """What somebody has typed, as it stands."""
    names = ["title", "short_title", "reviewed_on", "review_by", "examples", *(f"text.{aspect.value}" for aspect in Aspect)]
    texts = {name: form.one(name) for name in names}
    rows = {name: _rows(form, name, fields) for name, fields in ROW_FIELDS.items()}
    extra = {name: form.one(name) for name in ("note", "base", "substantive")}
    return Draft(texts, rows, set(form.all("not_applicable")), extra=extra)


def _rows(form: Form, name: str, fields: tuple[str, ...]) -> list[Row]:
    columns = {column: form.all(f"{name}.{column}") for column in fields}
    count = max((len(values) for values in columns.values()), default=0)
    return [{c: (values[i].strip() if i < len(values) else "") for c, values in columns.items()} for i in range(count)]


def _strings(values: Mapping[str, object]) -> Row:
    return {name: "" if value is None else "true" if value is True else str(value) for name, value in values.items()}


def change_rows(draft: Draft, operation: str) -> None:
    """Carry out `add:LIST`, `up:LIST:ROW`, `down:LIST:ROW` or `remove:LIST:ROW`; anything else changes nothing."""
    verb, _, rest = operation.partition(":")
    name, _, number = rest.partition(":")
    rows = draft.rows.get(name)
    if rows is None:
        return
    if verb == "add":
        rows.append(dict.fromkeys(ROW_FIELDS[name], ""))
        draft.focus, draft.said = f"{name}-{len(rows) - 1}", f"Đã thêm dòng {len(rows)}."
    elif number.isdigit() and int(number) < len(rows):
        _change_row(draft, rows, verb, name, int(number))


def _change_row(draft: Draft, rows: list[Row], verb: str, name: str, row: int) -> None:
    if verb == "remove":
        del rows[row]
        draft.focus, draft.said = f"{name}-add", f"Đã xóa dòng {row + 1}."
        return
    other = {"up": row - 1, "down": row + 1}.get(verb, -1)
    if 0 <= other < len(rows):
        rows[row], rows[other] = rows[other], rows[row]
        draft.focus, draft.said = f"{name}-{other}-{verb}", f"Dòng {row + 1} nay là dòng {other + 1}."


def body_of(draft: Draft, base: Body) -> Body:
    """The body in the form. Empty fields are inherited (None), or kept as `base` had them empty. Raises FormMistakes."""
    data = {
        "title": draft.texts["title"] or None,
        "short_title": draft.texts["short_title"] or None,
        "sections": _sections(draft),
        "examples": _kept(base.examples, _examples(draft, base)),
        "sources": _kept(base.sources, _sources(draft)),
        "figures": _kept(base.figures, _filled(draft.rows["figures"])),
        "not_applicable": _kept(base.not_applicable, [a.value for a in Aspect if a.value in draft.ruled_out]),
        "reviewed_on": draft.texts["reviewed_on"] or None,
        "review_by": draft.texts["review_by"] or None,
    }
    try:
        return Body.model_validate(data)
    except ValidationError as error:
        raise FormMistakes([_message(e["loc"], e["type"], data) for e in error.errors()]) from error


def _examples(draft: Draft, base: Body) -> list[Example]:
    """A question per line: one that was there before keeps its tags, a new one is the editors'."""
    known = {example.text: example for example in base.examples or ()}
    lines = (" ".join(line.split()) for line in draft.texts["examples"].splitlines())
    return [known.get(line) or Example(text=line, writer=EDITORS) for line in lines if line]


def _sources(draft: Draft) -> list[dict[str, str | None]]:
    rows = _filled(draft.rows["sources"])
    return [{**row, **{name: row.get(name) or None for name in ("url", "undated", "confidence", "note")}} for row in rows]


def _kept(base: object, new: Sequence[object]) -> object:
    if new:
        return new
    return base if base is not None and not base else None


def _filled(rows: list[Row]) -> list[Row]:
    return [row for row in rows if any(row.values())]


def _sections(draft: Draft) -> list[dict[str, object]]:
    return [{"aspect": a.value, "text": draft.texts[f"text.{a.value}"], "steps": _steps(draft, a)} for a in Aspect]


def _steps(draft: Draft, aspect: Aspect) -> list[dict[str, object]]:
    rows = _filled(draft.rows.get(f"steps.{aspect.value}", []))
    pictures = ({"path": row["picture"], "alt": row["alt"]} if row["picture"] else None for row in rows)
    return [{"text": row["text"], "picture": picture} for row, picture in zip(rows, pictures, strict=True)]


def _message(location: tuple[int | str, ...], kind: str, data: Mapping[str, object]) -> str:
    name = str(location[0]) if location else ""
    label = FIELDS.get(name, name)
    if name == "sections" and len(location) > 1 and isinstance(location[1], int):
        label = list(ASPECTS.values())[location[1]]
        location = location[2:]
    rows = [f"dòng {part + 1}" for part in location if isinstance(part, int)]
    limit = " (nhiều nhất 25 ký tự)" if name == "short_title" else ""
    return f"{', '.join([label, *rows])}: {_SAID.get(kind, 'không hợp lệ')}{limit}."
