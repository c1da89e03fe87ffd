"""Composition: the parts of a running bot, made in order, with progress shown to whoever started it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from filelock import FileLock
from sqlalchemy.orm import Session

from admin.directories import directory_for
from bot.answering import Answerer
from bot.conversations import Conversations
from bot.directory import Directory
from bot.learners import Learners
from bot.live_procedures import LiveProcedures
from bot.localities import localities
from bot.messages import Place
from bot.rasa import open_classifier
from bot.settings import Settings
from knowledge.folder import CONTENT_DIR
from knowledge.snapshot import Content, load_content
from knowledge.store import content_version
from knowledge.transfer import load_folder
from knowledge.unknowns import KnownUnknowns, load_unknowns
from learning.communes import province_code
from learning.criterion import Criterion
from learning.store import commune_of
from nlu.guess import IntentClassifier
from nlu.understanding import Understander
from retrieval.embedders import Embedder, open_embedder
from retrieval.embedders.base import DEFAULT_MODEL
from retrieval.embedders.model_store import is_whole, model_folder
from retrieval.index import IndexStore, passages_checksum
from retrieval.passages import Passage, passages_of
from retrieval.retriever import Retriever
from storage import Database, open_database, upgrade

log = logging.getLogger(__name__)

Report = Callable[[str, float], None]  # what is being done, share already done (0 to 1)
POLL_SECONDS = 1.0  # how soon a process notices a publish by another


def _quiet(_what: str, _share: float) -> None:
    """Nobody is watching."""


def corpus_of(passages: tuple[Passage, ...]) -> list[str]:
    """What the accent model learns from: every indexed text, questions about uncovered matters included."""
    return [passage.text for passage in passages]


class LiveContent:
    """Today's published content with the index and the accent model made from it; follows the database."""

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        store: IndexStore,
        unknowns: KnownUnknowns,
        report: Report,
        hidden_languages: frozenset[str] = frozenset(),
        classifier: IntentClassifier | None = None,
    ) -> None:
        self.classifier = classifier  # of intents; None for the embedded one
        self._database, self._embedder, self._store, self._unknowns = database, embedder, store, unknowns
        self._hidden_languages = hidden_languages
        self._lock = threading.Lock()
        self.content, passages = self._read()
        self.procedures = LiveProcedures(database, embedder, store.folder.parent)
        self.procedures.renew(lambda done, total: report("embedding procedures", done / total))
        understander = self._understander(passages)
        self.build_index(passages, understander, report)
        self.answerer = Answerer(understander, Retriever(store, embedder), self.procedures.search)

    def __call__(self) -> Content:
        return self.content

    def _understander(self, passages: tuple[Passage, ...]) -> Understander:
        corpus = [*corpus_of(passages), *self.procedures.texts]
        return Understander(corpus, nlu_models(self._store.folder.parent), self.classifier, localities())

    def _read(self) -> tuple[Content, tuple[Passage, ...]]:
        with self._database.reading() as session:
            content = replace(load_content(session), hidden_languages=self._hidden_languages)
        self._seen = (content.version, date.today())
        return content, passages_of(content, self._unknowns, self._seen[1])

    def build_index(
        self, passages: tuple[Passage, ...], understander: Understander, report: Report = _quiet, *, force: bool = False
    ) -> bool:
        """Build unless the current index was made from these passages by this model; True when built."""
        with FileLock(self._store.folder / "build.lock"):
            if not force and self._is_current(passages):
                return False
            self._store.build(
                passages,
                self.content.version,
                self._embedder,
                lambda done, total: report("embedding texts", done / total),
                lambda text: understander.read(text).restored,
                afresh=force,
            )
            return True

    def _is_current(self, passages: tuple[Passage, ...]) -> bool:
        build = self._store.current()
        if build is None or not self._store.is_whole(build):
            return False
        meta = self._store.meta(build)
        return (meta.model_id, meta.content_checksum) == (self._embedder.model_id, passages_checksum(passages))

    def rebuild(self, report: Report = _quiet) -> None:
        """Build whether or not anything changed."""
        _, passages = self._read()
        self.build_index(passages, self._understander(passages), report, force=True)
        self.answerer.retriever.refresh()

    def follow(self) -> bool:
        """Look for a publish (or a new day, on which figures may expire); True when texts changed."""
        with self._database.reading() as session:
            version = content_version(session)
        if (version, date.today()) == self._seen and not self.procedures.moved():
            return self.answerer.retriever.refresh()
        with self._lock:
            before = self._seen
            try:
                self._renew()
            except BaseException:
                self._seen = before  # a failed round must be tried again by the next
                raise
        return True

    def _renew(self) -> None:
        content, passages = self._read()
        self.content = content
        self.procedures.renew()
        self.answerer.procedures = self.procedures.search
        understander = self._understander(passages)
        self.build_index(passages, understander)  # another process on this folder may have built it already
        self.answerer.understander = understander
        self.answerer.retriever.refresh()


