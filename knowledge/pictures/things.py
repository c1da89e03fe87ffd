"""What stands beside or instead of a phone: people, counters, cards, papers – each placed by its middle or top left corner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from knowledge.pictures.icons import badge, finger, icon, lens, ring
from knowledge.pictures.qr import qr_drawing
from knowledge.pictures.svg import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LINE,
    ORANGE,
    PALE,
    RED,
    WHITE,
    YELLOW,
    Box,
    block,
    circle,
    fitted,
    line,
    moved,
    path,
    rect,
)  # fmt: skip
from knowledge.pictures.widgets import print_mark, scan

_LOOKS: Final = {  # hair, clothes, collar
    "elder": ("#aab4b0", "#7a4b2a", "#a5714a"), "woman": ("#2b2320", "#8a2f5b", "#b95c87"), "man": ("#2b2320", BLUE, "#3f74b5"),
    "child": ("#2b2320", "#c7631b", "#e58a45"), "officer": ("#2b2320", "#3c6b3a", "#c9a227"),
    "helper": ("#2b2320", GREEN, "#ffffff"),
}  # fmt: skip


def person(x: float, y: float, *, kind: str = "elder", name: str = "", scale: float = 1, side: str = "") -> str:
    """Head and shoulders; (x, y) is the middle of the shoulders' lower edge. `officer` and `helper` wear a badge."""
    hair, clothes, collar = _LOOKS[kind]
    body = path("M-92 0c0-92 38-120 92-120s92 28 92 120z", clothes) + path("M-30-118l30 36 30-36", stroke=collar, thick=10)
    head = circle(0, -178, 58, "#f2c9a2") + path("M-60-186c-4-92 124-92 120 0c-26-30-94-30-120 0z", hair)
    bun = circle(0, -250, 22, hair) if kind == "woman" else ""
    eyes = circle(-20, -174, 5.5, INK) + circle(20, -174, 5.5, INK) + path("M-18-146q18 15 36 0", stroke=INK, thick=5)
    look = eyes if not side else moved(eyes, 12 if side == "right" else -12, 0)
    label = line(name, 0, 38, fitted(name, 30, 220, bold=True), bold=True, anchor="middle") if name else ""
    return moved(bun + body + head + look + _mark(kind), x, y, scale=scale) + (moved(label, x, y) if label else "")


def _mark(kind: str) -> str:
    if kind == "officer":
        cap = path("M-66-208q66-58 132 0l-8 20q-58-26-116 0z", "#2f5630") + circle(0, -222, 11, "#ffd24a")
        return cap + rect(Box(28, -78, 40, 15), "#ffd24a", 3)
    if kind == "helper":
        return rect(Box(18, -86, 52, 34), WHITE, 5) + rect(Box(26, -78, 36, 6), GREEN) + rect(Box(26, -66, 24, 6), LINE)
    return ""


def speech(
    x: float, y: float, w: float, words: str, *, tail: str = "down", size: float = 34, tone: str = "plain", at: float = 0.3
) -> str:
    """A speech bubble whose top left corner is (x, y); `tail` is down or up, at that share of its width."""
    fill, edge = {"plain": (WHITE, INK), "bad": ("#fde8e6", RED), "good": (PALE, GREEN)}[tone]
    text, tall = block(words, Box(x + 22, y + 14, w - 44, 0), size, bold=True, anchor="middle")
    high, foot = tall + 34, x + w * at
    tip = f"M{foot:.0f} {y + high - 3:.0f}l10 40 36-40" if tail == "down" else f"M{foot:.0f} {y + 3:.0f}l10-40 36 40"
    return rect(Box(x, y, w, high), fill, 24, stroke=edge, thick=5) + path(tip, fill, stroke=edge, thick=5) + text


def counter(y: float, sign: str) -> str:
    """A counter across the picture, with a sign board above."""
    board = Box(70, 34, 580, 84)
    size = fitted(sign, 40, 540, bold=True)
    words = line(sign, 360, 34 + 42 + size * 0.36, size, fill=WHITE, bold=True, anchor="middle")
    desk = rect(Box(0, y, 720, 36), "#a06b3b") + rect(Box(0, y + 36, 720, 720 - y), "#c08a55")
    return rect(board, GREEN, 16) + words + desk


