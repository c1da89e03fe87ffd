"""The token pair: renewed by one at a time, stored before it is used, and a clear word when an administrator is needed."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.channels.zalo_oa_tokens import ConsentNeeded
from bot.delivery import Retry
from bot.messages import Outgoing
from bot.secrets_store import SecretStore
from storage import Database, open_database
from tests.channels.zalo_world import PERSON, PHRASE, SEED, Clock, Oa, opened_oa, sqlite_copy
from tests.peers.fake_zalo import FakeZalo, serving

HELLO = Outgoing("Xin chào")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def zalo() -> Iterator[FakeZalo]:
    with serving() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    opened = sqlite_copy(sqlite_template, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def oa_on_both(zalo: FakeZalo, database_url: str, clock: Clock) -> Iterator[Oa]:
    """Where locking matters: on SQLite and on PostgreSQL."""
    database = open_database(database_url)
    with opened_oa(zalo, database, clock) as opened:
        yield opened
    database.close()


@pytest.fixture
def oa(zalo: FakeZalo, database: Database, clock: Clock) -> Iterator[Oa]:
    with opened_oa(zalo, database, clock) as opened:
        yield opened


def test_the_configured_refresh_token_is_exchanged_at_first_use(oa: Oa, zalo: FakeZalo) -> None:
    assert oa.run(oa.tokens.current()) == zalo.access_token
    assert oa.stored.refresh_token == zalo.refresh_token
    assert zalo.spent == {SEED}


def test_the_pair_is_stored_encrypted(oa: Oa, database: Database, zalo: FakeZalo) -> None:
    oa.send(HELLO)
    with database.reading() as session:
        rows = session.execute(text("SELECT * FROM secrets")).all()
    assert len(rows) == 1
    assert zalo.access_token not in str(rows) and zalo.refresh_token not in str(rows)


def test_the_new_pair_is_stored_before_it_is_used(oa: Oa, zalo: FakeZalo) -> None:
    stored_at_send = []
    zalo.on_send = lambda token: stored_at_send.append((token, oa.stored.access_token, oa.stored.refresh_token))
    oa.send(HELLO)
    assert stored_at_send == [(zalo.access_token, zalo.access_token, zalo.refresh_token)]


def test_a_restart_goes_on_with_the_stored_pair(zalo: FakeZalo, database: Database, clock: Clock) -> None:
    for _ in range(3):
        with opened_oa(zalo, database, clock) as oa:
            oa.send(HELLO)
    assert zalo.refreshes == 1


def test_the_token_is_renewed_after_twenty_hours(oa: Oa, zalo: FakeZalo, clock: Clock) -> None:
    oa.send(HELLO)
    clock.forward(hours=19, minutes=59)
    oa.send(HELLO)
    assert zalo.refreshes == 1
    clock.forward(minutes=2)
    oa.send(HELLO)
    assert zalo.refreshes == 2


@pytest.mark.parametrize("code", [-216, -220])
def test_a_token_refused_in_the_middle_is_renewed_once_and_the_message_goes_out(oa: Oa, zalo: FakeZalo, code: int) -> None:
    oa.send(HELLO)
    zalo.fail("send", body={"error": code, "message": "access token has expired"})
    oa.send(HELLO)
    assert (zalo.refreshes, zalo.texts(PERSON)) == (2, ["Xin chào", "Xin chào"])


def test_a_token_refused_twice_is_tried_again_later(oa: Oa, zalo: FakeZalo) -> None:
    for _ in range(2):
        zalo.fail("send", body={"error": -216})
    with pytest.raises(Retry, match="-216"):
        oa.send(HELLO)
    assert zalo.refreshes == 2  # at first use, and once for the refusal


def test_many_sends_at_once_renew_once(oa_on_both: Oa, zalo: FakeZalo) -> None:
    zalo.oauth_delay = 0.3

    async def all_at_once() -> None:
        await asyncio.gather(*(oa_on_both.channel.send(str(n), HELLO) for n in range(12)))

    oa_on_both.run(all_at_once())
    zalo.expire()
    oa_on_both.run(all_at_once())
    assert (zalo.refreshes, len(zalo.sent)) == (2, 24)


def test_threads_with_loops_of_their_own_renew_once(zalo: FakeZalo, database_url: str, clock: Clock) -> None:
    zalo.oauth_delay = 0.3
    database, got = open_database(database_url), []

    def one() -> None:
        with opened_oa(zalo, database, clock) as oa:
            got.append(oa.run(oa.tokens.current()))

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    assert (zalo.refreshes, got) == (1, [zalo.access_token] * 6)


PROCESS = """
import asyncio, json, sys
from datetime import UTC, datetime
from storage import open_database
from tests.channels.zalo_world import opened_oa
from tests.peers.fake_zalo import FakeZalo

