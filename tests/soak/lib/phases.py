"""The parts of a soak. Each returns what it saw, and what was wrong."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path

import account
from clients import Client
from cluster import Cluster
from flatness import Growth, growth
from host import Host
from process import Sample, sample
from waits import wait_until

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
EXIT_BOUND_S = 5.0
IDLE_CPU_BOUND = 0.005  # of a core, a job
IDLE_SECONDS = 10
CHURN_STEP = 16  # eight producers and eight jobs
CHURN_RSS_KIB = 8192
THREADS_A_JOB = 2  # a network thread and a handler's
RSS_KIB_A_JOB = 1024


@dataclass
class Finding:
    lines: list[str] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)

    def expect(self, good: bool, text: str) -> None:
        if not good:
            self.wrongs.append(text)


def churn(cluster: Cluster, build: Path, directory: Path, clients: int) -> Finding:
    """Creates and closes so many producers and jobs: what the process holds afterwards is what it held when a fifth was done."""
    cluster.create_topic("churn", 4)
    finding = Finding()
    with contextlib.closing(Host(build, directory, SCRIPTS / "churn.dos", cluster.namesrv, SOAK_TOPIC="churn", SOAK_CLIENTS=clients)) as host:
        host.says("^\"?ready", 30)
        begin = time.monotonic()
        before = host.sample(0)
        early = clients // 5 // CHURN_STEP * CHURN_STEP or CHURN_STEP
        host.says(f"^\"?closed {early}\\b", 60 + early)
        first = host.sample(time.monotonic() - begin)
        host.says("^\"?done", 60 + clients)
        took_s = time.monotonic() - begin
        time.sleep(1)  # What ends with the last job.
        last = host.sample(took_s)
        rate = f"{clients} created and closed in {took_s:.0f} s"
        finding.lines.append(f"churn: {rate}; descriptors {before.descriptors} -> {last.descriptors}, threads {before.threads} -> "
                             f"{last.threads}, RSS {first.rss_kib / 1024:.1f} MiB after {early} -> {last.rss_kib / 1024:.1f} MiB, CPU "
                             f"{last.cpu_s / clients * 1000:.1f} ms each")
        finding.expect(last.descriptors <= before.descriptors, f"churn: {last.descriptors - before.descriptors} descriptors are left")
        finding.expect(last.threads <= before.threads, f"churn: {last.threads - before.threads} threads are left")
        finding.expect(last.rss_kib <= first.rss_kib + CHURN_RSS_KIB, f"churn: RSS grew by {last.rss_kib - first.rss_kib} KiB")
    return finding


def crowd(cluster: Cluster, build: Path, directory: Path, jobs: int) -> Finding:
    """So many jobs at once, idle: what they cost, and that the process ends in time with all of them."""
    cluster.create_topic("crowd", 4)
    finding = Finding()
    with contextlib.closing(Host(build, directory, SCRIPTS / "crowd.dos", cluster.namesrv, SOAK_TOPIC="crowd", SOAK_JOBS=jobs)) as host:
        host.says("^\"?ready", 30)
        before = host.sample(0)
        host.says("^\"?done", 60 + jobs)
        time.sleep(5)  # The last ones have just been given their queues.
        first = host.sample(0)
        time.sleep(IDLE_SECONDS)
        last = host.sample(IDLE_SECONDS)
        cpu = (last.cpu_s - first.cpu_s) / IDLE_SECONDS / jobs
        rss = (last.rss_kib - before.rss_kib) / jobs
        threads = (last.threads - before.threads) / jobs
        took_s = host.end()
        finding.lines.append(f"crowd: {jobs} idle jobs; each {cpu * 100:.3f} % of a core, {threads:.1f} threads, {rss:.0f} KiB, "
                             f"{(last.descriptors - before.descriptors) / jobs:.1f} descriptors; the process ended in {took_s:.1f} s")
        finding.expect(cpu < IDLE_CPU_BOUND, f"crowd: an idle job takes {cpu * 100:.2f} % of a core")
        finding.expect(threads <= THREADS_A_JOB, f"crowd: {threads:.1f} threads a job")
        finding.expect(rss <= RSS_KIB_A_JOB, f"crowd: {rss:.0f} KiB a job")
        finding.expect(took_s <= EXIT_BOUND_S, f"crowd: the process took {took_s:.1f} s to end")
    return finding


def traffic(cluster: Cluster, build: Path, directory: Path, seconds: int, restart_every_s: int) -> Finding:
    """Traffic while the broker is killed and started again: nothing is lost, nothing grows."""
    cluster.create_topic("counted", 8)
    cluster.create_topic("script", 8)
    finding = Finding()
    with contextlib.ExitStack() as stack:
        words = (f"namesrv={cluster.namesrv}", "topic=counted")
        program = build / "bin" / "fault_client"
        receiver = Client(program, directory, "receiver", "receive", *words, "group=soak_counted")
        stack.callback(receiver.close)
        sender = Client(program, directory, "sender", "send", *words, "prefix=a", "pause_ms=100")
        stack.callback(sender.close)
        host = Host(build, directory, SCRIPTS / "traffic.dos", cluster.namesrv, SOAK_TOPIC="script", SOAK_SECONDS=seconds)
        stack.callback(host.close)
        samples: dict[str, list[Sample]] = {sender.name: [], receiver.name: [], host.name: []}
        host.says("^\"?ready", 30)
        begin = time.monotonic()
        every_s = max(1.0, min(10.0, seconds / 40))
        restarts = 0
        next_restart = begin + min(restart_every_s, seconds / 3)
        while (at_s := time.monotonic() - begin) < seconds:
            if time.monotonic() >= next_restart and at_s < seconds - 10:
                cluster.kill("broker-a")
                time.sleep(1)
                cluster.restart("broker-a")
                restarts += 1
                next_restart += restart_every_s
            for client in (sender, receiver):
                client.update()
                samples[client.name].append(sample(client.process.pid, at_s, len(client.logs), restarts))
            samples[host.name].append(host.sample(at_s, restarts))
            time.sleep(every_s)
        counted = host.says(r"handled (\d+) failed (\d+)", 60)
        sent = host.says(r"sent (\d+) failed (\d+)", 1)
        host.says("^\"?done", 30)
        sender.stop()

        def all_there() -> bool:
            receiver.update()
            return not account.account(sender.sends, receiver.receipts).lost
        with contextlib.suppress(Exception):  # What is missing is counted below.
            wait_until(all_there, 30, "everything is received")
        closing_s = max(receiver.stop(), host.end())
        seen = account.account(sender.sends, receiver.receipts)
        finding.lines.append(f"traffic: {seconds} s, {restarts} restarts of the broker; sent {seen.sent}, acknowledged {seen.acknowledged}, "
                             f"received {seen.received}, duplicated {seen.duplicated}, lost {len(seen.lost)}; the script's jobs handled "
                             f"{counted[1]} of {sent[1]} acknowledged, and {sent[2]} of its sends failed")
        finding.expect(restarts > 0, "traffic: the broker was never restarted")
        finding.expect(int(counted[1]) >= int(sent[1]), f"traffic: the script's jobs handled {counted[1]} of {sent[1]}")
        finding.expect(closing_s <= EXIT_BOUND_S, f"traffic: a process took {closing_s:.1f} s to end")
        finding.wrongs += [f"traffic: {wrong}" for wrong in seen.wrongs]
        for name, values in samples.items():
            warm = values[len(values) // 6:]
            grown: Growth = growth(name, warm)
            finding.lines.append(f"  {grown}")
            finding.wrongs += grown.wrongs
    return finding
