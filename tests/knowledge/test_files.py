"""Topic files: nothing is lost on the way in or out, and mistakes are named by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.examples import examples_path, parse_examples, write_examples
from knowledge.files import Examples, TopicFile, parse_topic, read_topic, save_topic, write_topic
from knowledge.folder import CONTENT_DIR
from knowledge.model import (
    STEPPED,
    Aspect,
    Body,
    Confidence,
    Example,
    Figure,
    Level,
    Picture,
    Section,
    Source,
    Step,
    Style,
    Topic,
)
from knowledge.sources import ContentError
from tests.knowledge.samples import EXAMPLES, TOPIC, write_folder

SHIPPED = sorted(CONTENT_DIR.glob("*/topics/*.md"))

TRICKY = ["# a", "## fee", "\\x", "1. một", "- mục", "**đậm**", "![a](b)", "---", "  lùi", "", "Ốm đau: 'a' \"b\""]
texts = st.text(max_size=60) | st.lists(st.sampled_from(TRICKY), max_size=6).map("\n".join)
names = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True) | st.sampled_from(["yes", "null", "on"])
dates = st.dates(date(2020, 1, 1), date(2040, 1, 1))
pictures = st.builds(Picture, path=st.just("media/a-1.png"), alt=texts)
step_texts = texts.map(lambda t: f"x{t}") | texts.map(lambda t: f"{t}\nđuôi")
steps = st.builds(Step, text=step_texts, picture=st.none() | pictures)
confidences = st.none() | st.sampled_from(Confidence)
undated = st.none() | st.booleans()
urls = st.none() | texts
sources = st.builds(Source, id=names, title=texts, publisher=texts, url=urls, date=dates, undated=undated, confidence=confidences)
writers = st.none() | st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
questions = (texts | st.text(alphabet="a\t\n\"' ", max_size=8)).map(lambda t: f"x{t}")
examples = st.builds(Example, text=questions, style=st.none() | st.sampled_from(Style), writer=writers)
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
    examples=st.none() | st.lists(examples, max_size=3),
    sources=st.none() | st.lists(sources, max_size=2),
    figures=st.none() | st.lists(figures, max_size=2),
    not_applicable=st.none() | st.lists(st.sampled_from(Aspect), max_size=3),
    reviewed_on=st.none() | dates,
    review_by=st.none() | dates,
)
topics = st.builds(Topic, id=names, area=names, skills=st.lists(names), audience=st.lists(names), related=st.lists(names))
files = st.builds(TopicFile, topic=topics, language=st.just("vi"), standard=st.none() | bodies, simple=st.none() | bodies)


def written_examples(file: TopicFile) -> Examples:
    """The examples of a file's levels after a round trip through their files."""
    bodies = ((level, file.body(level)) for level in Level)
    given_ones = ((level, body.examples) for level, body in bodies if body)
    return {level: parse_examples(write_examples(those)) for level, those in given_ones if those is not None}


@settings(max_examples=300, deadline=None)
@given(files)
def test_what_is_written_reads_back_the_same(file: TopicFile) -> None:
    text, beside = write_topic(file), written_examples(file)
    assert parse_topic(text, examples=beside) == file
    assert write_topic(parse_topic(text, examples=beside)) == text


