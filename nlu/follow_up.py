"""Can the question be understood alone, or does it lean on what was said before?"""

from __future__ import annotations

import re

from nlu.characters import unify
from nlu.syllables import fold
from nlu.tables import word_set

_LONGEST = 14
"""Words; whoever writes more has said what it is about."""
_LONGEST_BARE = 10
"""The same where no word points back."""

# A topic word of the domain is a subject; these words are not, in any combination (accent-folded).
_OPENING = re.compile(r"^(?:(?:a|u|o|da|vang|ok|roi|chau oi|con oi|em oi|ban oi|cho hoi|the|vay|con|nhung|nhung ma|ma|nua|them nua|hoi them|y toi la|the con|vay con|the thi|vay thi|neu the|neu vay)\s+)+")
_POINTS_BACK = re.compile(
    r"\b(?:cai (?:do|nay|ay|kia)|viec (?:do|nay|ay)|cho (?:do|ay)|thu tuc (?:do|nay|ay)|buoc (?:do|nay|ay|\d|thu|cuoi|dau|hai|ba|mot|may)|o do|den do|nhu (?:tren|vay|the)|cai vua|vua (?:noi|roi)|app (?:do|nay|ay)|giay (?:do|ay)|no\b(?! (?:bao|doi|goi|doa|nhan|bat)))"
)
_WORD = re.compile(r"[^\W\d_]+")


def is_follow_up(restored: str) -> bool:
    """True if lower-case `restored` names no subject of its own ("thế mất bao nhiêu tiền?", "còn mẹ tôi 72 tuổi thì sao?")."""
    spelt = unify(restored)
    words = _WORD.findall(spelt)
    if not words or len(words) > _LONGEST:
        return False
    subject = _subject(_PHRASES.sub(" ", _OWN_SUBJECTS.sub(" subject ", " ".join(words))))
    text = fold(" ".join(words))
    leans = bool(_POINTS_BACK.search(text) or _OPENING.search(text))
    if not subject:
        return leans or len(words) <= _LONGEST_BARE
    return bool(_POINTS_BACK.search(text)) and len(subject) == 1 and "subject" not in subject


def _subject(text: str) -> list[str]:
    return [word for word in text.split() if word not in word_set("subjectless.txt")]


# Subjects made of words that alone would be none ("hộ" and "chiều").
_OWN_SUBJECTS = re.compile(
    r"hộ chiếu|kết hôn|ly hôn|sổ đỏ|phạt nguội|nộp phạt|tiền phạt|gửi ảnh|chụp ảnh|tạm vắng|tạm trú|hộ khẩu|hộ nghèo|mã vạch|cỡ chữ|chữ to|chữ ký|mua hàng|bán hàng|hàng giả|tin giả|"
    r"đọc báo|lương hưu|mã otp|thẻ ngân hàng|khai sinh|khai tử|gọi video|gọi hình|gọi điện|cài đặt|thay sim|sang tên|giấy phép|vay tiền|đòi tiền|mất máy|số lạ|người lạ|tin nhắn|nhắn tin|xe|thuế|đất|nhận diện"
)
# Fixed phrases whose words alone might look like a subject.
_PHRASES = re.compile(
    r"\b(?:mất(?= (?:bao|mấy|phí|tiền|nhiều|gì|thời gian|lệ|thêm|khoảng|lâu|đồng|công)\b)|điện thoại khác|giấy tờ|lệ phí|chi phí|"
    r"miễn phí|thu phí|hồ sơ|thời gian|thời hạn|địa chỉ|kết quả|trực tiếp|trực tuyến|công an (?:xã|phường)|ủy ban(?: nhân dân)?|cơ quan|"
    r"thủ tục|điều kiện|đối tượng|người nhà|người già|trẻ em|trẻ con|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|bản (?:gốc|sao)|cuối tuần|"
    r"ngày lễ|an toàn|bắt buộc|ủy quyền|hướng dẫn|trả lời|giải thích|công chứng|số điện thoại|lần (?:sau|đầu)|ở nhà|tại nhà|bưu điện|"
    r"qua mạng|trên mạng|mẫu đơn|tờ khai|ảnh chụp|nguy hiểm|cán bộ|mã(?= gửi| gởi| về|$)|nhà xa)\b"
)
