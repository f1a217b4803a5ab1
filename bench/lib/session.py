"""Runs cases: a clean broker, warmed up, and the participants in turn, round after round."""

from __future__ import annotations

import contextlib
import itertools
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Iterator

from bars import PEERS, Samples
from cases import QUEUES, Case, Participant
from cluster import Cluster
from driver import run_driver
from line import CLUSTER_SETTINGS, FAR_HOST, Line
from programs import Order, command
from samples import DriverError, Sample
from summary import rotated
from sweeps import Sweep, SweepSamples

RUN_LIMIT_S = 300
WARMUP_LIMIT_S = 60
_FILL_CHUNK = 1_000_000


def progress(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Bench:
    """One cluster and what runs on it."""

    def __init__(self, cluster: Cluster, home: Path, quick: bool, kinds: frozenset[str], broker_host: str) -> None:
        self._cluster = cluster
        self._broker_host = broker_host
        self._home = home
        self._quick = quick
        self._kinds = kinds
        self._numbers = itertools.count(1)

    def warm_up_broker(self) -> None:
        """The broker's JIT compiles what all participants will ask for; else the first ones pay for the later ones."""
        case = Case("warm-up", "", "", (), (), 0, 0)
        topic = self.new_topic("warmup", QUEUES)
        amount = 200_000 if self._quick else 1_000_000
        reference = Participant("reference")
        works = (("send-batch", amount, ("--batch-bytes", "262144")), ("send-one", amount // 50, ()),
                 ("send-async", amount // 10, ()), ("consume", amount, ()))
        for work, messages, options in works:
            if work == "send-async" and len(self._cluster.brokers) > 1:
                continue  # It goes to one broker, and no case with more needs it.
            self._run(Order(replace(case, work=work), reference, options, topic, "warmup", messages, 1), WARMUP_LIMIT_S, near=True)

    def run(self, case: Case, rounds: int) -> Samples:
        participants = [p for p in case.participants if p.kind in self._kinds]
        topic = self.prepare(case, QUEUES)
        chosen = {p.name: self._choose(case, p, topic) for p in participants}
        samples: Samples = {p.name: [] for p in participants}
        for number in range(case.rounds or rounds):
            for participant in rotated(participants, number):
                if case.new_topics:
                    topic = self.new_topic(case.name, QUEUES)
                sample = self._run(self._order(case, participant, chosen[participant.name], topic), RUN_LIMIT_S)
                samples[participant.name].append(sample)
                progress(f"{case.name} round {number + 1}: {participant.name}: {_short(sample)}")
        return samples

    def prepare(self, case: Case, queues: int) -> str:
        """A topic for the case, with its backlog if it has one."""
        topic = self.new_topic(case.name, queues)
        if case.backlog:
            self.fill(topic, case, queues)
        return topic

    def run_once(self, case: Case, participant: Participant, topic: str) -> Sample:
        return self._run(self._order(case, participant, participant.options, topic), RUN_LIMIT_S)

    def new_topic(self, prefix: str, queues: int) -> str:
        name = f"{prefix}_{next(self._numbers)}"
        self._cluster.create_topic(name, queues)
        return name

    def fill(self, topic: str, case: Case, queues: int = QUEUES) -> None:
        """Stores the backlog with the reference: quick, and like what a real client stores."""
        reference = Participant("reference")
        left = self._messages(case, Participant("plugin"))
        while left > 0:
            part = min(left, max(_FILL_CHUNK // max(case.body_bytes // 100, 1), 1))
            options = ("--batch-bytes", "262144", "--queues", str(queues))
            order = Order(replace(case, work="send-batch"), reference, options, topic, "fill", part, 0)
            self._run(order, RUN_LIMIT_S, near=True)
            left -= part
        self._cluster.wait_until_quiet()

    def _choose(self, case: Case, participant: Participant, topic: str) -> tuple[str, ...]:
        """The fastest of a participant's variants, on a part of the work."""
        if not participant.tries:
            return participant.options
        if self._quick:
            return (*participant.options, *participant.tries[0])
        rates: dict[tuple[str, ...], float] = {}
        for options in participant.tries:
            order = self._order(case, participant, (*participant.options, *options), topic)
            rates[options] = self._run(order, RUN_LIMIT_S).metrics["rate"]
        best = max(rates, key=lambda options: rates[options])
        progress(f"{case.name}: {participant.name} is fastest with {' '.join(best)}: {rates[best]:,.0f} messages/s")
        return (*participant.options, *best)

    def _messages(self, case: Case, participant: Participant) -> int:
        if self._quick and case.quick_messages:
            return min(case.quick_messages, participant.messages or case.quick_messages)
        return participant.messages or case.messages

    def _order(self, case: Case, participant: Participant, options: tuple[str, ...], topic: str) -> Order:
        warmup = case.quick_warmup if self._quick else case.warmup
        group = f"{case.name}_{next(self._numbers)}"
        words = case.options if participant.kind != "reference" or case.work != "send-batch" else ()
        return Order(case, participant, (*words, *options), topic, group, self._messages(case, participant), warmup)

    def _run(self, order: Order, limit_s: float, near: bool = False) -> Sample:
        """A peer gets a second chance: its own start may miss the topic's route, and a case has long runs before and after."""
        host = "127.0.0.1" if near else self._broker_host
        chances = 2 if order.participant.kind in PEERS else 1
        while True:
            try:
                return run_driver(command(order, self._cluster, self._home, host), self._cluster.cpu_seconds, limit_s, self._home)
            except DriverError as error:
                failed = f"{order.case.name}: {order.participant.name}: {error}"
                chances -= 1
                if not chances:
                    raise DriverError(failed) from error
                progress(f"{failed}; once more")


@contextlib.contextmanager
def bench(quick: bool, kinds: frozenset[str], brokers: int = 1, rtt_us: int = 0) -> Iterator[Bench]:
    """A clean cluster, warmed up, with a line of that round trip before it."""
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rocketmq-bench-home.")))
        cluster = stack.enter_context(Cluster(brokers, CLUSTER_SETTINGS if rtt_us else ()))
        if rtt_us:
            stack.enter_context(Line(cluster, rtt_us))
        found = Bench(cluster, home, quick, kinds, FAR_HOST if rtt_us else "127.0.0.1")
        progress("warming up the broker")
        found.warm_up_broker()
        yield found


def run_sweep(sweep: Sweep, rounds: int) -> SweepSamples:
    """All points in turn, round after round. Sweeps over brokers have a cluster for each number of them."""
    with contextlib.ExitStack() as stack:
        benches = {number: stack.enter_context(bench(False, frozenset({"plugin"}), number))
                   for number in sorted({point.brokers for point in sweep.points})}
        prepared = [benches[point.brokers].prepare(point.case, point.queues) for point in sweep.points]
        samples: SweepSamples = [[] for _ in sweep.points]
        for number in range(rounds):
            for index in rotated(range(len(sweep.points)), number):
                point = sweep.points[index]
                sample = benches[point.brokers].run_once(point.case, point.case.participants[0], prepared[index])
                samples[index].append(sample)
                progress(f"{sweep.name} round {number + 1}: {point.x} {sweep.axis}: {_short(sample)}")
        return samples


def _short(sample: Sample) -> str:
    words = []
    if "rate" in sample.metrics:
        words.append(f"{sample.metrics['rate']:,.0f} messages/s, CPU {sample.metrics['cpu_s_per_million']:.3f} s / M")
    for name in ("p50_us", "p99_us"):
        if name in sample.metrics:
            words.append(f"{name[:3]} {sample.metrics[name]:,.0f} µs")
    if "cpu_percent" in sample.metrics:
        words.append(f"CPU {sample.metrics['cpu_percent']:.2f} %")
    return ", ".join(words)
