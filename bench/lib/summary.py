"""Statistics of samples: medians, ranges, and ratios taken round by round."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Iterable, Sequence


@dataclass(frozen=True)
class Spread:
    """The median of some values, with the lowest and the highest of them."""

    median: float
    low: float
    high: float
    count: int

    @property
    def noise(self) -> float:
        """The range as a share of the median; 0 where there is one value only."""
        return (self.high - self.low) / self.median if self.median else 0.0


def spread(values: Iterable[float]) -> Spread:
    found = list(values)
    if not found:
        raise ValueError("no value to summarise")
    return Spread(statistics.median(found), min(found), max(found), len(found))


def paired_ratios(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Ratios of values of the same round: a machine that is slow for a while is slow for both."""
    if len(ours) != len(theirs):
        raise ValueError(f"{len(ours)} values cannot be paired with {len(theirs)}")
    if any(value <= 0 for value in theirs):
        raise ValueError("a ratio to nothing: the other's value is 0")
    return spread(a / b for a, b in zip(ours, theirs))


def rotated(items: Sequence, round_number: int) -> list:
    """The order of a round: each starts with another one, so that nobody always has the warmest or the fullest broker."""
    if not items:
        return []
    first = round_number % len(items)
    return [*items[first:], *items[:first]]
