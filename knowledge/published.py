"""From published bodies to views: what a level does not say itself, it inherits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from knowledge.model import Aspect, Body, Section, Status, Value, VariantKey, View

BASE_LANGUAGE = "vi"


class Published(Value):
    """A published revision of a variant, with what is known about it."""

    key: VariantKey
    body: Body
    revision_id: int = 0
    status: Status = Status.PUBLISHED
    confirmed_by: str | None = None
    confirmed_on: date | None = None


def build_views(published: Iterable[Published]) -> dict[VariantKey, View]:
    """A view per published variant; a variant whose inherited fields are nowhere to be found has none."""
    by_key = {p.key: p for p in published}
    views = {key: _view(p, by_key) for key, p in sorted(by_key.items(), key=lambda pair: str(pair[0]))}
    return {key: view for key, view in views.items() if view}


def _view(own: Published, by_key: Mapping[VariantKey, Published]) -> View | None:
    chain = [own.body, *(p.body for p in _ancestors(own.key, by_key))]
    same_language = [p.body for p in _ancestors(own.key, by_key) if p.key.language == own.key.language]
    inherited = {name: _first(chain, name) for name in ("title", "short_title", "reviewed_on", "review_by")}
    if None in inherited.values():
        return None
    lists = ("examples", "sources", "figures", "not_applicable")
    return View.model_validate(
        {
            **inherited,
            **{name: _first(chain, name) or () for name in lists},
            "key": own.key,
            "sections": _sections([own.body, *same_language]),
            "revision_id": own.revision_id,
            "status": own.status,
            "confirmed_by": own.confirmed_by,
            "confirmed_on": own.confirmed_on,
        }
    )


def _ancestors(key: VariantKey, by_key: Mapping[VariantKey, Published]) -> list[Published]:
    """The variants a key inherits from, nearest first: its language's standard text, then the Vietnamese one."""
    standards = (VariantKey(topic_id=key.topic_id, language=x) for x in dict.fromkeys((key.language, BASE_LANGUAGE)))
    return [by_key[k] for k in standards if k != key and k in by_key]


def _first(chain: list[Body], name: str) -> object:
    return next((getattr(body, name) for body in chain if getattr(body, name) is not None), None)


def _sections(chain: list[Body]) -> tuple[Section, ...]:
    found = ((body.section(aspect) for body in chain) for aspect in Aspect)
    firsts = (next((section for section in sections if section), None) for sections in found)
    return tuple(section for section in firsts if section)
