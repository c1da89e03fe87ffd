"""What every messaging channel is to the delivery workers, and what the channels have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Protocol

from bot.delivery import SendError
from bot.messages import CARDS, Incoming, Outgoing
from bot.paging import split_text

Receive = Callable[[Incoming], bool]
"""Claims a platform's message durably and wakes the workers (`Workers.receive`); False for a repeat. Blocks: use a thread."""

BOLD = "**"


class Channel(Protocol):
    """A messaging platform the outbox is sent through.

    `capacity` is how many choices one screen shows, `text_limit` the UTF-16 units one platform message holds.
    """

    name: str
    capacity: int
    text_limit: int

    async def send(self, person: str, message: Outgoing) -> None:
        """Hand one reply to the platform; return once it has accepted it.

        Raises:
            Retry: a passing fault; Rejected: the platform will never take it; Unreachable: the person is gone.
        """
        ...


def web_path(path: str) -> str:
    """Where our web server has a picture, recording or card of a message, without its address."""
    return f"/{path}" if path.startswith((CARDS, "media/")) else f"/media/{path}"


def pieces(message: Outgoing, limit: int) -> list[Outgoing]:
    """The bubble cut into platform messages of at most `limit` UTF-16 units of text (before mark-up is rendered).

    Each picture or recording comes first as a piece of its own; the buttons go with the last piece of text. Bold that
    spans a cut is closed and opened again. The last piece may have an empty text if the message has none.
    """
    media = [Outgoing("", media=(medium,), urgent=message.urgent) for medium in message.media]
    texts = balanced(split_text(message.text, limit - 2 * len(BOLD))) or [""]
    if media and texts == [""] and not (message.buttons or message.nav):
        return media
    before = [Outgoing(text, urgent=message.urgent) for text in texts[:-1]]
    return [*media, *before, replace(message, text=texts[-1], media=())]


def balanced(texts: Sequence[str]) -> list[str]:
    """The pieces of one text with bold that a cut left open closed before the cut and opened after it."""
    done, opened = [], False
    for number, text in enumerate(texts, 1):
        whole = f"{BOLD}{text}" if opened else text
        opened = whole.count(BOLD) % 2 == 1
        done.append(f"{whole}{BOLD}" if opened and number < len(texts) else whole)
    return done


def joined(rest: Sequence[Outgoing]) -> Outgoing:
    """Pieces not yet sent as one bubble again, for the outbox to keep."""
    text = "\n\n".join(piece.text for piece in rest if piece.text)
    return replace(rest[-1], text=text, media=tuple(medium for piece in rest for medium in piece.media))


async def send_pieces(parts: Sequence[Outgoing], send_one: Callable[[Outgoing], Awaitable[object]]) -> None:
    """Send the pieces in order. A SendError after the first piece carries what is left, so that nothing is sent twice."""
    for number, part in enumerate(parts):
        try:
            await send_one(part)
        except SendError as error:
            if number:
                error.rest = joined(parts[number:])
            raise
