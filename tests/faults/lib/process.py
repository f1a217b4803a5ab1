"""What a process costs, as /proc tells it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    at_s: float
    descriptors: int
    threads: int
    rss_kib: int
    cpu_s: float
    log_lines: int  # so far
    restarts: int  # of the broker, so far


def sample(pid: int, at_s: float, log_lines: int = 0, restarts: int = 0) -> Sample:
    process = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text(encoding="utf-8").splitlines() if ":" in line)
    stat = (process / "stat").read_text(encoding="utf-8", errors="replace")
    fields = stat[stat.rindex(")") + 2:].split()  # the name before it is in brackets and may hold anything
    return Sample(at_s, len(os.listdir(process / "fd")), int(status["Threads"]), int(status["VmRSS"].split()[0]),
                  (int(fields[11]) + int(fields[12])) / _TICKS, log_lines, restarts)
