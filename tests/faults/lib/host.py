"""A ddbhost that runs a script: the plugin as users have it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path

from process import Sample, sample
from waits import wait_until

_END_PATIENCE_S = 60


class Host:
    def __init__(self, build: Path, directory: Path, script: Path, namesrv: str, **variables: object) -> None:
        self.name = f"ddbhost {script.name}"
        self._output = directory / f"{script.name}.out"
        environment = {**os.environ, "ROCKETMQ_NAMESRV": namesrv, **{key: str(value) for key, value in variables.items()}}
        with open(self._output, "wb") as out:
            self.process = subprocess.Popen([build / "bin" / "ddbhost", "--home", directory, "--log-level", "info", script], stdin=subprocess.DEVNULL, stdout=out,
                                            stderr=subprocess.STDOUT, env=environment, cwd=directory)

    @property
    def output(self) -> str:
        return self._output.read_text(encoding="utf-8", errors="replace")

    def says(self, pattern: str, limit_s: float) -> re.Match[str]:
        def said() -> bool:
            if re.search(pattern, self.output, re.MULTILINE):
                return True
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{self.output[-2000:]}")
            return False
        wait_until(said, limit_s, f"{self.name} says {pattern}; it said:\n{self.output[-500:]}")
        found = re.search(pattern, self.output, re.MULTILINE)
        assert found
        return found

    def sample(self, at_s: float, restarts: int = 0) -> Sample:
        with open(self._output, "rb") as file:
            lines = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
        return sample(self.process.pid, at_s, lines, restarts)

    def end(self) -> float:
        """SIGTERM; returns how long it took to end."""
        begin = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(_END_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return time.monotonic() - begin

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
