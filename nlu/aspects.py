"""Which part of an answer does a question ask for: fee, time, documents …? Cue words first, then a trained guess."""

from __future__ import annotations

import re

from nlu.classifier import Classifier
from nlu.examples import phrases

_SURE_ENOUGH = 0.5
"""Probability from which the trained guess counts."""


def _cue(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + r")(?=\W|$)")


# In this order: a question with cues of several aspects asks for the first one listed.
_CUES = (
    ("fee", _cue(
        "bao nhieu (?:tien|dong|phi|le phi|mot thang|1 thang|mot nam|1 nam)", "(?:het|ton|mat|tra|dong|nop|dong gop|thu)(?: \\S+)? (?:bao nhieu|may dong|may tram|may tien)(?! ?(?:ngay|lau|thang|gio|tuoi|nam|phut|thoi gian|tuan|giay|so|buoc))", "le phi", "mat phi", "ton phi", "phi (?:la|bao|the|lam|cap|het|dang|duy|nhu|khong|gi|nao|may|doi)", "thu phi", "dong phi", "tinh phi",
        "mien phi", "gia (?:bao|ca|the nao|nhu the|la)", "chi phi", "ton (?:tien|kem|may|nhieu|dong)", "mat tien", "co phai (?:tra|nop|dong) (?:tien|phi|gi)", "(?:phai|can) (?:tra|dong|nop) (?:tien|phi)", "may tien", "(?:muc|so tien) (?:dong|phi|nop|thu|phai)", "may (?:dong|nghin|tram|chuc)", "bao nhieu(?= ?(?:vay|the|a|nhi|han|thoi)?$)(?<!tuoi bao nhieu)(?<!so bao nhieu)",
        "tien (?:cong|phi|le phi)", "cuoc phi", "cuoc bao", "dat (?:khong|lam)$", "re (?:khong|hon)",
    )),
    ("time", _cue(
        "bao lau", "(?:may|bao nhieu) (?:ngay|hom|bua|thang|tuan|gio|phut|tieng)(?! tuoi)", "(?:may|bao nhieu) nam (?:thi|moi|phai|doi|la|het|mot)?", "khi nao", "luc nao", "bao gio", "(?:tu|luc|den|vao) may gio", "thoi gian (?:giai quyet|lam|cap|xu ly|nhan|tra|cho|la|bao|nao|thuc hien|lam viec)", "thoi han", "han (?:den|chot|cuoi|nop|bao|la|su dung)",
        "cho lau", "lau (?:khong|ko|k)", "(?:doi|cho) (?:may|bao|den)", "(?:ngay|gio|thang|bua|hom) nao", "(?:tre|muon|som) nhat", "chung nao", "nam nao", "thu (?:bay|7|may)", "chu nhat", "gia tri (?:may|bao|trong|den)", "kip khong", "mat thoi gian", "lau moi",
    )),
    ("where", _cue(
        "o dau", "cho nao", "den dau", "di dau", "toi dau", "ra dau", "len dau", "tai dau", "noi nao", "dau (?:vay|the|a|nhi|duoc)?$", "co quan nao", "(?:xa|phuong|huyen|tinh|so|phong|quan|cong an|ngan hang|diem|muc|cong|trang) nao", "dia chi", "noi (?:nop|lam|cap|nhan|tiep nhan)", "xem dau", "hoi (?:ai|dau)", "gap ai", "tru so", "nam dau", "lay dau",
        "(?:ra|len|den)(?: \\S+){0,4} hay (?:ra|len|den|o|xuong|phai|tai)", "bam vao dau(?= de xem)", "tim (?:o|cho) ",
    )),
    ("documents", _cue(
        "(?:giay to|giay|ho so|to khai|tai lieu|thu)(?: \\S+){0,4}? (?:gi|nao|nhung gi)(?! thi)", "(?:mang|dem|cam|nop|kem|chuan bi|xuat trinh|bo tuc|bo sung|can co)(?: \\S+){0,3}? (?:gi|nhung gi|giay|giay to|the gi|nao)", "ho so (?:gom|can|co|bao gom|nhu the nao|the nao)", "thanh phan ho so", "mau (?:don|to khai|nao|so)", "to khai (?:lay|o dau|mau)", "co (?:can|phai) (?:mang|nop|dem|co|kem|cam|so|giay|anh|ban|photo|chung thuc|cong chung)",
        "ban (?:goc|sao|photo)(?: \\S+){0,3}? (?:hay|khong|duoc)", "can (?:nhung gi|gi|nhung giay|giay)(?! de lam gi)(?! phai)", "anh the", "thieu giay", "giay to",
    )),
    ("safety", _cue(
        "an toan", "lua dao", "bi lua", "lua (?:khong|ko|k|a|day|dao|tien|gat)?", "gia mao", "nguy hiem", "co sao khong", "co sao ko", "sao khong$", "tin duoc", "dang tin", "that hay gia", "that (?:khong|hay)", "co that", "co dung (?:la that|khong|that)", "lo (?:thong tin|du lieu|lot)", "bao mat", "doc hai", "rui ro", "co nen", "phong tranh", "canh giac", "ke gian", "ke xau", "virus", "hai khong", "so mat tien", "bi mat tien", "danh cap", "de phong", "bi theo doi", "nghe len", "gia danh", "nhan biet", "bi hack",
    )),
    ("trouble", _cue(
        "(?:khong|chua|chang|khong the)(?: \\S+){1,5} duoc(?! khong)(?! (?:gi|mien|huong|phep))", "khong (?:duoc|len|chay|mo|hien|thay|gui|nhan|vao|an|nghe|vo|ra|ket noi|doc duoc|tai|quet|nhay|bao|ve)(?! \\S* khong)", "bao loi", "bi loi", "loi (?:gi|nay|ket|mang|he|khong|the|do|ma|sai|hoai|mai)?", "bi (?:treo|do|khoa|dung|tra lai|tu choi|sai|mat|ket|cham|lag|den|chan|xoa|vo hieu|nuot|hong|trung|nghen|day)", "quen (?:mat khau|ma|pass|tai khoan)",
        "sai (?:thong tin|ten|ngay|so|mat khau|ma|chinh)", "mai khong", "mai chua", "mai chang", "hoai khong", "hong (?:roi|may|nut)?", "truc trac", "su co", "tai sao (?:khong|lai|toi|no|chua)", "sao (?:khong|no|lai|chua|toi|cu|mai)", "hong", "het han", "bi hu", "day bo nho", "cham qua", "chua thay", "chua ve", "chua nhan", "lam mat", "mat (?:the|may|sim|giay|so|bang|dien thoai)", "vao khong duoc", "(?:vao|mo|gui|nhan|quet|tai|bam|dang nhap|lam|go|doi|nghe|goi|xem|dang ky) (?:\\S+ ){0,2}(?:khong|hoai khong|mai khong) duoc(?! sao| a)",
    )),
    ("eligibility", _cue(
        "(?:ai|nguoi nao|doi tuong nao|nhung ai)(?: \\S+){0,3} (?:duoc|phai|co the|can)", "dieu kien", "doi tuong", "(?:may|bao nhieu) tuoi", "co (?:\\S+ ){0,6}(?:duoc|phai) (?:\\S+ ){0,6}(?:khong|ko|k)(?=$| a$| vay| ha| nhi| the$)", "duoc (?:\\S+ ){0,5}khong(?=$| a$| vay| ha| nhi| the$| chau| con| em| ban)", "(?:co )?bat buoc", "lam (?:thay|ho|giup)", "di thay", "tuoi(?: \\S+){0,6} (?:duoc|phai|thi sao|khong)", "du tuoi", "thuoc dien", "co duoc", "co phai (?:lam|doi|di|dang|khai)", "duoc chua", "(?:thi )?duoc khong", "uy quyen", "dich than",
    )),
    ("summary", _cue("la (?:cai )?gi", "la sao", "nghia la", "de lam gi", "dung lam gi", "lam gi duoc", "tac dung", "khac (?:nhau|gi|nhu)", "la the nao", "co loi gi", "loi ich", "the nao la", "gioi thieu", "tim hieu ve", "cong dung", "giai thich", "duoc gi")),
    ("steps", _cue("lam sao", "lam (?:the|nhu the) nao", "the nao", "(?:chi|bay|huong dan|day)(?: \\S+){0,3} (?:cach|voi|lam|dung|bam|tung|toi|em|minh|bac)", "cach", "huong dan", "cac buoc", "tung buoc", "buoc", "nhu the nao", "quy trinh", "trinh tu", "thu tuc", "bam (?:vao )?(?:dau|gi|nut)", "lam (?:nhung )?gi", "ra sao", "phai lam", "thao tac", "bang cach", "muon (?:\\S+ ){1,8}(?:thi|phai) ", "sao ta", "nhu nao", "kieu gi", "lam gi")),
)  # fmt: skip


class AspectGuesser:
    """Finds the aspect of a question in accent-folded text."""

    def __init__(self) -> None:
        """Train on the question phrases of `nlu.yml`."""
        pairs = [(text, label.removeprefix("question/")) for text, label in phrases() if label.startswith("question/")]
        self._classifier = Classifier(pairs)

    def guess(self, folded: str) -> str | None:
        """Return one of `ASPECTS`, or None if the question names no part (``folded``: lower-case, without accents)."""
        for aspect, cue in _CUES:
            if cue.search(folded):
                return aspect
        label, share = self._classifier.best(folded)
        return label if share >= _SURE_ENOUGH and label != "general" else None
