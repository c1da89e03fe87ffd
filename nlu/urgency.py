"""Is someone in danger now? Rules on accent-folded text, so that they hold for every way of typing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlu.syllables import fold
from nlu.vocabulary import Urgency


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b")


_GAP = r"(?: \S+){0,%d}? "


def _gap(words: int) -> str:
    """Up to `words` words between two parts of a pattern."""
    return _GAP % words


_NOW = _any(
    "dang", "vua", "vua moi", "moi", "ngay", "gap", "lien", "bay gio", "nay gio", "luc nay", "hoi nay", "ban nay", "sang nay", "trua nay", "chieu nay",
    "toi nay", "hom nay", "hom qua", "toi qua", "dem qua", "dem nay", "gio", "roi", "mat roi", "cuu", "khan cap", "kip", "tu nhien", "bong nhien", "tu dung",
    "lo", "da lo", "trot", "troi oi", "hoang qua", "run qua", "kip khong", "voi vang", "phut truoc", "tieng truoc",
)  # fmt: skip
_LONG_AGO = _any(
    "nam ngoai", "nam truoc", "nam kia", "thang truoc", "thang roi", "tuan truoc", "tuan roi", "hoi truoc", "ngay xua", "hoi xua", "lau roi", "may nam",
    "may thang", "dao truoc", "cach day \\w+ (?:nam|thang|tuan)", "hoi nam", "hoi thang", "hoi tet", "nam \\d{4}", "\\d+ (?:nam|thang|tuan) truoc", "tung bi", "da tung",
)  # fmt: skip
_HYPOTHETICAL = _any(
    "lam (?:sao|the nao|cach nao) de (?:khong|khoi|tranh|phong|biet|nhan biet|bao ve|ngan)", "lam sao (?:biet|nhan biet|nhan ra|phan biet|tranh|phong)",
    "(?:cach|bien phap|meo|kinh nghiem|ky nang)" + _gap(3) + "(?:phong|tranh|nhan biet|bao ve|nhan ra|de phong|phat hien|day (?:con|tre|chau))", "phong (?:tranh|chong|ngua)", "de phong",
    "dau hieu", "thu doan", "chieu tro", "cac chieu", "hinh thuc lua dao", "cac kieu", "la gi", "nghia la", "la the nao", "neu(?! (?:\\S+ ){0,3}khong)", "_lo nhu", "gia su", "nho (?:bi|ma|may|mat|dau)", "nho dau", "truong hop bi",
    "phong khi", "co the bi", "de bi", "so bi", "so rang", "so mat", "so lo", "khoi bi", "khong bi", "tranh bi", "nguy co", "rui ro", "canh bao", "tuyen truyen", "tin tuc", "bai bao",
    "tren bao", "xem tivi", "thoi su", "nghe noi", "nghe dai", "doc bao", "quy dinh", "xu phat", "muc phat", "luat", "hay bi", "thuong bi", "thuong", "khi bi", "moi khi", "khi nao", "lieu co bi", "co bi",
    "bai giang", "bai hoc", "tim hieu", "hoi cho biet", "giai thich",
)  # fmt: skip

# --- someone is asking for money, codes or control right now -----------------------------------------------------------
_CALLER = _any(
    "cong an", "vien kiem sat", "toa an", "can bo", "ngan hang", "buu dien", "dien luc", "nhan vien", "nguoi la", "so la", "ke la", "ho", "no", "han", "chung no", "chung", "thang do", "tui no", "bon no",
    "nguoi ta", "xung la", "tu xung", "may nguoi", "co nguoi", "co thang", "co ong", "co ba", "co co", "co anh", "ong ay", "ong do", "ba ay", "dau day", "ben kia", "dau ben kia", "shipper", "toa", "dua nao", "co dua", "ai do", "bon lua dao", "ke gian", "mot nguoi", "1 nguoi", "anh ta", "co ta", "thang nao",
)  # fmt: skip
_DEMAND = re.compile(
    r"\b(?:bat|bao|doi|yeu cau|keu|giuc|hoi|ep|de nghi|noi|doa|xin|can|thuc|huong dan|bieu|nho|muon|ra lenh|duc)(?: \S+){0,5}? "
    r"(?:chuyen|gui tien|nop tien|nop phat|doc (?:ma|otp|so|cho)|dua (?:ma|otp|mat khau)|cung cap|cai (?:app|ung dung|phan mem|cai|dat|vao|vneid|file)|chia se man hinh|bam (?:link|vao)|vao link|nhap (?:ma|otp|mat khau)|"
    r"rut tien|rut so|rut het|ra ngan hang|dong tien|dat coc|nap tien|tai (?:app|ung dung|phan mem|ve|file)|ma otp|otp|so the|mat khau|ma xac nhan|so tai khoan|quet mat|quet ma|khai bao|tien|coc)\b"
)
_THREAT = _any(
    "bat giam", "bat toi", "bat em", "bat di tu", "lenh bat", "di tu", "khoi to", "phong toa", "rua tien", "ma tuy", "duong day", "vu an", "khoa (?:so|sim|tai khoan|thue bao|dien|can cuoc|vneid|dinh danh)(?: \\S+){0,2} (?:neu|ngay|sau)", "cat dien",
    "cap cuu", "tai nan", "bi bat", "khong duoc (?:tat may|cup may|noi|ke|cho ai|bao|tat|dap)", "giu may", "giu bi mat", "khong (?:thi|chuyen thi)", "neu khong", "doa", "de doa", "ham doa", "tung anh", "toi (?:dang )?so", "hoang (?:qua|lam|so|mang|loan|hot)",
)  # fmt: skip
_LIVE = _any(
    "dang (?:goi|noi|nghe|dien|giu|bat|yeu cau|bao|doi|giuc|doa|nhan|chat|ep|keu|thuc|cho|o dau|bieu|huong dan|duc|xin|o trong may|call|video)", "dang (?:\\S+ ){1,3}(?:goi|noi|yeu cau|bao|doi|giuc|doa|bat|ep|keu)", "(?:vua|moi)(?: \\S+){0,3}? (?:goi|dien|nhan tin|nhan)", "nay gio",
    "chua (?:tat|cup|dap) may", "khong cho (?:tat|cup|dap)", "(?:ngay|gap|lien)(?: bay gio| lap tuc| trong| khong| thi| cho| di| hom nay| sang| qua|$)", "phai (?:chuyen|nop|doc|lam)(?: \\S+){0,3}? (?:ngay|gap|lien)", "sap chuyen", "chuan bi chuyen",
    "dang (?:ra|o) ngan hang", "dang (?:dinh|sap|chuan bi|tinh)", "co nen chuyen", "chuyen (?:khong|di|ngay|lien|gap)", "goi (?:lien tuc|hoai|mai|suot)", "gio phai lam", "giuc", "con dang", "trong vong \\d+", "trong \\d+ (?:phut|tieng|gio)", "may ben kia", "chua chuyen", "chua dam", "chua dua",
)  # fmt: skip
_ROGUE_CALL = re.compile(
    r"\bdang (?:\S+ ){0,4}?(?:xung la|tu xung|bao|noi|keu|doa)(?: \S+){0,4}? (?:cong an|vien kiem sat|toa an|lenh bat|rua tien|ma tuy|vu an)\b"
    r"|\b(?:cong an|vien kiem sat|toa an)(?: \S+){0,4}? (?:dang goi|goi video|doa bat|doi bat|bat toi|ra lenh bat|bao toi)(?: \S+){0,6}? (?:chuyen|rua tien|ma tuy|lenh bat|duong day|vu an|bat giam|giam|phong toa)\b"
    r"|\b(?:tu xung|xung la|gia danh|mao danh)(?: \S+){0,2}? (?:cong an|vien kiem sat|toa an|can bo|ngan hang)\b(?=.*\b(?:chuyen tien|rut tien|otp|khong cho)\b)"
    r"|\b(?:vua|dang|moi)(?: \S+){0,3}? (?:goi|dien|bao|nhan)(?: \S+){0,6}? (?:cap cuu|tai nan|nhap vien)(?: \S+){0,4}? (?:can|doi|chuyen|dong|nop)(?: \S+){0,6}? (?:trieu|tien|vien phi|tr)\b"
)

# --- money gone, or the keys to it given away --------------------------------------------------------------------------
_MONEY_GONE = re.compile(
    r"\b(?:bi (?:tru|rut|mat|cuom|lay|chiem|hut|an cap|quet)|mat (?:het|sach|trang|tieu|toi|luon|bay)|bay (?:het|sach|mat|mau)|boc hoi|khong canh ma bay|tru (?:het|sach|mat|tien)|rut (?:het|sach|mat|trom)|lay (?:het|mat|sach)|het sach|sach tien|bi mat|con 0)"
    r"(?: \S+){0,6}? (?:tien|trieu|tr|ty|ti|nghin|ngan|tai khoan|the|so du|so tiet kiem|vi|dong|luong|k|cu|chai|luong huu)\b"
    r"|\b(?:tien|tai khoan(?! (?:zalo|facebook|fb|google|gmail|email|vneid|dinh danh|tiktok|youtube))|so du|luong|vi (?:momo|dien tu|zalopay|tien)|trieu|tr|ty|so tiet kiem)(?: \S+){0,8}? (?:bi (?:tru|rut|mat|lay|cuom|tieu|hut|an cap)|mat (?:het|sach|trang|roi|tieu|luon|bay)|bay (?:het|mat|sach|mau)|bay(?! gio| chu)|boc hoi|dang mat|cu mat dan|tu (?:tru|mat|dung mat|nhien mat|dong tru|nhien bi)|het sach|khong con|sach tron|sach bach|con 0|ve 0|bien mat|di dau het)(?= |$)"
)
_CHEATED = re.compile(
    r"\b(?:bi|mac|dinh|an qua|no)(?: \S+){0,3}? (?:lua|lua dao|gat)(?:(?: \S+){0,8}? (?:tien|trieu|tr|ty|ti|nghin|ngan|dong|k|cu|chai|cay|chuyen|mat|het|coc|von)\b|(?: roi| dao roi| mat roi| xong)?$)"
    r"|\b(?:mat|chuyen|gui|nop|nap|coc|dong|rut|ck)(?: \S+){0,12}? (?:(?<!phai )(?<!thoai )(?<!so )(?<!la )(?<!co )lua(?! dao (?:khong|ko|k|a|day)\b)|ke gian|bon lua|thang lua|lua roi|ke xau|chan so|chan (?:toi|em|minh|zalo|fb|facebook|luon|lien|mat|roi)|mat hut|bien mat|khong lien lac duoc|khong goi duoc|cat lien lac|lua het|bi lua)\b"
    r"|\b(?:lua)(?: \S+){0,4}? (?:mat|het|lay)(?: \S+){0,5}? (?:tien|trieu|tr|ty|ti|dong|k|cu|von)\b"
)
_KEYS_GIVEN = re.compile(
    r"\b(?:lo|da lo|vua|vua moi|moi|trot|da|da trot|lo tay|nham|ngu qua|dai|chot)(?: \S+){0,2}? (?:doc|dua|cho|cung cap|gui|nhap|khai|bam|cai|tai|chia se|dien|dang nhap|click|an|quet|go|noi|chup|chuyen|ck|nop|nap|coc|lo)"
    r"(?: \S+){0,8}? (?:otp|ma xac nhan|ma xac thuc|mat khau|so the|cvv|link la|link lua|link gia|duong link|duong dan|link|ma doc|app la|app gia|app lua|ung dung la|ung dung gia|vneid gia|app no|cai app|file apk|apk|phan mem la|web gia|trang gia|trang web gia|web la|"
    r"man hinh|thong tin the|ma bao mat|ke gian|ke lua|lua dao|bon lua|nguoi la|thang lua|chung no|cho no|cho ho|cong an gia|qr la|ma qr la|sinh trac)\b"
)
_ABOUT_NUMBERS = _any("thong tin", "so can cuoc", "hinh anh", "anh")
_MISTAKEN = _any("chuyen(?: khoan| tien)? nham", "nham (?:tai khoan|so tai khoan|nguoi|tien|so)", "ck nham", "nap nham", "(?:chuyen|bam|gui|nhap|go) (?:\\S+ ){0,4}nham", "bam nham")

# --- phone taken or steered --------------------------------------------------------------------------------------------
_STEERED = re.compile(
    r"\b(?:dien thoai|may|man hinh|con tro|chuot|may tinh|dt)(?: \S+){0,6}? (?:tu (?:chay|bam|nhay|mo|dong|dong bam|dong mo|dong chay|dong chuyen|dong nhay|thao tac|chuyen|go|an|luot|hoat dong)|bi (?:dieu khien|chiem quyen|chiem|kiem soat|hack|khong che|theo doi|doat)|bi(?: \S+){0,3}? (?:dieu khien|chiem quyen|hack))\b"
    r"|\b(?:dieu khien|chiem quyen|chiem|khong che|hack|doat)(?: \S+){0,4}? (?:dien thoai|may|may tinh|dt)\b"
    r"|\b(?:tai khoan|zalo|facebook|vneid|sim)(?: \S+){0,3}? (?:dang bi|vua bi|moi bi)(?: \S+){0,1}? (?:hack|chiem|danh cap|cuop|chiem quyen)\b"
    r"|\b(?:dang|no|ke gian)(?: \S+){0,4}? (?:facebook|zalo|fb|nick|tai khoan)(?: \S+){0,6}? (?:muon|vay|hoi vay|hoi muon) tien\b"
)
_STOLEN = re.compile(
    r"\b(?:mat(?! khau| ma)|mat cap|mat trom|bi (?:\S+ )?(?:giat|cuop|moc|trom|lay|an cap|danh cap|an trom)|roi mat|danh roi|roi|lam mat|lam roi|trom|giat|cuop|moc|lay mat|bo quen)(?: \S+){0,2}? (?:dien thoai|dt|con dt|cai may|smartphone|iphone|samsung)\b"
    r"|\b(?:dien thoai|dt|iphone|con may)(?: \S+){0,6}? (?:bi (?:\S+ )?(?:giat|cuop|moc|trom|mat|lay|an cap|danh cap|an trom|lay cap)|mat (?:cap|trom|roi|tieu)|mat)\b"
)
_WITH_BANK = _any("ngan hang", "bank", "banking", "momo", "vi dien tu", "app tien", "tien", "tai khoan", "zalopay", "vcb", "vietcombank", "agribank", "bidv", "mbbank", "the", "luong")
_JUST_NOW = _any("vua", "vua moi", "moi bi", "sang nay", "chieu nay", "toi nay", "hoi nay", "ban nay", "hom nay", "toi qua", "dem qua", "hom qua", "trua nay", "luc nay")

# --- people ------------------------------------------------------------------------------------------------------------
_DESPAIR = _any(
    "(?:khong|chang|cha|khong con|ko|k|het|chan|no|hong)(?: \\S+){0,1}? (?:muon|thiet|dam|can|con muon) (?:song|ton tai)(?: nua| tiep)?", "muon chet", "chi muon chet", "muon (?:tu tu|tu van|tu sat|ket lieu|bien mat|ket thuc (?:cuoc doi|tat ca|doi))", "(?:dinh|tinh|sap|se|nghi den|nghi toi|y dinh|dang nghi|co y|di) (?:tu tu|tu van|tu sat|nhay (?:cau|song|lau)|ket lieu|uong thuoc)",
    "chet (?:quach|cho xong|cho roi|di cho|con hon|cho khoe|cho nhe|thoi|mat thoi)", "chan song", "het duong song", "song (?:lam gi|de lam gi|lam chi|khong bang chet|cung nhu chet|khong noi)(?: nua)?", "khong con (?:ly do|le|duong|thiet) (?:de )?song", "uong thuoc (?:sau|tru sau|chuot|doc|ngu)", "nhay (?:cau|song|lau) (?:chet|cho|thoi|tu)", "treo co", "cat tay tu tu", "khong thiet (?:gi|song)", "tu tu (?:day|thoi|cho|mat|day thoi)", "nghi quan", "het muon song", "tu tu", "quyen sinh", "chet (?:het|di)(?: cho)? (?:roi|xong)", "ve voi (?:tien to|ong ba)",
)  # fmt: skip
_NOT_DESPAIR = _any("dien thoai", "phong (?:chong|tranh|ngua)? ?tu tu", "tin", "phim", "tren mang", "dau hieu", "cho chet", "con (?:ga|lon|bo|cho|meo)", "nguoi ta tu tu", "khai tu", "sau rieng", "ve tu tu", "tu tu (?:la gi|tang)", "ty le")
_CAPTIVE = re.compile(
    r"\b(?:bi|dang bi|no|ho|chung no|bon no|chung)(?: \S+){0,4}? (?:nhot|giam long|giam giu|giam|bat coc|bat giu|cam tu|nhot lai|giu lai|giu nguoi|giu o|ban sang|ban qua|lua sang|lua qua|lua ban|lua di|khong cho ve|bat lam viec|danh dap|chich dien)\b"
    r"|\b(?:tien chuoc|doi chuoc|chuoc nguoi|chuoc con|chuoc ve|doi (?:\S+ ){0,4}chuoc|chuoc (?:moi|thi) (?:tha|cho))\b"
    r"|\b(?:ket|mac ket|nhot|giu|giam|lua|dua|ban)(?: \S+){0,5}? (?:campuchia|cam pu chia|cam|myanmar|mien dien|lao|philippin|casino|song bai|bien gioi|tam giac vang|nuoc ngoai)\b"
    r"|\b(?:campuchia|cam pu chia|myanmar|mien dien|casino)(?: \S+){0,8}? (?:khong (?:cho ve|ve duoc|thoat)|bi (?:nhot|giu|danh|giam|bat)|keu cuu|doi tien|cau cuu|muon ve)\b"
)
_NOT_CAPTIVE = _any("bat giam", "xung la", "xung cong an", "xe", "bang lai", "giay to", "giay phep", "the", "can cuoc", "ho chieu", "tien luong", "hang", "buu pham", "du lich", "tai khoan", "tien giu", "xuat khau lao dong")
_CHILD = r"(?:con|con gai|con trai|con em|chau|chau gai|chau trai|be|be gai|em be|hoc sinh|tre|tre em|em gai|em trai|thang be|thang cu|con be|dua nho|dua chau|chau noi|chau ngoai|hoc tro|em hoc sinh|em \d+ tuoi|e \d+ tuoi|em moi \d+ tuoi|lop \d+)"
_CHILD_HURT = re.compile(
    rf"\b{_CHILD}(?: \S+){{0,12}}? (?:bi|no|ho|dang|nguoi la|nguoi ta|ke|thang|ban|chung no|chung|co nguoi|mot nguoi|nguoi lon|mang)(?: \S+){{0,8}}? (?:de doa|doa|ham doa|tong tien|ep (?:gui|quay|chup|cho|coi|di|chat)|bat (?:gui|chup|quay|coi|coi do|cho xem|cho)|quay len|gui anh (?:nhay cam|khoa than|nong)|tung (?:anh|clip|hinh|video)|phat tan|ga gam|du do|du di|du ra|du gui|xam hai|quay roi|lam dung|du (?:\S+ ){{0,3}}(?:khach san|nha nghi|anh|chup)|goi sex|chat sex|xin anh|doi anh|ru di gap|dua len mang|dang len mang|dang (?:anh|clip|hinh|video))\b"
    rf"|\b(?:doa|de doa|ham doa|tong tien|ga gam|du do|xam hai|tung anh|tung clip|tung hinh|quay roi|ep|bat coc)(?: \S+){{0,8}}? {_CHILD}\b"
    rf"|\bbat (?:\S+ ){{0,2}}{_CHILD}(?: \S+){{0,2}}? (?:quay|gui|chup|cho xem|coi do)(?: \S+)? (?:clip|anh|hinh|video)\b"
    rf"|\b(?:anh nong|anh nhay cam|clip nong|anh khoa than|clip nhay cam)(?: \S+){{0,4}}? (?:cua )?{_CHILD}\b"
)
# The "task" fraud: another deposit before the money can be taken out.
_PAY_MORE = re.compile(
    r"\b(?:dang|no|han|ho|bao|noi|bat|doi|yeu cau|keu)(?: \S+){0,5}? (?:nap|dong|chuyen|nop|coc)(?: \S+)? (?:them|tiep)(?: \S+){0,6}? (?:moi|de|thi) (?:\S+ ){0,2}?(?:rut|lay|nhan|hoan|tra)\b"
)
_SEXTORTION = re.compile(r"\b(?:doa|de doa|ham doa|tong tien|doi tien|bat (?:toi|em|minh)|khong)(?: \S+){0,10}? (?:tung|phat tan|dang|gui|phat)(?: \S+){0,3}? (?:anh|clip|hinh|video|anh nong|len mang)\b")
_WARNS_ABOUT = _any("bao ve", "day (?:con|tre|chau)", "phong", "tranh", "lam sao de", "cach", "co nen", "dau hieu", "neu", "ky nang")


_WORD = re.compile(r"\w+")
# Without accents these words would look like words of danger: "mặt" like "mất", "lúa" like "lừa", "đăng" like "đang".
_HOMOGRAPHS = frozenset(
    "mặt mắt mát lúa thể thế vì đổi đời đợi bật bất đăng đáng lo lò lô mỗi mời môi hộ hồ hỗ còn gặp ngày liên chuyện chuyên tiện tiến bảy bày sách song sóng sông bạn bản bàn "
    "lái này nhả động rơ dạy dây đầy vị quét cú cũ trú xóa tấm tên đấy rời mở lấp đọt chữa giữa đai tra trả".split()
)


def _folded(word: str) -> str:
    return f"_{fold(word)}" if word in _HOMOGRAPHS else fold(word)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Folded text with the frame it stands in."""

    text: str
    now: bool
    general: bool
    past: bool


