"""The micro benchmarks, which need no broker."""

from __future__ import annotations

import json
import subprocess

from programs import BUILD
from samples import DriverError

LIMIT_S = 300


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
