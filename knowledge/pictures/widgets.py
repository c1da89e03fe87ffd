"""What stands on a drawn screen, from top to bottom: each widget takes a width and gives its drawing and height."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from knowledge.pictures.icons import badge, icon
from knowledge.pictures.qr import qr_drawing
from knowledge.pictures.svg import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LINE,
    ORANGE,
    PALE,
    PINK,
    RED,
    SKY,
    WHITE,
    YELLOW,
    Box,
    block,
    circle,
    fitted,
    line,
    path,
    rect,
)  # fmt: skip

SMALL: Final = 29
TEXT: Final = 34
LARGE: Final = 39
PAD: Final = 18
TONES: Final = {"ok": (PALE, GREEN), "no": (PINK, RED), "warn": (YELLOW, ORANGE)}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A widget in place. `spot` is what a finger or a magnifying glass would point at."""

    svg: str
    height: float
    spot: Box


Widget = Callable[..., Drawn]


def text(at: Box, words: str, *, size: float = TEXT, bold: bool = False, middle: bool = False, color: str = INK) -> Drawn:
    """A paragraph."""
    svg, height = block(words, at, size, bold=bold, anchor="middle" if middle else "start", fill=color)
    return Drawn(svg, height, Box(at.x, at.y, at.w, height))


def button(at: Box, label: str, *, kind: str = "main") -> Drawn:
    """A big button: `main`, `plain` or `stop`."""
    fill, ink = {"main": (GREEN, WHITE), "plain": (WHITE, GREEN), "stop": (RED, WHITE)}[kind]
    box = Box(at.x, at.y, at.w, 78)
    size = fitted(label, LARGE, at.w - 2 * PAD, bold=True)
    words = line(label, at.x + at.w / 2, at.y + 39 + size * 0.36, size, fill=ink, bold=True, anchor="middle")
    return Drawn(rect(box, fill, 20, stroke=GREEN if kind == "plain" else fill, thick=4) + words, box.h, box)


def field(at: Box, label: str, value: str = "", *, sign: str = "") -> Drawn:
    """A labelled box to type in; `sign` is an icon at its end."""
    name, top = (line(label, at.x, at.y + SMALL, SMALL, fill=GREY), 60) if label else ("", 0)
    box = Box(at.x, at.y + top, at.w, 72)
    room = at.w - 2 * PAD - (48 if sign else 0)
    typed = line(value, at.x + PAD, box.y + 48, fitted(value, 36, room, bold=True), bold=True) if value else _cursor(box)
    mark = icon(sign, at.x + at.w - 58, box.y + 14, 44, color=GREEN) if sign else ""
    return Drawn(name + rect(box, WHITE, 14, stroke=LINE, thick=4) + typed + mark, top + 72, box)


def _cursor(box: Box) -> str:
    return rect(Box(box.x + PAD, box.y + 16, 4, 40), GREEN)


