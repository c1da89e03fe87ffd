"""Scripts of one minority language are told; what only looks like Vietnamese is not guessed at."""

from __future__ import annotations

import pytest

from nlu.language import guess


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ꨌꩌ ꨀꨯꨮꩀ ꨚꨴꩀ", "cjm"),
        ("ꪼꪕ ꪒꪾ ꪼꪠ ꪹꪣꪉ", "blt"),
        ("ខ្ញុំចង់សួរ", "khm"),
        ("VNeID ខ្ញុំចង់សួរ", "khm"),
        ("kuv xav nug txog daim ntawv pov thawj", "hmn?"),
        ("tôi muốn hỏi", "vi"),
        ("dang ky tam tru", "vi"),
        ("ok", "vi"),
        ("123", "vi"),
    ],
)
def test_only_a_clear_script_or_spelling_is_told(text: str, language: str) -> None:
    assert guess(text) == language
