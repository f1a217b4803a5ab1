"""How the plugin's throughput and CPU change with one quantity: queues, brokers, jobs, the size of bodies, the length of vectors."""

from __future__ import annotations

from dataclasses import dataclass

from bars import Verdict
from cases import QUEUES, Case, Participant
from samples import Sample
from summary import spread

# A step may cost so much more than the one before it: what the noise of a shared machine does to CPU times.
TOLERANCE = 1.15

_PLUGIN = Participant("plugin")
_BULK_MESSAGES = 500_000
_JOBS_MESSAGES = 8_000_000  # The first jobs take 3 M of it while the last ones start.
_SEND_LARGE = ("--config", "maxMessageSize: 4000000, compressMsgBodyOverHowmuch: 4194304")


@dataclass(frozen=True)
class Point:
    x: int
    case: Case
    queues: int = QUEUES
    brokers: int = 1


@dataclass(frozen=True)
class Sweep:
    name: str
    title: str
    axis: str
    points: tuple[Point, ...]
    per_byte: bool = False  # the cost of a byte must not grow; that of a message does with its size


def _send(name: str, messages: int = _BULK_MESSAGES, bytes_: int = 100, options: tuple[str, ...] = ()) -> Case:
    return Case(name, "", "send-batch", (_PLUGIN,), (), messages, max(messages // 5, 1), bytes_, options=options)


def _consume(name: str, messages: int = _BULK_MESSAGES, bytes_: int = 100, options: tuple[str, ...] = ()) -> Case:
    return Case(name, "", "consume", (_PLUGIN,), (), messages, max(messages // 10, 1), bytes_, backlog=True, options=options)


_BODIES = (16, 100, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20)
_VECTORS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)


def _messages_of(bytes_: int) -> int:
    """About 200 MB, and no more messages than small bodies need for a second."""
    return max(min(200_000_000 // bytes_, _BULK_MESSAGES), 100)


SWEEPS: tuple[Sweep, ...] = (
    Sweep("queues-send", "a vector to 1 to 8 queues", "queues", tuple(Point(n, _send("queues-send"), n) for n in (1, 2, 4, 8))),
    Sweep("queues-consume", "a backlog of 1 to 8 queues", "queues", tuple(Point(n, _consume("queues-consume"), n) for n in (1, 2, 4, 8))),
    Sweep("brokers-send", "a vector to 1 and 2 brokers", "brokers",
          tuple(Point(n, _send("brokers-send"), brokers=n) for n in (1, 2))),
    Sweep("brokers-consume", "a backlog of 1 and 2 brokers", "brokers",
          tuple(Point(n, _consume("brokers-consume"), brokers=n) for n in (1, 2))),
    Sweep("jobs", "a backlog of 8 queues shared by 1 to 8 jobs of a group", "jobs",
          tuple(Point(n, _consume("jobs", _JOBS_MESSAGES, options=("--jobs", str(n)))) for n in (1, 2, 4, 8))),
    Sweep("bodies-send", "vectors of bodies of 16 B to 1 MiB", "bytes of a body",
          tuple(Point(n, _send("bodies-send", _messages_of(n), n, _SEND_LARGE)) for n in _BODIES), per_byte=True),
    Sweep("bodies-consume", "a backlog of bodies of 16 B to 1 MiB", "bytes of a body",
          tuple(Point(n, _consume("bodies-consume", _messages_of(n), n)) for n in _BODIES), per_byte=True),
    Sweep("vectors", "vectors of 1 to 1 M messages of 100 B", "messages in a vector",
          tuple(Point(n, _send("vectors", min(max(5_000 * n, 5_000), 1_000_000), 100, ("--rows", str(n)))) for n in _VECTORS)),
)

# Of each point, in the order of the sweep, the samples of all rounds.
SweepSamples = list[list[Sample]]


def costs(sweep: Sweep, samples: SweepSamples) -> list[float]:
    """Client CPU seconds a million messages, or a GB of bodies."""
    found = []
    for point, rounds in zip(sweep.points, samples):
        cost = spread(sample.metrics["cpu_s_per_million"] for sample in rounds).median
        found.append(cost / point.case.body_bytes * 1e3 if sweep.per_byte else cost)
    return found


def judge(sweep: Sweep, samples: SweepSamples) -> Verdict:
    unit = "byte" if sweep.per_byte else "message"
    text = f"no step where the client CPU of a {unit} grows (by more than {TOLERANCE - 1:.0%})"
    found = costs(sweep, samples)
    steps = [(b / a, sweep.points[i + 1].x) for i, (a, b) in enumerate(zip(found, found[1:])) if a > 0]
    if not steps:
        return Verdict(text, None, why_not="fewer than two points")
    worst, x = max(steps)
    return Verdict(text, worst <= TOLERANCE, spread([worst]), f"the step to {x:,} {sweep.axis}")