def tiles(at: Box, items: Sequence[Mapping[str, str]], *, target: int = 0) -> Drawn:
    """Icons with their names, three in a row; the finger points at the `target`-th, counted from 1."""
    wide, tall, parts, spot = at.w / 3, 158, [], at
    for n, item in enumerate(items):
        cell = Box(at.x + wide * (n % 3), at.y + tall * (n // 3), wide, tall)
        parts.append(_tile(cell, item["icon"], item["name"], n + 1 == target))
        spot = Box(cell.x + 3, cell.y + 3, wide - 6, tall - 8) if n + 1 == target else spot
    return Drawn("".join(parts), tall * (-(-len(items) // 3)), spot)


def _tile(cell: Box, sign: str, name: str, chosen: bool) -> str:
    x, _ = cell.middle
    face = rect(Box(x - 44, cell.y + 10, 88, 88), GREEN if chosen else "#cfdcd8", 22)
    size = fitted(name, 27, cell.w - 20, bold=chosen)
    words = line(name, x, cell.y + 134, size, bold=chosen, fill=INK if chosen else GREY, anchor="middle")
    return face + icon(sign, x - 31, cell.y + 23, 62, color=WHITE if chosen else GREY) + words


def row(at: Box, title: str, note: str = "", *, sign: str = "user", action: str = "") -> Drawn:
    """An icon, a bold line, a small line; perhaps a little button at the end."""
    left, width = at.x + 92, at.w - 100 - (112 if action else 0)
    head, tall = block(title, Box(left, at.y + 8, width, 0), TEXT, bold=True)
    below, more = block(note, Box(left, at.y + 12 + tall, width, 0), 27, fill=GREY) if note else ("", 0.0)
    height = max(88, tall + more + 22)
    face = rect(Box(at.x, at.y + 6, 76, 76), GREEN, 18) + icon(sign, at.x + 11, at.y + 17, 54, color=WHITE)
    end = Box(at.x + at.w - 108, at.y + 14, 108, 58)
    push = rect(end, PALE, 29) if action else ""
    push += line(action, end.middle[0], end.y + 39, 27, fill=GREEN, bold=True, anchor="middle")
    return Drawn(face + head + below + push, height, end if action else Box(at.x, at.y, at.w, height))


def message(at: Box, sender: str, words: str) -> Drawn:
    """A text message with who sent it."""
    body, tall = block(words, Box(at.x + PAD, at.y + 64, at.w - 2 * PAD, 0), 36)
    box = Box(at.x, at.y + 52, at.w, tall + 28)
    head = line(sender, at.x + 4, at.y + 29, SMALL, fill=GREY, bold=True)
    return Drawn(head + rect(box, "#eef2f0", 22, stroke="#c8d5d0", thick=3) + body, tall + 80, box)


def note(at: Box, words: str, *, tone: str = "ok", size: float = 31) -> Drawn:
    """A coloured notice with a sign: `ok`, `no` or `warn`."""
    fill, edge = TONES[tone]
    body, tall = block(words, Box(at.x + 82, at.y + 13, at.w - 96, 0), size, bold=True)
    box = Box(at.x, at.y, at.w, max(80, tall + 28))
    drop = (box.h - tall - 28) / 2
    moved_body = f'<g transform="translate(0 {drop:.1f})">{body}</g>'
    return Drawn(rect(box, fill, 18, stroke=edge, thick=4) + badge(tone, at.x + 43, box.middle[1], 27) + moved_body, box.h, box)


def code(at: Box, digits: str, *, boxes: int = 6) -> Drawn:
    """Boxes for the digits of a code."""
    gap = 10
    wide = (at.w - gap * (boxes - 1)) / boxes
    parts = []
    for n in range(boxes):
        box = Box(at.x + n * (wide + gap), at.y, wide, 78)
        parts.append(rect(box, WHITE, 12, stroke=GREEN if n < len(digits) else LINE, thick=4))
        parts.append(line(digits[n : n + 1], box.middle[0], at.y + 54, 42, bold=True, anchor="middle"))
    return Drawn("".join(parts), 78, Box(at.x, at.y, at.w, 78))


def keypad(at: Box, *, filled: int = 0, dots: int = 6) -> Drawn:
    """Dots for what was typed, and the keys 1 to 9 and 0."""
    middle = at.x + at.w / 2
    parts = [
        circle(middle + (n - (dots - 1) / 2) * 46, at.y + 18, 14, GREEN if n < filled else WHITE, stroke=GREEN, thick=4)
        for n in range(dots)
    ]
    for n, key in enumerate("123456789 0 "):
        x, y = middle + (n % 3 - 1) * 118, at.y + 92 + n // 3 * 84
        parts.append(rect(Box(x - 52, y - 37, 104, 74), "#eef2f0", 18) if key.strip() else "")
        parts.append(line(key, x, y + 15, 42, bold=True, anchor="middle"))
    return Drawn("".join(parts), 390, Box(middle - 172, at.y + 52, 344, 332))


def calling(at: Box, name: str, words: str) -> Drawn:
    """A call coming in: who it claims to be, a red button to hang up and a green one to answer, each with its word."""
    x = at.x + at.w / 2
    face = circle(x, at.y + 64, 60, "#cfdcd8") + icon("user", x - 44, at.y + 18, 88, color=GREY, thick=2)
    size = fitted(name, LARGE, at.w, bold=True)
    who = line(name, x, at.y + 170, size, bold=True, anchor="middle")
    says, tall = block(words, Box(at.x, at.y + 184, at.w, 0), 30, fill=RED, bold=True, anchor="middle")
    y = at.y + 184 + tall + 146
    down = circle(x - 105, y, 60, RED) + _handset(x - 105, y, 135)
    up = circle(x + 105, y, 44, "#9db5ac") + _handset(x + 105, y, 0, 0.8)
    named = line("Tắt máy", x - 105, y - 86, 36, bold=True, anchor="middle")
    named += line("Nghe", x + 105, y - 86, 31, fill=GREY, anchor="middle")
    return Drawn(face + who + says + down + up + named, y + 70 - at.y, Box(x - 165, y - 60, 120, 120))


def _handset(x: float, y: float, turn: float, scale: float = 1) -> str:
    sign = icon("phone", -28, -28, 56, color=WHITE, thick=2.4)
    return f'<g transform="translate({x:.1f} {y:.1f}) rotate({turn:.0f}) scale({scale})">{sign}</g>'


def qr(at: Box, *, size: float = 250) -> Drawn:
    """A QR code, which says only that this is a drawing."""
    box = Box(at.x + (at.w - size) / 2, at.y, size, size)
    return Drawn(rect(box.grown(8), WHITE, 14, stroke=LINE, thick=3) + qr_drawing("Hình minh họa", box), size + 14, box)


def address(at: Box, url: str) -> Drawn:
    """The address bar of a browser."""
    box = Box(at.x, at.y, at.w, 74)
    size = fitted(url, 36, at.w - 86, bold=True)
    svg = rect(box, WHITE, 37, stroke=GREEN, thick=4) + icon("lock", at.x + 18, at.y + 16, 42, color=GREEN)
    return Drawn(svg + line(url, at.x + 70, at.y + 37 + size * 0.36, size, bold=True), 74, box)


def facts(at: Box, rows: Sequence[Sequence[str]], *, target: int = 0) -> Drawn:
    """Names and values below each other, as on a receipt; the `target`-th pair, counted from 1, is the place to look."""
    tall, spot, parts = 88, at, [rect(Box(at.x, at.y, at.w, 88 * len(rows)), "#f4f7f6", 16, stroke="#c8d5d0", thick=3)]
    for n, (name, value) in enumerate(rows):
        top = at.y + n * tall
        chosen = n + 1 == target
        spot = Box(at.x + 6, top + 5, at.w - 12, tall - 10) if chosen else spot
        parts.append(rect(spot, YELLOW, 12) if chosen else "")
        parts.append(line(name, at.x + PAD, top + 34, 26, fill=GREY))
        parts.append(line(value, at.x + PAD, top + 72, fitted(value, 35, at.w - 2 * PAD - 24 * chosen, bold=True), bold=True))
    return Drawn("".join(parts), tall * len(rows), spot)


def check(at: Box, label: str, *, on: bool = True) -> Drawn:
    """A box to tick."""
    box = Box(at.x, at.y + 4, 46, 46)
    mark = path(f"M{at.x + 10:.0f} {at.y + 28:.0f}l10 11 17-22", stroke=WHITE, thick=6) if on else ""
    words, tall = block(label, Box(at.x + 62, at.y + 4, at.w - 62, 0), 31)
    return Drawn(rect(box, GREEN if on else WHITE, 10, stroke=GREEN, thick=4) + mark + words, max(54, tall + 8), box)


def choice(at: Box, label: str, *, on: bool = False) -> Drawn:
    """A line of a list to choose from; the chosen one is filled and ticked."""
    box = Box(at.x, at.y, at.w, 72)
    size = fitted(label, TEXT, at.w - 90, bold=on)
    words = line(label, at.x + PAD, at.y + 36 + size * 0.36, size, bold=on)
    mark = icon("ok" if on else "down", at.x + at.w - 58, at.y + 14, 44, color=GREEN, thick=3 if on else 2)
    return Drawn(rect(box, PALE if on else WHITE, 14, stroke=GREEN if on else LINE, thick=4) + words + mark, 72, box)


def scan(at: Box, *, what: str = "face", height: float = 330) -> Drawn:
    """A camera's view with its corner marks, on a `face`, a `qr` code or a `paper`."""
    box = Box(at.x, at.y, at.w, height)
    inner = Box(at.x + at.w / 2 - height * 0.4, at.y + height * 0.1, height * 0.8, height * 0.8)
    subject = {"face": _face, "qr": _code_to_scan, "paper": _paper}[what](inner)
    return Drawn(rect(box, "#26343a", 18) + subject + _corners(inner), height, inner)


def _code_to_scan(box: Box) -> str:
    return rect(box.grown(-18), WHITE) + qr_drawing("Hình minh họa", box.grown(-28))


def _face(box: Box) -> str:
    x, y = box.middle
    shoulders = path(f"M{x - 88:.0f} {box.y + box.h:.0f}c0-70 40-96 88-96s88 26 88 96z", BLUE)
    eyes = circle(x - 24, y - 30, 6, INK) + circle(x + 24, y - 30, 6, INK)
    smile = path(f"M{x - 22:.0f} {y + 2:.0f}q22 20 44 0", stroke=INK, thick=5)
    hair = path(f"M{x - 62:.0f} {y - 34:.0f}c0-84 124-84 124 0c-22-26-100-26-124 0z", "#aab4b0")
    return shoulders + circle(x, y - 22, 62, "#f2c9a2") + hair + eyes + smile


def _paper(box: Box) -> str:
    sheet = Box(box.x + box.w * 0.15, box.y + 8, box.w * 0.7, box.h - 16)
    rows = [rect(Box(sheet.x + 22, sheet.y + 64 + 30 * n, sheet.w - 44 - 30 * (n % 2), 9), LINE, 4) for n in range(5)]
    return rect(sheet, WHITE, 6) + rect(Box(sheet.x + 40, sheet.y + 26, sheet.w - 80, 16), INK, 4) + "".join(rows)


def _corners(box: Box) -> str:
    arm, x, y, right, low = 40, box.x, box.y, box.x + box.w, box.y + box.h
    marks = (f"M{x} {y + arm}V{y}H{x + arm}", f"M{right - arm} {y}H{right}V{y + arm}",
             f"M{right} {low - arm}V{low}H{right - arm}", f"M{x + arm} {low}H{x}V{low - arm}")  # fmt: skip
    return "".join(path(mark, stroke="#ffd24a", thick=9) for mark in marks)


def space(at: Box, height: float) -> Drawn:
    return Drawn("", height, at)


def print_mark(at: Box) -> Drawn:
    """A finger print on a reader."""
    x = at.x + at.w / 2
    bows = (f"M{x - r:.0f} {at.y + 92:.0f}v-14a{r} {r} 0 0 1 {2 * r} 0v{18 + r // 2}" for r in (12, 28, 44, 60))
    arcs = "".join(path(bow, stroke=GREEN, thick=6) for bow in bows)
    return Drawn(rect(Box(x - 84, at.y, 168, 150), SKY, 24) + arcs, 150, Box(x - 84, at.y, 168, 150))


WIDGETS: Final[Mapping[str, Widget]] = {
    "text": text, "button": button, "field": field, "tiles": tiles, "row": row, "message": message, "note": note, "code": code,
    "keypad": keypad, "calling": calling, "qr": qr, "address": address, "facts": facts, "check": check, "choice": choice,
    "scan": scan, "space": space, "fingerprint": print_mark,
}  # fmt: skip


def draw(name: str, at: Box, arguments: Mapping[str, Any] | str | int) -> Drawn:
    """A widget by its name in a scene. Raises KeyError for an unknown one, TypeError for wrong arguments."""
    if not isinstance(arguments, Mapping):
        return WIDGETS[name](at, arguments)
    return WIDGETS[name](at, **arguments)
