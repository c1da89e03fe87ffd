"""Things named in a text: places, sums of money, phone brands, kinds of papers. Words and patterns, no guessing.

`nlu/data/entities.yml` is the one source; `nlu.rasa.generate` writes the same forms as Rasa's lookup tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from nlu.characters import unify
from nlu.syllables import fold

KINDS: Final = ("locality", "money", "phone_brand", "paper_kind")
LONGEST: Final = 2000
"""Characters looked at; the understanding never passes on more."""
_LISTED: Final = ("phone_brand", "paper_kind")
_WORD: Final = re.compile(r"\w+")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_UNITS: Final = (
    (r"ty|ti", 10**9),
    (r"trieu|tr|cu", 10**6),
    (r"tram (?:nghin|ngan)", 10**5),
    (r"nghin|ngan|k", 10**3),
)
_SPELT: Final = dict(zip(["mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi"], range(1, 11), strict=True))


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing named in a text.

    Attributes:
        kind: one of `KINDS`.
        value: its usual name ("Samsung", "căn cước", "Thanh Hóa"); money as a whole number of đồng ("500000").
        start, end: where it stands, in characters of the text.
    """

    kind: str
    value: str
    start: int
    end: int


class EntityFinder:
    """Finds entities in lower-case text, with accents or without."""

    def __init__(self, localities: Iterable[str] = ()) -> None:
        """`localities`: official names of places, "Tỉnh Thanh Hóa", "Phường Hạc Thành"; without, only a few cities are known."""
        self.names: Mapping[str, Mapping[str, str]] = {
            "locality": locality_forms(localities),
            **{kind: _forms(_table()[kind]) for kind in _LISTED},
        }
        self._by_first_word = {kind: _by_first_word(forms) for kind, forms in self.names.items()}

    def find(self, text: str) -> tuple[Entity, ...]:
        """Return what the first `LONGEST` characters of `text` name, in order; things of different kinds may overlap."""
        text = text[:LONGEST]
        found = [entity for kind in self.names for entity in self._listed(kind, text)]
        found += [Entity("money", money_value(m.group()), m.start(), m.end()) for m in money_pattern().finditer(text)]
        return tuple(sorted(found, key=lambda entity: (entity.start, entity.kind)))

    def canonical(self, kind: str, written: str) -> str:
        """The usual name of what is `written`; itself where it is no known form."""
        return money_value(written) if kind == "money" else self.names[kind].get(written.lower(), written)

    def _listed(self, kind: str, text: str) -> Iterator[Entity]:
        end = 0
        for word in _WORD.finditer(text):
            forms = self._by_first_word[kind].get(word.group(), ()) if word.start() >= end else ()
            form = next((form for form in forms if _stands_at(text, word.start(), form)), None)
            if form:
                end = word.start() + len(form)
                yield Entity(kind, self.names[kind][form], word.start(), end)


@cache
def entity_finder(localities: tuple[str, ...]) -> EntityFinder:
    """The finder of these places, made once a process: thousands of forms of names take a tenth of a second."""
    return EntityFinder(localities)


def locality_forms(localities: Iterable[str]) -> dict[str, str]:
    """How places may be written → their name. Provinces go by their bare name, communes with "xã" or "phường" only."""
    ambiguous = frozenset(_table()["needs_kind"])
    found = {form: name for form, name in _forms(_table()["locality"]).items() if form not in ambiguous}
    for official in localities:
        kind, bare = _split_kind(official)
        written = [unify(official.lower()), f"{kind} {unify(bare.lower())}"]
        written += [unify(bare.lower())] if kind in ("tỉnh", "thành phố") else []
        for form in dict.fromkeys([*written, *map(fold, written)]):
            if form not in ambiguous:
                found.setdefault(form, bare if kind in ("tỉnh", "thành phố") else official)
    return found


def money_pattern() -> re.Pattern[str]:
    """Sums of money in lower-case text."""
    return _money(tuple(_table()["money"]))


def money_value(written: str) -> str:
    """Đồng as digits: "1,5 triệu" → "1500000", "2 triệu rưỡi" → "2500000"."""
    text = fold(written.lower())
    unit = next((size for words, size in _UNITS if re.search(rf"(?<![a-z])(?:{words})(?![a-z])", text)), 1)
    half = unit // 2 if "ruoi" in text else 0
    number = _NUMBER.search(text)
    if number is None:
        return str(_SPELT.get(text.split()[0], 0) * unit + half) if text.split() else "0"
    digits = number.group()
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
        return str(int(re.sub(r"\D", "", digits)) * unit + half)
    return str(round(float(digits.replace(",", ".")) * unit) + half) if digits.count(".") + digits.count(",") <= 1 else "0"


def longest_first(forms: Iterable[str]) -> list[str]:
    """The order in which forms are tried, so that "căn cước điện tử" is not taken for "căn cước"."""
    return sorted(forms, key=lambda form: (-len(form), form))


@cache
def _money(lines: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(lines)})(?!\w)")


@cache
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((files("nlu") / "data" / "entities.yml").read_text(encoding="utf-8"))
    return loaded


def _forms(names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Every form with accents and without → the usual name."""
    spelt = {unify(form): name for name, forms in names.items() for form in forms}
    return {fold(form): name for form, name in spelt.items()} | spelt


def _by_first_word(forms: Iterable[str]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for form in longest_first(forms):
        groups.setdefault(_WORD.match(form).group(), []).append(form)  # type: ignore[union-attr]
    return {word: tuple(group) for word, group in groups.items()}


def _stands_at(text: str, start: int, form: str) -> bool:
    end = start + len(form)
    return text.startswith(form, start) and not (end < len(text) and (text[end].isalnum() or text[end] == "_"))


def _split_kind(official: str) -> tuple[str, str]:
    for kind in ("Thành phố", "Tỉnh", "Đặc khu", "Phường", "Xã"):
        if official.startswith(f"{kind} "):
            return kind.lower(), official.removeprefix(f"{kind} ")
    return "tỉnh", official
