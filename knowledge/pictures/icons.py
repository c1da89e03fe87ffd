"""Signs on a grid of 24, drawn in lines: our own, none is the logo of a real app."""

from __future__ import annotations

from typing import Final

from knowledge.pictures.svg import GREEN, INK, ORANGE, RED, WHITE, Box, circle, moved, number, path, rect

LINES: Final = {
    "bag": "M5 8h14l-1 12H6zM9 8V6a3 3 0 0 1 6 0v2M10.500 11.500v5l4.500-2.500z",
    "phone": "M6 3h4l1.5 5-2.5 1.5a11 11 0 0 0 5.5 5.5l1.5-2.5 5 1.5v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z",
    "message": "M4 5h16v11h-9l-5 4v-4H4zM8 9h8M8 12h5",
    "bank": "M3 10l9-6 9 6zM5 10v8M10 10v8M14 10v8M19 10v8M3 20h18",
    "qr": "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2M7 7h0M17 7h0M7 17h0",
    "transfer": "M4 8h14l-4-4M20 16H6l4 4",
    "search": "M10.500 4a6.500 6.500 0 1 1 0 13a6.500 6.500 0 0 1 0-13zM15.500 15.500L21 21",
    "camera": "M4 7h4l2-3h4l2 3h4v12H4zM12 9.500a3.500 3.500 0 1 1 0 7a3.500 3.500 0 0 1 0-7z",
    "home": "M4 11l8-7 8 7M6 9.500V20h12V9.500M10 20v-6h4v6",
    "user": "M12 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8zM4 21c0-5 4-7 8-7s8 2 8 7",
    "lock": "M6 11h12v10H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3M12 15v2.500",
    "shield": "M12 3l8 3v6c0 5-3.500 8-8 9.500C7.500 20 4 17 4 12V6zM8.500 12l2.500 2.500 4.500-5",
    "id": "M3 5h18v14H3zM8 9a2 2 0 1 1 0 4a2 2 0 0 1 0-4zM5 16.500c.5-2 5.500-2 6 0M14 10h4.500M14 14h4.500",
    "doc": "M6 3h8l5 5v13H6zM14 3v5h5M9 12h7M9 16h7",
    "ok": "M5 13l5 5L20 6",
    "no": "M6 6l12 12M18 6L6 18",
    "warn": "M12 4L22 20H2zM12 10v5M12 17.800v.2",
    "globe": "M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18zM3 12h18M12 3c-5 6-5 12 0 18c5-6 5-12 0-18",
    "star": "M12 4l2.500 5.300 5.800.7-4.300 4 1.100 5.800L12 17l-5.100 2.800L8 14l-4.300-4 5.800-.7z",
    "up": "M12 19V6M6 12l6-6 6 6M5 21h14",
    "down_to": "M12 4v12M6 11l6 6 6-6M5 21h14",
    "battery": "M3 8h16v9H3zM21 11v3M6 11v3M9.500 11v3M13 11v3M16 11v3",
    "bill": "M6 3h12v18l-2-1.500-2 1.500-2-1.500-2 1.500-2-1.500L6 21zM9 8h6M9 12h6",
    "off": "M12 4v8M7 7a7.500 7.500 0 1 0 10 0",
    "wifi": "M3 10a13 13 0 0 1 18 0M6.500 13.500a8 8 0 0 1 11 0M10 17a3 3 0 0 1 4 0M12 20h0",
    "block": "M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18zM6 6l12 12",
    "down": "M6 9l6 6 6-6",
    "play": "M8 5l11 7-11 7z",
    "gear": "M12 8a4 4 0 1 1 0 8a4 4 0 0 1 0-8zM12 3v3M12 18v3M3 12h3M18 12h3M6 6l2 2M16 16l2 2M18 6l-2 2M8 16l-2 2",
}
_FINGER: Final = (
    "M0 0c7 0 12 5 12 12v52c20-6 62 2 66 22c4 22 2 44-12 64H0c-14-14-34-34-44-52c-6-12 8-20 18-12l14 14V12c0-7 5-12 12-12z"
)


def icon(name: str, x: float, y: float, size: float, *, color: str = INK, thick: float = 2) -> str:
    """A sign in a square whose top left corner is (x, y). Raises KeyError for an unknown name."""
    return moved(path(LINES[name], stroke=color, thick=thick), x, y, scale=size / 24)


def badge(name: str, x: float, y: float, radius: float) -> str:
    """A filled round sign around (x, y): `ok`, `no` or `warn`, told apart by form as well as by colour."""
    color = {"ok": GREEN, "no": RED}.get(name, ORANGE)
    size = radius * 1.2
    return circle(x, y, radius, color, stroke=WHITE, thick=radius * 0.14) + icon(
        name, x - size / 2, y - size / 2 - (radius * 0.1 if name == "warn" else 0), size, color=WHITE, thick=3.2
    )


def finger(x: float, y: float, scale: float = 1, *, from_left: bool = False) -> str:
    """A pointing hand whose finger tip is at (x, y), coming from the lower right or, mirrored, the lower left."""
    nails = path("M-6 6h12v9h-12z", "#f9d9bb")
    folds = path("M34 66v26M56 70v24", stroke="#8a5a36", thick=5)
    hand = path(_FINGER, "#f2bd8d", stroke="#5a3418", thick=7) + nails + folds
    cuff = rect(Box(-10, 148, 84, 34), GREEN, 8, stroke="#083f33", thick=5)
    drawn = moved(cuff + hand, 0, 0, scale=scale, turn=-24)
    return f'<g transform="translate({number(x)} {number(y)}) scale({-1 if from_left else 1} 1)">{drawn}</g>'


def ring(box: Box, radius: float = 22) -> str:
    """The place to press: a thick frame with a white halo."""
    around = box.grown(9)
    return rect(around, "none", radius, stroke=WHITE, thick=17) + rect(around, "none", radius, stroke=ORANGE, thick=9)


def lens(x: float, y: float, radius: float = 34) -> str:
    """A magnifying glass around (x, y): the place to read."""
    handle = f"M{x + radius * 0.7:.1f} {y + radius * 0.7:.1f}l{radius:.1f} {radius:.1f}"
    return (
        path(handle, stroke=WHITE, thick=26) + path(handle, stroke=INK, thick=17)
        + circle(x, y, radius, "#ffffffb0", stroke=WHITE, thick=18) + circle(x, y, radius, "#ffffffb0", stroke=INK, thick=10)
    )  # fmt: skip
