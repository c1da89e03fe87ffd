"""The kit as a workbook: a guide, the lessons, the interface words and the glossary, one row a unit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection

from knowledge.translation.build import KitError
from knowledge.translation.units import Kind, Kit, Returned, Row, Unit

GUIDE: Final = "Hướng dẫn"
SHEETS: Final = {Kind.TOPIC: "Nội dung", Kind.WORD: "Giao diện", Kind.TERM: "Thuật ngữ"}
COLUMNS: Final = {
    "id": ("Mã (đừng sửa)", 34),
    "context": ("Ngữ cảnh", 34),
    "standard": ("Tiếng Việt, bản thường", 50),
    "source": ("Tiếng Việt, bản dễ đọc – dịch cột này", 50),
    "target": ("Bản dịch", 50),
    "audio": ("Tệp âm thanh", 20),
    "note": ("Ghi chú của người dịch", 30),
    "hash": ("Dấu bản gốc (đừng sửa)", 16),
}
_OPEN = ("target", "audio", "note")  # columns that translators fill in
LANGUAGE, TRANSLATOR = "Mã ngôn ngữ", "Người dịch"
ADVICE: Final = (
    "Cảm ơn bạn nhận dịch! Chỉ điền ba cột nền vàng: Bản dịch, Tệp âm thanh, Ghi chú. Để trống những dòng chưa dịch.",
    "Xin ghi tên bạn vào ô “Người dịch” ở trên.",
    "Dịch cột “bản dễ đọc” bằng lời nói hằng ngày, câu ngắn. Cột “bản thường” chỉ để hiểu rõ thêm.",
    "Giữ nguyên mọi thứ trong dấu ngoặc nhọn, ví dụ {figure:le-phi}, {title}. Riêng {you}, {me} (cách xưng hô) có thể bỏ.",
    "Giữ nguyên chữ số, số điện thoại (113, 115, 111…) và địa chỉ trang. Số để bấm gọi viết bằng chữ số 0–9.",
    "Tên nút bằng tiếng Việt trên màn hình (ví dụ Đăng nhập) thì giữ nguyên tiếng Việt, có thể giải nghĩa bên cạnh.",
    "Một phần có nhiều bước thì dịch đủ các bước; phần dịch dở sẽ chưa được nhập.",
    "Cách viết **chữ đậm**: giữ hai dấu sao ở đầu và cuối.",
    "Có bản ghi âm thì ghi tên tệp, ví dụ otp-buoc-1.mp3. Không viết được chữ vẫn có thể chỉ ghi âm.",
    "Từ trong tờ “Thuật ngữ” là nháp do máy soạn, có thể sai: xin sửa cho đúng.",
    "Bản dịch chỉ hiện cho người dân sau khi người bản ngữ khác duyệt lại.",
)


def write_xlsx(kit: Kit, path: Path) -> None:
    """Write the workbook. Texts that begin like formulas stay texts."""
    book = Workbook()
    book.remove(book.active)
    _guide(book.create_sheet(GUIDE), kit)
    for kind, title in SHEETS.items():
        _sheet(book.create_sheet(title), kit.of(kind))
    book.save(path)


def _guide(sheet: Any, kit: Kit) -> None:
    rows = [("Bộ dịch", f"Trợ lý Học vụ số – tiếng {kit.name}"), (LANGUAGE, kit.language), (TRANSLATOR, ""), ("", "")]
    for number, (label, text) in enumerate([*rows, *(("", line) for line in ADVICE)], 1):
        _put(sheet.cell(number, 1), label, bold=True)
        _put(sheet.cell(number, 2), text)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 110


def _sheet(sheet: Any, units: tuple[Unit, ...]) -> None:
    for column, (name, (heading, width)) in enumerate(COLUMNS.items(), 1):
        _put(sheet.cell(1, column), heading, bold=True)
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = width
        for line, unit in enumerate(units, 2):
            _put(sheet.cell(line, column), getattr(unit, name), filled_in=name in _OPEN)
    sheet.freeze_panes = "B2"


def _put(cell: Any, text: str, *, bold: bool = False, filled_in: bool = False) -> None:
    cell.value = text
    if text:
        cell.data_type = "s"  # "=…" would become a formula
    cell.alignment, cell.font = Alignment(wrap_text=True, vertical="top"), Font(bold=bold)
    if filled_in:
        cell.fill, cell.protection = PatternFill("solid", start_color="FFF8DC"), Protection(locked=False)


def read_xlsx(path: Path) -> Returned:
    """What a workbook of ours says now. Raises KitError for anything else."""
    try:
        book = load_workbook(path, read_only=True)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise KitError(f"{path.name} không phải tệp Excel (.xlsx) đọc được") from error
    try:
        if GUIDE not in book.sheetnames:
            raise KitError(f"{path.name} không có tờ “{GUIDE}”: không phải bộ dịch của chúng tôi")
        about = {_text(row[0]): _text(row[1]) for row in book[GUIDE].iter_rows(max_col=2, values_only=True) if len(row) > 1}
        rows = [row for title in SHEETS.values() if title in book.sheetnames for row in _rows(book[title])]
    finally:
        book.close()
    return Returned(language=about.get(LANGUAGE, ""), translator=about.get(TRANSLATOR, ""), rows=tuple(rows))


def _rows(sheet: Any) -> Iterator[Row]:
    lines = sheet.iter_rows(values_only=True)
    headings = [_text(value) for value in next(lines, ())]
    at = {name: headings.index(heading) for name, (heading, _) in COLUMNS.items() if heading in headings}
    if "id" not in at or "target" not in at:
        raise KitError(f"tờ “{sheet.title}” thiếu cột “{COLUMNS['id'][0]}” hoặc “{COLUMNS['target'][0]}”")
    for line in lines:
        values = {name: _text(line[column]) for name, column in at.items() if column < len(line)}
        if values.get("id"):
            yield Row(**{name: value for name, value in values.items() if name in Row.model_fields})


def _text(value: object) -> str:
    return "" if value is None else str(value)
