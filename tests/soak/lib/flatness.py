"""Whether a process has stopped growing: its early samples against its late ones."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from process import Sample

DESCRIPTORS = 4  # connections come and go while brokers do
THREADS = 0
RSS_SHARE = 0.10
RSS_KIB = 4096
LOG_SHARE = 0.5
LOG_LINES_A_RESTART = 100


@dataclass(frozen=True)
class Growth:
    """Medians of the first and of the last third of the samples."""

    name: str
    descriptors: tuple[float, float]
    threads: tuple[float, float]
    rss_kib: tuple[float, float]
    log_lines_a_restart: tuple[float, float]

    @property
    def wrongs(self) -> list[str]:
        wrong = []
        if self.descriptors[1] > self.descriptors[0] + DESCRIPTORS:
            wrong.append(f"{self.name}: descriptors grew from {self.descriptors[0]:g} to {self.descriptors[1]:g}")
        if self.threads[1] > self.threads[0] + THREADS:
            wrong.append(f"{self.name}: threads grew from {self.threads[0]:g} to {self.threads[1]:g}")
        if self.rss_kib[1] > self.rss_kib[0] * (1 + RSS_SHARE) + RSS_KIB:
            wrong.append(f"{self.name}: RSS grew from {self.rss_kib[0]:g} to {self.rss_kib[1]:g} KiB")
        if self.log_lines_a_restart[1] > self.log_lines_a_restart[0] * (1 + LOG_SHARE) + LOG_LINES_A_RESTART:
            wrong.append(f"{self.name}: log lines a restart grew from {self.log_lines_a_restart[0]:.0f} to {self.log_lines_a_restart[1]:.0f}")
        return wrong

    def __str__(self) -> str:
        return (f"{self.name}: descriptors {self.descriptors[0]:g} -> {self.descriptors[1]:g}, threads {self.threads[0]:g} -> "
                f"{self.threads[1]:g}, RSS {self.rss_kib[0] / 1024:.1f} -> {self.rss_kib[1] / 1024:.1f} MiB, log lines a restart "
                f"{self.log_lines_a_restart[0]:.0f} -> {self.log_lines_a_restart[1]:.0f}")


def growth(name: str, samples: list[Sample]) -> Growth:
    """At least six samples; those of the warm-up must have been left out."""
    if len(samples) < 6:
        raise ValueError(f"{name}: {len(samples)} samples are too few to judge growth")
    third = len(samples) // 3
    early, late = samples[:third], samples[-third:]

    def medians(key: str) -> tuple[float, float]:
        return median(getattr(s, key) for s in early), median(getattr(s, key) for s in late)

    def lines_a_restart(part: list[Sample]) -> float:
        return (part[-1].log_lines - part[0].log_lines) / max(part[-1].restarts - part[0].restarts, 1)
    return Growth(name, medians("descriptors"), medians("threads"), medians("rss_kib"), (lines_a_restart(early), lines_a_restart(late)))
