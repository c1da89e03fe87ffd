"""The content linter's findings about texts in work, in the curators' language and beside the section they are in."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from admin.words import ASPECTS, FIELDS, LEVELS
from knowledge.check import check_content
from knowledge.files import TopicFile, save_topic
from knowledge.findings import Finding, Severity
from knowledge.folder import CONTENT_DIR
from knowledge.model import Aspect, Level

_SHARED: Final = ("catalogue.yaml", "skills.yaml", "frameworks.yaml", "allowlist.txt")
_HEADING = re.compile(r"(#{1,2}) (\w+)$")
_SAID: Final[Sequence[tuple[str, str, str]]] = (
    ("missing-aspect", r"(\w+) has no (\w+)", "{0} chưa có phần “{1}”."),
    ("missing-aspect", r"(\w+) is neither", "Phần “{0}” chưa viết, cũng chưa đánh dấu là không áp dụng."),
    ("contradiction", r"(\w+) is written", "Phần “{0}” vừa được viết vừa được đánh dấu là không áp dụng."),
    ("missing-field", r"(\w+) is missing", "Còn thiếu: {0}."),
    ("few-examples", r"(\d+) example", "Mới có {0} câu hỏi mẫu; cần ít nhất 25 câu."),
    ("few-writers", r"(\d+) writer", "Câu hỏi mẫu mới do {0} người viết; cần ít nhất 3 người để đủ cách nói."),
    ("few-styles", r"lack (.+)", "Câu hỏi mẫu còn thiếu kiểu: {0}."),
    ("many-examples", r"(\d+) example", "Có {0} câu hỏi mẫu; 150 câu là đủ."),
    ("evaluation-leak", r"'(.+)' nearly", "Câu mẫu “{0}” gần trùng một câu trong bộ đánh giá: nên bỏ để số đo còn đáng tin."),
    ("repeated-example", r"'(.+)' is also an example of (.+)", "Câu mẫu “{0}” đã có ở chủ đề {1}."),
    ("plain-number", r"'(.+?)'", "“{0}” là con số dễ thay đổi: nên khai ở mục Con số, có hạn dùng."),
    ("link", r"(\S+) is not", "Trang {0} không có trong danh sách được phép dẫn."),
    ("dead-reference", r"figure (\S+) is not defined", "Con số “{0}” chưa được khai."),
    ("dead-reference", r"figure (\S+) names", "Con số “{0}” dẫn tới một nguồn không có."),
    ("dead-reference", r"picture (\S+) does", "Không có tệp ảnh {0}."),
    ("unused-figure", r"figure (\S+) appears", "Con số “{0}” không được dùng trong bài."),
    ("expired-figure", r"figure (\S+) ran out", "Con số “{0}” đã hết hạn dùng."),
    ("placeholder", r"(.+) would be", "{0} sẽ hiện nguyên như vậy cho người dân."),
    ("markup", r"'(.+)':", "Ký hiệu {0} không hiện đúng ở mọi nơi: chỉ dùng đoạn văn, dòng bắt đầu bằng “- ” và **chữ đậm**."),
    ("long-sentence", r"(\d+) syllables in simple: '(.+)'", "Câu dài {0} tiếng: “{1}…”. Bản dễ đọc nên dưới 20 tiếng."),
    ("long-sentence", r"average (\S+) syllables", "Câu của bản dễ đọc dài trung bình {0} tiếng; nhiều nhất 18 tiếng."),
    ("long-sentence", r"(most sentences)", "Phần lớn câu của bản dễ đọc dài quá 12 tiếng."),
    ("rare-word", r"rare words: (.+)", "Bản dễ đọc dùng từ ít gặp: {0}."),
    ("abbreviation", r"explain (\S+)", "Bản dễ đọc chưa giải nghĩa {0} ở chỗ gặp đầu tiên."),
    ("repeated-id", r"(\S+) is (?:given|listed) twice", "Mã “{0}” bị dùng hai lần."),
    ("dates", r"source (\S+) is dated", "Nguồn “{0}” có ngày sau ngày rà soát."),
    (
        "reading-day",
        r"source (\S+) is dated",
        "Nguồn “{0}” ghi đúng ngày rà soát: nếu trang không ghi ngày, hãy chọn “ngày đọc trang”.",
    ),
    ("review-late", r"at most (\d+) days", "Hạn rà soát lại xa quá: nhiều nhất {0} ngày sau ngày rà soát."),
    ("missing-confidence", r"source (\S+) has", "Nguồn “{0}” chưa ghi độ tin: high, medium hoặc low."),
    ("long-step", r"a step of (\d+) .*at most (\d+): '(.+)'", "Bước dài {0} tiếng: “{2}…”. Nhiều nhất {1} tiếng."),
    ("no-skill", r"(\S+) teaches", "Chủ đề chưa gắn với kỹ năng nào."),
    ("dates", r"(review_by)", "Ngày rà soát lại phải sau ngày rà soát."),
)


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to mend. `place` is the aspect or field it is in, empty for the whole text."""

    level: Level
    severe: bool
    place: str
    text: str


