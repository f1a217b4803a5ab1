"""Where things are, and how these tests run programs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ["ROCKETMQ_TEST_BUILD"])
EXAMPLES = ("send", "receive", "read", "errors")
COMPILERS = ("g++", "clang++-16")
STRICT = ("-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror")
LIMIT_S = 300
DOWNLOAD_LIMIT_S = 1000  # The first start of a RocketMQ fetches its jars.


def run(*arguments: object, text_in: str = "", cwd: Path | None = None, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(argument) for argument in arguments], input=text_in, capture_output=True, text=True, timeout=LIMIT_S,
                          cwd=cwd, env={**os.environ, **(env or {})}, check=False)


def checked(*arguments: object, **options: object) -> str:
    done = run(*arguments, **options)  # type: ignore[arg-type]
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(str(a) for a in arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def pkg_config_flags(prefix: Path) -> list[str]:
    return checked("pkg-config", "--cflags", "--libs", "rocketmq_remoting", env={"PKG_CONFIG_PATH": str(prefix / "lib" / "pkgconfig")}).split()
