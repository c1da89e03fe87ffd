"""A few records written for the tests in the shape of the portal's; no text is the portal's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from knowledge.procedures.book import ProcedureBook
from knowledge.procedures.model import Procedure
from knowledge.procedures.words import ProcedureWords, Term, TopicProcedures

HEAD = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
TIME_HEAD = "Hình thức nộpThời gianPhí, lệ phíMô tả"
LINK = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/thu"
PAPERS = f"--{HEAD}Tờ khai theo mẫu1 bản chínhẢnh chân dung0 bản chính,2 bản saoKhi nhận thay:{HEAD}Giấy ủy quyền1 bản chính"


def line(code: str = "9.000001", **changes: Any) -> dict[str, Any]:
    """A good line of a file."""
    return {
        "id": code,
        "title": "Khai báo nuôi voi trong nhà",
        "ministry": "bo-cong-an",
        "field": "Động vật lớn",
        "level": "Cấp xã",
        "for": "Công dân Việt Nam",
        "decision": "1/QĐ-THU",
        "steps": "Bước 1: Viết tờ khai.\nBước 2: Nộp ở xã.",
        "how_time_fee": f"{TIME_HEAD}Trực tuyến3 Ngày làm việcMiễn phí(Phí 20.000 đồng)Trực tiếp5 NgàyKhông có thông tin",
        "documents": PAPERS,
        "conditions": "Không có thông tin",
        "result": "Giấy báo",
        "source": LINK,
        "via": "somewhere (crawl 07/2026)",
        **changes,
    }


LINES = (
    line(),
    line("9.000002", title="Thủ tục đăng ký tên thuyền thúng"),
    line("9.000003", title="Cấp lại thẻ thả diều (thực hiện tại cấp tỉnh)", level="Cấp tỉnh"),
    line("9.000004", title="Cấp lại thẻ thả diều", steps="Nộp ở Ủy ban nhân dân huyện."),
    line("9.000005", title="Xác nhận người làm bánh chưng lâu năm"),
    line("9.000006", title="Công bố bến đò ngang", level="Cấp tỉnh, Cấp xã"),
)
TOPICS = TopicProcedures(own={"can-cuoc": ("9.000001",)}, near={"can-cuoc": ("9.000003",), "otp": ("8.000000",)})
WORDS = ProcedureWords(
    filler="ở đâu làm cần giấy tờ gì thủ tục",
    terms=(Term(official="thuyền thúng", said=("ghe tròn",)),),
    names={"9.000001": ("mua voi về nuôi",), "9.000003": ("mất thẻ diều xin lại",)},
)


def write(path: Path, *lines: object) -> Path:
    """A file of these lines; what is no text is written as JSON."""
    texts = [text if isinstance(text, str) else json.dumps(text, ensure_ascii=False) for text in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def procedure(**changes: Any) -> Procedure:
    known = {
        "code": "9.000001",
        "title": "Khai báo nuôi voi trong nhà",
        "ministry": "bo-cong-an",
        "field": "Động vật lớn",
        "level": "Cấp xã",
        "audience": "Công dân Việt Nam",
        "steps": "Bước 1: Viết tờ khai.",
        "time_fee": line()["how_time_fee"],
        "documents": PAPERS,
        "link": LINK,
        "recorded": "2026-07",
    }
    return Procedure.model_validate({**known, **changes})


def book() -> ProcedureBook:
    """The procedures of `LINES`."""
    lines = LINES
    made = (procedure(code=x["id"], title=x["title"], level=x["level"], steps=x["steps"]) for x in lines)
    return ProcedureBook.of(made, TOPICS)
