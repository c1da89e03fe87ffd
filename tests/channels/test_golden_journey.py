"""One journey, the same words in five apps: menu → question → steps → lesson → quiz → progress.

It is written once, in `tests/transcripts/hanh-trinh.txt`; `journey` says what counts as the same, `journey_apps` what
is real. When texts change: `pytest tests/channels/test_transcripts.py --update-transcripts`, and read the difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import bot.conversations
from bot.channels import telegram_pace, telegram_setup
from bot.channels.telegram import TelegramOptions
from bot.runtime import Runtime
from learning.events import AttemptFinished, ItemAnswered
from learning.record import fold
from learning.store import events_of
from learning.tables import LearnerPlaceRow, LearnerRow
from storage import Database
from tests.channels.journey import App, Screen, Walk, numbered, steps_of, with_buttons, words
from tests.channels.journey_apps import (
    Bot,
    Telegram,
    Terminal,
    Web,
    ZaloBot,
    ZaloOa,
    running_bot,
    telegram_settings,
    zalo_settings,
)
from tests.channels.peer import PeerRequest, telegram_server
from tests.channels.turn_ids import TurnIds
from tests.peers.fake_zalo import serving

GOLDEN = Path(__file__).resolve().parents[1] / "transcripts" / "hanh-trinh.txt"
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # that of the transcripts; replies become due then, so it must have passed

OnBot = Callable[..., AbstractContextManager[Bot]]


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def quick_peer() -> Iterator[None]:
    """What the third-party server needs, and no waiting between messages: Telegram's pace has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(telegram_setup, "TelegramOptions", partial(TelegramOptions, request=PeerRequest))
        patch.setattr(telegram_pace, "PER_CHAT_SECONDS", 0.0)
        patch.setattr(telegram_pace, "OVERALL_SECONDS", 0.0)
        yield


