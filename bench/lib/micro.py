"""The micro benchmarks, which need no broker."""

from __future__ import annotations

import json
import subprocess

from bars import Verdict
from programs import BUILD
from samples import DriverError
from summary import spread

LIMIT_S = 300
BAR = "7"  # of what rows of JSON may cost beside a walk of the same bodies
_ROWS, _WALK, _AT_MOST = "json_rows", "walk_json", 1.6


def run() -> list[dict]:
    """What google-benchmark tells of each."""
    words = [str(BUILD / "bin" / "bench_micro"), "--benchmark_format=json", "--benchmark_min_time=0.2"]
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S, check=False)
        if done.returncode != 0:
            raise DriverError(f"bench_micro ended with {done.returncode}: {done.stderr[-2000:]}")
        return json.loads(done.stdout)["benchmarks"]
    except (subprocess.TimeoutExpired, ValueError, KeyError) as error:
        raise DriverError(f"bench_micro: {error}") from error


def judge(benchmarks: list[dict]) -> Verdict:
    text = f"CPU of {_ROWS} <= {_AT_MOST:g} of {_WALK}'s"
    times = {one["name"]: one["cpu_time"] for one in benchmarks}
    if _ROWS not in times or not times.get(_WALK):
        return Verdict(text, None, why_not=f"no result of {_ROWS} and {_WALK}")
    ratio = times[_ROWS] / times[_WALK]
    return Verdict(text, ratio <= _AT_MOST, spread([ratio]))
