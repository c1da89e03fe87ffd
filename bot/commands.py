"""Typed texts that are as good as a pressed button: numbers, labels of the menu, a few exact words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from bot import payloads
from bot.expected import expected, picks
from bot.messages import Incoming
from bot.payloads import pack
from bot.state import HOME, State
from bot.texts import load_texts

_NUMBER = re.compile(r"(?:(?:so|muc|chon|chon so|chon muc|bam|bam so|phim|go|cau) )?(\d{1,2})", re.ASCII)
_ORDINALS: Final = {"nhat": 1, "dau": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9}
_COUNTED: Final = "|".join(_ORDINALS)
_ORDINAL = re.compile(
    r"(?:chon |bam |xem |mo )?"
    rf"(?:(?:muc|cai|cau|nut|dong) thu|(?:muc|nut|dong|chon|bam|chon muc|bam muc)(?: so)?) ({_COUNTED})(?: tien)?"
)
_STEP = re.compile(
    rf"(?:toi |den |xem |sang |qua |o |cho xem )?buoc (?:(?:so |thu )?(\d{{1,2}}|mot|hai|ba|bon|dau)|thu ({_COUNTED}))(?: tien)?",
    re.ASCII,
)
_EDGES = re.compile(r"^[^\w/]+|[^\w]+$")
_INNER = re.compile(r"[\s_]+")

_WORDS: Final[dict[str, tuple[str, ...]]] = {
    HOME: ("trang chu", "ve trang chu", "menu", "home", "/home", "/menu", "ve dau", "bat dau lai"),
    pack("home", "hello"): ("start", "/start", "bat dau", "xin chao", "chao", "hello", "hi"),
    pack("previous"): ("lui", "lui lai", "buoc truoc"),
    pack("back"): ("quay lai", "tro lai", "quay ve", "back", "/back"),
    pack("next"): ("tiep", "tiep tuc", "tiep theo", "next", "buoc tiep", "buoc tiep theo"),
    pack("more"): ("them", "xem them"),
    pack("again"): ("noi lai", "nhac lai", "lap lai"),
    pack("human"): ("nguoi", "gap nguoi", "gap nguoi ho tro", "nguoi ho tro", "/human"),
    pack("help"): ("tro giup", "giup do", "help", "/help", "huong dan", "cach dung"),
    pack("profile"): ("cai dat", "/settings"),
    pack("kept"): ("rieng tu", "quyen rieng tu", "bot giu nhung gi"),
    pack("learn"): (
        *("muon hoc", "toi muon hoc", "bac muon hoc", "em muon hoc"),
        *("hoc", "hoc bai", "bai hoc", "vao hoc", "hoc tiep", "kiem tra", "lam bai kiem tra", "/hoc", "/learn"),
    ),
    pack("progress"): ("tien do", "tien do cua toi", "tien do hoc", "/tiendo", "/progress"),
    pack("self"): ("tu danh gia",),
    pack("people"): ("ai dang hoc", "doi nguoi hoc"),
    pack("danger"): ("sos", "/sos", "khan cap", "nguy hiem", "dang bi lua", "cuu", "cuu voi", "cuu toi", "cuu toi voi"),
    pack("erase"): ("xoa du lieu", "xoa du lieu cua toi", "/erase"),
}
MAX_COMMAND = 60  # characters; what is longer is no command, whatever it begins with

# Labels that work from every screen: some channels keep the main menu below the text field and send what was pressed as text
_LABELS: Final = ("danger", "ask", "learn", "profile", "help", "who", "human", "back", "home", "resume")


@lru_cache(maxsize=4096)  # mostly the labels of menus, again and again
def fold(text: str) -> str:
    """Lower case without accents, full-width forms, emoji at the ends or doubled spaces: for comparing, never for showing."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower().replace("đ", "d"))
    letters = "".join(c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return _INNER.sub(" ", _EDGES.sub("", letters)).strip()


def _words() -> dict[str, str]:
    labels = {fold(load_texts()[f"label.{name}"]["standard"]): pack(name) for name in _LABELS}
    return labels | {word: payload for payload, words in _WORDS.items() for word in words}


def read(state: State, incoming: Incoming) -> str | None:
    """The payload this message stands for, or None for a text that has to be understood first."""
    if incoming.payload:
        return incoming.payload
    text = (incoming.text or "").strip()
    if not text:
        return pack("sent", incoming.attachment.value) if incoming.attachment else pack("talk", "empty")
    return _typed(state, text)


def _typed(state: State, text: str) -> str | None:
    if payloads.looks_like(text):
        return text
    if len(text) > MAX_COMMAND:
        return None
    folded = fold(text)
    if several := picks(state.shown, folded):
        return several
    if found := _NUMBER.fullmatch(folded):
        return _numbered(state, int(found[1]))
    if found := _ORDINAL.fullmatch(folded):
        return _numbered(state, _ORDINALS[found[1]])
    if (found := _STEP.fullmatch(folded)) and _has_steps(state):
        return pack("nth", _count(found[1] or found[2]))
    labelled = dict(zip(state.labels, state.menu, strict=False))
    return labelled.get(folded) or WORDS.get(folded) or expected(state.shown, text)


def _has_steps(state: State) -> bool:
    """Whether a topic is on the screen, whose steps a number may mean."""
    return state.screen.startswith((f"{payloads.VERSION}:topic:", f"{payloads.VERSION}:step:"))


def _count(word: str) -> int:
    return int(word) if word.isdecimal() else _ORDINALS.get(word, 1)


def _numbered(state: State, number: int) -> str:
    """The choice of that number; 0 is home; a number that is no choice is told so."""
    if number == 0:
        return HOME
    return state.menu[number - 1] if number <= len(state.menu) else pack("number", number)


WORDS: Final = _words()
