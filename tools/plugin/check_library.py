"""Checks a built plugin: what it exports, what it needs of the process that loads it, and how it is linked."""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import elf_file
from elf_file import ElfFile, Symbol
from errors import UsageError
from server_files import missing_in_server

LIBRARY, DESCRIPTOR = "libPluginRocketMQ.so", "PluginRocketMQ.txt"
ALLOWED = Path(__file__).resolve().with_name("allowed_symbols.txt")
KINDS = ("version", "weak", "sdk", "library", "forbid")
_ABOUT = re.compile(r"^(?:vtable|VTT|typeinfo|typeinfo name|guard variable|construction vtable|virtual thunk|non-virtual thunk)"
                    r"(?: for| to) ")


@dataclass
class Allowed:
    entries: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})

    def matches(self, kind: str, text: str) -> bool:
        return any(fnmatchcase(text, pattern) for pattern in self.entries[kind])


def read_allowed(path: Path) -> Allowed:
    allowed = Allowed()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 2 or words[0] not in KINDS:
            raise UsageError(f"{path}, line {number}: expected one of {', '.join(KINDS)} and a name")
        allowed.entries[words[0]].add(words[1])
    return allowed


def sdk_name(symbol: Symbol) -> str:
    """The class or free name that a symbol of the SDK belongs to: Util for ddb::Util::createTable(...)."""
    text = _ABOUT.sub("", symbol.shown).removeprefix("ddb::").replace("[abi:cxx11]", "")
    return re.split(r"::|[<(\s]", text, maxsplit=1)[0]


def is_sdk_symbol(symbol: Symbol, allowed: Allowed) -> bool:
    return not symbol.version and sdk_name(symbol) in allowed.entries["sdk"]


def described_functions(descriptor: Path) -> set[str]:
    try:
        lines = descriptor.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"{descriptor} cannot be read: {error.strerror}") from error
    return {line.split(",")[0] for line in lines[1:] if line.strip()}


def problems(library: ElfFile, functions: set[str], allowed: Allowed, abi: int | None) -> list[str]:
    return [*_export_problems(library, functions), *_need_problems(library, allowed), *_link_problems(library, allowed),
            *_abi_problems(library, allowed, abi)]


def _export_problems(library: ElfFile, functions: set[str]) -> list[str]:
    exported = {symbol.name: symbol.shown for symbol in library.exported}
    return [*(f"exports {exported[name]}, which PluginRocketMQ.txt does not name" for name in sorted(exported.keys() - functions)),
            *(f"does not export {name}, which PluginRocketMQ.txt names" for name in sorted(functions - exported.keys()))]


def _need_problems(library: ElfFile, allowed: Allowed) -> list[str]:
    found = []
    for symbol in library.undefined:
        name = symbol.shown.split("(")[0]
        if name in allowed.entries["forbid"]:
            found.append(f"uses {name}, which changes the whole process")
        elif symbol.version:
            if not allowed.matches("version", symbol.version):
                found.append(f"needs {symbol.shown} of version {symbol.version}, which is not in {ALLOWED.name}")
        elif not (symbol.weak and symbol.name in allowed.entries["weak"]) and not is_sdk_symbol(symbol, allowed):
            found.append(f"needs {symbol.shown}, which is not in {ALLOWED.name}")
    return found


def _link_problems(library: ElfFile, allowed: Allowed) -> list[str]:
    found = [f"needs the shared library {name}, which the server may lack or have in another version; link its static archive"
             for name in library.needed if not allowed.matches("library", name)]
    found += [f"has a run path: {path}" for path in library.run_paths]
    if "GNU_RELRO" not in library.segments:
        found.append("is not linked with -z relro")
    if not re.search(r"\(FLAGS\).*BIND_NOW|\(BIND_NOW\)|\(FLAGS_1\).*NOW", library.dynamic):
        found.append("is not linked with -z now")
    if not re.search(r"\(SYMBOLIC\)|\(FLAGS\).*SYMBOLIC", library.dynamic):
        found.append("is not linked with -Bsymbolic")
    if "(TEXTREL)" in library.dynamic:
        found.append("has relocations in its code")
    stack = re.search(r"GNU_STACK(?:\s+0x[0-9a-f]+){5}\s+([RWE ]+?)\s+0x", library.segments)
    if not stack or "E" in stack[1]:
        found.append("asks for an executable stack")
    return found


def _abi_problems(library: ElfFile, allowed: Allowed, abi: int | None) -> list[str]:
    """Functions of the SDK that take strings have the string ABI in their names."""
    if abi is None:
        return []
    other = "cxx11" if abi == 0 else "Ss"
    wrong = [s for s in library.undefined if is_sdk_symbol(s, allowed) and s.name.startswith("_Z") and other in s.name]
    return [f"needs {s.shown}, which has the std::string ABI {1 - abi}, not {abi}" for s in wrong]


def needed_versions(library: ElfFile) -> dict[str, str]:
    """The newest version of each kind: what the system must have at least."""
    newest: dict[str, tuple[int, ...]] = {}
    for symbol in library.undefined:
        kind, _, number = symbol.version.rpartition("_")
        if kind and re.fullmatch(r"[\d.]+", number):
            newest[kind] = max(newest.get(kind, ()), tuple(map(int, number.split("."))))
    return {kind: ".".join(map(str, number)) for kind, number in sorted(newest.items())}


def report(library: ElfFile, allowed: Allowed, everything: bool) -> str:
    groups: dict[str, list[str]] = {}
    for symbol in library.undefined:
        group = "SDK" if is_sdk_symbol(symbol, allowed) else symbol.version.split("_")[0] or "toolchain"
        groups.setdefault(group, []).append(symbol.shown + (f"@{symbol.version}" if symbol.version else ""))
    versions = needed_versions(library)
    lines = [f"exports      {', '.join(sorted(s.shown for s in library.exported))}",
             f"libraries    {', '.join(library.needed)}",
             "needs        " + ", ".join(f"{kind} {number}" for kind, number in versions.items()) + " or newer on the server's system"]
    for group, names in sorted(groups.items()):
        if group == "SDK" or everything:
            lines += [f"{group}: {len(names)} symbols", *(f"    {name}" for name in sorted(names))]
        else:
            lines.append(f"{group}: {len(names)} symbols (--list shows them)")
    return "\n".join(lines)


def check(plugin: Path, abi: int | None, server: Path | None, everything: bool) -> list[str]:
    """Prints what the plugin in this directory needs; returns what is wrong with it."""
    allowed = read_allowed(ALLOWED)
    library = elf_file.read(plugin / LIBRARY)
    print(report(library, allowed, everything), flush=True)
    found = problems(library, described_functions(plugin / DESCRIPTOR), allowed, abi)
    if server is not None:
        wanted = [symbol for symbol in library.undefined if is_sdk_symbol(symbol, allowed)]
        found += missing_in_server(wanted, server)
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plugin", type=Path, help="the directory with libPluginRocketMQ.so and PluginRocketMQ.txt")
    parser.add_argument("--abi", type=int, choices=(0, 1), help="the std::string ABI that it should have")
    parser.add_argument("--server", metavar="DIR", type=Path, help="also compare with the files of a server's installation")
    parser.add_argument("--list", action="store_true", help="show every symbol that it needs")
    wishes = parser.parse_args(arguments)
    try:
        found = check(wishes.plugin, wishes.abi, wishes.server, wishes.list)
    except UsageError as error:
        found = [str(error)]
    for problem in found:
        print(f"WRONG: {problem}")
    print("the library is as it should be" if not found else f"{len(found)} problems", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
