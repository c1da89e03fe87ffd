"""One file per step: <room>_<number>_<what>.py."""
