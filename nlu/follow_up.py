"""Can the question be understood alone, or does it lean on what was said before?"""

from __future__ import annotations

import re

from nlu.characters import unify
from nlu.patterns import patterns
from nlu.syllables import fold
from nlu.tables import word_set

_LONGEST = 14
"""Words; whoever writes more has said what it is about."""
_LONGEST_BARE = 10
"""The same where no word points back."""

_SIGNS = patterns("follow_up.yml")
_WORD = re.compile(r"[^\W\d_]+")


def is_follow_up(restored: str) -> bool:
    """True if lower-case `restored` names no subject of its own ("thế mất bao nhiêu tiền?", "còn mẹ tôi 72 tuổi thì sao?")."""
    words = _WORD.findall(unify(restored))
    if not words or len(words) > _LONGEST:
        return False
    subject = subject_of(restored)
    text = fold(" ".join(words))
    points_back = _SIGNS["points_back"].search(text) is not None
    if not subject:
        return points_back or _SIGNS["opening"].search(text) is not None or len(words) <= _LONGEST_BARE
    return points_back and len(subject) == 1 and "subject" not in subject


def subject_of(restored: str) -> list[str]:
    """The words of lower-case `restored` that may say what it is about; "subject" stands for a phrase that surely does."""
    plain = " ".join(_WORD.findall(unify(restored)))
    rest = _SIGNS["no_subjects"].sub(" ", _SIGNS["own_subjects"].sub(" subject ", plain))
    return [word for word in rest.split() if word not in word_set("subjectless.txt")]
