"""What stands ready and what does not, without changing anything."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rasa import RasaUnavailable, rasa_of
from bot.settings import Settings
from knowledge.folder import CONTENT_DIR
from knowledge.snapshot import load_content, load_content_from_files
from knowledge.unknowns import load_unknowns
from retrieval.embedders import open_embedder
from retrieval.index import IndexStore, passages_checksum
from retrieval.passages import passages_of
from storage import open_database

FREE_DISK_MB = 500


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `hocvuso doctor`."""

    name: str
    ok: bool
    detail: str


def index_report(settings: Settings) -> dict[str, Any]:
    """How the current build stands to the published content and the embedding model."""
    store = IndexStore(settings.data_dir)
    build = store.current()
    if build is None:
        return {"usable": False, "build": None, "detail": "no index yet: hocvuso index build"}
    meta, calibration = store.meta(build), store.calibration(build)
    whole, model = store.is_whole(build), open_embedder(settings.embedder, settings.data_dir).model_id
    fits_content = passages_checksum(_passages(settings)) == meta.content_checksum
    found = {
        "build": build,
        "built_at": meta.built_at,
        "texts": meta.count,
        "model": meta.model_id,
        "model_fits": meta.model_id == model,
        "content_fits": fits_content,
        "files_whole": whole,
        "calibrated": calibration.made_on if calibration else None,
        "calibrated_on_build": calibration.index_build if calibration else None,
    }
    return {"usable": whole and meta.model_id == model and fits_content and calibration is not None, **found}


def _passages(settings: Settings) -> Any:
    database = open_database(settings.database)
    try:
        with database.reading() as session:
            content = load_content(session)
    finally:
        database.close()
    return passages_of(content, load_unknowns(CONTENT_DIR), datetime.now().date())


def examine(settings: Settings, now: datetime) -> Iterator[Check]:
    """All checks of `hocvuso doctor`; none raises."""
    yield Check("Python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield _try("course material", lambda: f"{len(load_content_from_files().topics)} topics")
    yield _try("database", lambda: _database(settings))
    yield _try("language model", lambda: open_embedder(settings.embedder, settings.data_dir).model_id)
    yield _try("index", lambda: _index(settings))
    yield _classifier(settings)
    free = shutil.disk_usage(settings.data_dir if settings.data_dir.exists() else ".").free // 2**20
    yield Check("free disk", free >= FREE_DISK_MB, f"{free} MB")
    for name, secret in (("Telegram", settings.telegram_token), ("Zalo Bot", settings.zalo_bot_token)):
        yield Check(name, True, "configured" if secret.get_secret_value() else "not configured (optional)")
    yield Check("Zalo OA", True, "configured" if settings.zalo_oa_app_id else "not configured (optional)")


def _classifier(settings: Settings) -> Check:
    """The embedded classifier is always there, so a Rasa that does not answer is told but keeps nobody from talking."""
    if settings.nlu == "embedded":
        return Check("intents", True, "embedded classifier")
    rasa = rasa_of(settings)
    try:
        return Check("intents", True, f"Rasa, model {rasa.status()}")
    except RasaUnavailable as problem:
        text = f"Rasa at {settings.rasa_url}: {problem}; the embedded classifier stands in (try: python run.py rasa)"
        return Check("intents", False, text)
    finally:
        rasa.close()


def _try(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except Exception as error:  # whatever is wrong with an installation is a line of the report
        return Check(
            name, False, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''} (try: python run.py serve)"
        )


def _database(settings: Settings) -> str:
    database = open_database(settings.database)
    try:
        with database.reading() as session:
            return f"{database.dialect}, content version {load_content(session).version}"
    finally:
        database.close()


def _index(settings: Settings) -> str:
    found = index_report(settings)
    if not found["usable"]:
        raise RuntimeError("; ".join(f"{key} {value}" for key, value in found.items() if value in (False, None)))
    return f"{found['build']}, {found['texts']} texts"
