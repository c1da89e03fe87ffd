"""Accents come back, fixed words stay fixed, and foreign words get none."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.characters import unify
from nlu.examples import phrases
from nlu.restoration import AccentModel
from nlu.syllables import fold
from nlu.tables import lines
from nlu.understanding import Understander

from .conftest import CORPUS

SENTENCES = [
    unify(line) for line in (Path(__file__).parent / "restoration_sentences.txt").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def model() -> AccentModel:
    return AccentModel([*CORPUS, *lines("everyday.txt")])


def test_no_sentence_was_seen_in_training() -> None:
    seen = {unify(text) for text in (*CORPUS, *lines("everyday.txt"), *(text for text, _ in phrases()))}
    assert not seen & set(SENTENCES)
    assert len(SENTENCES) >= 60


def test_nine_syllables_in_ten_are_right(understander: Understander) -> None:
    right = total = 0
    for sentence in SENTENCES:
        restored = understander.understand(fold(sentence)).restored.split()
        right += sum(one == other for one, other in zip(sentence.split(), restored, strict=True))
        total += len(restored)
    print(f"accent restoration: {right}/{total} syllables = {right / total:.1%}")
    assert right / total >= 0.9


def test_typed_accents_are_kept(model: AccentModel) -> None:
    restored = model.restore("toi muốn dang ky tài khoan dinh danh").text
    assert restored == "tôi muốn đăng ký tài khoản định danh"


@pytest.mark.parametrize("text", ["wifi vneid otp sms zalo app qr nfc", "tôi muốn làm căn cước cho con", "0912", "", "…"])
def test_nothing_to_restore(model: AccentModel, text: str) -> None:
    assert model.restore(text).text == text


def test_punctuation_and_spacing_stay(model: AccentModel) -> None:
    assert model.restore("chao ban,  toi hoi: can cuoc?").text.replace(" ", "").count(",") == 1
    assert fold(model.restore("chao ban,  toi hoi: can cuoc?").text) == "chao ban,  toi hoi: can cuoc?"


def test_confidence_is_a_share(model: AccentModel) -> None:
    assert 0.0 < model.restore("toi muon dang ky").confidence <= 1.0
    assert model.restore("tôi muốn đăng ký").confidence == 1.0


def test_the_corpus_decides() -> None:
    taught = AccentModel(["hồ chứa nước thủy điện", "lương hưu của hồ chứa"])
    assert taught.restore("ho chua nuoc").text == "hồ chứa nước"
