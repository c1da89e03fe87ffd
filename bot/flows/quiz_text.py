"""The words of a quiz: questions, feedback, results. Nothing is told by a sign alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.flows.base import Ctx
from bot.flows.learn_base import bar, courses, filled, is_trial, items, level, paragraphs, record
from bot.texts import LABEL_LENGTH, clip
from knowledge.quiz import Kind, Option, QuizItem
from learning import quiz
from learning.events import Purpose
from learning.mastery import SkillLevel
from learning.progress import At, LessonStatus, lesson_status, lessons_for
from learning.quiz import Answer, Attempt, Band

ADVISED: Final = 3  # lessons named after a self-assessment
TICKED: Final = "☑"
OPEN: Final = "☐"
SAFETY: Final = "an-toan"  # the area whose topics are named after what is wrong
STORY: Final = 60  # characters of a scenario that tell which one is meant
HOW: Final = {Kind.MULTIPLE: "quiz.several", Kind.ORDER: "quiz.order"}
LESSON_BANDS: Final = {
    Band.ALL: "quiz.band_all",
    Band.PASSED: "quiz.band_passed",
    Band.HALF: "quiz.band_half",
    Band.AGAIN: "quiz.band_again",
}
SELF_BANDS: Final = {
    Band.ALL: "self.band_all",
    Band.PASSED: "self.band_passed",
    Band.HALF: "self.band_half",
    Band.AGAIN: "self.band_again",
}
SKILL_WORDS: Final = {
    SkillLevel.MASTERED: "skill.mastered",
    SkillLevel.PRACTISING: "skill.practising",
    SkillLevel.NEEDS_WORK: "skill.needs_work",
    SkillLevel.UNKNOWN: "skill.unknown",
}


def question(ctx: Ctx, attempt: Attempt, number: int, item: QuizItem, ticked: Sequence[str]) -> str:
    """The question with its scenario; options that are too long for a button are written out by number.

    Once something is chosen, what was read before is left out: the choices have to stay on the screen of a phone.
    """
    count = len(attempt.items)
    head = "\n".join(filter(None, (_head(ctx, number, count), _about(ctx, attempt, item))))
    shown = quiz.options(item, attempt.seed)
    asked = f"**{stem(ctx, item)}**"
    if ticked:
        return paragraphs(head, asked, _written(item, shown, ticked), _chosen(ctx, item, shown, ticked))
    how = ctx.say(HOW[item.kind]) if item.kind in HOW else None
    scenario = _quoted(filled(ctx, item.scenario)) if item.scenario else None
    return paragraphs(head, scenario, asked, _written(item, shown), how)


def _head(ctx: Ctx, number: int, count: int) -> str:
    return ctx.say("quiz.question", number=number, count=count, bar=bar(number - 1, count))


def _about(ctx: Ctx, attempt: Attempt, item: QuizItem) -> str | None:
    """The topic of a question that comes without its lesson; of a scam only the area, since its name would tell the answer."""
    topic = ctx.world.content.topics.get(item.topic_id)
    view = ctx.view(item.topic_id)
    if attempt.purpose is not Purpose.SELF or topic is None or view is None:
        return None
    safety = (area.title for area in ctx.world.content.areas if area.id == topic.area == SAFETY)
    return ctx.say("quiz.about", title=next(safety, view.short_title))


def stem(ctx: Ctx, item: QuizItem) -> str:
    """The question in the words of the person's reading level."""
    return filled(ctx, item.stem_at(level(ctx)))


def _quoted(text: str) -> str:
    return f"“{text.strip()}”" if "“" not in text and '"' not in text else text.strip()


def is_long(options: Sequence[Option]) -> bool:
    """Whether any option is cut on a button, with a tick before it or not."""
    return any(len(option.text) > LABEL_LENGTH - 2 for option in options)


def _written(item: QuizItem, options: Sequence[Option], ticked: Sequence[str] = ()) -> str | None:
    """The options by number where they are too long for buttons, with ticks once there are any to see."""
    if not is_long(options):
        return None
    signs = [f"{TICKED if o.id in ticked else OPEN} " if ticked and item.kind is Kind.MULTIPLE else "" for o in options]
    lines = zip(signs, options, strict=True)
    return "\n".join(f"{sign}**{number}.** {option.text}" for number, (sign, option) in enumerate(lines, 1))


def labels(ctx: Ctx, options: Sequence[Option]) -> list[str]:
    """The words on the buttons: the option, or its number where it is written out above."""
    if not is_long(options):
        return [option.text for option in options]
    return [ctx.voice.label("label.option", number=number) for number in range(1, len(options) + 1)]


def _chosen(ctx: Ctx, item: QuizItem, options: Sequence[Option], ticked: Sequence[str]) -> str | None:
    """What is chosen so far: ticks as they stand on the screen, an order in the order of choosing."""
    if item.kind is Kind.ORDER:
        by_id = {option.id: option.text for option in options}
        placed = [by_id[option_id] for option_id in ticked if option_id in by_id]
        return ctx.say("quiz.placed", names=_numbered(placed)) if placed else None
    named = zip(labels(ctx, options), options, strict=True)
    chosen = [label for label, option in named if option.id in ticked]
    return ctx.say("quiz.ticked", names="; ".join(chosen)) if chosen else None


