"""Builds the drivers, each with the tool of its language."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from cluster import ROOT
from programs import BUILD

PEERS = ROOT / "bench" / "peers"
BUILD_TIMEOUT_S = 1800


class BuildError(Exception):
    pass


def build(kinds: frozenset[str]) -> None:
    for tool, kind in (("cmake", "plugin"), ("mvn", "java"), ("go", "go")):
        if kind in kinds and shutil.which(tool) is None:
            raise BuildError(f"{tool} is not installed; run ./setup --bench")
    environment = {"CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}
    _run(["cmake", "--preset", "bench"], environment)
    _run(["cmake", "--build", BUILD, "-j", str(os.cpu_count() or 2), "--target", "bench_reference", "bench_plugin",
          "bench_delay_proxy", "bench_micro"], environment)
    if "java" in kinds:
        _run(["mvn", "-B", "-q", "-f", PEERS / "java" / "pom.xml", f"-Dbench.output={BUILD / 'java'}", "process-classes"], {})
    if "go" in kinds:
        _run(["go", "build", "-C", PEERS / "go", "-o", BUILD / "bin" / "bench_go", "."], {})


def _run(command: list[str | Path], environment: dict[str, str]) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", timeout=BUILD_TIMEOUT_S, check=False)
    if done.returncode != 0:
        raise BuildError(f"{' '.join(words)} failed:\n{done.stdout[-4000:]}")
