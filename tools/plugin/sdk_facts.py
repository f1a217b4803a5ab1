#!/usr/bin/env python3
"""The numbers of a tree of DolphinDB's headers, as the compiler sees them, and those of the lines that were tried.

For headers of a line that is not in the table yet:

    tools/plugin/sdk_facts.py --sdk <checkout of DolphinDBPlugin> --line 3.00.7
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from pathlib import Path

import option_types
import toolchain
from errors import UsageError
from sdk_headers import SdkHeaders, inspect
from server_version import Line, line_text, parse_version

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SOURCE = HERE / "sdk_facts.cpp"
TABLE = HERE / "sdk_facts.txt"

Facts = dict[str, int]
UNKNOWN = "?"  # In the column of a line that was measured before the fact was asked for.

_NAME = re.compile(r"_ZN5facts4FactINS_(\d+)(\w+)E5valueE:")
_NUMBER = re.compile(r"\s*\.(?:quad|xword)\s+(-?\d+)\b|\s*\.zero\s")
_FIRST_ERROR = re.compile(r"^.*?(?:\berror|ld|cc1plus): .*$", re.MULTILINE)

TABLE_HEAD = """\
# What src/plugin depends on in DolphinDB's headers, a column a line of servers: offsets in the tables of virtual functions,
# lengths of these tables, sizes of classes, offsets of members, numbers of enumerators. Measured by sdk_facts.cpp on the
# branches of DolphinDB's plugin repository (release200.10 is 2.00.10, and so on); a new column is put in by
#     tools/plugin/sdk_facts.py --sdk <checkout of that branch> --line 3.00.7
"""


def measure(headers: SdkHeaders, compiler: str) -> Facts:
    """The numbers do not depend on the edition of the server, so one string ABI is enough."""
    command = [*shlex.split(compiler), "-std=gnu++20", "-S", "-w", "-D_GLIBCXX_USE_CXX11_ABI=0",
               *(f"-D{name}" for name in headers.definitions),
               *(headers.clang_options if toolchain.is_clang(compiler) else ()),
               "-I", ROOT / "src", "-isystem", headers.include_dir, SOURCE, "-o", "-"]
    done = subprocess.run([str(word) for word in command], text=True, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        found = _FIRST_ERROR.search(done.stderr)
        raise UsageError(f"{compiler} cannot compile the headers in {headers.include_dir} as the plugin uses them: "
                         f"{found[0].strip() if found else done.stderr.strip()}")
    return _read_assembly(done.stdout)


def _read_assembly(text: str) -> Facts:
    facts: Facts = {}
    name = ""
    for line in text.splitlines():
        if found := _NAME.match(line):
            name = found[2][:int(found[1])]
        elif name and (number := _NUMBER.match(line)):
            # A pointer to a virtual function is 1 plus the offset of its slot.
            facts[name] = int(number[1] or 0) - name.startswith(("slot_", "length_"))
            name = ""
    wanted = names()
    if list(facts) != wanted:
        raise UsageError(f"the compiler's output shows no number for {', '.join(name for name in wanted if name not in facts)}; "
                         "try another compiler in CXX")
    return facts


def names() -> list[str]:
    """What sdk_facts.cpp measures, in its order."""
    kinds = {"SLOT": r"slot_\1", "LENGTH": r"length_\1", "SIZE": r"size_\1", "OFFSET": r"offset_\1_\2", "VALUE": r"value_\1"}
    lines = re.findall(r"^(?:SLOT|LENGTH|SIZE|OFFSET|VALUE)\(.*\);$", SOURCE.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"^\w+\((\w+)(?:, (\w+))?.*", kinds[line.split("(")[0]], line) for line in lines]


def read_table(path: Path = TABLE) -> dict[Line, Facts]:
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    lines = [parse_version(text).line for text in rows[0][1:]]
    return {line: {row[0]: int(row[column]) for row in rows[1:] if row[column] != UNKNOWN} for column, line in enumerate(lines, start=1)}


def write_table(table: dict[Line, Facts], path: Path = TABLE) -> None:
    lines = sorted(table)
    rows = [["line", *map(line_text, lines)], *([name, *(str(table[line].get(name, UNKNOWN)) for line in lines)] for name in names())]
    path.write_text(TABLE_HEAD + "".join(f"{row[0]:40}{''.join(f'{cell:>8}' for cell in row[1:])}\n" for row in rows), encoding="utf-8")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sdk", metavar="DIR", type=option_types.directory, required=True, help="a checkout of DolphinDBPlugin")
    parser.add_argument("--line", metavar="X", help="put the numbers into the table as this line's (default: only print them)")
    wishes = parser.parse_args(arguments)
    try:
        facts = measure(inspect(wishes.sdk), toolchain.compiler())
        if wishes.line is None:
            print("".join(f"{name:40}{number:>8}\n" for name, number in facts.items()), end="")
        else:
            write_table(read_table() | {parse_version(wishes.line).line: facts})
    except UsageError as error:
        print(f"sdk_facts: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
