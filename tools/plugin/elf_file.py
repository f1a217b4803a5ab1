"""What a shared library says of itself, read with binutils, which every compiler brings."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from errors import UsageError

_SYMBOL = re.compile(r"^\s*\d+:\s+[0-9a-f]+\s+\S+\s+(?P<type>\w+)\s+(?P<bind>\w+)\s+(?P<visibility>\w+)\s+"
                     r"(?:\[[^\]]*\]\s+)?(?P<section>\w+)\s+(?P<name>[^\s@]+)(?:@@?(?P<version>\S+))?")


@dataclass(frozen=True)
class Symbol:
    name: str  # As it is in the file.
    shown: str  # Demangled.
    version: str  # "GLIBC_2.34", or empty.
    weak: bool
    defined: bool


@dataclass(frozen=True)
class ElfFile:
    path: Path
    symbols: tuple[Symbol, ...]  # Of the dynamic symbol table.
    needed: tuple[str, ...]
    run_paths: tuple[str, ...]
    dynamic: str  # The dynamic section, as readelf shows it.
    segments: str

    @property
    def exported(self) -> tuple[Symbol, ...]:
        return tuple(s for s in self.symbols if s.defined)

    @property
    def undefined(self) -> tuple[Symbol, ...]:
        return tuple(s for s in self.symbols if not s.defined)


def read(path: Path) -> ElfFile:
    if not path.is_file():
        raise UsageError(f"{path} does not exist")
    dynamic = _run("readelf", "-dW", path)
    return ElfFile(
        path=path,
        symbols=_symbols(path),
        needed=tuple(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)),
        run_paths=tuple(re.findall(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]", dynamic)),
        dynamic=dynamic,
        segments=_run("readelf", "-lW", path))


def _symbols(path: Path) -> tuple[Symbol, ...]:
    found = [m for line in _run("readelf", "--dyn-syms", "-W", path).splitlines() if (m := _SYMBOL.match(line))]
    found = [m for m in found if m["bind"] in ("GLOBAL", "WEAK", "UNIQUE") and m["visibility"] in ("DEFAULT", "PROTECTED")]
    if not found:
        raise UsageError(f"{path} has no dynamic symbols; is it a shared library?")
    shown = _run("c++filt", stdin="\n".join(m["name"] for m in found) + "\n").splitlines()
    return tuple(Symbol(m["name"], text, m["version"] or "", m["bind"] == "WEAK", m["section"] != "UND")
                 for m, text in zip(found, shown, strict=True))


def _run(command: str, *arguments: str | Path, stdin: str | None = None) -> str:
    if shutil.which(command) is None:
        raise UsageError(f"{command} is missing; install binutils")
    done = subprocess.run([command, *map(str, arguments)], input=stdin, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise UsageError(f"{command} failed: {done.stderr.strip()}")
    return done.stdout
