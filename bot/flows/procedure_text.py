"""A record turned into the paragraphs of a screen: as recorded, named as such, cut where a card has no room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from typing import Final

from bot.flows.base import Ctx
from knowledge.procedures import render
from knowledge.procedures.model import Procedure

ROOM: Final = 550  # characters of a list on the card; the rest is one button away
NOTE_ROOM: Final = 220
TITLE_ROOM: Final = 220  # some titles list a page of cases

Part = Callable[[Ctx, Procedure], str]


def label(ctx: Ctx, procedure: Procedure) -> str:
    """The line that tells a record from reviewed material, with what else to be careful about."""
    lines = [ctx.say("procedure.label", month=render.month(procedure))]
    lines += [ctx.say("procedure.district")] if procedure.mentions_district else []
    return "\n".join(lines)


def title(procedure: Procedure) -> str:
    return cut(procedure.title, TITLE_ROOM)


def head(ctx: Ctx, procedure: Procedure) -> str:
    """Title, code, field, ministry and level."""
    named = {"title": title(procedure), "code": procedure.code, "field": procedure.field}
    return ctx.say("procedure.head", **named, ministry=render.ministry(procedure), level=procedure.level)


def link(ctx: Ctx, procedure: Procedure) -> str:
    return ctx.say("procedure.link", link=procedure.link)


def papers(ctx: Ctx, procedure: Procedure) -> str:
    """All documents of the record."""
    lines = render.papers(procedure)
    return "\n".join([ctx.say("procedure.papers"), *lines]) if lines else ctx.say("procedure.no_papers")


def short_papers(ctx: Ctx, procedure: Procedure) -> str:
    """As many documents as a card has room for."""
    lines = render.papers(procedure)
    if not lines:
        return ctx.say("procedure.no_papers")
    kept = _fitting([cut(line, NOTE_ROOM) for line in lines])
    return "\n".join([ctx.say("procedure.papers"), *kept, *(["- …"] if len(kept) < len(lines) else [])])


def time_fee(ctx: Ctx, procedure: Procedure) -> str:
    """Time and fee by way of handing in, notes in full."""
    return _time_fee(ctx, procedure, 10_000)


def short_time_fee(ctx: Ctx, procedure: Procedure) -> str:
    """The same with short notes, for a card."""
    return _time_fee(ctx, procedure, NOTE_ROOM)


def _time_fee(ctx: Ctx, procedure: Procedure, room: int) -> str:
    ways = [_way(ctx, way, room) for way in render.ways(procedure)]
    lines = ways or [f"- {cut(render.time_fee(procedure), room)}"]
    kept = lines if room > NOTE_ROOM else _fitting(lines)
    return "\n".join([ctx.say("procedure.time"), *kept])


def _way(ctx: Ctx, way: render.Way, room: int) -> str:
    time = ctx.say("procedure.no_unit", time=way.time) if way.time.isdigit() else way.time or ctx.say("procedure.no_time")
    fee = (
        ctx.say("procedure.fee_doubt" if way.doubtful else "procedure.fee", fee=way.fee)
        if way.fee
        else ctx.say("procedure.no_fee")
    )
    note = [ctx.say("procedure.note", note=cut(way.note, room))] if way.note else []
    return f"- {', '.join(way.ways)}: {'; '.join([time, fee, *note])}"


def steps(ctx: Ctx, procedure: Procedure) -> str:
    return f"{ctx.say('procedure.steps')}\n{render.steps(procedure)}"


def conditions(ctx: Ctx, procedure: Procedure) -> str:
    """For whom the procedure is, and on what conditions."""
    found = render.conditions(procedure)
    who = [ctx.say("procedure.audience", audience=procedure.audience)] if procedure.audience else []
    return "\n\n".join([*who, *([f"{ctx.say('procedure.conditions')}\n{found}"] if found else [])])


def _fitting(lines: Iterable[str]) -> list[str]:
    """The first lines that fit on a card, at least one."""
    kept: list[str] = []
    for line in lines:
        if kept and sum(map(len, kept)) + len(line) > ROOM:
            break
        kept.append(line)
    return kept


def cut(text: str, room: int) -> str:
    """At most `room` characters, cut at a word."""
    return text if len(text) <= room else text[: room - 1].rsplit(" ", 1)[0].rstrip(" ,;") + "…"


def told_apart(names: Sequence[str], room: int) -> list[str]:
    """The names, those that would look alike in `room` characters without the words they begin with in common."""
    shown = [name[:room] for name in names]
    return [
        _without_shared(name, [other for n, other in enumerate(names) if n != at and shown[n] == shown[at]])
        for at, name in enumerate(names)
    ]


def _without_shared(name: str, alike: Sequence[str]) -> str:
    words = name.split()
    shared = max((_begun_alike(words, other.split()) for other in alike if other != name), default=0)
    return f"…{' '.join(words[shared:])}" if 0 < shared < len(words) else name


def _begun_alike(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


PARTS: Final[dict[str, Part]] = {"papers": papers, "time": time_fee, "steps": steps, "conditions": conditions}
