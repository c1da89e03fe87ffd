"""Access to the Official Account: a token pair that changes about once a day, in one process at a time.

The refresh token works once: whoever uses it must store the new pair before anybody else tries. A row of
the database, leased for the length of the call, decides who renews; the others wait and read the result.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from pydantic import BaseModel, Field

from bot.channels.zalo_http import Answer, post
from bot.channels.zalo_oa_errors import AdminNeeded
from bot.delivery import Retry
from bot.secrets_store import Secret, SecretStore, SecretUnreadable

log = logging.getLogger(__name__)

FRESH_SHARE = 0.8  # of its life an access token is used before it is renewed: 20 of 25 hours
LIFE_SECONDS = 90_000  # where Zalo does not say
MARGIN = timedelta(seconds=60)  # an access token this close to its end is not used
LEASE = timedelta(seconds=30)  # longer than `TIMEOUT`
TIMEOUT = httpx.Timeout(15.0, connect=4.0)  # patient: an answer given up on may have held the only valid pair
WAIT_SECONDS = 12.0  # how long to wait for another's renewal
LOOK_SECONDS = 0.1
TRY_AGAIN = timedelta(hours=1)  # after a refusal; a fault on Zalo's side heals without anybody
PAUSE = timedelta(seconds=60)  # after a renewal that failed while the old token still works
STORE_TRIES = 5
CONSENT = (
    "Zalo OA: an administrator must give consent again (error {code}): take a new refresh token from the API Explorer of the "
    "Zalo developer console, set HOCVUSO_ZALO_OA_REFRESH_TOKEN and restart"
)
NOT_SET = "Zalo OA: no refresh token: set HOCVUSO_ZALO_OA_REFRESH_TOKEN"


class ConsentNeeded(AdminNeeded):
    """The refresh token is spent, expired or was never given."""

    def __init__(self, message: str) -> None:
        super().__init__(message, after=300.0)


class Pair(BaseModel):
    """What is stored, encrypted: the newest tokens, or why there are none."""

    access_token: str = Field(default="", repr=False)
    refresh_token: str = Field(default="", repr=False)
    obtained_at: datetime = datetime.fromtimestamp(0, UTC)
    seconds: int = LIFE_SECONDS
    problem: str = ""
    problem_at: datetime = datetime.fromtimestamp(0, UTC)

    def is_fresh(self, now: datetime) -> bool:
        """Good to use and not yet due for renewal."""
        return bool(self.access_token) and now < self.obtained_at + timedelta(seconds=FRESH_SHARE * self.seconds)

    def is_valid(self, now: datetime) -> bool:
        """Still accepted by Zalo as far as we know."""
        return bool(self.access_token) and now < self.obtained_at + timedelta(seconds=self.seconds) - MARGIN


@dataclass(frozen=True, slots=True)
class OaApp:
    """The app as the developer console shows it. `seed` is the refresh token an administrator configured."""

    app_id: str
    app_secret: str
    seed: str
    oauth_url: str

    def __repr__(self) -> str:
        return f"OaApp({self.app_id!r})"

    @property
    def row(self) -> str:
        """The name of the stored pair. A newly configured refresh token starts a row of its own."""
        return f"zalo_oa:{self.app_id[:24]}:{hashlib.sha256(self.seed.encode()).hexdigest()[:16]}"


class OaTokens:
    """The current access token, renewed when due. Safe for threads, event loops and processes."""

    def __init__(
        self, app: OaApp, store: SecretStore, http: httpx.AsyncClient, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._app, self._store, self._http, self._clock = app, store, http, clock
        self._name = app.row
        self._cached = Pair()
        self._pause_until = datetime.fromtimestamp(0, UTC)
        self._renewing: set[asyncio.Task[Pair]] = set()

    async def current(self) -> str:
        """A token to use now. Raises ConsentNeeded when there is none to be had, Retry when Zalo cannot be asked."""
        now, pair = self._clock(), self._cached
        if pair.is_fresh(now) or (pair.is_valid(now) and now < self._pause_until):
            return pair.access_token
        try:
            return await self.renewed()
        except Retry:
            self._pause_until = now + PAUSE
            pair = await asyncio.to_thread(self._stored)
            if not pair.is_valid(now):
                raise
            self._cached = pair
            return pair.access_token

    async def renewed(self, refused: str | None = None) -> str:
        """A fresh token other than `refused`, renewed by us or by whoever is at it already. Raises as `current`."""
        deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
        while (found := await asyncio.to_thread(self._begin, refused)) is None:
            if asyncio.get_running_loop().time() > deadline:
                raise Retry("another process is renewing the access token", after=5.0)
            await asyncio.sleep(LOOK_SECONDS)
        if isinstance(found, _Job):
            found = await self._uninterrupted(found)
        self._cached = found
        return found.access_token

    def problem(self) -> str | None:
        """What an administrator has to do, whichever process found out; None when all is well. Blocks on the database."""
        try:
            pair = self._stored()
        except ConsentNeeded as error:
            return str(error)
        return NOT_SET if not pair.refresh_token else pair.problem or None

    async def close(self) -> None:
        """Let a renewal in hand finish: its answer holds the only valid pair."""
        if self._renewing:
            await asyncio.wait(self._renewing)

    async def _uninterrupted(self, job: _Job) -> Pair:
        """A send that is given up on must not take the renewal with it."""
        task = asyncio.create_task(self._renew(job))
        self._renewing.add(task)
        task.add_done_callback(self._renewing.discard)
        return await asyncio.shield(task)

    # --- in the database, each in a short transaction ---

    def _stored(self) -> Pair:
        with _readable():
            return self._pair(self._store.read(self._name))

    def _pair(self, text: str | None) -> Pair:
        """What is stored; before the first renewal the configured refresh token."""
        return Pair(refresh_token=self._app.seed) if text is None else Pair.model_validate_json(text)

    def _begin(self, refused: str | None) -> Pair | _Job | None:
        """The usable pair, or the right to renew, or None while somebody else has it. Raises ConsentNeeded."""
        now = self._clock()
        with self._store.editing(self._name) as secret, _readable():
            pair = self._pair(secret.text)
            if pair.is_fresh(now) and pair.access_token != refused:
                return pair
            if not pair.refresh_token:
                raise ConsentNeeded(NOT_SET)
            if pair.problem and now < pair.problem_at + TRY_AGAIN:
                raise ConsentNeeded(pair.problem)
            if secret.leased_until is not None and secret.leased_until > now:
                return None
            secret.leased_until = now + LEASE
            return _Job(pair.refresh_token, secret.leased_until)

    def _release(self, job: _Job) -> None:
        with self._store.editing(self._name) as secret:
            if secret.leased_until == job.leased_until:
                secret.leased_until = None

    def _keep(self, pair: Pair) -> None:
        with self._store.editing(self._name) as secret:
            _write(secret, pair)

    def _note_refusal(self, job: _Job, code: int | None) -> Pair | None:
        """Remember that consent is needed, unless another process got a new pair meanwhile: then that pair."""
        now = self._clock()
        with self._store.editing(self._name) as secret:
            pair = self._pair(secret.text)
            if pair.refresh_token != job.refresh_token:
                return pair
            problem = CONSENT.format(code="unknown" if code is None else code)
            _write(secret, pair.model_copy(update={"problem": problem, "problem_at": now}))
            return None

    # --- at Zalo ---

    async def _renew(self, job: _Job) -> Pair:
        try:
            answer = await self._ask(job)
        except BaseException:
            await asyncio.to_thread(self._release, job)
            raise
        pair = self._new_pair(answer)
        if pair is None:
            return await self._refused(job, answer)
        await self._store_surely(pair)
        log.info("Zalo OA: access token renewed")
        return pair

    async def _ask(self, job: _Job) -> Answer:
        form = {"refresh_token": job.refresh_token, "app_id": self._app.app_id, "grant_type": "refresh_token"}
        url = f"{self._app.oauth_url.rstrip('/')}/v4/oa/access_token"
        return await post(self._http, url, data=form, headers={"secret_key": self._app.app_secret}, timeout=TIMEOUT)

    def _new_pair(self, answer: Answer) -> Pair | None:
        access, refresh = answer.body.get("access_token"), answer.body.get("refresh_token")
        if not (isinstance(access, str) and isinstance(refresh, str) and access and refresh):
            return None
        seconds = max(answer.number("expires_in") or LIFE_SECONDS, 1)
        return Pair(access_token=access, refresh_token=refresh, obtained_at=self._clock(), seconds=seconds)

    async def _refused(self, job: _Job, answer: Answer) -> Pair:
        code = answer.number("error")
        other = await asyncio.to_thread(self._note_refusal, job, code)
        if other is not None:
            return other
        problem = CONSENT.format(code="unknown" if code is None else code)
        log.error("%s", problem)
        raise ConsentNeeded(problem)

    async def _store_surely(self, pair: Pair) -> None:
        """Before anybody uses it. A database that is away for a moment must not cost the only valid refresh token."""
        for attempt in range(1, STORE_TRIES):
            try:
                return await asyncio.to_thread(self._keep, pair)
            except Exception:
                log.exception("Zalo OA: the new token pair could not be stored; trying again")
                await asyncio.sleep(attempt)
        await asyncio.to_thread(self._keep, pair)


@dataclass(frozen=True, slots=True)
class _Job:
    """The right to renew, with what it takes."""

    refresh_token: str
    leased_until: datetime

    def __repr__(self) -> str:
        return f"_Job(leased_until={self.leased_until})"


@contextmanager
def _readable() -> Iterator[None]:
    """A key that was changed or lost is for an administrator to mend as well."""
    try:
        yield
    except SecretUnreadable as error:
        raise ConsentNeeded(f"Zalo OA: {error}") from None


def _write(secret: Secret, pair: Pair) -> None:
    secret.text = pair.model_dump_json()
    secret.leased_until = None
