"""A real RocketMQ that faults are made to; started and stopped by broker/rocketmq."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from waits import now_us, wait_until

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "broker" / "rocketmq"
UP_TIMEOUT_S = 900  # the first start fetches the jars
START_TIMEOUT_S = 180  # on a machine that is busy with other things
COMMAND_TIMEOUT_S = 240
_POLL_S = 0.005


@dataclass(frozen=True)
class Shape:
    """What a cluster consists of; faults of one shape share a cluster."""

    brokers: int = 1
    slaves: int = 0
    namesrvs: int = 1
    settings: tuple[str, ...] = ()
    store_mb: int = 0  # > 0: the broker's store is a file system of its own, so large


@dataclass(frozen=True)
class Member:
    name: str
    pid: int
    port: int


class Cluster:
    """Stopped and removed at the end, whatever happens."""

    def __init__(self, shape: Shape = Shape()) -> None:
        self.shape = shape
        self.directory = Path(tempfile.mkdtemp(prefix="rocketmq-faults."))
        self.namesrv = ""
        self._mounted = False

    def __enter__(self) -> Cluster:
        try:
            if self.shape.store_mb:
                self._mount(self.shape.store_mb)
            options = [word for setting in self.shape.settings for word in ("--set", setting)]
            done = self.run("up", "--timeout-s", START_TIMEOUT_S, "--brokers", self.shape.brokers, "--slaves", self.shape.slaves, "--namesrvs",
                            self.shape.namesrvs, *options, timeout_s=UP_TIMEOUT_S)
            self.namesrv = done.strip().removeprefix("namesrv=")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run([SCRIPT, "down", "--purge", "--dir", self._path], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       timeout=COMMAND_TIMEOUT_S, check=False)
        if self._mounted:
            # A killed broker's files are in use for a moment longer than its process is seen.
            wait_until(lambda: subprocess.run(["umount", self.directory], stderr=subprocess.DEVNULL, check=False).returncode == 0, 20,
                       f"{self.directory} can be unmounted")
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def _path(self) -> Path:
        return self.directory / "cluster"

    def store(self) -> Path:
        return self._path

    def run(self, command: str, *arguments: object, timeout_s: float = COMMAND_TIMEOUT_S) -> str:
        words = [str(SCRIPT), command, "--dir", str(self._path), *map(str, arguments)]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout_s, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"broker/rocketmq {command} failed: {done.stderr.strip()[-2000:]}")
        return done.stdout

    def create_topic(self, name: str, queues: int) -> None:
        self.run("topic", "--queues", queues, name)

    def member(self, name: str) -> Member:
        for line in self.run("status").splitlines()[1:]:
            member, pid, port, _ = line.split()
            if member == name:
                return Member(name, int(pid) if pid.isdigit() else 0, int(port))
        raise RuntimeError(f"the cluster has no member {name}")

    def kill(self, name: str) -> int:
        """SIGKILL; returns the moment."""
        return self._signal(name, signal.SIGKILL)

    def freeze(self, name: str) -> int:
        return self._signal(name, signal.SIGSTOP)

    def thaw(self, name: str) -> int:
        return self._signal(name, signal.SIGCONT)

    def restart(self, name: str, new_port: bool = False) -> int:
        """Starts a member again; returns the moment from which it accepts connections."""
        words = [str(SCRIPT), "restart", "--timeout-s", str(START_TIMEOUT_S), "--dir", str(self._path), *(["--new-port"] if new_port else []), name]
        before = self.member(name).port
        with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            deadline = time.monotonic() + START_TIMEOUT_S
            accepted = 0
            while not accepted and process.poll() is None and time.monotonic() < deadline:
                port = self.member(name).port if new_port else before
                if (port != before or not new_port) and _accepts(port):
                    accepted = now_us()
                else:
                    time.sleep(_POLL_S)
            try:
                _, errors = process.communicate(timeout=COMMAND_TIMEOUT_S)
            except BaseException:
                process.kill()
                raise
        if process.returncode != 0:
            raise RuntimeError(f"{name} does not start again: {errors.strip()[-2000:]}")
        if not accepted:
            raise RuntimeError(f"{name} accepted no connection within {START_TIMEOUT_S} s")
        return accepted

    def _signal(self, name: str, number: signal.Signals) -> int:
        member = self.member(name)
        if not member.pid:
            raise RuntimeError(f"{name} is not running")
        os.kill(member.pid, number)
        at = now_us()
        if number == signal.SIGKILL:
            wait_until(lambda: self.member(name).pid == 0, 10, f"{name} ends")
        return at

    def _mount(self, megabytes: int) -> None:
        self._path.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", self.directory], capture_output=True,
                              text=True, check=False)
        if done.returncode != 0:
            raise NotPermitted(f"a file system of its own needs root: {done.stderr.strip()}")
        self._mounted = True


class NotPermitted(Exception):
    """A fault that this user cannot make."""


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
