"""Compile the pattern lists that ship as YAML in `nlu/data`.

A list is one regular expression whose lines are alternatives, bounded by word edges. Two shorthands keep the lines readable:
" <3> " is a gap of up to three words, and "{name}" stands for the alternatives of another list of the same file.
"""

from __future__ import annotations

import re
from functools import cache

from nlu.tables import table

_GAP = re.compile(r" <(\d+)> ")
_LIST = re.compile(r"\{([a-z_]+)\}")


@cache
def patterns(name: str) -> dict[str, re.Pattern[str]]:
    """Return the compiled lists of `nlu/data/<name>`, in the order of the file.

    Raises:
        KeyError: if a list names another one that is not there.
        re.error: if an alternative is no regular expression.
    """
    raw = table(name)
    return {key: re.compile(rf"\b{_joined(raw, key)}\b") for key in raw}


def _joined(raw: dict[str, list[str]], key: str) -> str:
    joined = "|".join(str(line) for line in raw[key])
    joined = _GAP.sub(r"(?: \\S+){0,\1}? ", joined)
    return "(?:" + _LIST.sub(lambda match: _joined(raw, match.group(1)), joined) + ")"
