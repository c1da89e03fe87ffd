"""What is indexed of a procedure: its name, the name in everyday words, and what people call it (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.procedures.book import ProcedureBook
from knowledge.procedures.model import Procedure
from knowledge.procedures.words import ProcedureWords, Term
from retrieval.passages import Coverage, Passage, PassageKind, passage_id

LONG, MIN_PART = 12, 3  # words of a name with several cases, and of one of them
MAX_WORDS = 40  # of a name: some titles list a page of cases
_WAY = re.compile(r"\s*(?:thực hiện )?(?:bằng|trực tuyến|dịch vụ công)[^,;]*(?:toàn trình|một phần|trực tiếp).*$", re.IGNORECASE)

_CASES = re.compile(r"[;,/(]| đối với | trong trường hợp | mà | cho ")


def passages_of(book: ProcedureBook, words: ProcedureWords) -> tuple[Passage, ...]:
    """All passages, without repeats, in a fixed order. A passage's topic is the code shown for its family."""
    found = [passage for family in book.families.values() for passage in _passages(family, words)]
    return tuple({passage.id: passage for passage in found}.values())


def _passages(family: tuple[Procedure, ...], words: ProcedureWords) -> Iterator[Passage]:
    code, name = family[0].code, search_name(family[0])
    for text in dict.fromkeys((name, f"{family[0].field}: {name}", *_heads(name), *_variants(name, words.terms))):
        yield Passage(passage_id(code, PassageKind.TEXT, text), code, PassageKind.TEXT, Coverage.COVERED, text)
    for text in dict.fromkeys(said for procedure in family for said in words.names.get(procedure.code, ())):
        yield Passage(passage_id(code, PassageKind.EXAMPLE, text), code, PassageKind.EXAMPLE, Coverage.COVERED, text)


def search_name(procedure: Procedure) -> str:
    """The name without the way of handing in, cut to `MAX_WORDS`."""
    short = _WAY.sub("", procedure.name)
    return " ".join((short if len(short.split()) > 2 else procedure.name).split()[:MAX_WORDS])


def _heads(name: str) -> Iterator[str]:
    """The cases of a long name one by one: a vector of all of them together resembles none."""
    if len(name.split()) > LONG:
        parts = [part.strip() for part in _CASES.split(name)]
        yield from (part for part in parts if MIN_PART <= len(part.split()) <= LONG)


def _variants(name: str, terms: tuple[Term, ...]) -> Iterator[str]:
    """The name with official words replaced by what people say, one term at a time."""
    lower = name.lower()
    for term in terms:
        if (official := term.official.lower()) in lower:
            yield from (lower.replace(official, said) for said in term.said)
