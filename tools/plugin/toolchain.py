"""The programs that a build needs: whether they are there, and new enough."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

from errors import UsageError

SETUP = Path(__file__).resolve().parents[2] / "setup"
OLDEST = {"GCC": 11, "Clang": 14}
WANTED = "GCC 11 or newer, or Clang 14 or newer"


def compiler() -> str:
    """The C++ compiler that CMake will take: what CXX says, or the first that is there. Its name and version are checked."""
    chosen = os.environ.get("CXX", "")
    if chosen and shutil.which(shlex.split(chosen)[0]) is None:
        raise UsageError(f"CXX={chosen}: there is no such compiler; unset CXX or give {WANTED}")
    missing = [name for name in ("cmake", "ninja", "readelf") if shutil.which(name) is None]
    if not chosen:
        chosen = next((name for name in ("c++", "g++", "clang++") if shutil.which(name)), "")
        if not chosen:
            missing.insert(0, f"a C++ compiler ({WANTED})")
    if missing:
        raise UsageError(f"missing: {', '.join(missing)}; ./setup --plugin installs what is needed")
    _require_new_enough(chosen)
    return chosen


def missing_needs() -> list[str]:
    """What a build needs and the system lacks, each with what it is for."""
    listed = subprocess.run([SETUP, "--plugin", "--list"], text=True, capture_output=True, stdin=subprocess.DEVNULL, check=False).stdout
    found = [line.split(maxsplit=2) for line in listed.splitlines() if line.startswith("missing ")]
    return [f"{package} ({purpose})" for _, package, purpose in found]


def is_clang(chosen: str) -> bool:
    return "clang" in _output(chosen, "--version").lower()


def _output(chosen: str, option: str) -> str:
    return subprocess.run([*shlex.split(chosen), option], text=True, capture_output=True, check=False).stdout


def _require_new_enough(chosen: str) -> None:
    number = _output(chosen, "-dumpversion")
    kind = "Clang" if is_clang(chosen) else "GCC"
    found = re.match(r"\d+", number.strip())
    if found is None:
        raise UsageError(f"{chosen} does not say its version; give {WANTED} in CXX")
    if int(found[0]) < OLDEST[kind]:
        raise UsageError(f"{chosen} is {kind} {number.strip()}, which lacks parts of C++20; give {WANTED} in CXX, e.g. CXX=g++-11")


def directory_suffix() -> str:
    """CMake keeps the compiler that a build directory began with, so another one has a directory of its own."""
    chosen = os.environ.get("CXX", "")
    return f"-{Path(shlex.split(chosen)[-1]).name}" if chosen else ""