def lint(
    files: Sequence[TopicFile], *, evaluation: Iterable[Path] = (), today: date | None = None
) -> Mapping[tuple[str, str], list[Hint]]:
    """The findings about each topic and language, errors first.

    They are checked together, as one folder, so that an example used in two of them is found as well.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for shared in _SHARED:
            shutil.copy(CONTENT_DIR / shared, folder / shared)
        written = {path: file for file in files for path in _write(folder, file)}
        findings = check_content(folder, list(evaluation), today)
        texts = {path: (folder / path).read_text(encoding="utf-8").split("\n") for path in written}
    hints: dict[tuple[str, str], list[Hint]] = {(file.topic.id, file.language): [] for file in files}
    for finding in findings:
        if file := written.get(finding.file):
            hints[(file.topic.id, file.language)].append(_hint(finding, texts[finding.file]))
    return {key: sorted(found, key=lambda hint: not hint.severe) for key, found in hints.items()}


def _write(folder: Path, file: TopicFile) -> list[str]:
    """Write the topic as content files, with stand-ins for the pictures that exist; returns their paths in the folder."""
    language = folder / file.language
    paths = save_topic(file, language)
    for picture in _pictures(file):
        if (CONTENT_DIR / file.language / picture).is_file() and ".." not in Path(picture).parts:
            (language / picture).parent.mkdir(parents=True, exist_ok=True)
            (language / picture).touch()
    return [path.relative_to(folder).as_posix() for path in paths]


def _pictures(file: TopicFile) -> list[str]:
    bodies = [body for level in Level if (body := file.body(level))]
    return [step.picture.path for body in bodies for section in body.sections for step in section.steps if step.picture]


def _hint(finding: Finding, lines: Sequence[str]) -> Hint:
    level, place = _place(lines, finding.line) if finding.file.endswith(".md") else (Level.STANDARD, FIELDS["examples"])
    if finding.code == "missing-aspect" and (named := finding.message.split()[0]) in set(Level):
        level = Level(named)
    return Hint(level, finding.severity is Severity.ERROR, place, _said(finding))


def _place(lines: Sequence[str], number: int) -> tuple[Level, str]:
    """The level and the Vietnamese name of the section that a line is in."""
    level, place = Level.STANDARD, ""
    for line in lines[:number]:
        found = _HEADING.match(line)
        if found and found[1] == "#" and found[2] in set(Level):
            level, place = Level(found[2]), ""
        elif found and found[1] == "##" and found[2] in set(Aspect):
            place = ASPECTS[Aspect(found[2])]
    return level, place


def _said(finding: Finding) -> str:
    for code, pattern, sentence in _SAID:
        if code == finding.code and (found := re.search(pattern, finding.message)):
            return sentence.format(*(_named(part) for part in found.groups()))
    return finding.message


def _named(word: str) -> str:
    if word in set(Aspect):
        return ASPECTS[Aspect(word)]
    return LEVELS[Level(word)] if word in set(Level) else FIELDS.get(word, word)
