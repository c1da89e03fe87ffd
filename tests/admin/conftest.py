"""A console over a real database of each kind with a small sample of content, and people of every role."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from admin import accounts
from admin.accounts import create_user
from admin.parts import AdminParts
from admin.permissions import Role
from admin.router import admin_router
from admin.web.gate import COOKIE
from admin.whatif import Change, Forecast
from bot.settings import Settings
from bot.web.errors import install_errors
from knowledge.snapshot import Content, load_content
from knowledge.transfer import load_folder
from knowledge.unknowns import KnownUnknowns
from retrieval.decision import Kind
from retrieval.embedders import open_embedder
from retrieval.evaluate import Outcome
from retrieval.index import IndexStore, LoadedIndex
from retrieval.passages import passages_of
from storage import Database
from tests.knowledge.samples import write_folder

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PASSWORD = "mat-khau-rat-dai"
HOME, ELSEWHERE = "70", "73"  # Phường Hoàn Kiếm, Phường Cửa Nam
EVERYBODY = {
    "viewer": (Role.VIEWER, None),
    "editor": (Role.EDITOR, None),
    "publisher": (Role.PUBLISHER, None),
    "admin": (Role.ADMIN, None),
    "xa-viewer": (Role.VIEWER, HOME),
    "xa-editor": (Role.EDITOR, HOME),
    "xa-publisher": (Role.PUBLISHER, HOME),
    "xa-admin": (Role.ADMIN, HOME),
}
VARIANT = "/admin/topics/otp/vi/standard"
UNKNOWN = Outcome(Kind.DONT_KNOW, (), 0.1, False, None)
KNOWN = Outcome(Kind.ANSWER, ("otp",), 0.9, False, None)


@dataclass
class Browser:
    """Somebody's browser: keeps cookies, fills the CSRF field like the page's own forms do."""

    client: TestClient
    _known: tuple[str, str] = ("", "")

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(path, params=query or None)

    def post(self, path: str, data: Mapping[str, str | Sequence[str]] | None = None, **headers: str) -> Any:
        form = {"csrf": self.csrf(), **(data or {})}
        return self.client.post(path, data=form, headers=headers)

    def csrf(self) -> str:
        session = self.client.cookies.get(COOKIE) or ""
        if not session or self._known[0] != session:
            page = self.client.get("/admin/account" if session else "/admin/sign-in")
            page = page if page.status_code == 200 else self.client.get("/admin/sign-in")
            self._known = (session, hidden(page.text, "csrf"))
        return self._known[1]

    def sign_in(self, name: str, password: str = PASSWORD, **fields: str) -> Any:
        token = hidden(self.client.get("/admin/sign-in").text, "csrf")
        return self.client.post("/admin/sign-in", data={"csrf": token, "name": name, "password": password, **fields})


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name} in the page"
    return html.unescape(found[1])


@dataclass
class Console:
    """The console, its database, and a clock that tests move."""

    database: Database
    tmp_path: Path
    now: datetime = NOW
    settings: Settings = field(default_factory=lambda: Settings(_env_file=None))  # type: ignore[call-arg]
    changes: list[Change] = field(default_factory=list)
    then: Outcome = KNOWN
    asked_what_if: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.embedder = open_embedder("hash", self.tmp_path)
        self.store = IndexStore(self.tmp_path / "data")
        self._browsers: dict[str, Browser] = {}
        self.parts = AdminParts(
            database=self.database,
            settings=self.settings,
            content=self.content,
            embed=self.embedder.queries,
            index=self._index,
            what_if=self._what_if,
            in_danger=lambda text: "bị lừa" in text,
            clock=lambda: self.now,
        )
        self.app = self.app_of(self.parts)

    def app_of(self, parts: AdminParts) -> FastAPI:
        app = FastAPI()
        install_errors(app)
        app.include_router(admin_router(parts))
        return app

    def content(self) -> Content:
        with self.database.reading() as session:
            return load_content(session)

    def _index(self) -> LoadedIndex:
        if self.store.current() is None:
            self.store.build(passages_of(self.content(), KnownUnknowns(), date(2026, 11, 22)), 1, self.embedder)
        build = self.store.current()
        assert build
        return self.store.load(build)

    def _what_if(self, topic: str, example: str) -> Forecast:
        self.asked_what_if.append((topic, example))
        return Forecast(UNKNOWN, self.then, self.changes)

    def anonymous(self) -> Browser:
        return Browser(TestClient(self.app, follow_redirects=False))

    def browser(self, name: str) -> Browser:
        """The browser of that person, signed in once."""
        if name not in self._browsers:
            opened = self.anonymous()
            assert opened.sign_in(name).status_code == 303
            self._browsers[name] = opened
        return self._browsers[name]

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with little memory and one round: only the speed differs."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(accounts, "_HASHER", quick)
    monkeypatch.setattr(accounts, "_nobody", lambda: quick.hash("nobody"))


@pytest.fixture
def console(database: Database, tmp_path: Path) -> Iterator[Console]:
    """The sample content published, everybody with an account."""
    with database.session() as session:
        load_folder(session, write_folder(tmp_path / "content"))
        for name, (role, commune) in EVERYBODY.items():
            create_user(session, name, PASSWORD, role, full_name=f"Bà {name.title()}", commune=commune, by="test")
    yield Console(database, tmp_path)


class _EditorForm(HTMLParser):
    """Collects the fields of the form `editor` as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._inside = False
        self._typing: list[str] | None = None
        self._choosing = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        self._inside = self._inside or (tag == "form" and values.get("id") == "editor")
        if self._inside and tag == "option" and "selected" in values:
            self.fields[self._choosing][-1] = values.get("value", "")
        if not self._inside or "name" not in values or tag == "button":
            return
        if tag == "textarea":
            self._typing = self.fields.setdefault(values["name"], [])
            self._typing.append("")
        elif tag == "select":  # its first option, until one comes that is selected
            self._choosing = values["name"]
            self.fields.setdefault(self._choosing, []).append("")
        elif values.get("type") != "checkbox" or "checked" in values:
            self.fields.setdefault(values["name"], []).append(values.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._typing is not None:
            self._typing[-1] += data.removeprefix("\n") if not self._typing[-1] else data

    def handle_endtag(self, tag: str) -> None:
        self._typing = None if tag == "textarea" else self._typing
        self._inside = self._inside and tag != "form"


def form_fields(page: str) -> dict[str, list[str]]:
    """The fields of the editor's form."""
    parser = _EditorForm()
    parser.feed(page)
    assert parser.fields, "there is no editor on the page"
    return parser.fields
