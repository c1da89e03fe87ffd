"""`hocvuso model train`: the content's questions and their noisy copies, as the bot would read them, made into a better model."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.folder import CONTENT_DIR
from knowledge.model import Level
from knowledge.snapshot import Content
from knowledge.unknowns import load_unknowns
from nlu.noise import copies
from nlu.understanding import Understander
from retrieval.embedders.base import EmbedderError
from retrieval.passages import Coverage, Passage, PassageKind, passages_of
from retrieval.training.texts import TrainingText

NOISY_COPIES = 1
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is left out, so that a model can be judged on what it has not seen; and a province's own questions to add."""

    without_writers: frozenset[str] = frozenset()
    without_topics: frozenset[str] = frozenset()
    questions: Path | None = None  # JSON lines {"text", "topics"}: as `hocvuso eval` reads them


def training_texts(content: Content, choice: Choice) -> list[TrainingText]:
    """Questions of all writers with their noisy copies, as the bot would read them, and the texts of the lessons.

    Raises EmbedderError for a file of questions that cannot be read.
    """
    passages = [p for p in passages_of(content, load_unknowns(CONTENT_DIR), date.today()) if _wanted(p, choice)]
    # Accents are put back by what the lessons alone teach: as wrongly as with questions nobody has seen before.
    reader = Understander([p.text for p in passages if p.kind is PassageKind.TEXT])
    asked = [*_examples(content, choice), *_own(choice.questions)]
    found = [*_texts(passages), *_questions(asked, reader)]
    return [text for text in dict.fromkeys(found) if text.text]


def _wanted(passage: Passage, choice: Choice) -> bool:
    return passage.topic_id not in choice.without_topics


def _texts(passages: Iterable[Passage]) -> Iterator[TrainingText]:
    """Lessons; matters outside the movement are known by example questions only, which count as one group each."""
    for passage in passages:
        if passage.kind is PassageKind.TEXT:
            yield TrainingText(passage.text, passage.topic_id, is_question=False)
        elif passage.coverage is Coverage.OUTSIDE:
            yield TrainingText(passage.text, passage.topic_id, group=passage.text)


def _examples(content: Content, choice: Choice) -> Iterator[TrainingText]:
    for key, view in content.views.items():
        if key.level is not Level.STANDARD or key.topic_id in choice.without_topics:
            continue
        for example in view.examples:
            if example.writer not in choice.without_writers:
                yield TrainingText(example.text, key.topic_id, group=example.writer or example.text)


def _own(path: Path | None) -> Iterator[TrainingText]:
    if path is None:
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            record: dict[str, Any] = json.loads(line) if line.strip() else {"topics": []}
            for topic in record["topics"][:1]:
                yield TrainingText(record["text"], topic, group="own")
        except (ValueError, KeyError, TypeError) as error:
            raise EmbedderError(f"{path}:{number}: not a question with text and topics ({error})") from error


def _questions(asked: Iterable[TrainingText], reader: Understander) -> Iterator[TrainingText]:
    for one in asked:
        for text in (one.text, *copies(one.text, NOISY_COPIES)):
            yield TrainingText(reader.read(text).restored, one.topic, group=one.group)


def train(content: Content, choice: Choice, data_dir: Path, name: str, progress: Progress, **recipe: Any) -> dict[str, float]:
    """Train, and turn the result into the int8 model `onnx:<name>` of the data folder. Returns the losses.

    Raises EmbedderError when the extra is missing or there is too little to learn from.
    """
    from retrieval.embedders.exchange import export, import_folder
    from retrieval.training.tuner import Recipe, tune

    progress("gathering questions", 0.0)
    texts = training_texts(content, choice)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "source", Path(folder) / "tuned"
        export(source)
        report = tune(source, texts, target, Recipe(**recipe), progress)
        import_folder(target, data_dir, name, progress)
    return report | {"texts": float(len(texts))}
