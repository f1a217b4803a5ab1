"""The two ways a command can fail, and how it tells the user what it is doing."""

from __future__ import annotations

import sys


class ClusterError(Exception):
    """Something went wrong while doing what was asked (exit code 1). The text says what to do about it."""


class UsageError(Exception):
    """What was asked makes no sense (exit code 2). Nothing was started or changed."""


def progress(text: str) -> None:
    """Tells the user what happens. Standard output is kept for results, so that scripts can read them."""
    print(f"rocketmq: {text}", file=sys.stderr, flush=True)
