"""Editing one text: the form, its rows, the live preview, saving a draft."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from admin import audit, diffs
from admin.body_form import Draft, FormMistakes, body_of, change_rows, draft_of_body, draft_of_form
from admin.lint import Hint
from admin.preview import Bubble
from admin.web.gate import At, Visit
from admin.web.pages import Desk, seen
from admin.web.topic_pages import VARIANT
from admin.web.variants import Variant, bubbles_for, find_variant, hints_for
from knowledge.model import Body, Level
from knowledge.store import Conflict, save_draft, save_topic, variant_state
from knowledge.tables import TopicRow


class EditorPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Give the router these pages."""
        router.add_api_route(f"{VARIANT}/edit", self.edit, methods=["GET"])
        router.add_api_route(f"{VARIANT}/edit", self.save, methods=["POST"])
        router.add_api_route(f"{VARIANT}/form", self.rows, methods=["POST"])
        router.add_api_route(f"{VARIANT}/preview", self.preview, methods=["POST"])

    def edit(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """The form on the draft, else on what is published."""
        variant = self._find(topic, language, level)
        draft = draft_of_body(variant.body)
        draft.extra = {"note": "", "base": str(variant.base), "substantive": ""}
        return self._form(visit, variant, draft)

    def rows(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """The form as typed, with a row added, moved or removed. Saves nothing."""
        draft = draft_of_form(visit.form)
        change_rows(draft, visit.form.one("op"))
        return self._form(visit, self._find(topic, language, level), draft)

    def preview(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """How the form as typed would read, and what the linter says. Saves nothing."""
        variant = self._find(topic, language, level)
        bubbles, hints, mistakes = self._look(variant, draft_of_form(visit.form))
        return self._desk.page(visit.request, visit.actor, "_preview.html", bubbles=bubbles, hints=hints, mistakes=mistakes)

    def save(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """Save the draft. Wrong fields and a colleague's newer draft come back with the form, nothing typed is lost."""
        variant, draft = self._find(topic, language, level), draft_of_form(visit.form)
        try:
            body = body_of(draft, variant.body)
            self._save(visit, variant, draft, body)
        except FormMistakes as mistakes:
            return self._form(visit, variant, draft, 422, problems=mistakes.messages)
        except Conflict:
            newer = self._find(topic, language, level)
            draft.extra["base"] = str(newer.base)
            return self._form(visit, newer, draft, 409, conflict=diffs.body_diff(newer.body, body))
        return seen(variant.path, "saved")

    def _save(self, visit: Visit, variant: Variant, draft: Draft, body: Body) -> None:
        base, key = draft.extra["base"], variant.key
        with self._desk.parts.database.session() as session:
            if session.get(TopicRow, key.topic_id) is None:
                save_topic(session, variant.topic)
                session.flush()
            before = state.body if (state := variant_state(session, key)) else Body()
            saved = save_draft(
                session,
                key,
                body,
                visit.actor.full_name,
                note=draft.extra["note"],
                substantive=bool(draft.extra["substantive"]),
                base=int(base) if base.isdigit() else 0,
            )
            changed = diffs.summary(before, body)
            audit.record(session, visit.actor.name, "content.save", str(key), after=f"bản {saved.number}: {changed}")

    def _find(self, topic: str, language: str, level: Level) -> Variant:
        with self._desk.parts.database.reading() as session:
            return find_variant(session, self._desk, topic, language, level)

    def _look(self, variant: Variant, draft: Draft) -> tuple[list[Bubble], list[Hint], list[str]]:
        try:
            body = body_of(draft, variant.body)
        except FormMistakes as mistakes:
            return [], [], mistakes.messages
        return bubbles_for(self._desk, variant, body), hints_for(self._desk, variant, body), []

    def _form(
        self,
        visit: Visit,
        variant: Variant,
        draft: Draft,
        status: int = 200,
        *,
        problems: list[str] | None = None,
        conflict: list[diffs.FieldDiff] | None = None,
    ) -> Response:
        bubbles, hints, mistakes = self._look(variant, draft)
        return self._desk.page(
            visit.request,
            visit.actor,
            "edit.html",
            status,
            variant=variant,
            draft=draft,
            bubbles=bubbles,
            hints=hints,
            mistakes=mistakes,
            problems=problems or [],
            conflict=conflict,
        )
