"""Starts Rasa's server in Rasa's environment: on loopback only, with the token read from a file.

    python -m nlu.rasa.serve MODEL TOKEN_FILE PORT

The token is no argument of the process: any user of the computer could read it in the list of processes.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Hand over to Rasa; does not return while the server runs."""
    model, token_file, port = sys.argv[1:]
    token = Path(token_file).read_text(encoding="utf-8").strip()
    # "=" since a token is made at random: one that begins with "-" would else be read as an option.
    loopback = ("--interface", "127.0.0.1", "--port", port)
    sys.argv = ["rasa", "run", "--enable-api", "--model", model, *loopback, f"--auth-token={token}"]
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
