"""Lines that are slow, narrow, lumpy, cut off, or dead without a word."""

from __future__ import annotations

import time

from cluster import Shape
from line import SETTINGS, Line
from stage import Stage, fault
from waits import US, now_us

_BEHIND_A_LINE = Shape(settings=SETTINGS)
_RECOVERY_BOUND_S = 2.0
# A sender gives a silent connection up after 4 s. A receiver waits for as long as a broker may hold its pulls, and gives up after 40 s.
_HALF_OPEN_BOUND_S = 45.0


def _line(stage: Stage) -> Line:
    return Line(stage.cluster.member("broker-a").port)


@fault("a line that takes 3 s each way", _BEHIND_A_LINE)
def line_delayed(stage: Stage) -> None:
    """Longer than a send waits for its answer: it is tried again, and what was stored meanwhile comes twice."""
    with _line(stage) as line:
        stage.start(sender=("pause_ms=50",))
        line.delay_s = 3
        time.sleep(12)
        stage.close_spares()
        line.delay_s = 0
        # What is on its way still takes its time.
        stage.recovers(now_us() + 3 * US, _RECOVERY_BOUND_S + 3)
        stage.settle()


@fault("half-open connections: no byte comes through, none is closed", _BEHIND_A_LINE)
def line_half_open(stage: Stage) -> None:
    with _line(stage) as line:
        stage.start(sender=("pause_ms=50",))
        line.die()
        time.sleep(5)
        stage.close_spares()
        line.heal()
        stage.recovers(now_us(), _HALF_OPEN_BOUND_S, limit_s=90)
        stage.settle()


@fault("every connection reset (RST) four times within four seconds, twice", _BEHIND_A_LINE)
def line_reset(stage: Stage) -> None:
    """Fewer times than a send is tried, so none may fail."""
    with _line(stage) as line:
        stage.start()
        broken = 0
        for _ in range(2):
            for _ in range(4):
                broken += line.reset()
                moment = now_us()
                time.sleep(1)
            stage.close_spares()
            stage.recovers(moment, _RECOVERY_BOUND_S)
        stage.note(f"{broken} connections were reset")
        stage.expect(broken >= 16, f"only {broken} connections were reset")
        failed = stage.errors
        stage.expect(not failed, f"{len(failed)} sends failed: {failed[:1]}")
        stage.settle()


@fault("segments of one byte", _BEHIND_A_LINE)
def line_one_byte_segments(stage: Stage) -> None:
    with _line(stage) as line:
        line.segment = 1
        begin = now_us()
        stage.start(sender=("pause_ms=100",))
        stage.flow(500)
        stage.close_spares()
        stage.gap(begin, _RECOVERY_BOUND_S)
        stage.settle()


@fault("a producer faster than a throttled line (64 KiB/s)", _BEHIND_A_LINE)
def line_throttled(stage: Stage) -> None:
    """More is sent than the line carries: sends wait, and none fails before its time-outs say so."""
    with _line(stage) as line:
        stage.start(sender=("bytes=2000", "pause_ms=1", "timeout_ms=30000"), spares=False)
        line.bytes_per_s = 64 << 10
        time.sleep(10)
        line.bytes_per_s = 0
        stage.recovers(now_us(), _RECOVERY_BOUND_S)
        failed = stage.errors
        stage.expect(not failed, f"{len(failed)} sends failed: {failed[:1]}")
        stage.settle()
