"""What the accent model learnt is kept: the same corpus is counted once, another one anew, a damaged file only costs time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from nlu.accent_memory import counts_of
from nlu.restoration import AccentModel

CORPUS = ["tôi muốn đổi thẻ căn cước", "mất điện thoại thì làm sao", "chuyển khoản nhầm người"]


class Teacher:
    """Counts how often a corpus was really read."""

    def __init__(self) -> None:
        self.taught = 0

    def __call__(self, texts: Sequence[str]) -> Iterable[str]:
        self.taught += 1
        return texts


def test_a_known_corpus_is_read_back_and_restores_the_same(tmp_path: Path) -> None:
    teacher = Teacher()
    learnt, kept = (AccentModel(counts_of(CORPUS, teacher, tmp_path)) for _ in range(2))
    assert teacher.taught == 1
    for text in ("mat dien thoai", "doi the can cuoc", "chuyen khoan nham"):
        assert learnt.restore(text) == kept.restore(text)


def test_another_corpus_is_learnt_anew_and_old_ones_are_cleared_away(tmp_path: Path) -> None:
    teacher = Teacher()
    for number in range(5):
        counts_of([*CORPUS, f"câu thứ {number}"], teacher, tmp_path)
    assert teacher.taught == 5
    assert len(list(tmp_path.glob("accents-*.json"))) == 3


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"single": {}}'])
def test_a_damaged_file_is_learnt_again(tmp_path: Path, damage: str) -> None:
    teacher = Teacher()
    counts_of(CORPUS, teacher, tmp_path)
    next(tmp_path.glob("accents-*.json")).write_text(damage)
    assert AccentModel(counts_of(CORPUS, teacher, tmp_path)).restore("mat dien thoai").text == "mất điện thoại"
    assert teacher.taught == 2


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    teacher = Teacher()
    counts_of(CORPUS, teacher, None)
    counts_of(CORPUS, teacher, None)
    assert teacher.taught == 2
