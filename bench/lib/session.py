"""Runs cases: a clean broker, warmed up, and the participants in turn, round after round."""

from __future__ import annotations

import contextlib
import itertools
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Iterator

from bars import Samples
from cases import QUEUES, Case, Participant
from cluster import Cluster
from driver import run_driver
from programs import Order, command
from samples import DriverError, Sample
from summary import rotated

RUN_LIMIT_S = 300
WARMUP_LIMIT_S = 60
_FILL_CHUNK = 1_000_000


def progress(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Bench:
    """One cluster and what runs on it."""

    def __init__(self, cluster: Cluster, home: Path, quick: bool, kinds: frozenset[str]) -> None:
        self._cluster = cluster
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
            self._run(Order(replace(case, work=work), reference, options, topic, "warmup", messages, 1), WARMUP_LIMIT_S)

    def run(self, case: Case, rounds: int) -> Samples:
        participants = [p for p in case.participants if p.kind in self._kinds]
        topic = self.new_topic(case.name, QUEUES)
        if case.backlog:
            self.fill(topic, case)
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

    def new_topic(self, prefix: str, queues: int) -> str:
        name = f"{prefix}_{next(self._numbers)}"
        self._cluster.create_topic(name, queues)
        return name

    def fill(self, topic: str, case: Case) -> None:
        """Stores the backlog with the reference: quick, and like what a real client stores."""
        reference = Participant("reference")
        left = self._messages(case, Participant("plugin"))
        while left > 0:
            part = min(left, _FILL_CHUNK)
            order = Order(replace(case, work="send-batch"), reference, ("--batch-bytes", "262144"), topic, "fill", part, 0)
            self._run(order, RUN_LIMIT_S)
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

    def _run(self, order: Order, limit_s: float) -> Sample:
        try:
            return run_driver(command(order, self._cluster, self._home), self._cluster.cpu_seconds, limit_s, self._home)
        except DriverError as error:
            raise DriverError(f"{order.case.name}: {order.participant.name}: {error}") from error


@contextlib.contextmanager
def bench(quick: bool, kinds: frozenset[str], brokers: int = 1) -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="rocketmq-bench-home.") as home, Cluster(brokers) as cluster:
        found = Bench(cluster, Path(home), quick, kinds)
        progress("warming up the broker")
        found.warm_up_broker()
        yield found


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
