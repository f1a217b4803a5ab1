"""Plots of results.json. A program of its own, because the library that draws may belong to another Python than ours.

usage: plot.py results.json DIRECTORY       writes rates.svg and scaling.svg"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.fonttype"] = "none"  # Text stays text: smaller, and it can be searched.
matplotlib.rcParams["svg.hashsalt"] = "rocketmq"  # The same figures give the same file.
from matplotlib import pyplot  # noqa: E402

COLOURS = {"plugin": "#1f77b4", "reference": "#7f7f7f", "java": "#d62728", "go": "#2ca02c"}


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    document = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    directory = Path(sys.argv[2])
    cases = {name: case for name, case in document["cases"].items() if _has(case, "rate")}
    if cases:
        _rates(cases).savefig(directory / "rates.svg", metadata={"Date": None})
    if document["sweeps"]:
        _scaling(document["sweeps"]).savefig(directory / "scaling.svg", metadata={"Date": None})
    return 0


def _has(case: dict, metric: str) -> bool:
    return all(metric in sample["metrics"] for samples in case["samples"].values() for sample in samples)


def _middle(values: list[float]) -> tuple[float, float, float]:
    ordered = sorted(values)
    half = len(ordered) // 2
    median = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    return median, ordered[0], ordered[-1]


def _rates(cases: dict):
    """Messages/s and client CPU of every participant, a row per case."""
    figure, axes = pyplot.subplots(len(cases), 2, figsize=(11, 1.2 + 1.5 * len(cases)), squeeze=False, layout="constrained")
    for row, (name, case) in enumerate(cases.items()):
        for column, (metric, title) in enumerate((("rate", "messages/s"), ("cpu_s_per_million", "client CPU s / M messages"))):
            axis = axes[row][column]
            for participant, samples in reversed(case["samples"].items()):
                median, low, high = _middle([sample["metrics"][metric] for sample in samples])
                axis.barh(participant, median, xerr=[[median - low], [high - median]], color=COLOURS[participant.split(" ")[0]])
            axis.set_title(f"{name}: {title}", fontsize=9)
            axis.tick_params(labelsize=8)
    return figure


def _scaling(sweeps: dict):
    figure, axes = pyplot.subplots(len(sweeps), 2, figsize=(11, 2.4 * len(sweeps)), squeeze=False, layout="constrained")
    for row, (name, sweep) in enumerate(sweeps.items()):
        xs = [point["x"] for point in sweep["points"]]
        rates = [_middle([sample["metrics"]["rate"] for sample in point["samples"]]) for point in sweep["points"]]
        left, right = axes[row]
        left.errorbar(xs, [r[0] for r in rates], [[r[0] - r[1] for r in rates], [r[2] - r[0] for r in rates]], marker="o")
        left.set_title(f"{name}: messages/s", fontsize=9)
        right.plot(xs, sweep["costs"], marker="o", color="#ff7f0e")
        right.set_title(f"{name}: client CPU s / {'GB' if sweep['per_byte'] else 'M messages'}", fontsize=9)
        for axis in (left, right):
            axis.set_xlabel(sweep["axis"], fontsize=8)
            axis.tick_params(labelsize=8)
            if max(xs) > 100:
                axis.set_xscale("log")
        left.set_ylim(bottom=0)
        if max(sweep["costs"]) > 20 * min(sweep["costs"]):
            right.set_yscale("log")
        else:
            right.set_ylim(bottom=0)
    return figure


if __name__ == "__main__":
    sys.exit(main())
