"""A clean RocketMQ for a benchmark, and the CPU time of its brokers."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "broker" / "rocketmq"
UP_TIMEOUT_S = 900  # the first start fetches the jars
COMMAND_TIMEOUT_S = 120
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Broker:
    name: str
    pid: int
    port: int


class Cluster:
    """Brokers with a new store each time, stopped and removed at the end whatever happens."""

    def __init__(self, brokers: int = 1, settings: tuple[str, ...] = (), heap: str = "2g") -> None:
        self._brokers = brokers
        self._settings = settings
        self._heap = heap
        self._directory = Path(tempfile.mkdtemp(prefix="rocketmq-bench."))
        self.namesrv = ""
        self.brokers: list[Broker] = []

    def __enter__(self) -> Cluster:
        try:
            options = [word for setting in self._settings for word in ("--set", setting)]
            done = self._run("up", "--brokers", str(self._brokers), "--heap", self._heap, "--profile", "bench", *options,
                             timeout_s=UP_TIMEOUT_S)
            self.namesrv = done.strip().removeprefix("namesrv=")
            rows = [line.split() for line in self._run("status").splitlines()[1:]]
            self.brokers = [Broker(name, int(pid), int(port)) for name, pid, port, _ in rows if name.startswith("broker-")]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run([SCRIPT, "down", "--purge", "--dir", self._directory], stdin=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=COMMAND_TIMEOUT_S, check=False)
        shutil.rmtree(self._directory, ignore_errors=True)

    def create_topic(self, name: str, queues: int) -> None:
        self._run("topic", "--queues", str(queues), name)

    def addresses(self, host: str = "127.0.0.1") -> str:
        """As the reference takes them: name=host:port, several with commas."""
        return ",".join(f"{broker.name}={host}:{broker.port}" for broker in self.brokers)

    def cpu_seconds(self) -> float:
        return sum(cpu_seconds(broker.pid) for broker in self.brokers)

    def wait_until_quiet(self, limit_s: float = 10.0) -> None:
        """Until the brokers have built what they build after messages were stored: queues and indexes."""
        deadline = time.monotonic() + limit_s
        before = self.cpu_seconds()
        while time.monotonic() < deadline:
            time.sleep(0.5)
            now = self.cpu_seconds()
            if now - before < 0.1:
                return
            before = now

    def _run(self, command: str, *arguments: str, timeout_s: float = COMMAND_TIMEOUT_S) -> str:
        words = [str(SCRIPT), command, "--dir", str(self._directory), *arguments]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout_s, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"broker/rocketmq {command} failed: {done.stderr.strip()[-2000:]}")
        return done.stdout


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, from /proc/PID/stat."""
    text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    fields = text[text.rindex(")") + 2:].split()  # the name before it is in brackets and may hold anything
    return (int(fields[11]) + int(fields[12])) / _TICKS
