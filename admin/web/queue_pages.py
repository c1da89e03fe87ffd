"""The queue of questions for the curators: set aside, or made examples of a topic, never without being looked at first."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from admin import examples, questions, topics
from admin.examples import Added
from admin.permissions import Permission
from admin.preview import Bubble
from admin.questions import Group
from admin.web.gate import At, Denied, Visit
from admin.web.pages import Desk, seen
from admin.web.variants import find_variant, published_bubbles
from admin.whatif import Forecast
from knowledge.model import Aspect, Level
from knowledge.published import BASE_LANGUAGE
from retrieval.decision import Kind
from retrieval.evaluate import Outcome
from retrieval.index import IndexUnusable

log = logging.getLogger(__name__)

PAGE: Final = 20
REASONS: Final = {
    "": "Bot chưa giải quyết được",
    "dont_know": "Bot chưa biết",
    "ask_back": "Bot hỏi lại",
    "down": "Người dân chê 👎",
    "urgent": "Khẩn cấp 🆘",
    "answered": "Bot đã trả lời (soát xem có đúng không)",
}
HEADINGS: Final = {
    "": "Câu hỏi bot chưa giải quyết được",
    "dont_know": "Câu hỏi bot chưa biết",
    "ask_back": "Câu hỏi bot phải hỏi lại",
    "down": "Câu trả lời bị chê 👎",
    "urgent": "Câu khẩn cấp, bot đã đưa việc cần làm ngay",
    "answered": "Câu bot đã trả lời, xin soát xem có đúng không",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A group as the page shows it: `id` for the page's own references, `topic` preselected, `guesses` offered first."""

    id: str
    group: Group
    topic: str
    guesses: tuple[str, ...]

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
        for name in ("dismiss", "example", "confirm", "publish", "undo"):
            router.add_api_route(f"/queue/{name}", getattr(self, name), methods=["POST"])
        router.add_api_route("/queue/what-if", self.what_if, methods=["POST"])

    def index(self, visit: At, reason: str = "", page: int = 1, topic: str = "", revision: int = 0) -> Response:
        """Groups by number of people; `topic` and `revision` name the example that was added last."""
        parts, reason = self._desk.parts, reason if reason in REASONS else ""
        with parts.database.reading() as session:
            found = questions.open_questions(session, parts.clock(), reason)
            urgent = 0 if reason else len(questions.open_questions(session, parts.clock(), questions.URGENT))
            added = examples.find_added(session, topic, revision) if revision else None
        groups = questions.grouped(found, parts.embed, parts.space.threshold())
        areas = self._areas()
        titles = _titles(areas)
        if groups and visit.actor.may(Permission.WORK_QUEUE):
            self._warm_up()
        page = max(1, min(page, -(-len(groups) // PAGE)))
        return self._desk.page(
            visit.request,
            visit.actor,
            "queue.html",
            cards=[_card(group, titles) for group in groups[(page - 1) * PAGE : page * PAGE]],
            areas=areas,
            titles=titles,
            reason=reason,
            reasons=REASONS,
            heading=HEADINGS[reason],
            page=page,
            more=len(groups) > page * PAGE,
            groups=len(groups),
            total=len(found),
            urgent=urgent,
            why_not=examples.URGENT_WHY,
            added=added,
            may_undo=added is not None and added.newest and _may_undo(visit, added),
        )

    def dismiss(self, visit: At) -> Response:
        """Put a group aside."""
        with self._desk.parts.database.session() as session:
            questions.dismiss(session, _ids(visit.form.one("ids")), visit.actor)
        return seen(_back(visit), "dismissed")

    def what_if(self, visit: At) -> Response:
        """What that example would change. Changes nothing."""
        topic, text = self._asked(visit)
        forecast = self._forecast(topic, text)
        changes = forecast.changes if forecast else []
        return self._desk.page(
            visit.request,
            visit.actor,
            "_what_if.html" if visit.partial else "what_if.html",
            topic=topic,
            text=text,
            titles=_titles(self._areas()),
            forecast=forecast,
            counts={name: sum(change.verdict == name for change in changes) for name in ("better", "worse", "other")},
            bubble=self._bubble(forecast.after) if forecast else None,
        )

    def confirm(self, visit: At) -> Response:
        """Question, topic and what will change, before it is published. Changes nothing."""
        topic, text = self._asked(visit)
        ids = ",".join(map(str, _ids(visit.form.one("ids"))))
        fields = {"ids": ids, "reason": visit.form.one("reason"), "page": visit.form.one("page"), "text": text, "topic": topic}
        title = _titles(self._areas())[topic]
        return self._desk.page(
            visit.request,
            visit.actor,
            "queue_confirm.html",
            fields=fields,
            title=title,
            text=text,
            topic=topic,
            back=_back(visit),
        )

    def example(self, visit: At) -> Response:
        """Make the question an example in the topic's draft."""
        return self._add(visit, live=False)

    def publish(self, visit: At) -> Response:
        """Make the question an example that the bot answers by at once."""
        return self._add(visit, live=True)

    def undo(self, visit: At) -> Response:
        """Take the example out again."""
        topic, number = visit.form.one("topic"), visit.form.one("revision")
        with self._desk.parts.database.session() as session:
            added = examples.find_added(session, topic, int(number)) if number.isdigit() and len(number) < 10 else None
            if added is None:
                raise Denied(404, "Không tìm thấy câu hỏi mẫu vừa thêm.")
            if not _may_undo(visit, added):
                raise Denied(403, "Câu này đã xuất bản, chỉ người xuất bản mới hoàn tác được.")
            examples.undo(session, added, visit.actor)
        return seen(_back(visit), "undone")

    def _add(self, visit: Visit, *, live: bool) -> Response:
        topic, ids, text = self._chosen(visit), _ids(visit.form.one("ids")), visit.form.one("text")
        parts = self._desk.parts
        with parts.database.session() as session:
            added = examples.add_example(session, topic, text, ids, visit.actor, live=live, in_danger=parts.in_danger)
        return seen(_back(visit, topic=topic, revision=str(added.revision.number)))

    def _asked(self, visit: Visit) -> tuple[str, str]:
        """Topic and question of a form. Raises Denied (422) without a question and Refused for a cry for help."""
        topic, text = self._chosen(visit), visit.form.one("text")
        if not text:
            raise Denied(422, "Câu hỏi mẫu còn trống.")
        if self._desk.parts.in_danger(text):
            raise examples.Refused(examples.URGENT_WHY)
        return topic, text

    def _forecast(self, topic: str, text: str) -> Forecast | None:
        """None while there is nothing to compare with."""
        try:
            return self._desk.parts.what_if(topic, text)
        except IndexUnusable:
            log.exception("no comparison")
            return None

    def _bubble(self, outcome: Outcome) -> Bubble | None:
        """What somebody who is answered like that reads first."""
        if outcome.decision is not Kind.ANSWER:
            return None
        with self._desk.parts.database.reading() as session:
            variant = find_variant(session, self._desk, outcome.topics[0], BASE_LANGUAGE, Level.STANDARD)
        bubbles = {bubble.aspect: bubble for bubble in published_bubbles(self._desk, variant)}
        wanted = Aspect(outcome.aspect) if outcome.aspect in set(Aspect) else Aspect.SUMMARY
        return bubbles.get(wanted) or bubbles.get(Aspect.SUMMARY)

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

    def _chosen(self, visit: Visit) -> str:
        topic = visit.form.one("topic")
        if topic not in _titles(self._areas()):
            raise Denied(422, "Xin chọn một chủ đề trong danh sách.")
        return topic

    def _areas(self) -> dict[str, dict[str, str]]:
        """The topics to choose from, by area."""
        with self._desk.parts.database.reading() as session:
            return topics.by_area(topics.texts(session), self._desk.parts.content().areas, topics.topic_areas(session))


def _titles(areas: dict[str, dict[str, str]]) -> dict[str, str]:
    return {topic: title for area in areas.values() for topic, title in area.items()}


def _card(group: Group, titles: dict[str, str]) -> Card:
    name = hashlib.sha256(str(group.questions[0].id).encode()).hexdigest()[:8]
    guesses = tuple(topic for topic in group.guesses if topic in titles)
    return Card(name, group, group.likely_topic if group.likely_topic in titles else "", guesses)


def _may_undo(visit: Visit, added: Added) -> bool:
    return visit.actor.may(Permission.PUBLISH_CONTENT if added.published else Permission.WORK_QUEUE)


def _back(visit: Visit, **more: str) -> str:
    """The page of the queue a form came from."""
    reason, page = visit.form.one("reason"), visit.form.one("page")
    fields = {"reason": reason if reason in REASONS else "", "page": page if page.isdigit() and len(page) < 6 else "", **more}
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"/admin/queue?{query}" if query else "/admin/queue"


def _ids(text: str) -> Sequence[int]:
    """Question ids of a form. Raises Denied (422) for anything else."""
    parts = text.split(",")
    if not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        raise Denied(422, "Nhóm câu hỏi này không còn. Xin tải lại trang.")
    return [int(part) for part in parts]
