"""What does the message want: a question (most of them), a greeting, a command to the bot? Sure rules, then a trained guess."""

from __future__ import annotations

import re

from nlu.classifier import Classifier
from nlu.examples import phrases
from nlu.syllables import fold, is_plain_syllable, is_syllable
from nlu.tables import word_set
from nlu.vocabulary import Intent

_SURE_ENOUGH = 0.55
_LONGEST_COMMAND = 10
"""Words; longer messages are questions unless a sure rule says otherwise."""
_LONGEST_INSULT = 6
"""Words; an insult inside a longer message is not what the message is about."""

_SHORT = {
    Intent.yes: "co|vang|dung|dung roi|u|uh|um|uk|ok|oke|okay|dong y|da|da vang|da co|vang a|phai|phai roi|chuan|duoc|co chu|yes|co a|u dung|ua|oki|okie|nhat tri|chinh xac|duoc roi|👍",
    Intent.no: "khong|khong phai|sai|sai roi|chua|khong dung|no|da khong|khong a|khong can|chua dung|khong muon|da chua|khong dau|👎",
    Intent.next: "tiep|tiep di|tiep theo|tiep tuc|next|buoc tiep|buoc tiep theo|xong|xong roi|xem tiep|xem them|noi tiep|noi tiep di|con nua khong|roi sao nua|roi gi nua|roi|them|continue|sang buoc sau|buoc sau",
    Intent.back: "quay lai|tro lai|lui lai|back|ve truoc|tro ve|lui|quay ve|buoc truoc|quay lai buoc truoc",
    Intent.menu: "menu|trang chu|ve trang chu|start|bat dau|bat dau lai|home|ve dau|danh muc|muc luc|muc chinh|ve menu|mo menu|tu dau",
    Intent.help: "giup|tro giup|help|giup toi|giup toi voi|giup em voi|giup voi|cuu|cuu toi|can giup|can giup do|huong dan su dung",
    Intent.repeat: "noi lai|nhac lai|doc lai|lap lai|noi lai di|gi co|ha|he|sao co|noi gi|noi lai xem|gui lai|noi lai lan nua|repeat|noi lai nghe",
    Intent.stop: "stop|dung lai|thoat|thoi|huy|dung|ket thuc|thoi khong hoi nua|khong hoi nua|dung nhan nua|ngung|ngung lai|thoi nghi|bo qua|du roi|exit|quit|cancel|khong lam nua",
    Intent.greeting: "xin chao|chao|alo|a lo|hello|hi|hey|chao ban|chao em|chao chau|chao bot|chao con|chao co|chao chu|helo|hallo|hi bot|hello bot|lo",
    Intent.thanks: "cam on|cam on ban|cam on em|cam on chau|cam on nhe|thanks|thank you|tks|thank|cam on nhieu|ok cam on|cam on nha",
    Intent.goodbye: "tam biet|bye|bye bye|goodbye|hen gap lai|pp|bai bai",
    Intent.human: "gap nguoi|gap nguoi ho tro|cho gap nguoi|gap can bo|gap nhan vien|gap nguoi that|nguoi that|ho tro vien|tong dai vien|noi chuyen voi nguoi|cho toi gap nguoi",
    Intent.small_talk: "haha|hihi|hehe|kkk|kk|hic|huhu|hi hi|ha ha|vui qua|buon qua|hay qua|hahaha|hihihi|ahihi",
    Intent.erase: "xoa du lieu|xoa du lieu cua toi|xoa het du lieu|xoa thong tin cua toi|xoa lich su",
    Intent.profile: "doi co chu|noi don gian hon|noi de hieu hon|doi cach xung ho|noi ngan thoi|doi ngon ngu|chu to hon",
}  # fmt: skip
_EXACT = {text: intent for intent, texts in _SHORT.items() for text in texts.split("|")}
# "dừng" and "đừng", "đúng" fold alike: the accents decide.
_ACCENTED = {"đúng": Intent.yes, "dừng": Intent.stop, "đừng": Intent.stop, "thôi": Intent.stop, "no": Intent.no}

