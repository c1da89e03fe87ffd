"""The list of topics, and one text as it stands: what citizens read, history, earlier revisions."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from admin import topics
from admin.diffs import body_diff
from admin.lint import Hint, lint
from admin.web.gate import At
from admin.web.pages import Desk
from admin.web.variants import bubbles_for, find_variant, hints_for, published_bubbles
from knowledge.model import Body, Level, Topic
from knowledge.store import history, revision

VARIANT = "/topics/{topic}/{language}/{level}"


class Lights:
    """Whether texts have linter errors or warnings; looked at again only when one of them changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[frozenset[int], dict[tuple[str, str], list[Hint]]] = (frozenset(), {})

    def hints(self, texts: Sequence[topics.Text], known: dict[str, Topic]) -> dict[tuple[str, str], list[Hint]]:
        """Findings by topic and language."""
        revisions = frozenset(text.revision_id for text in texts)
        with self._lock:
            if self._known[0] != revisions:
                self._known = (revisions, dict(lint(list(topics.files(texts, known)))))
            return self._known[1]


class TopicPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lights = Lights()

    def add_to(self, router: APIRouter) -> None:
        """Give the router these pages."""
        router.add_api_route("/topics", self.index, methods=["GET"])
        router.add_api_route(VARIANT, self.show, methods=["GET"])
        router.add_api_route(f"{VARIANT}/history", self.history, methods=["GET"])
        router.add_api_route(f"{VARIANT}/history/{{number}}", self.revision, methods=["GET"])

    def index(self, visit: At, q: str = "", status: str = "", area: str = "") -> Response:
        """Topics that fit search, filter and area; for htmx only the table."""
        desk, content = self._desk, self._desk.parts.content()
        with desk.parts.database.reading() as session:
            written = topics.texts(session)
            known, areas = topics.all_topics(session), topics.topic_areas(session)
        hints = self._lights.hints(written, known)
        lines = [
            (line, light_of(line, hints))
            for line in topics.found(topics.lines(written, content.catalogue, areas), q)
            if not area or line.area == area
            if topics.fits(line, status, desk.today, light_of(line, hints) == "red")
        ]
        values = {"lines": lines, "q": q, "status": status, "area": area}
        names = topics.area_names(content.areas)
        return desk.page(visit.request, visit.actor, "topics.html", **values, areas=names, filters=topics.FILTERS)

    def show(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """One text: where it stands, how citizens read it, what can be done next."""
        with self._desk.parts.database.reading() as session:
            variant = find_variant(session, self._desk, topic, language, level)
        state = variant.state
        live = published_bubbles(self._desk, variant)
        hints = hints_for(self._desk, variant, variant.body) if state else []
        levels = [level for level in Level if level is not variant.key.level]
        return self._desk.page(
            visit.request, visit.actor, "variant.html", variant=variant, bubbles=live, hints=hints, other_levels=levels
        )

    def history(self, visit: At, topic: str, language: str, level: Level) -> Response:
        """Everything that happened to a text, newest first."""
        with self._desk.parts.database.reading() as session:
            variant = find_variant(session, self._desk, topic, language, level)
            entries = history(session, variant.key) if variant.state else []
        return self._desk.page(visit.request, visit.actor, "history.html", variant=variant, entries=entries)

    def revision(self, visit: At, topic: str, language: str, level: Level, number: int) -> Response:
        """An earlier state: how it read, and what differs from what citizens read now."""
        with self._desk.parts.database.reading() as session:
            variant = find_variant(session, self._desk, topic, language, level)
            found = revision(session, variant.key, number)
        live = variant.state.published if variant.state else None
        return self._desk.page(
            visit.request,
            visit.actor,
            "revision.html",
            variant=variant,
            revision=found,
            is_live=live is not None and live.number == number,
            diff=body_diff(live.body if live else Body(), found.body),
            bubbles=bubbles_for(self._desk, variant, found.body),
        )


def light_of(line: topics.Line, hints: dict[tuple[str, str], list[Hint]]) -> str:
    """red: errors; yellow: warnings; green: neither; none: nothing written."""
    found = [hint for text in line.texts for hint in hints.get((text.key.topic_id, text.key.language), ())]
    if not line.texts:
        return "none"
    return "red" if any(hint.severe for hint in found) else "yellow" if found else "green"
