"""Scenes: what one picture shows, read from `scenes/<topic>.yaml` and drawn on a square of 720 pixels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from knowledge.pictures.icons import finger, lens, ring
from knowledge.pictures.svg import GREEN, GREY, PALE, WHITE, Box, document, fitted, line, rect
from knowledge.pictures.things import place
from knowledge.pictures.widgets import Drawn, draw

SIDE: Final = 720
SCENES: Final = Path(__file__).parent / "scenes"
NOTE: Final = "Hình minh họa"
GAP: Final = 26
ROOM: Final = 24  # more of it below a hand or a magnifying glass
_LEFT: Final = {"left": 40, "middle": 126, "right": 212}
_WIDE: Final = 468
_PHONE_TOP: Final = 30
FOOT: Final = 60  # pixels at the lower edge that widgets keep clear of


class SceneError(ValueError):
    """A scene that cannot be drawn; the message names it."""


class Part(BaseModel):
    """A widget or a thing: one name with its arguments, and whether it is the place to press or to look at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    arguments: Any
    press: bool = False
    look: bool = False


class Phone(BaseModel):
    """A phone that runs off the lower edge: a title bar and widgets below each other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = ""
    side: Literal["left", "middle", "right"] = "middle"
    screen: list[dict[str, Any]] = Field(min_length=1)


class Scene(BaseModel):
    """One picture. `alt` is its one plain line for those who do not see it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    alt: str = Field(min_length=20, max_length=200)
    phone: Phone | None = None
    stage: list[dict[str, Any]] = []


def load_scenes(folder: Path = SCENES) -> Iterator[Scene]:
    """Every scene, file by file. Raises SceneError for a file that is not a list of scenes."""
    for file in sorted(folder.glob("*.yaml")):
        try:
            yield from (Scene.model_validate(scene) for scene in yaml.safe_load(file.read_text(encoding="utf-8")))
        except (ValueError, TypeError, yaml.YAMLError) as error:
            raise SceneError(f"{file.name}: {error}") from error


def scene_svg(scene: Scene) -> str:
    """The scene as an SVG file. Raises SceneError where it names a widget, thing or argument that does not exist."""
    try:
        drawn = _phone(scene.phone) if scene.phone else ""
        stage = "".join(place(part.name, part.arguments) for part in map(_part, scene.stage))
    except (KeyError, TypeError, ValueError) as error:
        raise SceneError(f"{scene.id}: {error!r}") from error
    background = rect(Box(0, 0, SIDE, SIDE), PALE)
    return document(SIDE, SIDE, background + drawn + stage + _note(), title=scene.alt)


def _part(data: Mapping[str, Any]) -> Part:
    """``{button: …, press: true}`` as a part."""
    marks = {key: data[key] for key in ("press", "look") if key in data}
    rest = {key: value for key, value in data.items() if key not in marks}
    if len(rest) != 1:
        raise ValueError(f"one name was expected, not {sorted(rest)}")
    [(name, arguments)] = rest.items()
    return Part(name=name, arguments=arguments, **marks)


def _phone(phone: Phone) -> str:
    x = _LEFT[phone.side]
    case = rect(Box(x, _PHONE_TOP, _WIDE, SIDE + 60), "#1d282c", 58)
    glass = rect(Box(x + 15, _PHONE_TOP + 15, _WIDE - 30, SIDE + 60), WHITE, 44)
    top = _PHONE_TOP + (122 if phone.title else 44)
    return case + glass + _title(phone.title, x) + _screen(phone.screen, Box(x + 35, top, _WIDE - 70, 0))


def _title(title: str, x: float) -> str:
    if not title:
        return rect(Box(x + _WIDE / 2 - 50, _PHONE_TOP + 24, 100, 10), "#c8d5d0", 5)
    bar = f"M{x + 15} {_PHONE_TOP + 104}v-45a44 44 0 0 1 44-44h{_WIDE - 118}a44 44 0 0 1 44 44v45z"
    size = fitted(title, 38, _WIDE - 100, bold=True)
    words = line(title, x + _WIDE / 2, _PHONE_TOP + 76, size, fill=WHITE, bold=True, anchor="middle")
    return f'<path d="{bar}" fill="{GREEN}"/>{words}'


def _screen(parts: list[dict[str, Any]], at: Box) -> str:
    """The widgets from top to bottom, and over them what points at one of them; room to spare is shared out."""
    spare = SIDE - at.y - FOOT - sum(drawn.height + GAP for _, drawn in _stacked(parts, at, GAP))
    gap = GAP + min(max(0, spare) / (len(parts) + 1), 34)
    start = Box(at.x, at.y + (gap - GAP), at.w, 0)
    placed = list(_stacked(parts, start, gap))
    return "".join([drawn.svg for _, drawn in placed] + [_pointer(part, drawn) for part, drawn in placed])


def _stacked(parts: list[dict[str, Any]], at: Box, gap: float) -> Iterator[tuple[Part, Drawn]]:
    y = at.y
    for part in map(_part, parts):
        drawn = draw(part.name, Box(at.x, y, at.w, 0), part.arguments)
        yield part, drawn
        y += drawn.height + gap + (ROOM if part.press or part.look else 0)


def _pointer(part: Part, drawn: Drawn) -> str:
    """A ring with a finger on what to press, with a magnifying glass on what to read."""
    if not (part.press or part.look):
        return ""
    spot = drawn.spot
    right, low = spot.x + spot.w, spot.y + spot.h
    mark = finger(right - 34, low - 12, 0.85) if part.press else lens(right - 6, low + 2)
    return ring(spot) + mark


def _note() -> str:
    """Says on the picture itself that it is a drawing."""
    plate = rect(Box(SIDE - 186, SIDE - 40, 178, 34), "#ffffffd0", 17)
    return plate + line(NOTE, SIDE - 97, SIDE - 15, 23, fill=GREY, anchor="middle")
