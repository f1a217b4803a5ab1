"""Compares what a plugin needs of the SDK with what the files of an installed server offer."""

from __future__ import annotations

from pathlib import Path

import elf_file
from elf_file import Symbol
from errors import UsageError

# The server's code is in the library of some lines and in the program of others.
NAMES = ("libDolphinDB.so", "dolphindb")


def offered_symbols(server: Path) -> set[str]:
    if not server.is_dir():
        what = "it is a file" if server.exists() else "there is no such directory"
        raise UsageError(f"--server {server}: {what}; give the server's directory, the one with plugins/ in it")
    files = [server / name for name in NAMES if (server / name).is_file()]
    if not files:
        raise UsageError(f"--server {server}: there is no {' and no '.join(NAMES)}; give the server's directory, "
                         "the one with plugins/ in it")
    return {symbol.name for path in files for symbol in elf_file.read(path).exported}


def string_abi(server: Path) -> int | None:
    """By the functions that every line has and that take strings; None where the files do not tell."""
    for name in offered_symbols(server):
        if "4Util11createTable" in name or "4Util14createResource" in name:
            return int("cxx11" in name)
    return None


def missing_in_server(wanted: list[Symbol], server: Path) -> list[str]:
    offered = offered_symbols(server)
    missing = [symbol for symbol in wanted if symbol.name not in offered]
    if not missing:
        print(f"server       {server} offers all {len(wanted)} symbols of the SDK that the plugin needs", flush=True)
        return []
    abi = string_abi(server)
    needs_new = any("cxx11" in symbol.name for symbol in wanted)
    if abi is not None and abi != int(needs_new):
        return [f"the server in {server} has the std::string ABI {abi}: build with --abi {abi}"]
    return [f"the server in {server} does not offer {symbol.shown}; is it of the line that the plugin was built for?"
            for symbol in missing]
