"""`hocvuso demo-data`: what it prints, in Vietnamese with the addresses to look at."""

from __future__ import annotations

from collections.abc import Mapping

from bot.demo import marks
from bot.demo.fill import Filled, Parts
from bot.demo.people import COMMUNE
from bot.demo.remove import remove
from bot.runtime import Runtime, commune_directory, learners
from bot.settings import Settings
from learning.communes import communes
from storage import open_database, upgrade


def parts_of(runtime: Runtime) -> Parts:
    """The parts of an opened bot that demo people talk to."""
    return Parts(runtime.database, runtime.answerer, runtime.live, commune_directory, learners(runtime.settings))


def remove_from(settings: Settings) -> Mapping[str, int]:
    """Remove the demo data from the settings' database; gives the rows deleted by table."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database)
    try:
        upgrade(database)
        with database.session() as session:
            return remove(session)
    finally:
        database.close()


def filled_text(filled: Filled | None, settings: Settings) -> str:
    """What to tell whoever filled the demo data, passwords included: they are shown this once."""
    commune = communes()[COMMUNE]
    place = f"{commune.name}, {commune.province.name}"
    if filled is None:
        return f"✔ Dữ liệu mẫu ({place}) đã có sẵn, không thêm gì.\n  Xóa: hocvuso demo-data --remove"
    base = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    accounts = [f"  {name:15} {password}   {_role(name)}" for name, password in filled.passwords.items()]
    kept = [f"! Danh bạ của {commune.name} đã có từ trước nên được giữ nguyên."] if filled.own_directory else []
    lines = [
        f"✔ Đã tạo xã mẫu: {place}. Người, số điện thoại và câu chuyện đều là bịa; tên xã là thật.",
        f"  Mở {base}/admin/ (chạy máy chủ bằng: hocvuso serve) và đăng nhập. Mật khẩu chỉ hiện lần này:",
        *accounts,
        *kept,
        "Xem gì ở đâu · where to look:",
        f"  {base}/admin/progress    tiến độ theo xã và nhóm, xuất CSV/XLSX · progress by commune and group",
        f"  {base}/admin/queue       câu hỏi chưa trả lời được, hỏi lại, 👎 · questions to settle",
        *_draft_line(filled, base),
        f"  {base}/admin/directory   danh bạ của xã · whom to turn to",
        f"  {base}/admin/letters     một tin chưa gửi được · a dead letter",
        "  Xóa hết dữ liệu mẫu · remove it all: hocvuso demo-data --remove",
    ]
    return "\n".join(lines)


def _role(name: str) -> str:
    role = marks.USERS[name][0].value
    return f"{role}, chỉ {communes()[COMMUNE].name}" if name == marks.SCOPED else role


def _draft_line(filled: Filled, base: str) -> list[str]:
    if filled.draft is None:
        return []
    return [f"  {base}/admin/topics/{filled.draft}/review    một bản nháp chờ duyệt · a draft to review"]


def removed_text(deleted: Mapping[str, int]) -> str:
    """What to tell whoever removed the demo data."""
    if not deleted:
        return "✔ Không có dữ liệu mẫu nào để xóa."
    return "✔ Đã xóa dữ liệu mẫu: " + ", ".join(f"{table} {count}" for table, count in deleted.items())
