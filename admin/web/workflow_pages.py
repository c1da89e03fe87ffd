"""The steps of a text: review with what changed, publish, return, roll back, confirm."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from admin import audit, diffs
from admin.web.gate import At, Denied, Visit
from admin.web.pages import Desk, seen
from admin.web.topic_pages import VARIANT
from admin.web.variants import Variant, bubbles_for, find_variant, hints_for
from knowledge import store
from knowledge.model import Body, Level, VariantKey

Step = Callable[[Session, VariantKey, Visit], str]


class WorkflowPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Give the router these pages."""
        router.add_api_route(f"{VARIANT}/review", self.review, methods=["GET"])
        for name in ("submit", "discard", "publish", "return", "confirm", "still-current", "rollback"):
            step = getattr(self, f"{name.replace('-', '_')}_")
            router.add_api_route(f"{VARIANT}/{name}", step, methods=["POST"])

    def review(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """The draft beside what citizens read now, word by word."""
        variant = self._find(topic, language, level)
        if variant.state is None or variant.state.draft is None:
            raise Denied(404, "Chủ đề này không có bản nháp nào.")
        draft, live = variant.state.draft, variant.state.published
        diff = diffs.body_diff(live.body if live else Body(), draft.body)
        return self._desk.page(
            visit.request,
            visit.actor,
            "review.html",
            variant=variant,
            draft=draft,
            diff=diff,
            first=live is None,
            doubtful=live is not None and not draft.substantive and diffs.may_change_meaning(diff),
            bubbles=bubbles_for(self._desk, variant, draft.body),
            hints=hints_for(self._desk, variant, draft.body),
        )

    def submit_(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """Ask for a review."""
        key, note = _key(topic, language, level), visit.form.one("note")
        return self._step(visit, key, "submitted", lambda s: store.submit(s, key, visit.actor.full_name, note))

    def discard_(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """Drop the draft; it stays in the history."""
        key, note = _key(topic, language, level), visit.form.one("note")
        return self._step(visit, key, "discarded", lambda s: store.discard_draft(s, key, visit.actor.full_name, note))

    def publish_(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """Make the reviewed draft what citizens read. A draft saved since it was reviewed is not published.

        The reviewer may find that it changes the meaning where its editor did not say so.
        """
        key, form = _key(topic, language, level), visit.form
        confirm_on = self._desk.today if form.ticked("confirm") else None

        def publish(session: Session) -> None:
            state = store.variant_state(session, key)
            if state and state.draft and form.one("draft") != str(state.draft.number):
                raise Denied(409, "Có người vừa lưu bản nháp mới hơn bản bạn đã xem. Xin xem lại rồi xuất bản.")
            if state and state.draft and form.ticked("substantive") and not state.draft.substantive:
                draft = state.draft
                store.save_draft(session, key, draft.body, draft.author, note=draft.note, substantive=True)
            store.publish(session, key, visit.actor.full_name, note=form.one("note"), confirm_on=confirm_on)

        return self._step(visit, key, "published", publish)

    def return_(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """Send the draft back to its editor, saying why."""
        key, note = _key(topic, language, level), visit.form.one("note")
        if not note:
            raise Denied(422, "Xin ghi lý do trả lại, để người soạn biết cần sửa gì.")
        return self._step(visit, key, "returned", lambda s: store.return_to_editor(s, key, visit.actor.full_name, note))

    def confirm_(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """Vouch for the published text under one's own name. A text published since it was read is not confirmed."""
        key, today = _key(topic, language, level), self._desk.today

        def confirm(session: Session) -> None:
            state = store.variant_state(session, key)
            if state and state.published and visit.form.one("revision") != str(state.published.number):
                raise Denied(409, "Nội dung vừa được thay bằng bản khác. Xin đọc lại rồi xác nhận.")
            store.confirm(session, key, visit.actor.full_name, today)

        return self._step(visit, key, "confirmed", confirm)

    def still_current_(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """An outdated text was looked at and still holds."""
        key, note = _key(topic, language, level), visit.form.one("note")
        return self._step(visit, key, "still_current", lambda s: store.mark_current(s, key, visit.actor.full_name, note))

    def rollback_(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """Publish an earlier revision again."""
        key, number = _key(topic, language, level), visit.form.one("number")
        if not number.isdigit() or len(number) > 9:
            raise Denied(422, "Chưa chọn bản nào để quay về.")
        actor, note = visit.actor.full_name, visit.form.one("note")
        return self._step(visit, key, "rolled_back", lambda s: store.rollback(s, key, int(number), actor, note))

    def _find(self, topic: str, language: str, level: Level) -> Variant:
        with self._desk.parts.database.reading() as session:
            return find_variant(session, self._desk, topic, language, level)

    def _step(self, visit: Visit, key: VariantKey, done: str, work: Callable[[Session], object]) -> Response:
        """One step in one transaction with its line in the audit log."""
        with self._desk.parts.database.session() as session:
            before = _standing(session, key)
            work(session)
            note = visit.form.one("note")
            after = _standing(session, key) + (f" – {note}" if note else "")
            audit.record(session, visit.actor.name, f"content.{done}", str(key), before, after)
        return seen(f"/admin/topics/{key}", done)


def _key(topic: str, language: str, level: Level) -> VariantKey:
    return VariantKey(topic_id=topic, language=language, level=level)


def _standing(session: Session, key: VariantKey) -> str:
    """A line for the audit log."""
    state = store.variant_state(session, key)
    if state is None:
        return ""
    live = f"hiển thị bản {state.published.number}" if state.published else "chưa hiển thị"
    draft = f", nháp bản {state.draft.number}" if state.draft else ""
    confirmed = f", {state.confirmed_by} xác nhận" if state.confirmed_by else ""
    return f"{state.status.value}: {live}{draft}{confirmed}"
