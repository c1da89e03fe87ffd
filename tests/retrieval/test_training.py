"""Training of the embedding model: what it is given (pure), and that it really makes a model (extra `models`)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.embedders import open_embedder
from retrieval.embedders.exchange import export, import_folder
from retrieval.training.texts import Batches, TrainingText
from retrieval.training.tuner import Encoder, Recipe, libraries, tune

TOPICS = ("otp", "quet-qr", "can-cuoc", "khai-sinh")


def texts() -> list[TrainingText]:
    asked = [TrainingText(f"hỏi {n} về {t}", t, group=f"w{n % 3}") for t in TOPICS for n in range(9)]
    return [*asked, *(TrainingText(f"bài {t}", t, is_question=False) for t in TOPICS)]


def batches(given: list[TrainingText], size: int = 6) -> Batches:
    vectors = np.random.default_rng(1).normal(size=(len(given), 8)).astype(np.float32)
    return Batches(given, vectors, size, seed=3)


def test_a_pair_is_a_question_and_another_text_of_its_topic() -> None:
    given = texts()
    for pair in (pair for batch in batches(given).epoch() for pair in batch):
        question, partner = given[pair.question], given[pair.partner]
        assert question.is_question and question.topic == partner.topic
        assert not partner.is_question or partner.group != question.group  # nobody is paired with herself


def test_a_batch_holds_several_topics_and_is_full() -> None:
    given = texts()
    for batch in batches(given).epoch():
        assert len(batch) == 6
        assert len({pair.topic for pair in batch}) >= 2
        assert max(Counter(pair.topic for pair in batch).values()) <= 3


def test_the_same_seed_draws_the_same_batches() -> None:
    assert list(batches(texts()).epoch()) == list(batches(texts()).epoch())


def test_a_question_without_any_partner_is_passed_over() -> None:
    lonely = [TrainingText("một mình", "lẻ", group="w"), *texts()]
    drawn = {pair.question for batch in batches(lonely, 12).epoch() for pair in batch}
    assert 0 not in drawn


@pytest.mark.models
@pytest.mark.usefixtures("sentence_transformers")
def test_a_tuned_model_becomes_an_int8_model_that_tells_its_topics_better_apart(tmp_path: Path, prepared_data_dir: Path) -> None:
    """A few real steps with Sentence Transformers: the loss falls and the imported model opens like any other."""
    asked = {
        "otp": ("có người xin mã gửi về máy", "đọc mã sáu số cho nhân viên được không", "mã xác nhận là gì", "lỡ đưa mã cho họ"),
        "quet-qr": ("quét mã trả tiền rau", "chụp hình vuông để trả tiền", "trả tiền bằng mã vuông", "quét mà không ra tên quán"),
        "khai-sinh": ("làm giấy cho bé mới đẻ", "con sinh tháng trước chưa có giấy", "đặt tên con làm ở đâu", "giấy chứng sinh"),
    }
    given = [TrainingText(q, topic, group=f"w{n % 2}") for topic, qs in asked.items() for n, q in enumerate(qs)]
    export(tmp_path / "source")
    told: list[str] = []
    recipe = Recipe(epochs=12, batch=6, layers=1, rate=1e-4)
    report = tune(tmp_path / "source", given, tmp_path / "tuned", recipe, lambda what, _share: told.append(what))
    assert report["loss_end"] < report["loss_start"]
    assert told
    import_folder(tmp_path / "tuned", tmp_path, "tuned")
    questions = [question for of_topic in asked.values() for question in of_topic]
    before, after = (
        e.queries(questions) for e in (open_embedder("onnx", prepared_data_dir), open_embedder("onnx:tuned", tmp_path))
    )
    assert after.shape == (12, 384)
    assert _apart(after) > _apart(before)


@pytest.mark.models
@pytest.mark.usefixtures("sentence_transformers")
def test_the_split_encoder_gives_what_the_whole_model_gives(tmp_path: Path) -> None:
    """Frozen half kept, short and long texts apart, read in two goes: the vectors are those of Sentence Transformers."""
    export(tmp_path / "source")
    torch, transformer = libraries()
    model = transformer(str(tmp_path / "source"), device="cpu", local_files_only=True)
    questions = [
        "quét mã trả tiền",
        "mã xác nhận là gì mà ngân hàng nào cũng dặn không được đưa cho ai",
        "quét mã trả tiền",
        "alo",
    ]
    encoder = Encoder(torch, model, layers=2)
    encoder.remember([TrainingText(questions[0], "")], lambda _share: None)
    encoder.remember([TrainingText(question, "") for question in questions], lambda _share: None)
    whole = model.encode([f"query: {question}" for question in questions], normalize_embeddings=True)
    with torch.inference_mode():
        batch = encoder.embed(range(len(questions))).numpy()
    for vectors in (encoder.vectors(), batch):
        assert np.allclose(vectors, whole, atol=2e-3)  # what is kept has 16 bits


def _apart(vectors: NDArray[np.float32]) -> float:
    """How much nearer questions of one topic lie to each other than to the others'; four questions a topic."""
    same = np.kron(np.eye(3), np.ones((4, 4))).astype(bool)
    cosines = vectors @ vectors.T
    return float(cosines[same].mean() - cosines[~same].mean())
