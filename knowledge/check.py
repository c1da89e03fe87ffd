"""The content linter: everything that can be wrong with a content folder, by file and line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from knowledge.check_common import Known, read_allow_list
from knowledge.check_examples import Queries, check_examples, check_leaks, duplicates, read_queries
from knowledge.check_languages import check_languages
from knowledge.check_lessons import check_course, check_quiz
from knowledge.check_topic import check_topic
from knowledge.courses import Course
from knowledge.examples import examples_path, write_examples
from knowledge.files import TopicFile, read_topic, write_topic
from knowledge.findings import Finding, Report
from knowledge.folder import CONTENT_DIR, Catalogue, Skills, read_yaml
from knowledge.frameworks import read_frameworks
from knowledge.model import Example
from knowledge.published import BASE_LANGUAGE
from knowledge.quiz import QuizFile
from knowledge.sources import ContentError
from knowledge.unknowns import KnownUnknowns

M = TypeVar("M", bound=BaseModel)


def check_content(
    content_dir: Path = CONTENT_DIR, evaluation_files: Sequence[Path] = (), today: date | None = None
) -> list[Finding]:
    """All findings about a content folder, by file and line.

    evaluation_files: questions (JSON lines) that no example may nearly repeat. today: to name figures
    that have run out. Raises OSError when the folder or an evaluation file cannot be read.
    """
    checker = _Checker(content_dir, Queries(read_queries(evaluation_files)), today)
    checker.run()
    return sorted(finding for report in checker.reports.values() for finding in report.findings)


class _Checker:
    def __init__(self, folder: Path, queries: Queries, today: date | None) -> None:
        self.folder, self.queries = folder, queries
        self.reports: dict[Path, Report] = {}
        self.known = Known(read_allow_list(folder / "allowlist.txt"), today)

    def run(self) -> None:
        """Catalogue and skills first, since everything refers to them; then Vietnamese, which translations inherit from."""
        catalogue = self.take(self.folder / "catalogue.yaml", Catalogue)
        skills = self.take(self.folder / "skills.yaml", Skills)
        if skills:
            self.known.skills = {skill.id for skill in skills.skills}
            self._frameworks(skills)
        if catalogue:
            self.known.areas = {entry.id: entry.area for entry in catalogue.topics}
            self._catalogue(catalogue)
        languages = (p for p in self.folder.iterdir() if p.is_dir())
        for language in sorted(languages, key=lambda p: (p.name != BASE_LANGUAGE, p.name)):
            self._language(language)
        check_languages(self.folder, self.known, self)

    def _language(self, language: Path) -> None:
        read = {path: self._topic_file(path, language.name) for path in sorted(language.glob("topics/*.md"))}
        topics = {path: file for path, file in read.items() if file}
        self._examples(topics)
        self._strays(language, set(read))
        self._unknowns(language / "unknowns.yaml")
        for path in sorted(language.glob("quiz/*.yaml")):
            if quiz := self.take(path, QuizFile):
                check_quiz(quiz, path.stem, self.known, self.report(path))
        if language.name == BASE_LANGUAGE and (language / "quiz").is_dir():
            self._without_quiz(topics, language / "quiz")
        for path in sorted(language.glob("courses/*.yaml")):
            if course := self.take(path, Course):
                check_course(course, path.stem, self.known, self.report(path))

    def report(self, path: Path) -> Report:
        """The findings of that file."""
        return self.reports.setdefault(path, Report(path, path.relative_to(self.folder).as_posix()))

    def _broken(self, error: ContentError) -> None:
        for problem in error.problems:
            self.report(Path(problem.file)).error("format", problem.message, problem.line)

    def take(self, path: Path, model: type[M]) -> M | None:
        """The file as that model; a mistake is reported and gives None."""
        try:
            return read_yaml(path, model)
        except ContentError as error:
            self._broken(error)
            return None

    def _catalogue(self, catalogue: Catalogue) -> None:
        report, ids = self.report(self.folder / "catalogue.yaml"), [entry.id for entry in catalogue.topics]
        for entry in catalogue.topics:
            if entry.area not in {area.id for area in catalogue.areas}:
                report.error("unknown-area", f"topic {entry.id} is in no known area", report.line_of(f"id: {entry.id},"))
            if ids.count(entry.id) > 1:
                report.error("repeated-id", f"topic {entry.id} is listed twice", report.line_of(f"id: {entry.id},"))

    def _frameworks(self, skills: Skills) -> None:
        """Every skill has a place in the official frameworks, so that every topic and item has one through its skills."""
        try:
            frameworks = read_frameworks(self.folder)
        except ContentError as error:
            return self._broken(error)
        report = self.report(self.folder / "skills.yaml")
        for skill in skills.skills if frameworks else ():
            for problem in frameworks.problems_of(skill) if frameworks else ():
                report.error("framework", f"skill {skill.id}: {problem}", report.line_of(f"id: {skill.id},"))

    def _topic_file(self, path: Path, language: str) -> TopicFile | None:
        try:
            file = read_topic(path, language)
        except ContentError as error:
            self._broken(error)
            return None
        if language == BASE_LANGUAGE and file.standard:
            self.known.base[file.topic.id] = file.standard
        self._canonical(path, write_topic(file))
        check_topic(file, path, self.known, self.report(path))
        return file

    def _canonical(self, path: Path, text: str) -> None:
        if text != path.read_text(encoding="utf-8"):
            self.report(path).warning("not-canonical", "not in canonical form: run `hocvuso content format`")

    def _examples(self, topics: dict[Path, TopicFile]) -> None:
        """The example questions of one language: each topic's, then those that several topics share."""
        found: dict[str, tuple[Example, ...]] = {}
        reports: dict[str, Report] = {}
        for path, file in topics.items():
            examples = (file.standard.examples if file.standard else None) or ()
            there = examples_path(path).is_file()
            if not there and file.language != BASE_LANGUAGE:
                continue  # a translation is found by the Vietnamese questions
            report = self.report(examples_path(path) if there else path)
            found[file.topic.id], reports[file.topic.id] = examples, report
            if there:
                self._canonical(examples_path(path), write_examples(examples))
            check_examples(examples, self.queries, report)
        for topic, example, other in duplicates(found):
            line = reports[topic].line_ending(f"\t{example}")
            reports[topic].error("repeated-example", f"{example!r} is also an example of {other}", line)

    def _unknowns(self, path: Path) -> None:
        """Questions of what no lesson answers are indexed, too."""
        if path.is_file() and (unknowns := self.take(path, KnownUnknowns)):
            report, of_topics = self.report(path), [entry.examples for entry in unknowns.topics]
            texts = (text for given in (*of_topics, *(entry.examples for entry in unknowns.outside)) for text in given)
            check_leaks({text: report.line_of(text) for text in texts}, self.queries, report)

    def _strays(self, language: Path, topics: set[Path]) -> None:
        names = {path.stem for path in topics}
        for path in sorted(language.glob("examples/*")):
            topic, _, rest = path.name.partition(".")
            if topic not in names or rest not in ("tsv", "simple.tsv"):
                self.report(path).error("stray-examples", f"there is no topic for {path.name}")

    def _without_quiz(self, topics: dict[Path, TopicFile], quizzes: Path) -> None:
        for path, file in topics.items():
            if not (quizzes / f"{file.topic.id}.yaml").is_file():
                self.report(path).error("few-items", f"topic {file.topic.id} has no quiz file")
