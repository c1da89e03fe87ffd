"""Linter rules for the simple level: short sentences, short steps, words that everybody knows or that are explained."""

from __future__ import annotations

from knowledge import check_text as rules
from knowledge.check_common import MESSAGE_START, body_texts
from knowledge.findings import Report
from knowledge.model import Body
from knowledge.published import BASE_LANGUAGE

AVERAGE_SENTENCE = 18  # syllables
LONGEST_STEP = 80  # syllables
_HERE = "# simple"


def check_simple(body: Body, report: Report, language: str = BASE_LANGUAGE) -> None:
    """Whether a simple text is simple: judged in Vietnamese only, other scripts end sentences and divide words otherwise."""
    if language != BASE_LANGUAGE:
        return
    texts = body_texts(body)
    _sentences(texts, report)
    _steps(body, report)
    _words(texts, report)


def _sentences(texts: list[str], report: Report) -> None:
    lengths = []
    for text in texts:
        for sentence in rules.sentences(text):
            lengths.append(rules.syllables(sentence))
            if lengths[-1] > rules.LONGEST_SENTENCE:
                message = f"{lengths[-1]} syllables in simple: {sentence[:MESSAGE_START]!r}"
                report.error("long-sentence", message, report.line_of(text, _HERE))
    average = sum(lengths) / (len(lengths) or 1)
    if average > AVERAGE_SENTENCE:
        message = f"sentences of simple average {average:.1f} syllables, at most {AVERAGE_SENTENCE}"
        report.error("long-sentence", message, report.line_of(_HERE))
    elif sum(n > rules.USUAL_SENTENCE for n in lengths) * 2 > len(lengths):
        message = f"most sentences of simple are over {rules.USUAL_SENTENCE} syllables"
        report.warning("long-sentence", message, report.line_of(_HERE))


def _steps(body: Body, report: Report) -> None:
    for step in (step for section in body.sections for step in section.steps):
        length = rules.syllables(step.text)
        if length > LONGEST_STEP:
            message = f"a step of {length} syllables in simple, at most {LONGEST_STEP}: {step.text[:MESSAGE_START]!r}"
            report.error("long-step", message, report.line_of(step.text, _HERE))


def _words(texts: list[str], report: Report) -> None:
    if rare := rules.rare_words(" ".join(texts)):
        report.warning("rare-word", f"simple uses rare words: {', '.join(rare)}", report.line_of(rare[0], _HERE))
    for word in rules.unexplained(texts):
        report.error("abbreviation", f"simple does not explain {word} at first use", report.line_of(word, _HERE))
