"""The languages: how far each is, the switch for showing drafts, and the words to be published."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from admin.languages import publish, switch_trial, words_in_work
from admin.web.gate import At, Denied
from admin.web.pages import Desk, seen
from bot.texts import interface_texts
from knowledge.languages import Language, registry
from knowledge.translation.coverage import language_coverage
from knowledge.trials import trial_languages

LONGEST_NAME = 80


class LanguagePages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Give the router these pages."""
        router.add_api_route("/languages", self.index, methods=["GET"])
        router.add_api_route("/languages/{language}", self.show, methods=["GET"])
        router.add_api_route("/languages/{language}/trial", self.trial, methods=["POST"])
        router.add_api_route("/languages/{language}/words", self.words, methods=["POST"])

    def index(self, visit: At) -> Response:
        """Every language with its figures."""
        with self._desk.parts.database.reading() as session:
            rows = language_coverage(session, len(interface_texts()))
        hidden = self._desk.parts.settings.hidden_languages
        return self._desk.page(visit.request, visit.actor, "languages.html", rows=rows, hidden=hidden)

    def show(self, visit: At, language: str) -> Response:
        """One language: what is known about it, the switch and its words."""
        found = _language(language)
        with self._desk.parts.database.reading() as session:
            words, on = words_in_work(session, language), language in trial_languages(session)
        hidden = language in self._desk.parts.settings.hidden_languages
        return self._desk.page(
            visit.request, visit.actor, "language.html", language=found, entries=words, on_trial=on, hidden=hidden
        )

    def trial(self, visit: At, language: str) -> Response:
        """Show its drafts to citizens who choose it (`on=1`), or hide them."""
        _language(language)
        on = visit.form.one("on") == "1"
        with self._desk.parts.database.session() as session:
            switch_trial(session, language, on, visit.actor)
        return seen(f"/admin/languages/{language}", "trial_on" if on else "trial_off")

    def words(self, visit: At, language: str) -> Response:
        """Publish the ticked words, each sent as ``name=text`` the way it was read, with the native reviewer's name."""
        _language(language)
        reviewer = visit.form.one("reviewer")
        if not 0 < len(reviewer) <= LONGEST_NAME:
            raise Denied(422, "Xin ghi tên người bản ngữ đã duyệt.")
        pairs = (word.replace("\r\n", "\n").partition("=") for word in visit.form.all("word"))
        with self._desk.parts.database.session() as session:
            done = publish(session, language, {name: text for name, _, text in pairs}, reviewer, visit.actor)
        return seen(f"/admin/languages/{language}", "words_published" if done else "words_stale")


def _language(language_id: str) -> Language:
    found = registry().language(language_id)
    if found is None:
        raise Denied(404, "Không có ngôn ngữ này.")
    return found
