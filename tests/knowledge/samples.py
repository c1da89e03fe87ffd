"""A small content folder that the linter finds nothing wrong with, for tests to break."""

from __future__ import annotations

from pathlib import Path

CATALOGUE = """\
areas:
- {id: an-toan, title: "An toàn, chống lừa đảo", icon: "🛡️"}
topics:
- {id: otp, area: an-toan, title: "Mã OTP và cách giữ an toàn", scope: "mã xác nhận"}
- {id: khoa-the, area: an-toan, title: "Khóa thẻ", scope: "mất thẻ"}
"""
SKILLS = """\
skills:
- {id: an-toan.ma-otp, title: "Giữ mã OTP", domain: an-toan}
"""
EXAMPLES = "".join(f'- "câu hỏi thử số {n} về mã xác nhận"\n' for n in range(15))
TOPIC = f"""\
---
topic: otp
area: an-toan
title: "Mã OTP và cách giữ an toàn"
short_title: "Giữ kín mã OTP"
skills: [an-toan.ma-otp]
audience: [moi-nguoi]
related: [khoa-the]
not_applicable: [documents, time, where, eligibility, trouble]
reviewed_on: 2026-11-21
review_by: 2027-05-21
sources:
- id: s1
  title: "Ngân hàng không gửi đường dẫn"
  publisher: "Báo Thử"
  url: https://example.org/tin
  date: 2024-11-28
figures:
- id: phi
  value: "10.000 đồng"
  valid_until: 2027-06-30
  fallback: "mức ghi trong ứng dụng"
  source: s1
examples:
{EXAMPLES}---
# standard

## emergency
Làm ngay:
1. Tắt máy.
2. Gọi ngân hàng.

## summary
OTP là mã dùng một lần. {{You}} không đọc mã cho ai. Xem vneid.gov.vn.

- **Ngân hàng** không hỏi mã.

## steps
1. Đọc tin nhắn.
2. Tự tay nhập mã
   rồi bấm xác nhận.
   ![Màn hình nhập mã](media/otp-1.png)

## fee
Phí là {{figure:phi}} mỗi tháng.

# simple

## summary
OTP là mã dùng một lần. Không đọc mã cho ai.

## steps
1. Đọc kỹ tin nhắn.
2. Tự tay nhập mã.
"""
QUIZ = """\
topic: otp
items:
- id: otp-1
  kind: single
  skill: an-toan.ma-otp
  stem: "Có người gọi xin mã OTP. Nên làm gì?"
  options:
  - {id: a, text: "Đọc mã", correct: false, feedback: "Đọc mã là mất tiền."}
  - {id: b, text: "Tắt máy", correct: true, feedback: "Đúng rồi."}
- id: otp-2
  kind: true_false
  skill: an-toan.ma-otp
  stem: "Ngân hàng được hỏi mã OTP."
  options:
  - {id: dung, text: "Đúng", correct: false, feedback: "Không ai được hỏi."}
  - {id: sai, text: "Sai", correct: true, feedback: "Đúng rồi."}
- id: otp-3
  kind: real_or_fake
  skill: an-toan.ma-otp
  scenario: "Bấm vào nganhang-gia.top để nhận 10 triệu đồng"
  stem: "Tin này thật hay giả?"
  options:
  - {id: that, text: "Thật", correct: false, feedback: "Đường dẫn lạ."}
  - {id: gia, text: "Giả", correct: true, feedback: "Đúng rồi."}
"""
COURSE = """\
id: an-toan
title: "An toàn trên mạng"
short_title: "An toàn trên mạng"
summary: "Giữ tiền và giấy tờ an toàn."
audience: [moi-nguoi]
lessons:
- id: giu-ma
  title: "Giữ mã OTP"
  short_title: "Giữ mã OTP"
  minutes: 5
  topics: [otp]
  cards:
  - {text: "Mã OTP như chìa khóa."}
  practice: {text: "Tìm một tin nhắn có mã.", check: "Thấy dòng dặn không đưa mã cho ai."}
  items: [otp-1, otp-2, otp-3]
"""


def write_folder(folder: Path, topic: str = TOPIC) -> Path:
    """Write the sample content below folder; returns folder."""
    files = {
        "catalogue.yaml": CATALOGUE,
        "skills.yaml": SKILLS,
        "allowlist.txt": "# official\n*.gov.vn\n",
        "vi/topics/otp.md": topic,
        "vi/quiz/otp.yaml": QUIZ,
        "vi/courses/an-toan.yaml": COURSE,
        "vi/media/otp-1.png": "",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a text in one file of the folder; fails if it is not there."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