_THE_BOT = r"(?:bot|robot|may|ban|mi|chau|em|con|day|trang|he thong|tro ly|app|cai nay|ad|admin|kenh|page|zalo|ung dung)"
_RULES = (
    (Intent.bot_identity, re.compile(
        r"^(?:\S+ ){0,3}(?:may|mi|ban|chau|em|con|bot|day) (?:nay )?la (?:ai|nguoi (?:that|hay|may)|may (?:hay|a|khong)|robot|bot|cai gi|thang nao|dua nao)\b"
        rf"|^(?:\S+ ){{0,2}}(?:bot|robot|tro ly|kenh|page|trang|he thong)(?: \S+)? (?:nay|day|do)(?: \S+){{0,4}}? (?:that|lua|lua dao|gia|dang tin|tin duoc|cua ai|an toan|do ai|la ai|la gi)\b"
        rf"|^{_THE_BOT}?(?: \S+)? ?co phai (?:la )?(?:lua dao|nguoi that|nguoi|may|robot|bot|that)(?: \S+){{0,3}}$"
        r"|\b(?:dang )?noi chuyen voi ai\b|^(?:ban|chau|em|may|bot|mi) ten (?:la )?gi|\bai (?:lam ra|tao ra|quan ly) (?:bot|ban|chau|em|may|trang)|^(?:bot|ban|chau|em) (?:lam|giup) duoc (?:nhung )?gi|\bnguoi that hay (?:may|bot|robot|la)|\bla nguoi hay (?:la )?(?:may|bot|robot)"
    )),
    (Intent.human, re.compile(
        r"\b(?:gap|noi chuyen voi|noi may|chuyen cho|ket noi voi|noi voi|goi cho|cho hoi) (?:\S+ ){0,2}?(?:nguoi that|nguoi ho tro|nguoi (?:di|voi|duoc|nao do)|can bo(?: ho tro)?|nhan vien(?: ho tro)?|tu van vien|tinh nguyen vien|tong dai vien|to cong nghe)(?: (?:di|voi|giup|duoc khong|nhe|ho tro|tu van|truc tiep|cai|coi|nha|nghe|a))*$"
    )),
    (Intent.erase, re.compile(r"\b(?:xoa|huy|bo|dung luu|khong luu|thoi luu)\b(?: \S+){0,4}? (?:du lieu|thong tin|lich su|tin nhan|ho so|cau hoi|doan chat|cuoc tro chuyen)(?: \S+){0,4}? (?:cua (?:toi|em|minh|bac|co|chau|con|ba|ong)|(?:ve|tren|cho) (?:toi|bot|em|day|minh)|o day|di)(?: \S+){0,2}$|^(?:xoa|bo) (?:het|toan bo) (?:du lieu|lich su|thong tin)(?: \S+){0,2}$")),
    (Intent.profile, re.compile(
        r"\b(?:noi|tra loi|giai thich|viet)(?: \S+){0,2}? (?:don gian|de hieu|ngan gon|ngan|gon|cham|ky)(?: (?:hon|thoi|di|lai|cho|ti|chut|mot|nhe|voi|toi|bac|nha|xiu|mot chut))*$"
        r"|\b(?:doi|thay doi|sua) (?:cach xung ho|cach goi|xung ho|ngon ngu|co chu|cach noi)(?: (?:to|nho|hon|len|di|voi|cho toi|cua bot|sang|tieng|\S+)){0,3}$|^(?:cu )?(?:goi|xung ho)(?: \S+)? (?:toi|tui|minh|bac|em|ta) (?:la|bang) (?:bac|co|chu|anh|chi|em|ong|ba|ban|con|chau|di|cau)(?: \S+){0,2}$"
    )),
    (Intent.abuse, re.compile(
        r"(?:^|\b)(?:do (?:ngu|khon|dien|rac|vo dung|mat day|dan don)|ngu (?:nhu|qua|the|vai|vl|si|vcl|vkl)|oc cho|dit me|dit con|dm may|dmm|dcm|dkm|vcl|vkl|vai lon|con cac|cam mom|cut di|cut me|thang cho|bot ngu|may ngu|khon nan|mat day|con me may|nhu cut|chet di may)\b"
    )),
    (Intent.stop, re.compile(r"^(?:thoi )?(?:khong|dung|ngung)(?: \S+){0,1} (?:hoi|nhan|hoc|lam bai|nhan tin|gui)(?: \S+){0,2} nua(?: \S+){0,2}$")),
    (Intent.repeat, re.compile(r"^(?:\S+ ){0,5}(?:noi lai|nhac lai|doc lai|lap lai)(?: (?:di|lan nua|cho|toi|bac|nghe|xem|voi|giup|cau|vua|roi|chau|con|nha|nhe|duoc khong|tu dau|coi|cai|phat))*$")),
    (Intent.thanks, re.compile(r"^(?:\S+ ){0,4}(?:cam on|cam on|thank|thanks|tks|doi on)(?: \S+){0,5}$")),
    (Intent.menu, re.compile(r"^(?:cho )?(?:\S+ )?(?:quay )?(?:ve|ra|mo|xem|tro ve|quay lai) (?:lai )?(?:trang chu|menu|man hinh chinh|danh muc|muc luc)(?: \S+){0,2}$")),
)  # fmt: skip
# Someone who is greeted, thanked and asked in one breath has asked.
_POLITE = re.compile(r"^(?:(?:da|vang|a lo|alo|hello|hi|xin|kinh|em|con|chau|toi|bac|co|chu)\s)*(?:chao)(?:\s(?:ban|bot|chau|em|con|co|chu|bac|anh|chi|ad|admin|ca nha|moi nguoi|quy co quan|a|nhe|nha|buoi sang|buoi chieu|buoi toi))*[\s,.!]*")
_ASKS = re.compile(r"\b(?:lam sao|the nao|bao nhieu|bao lau|o dau|la gi|khi nao|tai sao|cach|dang ky|can cuoc|vneid|giay|ho so|the|tien|ngan hang|mat khau|tai khoan|zalo|otp|app|lua)\b")  # fmt: skip
_VOWELS = re.compile(r"[aeiouy]")
_ODD = re.compile(r"[bcdfghjklmnpqrstvwxz]{4}|(.)\1{3}|(..)\2\2|asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|wert|erty|zxcv|xcvb|cvbn")
_LETTER = re.compile(r"[^\W\d_]")
_COMMANDS = frozenset(intent for intent in Intent if intent not in (Intent.question, Intent.empty, Intent.gibberish))


