"""One procedure as the portal recorded it. Its texts are data: shown as recorded, never reviewed here."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from pydantic import Field, field_validator

from knowledge.model import Value

CODE: Final = r"^\d\.\d{6}$"
PORTAL: Final = "https://dichvucong.gov.vn/"
_DISTRICT = re.compile(r"\b(?:huyện|quận|thị xã)\b", re.IGNORECASE)
# Where a title only repeats at which level the same procedure is done
_LEVEL = re.compile(
    r"\s*[(,]?\s*(?:được )?(?:thực hiện |làm )?(?:tại|ở) (?:cấp|công an|cục|phòng quản lý|các bộ|địa phương|chi cục)\b.*$"
    r"|\s*\(cấp (?:trung ương|bộ|tỉnh|huyện|xã)\)\s*"
    r"|\s+cấp (?:trung ương|tỉnh)\s*$",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^thủ tục\s+(?!hành chính|hải quan|điện tử)", re.IGNORECASE)


class Tier(StrEnum):
    """Where a procedure is handed in, the nearest to the citizen first."""

    COMMUNE = "xã"
    PROVINCE = "tỉnh"
    MINISTRY = "bộ"


class Procedure(Value):
    """A record. Free texts keep the portal's wording, glued table cells included; `recorded` is year and month of the crawl."""

    code: str = Field(pattern=CODE)
    title: str = Field(min_length=5)
    ministry: str = Field(min_length=2)
    field: str = Field(min_length=2)
    level: str = Field(min_length=2)
    audience: str = ""
    decision: str = ""
    steps: str = Field(min_length=1)
    time_fee: str = ""
    documents: str = ""
    conditions: str = ""
    result: str = ""
    link: str = Field(pattern="^" + re.escape(PORTAL))
    recorded: str = Field(pattern=r"^20\d\d-(?:0[1-9]|1[0-2])$")

    @field_validator("title", "field", "level", "audience", "decision", "link")
    @classmethod
    def _one_line(cls, text: str) -> str:
        return " ".join(text.split())

    @property
    def mentions_district(self) -> bool:
        """Whether the record still speaks of districts, which were abolished on 1 July 2025."""
        texts = (self.title, self.level, self.steps, self.time_fee, self.documents, self.conditions, self.result)
        return any(_DISTRICT.search(text) for text in texts)

    @property
    def tier(self) -> Tier:
        """The place nearest to the citizen that takes it in."""
        level = self.level.lower()
        return next((tier for tier in Tier if tier.value in level), Tier.COMMUNE)

    @property
    def name(self) -> str:
        """The title without what repeats the level or says that a procedure is one; never empty."""
        bare = _LEVEL.sub("", _PREFIX.sub("", self.title)).strip(" ,.;")
        return bare[:1].upper() + bare[1:] if len(bare) > 4 else self.title

    @property
    def family(self) -> str:
        """The same for records of one procedure at several levels."""
        return re.sub(r"\W+", " ", self.name.lower()).removesuffix(" cho công dân việt nam").strip()
