"""The reports: Markdown for people, JSON for programs."""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import micro
import sweeps
from bars import Samples, Verdict
from cases import Case
from samples import METRICS
from summary import spread
from sweeps import Sweep, SweepSamples

Results = dict[str, Samples]
Verdicts = dict[str, list[tuple[str, Verdict]]]


def judge(cases: list[Case], results: Results) -> Verdicts:
    return {case.name: [(bar.number, bar.judge(case.name, results)) for bar in case.bars] for case in cases if case.name in results}


@dataclass
class Findings:
    """All that a run has found so far."""

    rounds: int
    quick: bool
    results: Results = field(default_factory=dict)
    sweeps: dict[str, SweepSamples] = field(default_factory=dict)
    micro: list[dict] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)  # Why a case or a sweep has no result, by its name.


def markdown(cases: list[Case], chosen: list[Sweep], found: Findings) -> str:
    results = found.results
    verdicts = judge(cases, results)
    lines = ["# Benchmark", "", f"{datetime.date.today().isoformat()}, {os.cpu_count()} cores, {platform.system()} "
             f"{platform.release()}, {found.rounds} rounds{', --quick' if found.quick else ''}. Each figure is the median, with the lowest and the "
             "highest in brackets. A ratio is the median of the rounds' ratios.", ""]
    for case in cases:
        if case.name not in results:
            lines += _failure(case.name, case.title, found)
            continue
        lines += [f"## {case.name}: {case.title}", "", *_table(case, results[case.name]), ""]
        if case.notes:
            lines += [case.notes, ""]
        if verdicts[case.name]:
            lines += [*(_line(number, verdict) for number, verdict in verdicts[case.name]), ""]
    for sweep in chosen:
        if sweep.name in found.sweeps:
            lines += [f"## {sweep.name}: {sweep.title}", "", *_sweep_table(sweep, found.sweeps[sweep.name]), "",
                      _line("6", sweeps.judge(sweep, found.sweeps[sweep.name])), ""]
        else:
            lines += _failure(sweep.name, sweep.title, found)
    if found.micro:
        lines += ["## micro: single steps in memory", "", *_micro_table(found.micro), "",
                  _line(micro.BAR, micro.judge(found.micro)), ""]
    return "\n".join(lines)


def _failure(name: str, title: str, found: Findings) -> list[str]:
    return [f"## {name}: {title}", "", f"Not measured: {found.failures[name]}", ""] if name in found.failures else []


def _sweep_table(sweep: Sweep, samples: SweepSamples) -> list[str]:
    cost = "client CPU s / GB" if sweep.per_byte else "client CPU s / M"
    lines = [f"| {sweep.axis} | {METRICS['rate'][0]} | {cost} | {METRICS['peak_rss_mib'][0]} |", "|---|---|---|---|"]
    for point, rounds, value in zip(sweep.points, samples, sweeps.costs(sweep, samples)):
        rate, rss = (_cell([sample.metrics.get(name) for sample in rounds], name) for name in ("rate", "peak_rss_mib"))
        lines.append(f"| {point.x:,} | {rate} | {value:.3f} | {rss} |")
    return lines


def _micro_table(benchmarks: list[dict]) -> list[str]:
    lines = ["| | CPU ns | MB/s | M messages/s |", "|---|---|---|---|"]
    for one in benchmarks:
        megabytes = f"{one['bytes_per_second'] / 1e6:,.0f}" if "bytes_per_second" in one else ""
        items = f"{one['items_per_second'] / 1e6:,.1f}" if "items_per_second" in one else ""
        lines.append(f"| {one['name']} | {one['cpu_time']:,.0f} | {megabytes} | {items} |")
    return lines


def _table(case: Case, samples: Samples) -> list[str]:
    headings = [METRICS[name][0] for name in case.shown]
    lines = [f"| | {' | '.join(headings)} |", f"|---|{'---|' * len(headings)}"]
    for name, found in samples.items():
        lines.append(f"| {name} | {' | '.join(_cell([s.metrics.get(metric) for s in found], metric) for metric in case.shown)} |")
    return lines


def _cell(values: list, metric: str) -> str:
    if not values or any(value is None for value in values):
        return ""
    digits = METRICS[metric][1]
    found = spread(values)
    return f"{found.median:,.{digits}f} ({found.low:,.{digits}f}-{found.high:,.{digits}f})"


def _line(number: str, verdict: Verdict) -> str:
    if verdict.value is None:
        return f"- bar {number}: {verdict.text}: **{verdict.word}** ({verdict.why_not})"
    value = verdict.value
    against = f" against {verdict.against}" if verdict.against else ""
    return f"- bar {number}: {verdict.text}: **{verdict.word}**, {value.median:.3g} ({value.low:.3g}-{value.high:.3g}){against}"


def _verdict_json(number: str, verdict: Verdict) -> dict:
    value = verdict.value
    return {"bar": number, "text": verdict.text, "verdict": verdict.word, "against": verdict.against, "why_not": verdict.why_not,
            "median": value.median if value else None, "low": value.low if value else None, "high": value.high if value else None}


def document(cases: list[Case], chosen: list[Sweep], found: Findings) -> dict:
    verdicts = judge(cases, found.results)
    return {
        "cores": os.cpu_count(), "rounds": found.rounds, "quick": found.quick, "failures": found.failures,
        "cases": {
            name: {"samples": {participant: [sample.to_json() for sample in rounds] for participant, rounds in samples.items()},
                   "bars": [_verdict_json(number, verdict) for number, verdict in verdicts[name]]}
            for name, samples in found.results.items()
        },
        "sweeps": {
            sweep.name: {"axis": sweep.axis, "per_byte": sweep.per_byte, "costs": sweeps.costs(sweep, found.sweeps[sweep.name]),
                         "points": [{"x": point.x, "samples": [sample.to_json() for sample in rounds]}
                                    for point, rounds in zip(sweep.points, found.sweeps[sweep.name])],
                         "bar": _verdict_json("6", sweeps.judge(sweep, found.sweeps[sweep.name]))}
            for sweep in chosen if sweep.name in found.sweeps
        },
        "micro": found.micro,
        "micro_bar": _verdict_json(micro.BAR, micro.judge(found.micro)),
    }


def write(directory: Path, cases: list[Case], chosen: list[Sweep], found: Findings) -> str:
    directory.mkdir(parents=True, exist_ok=True)
    text = markdown(cases, chosen, found)
    (directory / "results.md").write_text(text, encoding="utf-8")
    (directory / "results.json").write_text(json.dumps(document(cases, chosen, found), indent=1), encoding="utf-8")
    return text


def plot(directory: Path) -> str:
    """Draws rates.svg and scaling.svg, with whichever Python has the library for it; returns why it could not."""
    reason = ""
    for python in dict.fromkeys((sys.executable, "/usr/bin/python3")):
        words = [python, str(Path(__file__).with_name("plot.py")), str(directory / "results.json"), str(directory)]
        try:
            done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            reason = str(error)
            continue
        if done.returncode == 0:
            return ""
        reason = done.stderr.strip()[-300:]
    return reason
