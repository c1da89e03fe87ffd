"""The evaluation report as one HTML file for curators: plain words first, no script, nothing told by colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from admin.audit import VIETNAM
from retrieval import report as rules
from retrieval.decision import Kind
from retrieval.report import Light, Measured, Report
from retrieval.runs import Asked, Run
from retrieval.verdicts import OFFERED, Group, Verdict

HERE: Final = Path(__file__).parent
STYLES: Final[Mapping[str, str]] = {
    "formal": "trang trọng",
    "colloquial": "nói thường ngày",
    "unaccented": "không dấu",
    "noisy": "viết tắt, sai chính tả",
    "dialect": "tiếng địa phương",
    "followup": "hỏi tiếp câu trước",
    "urgent": "khẩn cấp",
    "ood": "ngoài phạm vi",
}
LIGHTS: Final[Mapping[Light, str]] = {
    Light.RED: "Hay nhầm",
    Light.YELLOW: "Cần thêm câu hỏi mẫu",
    Light.GREEN: "Tốt",
    Light.UNKNOWN: "Chưa đủ câu để kết luận",
}
VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.RIGHT: "đúng",
    Verdict.ASKED: "hỏi lại",
    Verdict.NO_HELP: "chưa giúp được",
    Verdict.WRONG: "sai",
}
GROUPS: Final[Mapping[str, str]] = {
    Group.PROCEDURE: "Câu về thủ tục hành chính",
    Group.PLANNED: "Câu về chủ đề chưa có bài",
    Group.OUTSIDE: "Câu ngoài phạm vi",
    Group.DANGER: "Câu khẩn cấp",
}
SETS: Final[Mapping[str, str]] = {
    "queries.jsonl": "Bộ câu của dự án",
    "dev_queries.jsonl": "Bộ câu để chỉnh bot",
    "examiner.jsonl": "Bộ câu của người chấm riêng",
    "procedures.jsonl": "Bộ câu về thủ tục hành chính",
}
"""What the project's own sets of questions are called."""
CAVEAT: Final = (
    "Các câu thử này do máy viết theo lối nói của nhiều kiểu người, không phải câu người dân đã hỏi. "
    "Con số dùng để so lần đo này với lần đo khác, không phải lời hứa về câu hỏi thật."
)
ENOUGH: Final = 20  # questions below which "in 100 questions" would promise more than was measured


def evaluation_page(reports: Sequence[Report], console: str = "") -> str:
    """The whole file. `console` is the public address of the console, "" for links that work within it only."""
    style = "\n".join((HERE / "static" / name).read_text(encoding="utf-8") for name in ("console.css", "evaluation.css"))
    bodies = [(report, report_body(report, console)) for report in reports]
    return _environment().get_template("evaluation_file.html").render(bodies=bodies, style=style)


def report_body(report: Report, console: str = "") -> str:
    """One report as HTML without the page around it; headings start at level 2."""
    return _environment().get_template("_evaluation.html").render(r=report, run=report.run, console=console.rstrip("/"))


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(percent=percent, interval=interval, moment=_moment, style=lambda name: STYLES.get(name, name))
    made.globals.update(Light=Light, Verdict=Verdict, Group=Group, Kind=Kind, LIGHTS=LIGHTS, VERDICTS=VERDICTS, GROUPS=GROUPS)
    made.filters.update(set_name=set_name, is_ours=lambda run: _file(run) in SETS)
    made.globals.update(CAVEAT=CAVEAT)
    made.globals.update(rules=rules, in_hundred=in_hundred, did=did)
    return made


def set_name(run: Run) -> str:
    """What a set of questions is called; a set of somebody else's by its file."""
    return SETS.get(_file(run), _file(run))


def _file(run: Run) -> str:
    return run.queries.partition("#")[0]


def percent(part: float | None) -> str:
    """A share in whole percent, told apart from nothing and from all; a dash for nothing measured."""
    if part is None:
        return "–"
    if 0 < part < 0.005:
        return "dưới 1 %"
    return "hơn 99 %" if 0.995 <= part < 1 else f"{part * 100:.0f} %"


def interval(found: Measured) -> str:
    """The 95 % interval in whole percent; a dash for nothing measured."""
    return "–" if found.low is None or found.high is None else f"{found.low * 100:.0f}–{found.high * 100:.0f} %"


def in_hundred(found: Measured, what: str) -> Markup:
    """How a person would say a share: in 100 questions, or as counted when there are few."""
    if found.share is None:
        return Markup("Trong 0 câu {}, <strong>0 câu</strong>").format(what)
    if found.n < ENOUGH:
        return Markup("Trong {} câu {}, có <strong>{} câu</strong>").format(found.n, what, found.count)
    return Markup("Trong 100 câu {}, khoảng <strong>{:.0f} câu</strong>").format(what, found.share * 100)


def did(asked: Asked, run: Run) -> str:
    """What the bot did with a question, in words."""
    names = [f"«{run.title(topic)}»" for topic in asked.found[:OFFERED]]
    if asked.decision is Kind.ANSWER:
        return f"trả lời theo bài {', '.join(names[:1])}"
    if asked.decision is Kind.ASK_BACK:
        return f"hỏi lại, gần nhất là {', '.join(names)}"
    if asked.decision is Kind.PROCEDURE:
        return f"đưa thủ tục hành chính ({', '.join(asked.shown)})"
    if asked.decision is Kind.CHAT:
        return "không nhận ra đây là câu hỏi"
    return f"nói là chưa biết (gần nhất: {names[0]})" if names else "nói là chưa biết"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
