"""The content linter: everything that can be wrong with a content folder, by file and line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from knowledge import check_text as rules
from knowledge.check_examples import FEWEST, MOST, Query, duplicates, nearest_query, read_queries
from knowledge.courses import Course
from knowledge.files import TopicFile, read_topic, write_topic
from knowledge.findings import Finding, Report
from knowledge.folder import CONTENT_DIR, Catalogue, Skills, read_yaml
from knowledge.model import Aspect, Body, Level, Section
from knowledge.quiz import QuizFile
from knowledge.sources import ContentError

COMPULSORY = (Aspect.SUMMARY, Aspect.STEPS)
OPTIONAL = (Aspect.EMERGENCY, Aspect.SAFETY)
FEWEST_ITEMS = 3

M = TypeVar("M", bound=BaseModel)


def check_content(
    content_dir: Path = CONTENT_DIR, evaluation_files: Sequence[Path] = (), today: date | None = None
) -> list[Finding]:
    """All findings about a content folder, by file and line.

    evaluation_files: questions (JSON lines) that no example may nearly repeat. today: to name figures
    that have run out. Raises OSError when the folder or an evaluation file cannot be read.
    """
    checker = _Checker(content_dir, read_queries(evaluation_files), today)
    checker.run()
    return sorted(finding for report in checker.reports.values() for finding in report.findings)


class _Checker:
    def __init__(self, folder: Path, queries: Sequence[Query], today: date | None) -> None:
        self.folder, self.queries, self.today = folder, queries, today
        self.reports: dict[Path, Report] = {}
        self.allow_list = read_allow_list(folder / "allowlist.txt")
        self.topics: dict[Path, TopicFile] = {}
        self.items: set[str] = set()
        self.areas: dict[str, str] = {}
        self.skills: set[str] = set()

    def run(self) -> None:
        """Catalogue and skills first, since everything refers to them."""
        catalogue = self._take(self.folder / "catalogue.yaml", Catalogue)
        skills = self._take(self.folder / "skills.yaml", Skills)
        self.skills = {skill.id for skill in skills.skills} if skills else set()
        if catalogue:
            self.areas = {entry.id: entry.area for entry in catalogue.topics}
            self._catalogue(catalogue)
        for language in sorted(p for p in self.folder.iterdir() if p.is_dir()):
            for path in sorted(language.glob("topics/*.md")):
                self._topic_file(path, language.name)
            for path in sorted(language.glob("quiz/*.yaml")):
                self._quiz(path)
            for path in sorted(language.glob("courses/*.yaml")):
                self._course(path)
            self._repeated_examples(language.name)

    def _report(self, path: Path) -> Report:
        return self.reports.setdefault(path, Report(path, path.relative_to(self.folder).as_posix()))

    def _broken(self, path: Path, error: ContentError) -> None:
        for problem in error.problems:
            self._report(path).error("format", problem.message, problem.line)

    def _take(self, path: Path, model: type[M]) -> M | None:
        try:
            return read_yaml(path, model)
        except ContentError as error:
            self._broken(path, error)
            return None

    def _catalogue(self, catalogue: Catalogue) -> None:
        report, ids = self._report(self.folder / "catalogue.yaml"), [entry.id for entry in catalogue.topics]
        for entry in catalogue.topics:
            if entry.area not in {area.id for area in catalogue.areas}:
                report.error("unknown-area", f"topic {entry.id} is in no known area", report.line_of(f"id: {entry.id},"))
            if ids.count(entry.id) > 1:
                report.error("repeated-id", f"topic {entry.id} is listed twice", report.line_of(f"id: {entry.id},"))

    def _topic_file(self, path: Path, language: str) -> None:
        report = self._report(path)
        try:
            file = read_topic(path, language)
        except ContentError as error:
            return self._broken(path, error)
        self.topics[path] = file
        if write_topic(file) != path.read_text(encoding="utf-8"):
            report.warning("not-canonical", "not in canonical form: run `hocvuso content format`")
        self._identity(file, path, report)
        self._aspects(file, report)
        if file.standard:
            self._references(file, file.standard, report, path.parent.parent)
            self._examples(file.standard, report)
        for level in Level:
            for section in (file.body(level) or Body()).sections:
                self._text(section, f"# {level.value}", report)
        if file.simple:
            _reading_level(file.simple, report)

    def _identity(self, file: TopicFile, path: Path, report: Report) -> None:
        topic = file.topic
        if topic.id != path.stem:
            report.error("file-name", f"topic {topic.id} must be in {topic.id}.md", report.line_of("topic:"))
        if topic.id not in self.areas:
            report.error("unknown-topic", f"{topic.id} is not in the catalogue", report.line_of("topic:"))
        elif self.areas[topic.id] != topic.area:
            report.error("area", f"the catalogue has {topic.id} in area {self.areas[topic.id]}", report.line_of("area:"))
        for skill in topic.skills:
            if skill not in self.skills:
                report.error("unknown-skill", f"skill {skill} does not exist", report.line_of("skills:"))
        for other in topic.related:
            if other not in self.areas or other == topic.id:
                report.error("dead-reference", f"related topic {other} does not exist", report.line_of("related:"))

    def _aspects(self, file: TopicFile, report: Report) -> None:
        for level in Level:
            body = file.body(level)
            for aspect in COMPULSORY:
                if body is None or body.section(aspect) is None:
                    line = report.line_of("", f"# {level.value}")
                    report.error("missing-aspect", f"{level.value} has no {aspect.value}", line)
        standard = file.standard or Body()
        ruled_out, line = standard.not_applicable or (), report.line_of("not_applicable:")
        for aspect in Aspect:
            written, out = standard.section(aspect) is not None, aspect in ruled_out
            if written and out:
                report.error("contradiction", f"{aspect.value} is written and not applicable", line)
            elif not written and not out and aspect not in (*COMPULSORY, *OPTIONAL):
                report.error("missing-aspect", f"{aspect.value} is neither written nor not_applicable", line)

    def _references(self, file: TopicFile, body: Body, report: Report, language_dir: Path) -> None:
        for name in ("title", "short_title", "reviewed_on", "review_by", "sources"):
            if not getattr(body, name):
                report.error("missing-field", f"{name} is missing")
        if body.reviewed_on and body.review_by and body.review_by <= body.reviewed_on:
            report.error("dates", "review_by must come after reviewed_on", report.line_of("review_by:"))
        self._sources(body, report)
        self._figures(file, body, report)
        for level in Level:
            for step in (s for section in (file.body(level) or Body()).sections for s in section.steps):
                if step.picture and not (language_dir / step.picture.path).is_file():
                    line = report.line_of(step.picture.path)
                    report.error("dead-reference", f"picture {step.picture.path} does not exist", line)

    def _sources(self, body: Body, report: Report) -> None:
        ids = [source.id for source in body.sources or ()]
        for source in body.sources or ():
            line = report.line_of(f"- id: {source.id}", "sources:")
            if ids.count(source.id) > 1:
                report.error("repeated-id", f"source {source.id} is given twice", line)
            if body.reviewed_on and source.date > body.reviewed_on:
                report.error("dates", f"source {source.id} is dated after the review", line)

    def _figures(self, file: TopicFile, body: Body, report: Report) -> None:
        sources, figures = {s.id for s in body.sources or ()}, {f.id: f for f in body.figures or ()}
        texts = [text for level in Level for section in (file.body(level) or Body()).sections for text in _texts(section)]
        for name, figure in figures.items():
            line = report.line_of(f"- id: {name}", "figures:")
            if figure.source not in sources:
                report.error("dead-reference", f"figure {name} names an unknown source {figure.source}", line)
            if not any(f"{{figure:{name}}}" in text for text in texts):
                report.warning("unused-figure", f"figure {name} appears in no text", line)
            if self.today and figure.valid_until < self.today:
                report.warning("expired-figure", f"figure {name} ran out on {figure.valid_until}", line)
        for text in texts:
            for name in rules.used_figures(text):
                if name not in figures:
                    report.error("dead-reference", f"figure {name} is not defined", report.line_of(f"{{figure:{name}}}", "# "))

    def _examples(self, body: Body, report: Report) -> None:
        examples = body.examples or ()
        line = report.line_of("examples:")
        if len(examples) < FEWEST:
            report.error("few-examples", f"{len(examples)} example questions, at least {FEWEST} are needed", line)
        if len(examples) > MOST:
            report.warning("many-examples", f"{len(examples)} example questions, {MOST} are enough", line)
        for example in examples:
            if query := nearest_query(example, self.queries):
                where = report.line_of(f'- "{example}', "examples:")
                report.error("evaluation-leak", f"{example!r} nearly repeats evaluation query {query.id}", where)

    def _repeated_examples(self, language: str) -> None:
        mine = {path: file for path, file in self.topics.items() if file.language == language}
        paths = {file.topic.id: path for path, file in mine.items()}
        examples = {file.topic.id: (file.standard.examples or ()) for file in mine.values() if file.standard}
        for topic, example, other in duplicates(examples):
            report = self._report(paths[topic])
            line = report.line_of(f'- "{example}', "examples:")
            report.error("repeated-example", f"{example!r} is also an example of {other}", line)

    def _text(self, section: Section, below: str, report: Report) -> None:
        for text in _texts(section):
            line = report.line_of(text, below)
            self._links(text, report, line)
            for number, certain in rules.changing_numbers(text):
                say = report.error if certain else report.warning
                say("plain-number", f"{number!r} should be a figure with valid_until", line)
            _form(text, report, line)

    def _links(self, text: str, report: Report, line: int) -> None:
        for host, full in rules.hosts(text):
            if not rules.allowed(host, self.allow_list):
                say = report.error if full else report.warning
                say("link", f"{host} is not on the allow-list", line)

    def _quiz(self, path: Path) -> None:
        report, quiz = self._report(path), self._take(path, QuizFile)
        if quiz is None:
            return
        if quiz.topic != path.stem or quiz.topic not in self.areas:
            report.error("unknown-topic", f"quiz topic {quiz.topic} must be a known topic and the file's name")
        if len(quiz.items) < FEWEST_ITEMS:
            report.warning("few-items", f"{len(quiz.items)} items, {FEWEST_ITEMS} make a quiz")
        for item in quiz.items:
            self.items.add(item.id)
            line = report.line_of(f"- id: {item.id}")
            if item.skill not in self.skills:
                report.error("unknown-skill", f"skill {item.skill} does not exist", line)
            for text in (item.stem, *(o.text for o in item.options), *(o.feedback for o in item.options)):
                self._links(text, report, line)
                _form(text, report, line)

    def _course(self, path: Path) -> None:
        report, course = self._report(path), self._take(path, Course)
        if course is None:
            return
        if course.id != path.stem:
            report.error("file-name", f"course {course.id} must be in {course.id}.yaml")
        for lesson in course.lessons:
            line = report.line_of(f"id: {lesson.id}")
            for item in lesson.items:
                if item not in self.items:
                    report.error("dead-reference", f"lesson {lesson.id} names an unknown quiz item {item}", line)
            for topic in lesson.topics:
                if topic not in self.areas:
                    report.error("dead-reference", f"lesson {lesson.id} names an unknown topic {topic}", line)
            for text in _lesson_texts(course, lesson.id):
                self._links(text, report, report.line_of(text))
                _form(text, report, report.line_of(text))


def read_allow_list(path: Path) -> list[str]:
    """Hosts of an allow-list file: one a line, `#` starts a comment."""
    lines = (line.partition("#")[0].strip().lower() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def _texts(section: Section) -> Iterator[str]:
    yield from (part for part in section.text.split("\n") if part.strip())
    yield from (step.text for step in section.steps)


def _lesson_texts(course: Course, lesson_id: str) -> Iterator[str]:
    if lesson := course.lesson(lesson_id):
        yield from (card.text for card in lesson.cards)
        if lesson.practice:
            yield from (lesson.practice.text, lesson.practice.check)


def _form(text: str, report: Report, line: int) -> None:
    for placeholder in rules.unknown_placeholders(text):
        report.error("placeholder", f"{placeholder} would be shown as it stands", line)
    if mark := rules.foreign_markup(text):
        report.error("markup", f"{mark!r}: only paragraphs, '- ' lists and **bold** are shown everywhere", line)


def _reading_level(body: Body, report: Report) -> None:
    texts = [text for section in body.sections for text in _texts(section)]
    lengths = []
    for text in texts:
        for sentence in rules.sentences(text):
            lengths.append(rules.syllables(sentence))
            if lengths[-1] > rules.LONGEST_SENTENCE:
                line = report.line_of(text, "# simple")
                report.error("long-sentence", f"{lengths[-1]} syllables in simple: {sentence[:60]!r}", line)
    if sum(n > rules.USUAL_SENTENCE for n in lengths) * 2 > len(lengths):
        line = report.line_of("# simple")
        report.warning("long-sentence", f"most sentences of simple are over {rules.USUAL_SENTENCE} syllables", line)
    if rare := rules.rare_words(" ".join(texts)):
        report.warning("rare-word", f"simple uses rare words: {', '.join(rare)}", report.line_of(rare[0], "# simple"))
    for word in rules.unexplained(texts):
        report.warning("abbreviation", f"simple does not explain {word} at first use", report.line_of(word, "# simple"))
