"""Reading YAML so that every mistake can be named by file and line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

_PLAIN = re.compile(r"[a-z][a-z0-9.-]*")
_PLAIN_URL = re.compile(r"https?://[\w/.?=&%+~;@()-]+")
_YAML_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Problem:
    """One mistake in a content file; `line` counts from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ContentError(ValueError):
    """A content file cannot be read; `problems` says where and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class YamlSource:
    """A parsed YAML mapping that knows the line of each of its parts."""

    def __init__(self, text: str, file: str, first_line: int = 1) -> None:
        self.file = file
        self._offset = first_line
        try:
            node = yaml.compose(text, Loader=LOADER)
            data = yaml.load(text, Loader=LOADER)  # noqa: S506 – a safe loader, written in C where there is one
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise self.error((mark.line if mark else 0) + first_line, f"not valid YAML: {error.problem}") from error
        except (yaml.YAMLError, ValueError) as error:
            raise self.error(first_line, f"not valid YAML: {error}") from error
        if not isinstance(node, yaml.MappingNode):
            raise self.error(first_line, "expected a mapping of names to values")
        self._node = node
        self.data: dict[str, object] = data
        if repeated := list(self._repeated_keys(node)):
            raise ContentError(repeated)

    def error(self, line: int, message: str) -> ContentError:
        """A ContentError at that line of the file."""
        return ContentError([Problem(self.file, line, message)])

    def line(self, *path: int | str) -> int:
        """The line of the part at that path, or of its nearest existing parent."""
        node: yaml.Node = self._node
        for key in path:
            child = _child(node, key)
            if child is None:
                break
            node = child
        return int(node.start_mark.line) + self._offset

    def build(self, model: type[M], data: object, *path: int | str) -> M:
        """Validate data (the part at path) as the model; raises ContentError with the line of each mistake."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            raise ContentError([self._problem(loc, message, path) for loc, message in _causes(error)]) from error

    def _problem(self, loc: tuple[int | str, ...], message: str, path: tuple[int | str, ...]) -> Problem:
        where = ".".join(str(part) for part in (*path, *loc))
        said = message.removeprefix("Value error, ")
        return Problem(self.file, self.line(*path, *loc), f"{where}: {said}" if where else said)

    def _repeated_keys(self, node: yaml.Node) -> Iterator[Problem]:
        seen: set[str] = set()
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            if key.value in seen:
                yield Problem(self.file, key.start_mark.line + self._offset, f"{key.value!r} is given twice")
            seen.add(key.value)
            yield from self._repeated_keys(value)
        for item in node.value if isinstance(node, yaml.SequenceNode) else ():
            yield from self._repeated_keys(item)


def _causes(error: ValidationError) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Place and message of each mistake, without "too short" lists that are only short of their wrong items."""
    details = error.errors()
    for detail in details:
        inner = any(d["loc"][: len(detail["loc"])] == detail["loc"] and d["loc"] != detail["loc"] for d in details)
        if not (detail["type"] == "too_short" and inner):
            yield detail["loc"], detail["msg"]


def _child(node: yaml.Node, key: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == str(key)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        found: yaml.Node = node.value[key]
        return found
    return None


def plain(text: str) -> str:
    """An id or address as a YAML scalar, unquoted where YAML cannot mistake it."""
    if (_PLAIN.fullmatch(text) and text not in _YAML_WORDS) or _PLAIN_URL.fullmatch(text):
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """A text as a double-quoted YAML scalar on one line."""
    return json.dumps(text, ensure_ascii=False)


def flow(ids: Sequence[str]) -> str:
    """Ids as a YAML flow list."""
    return f"[{', '.join(plain(i) for i in ids)}]"


def scalar(value: object, style_plain: bool) -> str:
    """A date, number, truth value or text as YAML; texts are quoted unless style_plain."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return plain(str(value)) if style_plain else quoted(str(value))
