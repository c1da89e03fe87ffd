"""A run explained to curators: figures, a traffic light a topic, confusions, faults. Pure: a run goes in, a value comes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from retrieval.changes import Changes, changes
from retrieval.evaluate import share
from retrieval.runs import Asked, Run
from retrieval.verdicts import Group, Verdict, group_of, hit, verdict_of

FAIR: Final = 0.55  # green: the whole interval lies at or above this …
GOOD: Final = 0.80  # … and reaches this; red: it neither starts at FAIR nor reaches GOOD
FEWEST: Final = 5  # questions below which nothing is concluded
WIDEST: Final = 0.60  # an interval wider than this says nothing
SHOWN_CONFUSIONS: Final = 12


@dataclass(frozen=True, slots=True)
class Measured:
    """`count` of `n`, with the 95 % Wilson interval of the share; share and interval are None when n is 0."""

    count: int
    n: int
    share: float | None
    low: float | None
    high: float | None

    @property
    def interval(self) -> tuple[float, float]:
        """Nothing measured leaves everything possible."""
        return (self.low or 0.0, 1.0 if self.high is None else self.high)


def measured(flags: Iterable[bool]) -> Measured:
    """How many of these are true."""
    found = share(flags)
    return Measured(found["count"], found["n"], found["share"], found["low"], found["high"])


class Light(StrEnum):
    """From worst to best; UNKNOWN is too little to say."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    UNKNOWN = "unknown"


def light_of(found: Measured) -> Light:
    """The light of a share, from its interval and never from the share alone."""
    low, high = found.interval
    if found.n < FEWEST or high - low > WIDEST:
        return Light.UNKNOWN
    if low >= FAIR and high >= GOOD:
        return Light.GREEN
    return Light.RED if low < FAIR and high < GOOD else Light.YELLOW


@dataclass(frozen=True, slots=True)
class Tally:
    """How a set of questions went; `name` is a style, a group or ""."""

    name: str
    right: Measured
    asked: Measured
    no_help: Measured
    wrong: Measured

    @property
    def n(self) -> int:
        return self.right.n


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic with a lesson. `weak`: styles in which a question of it was not answered right."""

    topic: str
    title: str
    light: Light
    right: Measured
    examples: int
    weak: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what became of it."""

    asked: Asked
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Confusion:
    """Questions about `expected` for which `found` came first (None: not taken for a question, or nothing found)."""

    expected: str
    found: str | None
    cases: tuple[Case, ...]

    @property
    def wrong(self) -> int:
        """How many of them were answered with the other topic."""
        return sum(case.verdict is Verdict.WRONG for case in self.cases)


@dataclass(frozen=True, slots=True)
class Report:
    """What a curator reads. `groups` are the tallies besides lessons that have questions; `more_confusions` are not listed."""

    run: Run
    lessons: Tally
    styles: tuple[Tally, ...]
    groups: tuple[Tally, ...]
    topics: tuple[TopicLine, ...]
    untested: tuple[str, ...]
    confusions: tuple[Confusion, ...]
    more_confusions: int
    wrong: tuple[Case, ...]
    false_answers: tuple[Case, ...]
    missed: tuple[Case, ...]
    alarms: tuple[Case, ...]
    calm: Measured
    changes: Changes | None

    def lights(self, light: Light) -> int:
        """How many topics have that light."""
        return sum(line.light is light for line in self.topics)


def report_of(run: Run, before: Run | None = None) -> Report:
    """The report on a run, compared with an earlier one of the same questions."""
    cases = [Case(asked, verdict_of(asked, run.covered)) for asked in run.asked]
    by_group = {group: [c for c in cases if group_of(c.asked, run.covered) is group] for group in Group}
    lessons = by_group[Group.LESSON]
    topics = _topics(run, lessons)
    confusions = _confusions(run, lessons)
    calm = [case for case in cases if not case.asked.urgent]
    tested = {line.topic for line in topics}
    return Report(
        run=run,
        lessons=tally("", lessons),
        styles=tuple(tally(style, _styled(lessons, style)) for style in dict.fromkeys(c.asked.style for c in lessons)),
        groups=tuple(tally(group, found) for group, found in by_group.items() if group is not Group.LESSON and found),
        topics=topics,
        untested=tuple(sorted(run.title(topic) for topic in run.covered - tested)),
        confusions=tuple(confusions[:SHOWN_CONFUSIONS]),
        more_confusions=max(len(confusions) - SHOWN_CONFUSIONS, 0),
        wrong=_wrong(lessons + by_group[Group.PROCEDURE]),
        false_answers=_wrong(by_group[Group.OUTSIDE] + by_group[Group.PLANNED]),
        missed=_wrong(by_group[Group.DANGER]),
        alarms=tuple(case for case in calm if case.asked.danger),
        calm=measured(case.asked.danger for case in calm),
        changes=changes(run, before) if before else None,
    )


def tally(name: str, cases: Sequence[Case]) -> Tally:
    """The four verdicts over these cases."""
    counted = (measured(case.verdict is verdict for case in cases) for verdict in Verdict)
    return Tally(name, *counted)


def _styled(cases: Sequence[Case], style: str) -> list[Case]:
    return [case for case in cases if case.asked.style == style]


def _wrong(cases: Iterable[Case]) -> tuple[Case, ...]:
    return tuple(case for case in cases if case.verdict is Verdict.WRONG)


def written_for(asked: Asked, run: Run) -> str:
    """The topic a question counts for: the first expected one that has a lesson."""
    return next(topic for topic in asked.topics if topic in run.covered)


def _topics(run: Run, lessons: Sequence[Case]) -> tuple[TopicLine, ...]:
    """Red first; within a light the least right first."""
    found: dict[str, list[Case]] = {}
    for case in lessons:
        found.setdefault(written_for(case.asked, run), []).append(case)
    lines = [_topic(run, topic, cases) for topic, cases in found.items()]
    return tuple(sorted(lines, key=lambda line: (list(Light).index(line.light), line.right.share or 0, line.title)))


def _topic(run: Run, topic: str, cases: Sequence[Case]) -> TopicLine:
    right = measured(case.verdict is Verdict.RIGHT for case in cases)
    weak = dict.fromkeys(case.asked.style for case in cases if case.verdict is not Verdict.RIGHT)
    return TopicLine(topic, run.title(topic), light_of(right), right, run.topics[topic].examples, tuple(weak))


def _confusions(run: Run, lessons: Sequence[Case]) -> list[Confusion]:
    """Those that gave wrong answers most often come first."""
    pairs: dict[tuple[str, str | None], list[Case]] = {}
    for case in lessons:
        if case.verdict is not Verdict.RIGHT and not hit(case.asked, 1):
            found = case.asked.found[0] if case.asked.found else None
            pairs.setdefault((written_for(case.asked, run), found), []).append(case)
    made = [Confusion(expected, found, tuple(cases)) for (expected, found), cases in pairs.items()]
    return sorted(made, key=lambda one: (-one.wrong, -len(one.cases), one.expected, one.found or ""))
