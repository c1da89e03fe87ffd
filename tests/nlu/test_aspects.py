"""Titles that are mishaps themselves."""

from __future__ import annotations

import pytest

from nlu.aspects import names_trouble


@pytest.mark.parametrize(
    ("title", "mishap"),
    [("Quên mật khẩu, quên passcode VNeID", True), ("Khóa thẻ, khóa tài khoản khẩn cấp", True), ("Chuyển khoản", False)],
)
def test_a_title_may_name_a_mishap(title: str, mishap: bool) -> None:
    assert names_trouble(title) is mishap
