"""Producers and consumers in processes of their own, and what they write down: see tests/faults/client."""

from __future__ import annotations

import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

CLOSE_PATIENCE_S = 30


@dataclass(frozen=True)
class Send:
    """One range of a send; moments in microseconds."""

    begin: int
    end: int
    thread: str
    first: int
    count: int
    outcome: str  # stored, not_stored, possibly_stored
    text: str


@dataclass(frozen=True)
class Receipt:
    at: int
    receiver: str
    queue: str
    offset: int
    thread: str
    number: int
    reconsumed: int
    failed: bool


class Client:
    """A process that is told to end by SIGTERM. Its events are read as they come."""

    def __init__(self, program: Path, directory: Path, name: str, *words: str) -> None:
        self.name = name
        self.sends: list[Send] = []
        self.receipts: list[Receipt] = []
        self.logs: list[str] = []
        self.started_at = 0
        self.failure = ""
        self.closing_s = 0.0
        self._path = directory / f"{name}.events"
        with open(self._path, "wb") as out:
            self.process = subprocess.Popen([str(program), *words], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        self._file = open(self._path, encoding="utf-8", errors="replace")
        self._rest = ""

    def update(self) -> None:
        """Reads what was written since the last time."""
        *lines, self._rest = (self._rest + self._file.read()).split("\n")
        for line in lines:
            self._take(line)

    def _take(self, line: str) -> None:
        kind, *words = line.split("\t")
        if kind == "receive" and len(words) == 6:
            thread, _, number = words[3].partition(":")
            self.receipts.append(Receipt(int(words[0]), self.name, words[1], int(words[2]), thread, int(number), int(words[4]),
                                         words[5] == "1"))
        elif kind == "send" and len(words) == 7:
            self.sends.append(Send(int(words[0]), int(words[1]), words[2], int(words[3]), int(words[4]), words[5], words[6]))
        elif kind == "log":
            self.logs.append(" ".join(words))
        elif kind == "started":
            self.started_at = int(words[0])
        elif kind == "closed":
            self.closing_s = int(words[1]) / 1e6
        else:
            self.failure = line.replace("\t", " ")

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.running:
            self.process.send_signal(signal.SIGTERM)

    def stop(self) -> float:
        """Ends it as users do; returns how many seconds passed until its process was gone."""
        begin = time.monotonic()
        self.ask_to_end()
        try:
            self.process.wait(CLOSE_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.kill()
        took = time.monotonic() - begin
        self.update()
        return took

    def kill(self) -> None:
        if self.running:
            self.process.kill()
        self.process.wait()
        self.update()

    def close(self) -> None:
        self.kill()
        self._file.close()
