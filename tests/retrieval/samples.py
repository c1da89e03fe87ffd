"""A small world to search: three lessons, one topic still without, one matter outside."""

from __future__ import annotations

from retrieval.decide import FEATURES, Calibration
from retrieval.passages import Coverage, Passage, PassageKind, passage_id

TEXTS = {
    "otp": (Coverage.COVERED, "Mã OTP và cách giữ an toàn", ("mã otp là gì", "có người xin mã otp")),
    "quet-qr": (Coverage.COVERED, "Quét mã QR để trả tiền", ("quét mã ở chợ trả tiền rau", "quét qr báo lỗi")),
    "can-cuoc": (Coverage.COVERED, "Cấp đổi thẻ căn cước", ("mất căn cước làm lại ở đâu", "đổi thẻ căn cước hết hạn")),
    "ho-chieu": (Coverage.UNCOVERED, "Cấp hộ chiếu trực tuyến", ("làm hộ chiếu qua mạng",)),
    "gia-vang": (Coverage.OUTSIDE, "Giá vàng", ("giá vàng hôm nay bao nhiêu",)),
}


def passage(topic_id: str, kind: PassageKind, coverage: Coverage, text: str) -> Passage:
    return Passage(passage_id(topic_id, kind, text), topic_id, kind, coverage, text)


def passages() -> tuple[Passage, ...]:
    found = []
    for topic_id, (coverage, title, examples) in TEXTS.items():
        found.append(passage(topic_id, PassageKind.TEXT, coverage, title))
        found += [passage(topic_id, PassageKind.EXAMPLE, coverage, example) for example in examples]
    return tuple(found)


def calibration(
    model_id: str = "hash", *, answer_at: float = 0.5, ask_at: float = 0.2, margin_weight: float = 0.0
) -> Calibration:
    """Confidence that rises with the best score alone (and with the margin, if asked for)."""
    weights = tuple({"score": 8.0, "margin": margin_weight}.get(name, 0.0) for name in FEATURES)
    zeros, ones = (0.0,) * len(FEATURES), (1.0,) * len(FEATURES)
    return Calibration(
        model_id=model_id,
        index_build="b",
        made_on="2026-11-21",
        queries="none",
        mean=zeros,
        scale=ones,
        weights=weights,
        bias=-4.0,
        answer_at=answer_at,
        ask_at=ask_at,
        report={},
    )