@dataclass(frozen=True)
class Runtime:
    """Everything a channel, a command or the console needs."""

    settings: Settings
    database: Database
    embedder: Embedder
    store: IndexStore
    live: LiveContent
    conversations: Conversations

    @property
    def answerer(self) -> Answerer:
        return self.live.answerer


def open_parts(settings: Settings, report: Report = _quiet) -> tuple[Database, Embedder]:
    """Database brought up to date and loaded with the shipped content; embedder prepared."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    report("opening the database", 0.0)
    database = open_database(settings.database)
    upgrade(database)
    report("loading the course material", 0.0)
    with database.session() as session:
        load_folder(session, CONTENT_DIR)
    if settings.embedder == "onnx" and not has_model(settings):
        from retrieval.embedders.prepare import prepare  # loads the `onnx` package, once in the life of an installation

        with FileLock(settings.data_dir / "model.lock"):
            prepare(settings.data_dir, lambda what, share: report(f"language model: {what}", share))
    return database, open_embedder(settings.embedder, settings.data_dir)


def has_model(settings: Settings) -> bool:
    """Whether the default model lies prepared in the data folder."""
    return is_whole(model_folder(settings.data_dir, DEFAULT_MODEL))


def nlu_models(data_dir: Path) -> Path:
    """The folder that keeps trained classifiers."""
    return data_dir / "models" / "nlu"


def is_prepared(settings: Settings) -> bool:
    """Whether a start would find model, index and thresholds: without them it takes a minute and much memory."""
    store = IndexStore(settings.data_dir)
    build = store.current()
    has_index = build is not None and store.is_whole(build) and store.calibration(build) is not None
    return has_index and (settings.embedder != "onnx" or has_model(settings))


def learners(settings: Settings) -> Learners:
    """The shell's side of learning. Raises ValueError for a province that is none."""
    province = province_code(settings.home_province) if settings.home_province else None
    return Learners(Criterion(pass_share=settings.quiz_pass_share), province)


def open_runtime(settings: Settings, report: Report = _quiet, *, calibrated: bool = True) -> Runtime:
    """Everything ready to answer. Without thresholds yet, they are made from the shipped evaluation set."""
    database, embedder = open_parts(settings, report)
    store = IndexStore(settings.data_dir)
    report("index", 0.0)
    unknowns, classifier = load_unknowns(CONTENT_DIR), open_classifier(settings, nlu_models(settings.data_dir))
    live = LiveContent(database, embedder, store, unknowns, report, settings.hidden_languages, classifier)
    if calibrated and live.answerer.retriever.index.calibration is None:
        from bot.quality import OWN_QUERIES, calibrate_index  # loads scikit-learn (70 MB), once in the life of an index

        with FileLock(store.folder / "build.lock"):
            calibrate_index(live.answerer, store, OWN_QUERIES, lambda done, total: report("calibrating", done / total))
    if calibrated and live.procedures.search and live.procedures.search.thresholds is None:
        from bot.procedure_quality import calibrate_procedures

        with live.procedures.lock():
            calibrate_procedures(live.answerer, live.procedures, lambda done, total: report("procedures", done / total))
    conversations = Conversations(
        database,
        live.answerer,
        live,
        directory=commune_directory,
        learners=learners(settings),
        procedures=lambda: live.procedures.book,
    )
    return Runtime(settings, database, embedder, store, live, conversations)


def commune_directory(session: Session, place: Place, told: str | None) -> Directory | None:
    """Whom to turn to in the commune that was told in that conversation, else in that of who learns there."""
    commune = told or commune_of(session, place.channel, place.person)
    return directory_for(session, commune) if commune else None


@contextmanager
def following(live: LiveContent, seconds: float = POLL_SECONDS) -> Iterator[None]:
    """A thread that keeps the content fresh while the block runs."""
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(seconds):
            try:
                live.follow()
            except Exception:  # the old content keeps serving; the next round tries again
                log.exception("could not refresh the content")

    thread = threading.Thread(target=watch, name="content-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)
