"""The provinces and communes of Vietnam since July 2025: looked up by code, by letter, and by name without accents."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Protocol, TypeVar

_KINDS = ("thanh pho ", "tinh ", "phuong ", "xa ", "dac khu ", "tp ", "p ", "x ")


@dataclass(frozen=True, slots=True)
class Province:
    code: str
    name: str  # as written officially: "Thành phố Hà Nội", "Thanh Hóa"

    @property
    def short(self) -> str:
        return self.name.removeprefix("Thành phố ")


@dataclass(frozen=True, slots=True)
class Commune:
    code: str
    name: str  # with its kind: "Phường Hạc Thành"
    province: Province

    @property
    def short(self) -> str:
        """The name without "Xã", "Phường" or "Đặc khu"."""
        for kind in ("Phường ", "Xã ", "Đặc khu "):
            if self.name.startswith(kind):
                return self.name.removeprefix(kind)
        return self.name

    @property
    def full(self) -> str:
        """The commune with its province."""
        return f"{self.name}, {self.province.short}"


class _Named(Protocol):
    @property
    def short(self) -> str: ...


Place = TypeVar("Place", bound=_Named)


def fold(text: str) -> str:
    """Lower case without accents: only ASCII letters, digits and single spaces are left."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    return " ".join("".join(c if c.isascii() and c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


@cache
def communes() -> dict[str, Commune]:
    """All communes by code."""
    text = files("learning").joinpath("data/communes.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t")
    return {
        row["commune_code"]: Commune(
            row["commune_code"], " ".join(row["commune"].split()), Province(row["province_code"], row["province"])
        )
        for row in rows
    }


@cache
def provinces() -> dict[str, Province]:
    """All provinces by code, in the order of their names."""
    found = {commune.province.code: commune.province for commune in communes().values()}
    return {province.code: province for province in sorted(found.values(), key=_alphabetical)}


def province_code(text: str) -> str:
    """The code of a province given by code or by name, accents or not. Raises ValueError for what is no province."""
    wanted = _bare(fold(text))
    for province in provinces().values():
        if text.strip() == province.code or wanted == fold(province.short):
            return province.code
    raise ValueError(f"no province of Viet Nam is called {text!r}")


@cache
def communes_of(province: str) -> tuple[Commune, ...]:
    """The communes of a province in the order of their names; none for an unknown code."""
    return tuple(sorted((c for c in communes().values() if c.province.code == province), key=_alphabetical))


def _alphabetical(place: _Named) -> tuple[str, str]:
    return fold(place.short), place.short


def groups(places: Sequence[Place], size: int) -> list[tuple[str, tuple[Place, ...]]]:
    """Cut places that are in alphabetical order into groups of about `size`, each named by its first and last place.

    First words alone would say "Quảng" of four provinces.
    """
    count = max(1, round(len(places) / size))
    edges = [round(i * len(places) / count) for i in range(count + 1)]
    cut = [tuple(places[a:b]) for a, b in pairwise(edges) if a < b]
    return [(f"{group[0].short} – {group[-1].short}", group) for group in cut]


@cache
def _searchable() -> tuple[tuple[str, str, Commune], ...]:
    return tuple((_bare(fold(c.name)), fold(c.province.short), c) for c in communes().values())


def _bare(folded: str) -> str:
    for kind in _KINDS:
        if folded.startswith(kind) and len(folded) > len(kind):
            return folded.removeprefix(kind)
    return folded


def find(text: str, home: str | None = None, limit: int = 7) -> list[Commune]:
    """Communes whose name, or name and province, matches a typed text with or without accents, the best first.

    Where some have that very name, no others come. `home` is a province code whose communes come before others of equal fit.
    """
    wanted = _bare(fold(text))
    if len(wanted) < 2:
        return []
    scored = [(_score(wanted, name, province), c) for name, province, c in _searchable()]
    found = sorted((s, c.province.code != home, fold(c.name), c.code) for s, c in scored if s is not None)
    found = [match for match in found if match[0] == 0] or found
    return [communes()[code] for *_, code in found[:limit]]


def _score(wanted: str, name: str, province: str) -> int | None:
    """0 for the very name, higher for looser matches, None for no match."""
    if wanted in (name, f"{name} {province}"):
        return 0
    if f"{name} {province}".startswith(wanted):
        return 1
    if f" {wanted}" in f" {name} {province}":
        return 2
    known = set(f"{name} {province}".split())
    return 3 if len(wanted.split()) > 1 and set(wanted.split()) <= known else None
