"""Scenes to PNG files of the content: palette colours, small, and stamped with what they were drawn from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from knowledge.folder import CONTENT_DIR
from knowledge.pictures.scenes import SCENES, Scene, load_scenes, scene_svg
from knowledge.pictures.svg import to_png, with_palette

MAX_BYTES: Final = 60_000
COLOURS: Final = 64
STAMP: Final = "scene"


def media_dir(content: Path = CONTENT_DIR, language: str = "vi") -> Path:
    """Where a language's pictures are."""
    return content / language / "media"


def stamp_of(svg: str) -> str:
    """The digest a picture carries of the drawing it was made from."""
    return hashlib.sha256(svg.encode()).hexdigest()[:16]


def picture(scene: Scene) -> bytes:
    """The scene as a PNG file. Raises ValueError when it is larger than a citizen's data plan should pay for."""
    svg = scene_svg(scene)
    made = with_palette(to_png(svg), COLOURS, (STAMP, stamp_of(svg)))
    if len(made) > MAX_BYTES:
        raise ValueError(f"{scene.id}: {len(made)} bytes, more than {MAX_BYTES}")
    return made


def stamp_in(file: Path) -> str:
    """The digest a PNG file carries, empty for one of other making."""
    from PIL import Image

    with Image.open(file) as image:
        return str(image.info.get(STAMP, ""))


def build(folder: Path, scenes: Path = SCENES, *, svg: Path | None = None) -> list[str]:
    """Draw what changed into the folder (and every SVG into `svg`). Gives the ids of the pictures written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for scene in load_scenes(scenes):
        drawing = scene_svg(scene)
        if svg is not None:
            svg.mkdir(parents=True, exist_ok=True)
            (svg / f"{scene.id}.svg").write_text(drawing, encoding="utf-8")
        file = folder / f"{scene.id}.png"
        if not file.is_file() or stamp_in(file) != stamp_of(drawing):
            file.write_bytes(picture(scene))
            written.append(scene.id)
    return written
