"""The bars that results are judged by, each a ratio between participants of one interleaved run or a fixed limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from samples import METRICS, Sample
from summary import Spread, paired_ratios, spread

OURS = "plugin"
REFERENCE = ("reference",)
PEERS = ("java", "go")

# Of one case: the samples of each participant, round by round. A participant is named kind, or kind and variant: "java 1MB".
Samples = dict[str, list[Sample]]


@dataclass(frozen=True)
class Verdict:
    text: str
    passed: Optional[bool]  # nothing where it could not be judged
    value: Optional[Spread] = None
    against: str = ""
    why_not: str = ""

    @property
    def word(self) -> str:
        return "not judged" if self.passed is None else "PASS" if self.passed else "FAIL"


@dataclass(frozen=True)
class RatioBar:
    """Our metric against that of the best of some others; `at_least` or `at_most` that factor."""

    number: str  # of the bar as the reports name it
    metric: str
    others: tuple[str, ...]  # kinds of participants, or single ones by name
    at_least: Optional[float] = None
    at_most: Optional[float] = None
    other_case: str = ""  # the others' values come from this case of the same run; then medians are compared
    who: str = OURS  # which of our participants is judged

    @property
    def text(self) -> str:
        sign, factor = (">=", self.at_least) if self.at_least is not None else ("<=", self.at_most)
        who = {REFERENCE: "the bare sockets'", PEERS: "the best peer's"}.get(self.others, " or ".join(self.others) + "'s")
        where = f" in {self.other_case}" if self.other_case else ""
        ours = "" if self.who == OURS else f"{self.who}: "
        return f"{ours}{METRICS[self.metric][0]} {sign} {factor:g} of {who}{where}"

    def judge(self, case: str, results: dict[str, Samples]) -> Verdict:
        mine = _values(results.get(case, {}), self.who, self.metric)
        found = results.get(self.other_case or case, {})
        named = {name: values for name in found if {name, kind_of(name)} & {*self.others} and (values := _values(found, name, self.metric))}
        if not mine or not named:
            missing = "we have no result" if not mine else f"no result of {' or '.join(self.others)}"
            return Verdict(self.text, None, why_not=missing)
        better = max if METRICS[self.metric][2] else min
        best = better(named, key=lambda name: spread(named[name]).median)
        if self.other_case or len(mine) != len(named[best]):
            middle = spread(named[best]).median
            ratio = spread(value / middle for value in mine)
        else:
            ratio = paired_ratios(mine, named[best])
        return Verdict(self.text, _holds(ratio.median, self.at_least, self.at_most), ratio, best)


@dataclass(frozen=True)
class LimitBar:
    """Our metric against a number."""

    number: str
    metric: str
    at_least: Optional[float] = None
    at_most: Optional[float] = None

    @property
    def text(self) -> str:
        sign, limit = (">=", self.at_least) if self.at_least is not None else ("<=", self.at_most)
        return f"{METRICS[self.metric][0]} {sign} {limit:g}"

    def judge(self, case: str, results: dict[str, Samples]) -> Verdict:
        mine = _values(results.get(case, {}), OURS, self.metric)
        if not mine:
            return Verdict(self.text, None, why_not="we have no result")
        value = spread(mine)
        return Verdict(self.text, _holds(value.median, self.at_least, self.at_most), value)


Bar = RatioBar | LimitBar


def kind_of(participant: str) -> str:
    return participant.split(" ")[0]


def _values(samples: Samples, name: str, metric: str) -> list[float]:
    found = [sample.metrics.get(metric) for sample in samples.get(name, [])]
    return [] if any(value is None for value in found) else [value for value in found if value is not None]


def _holds(value: float, at_least: Optional[float], at_most: Optional[float]) -> bool:
    return (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