def spot(restored: str) -> Urgency | None:
    """Return the danger that lower-case `restored` tells of, the gravest first, or None."""
    text = " ".join(_folded(word) for word in _WORD.findall(restored))
    if not _STIR.search(text):
        return None
    reading = _Reading(text, bool(_NOW.search(text)), bool(_HYPOTHETICAL.search(text)), bool(_LONG_AGO.search(text)))
    return next((kind for kind, test in _TESTS if test(reading)), None)


_STIR = re.compile(
    r"\b(?:chet|song|tu tu|tu van|tu sat|ket lieu|treo co|thuoc|nhay cau|quyen sinh|nhot|giam|giu|chuoc|bat|ket|campuchia|cam pu chia|myanmar|casino|doa|ham doa|tong|ep|tung|anh nong|anh nhay cam|xam hai|quay roi|ga gam|du|"
    r"giat|cuop|moc|trom|mat|roi|dieu khien|chiem|hack|tu chay|tu bam|tu nhay|tu dong|tu mo|tu thao tac|khong che|lua|gat|tru|rut|bay|boc hoi|sach|otp|link|ma|app|apk|mat khau|chuyen|doc|goi|yeu cau|giuc|doi|tien|lay|het|ban|anh|"
    r"cong an|vien kiem sat|thong tin|nghi quan|ve voi|khong con)\b"
)


