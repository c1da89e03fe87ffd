"""The official names of all provinces and communes, for finding them in messages."""

from __future__ import annotations

from functools import cache

from learning.communes import communes, provinces


@cache
def localities() -> tuple[str, ...]:
    """Names with their kind: "Thành phố Hà Nội", "Tỉnh Thanh Hóa", "Phường Hạc Thành"; provinces first, no name twice."""
    named = [p.name if p.name.startswith("Thành phố ") else f"Tỉnh {p.name}" for p in provinces().values()]
    return (*named, *sorted({commune.name for commune in communes().values()}))
