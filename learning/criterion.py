"""The rule by which answers are judged: configuration, stored with every attempt and answer it judged."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Criterion(BaseModel):
    """When a quiz is passed and a skill is mastered.

    `pass_share` is the share of right answers (0 to 1) that passes a quiz. A skill is mastered when
    `skill_right` of the last `skill_of` different items about it were answered rightly.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    pass_share: float = Field(default=0.7, gt=0, le=1)
    skill_right: int = Field(default=3, ge=1)
    skill_of: int = Field(default=4, ge=1)

    def passes(self, right: int, count: int) -> bool:
        """Whether that many right answers of `count` pass. Nothing answered passes nothing."""
        return count > 0 and right + 1e-9 >= self.pass_share * count

    def needed(self, count: int) -> int:
        """How many right answers of `count` pass: what a learner is told beforehand."""
        return next((right for right in range(count) if self.passes(right, count)), count)
