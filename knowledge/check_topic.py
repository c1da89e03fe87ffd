"""Linter rules for one topic file: who it is, what it says, and what that rests on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from knowledge import check_text as rules
from knowledge.check_common import Known, body_texts, check_lesson_text, section_texts
from knowledge.check_simple import check_simple
from knowledge.files import TopicFile
from knowledge.findings import Report
from knowledge.model import Aspect, Body, Level, Section
from knowledge.published import BASE_LANGUAGE

COMPULSORY = (Aspect.SUMMARY, Aspect.STEPS)
OPTIONAL = (Aspect.EMERGENCY, Aspect.SAFETY)
REVIEW_WITH_FIGURES = timedelta(days=184)  # fees and limits change twice a year
REVIEW = timedelta(days=366)


def check_topic(file: TopicFile, path: Path, known: Known, report: Report) -> None:
    """All findings about a topic's Markdown file. Translations inherit from `known.base` what they do not say."""
    _identity(file, path, known, report)
    _levels(file, report)
    if file.standard:
        body = _with_inherited(file, known)
        _aspects(body, report)
        _fields(file, body, report)
        _dates(body, report)
        _sources(body, report)
        _figures(file, body, known, report)
    _pictures(file, path.parent.parent, report)
    for level in Level:
        for section in (file.body(level) or Body()).sections:
            _section(section, f"# {level.value}", known, report)
    if file.simple:
        check_simple(file.simple, report, file.language)


def _with_inherited(file: TopicFile, known: Known) -> Body:
    body, base = file.standard or Body(), known.base.get(file.topic.id)
    if base is None or file.language == BASE_LANGUAGE:
        return body
    names = ("sources", "figures", "not_applicable", "review_by", "reviewed_on")
    inherited = {name: getattr(base, name) for name in names if getattr(body, name) is None}
    return body.model_copy(update=inherited)


def _identity(file: TopicFile, path: Path, known: Known, report: Report) -> None:
    topic = file.topic
    if topic.id != path.stem:
        report.error("file-name", f"topic {topic.id} must be in {topic.id}.md", report.line_of("topic:"))
    if topic.id not in known.areas:
        report.error("unknown-topic", f"{topic.id} is not in the catalogue", report.line_of("topic:"))
    elif known.areas[topic.id] != topic.area:
        report.error("area", f"the catalogue has {topic.id} in area {known.areas[topic.id]}", report.line_of("area:"))
    if not topic.skills and file.language == BASE_LANGUAGE:
        report.error("no-skill", f"{topic.id} teaches no skill, so it has no place in the frameworks", report.line_of("skills:"))
    for skill in topic.skills:
        if skill not in known.skills:
            report.error("unknown-skill", f"skill {skill} does not exist", report.line_of("skills:"))
    for other in topic.related:
        if other not in known.areas or other == topic.id:
            report.error("dead-reference", f"related topic {other} does not exist", report.line_of("related:"))


def _levels(file: TopicFile, report: Report) -> None:
    """Vietnamese has both levels, a translation at least one; each with what everybody needs."""
    both = file.language == BASE_LANGUAGE or not (file.standard or file.simple)
    for level in Level:
        body = file.body(level)
        for aspect in COMPULSORY if body or both else ():
            if body is None or body.section(aspect) is None:
                line = report.line_of("", f"# {level.value}")
                report.error("missing-aspect", f"{level.value} has no {aspect.value}", line)


def _aspects(body: Body, report: Report) -> None:
    ruled_out, line = body.not_applicable or (), report.line_of("not_applicable:")
    for aspect in Aspect:
        written, out = body.section(aspect) is not None, aspect in ruled_out
        if written and out:
            report.error("contradiction", f"{aspect.value} is written and not applicable", line)
        elif not written and not out and aspect not in (*COMPULSORY, *OPTIONAL):
            report.error("missing-aspect", f"{aspect.value} is neither written nor not_applicable", line)


def _fields(file: TopicFile, body: Body, report: Report) -> None:
    for name in ("title", "short_title", "reviewed_on", "review_by", "sources"):
        if not getattr(body, name):
            report.error("missing-field", f"{name} is missing")


def _dates(body: Body, report: Report) -> None:
    if not body.reviewed_on or not body.review_by:
        return
    line, span = report.line_of("review_by:"), body.review_by - body.reviewed_on
    longest = REVIEW_WITH_FIGURES if body.figures else REVIEW
    if span <= timedelta():
        report.error("dates", "review_by must come after reviewed_on", line)
    elif span > longest:
        why = "with figures" if body.figures else "without figures"
        report.error("review-late", f"review_by is {span.days} days away, at most {longest.days} {why}", line)


def _sources(body: Body, report: Report) -> None:
    ids = [source.id for source in body.sources or ()]
    for source in body.sources or ():
        line = report.line_of(f"- id: {source.id}", "sources:")
        if ids.count(source.id) > 1:
            report.error("repeated-id", f"source {source.id} is given twice", line)
        if body.reviewed_on and source.date > body.reviewed_on:
            report.error("dates", f"source {source.id} is dated after the review", line)
        if source.date == body.reviewed_on and not source.undated:
            report.warning("reading-day", f"source {source.id} is dated on the day of the review: is it undated?", line)
        if source.confidence is None:
            report.error("missing-confidence", f"source {source.id} has no confidence: high, medium or low", line)


def _figures(file: TopicFile, body: Body, known: Known, report: Report) -> None:
    sources, figures = {s.id for s in body.sources or ()}, {f.id: f for f in body.figures or ()}
    texts = [text for level in Level for text in body_texts(file.body(level))]
    for name, figure in figures.items():
        line = report.line_of(f"- id: {name}", "figures:")
        if figure.source not in sources:
            report.error("dead-reference", f"figure {name} names an unknown source {figure.source}", line)
        if not any(f"{{figure:{name}}}" in text for text in texts):
            report.warning("unused-figure", f"figure {name} appears in no text", line)
        if known.today and figure.valid_until < known.today:
            report.warning("expired-figure", f"figure {name} ran out on {figure.valid_until}", line)
    for name in dict.fromkeys(name for text in texts for name in rules.used_figures(text)):
        if name not in figures:
            report.error("dead-reference", f"figure {name} is not defined", report.line_of(f"{{figure:{name}}}", "# "))


def _pictures(file: TopicFile, language_dir: Path, report: Report) -> None:
    bodies = [body for level in Level if (body := file.body(level))]
    for step in (s for body in bodies for section in body.sections for s in section.steps):
        if step.picture and not (language_dir / step.picture.path).is_file():
            line = report.line_of(step.picture.path)
            report.error("dead-reference", f"picture {step.picture.path} does not exist", line)


def _section(section: Section, below: str, known: Known, report: Report) -> None:
    for text in section_texts(section):
        line = report.line_of(text, below)
        check_lesson_text(text, known, report, line)
        if words := rules.points_elsewhere(text, beside_steps=bool(section.steps)):
            report.error("stand-alone", f"{words!r}: sections are shown alone, so say it here", line)
        for number, certain in rules.changing_numbers(text):
            say = report.error if certain else report.warning
            say("plain-number", f"{number!r} should be a figure with valid_until", line)
