"""How citizens would read a text in work: the chat bubbles, from the same rendering as the bot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup, escape

from admin.words import ASPECTS
from knowledge import render
from knowledge.model import Aspect, Body, Level, Section, VariantKey, View
from knowledge.published import BASE_LANGUAGE, Published, build_views
from knowledge.store import VariantState

_BOLD = re.compile(r"\*\*(.+?)\*\*")
UNTITLED = "(chưa có tiêu đề)"


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of the bot: its heading, its text as safe HTML, and what stands below."""

    aspect: Aspect
    heading: str
    html: Markup
    below: str


def bubbles(
    key: VariantKey, body: Body, others: dict[VariantKey, Body], today: date, standing: VariantState | None = None
) -> list[Bubble]:
    """A bubble per section, inherited ones included.

    others: the published bodies of the topic's other variants. Missing titles and dates get stand-ins, so
    that a text can be looked at before it is complete. `standing`: who confirmed the text; None for a draft, which nobody has.
    """
    bodies = {**others, key: body}
    root = VariantKey(topic_id=key.topic_id, language=BASE_LANGUAGE, level=Level.STANDARD)
    bodies[root] = _completed(bodies.get(root, Body()), today)
    view = build_views([Published(key=k, body=b) for k, b in bodies.items()])[key]
    if standing:
        shown = {"confirmed_by": standing.confirmed_by, "confirmed_on": standing.confirmed_on, "status": standing.status}
        view = view.model_copy(update=shown)
    return [_bubble(view, section, today) for section in view.sections]


def _completed(body: Body, today: date) -> Body:
    stand_ins = {"title": UNTITLED, "short_title": UNTITLED, "reviewed_on": today, "review_by": today + timedelta(days=180)}
    return body.model_copy(update={name: value for name, value in stand_ins.items() if getattr(body, name) is None})


def _bubble(view: View, section: Section, today: date) -> Bubble:
    shown = render.resolve_section(section, view, today)
    steps = [f"{number}. {step.text}" for number, step in enumerate(shown.steps, 1)]
    text = "\n\n".join(part for part in (shown.text, "\n".join(steps)) if part)
    below = f"{render.source_line(view)}\n{render.status_line(view, today)}"
    return Bubble(section.aspect, f"{view.title} – {ASPECTS[section.aspect]}", html_of(text), below)


def html_of(text: str) -> Markup:
    """Our small markup as HTML: everything escaped, then **bold**, list marks and line ends."""
    safe = _BOLD.sub(r"<strong>\1</strong>", str(escape(text)))
    safe = re.sub(r"^- ", "• ", safe, flags=re.MULTILINE)
    return Markup(safe.replace("\n", "<br>"))  # noqa: S704 – escaped above