url, server = sys.argv[1:]
zalo = FakeZalo()
zalo.url = server
database = open_database(url)
with opened_oa(zalo, database, lambda: datetime.now(UTC)) as oa:
    print("ready", flush=True)
    for line in sys.stdin:
        refused = json.loads(line)
        async def many():
            ask = oa.tokens.renewed(refused) if refused else oa.tokens.current()
            return await asyncio.gather(ask, *(oa.tokens.renewed(refused) for _ in range(3)))
        print(json.dumps(oa.run(many())), flush=True)
database.close()
"""


class Process:
    def __init__(self, url: str, zalo: FakeZalo) -> None:
        command = [sys.executable, "-c", PROCESS, url, zalo.url]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout and self._process.stdout.readline() == "ready\n"

    def ask(self, refused: str | None) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(refused) + "\n")
        self._process.stdin.flush()

    def answer(self) -> list[str]:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=20)


def test_two_processes_renew_once(zalo: FakeZalo, database_url: str) -> None:
    zalo.oauth_delay = 0.2
    processes = [Process(database_url, zalo) for _ in range(2)]
    refused = None
    for round_ in range(1, 4):
        for process in processes:
            process.ask(refused)
        answers = [process.answer() for process in processes]
        assert {token for answer in answers for token in answer} == {zalo.access_token}
        assert zalo.refreshes == round_
        refused = zalo.access_token
        zalo.expire()
    for process in processes:
        process.close()


def test_a_process_that_died_while_renewing_holds_nobody_up_for_long(oa_on_both: Oa, zalo: FakeZalo, clock: Clock) -> None:
    oa_on_both.tokens._begin(None)  # took the lease and died
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.channels.zalo_oa_tokens.WAIT_SECONDS", 0.2)
        with pytest.raises(Retry, match="another process"):
            oa_on_both.send(HELLO)
    clock.forward(minutes=2)
    oa_on_both.send(HELLO)
    assert zalo.refreshes == 1


def test_a_send_given_up_on_does_not_lose_the_new_pair(oa: Oa, zalo: FakeZalo) -> None:
    zalo.oauth_delay = 0.4

    async def give_up() -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.1):
                await oa.channel.send(PERSON, HELLO)
        await oa.tokens.close()

    oa.run(give_up())
    assert zalo.refreshes == 1 and oa.stored.refresh_token == zalo.refresh_token


def test_a_database_away_for_a_moment_does_not_lose_the_new_pair(oa: Oa, zalo: FakeZalo, monkeypatch: pytest.MonkeyPatch) -> None:
    real, tries = oa.tokens._keep, []

    def keep(pair: object) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("database away")
        real(pair)  # type: ignore[arg-type]

    monkeypatch.setattr(oa.tokens, "_keep", keep)
    oa.send(HELLO)
    assert oa.stored.refresh_token == zalo.refresh_token


# --- when an administrator is needed ---


@pytest.fixture
def spent(oa: Oa, zalo: FakeZalo) -> Oa:
    """The stored pair is worth nothing any more."""
    oa.send(HELLO)
    zalo.expire()
    zalo.refresh_token = "somebody-else-has-it"
    return oa


def test_a_refused_refresh_token_is_said_clearly_and_in_every_process(
    spent: Oa, zalo: FakeZalo, database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ConsentNeeded, match="consent") as error:
        spent.send(HELLO)
    assert error.value.after  # the reply waits, its tries do not run out
    assert "-14014" in str(spent.channel.problem())
    assert [r.levelno for r in caplog.records if "consent" in r.message] == [logging.ERROR]
    with opened_oa(zalo, database, clock) as other:
        assert "HOCVUSO_ZALO_OA_REFRESH_TOKEN" in str(other.channel.problem())


def test_zalo_is_not_asked_again_at_every_message_but_now_and_then(spent: Oa, zalo: FakeZalo, clock: Clock) -> None:
    for _ in range(4):
        with pytest.raises(ConsentNeeded):
            spent.send(HELLO)
    assert zalo.calls.count("/v4/oa/access_token") == 2  # at first use, and one refusal
    zalo.refresh_token = spent.stored.refresh_token  # it was a fault of Zalo's
    clock.forward(minutes=61)
    spent.send(HELLO)
    assert spent.channel.problem() is None


def test_a_new_consent_is_used_after_a_restart(spent: Oa, zalo: FakeZalo, database: Database, clock: Clock) -> None:
    with pytest.raises(ConsentNeeded):
        spent.send(HELLO)
    zalo.refresh_token = "token-of-a-new-consent"
    with opened_oa(zalo, database, clock, seed="token-of-a-new-consent") as again:
        again.send(HELLO)
        assert again.channel.problem() is None
    with opened_oa(zalo, database, clock, seed="token-of-a-new-consent") as restarted:
        restarted.send(HELLO)
    assert len(zalo.sent) == 3


def test_while_the_old_token_works_a_failing_renewal_keeps_nobody_waiting(oa: Oa, zalo: FakeZalo, clock: Clock) -> None:
    oa.send(HELLO)
    zalo.refresh_token = "somebody-else-has-it"
    clock.forward(hours=21)
    for _ in range(3):
        oa.send(HELLO)
    assert len(zalo.sent) == 4 and "consent" in str(oa.channel.problem())
    clock.forward(hours=4)
    with pytest.raises(ConsentNeeded):
        oa.send(HELLO)


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 429}, {"body": b"<html>"}])
def test_a_fault_of_the_oauth_server_is_not_a_refusal(oa: Oa, zalo: FakeZalo, fault: dict[str, object]) -> None:
    zalo.fail("oauth", **fault)
    with pytest.raises(Retry) as error:
        oa.send(HELLO)
    assert not isinstance(error.value, ConsentNeeded) and oa.channel.problem() is None
    oa.send(HELLO)  # the lease was given back


@pytest.mark.parametrize(
    "answer", [{"error": -14002, "error_name": "Invalid appId"}, {"access_token": ""}, {}, {"access_token": "a"}]
)
def test_whatever_else_is_no_pair_needs_an_administrator(oa: Oa, zalo: FakeZalo, answer: dict[str, object]) -> None:
    zalo.fail("oauth", body=answer)
    with pytest.raises(ConsentNeeded):
        oa.send(HELLO)


@pytest.mark.parametrize(("given", "seconds"), [("90000", 90000), (3600, 3600), (None, 90000), ("soon", 90000), (-5, 1)])
def test_the_life_of_a_token_may_come_as_a_string(oa: Oa, zalo: FakeZalo, given: object, seconds: int) -> None:
    zalo.fail("oauth", body={"access_token": "a", "refresh_token": "b", "expires_in": given})
    oa.run(oa.tokens.renewed())
    assert oa.stored.seconds == seconds


def test_no_refresh_token_at_all_is_said(zalo: FakeZalo, database: Database, clock: Clock) -> None:
    with opened_oa(zalo, database, clock, seed="") as oa:
        assert "HOCVUSO_ZALO_OA_REFRESH_TOKEN" in str(oa.channel.problem())
        with pytest.raises(ConsentNeeded):
            oa.send(HELLO)


def test_another_key_is_said_and_destroys_nothing(oa: Oa, zalo: FakeZalo, database: Database, clock: Clock) -> None:
    oa.send(HELLO)
    with opened_oa(zalo, database, clock, phrase="another-key-0123456789-0123456789") as other:
        with pytest.raises(ConsentNeeded, match="HOCVUSO_SECRET_KEY"):
            other.send(HELLO)
        assert "HOCVUSO_SECRET_KEY" in str(other.channel.problem())
    assert oa.stored.refresh_token == zalo.refresh_token


def test_an_idle_account_is_looked_after(oa: Oa, zalo: FakeZalo) -> None:
    async def idle() -> None:
        async with oa.channel.running():
            await asyncio.sleep(0.3)

    oa.run(idle())
    assert zalo.refreshes == 1


def test_a_late_refusal_does_not_hide_a_pair_that_came_meanwhile(oa_on_both: Oa, zalo: FakeZalo) -> None:
    job = oa_on_both.tokens._begin(None)
    with oa_on_both.store.editing(oa_on_both.tokens._name) as secret:  # another process, after our lease had run out
        secret.leased_until = None
    oa_on_both.run(oa_on_both.tokens.current())
    assert oa_on_both.tokens._note_refusal(job, -14014) == oa_on_both.stored  # type: ignore[arg-type]
    assert oa_on_both.channel.problem() is None


def test_the_store_keeps_names_apart_and_counts_versions(database_url: str) -> None:
    database = open_database(database_url)
    store = SecretStore(database, PHRASE)
    with store.editing("a") as secret:
        assert secret.text is None
        secret.text = "một"
    with store.editing("a") as secret:
        secret.text = "hai"
        assert secret.version == 2
    with suppress(RuntimeError), store.editing("a") as secret:
        secret.text = "ba"
        raise RuntimeError
    assert (store.read("a"), store.read("b")) == ("hai", None)
    database.close()
