"""Runs a driver program once and takes its result."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Callable, Sequence

from samples import DriverError, Sample, make_sample, parse_result


def run_driver(command: Sequence[str], broker_cpu: Callable[[], float], timeout_s: float, home: Path) -> Sample:
    """Runs the program in a process group of its own, so that nothing of it outlives this call. `broker_cpu` is read when the
    driver says that the measured span begins, and when its result is there."""
    environment = {**os.environ, "HOME": str(home)}
    with tempfile.TemporaryFile("w+", errors="replace") as errors:
        process = subprocess.Popen(list(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True,
                                   errors="replace", cwd=home, env=environment, start_new_session=True)
        watchdog = threading.Timer(timeout_s, _kill, (process,))
        watchdog.start()
        result, begun, ended = None, None, None
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if not line.startswith("{"):
                    continue  # what a client prints by itself
                event = parse_result(line)
                if event is None:
                    begun = broker_cpu()
                else:
                    result, ended = event, broker_cpu()
            process.wait()
        finally:
            watchdog.cancel()
            _kill(process)
        if process.returncode == 0 and result is not None and begun is not None and ended is not None:
            return make_sample(result, ended - begun)
        errors.seek(0)
        why = f"no end after {timeout_s:.0f} s" if process.returncode == -signal.SIGKILL else f"exit code {process.returncode}"
        raise DriverError(f"{why} of {' '.join(command)}\n{errors.read()[-2000:]}")


def _kill(process: subprocess.Popen) -> None:
    """The leader first: once it is reaped, its group's number could belong to somebody else."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
