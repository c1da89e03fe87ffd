"""Where prepared models lie, and how one is put there as a whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from retrieval.embedders.base import EmbedderError

META_FILE = "meta.json"
MODEL_FILE = "model.onnx"
_FORMAT = 2
"""To be raised with every change of files, vocabulary rule or quantisation: older folders are then built anew."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class ModelMeta:
    """What `meta.json` says of a model folder.

    `files` maps file name to [bytes, first 256 bits of BLAKE2b in hex]; `source` names what it was made from.
    """

    name: str
    query_prefix: str
    passage_prefix: str
    source: str
    licence: str
    dimension: int = 0
    words: int = 0
    cosine_to_float32: float = 0.0
    format: int = _FORMAT
    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def model_id(self) -> str:
        """Changes with any weight, tokenizer rule or prefix."""
        digest = hashlib.blake2b(digest_size=8)
        digest.update(json.dumps([self.format, self.query_prefix, self.passage_prefix]).encode())
        for name in sorted(self.files):
            digest.update(self.files[name][1].encode())
        return f"onnx-int8/{self.name}@{digest.hexdigest()}"


def model_folder(data_dir: Path, name: str) -> Path:
    """`<data_dir>/models/<name>`, whether it exists or not.

    Raises:
        EmbedderError: a name that is no plain file name.
    """
    if not _NAME.fullmatch(name):
        raise EmbedderError(f"{name!r} is no model name: use letters, digits, '.', '_' and '-'.")
    return data_dir / "models" / name


def read_meta(folder: Path) -> ModelMeta:
    """Read `meta.json`.

    Raises:
        EmbedderError: missing, damaged or written by another version of this program.
    """
    try:
        data = json.loads((folder / META_FILE).read_text(encoding="utf-8"))
        meta = ModelMeta(**{**data, "files": {name: (size, digest) for name, (size, digest) in data["files"].items()}})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EmbedderError(f"{folder} holds no readable model: run `hocvuso model prepare`.") from error
    if meta.format != _FORMAT:
        raise EmbedderError(f"{folder} was written by another version: run `hocvuso model prepare`.")
    return meta


def is_whole(folder: Path) -> bool:
    """Whether every file is there in its full length (quick: contents are not read)."""
    return _matches(folder, lambda path, size, _digest: path.stat().st_size == size)


def is_valid(folder: Path) -> bool:
    """Whether every file still has the checksum it was written with."""
    return is_whole(folder) and _matches(folder, lambda path, _size, digest: _digest_of(path) == digest)


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give a temporary folder to fill and `seal`; on leaving without an error it takes the place of `folder`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield new
        new.chmod(0o755)  # mkdtemp makes it private; a service may run as another user
        _swap(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def seal(folder: Path, meta: ModelMeta) -> ModelMeta:
    """Write `meta.json` with the checksums of all files in a folder, and return it."""
    files = {path.name: (path.stat().st_size, _digest_of(path)) for path in sorted(folder.iterdir())}
    sealed = replace(meta, files=files)
    text = json.dumps(asdict(sealed), indent=1, ensure_ascii=False)
    (folder / META_FILE).write_text(text + "\n", encoding="utf-8")
    return sealed


def _matches(folder: Path, same: Callable[[Path, int, str], bool]) -> bool:
    try:
        return all(same(folder / name, *facts) for name, facts in read_meta(folder).files.items())
    except (EmbedderError, OSError):
        return False


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:64]


def _swap(new: Path, folder: Path) -> None:
    """Rename is atomic only onto a free name, so an old model steps aside first."""
    old = new.with_name(new.name + ".old")
    if folder.exists():
        folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        if not is_valid(folder):  # else another process was faster with the same model
            raise
    shutil.rmtree(old, ignore_errors=True)
