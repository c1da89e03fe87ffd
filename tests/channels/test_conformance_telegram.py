"""Telegram keeps the specification of a channel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.runtime import Runtime
from tests.channels.conformance import ChannelConformance
from tests.channels.telegram_driver import TelegramDriver


class TestTelegram(ChannelConformance):
    @pytest.fixture
    def driver(self, runtime: Runtime) -> Iterator[TelegramDriver]:
        made = TelegramDriver(runtime)
        yield made
        made.close()
