"""The coverage as one HTML page that opens without a server: nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from knowledge.coverage import Coverage, Row, Totals
from knowledge.render import vietnamese_date

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem }
body { color: #1b1b1b; background: #fff }
table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: 600; padding: .5rem 0 }
th, td { border: 1px solid #bbb; padding: .3rem .5rem; text-align: left; vertical-align: top }
th { background: #f0f0f0 } .bad { background: #fde8e6 } .number { text-align: right } .wide { overflow-x: auto }
"""
_LEVELS = {"standard": "thường", "simple": "dễ đọc"}
_STATUSES = {
    "published": "đã xuất bản",
    "draft": "bản nháp",
    "in_review": "chờ duyệt",
    "outdated": "cần xem lại",
    "missing": "chưa có",
}
_HEADS = ("Chủ đề", "Mảng", "Ngôn ngữ", "Bản", "Tình trạng", "Rà soát", "Tuổi (ngày)", "Câu hỏi mẫu", "Câu kiểm tra")


def coverage_page(coverage: Coverage) -> str:
    """The whole page."""
    totals = "".join(f"<li>{_total(one)}</li>" for one in coverage.totals)
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    rows = "\n".join(_row(row) for row in coverage.rows)
    return (
        f'<!doctype html>\n<html lang="vi"><head><meta charset="utf-8"><title>Độ phủ nội dung</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>\n'
        f"<body><h1>Độ phủ nội dung</h1>\n<p>Tính đến ngày {vietnamese_date(coverage.today)}.</p>\n<ul>{totals}</ul>\n"
        f'<div class="wide" tabindex="0" role="region" aria-label="Từng chủ đề"><table>\n<caption>Từng chủ đề</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div></body></html>\n"
    )


def _total(one: Totals) -> str:
    texts = ", ".join(f"{number}/{one.planned} bản {_LEVELS[level]}" for level, number in one.written.items())
    late = f"{one.overdue} bản quá hạn rà soát"
    questions = f"{one.questions} câu hỏi mẫu{_split(one.writers)}{_split(one.styles)}"
    return f"<b>{escape(one.language)}</b>: {texts}; {questions}; {one.items} câu kiểm tra{_split(one.kinds)}; {late}"


def _split(counts: Mapping[str, int]) -> str:
    named = ", ".join(f"{escape(name) or 'không ghi'}: {number}" for name, number in counts.items())
    return f" ({named})" if named else ""


def _row(row: Row) -> str:
    late = " – quá hạn" if row.overdue else ""
    reviewed = f"{vietnamese_date(row.reviewed_on)}{late}" if row.reviewed_on else ""
    mark = ' class="bad"' if row.overdue or not row.written else ""
    cells = [
        *(escape(text) for text in (row.area, row.language)),
        _LEVELS[row.level],
        _STATUSES.get(row.status, escape(row.status)),
        reviewed,
    ]
    numbers = ["" if row.age is None else str(row.age), f"{row.questions}{_split(row.styles)}", f"{row.items}{_split(row.kinds)}"]
    plain = "".join(f"<td>{cell}</td>" for cell in cells) + "".join(f'<td class="number">{cell}</td>' for cell in numbers)
    return f'<tr{mark}><th scope="row">{escape(row.topic)}</th>{plain}</tr>'
