"""Example questions on disk: one tab-separated file per topic and language, beside the topic's Markdown.

`<language>/examples/<topic-id>.tsv`, UTF-8: the header `style	writer	question`, then one question a line; an
empty cell is a tag that is not known. Where the simple level has examples of its own: `<topic-id>.simple.tsv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from knowledge.model import Example, Level, clean_text
from knowledge.sources import ContentError, Problem

HEADER = "style\twriter\tquestion"
_SUFFIX = {Level.STANDARD: ".tsv", Level.SIMPLE: ".simple.tsv"}


def examples_path(topic_path: Path, level: Level = Level.STANDARD) -> Path:
    """Where the examples of a topic file are."""
    return topic_path.parent.parent / "examples" / f"{topic_path.stem}{_SUFFIX[level]}"


def read_examples(topic_path: Path) -> Mapping[Level, tuple[Example, ...]]:
    """The examples beside a topic file, by level; levels without a file are left out. Raises ContentError or OSError."""
    paths = {level: examples_path(topic_path, level) for level in Level}
    return {level: parse_examples(path.read_text(encoding="utf-8"), str(path)) for level, path in paths.items() if path.is_file()}


def all_examples(content_dir: Path) -> dict[str, tuple[Example, ...]]:
    """The examples of a content folder by file, ``<language>/<topic-id>``; files with mistakes are left out."""
    found: dict[str, tuple[Example, ...]] = {}
    for path in sorted(content_dir.glob("*/examples/*.tsv")):
        with suppress(ContentError):
            found[f"{path.parent.parent.name}/{path.stem}"] = parse_examples(path.read_text(encoding="utf-8"), str(path))
    return found


def parse_examples(text: str, file: str = "<text>") -> tuple[Example, ...]:
    """The questions of an examples file, in order. Raises ContentError naming every bad line."""
    lines = clean_text(text).split("\n")
    if lines[0].rstrip() != HEADER:
        raise ContentError([Problem(file, 1, "the first line must be: style, writer, question, separated by tabs")])
    examples: list[Example] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        try:
            examples.append(_example(line))
        except ValidationError as error:
            problems += [Problem(file, number, f"{e['loc'][0] if e['loc'] else 'line'}: {e['msg']}") for e in error.errors()]
        except ValueError as error:
            problems.append(Problem(file, number, str(error)))
    if problems:
        raise ContentError(problems)
    return tuple(examples)


def _example(line: str) -> Example:
    cells = line.split("\t")
    if len(cells) != 3:
        raise ValueError(f"{len(cells)} cells where style, writer and question are expected, separated by tabs")
    style, writer, question = (cell.strip() for cell in cells)
    return Example.model_validate({"style": style or None, "writer": writer or None, "text": question})


def write_examples(examples: Iterable[Example]) -> str:
    """The examples as the text of a file; `parse_examples` gives them back."""
    return "\n".join([HEADER, *_lines(examples)]) + "\n"


def _lines(examples: Iterable[Example]) -> Iterator[str]:
    for example in examples:
        yield f"{example.style.value if example.style else ''}\t{example.writer or ''}\t{example.text}"
