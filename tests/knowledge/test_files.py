"""Topic files: nothing is lost on the way in or out, and mistakes are named by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.files import TopicFile, parse_topic, read_topic, write_topic
from knowledge.folder import CONTENT_DIR
from knowledge.model import STEPPED, Aspect, Body, Figure, Level, Picture, Section, Source, Step, Topic
from knowledge.sources import ContentError
from tests.knowledge.samples import TOPIC

SHIPPED = sorted(CONTENT_DIR.glob("*/topics/*.md"))

TRICKY = ["# a", "## fee", "\\x", "1. một", "- mục", "**đậm**", "![a](b)", "---", "  lùi", "", "Ốm đau: 'a' \"b\""]
texts = st.text(max_size=60) | st.lists(st.sampled_from(TRICKY), max_size=6).map("\n".join)
names = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True) | st.sampled_from(["yes", "null", "on"])
dates = st.dates(date(2020, 1, 1), date(2040, 1, 1))
pictures = st.builds(Picture, path=st.just("media/a-1.png"), alt=texts)
step_texts = texts.map(lambda t: f"x{t}") | texts.map(lambda t: f"{t}\nđuôi")
steps = st.builds(Step, text=step_texts, picture=st.none() | pictures)
sources = st.builds(Source, id=names, title=texts, publisher=texts, url=st.none() | texts, date=dates)
figures = st.builds(Figure, id=names, value=texts, valid_until=dates, fallback=texts, source=names)


@st.composite
def sections(draw: st.DrawFn) -> tuple[Section, ...]:
    def section(aspect: Aspect) -> Section:
        found = draw(st.lists(steps, max_size=3)) if aspect in STEPPED else ()
        return Section(aspect=aspect, text=draw(texts), steps=tuple(found))

    return tuple(section(aspect) for aspect in sorted(draw(st.sets(st.sampled_from(Aspect)))))


bodies = st.builds(
    Body,
    title=st.none() | texts,
    short_title=st.none() | st.text(max_size=5),
    sections=sections(),
    examples=st.none() | st.lists(texts, max_size=3),
    sources=st.none() | st.lists(sources, max_size=2),
    figures=st.none() | st.lists(figures, max_size=2),
    not_applicable=st.none() | st.lists(st.sampled_from(Aspect), max_size=3),
    reviewed_on=st.none() | dates,
    review_by=st.none() | dates,
)
topics = st.builds(Topic, id=names, area=names, skills=st.lists(names), audience=st.lists(names), related=st.lists(names))
files = st.builds(TopicFile, topic=topics, language=st.just("vi"), standard=st.none() | bodies, simple=st.none() | bodies)


@settings(max_examples=300, deadline=None)
@given(files)
def test_what_is_written_reads_back_the_same(file: TopicFile) -> None:
    text = write_topic(file)
    assert parse_topic(text) == file
    assert write_topic(parse_topic(text)) == text


def test_a_canonical_file_is_written_back_byte_for_byte() -> None:
    assert write_topic(parse_topic(TOPIC)) == TOPIC


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_files_are_canonical(path: Path) -> None:
    assert write_topic(read_topic(path, path.parent.parent.name)) == path.read_text(encoding="utf-8")


def test_sections_steps_and_pictures_are_told_apart() -> None:
    standard = parse_topic(TOPIC).body(Level.STANDARD)
    assert standard is not None
    emergency, steps = standard.section(Aspect.EMERGENCY), standard.section(Aspect.STEPS)
    assert emergency and emergency.text == "Làm ngay:"
    assert steps and steps.steps[1] == Step(
        text="Tự tay nhập mã\nrồi bấm xác nhận.", picture=Picture(path="media/otp-1.png", alt="Màn hình nhập mã")
    )


def test_letters_typed_on_a_mac_are_composed() -> None:
    decomposed = TOPIC.replace("Mã OTP", "Mã OTP")
    assert parse_topic(decomposed) == parse_topic(TOPIC)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("---\ntopic", "topic", 1, "starts with a line ---"),
        ("area: an-toan", "area: [an-toan", 4, "not valid YAML"),
        ("area: an-toan", "area: an-toan\narea: an-toan", 4, "given twice"),
        ("area: an-toan", "aera: an-toan", 3, "unknown field 'aera'"),
        ('"Giữ kín mã OTP"', '"Giữ kín mã OTP khi có người lạ gọi"', 5, "at most 25"),
        ("  date: 2024-11-28\n", "", 13, "sources.0.date: Field required"),
        ("  valid_until: 2027-06-30\n", "", 19, "figures.0.valid_until: Field required"),
        ("review_by: 2027-05-21", "review_by: mai", 11, "review_by"),
        ("# standard\n", "Lạc\n# standard\n", 41, "text before the first"),
        ("# simple", "# easy", 62, "unknown heading 'easy'"),
        ("## fee", "## price", 59, "unknown heading 'price'"),
        ("## fee", "## summary", 59, "given twice"),
        ("## fee", "### fee", 59, "headings are"),
        ("\n## fee", "Thêm lời\n\n## fee", 58, "text after a step"),
        ("(media/otp-1.png)", "(media/otp*1.png)", 57, "bad picture path"),
    ],
)
def test_mistakes_are_named_by_line(old: str, new: str, line: int, message: str) -> None:
    broken = TOPIC.replace(old, new, 1)
    with pytest.raises(ContentError, match=r"otp\.md") as caught:
        parse_topic(broken, "vi", "otp.md")
    assert any(message in p.message and p.line == line for p in caught.value.problems), str(caught.value)


def test_fields_without_a_standard_text_are_refused() -> None:
    with pytest.raises(ContentError, match="no '# standard' text"):
        parse_topic("---\ntopic: otp\narea: a\ntitle: x\n---\n# simple\n")
