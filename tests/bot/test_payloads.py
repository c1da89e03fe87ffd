"""Button ids: ASCII, at most 64 bytes, read back as written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.payloads import PAYLOAD_BYTES, Payload, PayloadError, looks_like, pack, parse

part = st.text(st.sampled_from("abcxyzABZ0189_.-"), min_size=1, max_size=12)


@given(part, st.lists(part, max_size=3))
def test_a_packed_payload_is_read_back(flow: str, args: list[str]) -> None:
    assert parse(pack(flow, *args)) == Payload(flow, tuple(args))


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parsed = parse(text)
    except PayloadError:
        return
    assert pack(parsed.flow, *parsed.args) == text
    assert text.isascii() and len(text.encode()) <= PAYLOAD_BYTES


@pytest.mark.parametrize("args", [("topic", "x" * 62), ("topic", ""), ("topic", "a:b"), ("căn-cước",), ("topic", "a\n")])
def test_what_no_button_may_carry_is_refused(args: tuple[str, ...]) -> None:
    with pytest.raises(PayloadError):
        pack(*args)


DAMAGED = ["", "v1", "v1:", "v0:home", "v2:home", "topic:otp", "v1:topic:", "v1:t\x00", "v1:" + "x" * 99]


@pytest.mark.parametrize("payload", DAMAGED)
def test_damaged_or_foreign_payloads_are_refused(payload: str) -> None:
    with pytest.raises(PayloadError):
        parse(payload)


def test_a_button_sent_back_as_text_is_recognised() -> None:
    assert looks_like("v1:topic:otp")
    assert not looks_like("v1 là gì")
