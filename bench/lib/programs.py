"""The driver programs: where they are built, and how each is called."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cases import Case, Participant
from cluster import ROOT, Cluster

BUILD = ROOT / "build" / "bench"


@dataclass(frozen=True)
class Order:
    """One run of a participant."""

    case: Case
    participant: Participant
    options: tuple[str, ...]
    topic: str
    group: str
    messages: int
    warmup: int


def command(order: Order, cluster: Cluster, home: Path, broker_host: str = "127.0.0.1") -> list[str]:
    kind = order.participant.kind
    words = [*_program(kind, home), order.case.work, "--topic", order.topic]
    if kind == "reference":
        words += ["--brokers", cluster.addresses(broker_host)]
    else:
        words += ["--namesrv", cluster.namesrv, "--group", order.group]
    if order.messages:
        words += ["--messages", str(order.messages), "--warmup", str(order.warmup)]
    if kind == "reference" and order.case.work == "consume":
        words += ["--group", order.group]
    else:
        words += ["--bytes", str(order.case.body_bytes), *(["--body", order.case.body] if order.case.body else [])]
    return [*words, *order.options]


def _program(kind: str, home: Path) -> list[str]:
    if kind == "java":
        jars = BUILD / "java"
        # As the documentation of RocketMQ advises for its JVMs: a fixed heap, so that it does not grow within the run.
        return ["java", "-Xms1g", "-Xmx1g", "-XX:+UseG1GC", f"-Duser.home={home}", "-Drocketmq.log.level=WARN",
                "-cp", f"{jars / 'classes'}:{jars / 'jars'}/*", "rocketmq.bench.Main"]
    if kind == "go":
        return [str(BUILD / "bin" / "bench_go")]
    return [str(BUILD / "bin" / f"bench_{kind}")]
