"""Writes Rasa's files from the one source: `nlu/data/nlu.yml` and `nlu/data/entities.yml`, and the list of places.

`hocvuso rasa generate` writes them; a test compares what is written with what the source would give today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from nlu.entities import KINDS, EntityFinder, longest_first, money_pattern
from nlu.examples import marked_phrases
from nlu.vocabulary import Intent

FOLDER: Final = Path(__file__).parent
VERSION: Final = 'version: "3.1"'
HEAD: Final = "# Written by `hocvuso rasa generate` from nlu/data; changes made here are lost.\n"
THRESHOLD: Final = 0.6
"""Rasa's confidences are not the embedded classifier's: from here as few of the content's questions are taken for other wishes
as with the embedded one's own threshold (24 and 23 of 721)."""
OWN_INTENTS: Final = (Intent.empty, Intent.gibberish)  # told by rules before any classifier is asked

_PIPELINE: Final = f"""recipe: default.v1
language: vi
assistant_id: hocvuso
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
  use_lookup_tables: false
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 2
  max_ngram: 4
- name: RegexEntityExtractor
  case_sensitive: false
  use_lookup_tables: true
  use_regexes: true
  use_word_boundaries: true
- name: nlu.rasa.component.FoldedIntentClassifier
- name: FallbackClassifier
  threshold: {THRESHOLD}
  ambiguity_threshold: 0.0
policies: []
"""


def documents(localities: Iterable[str]) -> dict[str, str]:
    """Relative path → text of every file Rasa is trained from; the same each time for the same source."""
    finder = EntityFinder(localities)
    tables = [_listed("lookup", kind, longest_first(finder.names[kind])) for kind in KINDS if kind in finder.names]
    return {
        "config.yml": f"{HEAD}{_PIPELINE}",
        "domain.yml": _domain(),
        "data/nlu.yml": f"{HEAD}{VERSION}\nnlu:\n{_intents()}{_responses()}",
        "data/entities.yml": f"{HEAD}{VERSION}\nnlu:\n{_listed('regex', 'money', [money_pattern().pattern])}{''.join(tables)}",
    }


def write(localities: Iterable[str], folder: Path = FOLDER) -> list[str]:
    """Write the files that changed below `folder` and return their relative paths."""
    changed = []
    for name, text in documents(localities).items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(name)
    return changed


def _domain() -> str:
    names = [intent.value for intent in Intent if intent not in OWN_INTENTS]
    listed = "".join(f"- {_quoted(name)}\n" for name in names)
    return f"{HEAD}{VERSION}\nintents:\n{listed}entities:\n{''.join(f'- {kind}{chr(10)}' for kind in KINDS)}"


def _intents() -> str:
    phrases: dict[str, list[str]] = {}
    for text, intent in marked_phrases():
        phrases.setdefault(intent, []).append(text)
    return "".join(_listed("intent", intent, texts) for intent, texts in phrases.items())


def _responses() -> str:
    """Rasa warns about every question whose aspect has no response; these are never sent."""
    aspects = sorted({intent for _, intent in marked_phrases() if "/" in intent})
    return "responses:\n" + "".join(f"  utter_{intent}:\n  - text: {intent.split('/')[1]}\n" for intent in aspects)


def _listed(kind: str, name: str, lines: Sequence[str]) -> str:
    return f"- {kind}: {_quoted(name)}\n  examples: |\n" + "".join(f"    - {line}\n" for line in lines)


def _quoted(name: str) -> str:
    """YAML reads a bare yes or no as a truth value."""
    return f'"{name}"' if name in ("yes", "no") else name