@pytest.fixture(scope="module")
def on_bot(real_runtime: Runtime, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> OnBot:
    """Starts a server with the given settings and an empty database."""

    def start(clock: Clock | None = None, **settings: Any) -> AbstractContextManager[Bot]:
        return running_bot(real_runtime, sqlite_template, tmp_path_factory.mktemp("journey"), clock or Clock(), **settings)

    return start


@contextmanager
def at_terminal(on_bot: OnBot) -> Iterator[tuple[App, Bot]]:
    with on_bot() as bot:
        yield Terminal(bot), bot


@contextmanager
def on_web(on_bot: OnBot) -> Iterator[tuple[App, Bot]]:
    with on_bot() as bot:
        yield Web(bot), bot


@contextmanager
def on_telegram(on_bot: OnBot) -> Iterator[tuple[App, Bot]]:
    with telegram_server() as server, on_bot(**telegram_settings(server)) as bot:
        yield Telegram(bot, server), bot


@contextmanager
def on_zalo_oa(on_bot: OnBot, *, buttons: bool = True) -> Iterator[tuple[App, Bot]]:
    with serving() as zalo, on_bot(**zalo_settings(zalo)) as bot:
        zalo.allows_buttons = buttons
        yield ZaloOa(bot, zalo), bot


@contextmanager
def on_zalo_bot(on_bot: OnBot) -> Iterator[tuple[App, Bot]]:
    with serving() as zalo, on_bot(**zalo_settings(zalo)) as bot:
        yield ZaloBot(bot, zalo), bot


APPS: dict[str, Callable[[OnBot], AbstractContextManager[tuple[App, Bot]]]] = {
    "terminal": at_terminal,
    "web": on_web,
    "telegram": on_telegram,
    "zalo-oa": on_zalo_oa,
    "zalo-oa-without-buttons": partial(on_zalo_oa, buttons=False),
    "zalo-bot": on_zalo_bot,
}
WITH_BUTTONS = ("web", "telegram", "zalo-oa")


@dataclass(frozen=True)
class Progress:
    """All that is kept about the only learner: profile, record, events."""

    profile: dict[str, Any]
    record: dict[str, Any]
    events: list[Any]


def progress_in(database: Database) -> Progress:
    """What the database holds after a journey; the record must be what the events add up to."""
    with database.reading() as session:
        row = session.scalars(select(LearnerRow)).one()
        events = events_of(session, row.id)
        assert fold(events).model_dump(mode="json") == row.record
        profile = {name: getattr(row, name) for name in ("name", "address", "level", "audience", "province", "commune")}
        return Progress(profile, row.record, events)


def walked(app: App, ids: TurnIds, *, curious: bool = False) -> Walk:
    """The whole journey; every screen compared with what is written. Who is curious turns all pages everywhere."""
    walk = Walk(app, ids.paging)
    for number, step in enumerate(steps_of(GOLDEN.read_text(encoding="utf-8")), 1):
        seen = walk.follow(step)
        assert seen.agrees(step.seen), f"line {number}, “{step.line}”:\n{seen}\nis not\n{step.seen}"
        if curious:
            assert walk.turn_all_pages().agrees(step.seen), f"pages of line {number}, “{step.line}”:\n{walk.screen}"
    return walk


@pytest.fixture
def ids(monkeypatch: pytest.MonkeyPatch) -> TurnIds:
    made = TurnIds(GOLDEN.stem)
    monkeypatch.setattr(bot.conversations, "new_turn_id", made)
    return made


@pytest.fixture(scope="module")
def at_the_terminal(on_bot: OnBot) -> Progress:
    """The progress everybody else's is compared with."""
    made = TurnIds(GOLDEN.stem)
    with pytest.MonkeyPatch.context() as patch, at_terminal(on_bot) as (app, bot):
        patch.setattr("bot.conversations.new_turn_id", made)
        walked(app, made)
        return progress_in(bot.database)


@pytest.mark.parametrize("name", APPS)
def test_the_journey_is_the_same_in_every_app(
    name: str, on_bot: OnBot, quick_peer: None, ids: TurnIds, at_the_terminal: Progress
) -> None:
    with APPS[name](on_bot) as (app, bot):
        walk = walked(app, ids, curious=name == "zalo-oa")  # without buttons only the pages that are needed are turned
        assert progress_in(bot.database) == at_the_terminal
    assert (walk.pages_turned > 0) == name.startswith("zalo-oa")  # only five buttons fit there
    assert len(walk.told) > 30 and all(how.startswith("v1:") == (name in WITH_BUTTONS) for how in walk.told)


def test_the_journey_goes_where_it_should(at_the_terminal: Progress) -> None:
    text = GOLDEN.read_text(encoding="utf-8")
    marks = (
        "máy trả lời tự động",
        "Nguồn:",
        "Rà soát:",
        "Bước 3/7",
        "xin phép",
        "Thẻ 6/6",
        "Thực hành",
        "Chưa đúng",
        "Tiến độ của",
    )
    assert [mark for mark in marks if mark not in text] == []
    assert at_the_terminal.profile["name"] == "Cô Hạnh" and at_the_terminal.profile["commune"]
    answered = [event for event in at_the_terminal.events if isinstance(event, ItemAnswered)]
    assert [event.correct for event in answered] == [False, True, True, False, True, True, True, True]
    results = [(event.right, event.passed) for event in at_the_terminal.events if isinstance(event, AttemptFinished)]
    assert results == [(2, False), (4, True)]


def test_what_differs_is_noticed() -> None:
    golden = Screen("một hai", {"A": "1", "B": "2"}, {"home": "0"})
    assert numbered("**một**\n- hai\n\nGõ số để chọn:\n**1** – A\n**2** – B\n\nHoặc gõ: “0” về trang chủ") == golden
    assert with_buttons("một\n\n• hai", [("A", "v1:a"), ("B", "v1:b"), ("Về", "v1:home")]).agrees(golden)
    more = {"more": "v1:more:1"}
    assert Screen("một hai", {"A": "x"}, more).agrees(golden)
    for other in (
        Screen("một ba", {"A": "1", "B": "2"}, {"home": "0"}),
        Screen("một hai", {"B": "2", "A": "1"}, {"home": "0"}),
        Screen("một hai", {"A": "1"}, {"home": "0"}),
        Screen("một hai", {"A": "1", "B": "2"}, {}),
        Screen("một hai", {"B": "2"}, more),
        Screen("một hai", {"A": "1", "B": "2"}, {"home": "0"} | more),
        Screen("một hai", {"A": "1", "B": "2", "C": "3"}, more),
    ):
        assert not other.agrees(golden), other
    assert words("**a**\n\n- b") == "a b"


CODE = re.compile(r"\b[A-Z]{3} \d{3} [A-Z]{2}\b")


def lesson_begun(walk: Walk) -> None:
    """Consent, a name and nothing else, two cards of the first lesson about VNeID."""
    walk.type("/start")
    for label in ("📚 Học và kiểm tra", "✅ Đồng ý, tôi đủ 16 tuổi"):
        walk.press(label)
    walk.type("Bác Tư")
    walk.press("🏠 Trang chủ")
    for label in ("📚 Học và kiểm tra", "📘 VNeID từ đầu", "Cài VNeID", "Tiếp ▶"):
        walk.press(label)


def code_shown(walk: Walk) -> str:
    walk.press("🏠 Trang chủ")
    for label in ("📚 Học và kiểm tra", "🔗 Nối máy khác"):
        walk.press(label)
    found = CODE.search(walk.press("Lấy mã ở máy này").words)
    assert found
    return found[0]


def joined_by(walk: Walk, code: str) -> Screen:
    """Type the code on another app, then look at the progress there."""
    walk.type("/start")
    for label in ("📚 Học và kiểm tra", "🔗 Đã học ở máy khác"):
        walk.press(label)
    assert "Bác Tư" in walk.type(code).words
    return walk.press("📈 Tiến độ của tôi")


def test_progress_is_found_again_the_next_day_on_other_apps(on_bot: OnBot, quick_peer: None) -> None:
    clock = Clock(NOW - timedelta(days=1))
    with ExitStack() as stack:
        server, zalo = stack.enter_context(telegram_server()), stack.enter_context(serving())
        bot = stack.enter_context(on_bot(clock, **telegram_settings(server), **zalo_settings(zalo)))
        web = Walk(Web(bot))
        lesson_begun(web)
        before = progress_in(bot.database)
        clock.now = NOW
        for app in (Telegram(bot, server), ZaloOa(bot, zalo), ZaloBot(bot, zalo)):
            walk = Walk(app)
            seen = joined_by(walk, code_shown(web))
            web.press("📚 Mục học tập")
            assert seen.agrees(web.press("📈 Tiến độ của tôi")), app
            assert "Bác Tư" in seen.words and progress_in(bot.database) == before
        walk.press("▶ Học tiếp")
        assert "Thẻ 2/6" in walk.screen.words
        walk.press("Tiếp ▶")
        web.press("▶ Học tiếp")
        assert "Thẻ 3/6" in web.screen.words
        with bot.database.reading() as session:
            assert {row.channel for row in session.scalars(select(LearnerPlaceRow))} == {"web", "telegram", "zalo_oa", "zalo_bot"}
