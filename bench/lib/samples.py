"""What a driver tells of one run, and what is computed from it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Optional

# Of each metric: its heading, its unit, how many digits, and whether more is better.
METRICS = {
    "rate": ("messages/s", 0, True),
    "cpu_s_per_million": ("client CPU s / M", 3, False),
    "broker_cpu_s_per_million": ("broker CPU s / M", 3, False),
    "peak_rss_mib": ("client RSS MiB", 1, False),
    "p50_us": ("p50 µs", 0, False),
    "p99_us": ("p99 µs", 0, False),
    "cpu_percent": ("CPU % of a core", 3, False),
    "rss_over_data_mib": ("RSS over data MiB", 1, False),
}


class DriverError(Exception):
    """A driver failed, or said something that cannot be understood."""


@dataclass
class Sample:
    messages: int
    seconds: float
    metrics: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict:
        return asdict(self)


def parse_result(line: str) -> Optional[dict]:
    """The result that a line of a driver holds; nothing where it is the line that says that the span begins."""
    try:
        event = json.loads(line)
    except ValueError as error:
        raise DriverError(f"not a line of JSON: {line[:200]!r}") from error
    if not isinstance(event, dict) or event.get("event") not in ("begin", "result"):
        raise DriverError(f"neither a begin nor a result: {line[:200]!r}")
    return event if event["event"] == "result" else None


def make_sample(result: dict, broker_cpu_s: float) -> Sample:
    """Everything that is reported, from what the driver said and what the brokers' CPU time grew by meanwhile."""
    try:
        messages, seconds = int(result["messages"]), float(result["seconds"])
        cpu, rss = float(result["cpu_seconds"]), float(result["peak_rss_kib"])
    except (KeyError, TypeError, ValueError) as error:
        raise DriverError(f"a result without {error}: {result}") from error
    if seconds <= 0 or messages < 0:
        raise DriverError(f"a result that cannot be: {result}")
    sample = Sample(messages, seconds, {"peak_rss_mib": rss / 1024})
    if messages:
        sample.metrics["rate"] = messages / seconds
        sample.metrics["cpu_s_per_million"] = cpu / messages * 1e6
        sample.metrics["broker_cpu_s_per_million"] = broker_cpu_s / messages * 1e6
    else:
        sample.metrics["cpu_percent"] = 100 * cpu / seconds
    for name in ("p50_us", "p99_us"):
        if name in result:
            sample.metrics[name] = float(result[name])
    if "data_kib" in result:
        sample.metrics["rss_over_data_mib"] = (rss - float(result["data_kib"])) / 1024
    return sample
