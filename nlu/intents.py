"""What does the message want: a question (most of them), a greeting, a command to the bot? Sure rules, then a trained guess."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from nlu.classifier import trained
from nlu.examples import phrases
from nlu.masking import LABELS
from nlu.patterns import patterns
from nlu.syllables import fold, is_plain_syllable, is_syllable
from nlu.tables import table, word_set
from nlu.vocabulary import Intent

_SURE_ENOUGH = 0.55
_LONGEST_COMMAND = 10
"""Words; longer messages are questions unless a sure rule says otherwise."""
_LONGEST_INSULT = 8
"""Words; an insult inside a longer message is not what the message is about."""

# "dừng" and "đừng", "đúng" fold alike: the accents decide.
_ACCENTED = {"đúng": Intent.yes, "dừng": Intent.stop, "đừng": Intent.stop, "thôi": Intent.stop, "no": Intent.no}

_RULES = patterns("rules.yml")
# Someone who is greeted, thanked and asked in one breath has asked.
_POLITE = re.compile(
    r"^(?:(?:da|vang|a lo|alo|hello|hi|xin|kinh|em|con|chau|toi|bac|co|chu)\s)*chao"
    r"(?:\s(?:ban|bot|chau|em|con|co|chu|bac|anh|chi|ad|admin|ca nha|moi nguoi|a|nhe|nha|buoi (?:sang|chieu|toi)))*[\s,.!]*"
)
_ASKS = re.compile(
    r"\b(?:lam sao|the nao|bao nhieu|bao lau|o dau|la gi|khi nao|tai sao|cach|dang ky|can cuoc|vneid|giay|ho so|the|tien|"
    r"ngan hang|"
    r"mat khau|tai khoan|zalo|otp|app|lua)\b"
)
_SETTING = re.compile(r"\b(?:chu|noi|goi|xung|ngon ngu|tieng|cai dat|don gian|de hieu|ngan|cham|tra loi)\b")
_VOWELS = re.compile(r"[aeiouy]")
_ODD = re.compile(r"[bcdfghjklmnpqrstvwxz]{4}|(.)\1{3}|(..)\2\2|asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|wert|erty|zxcv|xcvb|cvbn")


class IntentGuesser:
    """Finds the intent of a message."""

    def __init__(self, models: Path | None = None) -> None:
        """Train on `nlu.yml` (or read from the folder `models`); the aspects of questions count as one intent."""
        self._classifier = trained([(text, label.split("/")[0]) for text, label in phrases()], models)

    def guess(self, restored: str, typed: str) -> Intent:
        """Return the intent of lower-case `restored`; `typed` is the text before short forms and accents were worked out."""
        if not typed:
            return Intent.empty
        plain = " ".join(re.sub(r"[^\w\s👍👎]", " ", restored).split())
        folded = fold(plain)
        sure = _sure(plain, folded, typed)
        if sure is not None:
            return sure
        words = len(folded.split())
        if words > _LONGEST_COMMAND or _ASKS.search(folded):
            return Intent.question
        label, share = self._classifier.best(folded)
        if share < _SURE_ENOUGH or (label == Intent.profile.value and not _SETTING.search(folded)):
            return Intent.question
        return Intent(label)


@cache
def _whole_messages() -> dict[str, Intent]:
    """Folded messages that mean one thing and no other."""
    return {str(text): Intent(name) for name, texts in table("commands.yml").items() for text in texts}


def _sure(plain: str, folded: str, typed: str) -> Intent | None:
    """The intent that exact phrases and rules are sure of."""
    exact = _whole_messages()
    if plain in _ACCENTED:
        return _ACCENTED[plain]
    if folded in exact:
        return exact[folded]
    if _is_bare_number(typed) or (not any(char.isdigit() for char in typed) and _is_gibberish(typed)):
        return Intent.gibberish
    asked = _POLITE.sub("", folded)
    if not asked:
        return Intent.greeting
    if asked in exact:
        return exact[asked]
    found = next((Intent(name) for name, rule in _RULES.items() if rule.search(asked)), None)
    return None if found is Intent.abuse and (_ASKS.search(asked) or len(asked.split()) > _LONGEST_INSULT) else found


def _is_bare_number(typed: str) -> bool:
    """True for digits and signs only, hidden numbers included; one or two digits may be a choice."""
    rest = typed
    for label in LABELS.values():
        rest = rest.replace(label, "000")
    return not re.search(r"[^\W\d_]", rest) and not re.fullmatch(r"\D*\d{0,2}\D*", rest)


def _is_gibberish(typed: str) -> bool:
    """True for emoji and signs only, and for words that no language spells."""
    words = re.findall(r"[^\W\d_]+", typed)
    if not words:
        return True
    return len(words) <= 4 and all(_is_odd(word) for word in words)


def _is_odd(word: str) -> bool:
    if is_syllable(word) or is_plain_syllable(word) or word in word_set("foreign.txt"):
        return False
    if not word.isascii():
        return False
    return bool(_ODD.search(word)) or (len(word) > 3 and not _VOWELS.search(word))
