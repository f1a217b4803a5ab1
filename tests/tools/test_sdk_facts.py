"""The table of numbers holds all that the plugin depends on, and the manual names the lines that it holds."""

from __future__ import annotations

import re
import shutil
import tempfile
import unittest
from pathlib import Path

import fake_sdk
import sdk_facts
import server_line
import toolchain
from sdk_headers import inspect
from server_version import line_text

ROOT = Path(__file__).resolve().parents[2]


def read(directory: Path, *patterns: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(directory.rglob(pattern)))


class Completeness(unittest.TestCase):
    """What src/plugin uses of the SDK, found by name: a class or a virtual function that the host's headers offer."""

    def setUp(self) -> None:
        self.plugin = read(ROOT / "src" / "plugin", "*.cpp", "*.h")
        self.host = read(ROOT / "host" / "include", "*.h")
        self.names = sdk_facts.names()
        source = sdk_facts.SOURCE.read_text(encoding="utf-8")
        self.slots = set(re.findall(r"^SLOT\(\w+, (\w+), (\w+)", source, re.MULTILINE))

    def test_every_virtual_function_that_is_called_has_its_slot(self) -> None:
        offered = set(re.findall(r"virtual [^;{]*?(\w+)\(", self.host))
        offered |= {kind + number for kind in ("get", "set") for number in re.findall(r"^  X\((\w+), ", self.host, re.MULTILINE)}
        called = {name for name in re.findall(r"->(\w+)\(", self.plugin) if name in offered}
        self.assertLessEqual({"getLong", "appendString", "call", "copy"}, called)
        inline_in_servers = {"getName"}
        self.assertLessEqual(called - inline_in_servers, {function for _, function in self.slots})

    def test_every_function_that_the_server_calls_has_its_slot(self) -> None:
        implemented = 0
        for name, base, body in re.findall(r"class (\w+) : public (\w+) \{\n(.*?)\n\};", self.plugin, re.DOTALL):
            if not re.search(rf"class {base}\b", self.host):
                continue
            self.assertIn(f"length_{base}", self.names, name)
            functions = set(re.findall(r"(\w+)\([^)]*\) (?:const )?override", body))
            implemented += len(functions)
            self.assertLessEqual({(base, function) for function in functions}, self.slots, name)
        self.assertGreater(implemented, 10)

    def test_every_class_that_is_created_or_thrown_has_its_size(self) -> None:
        created = set(re.findall(r"(?:new|throw) (\w+)\(", self.plugin)) - set(re.findall(r"class (\w+)", self.plugin))
        created = {name for name in created if not name.endswith("SP")}  # All pointers are as ConstantSP.
        self.assertLessEqual({"Bool", "String", "Thread", "RuntimeException"}, created)
        self.assertLessEqual({f"size_{name}" for name in created}, set(self.names))

    def test_every_enumerator_that_tells_values_apart_has_its_number(self) -> None:
        compared = set(re.findall(r"[!=]= ?(D[TF]_\w+|LOGICAL|INTEGRAL|FLOATING|LITERAL)\b", self.plugin))
        self.assertGreater(len(compared), 10)
        self.assertLessEqual({f"value_{name}" for name in compared}, set(self.names))


class Table(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="sdk-facts."))
        self.addCleanup(shutil.rmtree, self.directory)
        self.table = sdk_facts.read_table()

    def test_it_has_a_number_for_each_fact_and_no_two_lines_are_alike(self) -> None:
        for line, facts in self.table.items():
            self.assertEqual(list(facts), sdk_facts.names(), line)
        lines = list(self.table)
        for i, line in enumerate(lines):
            for other in lines[:i]:
                self.assertNotEqual(self.table[line], self.table[other], (line, other))

    def test_it_is_as_the_tool_writes_it(self) -> None:
        written = self.directory / "table.txt"
        sdk_facts.write_table(self.table, written)
        self.assertEqual(written.read_text(encoding="utf-8"), sdk_facts.TABLE.read_text(encoding="utf-8"))

    def test_every_compiler_sees_the_same_numbers(self) -> None:
        sdk = fake_sdk.write(self.directory / "sdk", "3.00.3", namespace=True, asks_for_gcc=True)
        compilers = [name for name in ("c++", "g++", "g++-11", "clang++-14", "clang++-16") if shutil.which(name)]
        for compiler in compilers:
            with self.subTest(compiler):
                self.assertEqual(sdk_facts.measure(inspect(sdk), compiler), self.table[(3, 0, 3)])

    def test_a_number_that_is_changed_is_measured(self) -> None:
        by = {"slot_Vector_appendString": 8, "slot_Session_getFunctionDef": -8, "length_Bool": 8, "size_Session": 8, "offset_Heap_session_": -8,
              "value_DT_BLOB": 1}
        for name, difference in by.items():
            with self.subTest(name):
                changed = self.table[(2, 0, 16)] | {name: self.table[(2, 0, 16)][name] + difference}
                sdk = fake_sdk.write(self.directory / name, "2.00.16", changed=changed)
                self.assertEqual(sdk_facts.measure(inspect(sdk), toolchain.compiler()), changed)

    def test_the_manual_names_the_lines_of_the_table(self) -> None:
        tried = server_line.tried(self.table)
        for page, text in (("README.md", tried.replace(", ", " and ")), ("README_CN.md", tried.replace(" to ", " 至 ").replace(", ", "、"))):
            self.assertIn(text, (ROOT / page).read_text(encoding="utf-8"), page)
        for page in ("docs/en/install.md", "docs/zh/install.md"):
            rows = re.findall(r"^\| (\d\.\d\d\.\d+[^|]*) \|", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
            self.assertEqual(re.findall(r"\d\.\d\d\.\d+", " ".join(rows)), [line_text(line) for line in self.table], page)


if __name__ == "__main__":
    unittest.main()
