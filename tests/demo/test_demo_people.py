"""Who lives in the demo commune and when they come: pure, the same for the same seed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.demo.marks import PREFIX
from bot.demo.people import COMMUNE, KINDS, NEIGHBOUR, village
from bot.demo.questions import Typing, matters, typed
from bot.demo.visiting import DAYS, LONGEST, visits
from bot.web.requests import SESSION
from learning.communes import communes
from learning.people import AUDIENCES, MAX_PEOPLE, clean_name

NOW = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("people", [1, 7, 60])
def test_as_many_learners_as_asked_for(people: int) -> None:
    households = village(people, Random(5), PREFIX)
    assert sum(len(household.residents) for household in households) == people
    assert max(len(household.residents) for household in households) <= MAX_PEOPLE
    assert len({household.person for household in households}) == len(households)


def test_the_same_seed_makes_the_same_people_and_visits() -> None:
    def made(seed: int) -> object:
        rng = Random(seed)
        return visits(village(20, rng, PREFIX), NOW, rng)

    assert made(1) == made(1) != made(2)


def test_people_of_one_phone_have_different_names_that_can_be_kept() -> None:
    for household in village(200, Random(5), PREFIX):
        names = [resident.name for resident in household.residents]
        assert len(set(names)) == len(names) and all(clean_name(name) == name for name in names)


def test_groups_and_communes_exist() -> None:
    assert set(KINDS) == set(AUDIENCES)
    assert {COMMUNE, NEIGHBOUR} <= set(communes())


def test_visits_come_in_order_within_eight_weeks_and_end_before_now() -> None:
    rng = Random(5)
    moments = [visit.at for visit in visits(village(60, rng, PREFIX), NOW, rng)]
    assert moments == sorted(moments)
    assert NOW - timedelta(days=DAYS + 1) < moments[0] and moments[-1] <= NOW - LONGEST


def test_no_browser_session_can_pass_for_a_demo_person() -> None:
    assert SESSION.fullmatch(f"{PREFIX}001") is None


def test_the_ways_of_typing() -> None:
    assert typed("Đổi thẻ ở đâu?", Typing.ACCENTS) == "Đổi thẻ ở đâu?"
    assert typed("Đổi thẻ ở đâu?", Typing.HASTY) == "đổi thẻ ở đâu"
    assert typed("Đổi thẻ ở đâu?", Typing.PLAIN) == "doi the o dau"


def test_every_matter_is_asked_in_several_ways() -> None:
    assert all(len(matter.ask) > 1 and matter.weight > 0 for matter in matters())
