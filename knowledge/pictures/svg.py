"""SVG by hand: the few shapes that pictures and cards are made of, as strings."""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape
from typing import Final

from knowledge.fonts import BOLD, FAMILY, REGULAR, balanced, face

INK: Final = "#14211d"
GREEN: Final = "#0b5c4a"
PALE: Final = "#e3efeb"
WHITE: Final = "#ffffff"
GREY: Final = "#5b6b66"
LINE: Final = "#8fa39c"
RED: Final = "#b3261e"
PINK: Final = "#fde8e6"
ORANGE: Final = "#d9480f"
YELLOW: Final = "#fff1c2"
BLUE: Final = "#1b4f8f"
SKY: Final = "#e4eefb"
LEADING: Final = 1.28  # line height over type size: room for stacked Vietnamese accents


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    def grown(self, by: float) -> Box:
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)


def number(value: float) -> str:
    """A coordinate, short and the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")


def sides(box: Box) -> str:
    """The box as attributes."""
    return f'x="{number(box.x)}" y="{number(box.y)}" width="{number(box.w)}" height="{number(box.h)}"'


def rect(box: Box, fill: str, radius: float = 0, *, stroke: str = "none", thick: float = 0, dash: str = "") -> str:
    return f'<rect {sides(box)} rx="{number(radius)}" fill="{fill}"{_stroke(stroke, thick, dash)}/>'


def circle(x: float, y: float, radius: float, fill: str, *, stroke: str = "none", thick: float = 0) -> str:
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}"{_stroke(stroke, thick)}/>'


def path(data: str, fill: str = "none", *, stroke: str = "none", thick: float = 0, dash: str = "") -> str:
    return f'<path d="{data}" fill="{fill}"{_stroke(stroke, thick, dash)}/>'


def _stroke(stroke: str, thick: float, dash: str = "") -> str:
    if stroke == "none":
        return ""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f' stroke="{stroke}" stroke-width="{number(thick)}" stroke-linecap="round" stroke-linejoin="round"{dashed}'


def moved(content: str, x: float, y: float, *, scale: float = 1, turn: float = 0) -> str:
    """The content with its origin at (x, y), enlarged and turned by degrees."""
    steps = [f"translate({number(x)} {number(y)})"]
    steps += [f"rotate({number(turn)})"] if turn else []
    steps += [f"scale({scale:.3f})"] if scale != 1 else []
    return f'<g transform="{" ".join(steps)}">{content}</g>'


def line(text: str, x: float, y: float, size: float, *, fill: str = INK, bold: bool = False, anchor: str = "start") -> str:
    """One line of text with its baseline at y; `anchor` is start, middle or end."""
    weight = ' font-weight="700"' if bold else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" fill="{fill}"{weight}{place}>{escape(text)}</text>'


def fitted(text: str, size: float, width: float, *, bold: bool = False) -> float:
    """The largest type size up to `size` at which the text fits on one line of that width."""
    wide = face(bold).width(text, size)
    return size if wide <= width else size * width / wide


def block(text: str, box: Box, size: float, *, fill: str = INK, bold: bool = False, anchor: str = "start") -> tuple[str, float]:
    """Wrapped text from the top of the box down (its height does not count). Gives the drawing and its height."""
    at = {"start": box.x, "middle": box.x + box.w / 2, "end": box.x + box.w}[anchor]
    lines = balanced(text, size, box.w, bold=bold)
    rows = [line(t, at, box.y + size * (1 + LEADING * n), size, fill=fill, bold=bold, anchor=anchor) for n, t in enumerate(lines)]
    return "".join(rows), size * LEADING * len(lines)


def document(width: float, height: float, content: str, *, title: str = "", description: str = "") -> str:
    """A whole SVG file with its words for screen readers."""
    words = (f"<title>{escape(title)}</title>" if title else "") + (f"<desc>{escape(description)}</desc>" if description else "")
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FAMILY}" xml:lang="vi" role="img">'
    return f"{head}{words}{content}</svg>\n"


def to_png(svg: str, zoom: float = 1) -> bytes:
    """The drawing as PNG, with our own typeface only, so that it looks the same on every machine."""
    from resvg_py import svg_to_bytes  # native code, only needed where something is rendered

    fonts = [str(REGULAR), str(BOLD)]
    return bytes(svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=fonts, font_family=FAMILY, zoom=zoom))


def with_palette(png: bytes, colours: int, stamp: tuple[str, str] | None = None) -> bytes:
    """The same picture with at most that many colours, a third of the size; `stamp` is a keyword and a text to keep inside."""
    from PIL import Image, PngImagePlugin

    words = PngImagePlugin.PngInfo()
    if stamp:
        words.add_text(*stamp)
    out = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    image.save(out, "PNG", optimize=True, pnginfo=words)
    return out.getvalue()
