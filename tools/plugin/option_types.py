"""What the options of the tools take; each says what it wants instead."""

from __future__ import annotations

import argparse
from pathlib import Path


def directory(text: str) -> Path:
    # Path("") is the current directory, which nobody means who writes --sdk "$SDK".
    if not text:
        raise argparse.ArgumentTypeError("the name is empty; give a directory")
    return Path(text)


def abi(text: str) -> int:
    if text not in ("0", "1"):
        raise argparse.ArgumentTypeError(f"'{text}' is not an ABI; give 0 for standard servers, 1 for servers of the ABI edition")
    return int(text)


def jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of compilers; give 1 or more")
    return int(text)
