"""Waiting with a deadline, by the clock that the traffic's processes use, too."""

from __future__ import annotations

import time
from typing import Callable

US = 1_000_000
_POLL_S = 0.02


class GaveUp(Exception):
    pass


def now_us() -> int:
    return time.monotonic_ns() // 1000


def wait_until(condition: Callable[[], bool], limit_s: float, what: str) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            raise GaveUp(f"within {limit_s:g} s it did not happen that {what}")
        time.sleep(_POLL_S)
