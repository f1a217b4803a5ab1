"""Small trees of headers whose classes have the numbers of a line, and servers of one function."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import sdk_facts
from server_version import parse_version

# What the headers on the branch of a line say their version is, and in which words. Some lag behind.
STATED = {"2.00.10": "Ddb_Plugin_Version: 2.00.9", "2.00.11": "Ddb_Plugin_Version: 2.00.9", "2.00.12": "2.00.12", "2.00.13": "2.00.12",
          "3.00.1": "3.00.0"}

_NUMBERED = re.compile(r"^(SLOT|LENGTH|SIZE|OFFSET)\((.*)\);$", re.MULTILINE)


def write(directory: Path, line: str, *, stated: str | None = None, in_core: bool = False, changed: dict[str, int] | None = None,
          namespace: bool = False, intrusive: bool = False, branch: str = "", asks_for_gcc: bool = False) -> Path:
    """A checkout: headers with the numbers of `line` in sdk_facts.txt, but for those in `changed`, and with the version that
    the real ones state, unless `stated` is given. With `branch`, .git/HEAD names one. Returns the checkout."""
    include = directory / "include"
    (include / "ddbplugin").mkdir(parents=True)
    facts = sdk_facts.read_table()[parse_version(line).line] | (changed or {})
    version = STATED.get(line, line) if stated is None else stated
    core = _core(facts, "ObjectPtr" if intrusive else "SmartPointer")
    if namespace:
        core = f"namespace ddb {{\n{core}}}\n"
        (include / "ddbplugin" / "DolphinDBEverything.h").write_text("#pragma once\n")
    if in_core:
        core = f'#define ddbVersion "{version}"\n{core}'
    else:
        (include / "ddbplugin" / "pluginVersion.h").write_text(f'static const char* pluginVersion = "{version}";\n')
    (include / "CoreConcept.h").write_text(f"#pragma once\n#include <string>\n#include <vector>\n{core}")
    for name in ("Concurrent.h", "Exceptions.h", "Logger.h", "ScalarImp.h", "SpecialConstant.h", "TableImp.h", "Types.h", "Util.h"):
        (include / name).write_text("#pragma once\n")
    if asks_for_gcc:
        (include / "WideInteger.h").write_text("#if __GNUC__ < 6\n#endif\n")
    if branch:
        (directory / ".git").mkdir()
        (directory / ".git" / "HEAD").write_text(f"ref: refs/heads/{branch}\n")
    return directory


def _core(facts: dict[str, int], pointer: str) -> str:
    """Every class that sdk_facts.cpp asks about, filled up such that the compiler gives its members their numbers."""
    slots: dict[str, dict[int, str]] = {}
    members: dict[str, dict[int, str]] = {}
    for kind, text in _NUMBERED.findall(sdk_facts.SOURCE.read_text(encoding="utf-8")):
        words = [word.strip() for word in text.split(",")]
        if kind == "SLOT":
            slots.setdefault(words[1], {})[facts[f"slot_{words[0]}"] // 8] = f"{words[2]}({', '.join(words[3:])})"
        elif kind == "OFFSET":
            members.setdefault(words[0], {})[facts[f"offset_{words[0]}_{words[1]}"]] = words[1]
        elif words[0] != "ConstantSP":
            (slots if kind == "LENGTH" else members).setdefault(words[0], {})
    classes = sorted(slots | members)
    values = ", ".join(f"{name.removeprefix('value_')} = {number}" for name, number in facts.items() if name.startswith("value_"))
    return (f"using INDEX = int;\nenum {{ {values} }};\n"
            + "".join(f"class {name};\n" for name in classes)
            + f"template <class T> class {pointer} {{ T* object_; }};\nusing ConstantSP = {pointer}<Constant>;\n"
            + "".join(_class(name, slots.get(name), members.get(name, {}), facts) for name in classes))


def _class(name: str, slots: dict[int, str] | None, members: dict[int, str], facts: dict[str, int]) -> str:
    lines = []
    if slots is not None:
        length = facts.get(f"length_{name}", 8 * (max(slots, default=0) + 1)) // 8
        lines += [f"virtual void {slots.get(slot, f'other{slot}()')};" for slot in range(length)]
    end = 0 if slots is None else 8
    size = facts.get(f"size_{name}", end)
    for offset, member in sorted(members.items()):
        lines += [f"char before_{member}[{offset - end}];"] if offset > end else []
        lines.append(f"char {member};")
        end = offset + 1
    if size > end:
        lines.append(f"char after[{size - end}];")
    return f"class {name} {{\n public:\n  " + "\n  ".join(lines) + "\n};\n"


def write_server(directory: Path, *, abi: int, namespace: str = "ddb") -> Path:
    """A server's directory whose library offers one function of the SDK that takes a string."""
    directory.mkdir()
    opening, closing = (f"namespace {namespace} {{", "}") if namespace else ("", "")
    source = directory / "server.cpp"
    source.write_text(f"#include <string>\n{opening} struct Util {{ static void createTable(const std::string& name); }};\n"
                      f"void Util::createTable(const std::string&) {{}} {closing}\n")
    subprocess.run(["c++", "-shared", "-fPIC", f"-D_GLIBCXX_USE_CXX11_ABI={abi}", source, "-o", directory / "libDolphinDB.so"],
                   check=True, timeout=120)
    return directory
