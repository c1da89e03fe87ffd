"""Whole conversations, replayed through the real engine, understanding and retrieval with the default model.

`pytest tests/channels/test_transcripts.py --update-transcripts` writes what the bot says today; read the
difference before committing it. New ones: `hocvuso chat --record tests/transcripts/NAME.txt`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import bot.conversations
from bot.channels.console import Transcript, replay, typed_lines
from bot.conversations import Conversations
from bot.messages import Button, Outgoing
from bot.payloads import pack
from bot.runtime import Runtime
from tests.channels.turn_ids import TurnIds

ROOT = Path(__file__).resolve().parents[2]
TRANSCRIPTS = sorted((ROOT / "tests" / "transcripts").glob("*.txt"))
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # figures that expire later do not change the transcripts


@pytest.fixture
def talks(real_runtime: Runtime, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Conversations:
    """Conversations on one day, with the same turn ids every time: the order of quiz answers comes from them."""
    monkeypatch.setattr(bot.conversations, "new_turn_id", TurnIds(request.node.callspec.params["path"].stem))
    return Conversations(real_runtime.database, real_runtime.answerer, real_runtime.live, lambda: NOW)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_bot_says_what_the_transcript_says(path: Path, talks: Conversations, pytestconfig: pytest.Config) -> None:
    recorded = path.read_text(encoding="utf-8")
    today = replay(talks, recorded)
    if pytestconfig.getoption("--update-transcripts"):
        path.write_text(today, encoding="utf-8")
    else:
        assert today == recorded


def test_there_are_transcripts() -> None:
    assert len(TRANSCRIPTS) >= 4


def test_a_recorded_talk_can_be_replayed(tmp_path: Path, runtime: Runtime) -> None:
    from bot.channels.console import run_chat

    lines = iter(["1", "0", "", "  hai\tkhoảng trắng ", "thoát", "never read"])
    run_chat(runtime.conversations, tmp_path / "talk.txt", read=lambda: next(lines))
    recorded = (tmp_path / "talk.txt").read_text(encoding="utf-8")
    assert typed_lines(recorded) == ["/start", "1", "0", "", "  hai\tkhoảng trắng "]
    assert replay(runtime.conversations, recorded) == recorded
    assert "113" in recorded and "bot: (urgent)" in recorded


def test_a_terminal_remembers_its_person(runtime: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    from bot.channels.console import run_chat

    for _ in range(2):
        run_chat(runtime.conversations, person="bà Tư", read=lambda: None)
    shown = capsys.readouterr().out
    assert shown.count("Học vụ số") == 1


def test_what_the_bot_says_cannot_be_mistaken_for_what_was_typed(tmp_path: Path) -> None:
    transcript = Transcript((tmp_path / "t.txt").open("w", encoding="utf-8"))
    transcript.add("xin\nchào", [Outgoing("> giả\n# giả", (Button("Có", pack("home")),))])
    transcript.close()
    assert typed_lines((tmp_path / "t.txt").read_text(encoding="utf-8")) == ["xin chào"]
