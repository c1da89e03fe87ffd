"""Who lives in the demo commune: households around a phone, invented from common names by a seeded random."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from bot.demo.questions import Typing

COMMUNE: Final = "16063"  # Xã Hoa Lộc, Thanh Hóa
NEIGHBOUR: Final = "15976"  # Xã Hoằng Châu: a few learners whom the commune's own account must not see
ELSEWHERE: Final = 0.1  # share of households of the neighbouring commune
RETICENT: Final = 0.12  # share of residents who skip the questions about group and place
ASKING_ONLY: Final = 0.25  # phones that only ask, per learner on the others
JOINING: Final = 0.3  # share of one-person households that join a second app
CHANNELS: Final = {"zalo_oa": 45, "telegram": 15, "web": 30, "zalo_bot": 10}

WOMEN: Final = "Lan Hoa Hương Thu Hằng Nga Thảo Yến Loan Tuyết Mai Hạnh Liên Ngọc Thúy Oanh Nhung Phượng Xuân Thơm Bưởi Mận"
MEN: Final = "Hùng Dũng Tuấn Nam Sơn Hải Long Minh Quân Thắng Bình Cường Đức Khánh Lâm Phúc Toàn Vinh Tài Thịnh Kiên Luân"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is usual in an audience group.

    Args:
        address: how women and men of it want to be spoken to.
        simple: share that wants plainer texts.
        skill: share of quiz questions answered right at first.
        zeal: mean number of visits in the whole time.
        hours: hours of the day (Vietnam) at which they come.
    """

    weight: int
    address: tuple[str, str]
    simple: float
    skill: float
    zeal: int
    hours: tuple[int, ...]


KINDS: Final = {
    "nguoi-cao-tuoi": Kind(22, ("bac", "bac"), 0.7, 0.62, 5, (7, 8, 9, 15, 16)),
    "nong-dan": Kind(24, ("co", "chu"), 0.4, 0.68, 4, (11, 12, 19, 20)),
    "tieu-thuong": Kind(14, ("chi", "anh"), 0.2, 0.76, 5, (9, 13, 14, 20)),
    "cong-nhan": Kind(12, ("chi", "anh"), 0.1, 0.78, 3, (12, 20, 21)),
    "can-bo": Kind(6, ("chi", "anh"), 0.0, 0.9, 9, (8, 10, 14, 16)),
    "hoc-sinh": Kind(12, ("em", "em"), 0.1, 0.84, 6, (17, 19, 20)),
    "nguoi-dan": Kind(10, ("co", "chu"), 0.3, 0.72, 4, (8, 12, 19)),
}


@dataclass(frozen=True, slots=True)
class Resident:
    """One learner. `audience` and `commune` are None for somebody who skips those questions."""

    name: str
    kind: Kind
    address: str
    level: str
    audience: str | None
    commune: str | None
    child: bool


@dataclass(frozen=True, slots=True)
class Household:
    """A phone and who learns on it; nobody on a phone that only asks. `joins` is a second app of theirs."""

    person: str
    channel: str
    typing: Typing
    residents: tuple[Resident, ...]
    joins: str | None


def village(people: int, rng: Random, prefix: str) -> list[Household]:
    """Households with that many learners together, and phones that only ask; person ids start with `prefix`."""
    found: list[Household] = []
    left = people
    while left > 0:
        size = min(left, rng.choices((1, 2, 3), (55, 30, 15))[0])
        found.append(_household(f"{prefix}{len(found) + 1:03}", size, rng))
        left -= size
    asking = round(people * ASKING_ONLY)
    return found + [_household(f"{prefix}{len(found) + n + 1:03}", 0, rng) for n in range(asking)]


def _household(person: str, size: int, rng: Random) -> Household:
    commune = NEIGHBOUR if rng.random() < ELSEWHERE else COMMUNE
    names = rng.sample([(name, 0) for name in WOMEN.split()] + [(name, 1) for name in MEN.split()], size)
    channel, second = rng.choices(list(CHANNELS), list(CHANNELS.values()), k=2)
    joins = second if size == 1 and second != channel and rng.random() < JOINING else None
    residents = tuple(_resident(name, sex, commune, rng) for name, sex in names)
    return Household(person, channel, rng.choice(list(Typing)), residents, joins)


def _resident(name: str, sex: int, commune: str, rng: Random) -> Resident:
    audience = rng.choices(list(KINDS), [kind.weight for kind in KINDS.values()])[0]
    kind, silent = KINDS[audience], rng.random() < RETICENT
    level = "simple" if rng.random() < kind.simple else "standard"
    child = audience == "hoc-sinh" and rng.random() < 0.7
    group, place = (None, None) if silent else (audience, commune)
    return Resident(name, kind, kind.address[sex], level, group, place, child)