def _numbered(texts: Sequence[str]) -> str:
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def feedback(ctx: Ctx, attempt: Attempt, item: QuizItem, given: Answer) -> str:
    """Right or not, in words; why, for each chosen option, as they were shown; and what would have been right."""
    verdict = _verdict(ctx, item, given)
    if item.kind is Kind.ORDER:
        return paragraphs(verdict, f"**{stem(ctx, item)}**", _right_order(ctx, item))
    shown = quiz.options(item, attempt.seed)
    why = [_why(ctx, item, option) for option in shown if option.id in given.chosen]
    missed = [option for option in shown if option.correct and option.id not in given.chosen]
    return paragraphs(verdict, f"**{stem(ctx, item)}**", *why, _missed(ctx, item, missed) if not given.correct else None)


def _verdict(ctx: Ctx, item: QuizItem, given: Answer) -> str:
    """Right or wrong; where several options are right, how many of them were found: a near miss is no failure."""
    if given.correct:
        return ctx.say("quiz.right")
    found = len(item.correct.intersection(given.chosen))
    if item.kind is Kind.MULTIPLE and found:
        return ctx.say("quiz.partly", number=found, count=len(item.correct))
    return ctx.say("quiz.wrong")


def _why(ctx: Ctx, item: QuizItem, option: Option) -> str:
    """Why an option is right or wrong; where several were chosen, which of them is meant and how it was."""
    why = filled(ctx, option.feedback)
    if item.kind is not Kind.MULTIPLE:
        return why
    return f"{ctx.say('quiz.choice_right' if option.correct else 'quiz.choice_wrong', title=option.text)}\n{why}"


def _right_order(ctx: Ctx, item: QuizItem) -> str:
    """The steps as they should follow each other, each with its reason."""
    steps = _numbered([f"**{option.text}**: {filled(ctx, option.feedback)}" for option in item.options])
    return ctx.say("quiz.right_order", names=steps)


def _missed(ctx: Ctx, item: QuizItem, options: Sequence[Option]) -> str | None:
    """The right options that were not chosen, each with its reason."""
    if not options:
        return None
    if item.kind is not Kind.MULTIPLE:
        return f"{ctx.say('quiz.missed', names=options[0].text)}\n{filled(ctx, options[0].feedback)}"
    reasons = [f"**{option.text}**: {filled(ctx, option.feedback)}" for option in options]
    return "\n".join([ctx.say("quiz.also_right"), *reasons])


def result(ctx: Ctx, attempt: Attempt) -> str:
    """How it went, in kind words, and what to look at again."""
    found = quiz.result(attempt)
    bands = SELF_BANDS if attempt.purpose is Purpose.SELF else LESSON_BANDS
    score = ctx.say("quiz.result", number=found.right, count=found.count)
    more = _skills(ctx, attempt) if attempt.purpose is Purpose.SELF else _review(ctx, attempt)
    kept = None if is_trial(ctx) else ctx.say("quiz.kept")
    return paragraphs("\n".join(filter(None, (score, _mark(ctx, attempt)))), ctx.say(bands[found.band]), more, kept)


def _mark(ctx: Ctx, attempt: Attempt) -> str | None:
    """What would have passed, where a lesson's quiz was not."""
    found = quiz.result(attempt)
    if attempt.purpose is Purpose.SELF or found.passed:
        return None
    return ctx.say("quiz.not_passed", number=attempt.criterion.needed(found.count), count=found.count)


def _review(ctx: Ctx, attempt: Attempt) -> str | None:
    known = items(ctx)
    wrong = [known[a.item] for a in attempt.answers if not a.correct and a.item in known]
    return ctx.say("quiz.review", names="\n".join(f"- {_named(ctx, item)}" for item in wrong)) if wrong else None


def _named(ctx: Ctx, item: QuizItem) -> str:
    """The question, with the beginning of the story it asks about."""
    if not item.scenario:
        return stem(ctx, item)
    story = filled(ctx, item.scenario).strip().replace('"', "")
    return f"{stem(ctx, item)} (“{clip(' '.join(story.split()), STORY)}”)"


def _skills(ctx: Ctx, attempt: Attempt) -> str:
    """Right answers per skill of a self-assessment, and the lessons that help."""
    lines = [_skill_line(ctx, skill, outcomes) for skill, outcomes in by_skill(ctx, attempt).items()]
    helpful = [at.lesson.title for at in advised(ctx, attempt)]
    advice = ctx.say("self.advice", names="; ".join(helpful)) if helpful else None
    return paragraphs("\n".join([ctx.say("progress.skills"), *lines]), advice)


def by_skill(ctx: Ctx, attempt: Attempt) -> dict[str, list[bool]]:
    """The answers of an attempt by skill; those to items withdrawn since are left out."""
    known, found = items(ctx), dict[str, list[bool]]()
    for given in attempt.answers:
        if given.item in known:
            found.setdefault(known[given.item].skill, []).append(given.correct)
    return found


def _skill_line(ctx: Ctx, skill: str, outcomes: Sequence[bool]) -> str:
    return ctx.say("self.skill", title=skill_title(ctx, skill), number=sum(outcomes), count=len(outcomes))


def skill_title(ctx: Ctx, skill: str) -> str:
    """A skill's title, its id where the content no longer has it."""
    found = ctx.world.content.skills.get(skill)
    return found.title if found else skill


def advised(ctx: Ctx, attempt: Attempt) -> list[At]:
    """Lessons about the skills with a wrong answer, those not done first."""
    weak = {skill for skill, outcomes in by_skill(ctx, attempt).items() if not all(outcomes)}
    found = lessons_for(weak, courses(ctx), items(ctx))
    return sorted(found, key=lambda at: lesson_status(record(ctx), at, items(ctx)) is LessonStatus.DONE)[:ADVISED]
