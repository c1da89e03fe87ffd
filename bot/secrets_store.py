"""Platform tokens at rest: encrypted rows that several processes may change one at a time."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from filelock import FileLock
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.settings import Settings
from bot.tables import SecretRow
from storage import Database, utc_now

KEY_FILE = "secret.key"


class SecretUnreadable(Exception):
    """What is stored was encrypted with another key. The message says what to do."""


def passphrase(settings: Settings) -> str:
    """HOCVUSO_SECRET_KEY, or else the key file in the data folder, made at first use and readable by its owner only.

    Processes on several machines share one database but no folder: they need HOCVUSO_SECRET_KEY.
    """
    configured = settings.secret_key.get_secret_value()
    return configured or _from_file(settings.data_dir / KEY_FILE)


def _from_file(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            _write_private(path, secrets.token_urlsafe(32))
        return path.read_text(encoding="ascii").strip()


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all: a key cut short by a power failure would lock everything encrypted with it away."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _fernet(phrase: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hocvuso stored secrets").derive(phrase.encode())
    return Fernet(base64.urlsafe_b64encode(key))


class SecretStore:
    """Named secrets in the database. Safe for threads and for several processes that use the same key."""

    def __init__(self, database: Database, phrase: str) -> None:
        self._database = database
        self._fernet = _fernet(phrase)

    def read(self, name: str) -> str | None:
        """The secret, or None when there is none. Raises SecretUnreadable."""
        with self._database.reading() as session:
            row = session.get(SecretRow, name)
            return None if row is None else Secret(row, self._fernet).text

    @contextmanager
    def editing(self, name: str) -> Iterator[Secret]:
        """The secret, locked against every other process until the block ends; what is set in it is then stored.

        Keep the block short: on SQLite nobody writes anything meanwhile. For longer work use `leased_until`.
        """
        with self._database.session() as session:
            yield Secret(_locked(session, name), self._fernet)


def _locked(session: Session, name: str) -> SecretRow:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    empty = {"name": name, "ciphertext": "", "version": 0, "updated_at": utc_now()}
    session.execute(dialect.insert(SecretRow).values(empty).on_conflict_do_nothing())
    return session.scalars(select(SecretRow).where(SecretRow.name == name).with_for_update()).one()


class Secret:
    """One stored secret inside a transaction."""

    def __init__(self, row: SecretRow, fernet: Fernet) -> None:
        self._row = row
        self._fernet = fernet

    @property
    def text(self) -> str | None:
        """The clear text; None before it was first set. Raises SecretUnreadable."""
        if not self._row.ciphertext:
            return None
        try:
            return self._fernet.decrypt(self._row.ciphertext.encode()).decode()
        except InvalidToken:
            raise SecretUnreadable(
                f"the stored secret {self._row.name!r} was encrypted with another key: bring back HOCVUSO_SECRET_KEY "
                f"(or {KEY_FILE} in the data folder) as it was, or configure a new token"
            ) from None

    @text.setter
    def text(self, value: str) -> None:
        self._row.ciphertext = self._fernet.encrypt(value.encode()).decode()
        self._row.version += 1
        self._row.updated_at = utc_now()

    @property
    def version(self) -> int:
        """How often it was set."""
        return self._row.version

    @property
    def leased_until(self) -> datetime | None:
        """Until when somebody has reserved the secret for longer work (a call to the platform)."""
        return self._row.leased_until

    @leased_until.setter
    def leased_until(self, value: datetime | None) -> None:
        self._row.leased_until = value