def id_card(x: float, y: float, *, scale: float = 1, label: str = "CĂN CƯỚC") -> str:
    """An identity card with a chip: only its idea, no emblem."""
    card = rect(Box(0, 0, 300, 190), "#dcebf7", 18, stroke=BLUE, thick=5)
    photo = rect(Box(22, 70, 78, 98), WHITE, 6) + icon("user", 25, 80, 72, color=GREY)
    chip = rect(Box(226, 92, 50, 42), "#e2b93b", 8) + path("M226 113h50M251 92v42", stroke="#8a6a12", thick=3)
    rows = "".join(rect(Box(118, 84 + 26 * n, 92 - 14 * n, 10), LINE, 5) for n in range(4))
    return moved(card + line(label, 150, 46, 32, fill=BLUE, bold=True, anchor="middle") + photo + chip + rows, x, y, scale=scale)


def card_back(x: float, y: float, *, scale: float = 1) -> str:
    """The back of a bank card; the hotline's place is marked."""
    card = rect(Box(0, 0, 520, 320), "#24507f", 28, stroke="#163555", thick=5) + rect(Box(0, 40, 520, 64), "#10202f")
    strip = rect(Box(36, 128, 300, 48), WHITE, 6) + path("M52 160q20-24 36-4t36-6 40 2", stroke=GREY, thick=4)
    box = Box(36, 202, 448, 88)
    hot = rect(box, YELLOW, 12) + icon("phone", 52, 220, 52, color=INK) + line("Tổng đài: • • • • • •", 118, 258, 36, bold=True)
    return moved(card + strip + hot + ring(box, 20), x, y, scale=scale)


def phone_small(x: float, y: float, *, scale: float = 1, sign: str = "ok", words: str = "", tone: str = "ok") -> str:
    """A whole phone with one sign and one word on it."""
    color = {"ok": GREEN, "no": RED, "plain": GREY}[tone]
    body = rect(Box(0, 0, 220, 400), "#1d282c", 34) + rect(Box(12, 14, 196, 372), WHITE, 24)
    text, _ = block(words, Box(22, 236, 176, 0), 30, bold=True, anchor="middle")
    return moved(body + icon(sign, 55, 100, 110, color=color, thick=2.4) + text, x, y, scale=scale)


def sheet(x: float, y: float, *, title: str = "", scale: float = 1) -> str:
    """A sheet of paper with a heading and lines to fill."""
    paper = rect(Box(0, 0, 320, 400), WHITE, 8, stroke=LINE, thick=4)
    head = line(title, 160, 58, fitted(title, 32, 280, bold=True), bold=True, anchor="middle")
    rows = "".join(rect(Box(34, 96 + 56 * n, 252 - 60 * (n == 3), 6), LINE, 3) for n in range(5))
    return moved(paper + head + rows, x, y, scale=scale)


def arrow(x: float, y: float, *, length: float = 120, turn: float = 0, color: str = ORANGE) -> str:
    """A thick arrow from (x, y) to the right, turned by degrees."""
    shape = f"M0-14h{length - 44}v-22l48 36-48 36v-22H0z"
    return moved(path(shape, color, stroke=WHITE, thick=6), x, y, turn=turn)


def shop_sign(x: float, y: float, *, scale: float = 1, name: str = "Quét để trả tiền") -> str:
    """A shop's stand with a QR code."""
    board = rect(Box(0, 0, 270, 330), WHITE, 20, stroke=GREEN, thick=7) + rect(Box(0, 0, 270, 62), GREEN, 18)
    words = line(name, 135, 42, fitted(name, 30, 244, bold=True), fill=WHITE, bold=True, anchor="middle")
    foot = path("M90 330l-24 50h138l-24-50z", "#a06b3b")
    return moved(foot + board + words + qr_drawing("Hình minh họa", Box(36, 90, 198, 198)), x, y, scale=scale)


def monitor(x: float, y: float, w: float, h: float, *, address: str = "", code: bool = False) -> str:
    """A computer's screen with an address and perhaps a QR code."""
    case = rect(Box(x, y, w, h), "#1d282c", 24) + rect(Box(x + 16, y + 16, w - 32, h - 32), WHITE, 10)
    bar = Box(x + 32, y + 30, w - 64, 62)
    size = fitted(address, 32, bar.w - 84, bold=True)
    head = rect(bar, PALE, 31, stroke=GREEN, thick=3) + icon("lock", bar.x + 16, bar.y + 13, 36, color=GREEN)
    foot = path(f"M{x + w / 2 - 40:.0f} {y + h:.0f}h80l18 54h-116z", "#37474d")
    side = h - 180
    qr = qr_drawing("Hình minh họa", Box(x + (w - side) / 2, y + 122, side, side)) if code else ""
    return foot + case + head + line(address, bar.x + 66, bar.y + 31 + size * 0.36, size, bold=True) + qr