@settings(max_examples=50, deadline=None)
@given(file=files)
def test_what_is_saved_reads_back_the_same(file: TopicFile, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("vi")
    written = save_topic(file, folder)
    path = folder / "topics" / f"{file.topic.id}.md"
    assert path in written and read_topic(path, "vi") == file
    assert save_topic(file, folder) == []


def test_a_page_without_a_date_says_so_below_the_day_it_was_read() -> None:
    text = TOPIC.replace("date: 2024-11-28", "date: 2024-11-28\n  undated: true")
    standard = parse_topic(text).standard
    assert standard and standard.sources and standard.sources[0].undated
    assert write_topic(parse_topic(text)) == text
    assert write_topic(parse_topic(text.replace("undated: true", "undated: false"))) == TOPIC


def test_sources_stored_before_pages_could_be_undated_load_with_the_same_checksum() -> None:
    stored = {"id": "s1", "title": "Tin", "publisher": "Báo Thử", "url": None, "date": "2024-11-28", "confidence": "high"}
    source = Source.model_validate(stored)
    assert source.undated is None
    assert source.model_dump(mode="json", exclude_none=True) == {k: v for k, v in stored.items() if v is not None}


# --- example questions


def test_examples_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    standard = read_topic(write_folder(tmp_path) / "vi/topics/otp.md", "vi").standard
    assert standard and standard.examples and len(standard.examples) == 25
    assert standard.examples[5] == Example(text="tự dưng máy báo mấy con số lạ", style=Style.COLLOQUIAL, writer="linh")
    assert write_examples(standard.examples) == EXAMPLES


def test_a_plain_text_is_an_example_without_tags() -> None:
    """So bodies stored before examples had tags, and front matter of older files, keep loading."""
    assert Body.model_validate({"examples": ["mã otp là gì"]}).examples == (Example(text="mã otp là gì"),)
    old = TOPIC.replace("---\n# standard", 'examples:\n- "mã otp là gì"\n---\n# standard')
    standard = parse_topic(old).standard
    assert standard and standard.examples == (Example(text="mã otp là gì"),)


def test_saving_an_older_file_moves_its_examples_out(tmp_path: Path) -> None:
    old = TOPIC.replace("---\n# standard", 'examples:\n- "mã otp là gì"\n---\n# standard')
    save_topic(parse_topic(old), tmp_path)
    assert (tmp_path / "topics/otp.md").read_text(encoding="utf-8") == TOPIC
    assert (tmp_path / "examples/otp.tsv").read_text(encoding="utf-8") == "style\twriter\tquestion\n\t\tmã otp là gì\n"


def test_examples_in_both_places_are_refused(tmp_path: Path) -> None:
    old = TOPIC.replace("---\n# standard", 'examples:\n- "mã otp là gì"\n---\n# standard')
    with pytest.raises(ContentError, match="keep the latter"):
        read_topic(write_folder(tmp_path, old) / "vi/topics/otp.md", "vi")


def test_an_examples_file_the_topic_no_longer_has_is_deleted(tmp_path: Path) -> None:
    path = write_folder(tmp_path) / "vi/topics/otp.md"
    assert save_topic(parse_topic(TOPIC), tmp_path / "vi") == [examples_path(path)]
    assert not examples_path(path).exists()


def test_tabs_and_line_ends_in_a_question_become_spaces() -> None:
    assert Example(text=" mã\totp\n là  gì ").text == "mã otp là gì"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("formal\tlan\tMã là gì?\tthừa", "4 cells"),
        ("Mã là gì?", "1 cells"),
        ("polite\tlan\tMã là gì?", "style"),
        ("formal\tBà Lan\tMã là gì?", "writer"),
        ("formal\tlan\t", "text"),
    ],
)
def test_mistakes_in_an_examples_file_are_named_by_line(line: str, message: str) -> None:
    with pytest.raises(ContentError, match=message) as caught:
        parse_examples(EXAMPLES + line + "\n", "otp.tsv")
    assert [(p.file, p.line) for p in caught.value.problems] == [("otp.tsv", 27)]


def test_an_examples_file_begins_with_its_header() -> None:
    with pytest.raises(ContentError, match="first line"):
        parse_examples("formal\tlan\tMã là gì?\n")


# --- topic files


def test_a_canonical_file_is_written_back_byte_for_byte() -> None:
    assert write_topic(parse_topic(TOPIC)) == TOPIC


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_files_are_canonical(path: Path) -> None:
    file = read_topic(path, path.parent.parent.name)
    assert write_topic(file) == path.read_text(encoding="utf-8")
    if file.standard and file.standard.examples is not None:
        assert write_examples(file.standard.examples) == examples_path(path).read_text(encoding="utf-8")


def test_sections_steps_and_pictures_are_told_apart() -> None:
    standard = parse_topic(TOPIC).body(Level.STANDARD)
    assert standard is not None
    emergency, steps = standard.section(Aspect.EMERGENCY), standard.section(Aspect.STEPS)
    assert emergency and emergency.text == "Làm ngay:"
    assert steps and steps.steps[1] == Step(
        text="Tự tay nhập mã\nrồi bấm xác nhận.", picture=Picture(path="media/thu-otp.png", alt="Màn hình nhập mã")
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
        ("  valid_until: 2027-06-30\n", "", 20, "figures.0.valid_until: Field required"),
        ("review_by: 2027-05-21", "review_by: mai", 11, "review_by"),
        ("# standard\n", "Lạc\n# standard\n", 26, "text before the first"),
        ("# simple", "# easy", 47, "unknown heading 'easy'"),
        ("## fee", "## price", 44, "unknown heading 'price'"),
        ("## fee", "## summary", 44, "given twice"),
        ("## fee", "### fee", 44, "headings are"),
        ("\n## fee", "Thêm lời\n\n## fee", 43, "text after a step"),
        ("(media/thu-otp.png)", "(media/otp*1.png)", 42, "bad picture path"),
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
