"""What ./build-plugin finds in headers, what it chooses, and what it says when something does not fit."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import build_plugin
import fake_sdk
import sdk_facts
from build_choices import BuildChoices
from errors import UsageError
from sdk_headers import inspect
from server_version import line_text, parse_version

ROOT = Path(__file__).resolve().parents[2]


class BuildPluginTest(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="build-plugin."))
        self.addCleanup(shutil.rmtree, self.directory)

    def sdk(self, line: str = "2.00.16", **marks: object) -> Path:
        return fake_sdk.write(self.directory / "DolphinDBPlugin", line, **marks)  # type: ignore[arg-type]

    def run_tool(self, *arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run([ROOT / "build-plugin", *arguments], text=True, capture_output=True, timeout=60, check=False,
                              stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})

    def found(self, *arguments: str | Path) -> str:
        done = self.run_tool(*arguments, "--dry-run")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def warning(self, *arguments: str | Path) -> str:
        done = self.run_tool(*arguments, "--dry-run")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stdout + done.stderr

    def sdk_once(self) -> Path:
        made = self.directory / "DolphinDBPlugin"
        return made if made.exists() else self.sdk()

    def wrong_argument(self, *arguments: str | Path) -> str:
        done = self.run_tool(*arguments, "--dry-run")
        self.assertEqual(done.returncode, 2, done.stdout)
        return done.stderr

    def error(self, *arguments: str | Path) -> str:
        done = self.run_tool(*arguments, "--dry-run")
        self.assertEqual(done.returncode, 1, done.stdout)
        return done.stderr


class Detection(BuildPluginTest):
    def test_an_old_line_has_global_names_six_fields_and_smart_pointers(self) -> None:
        found = self.found("--sdk", self.sdk("2.00.14"))
        self.assertIn("server       2.00.14 (a plugin fits 2.00.14 and no other line)", found)
        self.assertIn("global namespace, values held by SmartPointer", found)
        self.assertIn("ABI          0: old std::string, for standard servers", found)
        self.assertIn("6 fields a line", found)
        self.assertNotIn("ROCKETMQ_SDK", found)

    def test_a_new_line_has_its_namespace_the_umbrella_header_and_eight_fields(self) -> None:
        found = self.found("--sdk", self.sdk("3.00.3", namespace=True))
        self.assertIn("namespace ddb, values held by SmartPointer", found)
        self.assertIn("8 fields a line", found)
        self.assertIn("ROCKETMQ_SDK_EVERYTHING=1 ROCKETMQ_SDK_NAMESPACE=1", found)

    def test_fields_by_line(self) -> None:
        for line, fields in (("2.00.10", 6), ("2.00.14", 6), ("2.00.15", 8), ("2.00.16", 8), ("3.00.0", 6), ("3.00.2", 6), ("3.00.3", 8)):
            with self.subTest(line):
                self.assertIn(f"descriptor   {fields} fields a line", self.found("--sdk", fake_sdk.write(self.directory / line, line)))

    def test_the_include_directory_does_as_well_as_the_checkout(self) -> None:
        sdk = self.sdk()
        self.assertEqual(self.found("--sdk", sdk), self.found("--sdk", sdk / "include"))

    def test_the_version_asked_for_is_what_the_descriptor_will_say(self) -> None:
        found = self.found("--sdk", self.sdk(), "--server-version", "2.00.16.3 2025.06.11 LINUX x86_64")
        self.assertIn("server       2.00.16.3 (a plugin fits 2.00.16 and no other line)", found)

    def test_headers_that_ask_for_the_version_of_gcc_get_one_from_clang_too(self) -> None:
        self.assertIn("with Clang   -fgnuc-version=10.3", self.found("--sdk", self.sdk("2.00.11", asks_for_gcc=True)))

    def test_the_abi_edition_is_a_choice(self) -> None:
        self.assertIn("ABI          1: new std::string, for servers of the ABI edition",
                      self.found("--sdk", self.sdk("3.00.2"), "--abi", "1"))


class Lines(BuildPluginTest):
    """Headers are known by the numbers of their classes: what they call themselves lags behind on some branches."""

    def test_each_line_is_known_whatever_its_headers_call_themselves(self) -> None:
        for line in map(line_text, sdk_facts.read_table()):
            with self.subTest(line):
                sdk = fake_sdk.write(self.directory / line, line)
                self.assertIn(f"server       {line} (a plugin fits {line} and no other line)", self.found("--sdk", sdk))

    def test_headers_of_2_00_13_that_call_themselves_2_00_12_are_for_2_00_13_only(self) -> None:
        sdk = self.sdk("2.00.13")
        self.assertIn('"2.00.12"', (sdk / "include/ddbplugin/pluginVersion.h").read_text())
        self.assertIn("server       2.00.13.1 ", self.found("--sdk", sdk, "--server-version", "2.00.13.1"))
        self.assertIn(f"--server-version 2.00.12 does not fit {sdk}/include: these headers are of 2.00.13. A plugin fits one release "
                      "line only: check out the branch of your server", self.error("--sdk", sdk, "--server-version", "2.00.12"))

    def test_headers_of_2_00_11_in_a_bare_directory_are_not_for_2_00_10(self) -> None:
        include = self.sdk("2.00.11") / "include"
        self.assertIn("these headers are of 2.00.11", self.error("--sdk", include, "--server-version", "2.00.10"))
        self.assertIn("server       2.00.11 ", self.found("--sdk", include, "--server-version", "2.00.11"))

    def test_the_branch_does_not_outweigh_the_numbers(self) -> None:
        self.assertIn("server       2.00.12 ", self.found("--sdk", self.sdk("2.00.12", branch="release200.11")))

    def test_headers_that_match_no_line_are_refused_with_the_first_number_that_differs(self) -> None:
        sdk = self.sdk("2.00.16", changed={"slot_Vector_appendString": 1992, "length_Constant": 1776, "size_Session": 208})
        error = self.error("--sdk", sdk, "--server-version", "2.00.16.5")
        self.assertIn(f"the headers in {sdk}/include match no line that was tried (2.00.10 to 2.00.16, 3.00.0 to 3.00.3). 2.00.16 differs "
                      "in slot_Vector_appendString (1992, there 1984), and 2 more numbers. Check out the branch of your server as it is; "
                      "to build for headers that nobody has tried, give --untried", error)

    def test_headers_that_match_no_line_are_taken_for_what_their_user_says_they_are(self) -> None:
        sdk = self.sdk("2.00.16", changed={"slot_Vector_appendString": 1992})
        found = self.warning("--sdk", sdk, "--server-version", "2.00.16.5", "--untried")
        self.assertIn("server       2.00.16.5 ", found)
        self.assertIn("build-plugin: warning: the headers match no line that was tried (2.00.10 to 2.00.16, 3.00.0 to 3.00.3); built for "
                      "2.00.16 because of --untried\n", found)

    def test_a_line_that_is_newer_than_all_that_were_tried_is_built_with_one_line_of_warning(self) -> None:
        for near, line, namespace in (("2.00.16", "2.00.18", False), ("3.00.3", "3.00.7", True)):
            with self.subTest(line):
                sdk = fake_sdk.write(self.directory / line, near, stated=line, in_core=True, changed={"size_Session": 400},
                                     namespace=namespace, intrusive=namespace)
                found = self.warning("--sdk", sdk)
                self.assertIn(f"server       {line} (a plugin fits {line} and no other line)", found)
                self.assertIn(f"build-plugin: warning: {line} is newer than every line that was tried (2.00.10 to 2.00.16, 3.00.0 to "
                              "3.00.3); try the plugin on a test server before you rely on it\n", found)
                self.assertIn(f"these headers are of {line}", self.error("--sdk", sdk, "--server-version", near))

    def test_the_newest_line_holds_values_by_intrusive_pointers(self) -> None:
        sdk = self.sdk("3.00.3", stated="3.00.6", in_core=True, namespace=True, intrusive=True)
        self.assertIn("values held by ObjectPtr", self.warning("--sdk", sdk))

    def test_headers_that_are_older_than_2_00_10_are_refused(self) -> None:
        sdk = self.sdk("2.00.10", branch="release200")
        (sdk / "include" / "TableImp.h").unlink()
        self.assertIn(f"--sdk {sdk}: these headers are older than 2.00.10, which brought TableImp.h; the plugin supports 2.00.10 and "
                      "newer: check out the branch of your server", self.error("--sdk", sdk, "--server-version", "2.00.10"))

    def test_headers_that_the_compiler_refuses(self) -> None:
        sdk = self.sdk()
        (sdk / "include" / "Types.h").write_text("#error what has the user done\n")
        error = self.error("--sdk", sdk)
        self.assertIn(f"cannot compile the headers in {sdk}/include as the plugin uses them: ", error)
        self.assertIn("what has the user done", error)


class Errors(BuildPluginTest):
    def test_no_such_directory(self) -> None:
        self.assertIn("/nowhere: there is no such directory; give a checkout of DolphinDB's DolphinDBPlugin repository",
                      self.error("--sdk", "/nowhere"))

    def test_a_file_instead_of_a_directory(self) -> None:
        file = self.directory / "sdk.zip"
        file.write_text("PK")
        self.assertIn(f"--sdk {file}: it is a file; give a checkout of DolphinDB's DolphinDBPlugin repository", self.error("--sdk", file))

    def test_something_below_the_headers_names_the_directory_that_holds_them(self) -> None:
        include = self.sdk() / "include"
        for below in ("CoreConcept.h", "ddbplugin"):
            with self.subTest(below):
                self.assertIn(f"--sdk {include / below}: the directory of the headers is the one above it; give {include.resolve()}\n",
                              self.error("--sdk", include / below))

    def test_names_that_are_empty(self) -> None:
        for option in ("--sdk", "--server", "--out"):
            with self.subTest(option):
                self.assertIn(f"argument {option}: the name is empty; give a directory",
                              self.wrong_argument("--sdk", self.sdk_once(), option, ""))

    def test_a_directory_without_headers(self) -> None:
        self.assertIn("neither it nor its include/ holds CoreConcept.h; give a checkout", self.error("--sdk", self.directory))

    def test_a_checkout_that_is_not_complete(self) -> None:
        sdk = self.sdk()
        (sdk / "include" / "Util.h").unlink()
        self.assertIn("has CoreConcept.h but not Util.h; the checkout is not complete", self.error("--sdk", sdk))

    def test_a_version_of_another_line(self) -> None:
        error = self.error("--sdk", self.sdk(), "--server-version", "3.00.2")
        self.assertIn("--server-version 3.00.2 does not fit", error)
        self.assertIn("these headers are of 2.00.16. A plugin fits one release line only: check out the branch of your server", error)

    def test_a_version_that_is_none(self) -> None:
        self.assertIn("'latest' is not a server version; give what version() says",
                      self.error("--sdk", self.sdk(), "--server-version", "latest"))

    def test_a_version_with_one_digit_too_few(self) -> None:
        sdk = self.sdk()
        self.assertIn("'3.0.6' is not a server version: the second part has two digits; did you mean 3.00.6?",
                      self.error("--sdk", sdk, "--server-version", "3.0.6"))
        self.assertIn("did you mean 3.00.6.1?", self.error("--sdk", sdk, "--server-version", "3.0.6.1"))

    def test_a_version_that_is_empty(self) -> None:
        self.assertIn("'' is not a server version; give what version() says",
                      self.error("--sdk", self.sdk(), "--server-version", ""))

    def test_a_server_that_is_too_old(self) -> None:
        self.assertIn("server 2.00.9 is too old: the plugin supports 2.00.10 and newer", self.error("--sdk", self.sdk(), "--server-version", "2.00.9"))

    def test_an_abi_that_does_not_exist(self) -> None:
        for text in ("2", "cxx11", ""):
            with self.subTest(text):
                self.assertIn(f"--abi: '{text}' is not an ABI; give 0 for standard servers, 1 for servers of the ABI edition",
                              self.wrong_argument("--sdk", self.sdk_once(), "--abi", text))

    def test_no_number_of_compilers(self) -> None:
        for text in ("0", "-3", "all"):
            with self.subTest(text):
                self.assertIn(f"'{text}' is not a number of compilers; give 1 or more",
                              self.wrong_argument("--sdk", self.sdk_once(), f"--jobs={text}"))

    def test_no_compiler(self) -> None:
        tools = self.directory / "bin"
        tools.mkdir()
        for name in ("bash", "env", "python3", "dirname", "cmake", "ninja", "readelf"):
            (tools / name).symlink_to(shutil.which(name) or "/bin/true")
        done = self.run_tool("--sdk", self.sdk(), env={"PATH": str(tools), "CXX": ""})
        self.assertEqual(done.returncode, 1)
        self.assertIn("missing: a C++ compiler (GCC 11 or newer, or Clang 14 or newer); ./setup --plugin installs what is needed",
                      done.stderr)

    def test_a_compiler_that_is_not_there(self) -> None:
        done = self.run_tool("--sdk", self.sdk(), env={"CXX": "g++-99"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("CXX=g++-99: there is no such compiler", done.stderr)

    def test_a_compiler_that_is_too_old(self) -> None:
        old = self.directory / "old-g++"
        old.write_text('#!/bin/sh\n[ "$1" = -dumpversion ] && echo 9 || echo "g++ (GCC) 9.4.0"\n')
        old.chmod(0o755)
        done = self.run_tool("--sdk", self.sdk(), env={"CXX": str(old)})
        self.assertEqual(done.returncode, 1)
        self.assertIn("old-g++ is GCC 9, which lacks parts of C++20; give GCC 11 or newer, or Clang 14 or newer in CXX", done.stderr)

    def test_a_server_directory_without_a_server(self) -> None:
        self.assertIn("there is no libDolphinDB.so and no dolphindb; give the server's directory",
                      self.error("--sdk", self.sdk(), "--server", self.directory))

    def test_a_server_directory_that_is_none(self) -> None:
        sdk = self.sdk()
        self.assertIn("--server /nowhere: there is no such directory; give the server's directory",
                      self.error("--sdk", sdk, "--server", "/nowhere"))
        program = self.directory / "dolphindb"
        program.write_text("")
        self.assertIn(f"--server {program}: it is a file; give the server's directory, the one with plugins/ in it",
                      self.error("--sdk", sdk, "--server", program))

    def test_an_abi_that_is_not_the_servers(self) -> None:
        server = fake_sdk.write_server(self.directory / "server", abi=1)
        sdk = self.sdk()
        self.assertIn(f"--abi 0: the server in {server} has the std::string ABI 1; give --abi 1, or leave it out",
                      self.error("--sdk", sdk, "--server", server, "--abi", "0"))
        self.assertIn("ABI          1: new std::string", self.found("--sdk", sdk, "--server", server))

    def test_a_target_that_holds_other_files_is_left_alone(self) -> None:
        out = self.directory / "out"
        (out / "RocketMQ").mkdir(parents=True)
        (out / "RocketMQ" / "notes.txt").write_text("mine")
        self.assertIn(f"--out {out}: {out / 'RocketMQ'} holds files that are not the plugin's (notes.txt); give another directory",
                      self.error("--sdk", self.sdk(), "--out", out))
        self.assertEqual((out / "RocketMQ" / "notes.txt").read_text(), "mine")

    def test_a_target_that_cannot_be_a_directory_is_noticed_before_the_build(self) -> None:
        file = self.directory / "file"
        file.write_text("mine")
        sdk = self.sdk()
        for out in (file, file / "below"):
            with self.subTest(out):
                self.assertIn(f"--out {out}: {file.resolve()} is a file; give a directory", self.error("--sdk", sdk, "--out", out))
        (self.directory / "RocketMQ").write_text("mine")
        self.assertIn("RocketMQ is a file; give another directory, or remove it first", self.error("--sdk", sdk, "--out", self.directory))

    def test_a_target_that_cannot_be_written_to_is_noticed_before_the_build(self) -> None:
        import out_directory

        # Who may write everywhere, as root, cannot be shown a directory that says no.
        out = self.directory / "new" / "plugins"
        with mock.patch("os.access", return_value=False), self.assertRaises(UsageError) as caught:
            out_directory.require_usable(out)
        self.assertEqual(str(caught.exception), f"--out {out}: {self.directory.resolve()} cannot be written to; give another directory")

    def test_a_trial_run_makes_no_target(self) -> None:
        self.found("--sdk", self.sdk(), "--out", self.directory / "new" / "plugins")
        self.assertFalse((self.directory / "new").exists())


class Configuring(BuildPluginTest):
    """CMake is run as a build runs it, with fake headers; nothing is compiled."""

    def configured(self) -> str:
        build_plugin.configure(self.directory / "build", BuildChoices(inspect(self.sdk()), parse_version("2.00.16.3"), abi=0))
        return (self.directory / "build" / "compile_commands.json").read_text()

    def test_a_warning_of_the_users_compiler_does_not_stop_the_build(self) -> None:
        commands = self.configured()
        self.assertIn("-Wall", commands)
        self.assertNotIn("-Werror", commands)

    def test_the_descriptor_is_of_the_server_and_writes_defaults_as_the_vendor_does(self) -> None:
        self.configured()
        lines = (self.directory / "build/plugins/RocketMQ/PluginRocketMQ.txt").read_text().splitlines()
        self.assertEqual(lines[0], "RocketMQ,libPluginRocketMQ.so,2.00.16.3")
        self.assertEqual(lines[2], "rocketmqSend,send,system,3,5,0,0,(producer, data, topic, [tag=''], [sendConfig])")
        self.assertIn("[subExpression='*']", lines[3])

    def test_libraries_that_are_missing_lead_to_setup(self) -> None:
        tools = self.directory / "bin"
        tools.mkdir()
        for name, text in (("cmake", "echo 'Could NOT find LZ4_LIBRARY'; exit 1"),
                           ("setup", "echo 'missing  liblz4-dev                 compressed messages'; echo 'there    g++  compiles'; exit 1")):
            (tools / name).write_text(f"#!/bin/sh\n{text}\n")
            (tools / name).chmod(0o755)
        with mock.patch.dict(os.environ, PATH=f"{tools}:{os.environ['PATH']}"), mock.patch("toolchain.SETUP", tools / "setup"), \
                contextlib.redirect_stderr(io.StringIO()) as shown, self.assertRaises(UsageError) as caught:
            self.configured()
        self.assertEqual(str(caught.exception), "missing: liblz4-dev (compressed messages); ./setup --plugin installs what is needed")
        self.assertNotIn("LZ4_LIBRARY", shown.getvalue())


class Copying(BuildPluginTest):
    def test_a_plugin_that_is_there_is_replaced(self) -> None:
        import out_directory

        plugin, out = self.directory / "plugin", self.directory / "out"
        for directory, text in ((plugin, "new"), (out / "RocketMQ", "old")):
            directory.mkdir(parents=True)
            (directory / "PluginRocketMQ.txt").write_text(text)
        self.assertEqual(out_directory.copy_plugin(plugin, out), out / "RocketMQ")
        self.assertEqual((out / "RocketMQ" / "PluginRocketMQ.txt").read_text(), "new")

    def test_the_command_to_copy_it_can_be_pasted_where_the_path_has_a_space(self) -> None:
        plugin = self.directory / "my plugins" / "RocketMQ"
        text = build_plugin.how_to_use(plugin, BuildChoices(inspect(self.sdk()), parse_version("2.00.16"), abi=0))
        self.assertIn(f"cp -r '{plugin}' <server>/plugins/", text)


if __name__ == "__main__":
    unittest.main()
