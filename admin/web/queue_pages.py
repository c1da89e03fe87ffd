"""The queue of questions the bot could not settle."""

from __future__ import annotations

import hashlib
import logging
import threading
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from admin import questions, topics
from admin.permissions import Permission
from admin.questions import Group
from admin.web.gate import At, Denied
from admin.web.pages import Desk, seen
from knowledge.model import Level
from knowledge.published import BASE_LANGUAGE
from retrieval.index import IndexUnusable

log = logging.getLogger(__name__)

PAGE = 20
REASONS = {
    "": "Tất cả",
    "urgent": "Khẩn cấp 🆘",
    "dont_know": "Bot chưa biết",
    "ask_back": "Bot hỏi lại",
    "down": "Người dân chê 👎",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A group as the page shows it: `id` for the page's own references, `topic` preselected."""

    id: str
    group: Group
    topic: str

    @property
    def ids(self) -> str:
        """The questions of the group, for the form."""
        return ",".join(str(question.id) for question in self.group.questions)


class QueuePages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._warming = threading.Lock()

    def add_to(self, router: APIRouter) -> None:
        """Give the router these pages."""
        router.add_api_route("/queue", self.index, methods=["GET"])
        router.add_api_route("/queue/dismiss", self.dismiss, methods=["POST"])
        router.add_api_route("/queue/what-if", self.what_if, methods=["POST"])
        router.add_api_route("/queue/example", self.example, methods=["POST"])

    def index(self, visit: At, reason: str = "", page: int = 1) -> Response:
        """Groups by number of people."""
        parts = self._desk.parts
        with parts.database.reading() as session:
            found = questions.open_questions(session, parts.clock(), reason)
        groups = questions.grouped(found, parts.embed, parts.space.threshold()) if found else []
        titles = self._titles()
        if groups and visit.actor.may(Permission.WORK_QUEUE):
            self._warm_up()
        start = (max(1, page) - 1) * PAGE
        cards = [_card(group, titles) for group in groups[start : start + PAGE]]
        return self._desk.page(
            visit.request,
            visit.actor,
            "queue.html",
            cards=cards,
            titles=titles,
            reason=reason,
            reasons=REASONS,
            page=max(1, page),
            more=len(groups) > start + PAGE,
            groups=len(groups),
            total=len(found),
        )

    def dismiss(self, visit: At) -> Response:
        """Put a group aside."""
        with self._desk.parts.database.session() as session:
            questions.dismiss(session, _ids(visit.form.one("ids")), visit.actor)
        return seen("/admin/queue", "dismissed")

    def what_if(self, visit: At) -> Response:
        """What the evaluation set would answer differently with that example. Changes nothing."""
        topic, text = self._chosen(visit.form.one("topic")), visit.form.one("text")
        if not text:
            raise Denied(422, "Câu hỏi mẫu còn trống.")
        try:
            changes = self._desk.parts.what_if(topic, text)
        except IndexUnusable as error:
            raise Denied(503, f"Chưa so sánh được: {error}") from error
        template = "_what_if.html" if visit.partial else "what_if.html"
        counts = {name: sum(change.verdict == name for change in changes) for name in ("better", "worse", "other")}
        return self._desk.page(
            visit.request, visit.actor, template, changes=changes, counts=counts, titles=self._titles(), text=text, topic=topic
        )

    def example(self, visit: At) -> Response:
        """Make the question an example of a topic: in a draft, or live at once for those who may publish."""
        topic = self._chosen(visit.form.one("topic"))
        live = visit.form.one("do") == "publish"
        if live and not visit.actor.may(Permission.PUBLISH_CONTENT):
            raise Denied(403, "Chỉ người xuất bản mới đưa thẳng nội dung lên được.")
        ids, text = _ids(visit.form.one("ids")), visit.form.one("text")
        with self._desk.parts.database.session() as session:
            published = questions.add_example(session, topic, text, ids, visit.actor, live=live)
        return seen("/admin/queue", "example_live" if published else "example")

    def _warm_up(self) -> None:
        """In a thread, one at a time: the comparison somebody will soon ask for then takes a second or two."""
        if not self._warming.acquire(blocking=False):
            return

        def work() -> None:
            try:
                self._desk.parts.warm_up()
            except Exception:  # the comparison itself will say what is wrong
                log.exception("could not prepare the comparison")
            finally:
                self._warming.release()

        threading.Thread(target=work, name="what-if", daemon=True).start()

    def _chosen(self, topic: str) -> str:
        if topic not in self._titles():
            raise Denied(422, "Xin chọn một chủ đề trong danh sách.")
        return topic

    def _titles(self) -> dict[str, str]:
        """Titles of the topics that have a Vietnamese text, for the list to choose from."""
        with self._desk.parts.database.reading() as session:
            found = topics.texts(session)
        fits = (text for text in found if (text.key.language, text.key.level) == (BASE_LANGUAGE, Level.STANDARD))
        return {text.key.topic_id: text.body.title or text.key.topic_id for text in fits}


def _card(group: Group, titles: dict[str, str]) -> Card:
    name = hashlib.sha256(str(group.questions[0].id).encode()).hexdigest()[:8]
    return Card(name, group, group.likely_topic if group.likely_topic in titles else "")


def _ids(text: str) -> list[int]:
    """Question ids of a form. Raises Denied (422) for anything else."""
    parts = text.split(",")
    if not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        raise Denied(422, "Nhóm câu hỏi này không còn. Xin tải lại trang.")
    return [int(part) for part in parts]
