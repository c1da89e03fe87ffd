"""Vietnamese names of what the console shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from knowledge.model import Aspect, Level, Status

ASPECTS: Final[Mapping[Aspect, str]] = {
    Aspect.EMERGENCY: "Khẩn cấp",
    Aspect.SUMMARY: "Tóm tắt",
    Aspect.STEPS: "Các bước",
    Aspect.DOCUMENTS: "Giấy tờ",
    Aspect.FEE: "Phí, lệ phí",
    Aspect.TIME: "Thời gian",
    Aspect.WHERE: "Nơi làm",
    Aspect.ELIGIBILITY: "Ai làm được",
    Aspect.TROUBLE: "Khi gặp trục trặc",
    Aspect.SAFETY: "An toàn",
}
LEVELS: Final[Mapping[Level, str]] = {Level.STANDARD: "Bản thường", Level.SIMPLE: "Bản dễ đọc"}
STATUSES: Final[Mapping[Status, str]] = {
    Status.DRAFT: "Bản nháp",
    Status.IN_REVIEW: "Chờ duyệt",
    Status.PUBLISHED: "Đang hiển thị",
    Status.OUTDATED: "Cần xem lại",
}
ACTIONS: Final[Mapping[str, str]] = {
    "saved": "lưu nháp",
    "submitted": "gửi duyệt",
    "returned": "trả lại",
    "discarded": "bỏ bản nháp",
    "published": "xuất bản",
    "rolled_back": "quay về bản cũ",
    "confirmed": "xác nhận",
    "still_current": "vẫn còn đúng",
    "outdated": "cần xem lại",
}
FIELDS: Final[Mapping[str, str]] = {
    "title": "Tiêu đề",
    "short_title": "Tiêu đề ngắn",
    "sections": "Nội dung",
    "examples": "Câu hỏi mẫu",
    "sources": "Nguồn",
    "figures": "Con số",
    "not_applicable": "Không áp dụng",
    "reviewed_on": "Ngày rà soát",
    "review_by": "Rà soát lại trước ngày",
}
ROLES: Final[Mapping[str, str]] = {
    "viewer": "Người xem",
    "editor": "Biên tập viên",
    "publisher": "Người xuất bản",
    "admin": "Quản trị viên",
}
DECISIONS: Final[Mapping[str, str]] = {
    "answer": "trả lời",
    "ask_back": "hỏi lại",
    "dont_know": "chưa biết",
    "chat": "trò chuyện",
    "procedure": "thủ tục",
}
DONE: Final[Mapping[str, str]] = {
    "saved": "Đã lưu bản nháp.",
    "submitted": "Đã gửi duyệt.",
    "returned": "Đã trả lại cho người soạn.",
    "discarded": "Đã bỏ bản nháp.",
    "published": "Đã xuất bản. Trong vài giây nữa bot trả lời theo nội dung mới.",
    "confirmed": "Đã ghi nhận xác nhận dưới tên bạn.",
    "rolled_back": "Đã quay về bản cũ.",
    "still_current": "Đã ghi nhận: nội dung vẫn còn đúng.",
    "dismissed": "Đã bỏ qua nhóm câu hỏi.",
    "undone": "Đã hoàn tác: câu hỏi mẫu được gỡ ra, nhóm câu hỏi trở lại danh sách chờ.",
    "directory": "Đã lưu danh bạ. Bot dùng ngay từ bây giờ.",
    "trial_on": "Đã bật hiển thị thử. Người dân chọn tiếng này sẽ thấy bản nháp có ghi chú, kèm tiếng Việt.",
    "trial_off": "Đã tắt hiển thị thử. Trong vài giây nữa người dân không còn thấy bản nháp.",
    "words_published": "Đã xuất bản các từ ngữ đã chọn.",
    "words_stale": "Chưa xuất bản từ nào: chưa chọn, hoặc có người vừa sửa. Xin xem lại.",
    "retried": "Sẽ gửi lại ngay.",
    "dropped": "Đã bỏ tin này.",
    "user": "Đã lưu người dùng.",
    "password": "Đã đổi mật khẩu. Các phiên đăng nhập khác đã thoát.",
    "signed_out": "Đã đăng xuất.",
}
"""What the last write did, by the key in the address."""


_INCOMPLETE = re.compile(r"cannot be published without (.+)")


def workflow_error(error: Exception) -> str:
    """Why a step of the workflow is not possible, for the person who tried it."""
    if found := _INCOMPLETE.search(str(error)):
        named = (name.strip() for name in found[1].split(","))
        parts = (ASPECTS[Aspect(name)] if name in set(Aspect) else FIELDS.get(name, name) for name in named)
        return f"Chưa xuất bản được vì còn thiếu: {', '.join(parts)}."
    return f"Không làm được bước này, có thể vì có người vừa làm trước. Xin tải lại trang. ({error})"
