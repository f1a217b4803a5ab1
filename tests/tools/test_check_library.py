"""What the check of a built library finds: each rule is broken once, in a small library made for it."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import check_library
import fake_sdk
from errors import UsageError

GOOD_FLAGS = ["-Wl,-Bsymbolic", "-Wl,-z,relro", "-Wl,-z,now", "-Wl,-z,noexecstack"]
SDK = """
#include <string>
namespace ddb { struct Util { static void createTable(const std::string& name); }; }
"""
GOOD = SDK + 'extern "C" void rocketmqSend() { ddb::Util::createTable("x"); }'


class LibraryTest(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="check-library."))
        self.addCleanup(shutil.rmtree, self.directory)

    def compile(self, source: str, target: Path, *flags: str, abi: int = 0) -> None:
        code = self.directory / "source.cpp"
        code.write_text(source)
        subprocess.run(["c++", "-std=c++20", "-shared", "-fPIC", "-O1", f"-D_GLIBCXX_USE_CXX11_ABI={abi}", code, "-o", target, *flags],
                       check=True, timeout=120)

    def plugin(self, source: str, *flags: str, abi: int = 0, functions: tuple[str, ...] = ("rocketmqSend",)) -> Path:
        plugin = self.directory / "RocketMQ"
        plugin.mkdir()
        self.compile(source, plugin / "libPluginRocketMQ.so", *(flags or GOOD_FLAGS), abi=abi)
        lines = ["RocketMQ,libPluginRocketMQ.so,2.00.16", *(f"{name},f,system,0,0,0" for name in functions)]
        (plugin / "PluginRocketMQ.txt").write_text("\n".join(lines) + "\n")
        return plugin

    def found(self, plugin: Path, abi: int | None = 0, server: Path | None = None) -> list[str]:
        with contextlib.redirect_stdout(io.StringIO()) as output:
            problems = check_library.check(plugin, abi, server, everything=True)
        self.output = output.getvalue()
        return problems

    def test_a_good_library_has_no_problem_and_its_needs_are_shown(self) -> None:
        self.assertEqual(self.found(self.plugin(GOOD)), [])
        self.assertIn("exports      rocketmqSend", self.output)
        self.assertIn("SDK: 1 symbols\n    ddb::Util::createTable(std::", self.output)
        self.assertRegex(self.output, r"needs +.*GLIBC \d+\.\d+")

    def test_a_function_too_many_and_one_too_few(self) -> None:
        plugin = self.plugin(GOOD + ' extern "C" void helper() {}', functions=("rocketmqSend", "rocketmqMissing"))
        self.assertEqual(self.found(plugin), ["exports helper, which PluginRocketMQ.txt does not name",
                                              "does not export rocketmqMissing, which PluginRocketMQ.txt names"])

    def test_a_symbol_that_nobody_allowed(self) -> None:
        source = 'extern "C" int ZSTD_versionNumber(); extern "C" int rocketmqSend() { return ZSTD_versionNumber(); }'
        self.assertEqual(self.found(self.plugin(source)), ["needs ZSTD_versionNumber, which is not in allowed_symbols.txt"])

    def test_a_weak_symbol_that_the_process_could_provide(self) -> None:
        source = 'extern "C" __attribute__((weak)) int hook(); extern "C" int rocketmqSend() { return hook ? hook() : 0; }'
        self.assertEqual(self.found(self.plugin(source)), ["needs hook, which is not in allowed_symbols.txt"])

    def test_a_function_that_changes_the_whole_process(self) -> None:
        source = '#include <clocale>\nextern "C" void rocketmqSend() { std::setlocale(LC_ALL, "C"); }'
        self.assertEqual(self.found(self.plugin(source)), ["uses setlocale, which changes the whole process"])

    def test_a_shared_library_that_the_server_may_lack(self) -> None:
        other = self.directory / "libother.so"
        self.compile('extern "C" int other() { return 1; }', other, "-Wl,-soname,libother.so.1")
        source = 'extern "C" __attribute__((weak)) void _ITM_registerTMCloneTable(); extern "C" void rocketmqSend() {}'
        plugin = self.plugin(source, *GOOD_FLAGS, "-Wl,--no-as-needed", str(other))
        self.assertEqual(self.found(plugin), ["needs the shared library libother.so.1, which the server may lack or have in another "
                                              "version; link its static archive"])

    def test_how_it_is_linked(self) -> None:
        plugin = self.plugin(GOOD, "-Wl,-z,norelro", "-Wl,-z,lazy", "-Wl,-z,execstack", "-Wl,-rpath,/home/me/build")
        self.assertEqual(self.found(plugin), ["has a run path: /home/me/build", "is not linked with -z relro", "is not linked with -z now",
                                              "is not linked with -Bsymbolic", "asks for an executable stack"])

    def test_the_string_abi(self) -> None:
        plugin = self.plugin(GOOD, abi=1)
        self.assertEqual(self.found(plugin, abi=1), [])
        problems = self.found(plugin, abi=0)
        self.assertEqual(len(problems), 1)
        self.assertRegex(problems[0], r"needs ddb::Util::createTable\(.*\), which has the std::string ABI 1, not 0")

    def test_a_server_that_fits(self) -> None:
        self.assertEqual(self.found(self.plugin(GOOD), server=fake_sdk.write_server(self.directory / "server", abi=0)), [])
        self.assertIn("offers all 1 symbols of the SDK", self.output)

    def test_a_server_of_the_other_abi(self) -> None:
        server = fake_sdk.write_server(self.directory / "server", abi=1)
        self.assertEqual(self.found(self.plugin(GOOD), server=server),
                         [f"the server in {server} has the std::string ABI 1: build with --abi 1"])

    def test_a_server_of_another_line(self) -> None:
        server = fake_sdk.write_server(self.directory / "server", abi=0, namespace="")
        problems = self.found(self.plugin(GOOD), server=server)
        self.assertEqual(len(problems), 1)
        self.assertTrue(problems[0].startswith(f"the server in {server} does not offer ddb::Util::createTable(std::"), problems[0])
        self.assertTrue(problems[0].endswith("; is it of the line that the plugin was built for?"), problems[0])

    def test_something_that_is_no_library(self) -> None:
        plugin = self.plugin(GOOD)
        (plugin / "libPluginRocketMQ.so").write_text("no library")
        with self.assertRaisesRegex(UsageError, "readelf failed|has no dynamic symbols"):
            self.found(plugin)


if __name__ == "__main__":
    unittest.main()
