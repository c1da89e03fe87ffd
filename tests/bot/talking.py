"""A small world to talk in: five topics with text, one without, built by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from bot.engine import Heard, Turn, World, needs_hearing, step
from bot.messages import Attachment, Button, Incoming
from bot.state import State
from knowledge.model import Area, Aspect, CatalogueEntry, Figure, Level, Section, Source, Step, Topic, VariantKey, View
from knowledge.snapshot import Content
from nlu.understanding import Intent, Understanding
from retrieval.decision import Decision, Kind, ScoredTopic

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SOURCE = Source(id="s1", title="Một trang", publisher="Báo A", date=date(2026, 5, 1))
FEE = Figure(id="phi", value="50.000 đồng", valid_until=date(2026, 12, 31), fallback="mức ghi khi nộp", source="s1")

AREAS = (
    Area(id="dinh-danh", title="Định danh điện tử VNeID", icon="🪪"),
    Area(id="an-toan", title="An toàn, chống lừa đảo", icon="🛡️"),
    Area(id="dich-vu-cong", title="Dịch vụ công trực tuyến", icon="🏛️"),
)


def section(aspect: Aspect, text: str, *steps: str) -> Section:
    return Section(aspect=aspect, text=text, steps=tuple(Step(text=s) for s in steps))


def view(topic_id: str, title: str, *sections: Section, level: Level = Level.STANDARD) -> View:
    return View(
        key=VariantKey(topic_id=topic_id, level=level),
        revision_id=len(topic_id),
        title=title,
        short_title=title[:25],
        sections=sections,
        examples=(),
        sources=(SOURCE,),
        figures=(FEE,),
        not_applicable=(Aspect.TIME,),
        reviewed_on=date(2026, 11, 1),
        review_by=date(2027, 5, 1),
    )


def steps(*texts: str) -> Section:
    return section(Aspect.STEPS, "Làm theo thứ tự.", *texts)


def emergency(*acts: str) -> Section:
    return section(Aspect.EMERGENCY, "", *acts, "Gọi 113 nếu nguy hiểm.")


VIEWS = (
    view(
        "can-cuoc",
        "Làm thẻ căn cước",
        section(Aspect.SUMMARY, "Thẻ căn cước làm ở công an, {you} nhé."),
        steps("Mang giấy tờ đến công an.", "Chụp ảnh, lấy vân tay.", "Chờ nhận thẻ."),
        section(Aspect.FEE, "Lệ phí là {figure:phi}."),
        section(Aspect.WHERE, "Công an xã."),
    ),
    view("can-cuoc", "Làm thẻ căn cước", section(Aspect.SUMMARY, "Làm thẻ ở công an."), steps("Đi."), level=Level.SIMPLE),
    view("vneid-mat-may", "Mất máy có VNeID", section(Aspect.SUMMARY, "Khóa tài khoản ngay."), steps("Gọi báo khóa.")),
    view("otp", "Giữ kín mã OTP", section(Aspect.SUMMARY, "Không đọc mã cho ai."), steps("Tắt máy.", "Đổi mật khẩu.")),
    view(
        "lua-dao-gia-cong-an",
        "Giả danh công an",
        emergency("Tắt máy, không chuyển tiền."),
        section(Aspect.SUMMARY, "Công an không gọi điện bắt chuyển tiền."),
        steps("Tắt máy.", "Hỏi công an xã."),
    ),
    view(
        "bi-lua-lam-gi",
        "Bị lừa phải làm gì",
        emergency("Gọi ngân hàng khóa tài khoản."),
        section(Aspect.SUMMARY, "Làm ngay."),
        steps("Gọi."),
    ),
)
AREA_OF = {"can-cuoc": "dinh-danh", "vneid-mat-may": "dinh-danh"}
UNWRITTEN = CatalogueEntry(id="ho-chieu", area="dich-vu-cong", title="Cấp hộ chiếu", scope="")


def make_content() -> Content:
    titles = {v.key.topic_id: v.title for v in VIEWS}
    entries = [CatalogueEntry(id=t, area=AREA_OF.get(t, "an-toan"), title=title, scope="") for t, title in titles.items()]
    related = {"otp": ("bi-lua-lam-gi",), "can-cuoc": ("vneid-mat-may",)}
    return Content(
        areas=AREAS,
        catalogue={e.id: e for e in [*entries, UNWRITTEN]},
        skills={},
        topics={e.id: Topic(id=e.id, area=e.area, related=related.get(e.id, ())) for e in entries},
        views={v.key: v for v in VIEWS},
    )


CONTENT = make_content()


def understood(text: str = "câu hỏi", **changes: object) -> Understanding:
    base = Understanding(
        masked=text,
        normal=text.lower(),
        restored=text.lower(),
        was_unaccented=False,
        intent=Intent.question,
        aspect=None,
        urgency=None,
        personal=(),
        follow_up=False,
        language="vi",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def decided(kind: Kind, *topic_ids: str, kept: str | None = None, step: float = 0.005, outside: bool = False) -> Decision:
    """Topics at `step` from each other, the first the best."""
    covered = {v.key.topic_id for v in VIEWS}
    topics = tuple(ScoredTopic(t, 0.9 - i * step, 0.9, 0.5, t in covered) for i, t in enumerate(topic_ids))
    return Decision(kind, topics, 0.8, "build-1", kept, outside=outside)


@dataclass
class Talk:
    """A conversation: keeps the state and the last turn, and counts turn ids."""

    world: World
    state: State = field(default_factory=State)
    turn: Turn | None = None
    capacity: int = 8
    count: int = 0

    def _step(self, incoming: Incoming, heard: Heard | None) -> Turn:
        self.count += 1
        self.turn = step(self.state, incoming, heard, replace(self.world, turn_id=f"turn{self.count:04}"))
        self.state = State.from_json(self.turn.state.to_json())
        assert self.state == self.turn.state
        return self.turn

    def _incoming(self, **parts: object) -> Incoming:
        return Incoming("test", "p1", str(self.count), NOW, capacity=self.capacity, **parts)  # type: ignore[arg-type]

    def type(self, text: str) -> Turn:
        """Type something that needs no understanding."""
        incoming = self._incoming(text=text)
        assert not needs_hearing(self.state, incoming), text
        return self._step(incoming, None)

    def press(self, payload: str) -> Turn:
        return self._step(self._incoming(payload=payload), None)

    def send(self, attachment: Attachment) -> Turn:
        return self._step(self._incoming(attachment=attachment), None)

    def ask(self, text: str, decision: Decision | None = None, **understanding: object) -> Turn:
        """Type something that shell and engine understand as given."""
        incoming = self._incoming(text=text)
        assert needs_hearing(self.state, incoming), text
        return self._step(incoming, Heard(understood(text, **understanding), decision))

    @property
    def text(self) -> str:
        assert self.turn
        return "\n\n".join(reply.text for reply in self.turn.replies)

    @property
    def buttons(self) -> tuple[Button, ...]:
        assert self.turn
        return tuple(b for reply in self.turn.replies for b in reply.buttons)

    @property
    def nav(self) -> tuple[Button, ...]:
        assert self.turn
        return tuple(b for reply in self.turn.replies for b in reply.nav)

    def labels(self) -> list[str]:
        return [b.label for b in self.buttons]

    def payloads(self) -> list[str]:
        return [b.payload for b in self.buttons]
