"""The terminal as a channel: numbered menus, typed answers, and transcripts that a test can replay."""

from __future__ import annotations

import re
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bot.conversations import Conversations
from bot.messages import Incoming, Outgoing
from bot.paging import numbered_text

NAME = "console"
CAPACITY = 8
TEXT_LIMIT = 1_000_000  # a terminal scrolls
START = "/start"
PROMPT = "bạn> "
GOODBYE = ("thoát", "thoat", "exit", "quit")
HINT = "Gõ câu hỏi hoặc số rồi bấm Enter. Gõ “thoát” để ra."
USER, BOT, INDENT, COMMENT = "> ", "bot:", "  ", "#"
HEADER = f"{COMMENT} hocvuso transcript: lines that begin with “{USER}” are typed, the rest is what the bot says\n"

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab and line feed: a text must not steer the terminal


class Session:
    """One person at one terminal. `person` names whom the bot remembers; by default somebody new."""

    def __init__(self, conversations: Conversations, person: str | None = None) -> None:
        self._conversations = conversations
        self._person = person or f"new-{secrets.token_hex(8)}"

    def type(self, text: str) -> tuple[Outgoing, ...]:
        """What the bot answers to a typed line."""
        return self._conversations.converse(
            Incoming(NAME, self._person, secrets.token_hex(8), datetime.now(UTC), text=text, capacity=CAPACITY)
        )


def shown(message: Outgoing) -> str:
    """A bubble as text, its choices numbered, pictures named."""
    media = [f"[{medium.alt}]" for medium in message.media]
    return _CONTROL.sub("", "\n\n".join([*media, numbered_text(message)]))


def styled(message: Outgoing) -> Text:
    """A bubble for a terminal: bold where the text says so, red where it is urgent. Its own escape codes are gone."""
    text, rest = Text(style="red" if message.urgent else ""), shown(message)
    at = 0
    for found in _BOLD.finditer(rest):
        text.append(rest[at : found.start()])
        text.append(found[1], style="bold")
        at = found.end()
    return text.append(rest[at:])


def run_chat(
    conversations: Conversations, record: Path | None = None, person: str = "me", read: Callable[[], str | None] | None = None
) -> None:
    """Talk until the person leaves (“thoát”, end of input, Ctrl+C).

    Args:
        record: write a transcript there; then the talk is with somebody new, so that it can be replayed.
        person: whom the bot remembers from one time to the next.
        read: gives the typed lines, None at the end; by default the terminal.
    """
    console = Console(highlight=False, soft_wrap=False)
    session = Session(conversations, None if record else person)
    transcript = Transcript(record.open("w", encoding="utf-8")) if record else None
    console.print(HINT, style="dim")
    try:
        for line in _lines(read or _ask):
            _turn(session, line, console, transcript)
    finally:
        if transcript:
            transcript.close()


def _turn(session: Session, line: str, console: Console, transcript: Transcript | None) -> None:
    replies = session.type(line)
    if transcript:
        transcript.add(line, replies)
    for reply in replies:
        console.print()
        console.print(styled(reply))
    console.print()


def _lines(read: Callable[[], str | None]) -> Iterator[str]:
    """The greeting first, then what is typed."""
    yield START
    while (line := read()) is not None:
        if line.strip().lower() in GOODBYE:
            return
        yield line


def _ask() -> str | None:
    try:
        return input(PROMPT if sys.stdin.isatty() else "")
    except (EOFError, KeyboardInterrupt):
        return None


class Transcript:
    """Writes a conversation down as it happens."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        file.write(HEADER)

    def add(self, typed: str, replies: Iterable[Outgoing]) -> None:
        """One line typed, and what was answered."""
        self._file.write(written(typed, replies))
        self._file.flush()

    def close(self) -> None:
        """Give the file back."""
        self._file.close()


def written(typed: str, replies: Iterable[Outgoing]) -> str:
    """A turn in the transcript's form. Line breaks in what was typed become spaces: a terminal has none."""
    lines = ["", USER + " ".join(typed.splitlines())]
    for reply in replies:
        lines.append(f"{BOT} (urgent)" if reply.urgent else BOT)
        lines += [f"{INDENT}{line}".rstrip() for line in shown(reply).splitlines()]
    return "\n".join(lines) + "\n"


def typed_lines(transcript: str) -> list[str]:
    """What was typed in a transcript."""
    return [line.removeprefix(USER) for line in transcript.splitlines() if line.startswith(USER)]


def replay(conversations: Conversations, transcript: str) -> str:
    """The transcript as it comes out today: the same lines typed by somebody new. Comment lines are kept at the top."""
    session = Session(conversations)
    comments = [line for line in transcript.splitlines() if line.startswith(COMMENT)]
    head = "\n".join(comments) + "\n" if comments else HEADER
    return head + "".join(written(line, session.type(line)) for line in typed_lines(transcript))