def _despair(reading: _Reading) -> bool:
    return bool(_DESPAIR.search(reading.text)) and not _NOT_DESPAIR.search(reading.text)


def _captive(reading: _Reading) -> bool:
    return bool(_CAPTIVE.search(reading.text)) and not (reading.general or _NOT_CAPTIVE.search(reading.text))


def _child(reading: _Reading) -> bool:
    return bool(_CHILD_HURT.search(reading.text)) and not (reading.general or _WARNS_ABOUT.search(reading.text))


def _device(reading: _Reading) -> bool:
    if reading.general or reading.past:
        return False
    if _STEERED.search(reading.text):
        return True
    return bool(_STOLEN.search(reading.text)) and bool(_WITH_BANK.search(reading.text) or _JUST_NOW.search(reading.text))


def _lost(reading: _Reading) -> bool:
    if reading.past and not _JUST_NOW.search(reading.text) or _MISTAKEN.search(reading.text):
        return False
    if reading.general:
        return False
    if _KEYS_GIVEN.search(reading.text) or _CHEATED.search(reading.text):
        return True
    return reading.now and bool(_MONEY_GONE.search(reading.text))


def _scam(reading: _Reading) -> bool:
    text = reading.text
    if reading.past or (reading.general and not _LIVE.search(text)):
        return False
    if _SEXTORTION.search(text) or _PAY_MORE.search(text) or (_ROGUE_CALL.search(text) and (reading.now or _THREAT.search(text))):
        return True
    asked = bool(_CALLER.search(text)) and bool(_DEMAND.search(text))
    return asked and bool(_LIVE.search(text) or _THREAT.search(text))


_TESTS = (
    (Urgency.despair, _despair),
    (Urgency.child_danger, _child),
    (Urgency.captive, _captive),
    (Urgency.device_taken, _device),
    (Urgency.lost_money, _lost),
    (Urgency.being_scammed, _scam),
)
