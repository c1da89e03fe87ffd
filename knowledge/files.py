"""Topic files: YAML front matter and Markdown to values and back, without loss.

Example questions live in a file of their own (`knowledge.examples`). Reading what was written gives the same value,
and writing what was read the same bytes for a file in canonical form (all shipped files are).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from knowledge.examples import examples_path, read_examples, write_examples
from knowledge.model import STEPPED, Aspect, Body, Example, Level, Picture, Section, Step, Topic, Value, clean_text
from knowledge.sources import ContentError, Problem, YamlSource, flow, plain, scalar

_TOPIC_FIELDS = ("area", "skills", "audience", "related")
_BODY_FIELDS = ("title", "short_title", "not_applicable", "reviewed_on", "review_by", "sources", "figures", "examples")
_ORDER = (
    ("title", "short_title"),
    ("skills", "audience", "related"),
    ("not_applicable", "reviewed_on", "review_by", "sources", "figures"),
)
_PLAIN_FIELDS = {"id", "url", "source", "confidence"}
Examples = Mapping[Level, tuple[Example, ...]]
_NUMBERED = re.compile(r"\d+[.)]\s+(.*)")
N = TypeVar("N", Level, Aspect)
_PICTURE = re.compile(r"!\[(.*)\]\(([^()\s]*)\)")


class TopicFile(Value):
    """What one file holds: a topic and its variants in one language. A level without text of its own is None."""

    topic: Topic
    language: str = "vi"
    standard: Body | None = None
    simple: Body | None = None

    def body(self, level: Level) -> Body | None:
        """The body of that level, or None."""
        return self.standard if level is Level.STANDARD else self.simple


def read_topic(path: Path, language: str) -> TopicFile:
    """Read a topic file with the examples beside it. Raises ContentError (with file and line) or OSError."""
    return parse_topic(path.read_text(encoding="utf-8"), language, str(path), read_examples(path))


def save_topic(file: TopicFile, language_dir: Path) -> list[Path]:
    """Write a topic below its language's folder, Markdown and examples; returns the paths that changed.

    An examples file that the topic no longer has is deleted.
    """
    path = language_dir / "topics" / f"{file.topic.id}.md"
    texts: dict[Path, str | None] = {path: write_topic(file)}
    for level in Level:
        body = file.body(level)
        examples = body.examples if body else None
        texts[examples_path(path, level)] = None if examples is None else write_examples(examples)
    return [path for path, text in texts.items() if _replaced(path, text)]


def _replaced(path: Path, text: str | None) -> bool:
    if text is None:
        there = path.is_file()
        path.unlink(missing_ok=True)
        return there
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return True


def parse_topic(text: str, language: str = "vi", file: str = "<text>", examples: Examples | None = None) -> TopicFile:
    """Parse the text of a topic file; `examples` are those of its levels. Raises ContentError with file and line.

    Examples in the front matter, where older versions had them, are read as plain texts.
    """
    lines = clean_text(text).split("\n")
    end = _front_matter_end(lines, file)
    front = YamlSource("\n".join(lines[1:end]) + "\n", file, first_line=2)
    bodies = _Markdown(file, lines, end + 1).levels()
    return TopicFile(
        topic=_topic(front),
        language=language,
        standard=_standard_body(front, bodies.get(Level.STANDARD), (examples or {}).get(Level.STANDARD)),
        simple=_simple_body(front, bodies.get(Level.SIMPLE), (examples or {}).get(Level.SIMPLE)),
    )


def _front_matter_end(lines: list[str], file: str) -> int:
    if lines[0].rstrip() != "---":
        raise ContentError([Problem(file, 1, "a topic file starts with a line ---")])
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return number
    raise ContentError([Problem(file, len(lines), "the front matter is not closed with a line ---")])


def _topic(front: YamlSource) -> Topic:
    known = {"topic", "simple", *_TOPIC_FIELDS, *_BODY_FIELDS}
    if unknown := [key for key in front.data if key not in known]:
        raise ContentError([Problem(front.file, front.line(key), f"unknown field {key!r}") for key in unknown])
    given = {name: front.data[name] for name in _TOPIC_FIELDS if name in front.data}
    return front.build(Topic, {"id": front.data.get("topic"), **given})


def _standard_body(front: YamlSource, sections: list[Section] | None, examples: tuple[Example, ...] | None) -> Body | None:
    fields = {name: front.data[name] for name in _BODY_FIELDS if name in front.data}
    if sections is None and (fields or examples is not None):
        first = front.line(next(iter(fields), ""))
        raise front.error(first, "these fields or examples belong to the standard level, which has no '# standard' text")
    given = _with_examples(front, fields, examples)
    return None if sections is None else front.build(Body, {**given, "sections": sections})


def _simple_body(front: YamlSource, sections: list[Section] | None, examples: tuple[Example, ...] | None) -> Body | None:
    own = front.data.get("simple", {})
    if not isinstance(own, dict) or set(own) - set(_BODY_FIELDS):
        raise front.error(front.line("simple"), f"simple may only have the fields {', '.join(_BODY_FIELDS)}")
    if sections is None and (own or examples is not None):
        raise front.error(front.line("simple"), "there are fields or examples for the simple level, but no '# simple' text")
    given = _with_examples(front, own, examples, "simple")
    return None if sections is None else front.build(Body, {**given, "sections": sections}, "simple")


def _with_examples(
    front: YamlSource, fields: dict[str, object], examples: tuple[Example, ...] | None, *path: str
) -> dict[str, object]:
    if examples is None:
        return fields
    if "examples" in fields:
        raise front.error(front.line(*path, "examples"), "examples stand here and in the examples file; keep the latter")
    return {**fields, "examples": examples}


class _Markdown:
    """The text below the front matter, read line by line."""

    def __init__(self, file: str, lines: list[str], start: int) -> None:
        self._file, self._lines, self._start = file, lines, start

    def levels(self) -> dict[Level, list[Section]]:
        levels: dict[Level, list[Section]] = {}
        for first, level_lines, name in self._blocks("# ", self._start, len(self._lines)):
            level = self._named(Level, name, first)
            if level in levels:
                raise self._error(first - 1, f"'# {name}' is given twice")
            levels[level] = self._sections(first, first + level_lines)
        return levels

    def _sections(self, first: int, end: int) -> list[Section]:
        sections: list[Section] = []
        for start, count, name in self._blocks("## ", first, end):
            aspect = self._named(Aspect, name, start)
            if any(s.aspect is aspect for s in sections):
                raise self._error(start - 1, f"'## {name}' is given twice")
            sections.append(self._section(aspect, start, start + count))
        return sections

    def _blocks(self, mark: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
        """(first line below the heading, number of lines, heading) for each heading of that mark."""
        heads = [i for i in range(start, end) if self._lines[i].startswith(mark)]
        before = self._lines[start : heads[0] if heads else end]
        for number, line in enumerate(before, start):
            if line.strip():
                raise self._error(number, f"text before the first '{mark}…' heading")
        for head, following in pairwise([*heads, end]):
            yield head + 1, following - head - 1, self._lines[head].removeprefix(mark).strip()

    def _section(self, aspect: Aspect, start: int, end: int) -> Section:
        for number in range(start, end):
            if self._lines[number].startswith("#"):
                raise self._error(number, "headings are '# level' and '## aspect'; start a text line with \\# for a hash sign")
        first_step = next((i for i in range(start, end) if aspect in STEPPED and _NUMBERED.match(self._lines[i])), end)
        text = "\n".join(_unescape(line) for line in self._lines[start:first_step])
        return Section(aspect=aspect, text=text, steps=tuple(self._steps(first_step, end)))

    def _steps(self, start: int, end: int) -> Iterator[Step]:
        starts = [i for i in range(start, end) if _NUMBERED.match(self._lines[i])]
        for first, following in pairwise([*starts, end]):
            yield self._step(first, following)

    def _step(self, first: int, end: int) -> Step:
        match = _NUMBERED.match(self._lines[first])
        texts, picture = [match[1] if match else ""], None
        for number in range(first + 1, end):
            line = self._lines[number]
            if found := _PICTURE.fullmatch(line.strip()):
                picture = self._picture(found, number, picture)
            elif line.strip() and not line.startswith(" "):
                raise self._error(number, "text after a step: indent it by three spaces, or put it before the numbers")
            else:
                texts.append(_unescape(line.strip()))
        try:
            return Step(text="\n".join(texts), picture=picture)
        except ValidationError as error:
            raise self._error(first, "the step has no text") from error

    def _picture(self, found: re.Match[str], number: int, earlier: Picture | None) -> Picture:
        if earlier:
            raise self._error(number, "a step has one picture at most")
        try:
            return Picture(path=found[2], alt=found[1])
        except ValidationError as error:
            raise self._error(number, f"bad picture path {found[2]!r}") from error

    def _named(self, names: type[N], text: str, number: int) -> N:
        try:
            return names(text)
        except ValueError:
            raise self._error(number - 1, f"unknown heading {text!r}; known are {', '.join(names)}") from None

    def _error(self, index: int, message: str) -> ContentError:
        return ContentError([Problem(self._file, index + 1, message)])


def _unescape(line: str) -> str:
    return line[1:] if line.startswith("\\") else line


def write_topic(file: TopicFile) -> str:
    """The canonical text of a topic file, ending in one newline."""
    lines = ["---", *_front_matter(file), "---"]
    for level in Level:
        if (body := file.body(level)) is not None:
            lines += [f"# {level.value}", ""]
            for section in body.sections:
                lines += [f"## {section.aspect.value}", *_section_lines(section), ""]
    while not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def _front_matter(file: TopicFile) -> Iterator[str]:
    head, middle, tail = _ORDER
    yield f"topic: {plain(file.topic.id)}"
    yield f"area: {plain(file.topic.area)}"
    yield from _body_fields(file.standard, head)
    for name in middle:
        yield f"{name}: {flow(getattr(file.topic, name))}"
    yield from _body_fields(file.standard, tail)
    if own := list(_body_fields(file.simple, (*head, *tail))):
        yield "simple:"
        yield from (f"  {line}" for line in own)


def _body_fields(body: Body | None, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = getattr(body, name) if body else None
        if value is None:
            continue
        if name == "not_applicable":
            yield f"{name}: {flow([aspect.value for aspect in value])}"
        elif isinstance(value, tuple):
            yield from _list_lines(name, value)
        else:
            yield f"{name}: {scalar(value, style_plain=False)}"


def _list_lines(name: str, items: tuple[Value, ...]) -> Iterator[str]:
    if not items:
        yield f"{name}: []"
        return
    yield f"{name}:"
    for item in items:
        given = ((key, value) for key, value in item if value is not None)
        for number, (key, value) in enumerate(given):
            yield f"{'  ' if number else '- '}{key}: {scalar(value, key in _PLAIN_FIELDS)}"


def _section_lines(section: Section) -> Iterator[str]:
    stepped = section.aspect in STEPPED
    for line in section.text.split("\n") if section.text else ():
        hidden = line.startswith(("#", "\\")) or (stepped and _NUMBERED.match(line))
        yield f"\\{line}" if hidden else line
    for number, step in enumerate(section.steps, start=1):
        first, *rest = step.text.split("\n")
        yield f"{number}. {first}"
        for line in rest:
            yield f"   \\{line}" if line.startswith("\\") or _PICTURE.fullmatch(line) else f"   {line}"
        if step.picture:
            yield f"   ![{step.picture.alt}]({step.picture.path})"
