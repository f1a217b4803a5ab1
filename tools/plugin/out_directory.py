"""The directory that a user asked a tool to write to. What is wrong with it is said before the work, not after it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import check_library
from errors import UsageError


def require_writable(out: Path) -> None:
    """It can be there or be made. Changes nothing."""
    path = out.resolve()
    nearest = next(place for place in (path, *path.parents) if place.exists())
    if not nearest.is_dir():
        raise UsageError(f"--out {out}: {nearest} is a file; give a directory")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError(f"--out {out}: {nearest} cannot be written to; give another directory")


def require_usable(out: Path) -> None:
    """The plugin's directory can be put there, or replaced, without touching a file that is not the plugin's. Changes nothing."""
    require_writable(out)
    target = out / "RocketMQ"
    if not target.exists():
        return
    if not target.is_dir():
        raise UsageError(f"--out {out}: {target} is a file; give another directory, or remove it first")
    strangers = {path.name for path in target.iterdir()} - {check_library.LIBRARY, check_library.DESCRIPTOR}
    if strangers:
        raise UsageError(f"--out {out}: {target} holds files that are not the plugin's ({', '.join(sorted(strangers))}); "
                         "give another directory, or remove it first")


def copy_plugin(plugin: Path, out: Path) -> Path:
    require_usable(out)
    target = out / "RocketMQ"
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(plugin, target)
    return target