def house(x: float, y: float, *, name: str, scale: float = 1) -> str:
    """A village hall with its name above the door."""
    walls = rect(Box(0, 120, 520, 260), "#f3e3c3", 4, stroke="#8a6a3a", thick=5) + path("M-34 126L260 0l294 126z", "#b3472f")
    board = rect(Box(70, 140, 380, 66), GREEN, 10)
    size = fitted(name, 36, 350, bold=True)
    words = line(name, 260, 140 + 33 + size * 0.36, size, fill=WHITE, bold=True, anchor="middle")
    return moved(walls + board + words + rect(Box(205, 236, 110, 144), "#8a5a36"), x, y, scale=scale)


def words(x: float, y: float, text: str, *, w: float = 660, size: float = 42, color: str = INK, anchor: str = "middle") -> str:
    """Large words; x is the left edge of a column that wide."""
    return block(text, Box(x, y, w, 0), size, bold=True, fill=color, anchor=anchor)[0]


def plate(x: float, y: float, w: float, h: float, *, sign: str = "", text: str = "", tone: str = "no") -> str:
    """A card with a sign, words below, and a round ok or no mark in its corner."""
    edge = {"ok": GREEN, "no": RED}.get(tone, LINE)
    box = rect(Box(x, y, w, h), WHITE, 26, stroke=edge, thick=6)
    size = min(h * 0.48, 130)
    mark = icon(sign, x + w / 2 - size / 2, y + 22, size, color=INK, thick=2) if sign else ""
    label, _ = block(text, Box(x + 10, y + 30 + (size if sign else 0), w - 20, 0), 33, bold=True, anchor="middle")
    return box + mark + label + (badge(tone, x + w - 14, y + 14, 36) if tone in ("ok", "no") else "")


def paper_form(x: float, y: float, w: float, h: float, *, title: str, rows: Sequence[str], target: int = 0) -> str:
    """A paper form with a line to fill for each name; the `target`-th, counted from 1, is ringed."""
    parts = [
        rect(Box(x, y, w, h), WHITE, 8, stroke=LINE, thick=4),
        line(title, x + w / 2, y + 66, 38, bold=True, anchor="middle"),
    ]
    tall = (h - 110) / len(rows)
    for n, name in enumerate(rows):
        top = y + 100 + tall * n
        parts += [line(name, x + 36, top + 36, 32, bold=True), rect(Box(x + 36, top + 96, w - 72, 5), INK)]
        parts += [_scribble(x + 44, top + 84, n)]
    if target:
        parts.append(ring(Box(x + 24, y + 96 + tall * (target - 1), w - 48, tall - 24)))
    return "".join(parts)


def _scribble(x: float, y: float, seed: int) -> str:
    """Hand-writing nobody can read."""
    waves = "".join(f"q{9 + (n * 3 + seed) % 5}-{22 + (n + seed) % 3 * 6} {20} 0" for n in range(7 + seed * 2))
    return path(f"M{x:.0f} {y:.0f}{waves}", stroke=BLUE, thick=5)


def scan_view(x: float, y: float, w: float, *, what: str = "face", height: float = 330) -> str:
    """A camera's view on its own."""
    return scan(Box(x, y, w, 0), what=what, height=height).svg


def print_reader(x: float, y: float, w: float) -> str:
    """A finger-print reader on its own."""
    return print_mark(Box(x, y, w, 0)).svg


THINGS: Final[Mapping[str, Callable[..., str]]] = {
    "person": person, "speech": speech, "counter": counter, "id_card": id_card, "card_back": card_back, "phone": phone_small,
    "sheet": sheet, "arrow": arrow, "shop_sign": shop_sign, "monitor": monitor, "house": house, "words": words, "plate": plate,
    "paper_form": paper_form, "scan": scan_view, "fingerprint": print_reader,
    "finger": finger, "badge": badge, "lens": lens, "icon": icon,
}  # fmt: skip


def place(name: str, arguments: Mapping[str, Any]) -> str:
    """A thing by its name in a scene. Raises KeyError for an unknown one, TypeError for wrong arguments."""
    return THINGS[name](**arguments)
