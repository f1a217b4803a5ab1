"""Processes of a cluster: started in a session of their own, and known by pid *and* start time.

The start time matters because a pid is reused: after a reboot or a long night the number may belong to something else,
which must not be killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import NamedTuple, Optional, Sequence


class Identity(NamedTuple):
    pid: int
    start_time: int  # in clock ticks after the boot, as /proc tells it


def start(command: Sequence[str], environment: dict[str, str], directory: Path, log: Path) -> tuple[subprocess.Popen[bytes], Identity]:
    with open(log, "ab") as out:
        process = subprocess.Popen(command, env=environment, cwd=directory, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.STDOUT, start_new_session=True)
    stat = _stat(process.pid)
    return process, Identity(process.pid, stat[1] if stat else 0)


def state(identity: Optional[Identity]) -> str:
    """"running", "paused" or "stopped"."""
    if identity is None:
        return "stopped"
    stat = _stat(identity.pid)
    if stat is None or stat[1] != identity.start_time or stat[0] in "ZX":
        return "stopped"
    return "paused" if stat[0] in "Tt" else "running"


def send(identity: Identity, number: signal.Signals) -> None:
    if state(identity) == "stopped":
        return
    try:
        os.kill(identity.pid, number)
    except ProcessLookupError:
        pass


def wait_until_gone(identities: Sequence[Identity], timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while any(state(identity) != "stopped" for identity in identities):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
    return True


def terminate(identities: Sequence[Identity], patience_s: float) -> list[Identity]:
    """Asks all to end, at once; kills those that have not after `patience_s`. Returns the killed ones."""
    for identity in identities:
        send(identity, signal.SIGTERM)
        send(identity, signal.SIGCONT)  # a paused process would not see the request
    if wait_until_gone(identities, patience_s):
        return []
    stubborn = [identity for identity in identities if state(identity) != "stopped"]
    kill(stubborn)
    return stubborn


def kill(identities: Sequence[Identity]) -> None:
    for identity in identities:
        send(identity, signal.SIGKILL)
    if not wait_until_gone(identities, 10):
        raise RuntimeError(f"processes {[identity.pid for identity in identities]} do not end, even by SIGKILL")


def _stat(pid: int) -> Optional[tuple[str, int]]:
    """State letter and start time of a process, or nothing when there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text[text.rindex(")") + 2:].split()  # the name before it is in brackets and may hold anything
    return fields[0], int(fields[19])
