"""The reports: Markdown for people, JSON for programs."""

from __future__ import annotations

import datetime
import json
import os
import platform
from pathlib import Path

from bars import Samples, Verdict
from cases import Case
from samples import METRICS
from summary import spread

Results = dict[str, Samples]
Verdicts = dict[str, list[tuple[str, Verdict]]]


def judge(cases: list[Case], results: Results) -> Verdicts:
    return {case.name: [(bar.number, bar.judge(case.name, results)) for bar in case.bars] for case in cases if case.name in results}


def markdown(cases: list[Case], results: Results, rounds: int, quick: bool) -> str:
    verdicts = judge(cases, results)
    lines = ["# Benchmark", "", f"{datetime.date.today().isoformat()}, {os.cpu_count()} cores, {platform.system()} "
             f"{platform.release()}, {rounds} rounds{', --quick' if quick else ''}. Each figure is the median, with the lowest and the "
             "highest in brackets. A ratio is the median of the rounds' ratios.", ""]
    for case in cases:
        if case.name not in results:
            continue
        lines += [f"## {case.name}: {case.title}", "", *_table(case, results[case.name]), ""]
        if case.notes:
            lines += [case.notes, ""]
        if verdicts[case.name]:
            lines += [*(_line(number, verdict) for number, verdict in verdicts[case.name]), ""]
    return "\n".join(lines)


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


def document(cases: list[Case], results: Results, rounds: int, quick: bool) -> dict:
    verdicts = judge(cases, results)
    return {
        "cores": os.cpu_count(), "rounds": rounds, "quick": quick,
        "cases": {
            name: {
                "samples": {participant: [sample.to_json() for sample in found] for participant, found in samples.items()},
                "bars": [{"bar": number, "text": verdict.text, "verdict": verdict.word, "against": verdict.against,
                          "median": verdict.value.median if verdict.value else None,
                          "low": verdict.value.low if verdict.value else None,
                          "high": verdict.value.high if verdict.value else None} for number, verdict in verdicts[name]],
            } for name, samples in results.items()
        },
    }


def write(directory: Path, cases: list[Case], results: Results, rounds: int, quick: bool) -> str:
    directory.mkdir(parents=True, exist_ok=True)
    text = markdown(cases, results, rounds, quick)
    (directory / "results.md").write_text(text, encoding="utf-8")
    (directory / "results.json").write_text(json.dumps(document(cases, results, rounds, quick), indent=1), encoding="utf-8")
    return text
