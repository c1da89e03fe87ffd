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
- {id: an-toan.ma-otp, title: "Giữ mã OTP", domain: an-toan, groups: [an-toan], competences: ["4.2"]}
"""
FRAMEWORKS = """\
frameworks:
- id: ky-nang
  title: "Kỹ năng số"
  documents: [{name: "Quyết định 757", issued: 2025-04-29}]
  note: "Chưa xem phụ lục."
  groups:
  - {id: an-toan, title: "An toàn", confirmed: false}
- id: nang-luc
  title: "Năng lực số"
  documents: [{name: "Thông tư 02/2025", issued: 2025-01-24, in_force: 2025-03-11}]
  note: "Theo báo chí."
  groups:
  - id: an-toan
    title: "An toàn"
    confirmed: true
    competences:
    - {id: "4.1", title: "Bảo vệ thiết bị", confirmed: true}
    - {id: "4.2", title: "Bảo vệ dữ liệu cá nhân", confirmed: true}
  - id: thong-tin
    title: "Thông tin"
    confirmed: true
    competences:
    - {id: "1.1", title: "Tìm kiếm", confirmed: true}
pass_rule: {setting: HOCVUSO_QUIZ_PASS_SHARE, default: 0.7, note: "Do tỉnh đặt."}
"""
QUESTIONS = (
    *("Mã OTP dùng để làm gì?", "Ai được phép hỏi mã xác nhận của tôi?", "Xin hướng dẫn cách nhận mã an toàn."),
    *("Mã có hiệu lực trong bao lâu?", "Tôi nên làm gì khi mã không đến?"),
    *("tự dưng máy báo mấy con số lạ", "họ bảo đọc dãy số vừa nhắn tới", "sáu số trong tin nhắn là cái gì"),
    *("người ta nhờ nhận hộ cái mã", "đọc nhầm cho người lạ rồi cháu ạ"),
    *("khong thay tin nhan ve may", "lo noi cho ho biet roi", "nhap vao thi bao het han"),
    *("sao phai nhap day so nay", "doi sim co nhan duoc ma khong"),
    *("otp k về đt", "mk lỡ đưa mã r", "ntn thì lấy đc mã ms", "mã sai hoài z", "ck cần mã j"),
    *("mã chi mà gửi hoài rứa", "răng hắn cứ đòi dãy số", "mấy số nớ là chi", "hông thấy mã nè", "nó biểu tui đọc số"),
)
STYLES = ("formal", "colloquial", "unaccented", "noisy", "dialect")
WRITERS = ("bien-tap", "ba-hoa", "linh")
EXAMPLES = "style\twriter\tquestion\n" + "".join(
    f"{STYLES[n // 5]}\t{WRITERS[n % 3]}\t{question}\n" for n, question in enumerate(QUESTIONS)
)
TOPIC = """\
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
  confidence: high
figures:
- id: phi
  value: "10.000 đồng"
  valid_until: 2027-06-30
  fallback: "mức ghi trong ứng dụng"
  source: s1
---
# standard

## emergency
Làm ngay:
1. Tắt máy.
2. Gọi ngân hàng.

## summary
OTP là mã dùng một lần. {You} không đọc mã cho ai. Xem vneid.gov.vn.

- **Ngân hàng** không hỏi mã.

## steps
1. Đọc tin nhắn.
2. Tự tay nhập mã
   rồi bấm xác nhận.
   ![Màn hình nhập mã](media/thu-otp.png)

## fee
Phí là {figure:phi} mỗi tháng.

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
  difficulty: easy
  checked: {by: "Lan", on: 2026-11-20}
  stem: "Có người gọi xin mã OTP. Nên làm gì?"
  simple: "Có người gọi xin mã. Làm gì?"
  options:
  - {id: a, text: "Đọc mã", correct: false, feedback: "Đọc mã là mất tiền."}
  - {id: b, text: "Tắt máy", correct: true, feedback: "Không ai được hỏi mã."}
- id: otp-2
  kind: true_false
  skill: an-toan.ma-otp
  difficulty: medium
  checked: {by: "Lan", on: 2026-11-20, note: "đã so với nguồn"}
  stem: "Ngân hàng được hỏi mã OTP."
  simple: "Ngân hàng được hỏi mã."
  options:
  - {id: dung, text: "Đúng", correct: false, feedback: "Không ai được hỏi."}
  - {id: sai, text: "Sai", correct: true, feedback: "Không ai được hỏi mã."}
- id: otp-3
  kind: real_or_fake
  skill: an-toan.ma-otp
  difficulty: hard
  checked: {by: "Lan", on: 2026-11-20}
  scenario: "Bấm vào nganhang-gia.top để nhận 10 triệu đồng"
  stem: "Tin này thật hay giả?"
  simple: "Tin này thật hay giả?"
  options:
  - {id: that, text: "Thật", correct: false, feedback: "Đường dẫn lạ."}
  - {id: gia, text: "Giả", correct: true, feedback: "Không ai được hỏi mã."}
- id: otp-4
  kind: order
  skill: an-toan.ma-otp
  difficulty: hard
  checked: {by: "Lan", on: 2026-11-20}
  stem: "Lỡ đọc mã rồi. Làm theo thứ tự nào?"
  simple: "Lỡ đọc mã. Làm gì trước?"
  options:
  - {id: a, text: "Tắt máy", correct: true, feedback: "Để họ không hỏi thêm."}
  - {id: b, text: "Gọi ngân hàng", correct: true, feedback: "Để khóa tiền lại."}
  - {id: c, text: "Báo công an", correct: true, feedback: "Khi tiền đã được giữ."}
- id: otp-5
  kind: multiple
  skill: an-toan.ma-otp
  difficulty: medium
  checked: {by: "Lan", on: 2026-11-20}
  stem: "Việc nào giữ mã an toàn?"
  simple: "Giữ mã thế nào?"
  options:
  - {id: a, text: "Không đọc cho ai", correct: true, feedback: "Không ai được hỏi mã."}
  - {id: b, text: "Tự tay nhập mã", correct: true, feedback: "Không ai được hỏi mã."}
  - {id: c, text: "Chụp gửi bạn", correct: false, feedback: "Gửi là lộ."}
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
  - {text: "Mã OTP như chìa khóa.", simple: "Mã như chìa khóa."}
  - {text: "Không đọc mã cho ai.", simple: "Không đọc cho ai."}
  - {text: "Lỡ đọc thì gọi ngân hàng.", simple: "Gọi ngân hàng."}
  practice: {text: "Tìm một tin nhắn có mã.", simple: "Tìm tin có mã.", check: "Thấy dòng dặn không đưa mã cho ai."}
  items: [otp-1, otp-2, otp-3]
"""


def write_folder(folder: Path, topic: str = TOPIC) -> Path:
    """Write the sample content below folder; returns folder."""
    files = {
        "catalogue.yaml": CATALOGUE,
        "skills.yaml": SKILLS,
        "frameworks.yaml": FRAMEWORKS,
        "allowlist.txt": "# official\n*.gov.vn\n",
        "vi/topics/otp.md": topic,
        "vi/examples/otp.tsv": EXAMPLES,
        "vi/quiz/otp.yaml": QUIZ,
        "vi/courses/an-toan.yaml": COURSE,
        "vi/media/thu-otp.png": "",
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
