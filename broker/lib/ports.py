"""Ports that are free now and likely to stay so until a stopped member starts again."""

from __future__ import annotations

import random
import socket
from pathlib import Path

from errors import ClusterError
from members import Member

_LOWEST = 10_000
_ATTEMPTS = 200


def choose(member: Member, taken: set[int]) -> int:
    """A free port; for a broker one whose neighbours -2 (fast listener) and +1 (replication) are free as well, for a Proxy +1 (gRPC)."""
    highest = _first_ephemeral() - 2
    for _ in range(_ATTEMPTS):
        port = random.randint(_LOWEST, highest)
        if taken.isdisjoint(wanted_by(member.role, port)) and are_free(member.role, port):
            return port
    raise ClusterError(f"no free port between {_LOWEST} and {highest} was found in {_ATTEMPTS} attempts")


def wanted_by(role: str, port: int) -> set[int]:
    if role == "namesrv":
        return {port}
    return {port, port + 1} if role == "proxy" else {port - 2, port, port + 1}


def are_free(role: str, port: int) -> bool:
    return all(_is_free(number) for number in wanted_by(role, port))


def _first_ephemeral() -> int:
    """Below this, the system gives no port to an outgoing connection, which could take a stopped member's port."""
    try:
        first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        first = 32_768
    return first if first >= _LOWEST + 1_000 else 60_000


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True
