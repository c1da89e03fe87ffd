"""Linter rules for one text: links, numbers, markup, and whether `simple` is simple. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

LONGEST_SENTENCE = 20  # syllables, in `simple`
USUAL_SENTENCE = 12  # most sentences of `simple` stay within
RARE_BELOW = 2.6  # Zipf frequency: less than about 4 times in 10 million words

_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|‘[^’\n]*’")
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_KNOWN_PLACEHOLDER = re.compile(r"you|You|me|Me|figure:[\w-]+")
_URL = re.compile(r"https?://([^\s/)\]»\"”]+)", re.IGNORECASE)
_ENDINGS = "vn|com|net|org|info|app|top|xyz|cc|me|io|online|site"
_DOMAIN = re.compile(rf"(?<![\w@.-])((?:[a-z0-9-]+\.)+(?:{_ENDINGS}))(?![\w-])", re.IGNORECASE)
_MARKUP = re.compile(r"`|\[[^\]\n]*\]\([^)\n]*\)|^\s*(?:>|\||\* |#+ )|__", re.MULTILINE)
_NUMBER = r"(?<![\w.,/])\d+(?:[.,]\d+)*(?:\s*(?:-|–|đến)\s*\d+(?:[.,]\d+)*)?\s*"
_AMOUNT = r"(?:triệu|tỷ|tỉ|nghìn|ngàn)\b(?:\s+đồng)?|đồng\b|đ\b|vnđ\b|vnd\b|%|ngày làm việc\b"
_MONEY = re.compile(f"{_NUMBER}(?:{_AMOUNT})", re.IGNORECASE)
_SPAN = re.compile(_NUMBER + r"(?:ngày|giờ|tuần|tháng|năm|lần)\b(?!\s+làm việc)", re.IGNORECASE)
_NEVER_CHANGES = re.compile(r"0\s*(?:đồng|đ|%)|24\s*giờ|một lần", re.IGNORECASE)
_STOP = r"(?=\s*(?:[.,;:!?)]|hoặc\b|thì\b|$))"
_ELSEWHERE = re.compile(rf"\b(?:như|nêu|nói|kể) trên{_STOP}|\b(?:phần|mục|đoạn|ý) (?:trên|dưới){_STOP}", re.IGNORECASE)
_STEP_NUMBER = re.compile(r"\bbước \d+\b", re.IGNORECASE)
_NUMBER_ON_CARD = re.compile(r"\bsố (?:gọi |ngân hàng |tổng đài )?(?:in )?(?:ở )?(?:mặt )?sau thẻ", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”*]*\s+|[:;]\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:[-'.][^\W_]+)*")
_ABBREVIATION = re.compile(r"\b(?=\w*[A-ZĐ]\w*[A-ZĐ])[A-ZĐ][A-ZĐ0-9]+\b")
_EXPLAINS = re.compile(r"\(|\blà\b|tức|nghĩa|viết tắt|gọi là|:")
EVERYDAY = frozenset(
    {
        *("3g", "4g", "5g", "android", "app", "apple", "atm", "camera", "ch", "ebank", "email", "facebook", "gmail", "google"),
        *("gps", "hcm", "internet", "iphone", "kg", "km", "messenger", "mobifone", "momo", "ok", "play", "qr", "sim", "sms"),
        *("store", "tivi", "tp", "tv", "video", "viettel", "vietqr", "vinaphone", "vneid", "web", "wi-fi", "wifi", "youtube"),
        *("zalo",),
    }
)
"""Words of other languages that are everyday Vietnamese by now, and names: they need no explanation (see the docs)."""
_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
_RHYME = "(?:[aeiouy]{1,3})(?:ch|ng|nh|[cmnpt])?"
_SYLLABLE = re.compile(_ONSET + _RHYME)
"""The shape of a Vietnamese syllable, without accents."""


def hosts(text: str) -> Iterator[tuple[str, bool]]:
    """Hosts that a text names, each with whether it is a full address (which a phone makes a link)."""
    for found in _URL.finditer(text):
        yield found[1].lower().rstrip(".,;"), True
    for found in _DOMAIN.finditer(_URL.sub(" ", text)):
        yield found[1].lower(), False


def allowed(host: str, allow_list: Sequence[str]) -> bool:
    """Whether the allow-list names that host; `*.` stands for the host itself and everything below."""
    return any(host == entry or (entry.startswith("*.") and f".{host}".endswith(entry[1:])) for entry in allow_list)


def changing_numbers(text: str) -> Iterator[tuple[str, bool]]:
    """Amounts and spans of time that should be figures, each with whether it is money, a share or working days.

    What people are quoted as saying ("chuyển ngay 10 triệu") is theirs and does not go out of date.
    """
    own_words = _PLACEHOLDER.sub(" ", _QUOTED.sub(" ", text))
    for pattern, certain in ((_MONEY, True), (_SPAN, False)):
        for found in pattern.finditer(own_words):
            if not _NEVER_CHANGES.fullmatch(found[0].strip()):
                yield found[0].strip(), certain


def points_elsewhere(text: str, beside_steps: bool) -> str | None:
    """Words that send the reader to a part of the lesson not on the screen: a section is shown on its own.

    beside_steps: whether the steps stand in the same section, so that they may be named by number.
    """
    found = _ELSEWHERE.search(text) or (None if beside_steps else _STEP_NUMBER.search(text))
    return found[0] if found else None


def unclear_number(text: str) -> str | None:
    """ "The number on the back of the card" without saying that it is the telephone number: the secret digits are there too."""
    found = _NUMBER_ON_CARD.search(text)
    return found[0] if found else None


def used_figures(text: str) -> list[str]:
    """Ids of the figures a text refers to."""
    return re.findall(r"\{figure:([\w-]+)\}", text)


def unknown_placeholders(text: str) -> list[str]:
    """Braces that the bot would show as they stand."""
    return [f"{{{found[1]}}}" for found in _PLACEHOLDER.finditer(text) if not _KNOWN_PLACEHOLDER.fullmatch(found[1])]


def foreign_markup(text: str) -> str | None:
    """The first piece of Markdown outside paragraphs, lists and bold, or None."""
    if found := _MARKUP.search(text):
        return found[0].strip() or found[0]
    return "**" if text.count("**") % 2 else None


def sentences(text: str) -> list[str]:
    """The sentences and list points of a text, without list marks and bold."""
    parts = _SENTENCE_END.split(re.sub(r"^- |\*\*", "", text, flags=re.MULTILINE))
    return [part.strip() for part in parts if _WORD.search(part)]


def syllables(sentence: str) -> int:
    """Number of written words, which in Vietnamese are syllables; a placeholder counts as one."""
    return len(_WORD.findall(_PLACEHOLDER.sub("số", sentence)))


def rare_words(text: str) -> list[str]:
    """Words most people seldom meet, in order of appearance; names of apps and abbreviations are not counted."""
    words = dict.fromkeys(_WORD.findall(_PLACEHOLDER.sub(" ", _QUOTED.sub(" ", text))))
    return [word for word in words if _is_rare(word)]


@lru_cache(maxsize=10_000)
def _is_rare(word: str) -> bool:
    if not word.islower() or word in EVERYDAY or not word.isalpha():
        return False
    from wordfreq import zipf_frequency  # heavy to load, and only the linter needs it

    return zipf_frequency(word, "vi") < RARE_BELOW


def unexplained(texts: Sequence[str]) -> list[str]:
    """Abbreviations and foreign words that are not explained in the sentence where they first appear."""
    pieces = [s for text in texts for s in re.split(r"(?<=[.!?])\s+|\n+", text)]
    words = dict.fromkeys(word for piece in pieces for word in (*_ABBREVIATION.findall(piece), *foreign_words(piece)))
    return [word for word in words if word.lower() not in EVERYDAY and not _EXPLAINS.search(_first_with(word, pieces))]


def _first_with(word: str, pieces: Sequence[str]) -> str:
    """The first piece with that word, also with a capital: "Passcode là …" explains every passcode after it."""
    found = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
    return next((piece for piece in pieces if found.search(piece)), "")


def foreign_words(text: str) -> list[str]:
    """Words in small letters that are no Vietnamese syllables; addresses and what is quoted from a screen do not count."""
    shown = _DOMAIN.sub(" ", _URL.sub(" ", _PLACEHOLDER.sub(" ", _QUOTED.sub(" ", text))))
    return [word for word in _WORD.findall(shown) if word.islower() and word.isalpha() and not _is_syllable(word)]


@lru_cache(maxsize=20_000)
def _is_syllable(word: str) -> bool:
    plain = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return bool(_SYLLABLE.fullmatch("".join(c for c in plain if not unicodedata.combining(c))))