class IntentGuesser:
    """Finds the intent of a message."""

    def __init__(self) -> None:
        """Train on `nlu.yml`; the aspects of questions count as one intent."""
        self._classifier = Classifier([(text, label.split("/")[0]) for text, label in phrases()])

    def guess(self, restored: str, typed: str) -> Intent:
        """Return the intent of lower-case `restored`; `typed` is the text before short forms and accents were worked out."""
        if not typed:
            return Intent.empty
        plain = " ".join(re.sub(r"[^\w\s👍👎]", " ", restored).split())
        folded = fold(plain)
        sure = _sure(plain, folded, typed)
        if sure is not None:
            return sure
        words = len(folded.split())
        if words > _LONGEST_COMMAND or _ASKS.search(folded):
            return Intent.question
        label, share = self._classifier.best(folded)
        return Intent(label) if share >= _SURE_ENOUGH else Intent.question


def _sure(plain: str, folded: str, typed: str) -> Intent | None:
    """The intent that exact phrases and rules are sure of."""
    if plain in _ACCENTED:
        return _ACCENTED[plain]
    if folded in _EXACT:
        return _EXACT[folded]
    if not any(char.isdigit() for char in typed) and _is_gibberish(typed):
        return Intent.gibberish
    asked = _POLITE.sub("", folded)
    if not asked:
        return Intent.greeting
    if asked in _EXACT:
        return _EXACT[asked]
    found = next((intent for intent, rule in _RULES if rule.search(asked)), None)
    return None if found is Intent.abuse and (_ASKS.search(asked) or len(asked.split()) > _LONGEST_INSULT) else found


def _is_gibberish(typed: str) -> bool:
    """True for emoji and signs only, and for words that no language spells."""
    words = re.findall(r"[^\W\d_]+", typed)
    if not words:
        return True
    return len(words) <= 4 and all(_is_odd(word) for word in words)


def _is_odd(word: str) -> bool:
    if is_syllable(word) or is_plain_syllable(word) or word in word_set("foreign.txt"):
        return False
    if not word.isascii():
        return False
    return bool(_ODD.search(word)) or (len(word) > 3 and not _VOWELS.search(word))
