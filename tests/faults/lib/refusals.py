"""Brokers that live and refuse: busy, or with a full disk."""

from __future__ import annotations

import os
import time
from pathlib import Path

from cluster import Shape
from stage import Stage, fault
from waits import now_us, wait_until

_STORE_MB = 1024
_FULL_SHARE = 0.95  # of the file system, above which no broker stores, whatever it is configured to


@fault("a broker that is busy again and again (SYSTEM_BUSY)", Shape(settings=("waitTimeMillsInSendQueue=1", "sendMessageThreadPoolNums=1")))
def busy_broker(stage: Stage) -> None:
    """What waited in the broker's queue while it was frozen for a moment has waited too long: it refuses all of it."""
    stage.start(sender=("pause_ms=1", "attempts=50"), spares=False)
    crowd = stage.add_sender("singles=16", "vectors=0", "pause_ms=1", "attempts=50", prefix="b")
    stage.started(crowd)
    begin = now_us()
    for _ in range(20):
        stage.cluster.freeze("broker-a")
        time.sleep(0.05)
        stage.cluster.thaw("broker-a")
        stage.flow(20)
    stage.close_spares()
    refused = _busy_lines(stage)
    stage.note(f"{refused} lines of the log tell of SYSTEM_BUSY")
    stage.expect(refused > 0, "the broker never said that it is busy")
    failed = stage.errors
    stage.expect(not failed, f"{len(failed)} sends failed: {failed[:1]}")
    stage.gap(begin, 2)


def _busy_lines(stage: Stage) -> int:
    return sum("SYSTEM_BUSY" in line for line in stage.logs)


@fault("the broker's disk is full for a while", Shape(settings=("cleanResourceInterval=1000",), store_mb=_STORE_MB))
def disk_full(stage: Stage) -> None:
    stage.start(sender=("attempts=2",))
    ballast = stage.cluster.directory / "ballast"
    _fill(stage.cluster.directory, ballast)
    wait_until(lambda: _refused(stage), 60, "sends are refused")
    stage.expect_error(r"said 14: .*disk is full")
    stage.close_spares()
    ballast.unlink()
    stage.recovers(now_us(), 15)  # The broker looks at its disk from time to time.


def _refused(stage: Stage) -> bool:
    stage.update()
    return bool(stage.errors)


def _fill(directory: Path, ballast: Path) -> None:
    state = os.statvfs(directory)
    wanted = int(state.f_blocks * state.f_frsize * _FULL_SHARE) - (state.f_blocks - state.f_bfree) * state.f_frsize
    with open(ballast, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(wanted, 1))
