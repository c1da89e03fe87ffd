"""A record's texts made readable in their own words: glued table cells parted, the portal's menus cut off (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from knowledge.procedures.model import Procedure

MINISTRIES: Final = {
    "bo-cong-an": "Bộ Công an",
    "bo-tai-chinh": "Bộ Tài chính",
    "bo-tu-phap": "Bộ Tư pháp",
    "bo-nong-nghiep-mt": "Bộ Nông nghiệp và Môi trường",
    "bo-xay-dung": "Bộ Xây dựng",
    "toa-an-nhan-dan": "Tòa án nhân dân",
}
NOTHING: Final = ("Không có thông tin", "Không")
_TIME_HEAD = "Hình thức nộpThời gianPhí, lệ phíMô tả"
_PAPER_HEAD = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
_HEADING = "Thành phần hồ sơ"  # of the portal's page; where a text names it, the crawl cut the text in two there
_MENU = re.compile(r"Từ khóa.*?Mô tả.*$|Chọn cơ quan thực hiện.*$", re.DOTALL)
_WAY = re.compile(r"(Trực tuyến|Trực tiếp|Dịch vụ bưu chính)(?=\d|Không|Theo)")
_TIME = re.compile(r"\d+\s?(?:Ngày làm việc|Giờ làm việc|Ngày|Giờ|Tháng|Phút|Năm)?|Không có thông tin|Không quy định|Không")
_FEE = re.compile(r"Miễn phí|Không có thông tin|[\d.,]+ ?(?:Việt Nam Đồng|VNĐ|đồng|%)|")
FREE: Final = "Miễn phí"
_CHARGE = re.compile(r"\bphí\b|lệ phí|mức thu|\d ?(?:đồng|đ\b|VNĐ)|Hội đồng nhân dân|HĐND", re.IGNORECASE)
_COUNT = re.compile(r"(?<![(\s])(\d) bản chính(?:,\s*\d bản sao)?(?=$|[^\s),.;])|(?<![(\s])(\d) bản sao(?=$|[^\s),.;])")


@dataclass(frozen=True, slots=True)
class Way:
    """One way of handing in. `time` and `fee` are the record's cells, "" where it has none; `note` is what stands beside them."""

    ways: tuple[str, ...]
    time: str
    fee: str
    note: str

    @property
    def doubtful(self) -> bool:
        """Whether the cell says that nothing is to be paid and the note beside it speaks of a charge."""
        return self.fee == FREE and _CHARGE.search(self.note) is not None


def ministry(procedure: Procedure) -> str:
    """The name of the ministry, the record's own word where it is not known here."""
    return MINISTRIES.get(procedure.ministry, procedure.ministry)


def month(procedure: Procedure) -> str:
    """The month of the record as people write it: 7/2026."""
    year, number = procedure.recorded.split("-")
    return f"{int(number)}/{year}"


def papers(procedure: Procedure) -> tuple[str, ...]:
    """The documents, a line each; lines that end in a colon are headings. Empty where the record does not list them."""
    if _PAPER_HEAD not in procedure.documents:
        return ()
    lines: list[str] = []
    tables = procedure.documents.split(_PAPER_HEAD)
    for before, table in pairwise(tables):
        heading = _last_heading(before) if lines else before
        lines += [f"{_tidy(heading).rstrip(':')}:"] if _tidy(heading) else []
        lines += _rows(table)
    return tuple(lines)


def _last_heading(table: str) -> str:
    """What follows the last counted paper of a table is the next table's heading."""
    counts = list(_COUNT.finditer(table))
    return table[counts[-1].end() :] if counts else ""


def _rows(table: str) -> list[str]:
    rows, start = [], 0
    for count in _COUNT.finditer(table):
        text = _tidy(table[start : count.start()])
        copies = "" if count[0].startswith("0 bản chính") and "sao" not in count[0] else f" ({count[0]})"
        rows += [f"- {text}{copies}"] if text else []
        start = count.end()
    return rows or [f"- {_tidy(table)}"]


def steps(procedure: Procedure) -> str:
    """The steps as recorded; put together again where the crawl cut them."""
    text = procedure.steps
    if procedure.documents and _PAPER_HEAD not in procedure.documents:
        text = f"{text}{_HEADING}{procedure.documents}"
    return plain(text)


def conditions(procedure: Procedure) -> str:
    """The conditions, "" where the record has none."""
    text = plain(procedure.conditions)
    return "" if text.rstrip(".") in NOTHING else text


def ways(procedure: Procedure) -> tuple[Way, ...]:
    """Time and fee by way of handing in, ways that say the same together; empty where the record cannot be parted."""
    text = procedure.time_fee.removeprefix(_TIME_HEAD)
    starts = list(_WAY.finditer(text))
    if not starts or starts[0].start() > 0:
        return ()
    ends = [*(found.start() for found in starts[1:]), len(text)]
    cells = [(found[1], _cells(text[found.end() : end])) for found, end in zip(starts, ends, strict=True)]
    same: dict[tuple[str, str, str], list[str]] = {}
    for way, cell in cells:
        same.setdefault(cell, []).append(way)
    return tuple(Way(tuple(dict.fromkeys(names)), *cell) for cell, names in same.items())


def _cells(text: str) -> tuple[str, str, str]:
    time = _TIME.match(text)
    rest = text[time.end() :] if time else text
    fee = _FEE.match(rest)
    note = _tidy(rest[fee.end() :] if fee else rest)
    return _filled(time[0] if time else ""), _filled(fee[0] if fee else ""), note


def _filled(cell: str) -> str:
    return "" if cell.strip() in NOTHING else cell.strip()


def time_fee(procedure: Procedure) -> str:
    """The whole text on time and fee as recorded, for records that cannot be parted."""
    return _tidy(procedure.time_fee.removeprefix(_TIME_HEAD))


def plain(text: str) -> str:
    """Paragraphs of a record: no portal menu, no mark-up of ours, at most one blank line."""
    lines = (" ".join(line.split()) for line in _MENU.sub("", text).replace("**", "*").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _tidy(text: str) -> str:
    return " ".join(text.replace("**", "*").split()).strip(" -–*+")
