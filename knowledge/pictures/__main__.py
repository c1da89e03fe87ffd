"""`python -m knowledge.pictures build`: the same as `hocvuso content pictures`, without settings or database."""

from __future__ import annotations

import sys
from pathlib import Path

from knowledge.pictures.build import build, media_dir

if __name__ == "__main__":
    if sys.argv[1:2] != ["build"] or len(sys.argv) > 3:
        sys.exit("usage: python -m knowledge.pictures build [FOLDER]")
    print(*build(Path(sys.argv[2]) if sys.argv[2:] else media_dir()), sep="\n")
