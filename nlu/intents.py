"""What does the message want: a question (most of them), a greeting, a command to the bot? Sure rules, then a guess."""

from __future__ import annotations

import re
from functools import cache

from nlu.codes import says_nothing
from nlu.guess import IntentClassifier
from nlu.masking import LABELS
from nlu.patterns import patterns
from nlu.syllables import fold, is_plain_syllable, is_syllable
from nlu.tables import table, word_set
from nlu.vocabulary import Intent

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
    r"ngan hang|dinh danh|muc nao|nut nao|trang nao|cho nao|"
    r"mat khau|tai khoan|zalo|otp|app|lua)\b"
)
_NAMED = patterns("guesses.yml")
_VOWELS = re.compile(r"[aeiouy]")
_ODD = re.compile(r"[bcdfghjklmnpqrstvwxz]{4}|(.)\1{3}|(..)\2\2|asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|wert|erty|zxcv|xcvb|cvbn")


class IntentGuesser:
    """Finds the intent of a message: sure rules first, then what the classifier guesses."""

    def __init__(self, classifier: IntentClassifier) -> None:
        """`classifier` is asked about short messages that no rule is sure of."""
        self._classifier = classifier

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
        guessed = self._classifier.classify(plain).intent
        return guessed if _is_plausible(guessed, folded) else Intent.question


def _is_plausible(guessed: Intent, folded: str) -> bool:
    """A guess that changes something or opens a screen must name what it is about: most short texts are questions."""
    needed = _NAMED.get(guessed.value)
    return needed is None or needed.search(folded) is not None


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
    if _is_bare_code(typed):
        return Intent.secret
    if _is_bare_number(typed) or (not any(char.isdigit() for char in typed) and _is_gibberish(typed)):
        return Intent.gibberish
    asked = _POLITE.sub("", folded)
    if not asked:
        return Intent.greeting
    if asked in exact:
        return exact[asked]
    found = next((Intent(name) for name, rule in _RULES.items() if rule.search(asked)), None)
    return None if found is Intent.abuse and (_ASKS.search(asked) or len(asked.split()) > _LONGEST_INSULT) else found


def _is_bare_code(typed: str) -> bool:
    """True where somebody pasted a secret code and nothing else worth reading."""
    return LABELS["otp"] in typed and says_nothing(typed.replace(LABELS["otp"], " "))


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
