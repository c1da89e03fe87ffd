"""Step pictures: every scene can be drawn, every shipped picture is the one its scene describes and stands in a topic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from knowledge.files import read_topic
from knowledge.folder import CONTENT_DIR
from knowledge.model import Step
from knowledge.pictures.build import MAX_BYTES, build, media_dir, picture, stamp_in, stamp_of
from knowledge.pictures.scenes import NOTE, SIDE, Scene, SceneError, load_scenes, scene_svg

CORE = (
    *("vneid-cai-dat", "vneid-muc-2", "vneid-kich-hoat", "dvc-dang-nhap", "dvc-nop-ho-so", "dvc-thanh-toan"),
    *("quet-qr", "chuyen-khoan", "otp", "lua-dao-gia-cong-an", "bi-lua-lam-gi", "to-cong-nghe-so"),
)
SCENES = {scene.id: scene for scene in load_scenes()}
MINIMAL = Scene(id="thu", alt="Hình minh họa: chạm nút Gửi để thử.", phone={"screen": [{"button": "Gửi", "press": True}]})  # type: ignore[arg-type]


def pictured_steps() -> Iterator[tuple[str, str, Step]]:
    """Topic, level and step, for every step with a picture in the shipped texts."""
    for path in sorted((CONTENT_DIR / "vi").glob("topics/*.md")):
        file = read_topic(path, "vi")
        for level, body in (("standard", file.standard), ("simple", file.simple)):
            for section in body.sections if body else ():
                yield from ((file.topic.id, level, step) for step in section.steps if step.picture)


STEPS = list(pictured_steps())


@pytest.mark.parametrize("topic", CORE)
@pytest.mark.parametrize("level", ["standard", "simple"])
def test_a_core_topic_has_three_to_six_different_pictures_at_each_level(topic: str, level: str) -> None:
    shown = {step.picture.path for found, at, step in STEPS if (found, at) == (topic, level) and step.picture}
    assert 3 <= len(shown) <= 7


def test_a_picture_is_described_in_one_plain_line_that_says_it_is_a_drawing() -> None:
    for topic, _, step in STEPS:
        assert step.picture
        assert step.picture.alt.startswith(f"{NOTE}: ") and len(step.picture.alt) <= 200, topic


def test_topics_show_pictures_of_scenes_with_the_words_of_the_scene() -> None:
    for topic, _, step in STEPS:
        assert step.picture
        scene = SCENES[Path(step.picture.path).stem]
        assert (step.picture.path, step.picture.alt) == (f"media/{scene.id}.png", scene.alt), topic


def test_every_scene_stands_in_a_topic_and_every_shipped_picture_has_a_scene() -> None:
    shown = {Path(step.picture.path).stem for _, _, step in STEPS if step.picture}
    assert shown == set(SCENES) == {file.stem for file in media_dir().glob("*.png")}


@pytest.mark.parametrize("name", sorted(SCENES))
def test_the_shipped_picture_is_the_drawing_of_its_scene_small_and_of_one_size(name: str) -> None:
    file = media_dir() / f"{name}.png"
    assert stamp_in(file) == stamp_of(scene_svg(SCENES[name])), "run: hocvuso content pictures"
    assert file.stat().st_size <= MAX_BYTES
    with Image.open(file) as image:
        assert (image.size, image.mode) == ((SIDE, SIDE), "P")


def test_a_drawing_is_the_same_each_time_and_carries_its_words() -> None:
    assert scene_svg(MINIMAL) == scene_svg(MINIMAL)
    assert f"<title>{MINIMAL.alt}</title>" in scene_svg(MINIMAL) and NOTE in scene_svg(MINIMAL)
    assert picture(MINIMAL) == picture(MINIMAL)


def test_only_what_changed_is_drawn_again(tmp_path: Path) -> None:
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    text = '- {id: thu, alt: "Hình minh họa: chạm nút Gửi để thử.", phone: {screen: [{button: Gửi, press: true}]}}\n'
    (scenes / "thu.yaml").write_text(text, encoding="utf-8")
    assert build(tmp_path / "media", scenes) == ["thu"]
    assert build(tmp_path / "media", scenes) == []
    (scenes / "thu.yaml").write_text(text.replace("button: Gửi", "button: Lưu"), encoding="utf-8")
    assert build(tmp_path / "media", scenes, svg=tmp_path / "svg") == ["thu"]
    assert "Lưu" in (tmp_path / "svg" / "thu.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "screen",
    [[{"nothing": "x"}], [{"button": {"wrong": 1}}], [{"button": "a", "text": "b"}], [{"qr": {}, "press": "maybe"}]],
    ids=["unknown widget", "unknown argument", "two widgets at once", "a mark that is no yes or no"],
)
def test_a_wrong_scene_is_named(screen: list[dict[str, object]]) -> None:
    assert MINIMAL.phone
    phone = MINIMAL.phone.model_copy(update={"screen": screen})
    with pytest.raises(SceneError, match="thu"):
        scene_svg(MINIMAL.model_copy(update={"phone": phone}))


def test_a_file_that_holds_no_scenes_is_named(tmp_path: Path) -> None:
    (tmp_path / "sai.yaml").write_text("- {id: Sai Tên}", encoding="utf-8")
    with pytest.raises(SceneError, match=r"sai\.yaml"):
        list(load_scenes(tmp_path))
