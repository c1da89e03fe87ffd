"""The whole room in one call: never raises, fast, and safe to store."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.understanding import MAX_NORMAL, Understander, Understanding

VIETNAMESE = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạếềộ 0123456789.,?!\u0301\u0323kzjw😀", max_size=120)


def test_a_message_end_to_end(understander: Understander) -> None:
    said = understander.understand("Toi quen MK vneid, sdt 0912 345 678")
    assert said.masked == "Toi quen MK vneid, sdt [số điện thoại]"
    assert said.normal == "toi quên mật khẩu vneid, số điện thoại [số điện thoại]"
    assert said.restored == "tôi quên mật khẩu vneid, số điện thoại [số điện thoại]"
    assert said.was_unaccented
    assert (said.intent, said.aspect, said.urgency, said.personal) == ("question", "trouble", None, ("phone",))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.text(), VIETNAMESE))
def test_any_string_is_understood(understander: Understander, text: str) -> None:
    said = understander.understand(text)
    for part in (said.masked, said.normal, said.restored):
        assert unicodedata.is_normalized("NFC", part)
        assert len(part) <= MAX_NORMAL


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "k " * 5000,
        "đ̣̀́" * 3000,
        "0" * 5000,
        "1 " * 3000,
        "\x00\ud800",
        "cong an " * 400,
        "con bi " * 400,
        "(" * 2000,
        "mật khẩu là " * 200,
    ],
)
def test_hostile_input_is_bounded(understander: Understander, text: str) -> None:
    said = understander.understand(text)
    assert isinstance(said, Understanding)
    assert not re.search(r"\d{9,}", said.masked)
