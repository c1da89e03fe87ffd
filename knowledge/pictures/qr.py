"""QR codes as one SVG path."""

from __future__ import annotations

from itertools import groupby

import segno

from knowledge.pictures.svg import INK, Box


def qr_drawing(text: str, box: Box) -> str:
    """The code filling the box, without the quiet zone around it. Raises segno.DataOverflowError past 1,200 characters or so."""
    modules = segno.make(text, error="m", micro=False).matrix
    scale = box.w / len(modules)
    data = "".join(_runs(row, y) for y, row in enumerate(modules))
    place = f"translate({box.x:.2f} {box.y:.2f}) scale({scale:.5f})"
    return f'<path transform="{place}" d="{data}" fill="{INK}" shape-rendering="crispEdges"/>'


def _runs(row: bytearray, y: int) -> str:
    """The dark stretches of one row."""
    out, x = [], 0
    for dark, cells in groupby(row):
        width = len(list(cells))
        out += [f"M{x} {y}h{width}v1h-{width}z"] if dark else []
        x += width
    return "".join(out)
