"""The examples in the pages about content are content that can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from knowledge.courses import Course
from knowledge.examples import parse_examples
from knowledge.files import parse_topic
from knowledge.quiz import QuizFile

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES = ("content-format.md", "bien-soan.md")


def blocks(page: str, kind: str) -> list[str]:
    """The code blocks of that kind in a page."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_topics_can_be_parsed(page: str) -> None:
    found = [parse_topic(text) for text in blocks(page, "markdown")]
    assert found and all(file.standard for file in found)


@pytest.mark.parametrize("page", PAGES)
def test_examples_can_be_parsed(page: str) -> None:
    assert [len(parse_examples(text)) for text in blocks(page, "tsv")] == [2]


@pytest.mark.parametrize("page", PAGES)
def test_quizzes_and_courses_can_be_read(page: str) -> None:
    for text in blocks(page, "yaml"):
        data = yaml.safe_load(text)
        assert (QuizFile if "topic" in data else Course).model_validate(data)
