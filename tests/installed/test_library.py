"""The client library as somebody else's project sees it: installed, found, compiled and run against a real RocketMQ."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from common import BUILD, COMPILERS, DOWNLOAD_LIMIT_S, EXAMPLES, ROOT, STRICT, checked, pkg_config_flags, run


class Installed(unittest.TestCase):
    """An installed copy, which is all that these tests use."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = Path(tempfile.mkdtemp(prefix="installed."))
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        cls.prefix = cls.directory / "prefix"
        checked("cmake", "--install", BUILD, "--prefix", cls.prefix, "--component", "library")

    def configure(self, project: str, *options: str) -> subprocess.CompletedProcess[str]:
        """A project of one CMakeLists.txt that is configured against the installed copy."""
        source = Path(tempfile.mkdtemp(dir=self.directory))
        (source / "CMakeLists.txt").write_text(f"cmake_minimum_required(VERSION 3.22)\nproject(p LANGUAGES C CXX)\n{project}\n")
        return run("cmake", "-S", source, "-B", source / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}", *options)


class TheCopy(Installed):
    def test_holds_the_public_headers_the_archive_and_how_to_find_them(self) -> None:
        files = {str(path.relative_to(self.prefix)) for path in self.prefix.rglob("*") if path.is_file()}
        headers = {f"include/rocketmq/{path.name}" for path in (ROOT / "include" / "rocketmq").glob("*.h")}
        self.assertGreater(len(headers), 10)
        cmake = {path for path in files if path.startswith("lib/cmake/rocketmq_remoting/")}
        self.assertIn("lib/cmake/rocketmq_remoting/rocketmq_remotingConfig.cmake", cmake)
        examples = {f"share/doc/librocketmq-remoting-dev/examples/{path.name}" for path in (ROOT / "examples" / "cpp").iterdir()}
        files.discard("share/doc/librocketmq-remoting-dev/copyright")  # Only once ./package has gathered it.
        self.assertEqual(files - cmake, headers | examples | {"lib/librocketmq_remoting.a", "lib/pkgconfig/rocketmq_remoting.pc"})

    def test_names_no_place_of_the_build(self) -> None:
        for path in self.prefix.rglob("*"):
            if path.suffix in (".cmake", ".pc", ".h"):
                text = path.read_text()
                self.assertNotIn(str(ROOT), text, path)
                self.assertNotIn(str(self.prefix), text, path)

    def test_headers_compile_alone_and_without_a_warning(self) -> None:
        for compiler in COMPILERS:
            for header in sorted((self.prefix / "include" / "rocketmq").glob("*.h")):
                with self.subTest(compiler=compiler, header=header.name):
                    checked(compiler, *STRICT, "-fsyntax-only", "-I", self.prefix / "include", "-x", "c++", "-",
                            text_in=f"#include <rocketmq/{header.name}>\n#include <rocketmq/{header.name}>\n")

    def test_is_found_with_pkg_config(self) -> None:
        program = self.directory / "send_by_pkg_config"
        checked("g++", *STRICT, ROOT / "examples" / "cpp" / "send.cpp", "-o", program, *pkg_config_flags(self.prefix))
        done = run(program)
        self.assertEqual(done.returncode, 2)
        self.assertIn("usage: send NAMESRV TOPIC", done.stderr)

    def test_a_program_may_have_an_asio_of_its_own(self) -> None:
        # Without optimisation, so that nothing of it is inlined, and with other choices than ours.
        source = """
            #define ASIO_STANDALONE
            #include <asio.hpp>
            #include <rocketmq/producer.h>
            #include <iostream>
            int main() {
              asio::io_context context;
              asio::signal_set signals(context, SIGUSR1);
              asio::steady_timer timer(context, std::chrono::milliseconds(10));
              asio::ip::tcp::resolver resolver(context);
              bool expired = false;
              timer.async_wait([&](std::error_code) { expired = true; });
              resolver.async_resolve("127.0.0.1", "1", [](std::error_code, const auto&) {});
              std::thread([&context] { context.run(); }).join();
              rocketmq::ProducerConfig config;
              config.client.name_server_addresses = "127.0.0.1:1";
              config.client.connect_timeout_ms = 200;
              config.group = "g";
              try {
                (void)rocketmq::Producer::start(config);
              } catch (const rocketmq::Error& error) {
                std::cout << expired << ' ' << error.what() << '\\n';
              }
            }
            """
        for compiler in COMPILERS:
            with self.subTest(compiler=compiler):
                program = self.directory / f"own_asio_{compiler}"
                checked(compiler, "-std=c++20", "-O0", "-x", "c++", "-", "-x", "none", "-o", program, *pkg_config_flags(self.prefix), text_in=source)
                self.assertRegex(checked(program), r"^1 no name server answered .*127\.0\.0\.1:1\b")
        symbols = checked("nm", "-C", "--defined-only", "--extern-only", self.prefix / "lib" / "librocketmq_remoting.a")
        self.assertNotRegex(symbols, r"(?<![\w:])asio(::|_signal|_detail)")

    def test_another_minor_version_is_refused(self) -> None:
        version = re.search(r"project\(\w+ VERSION (\d+)\.(\d+)", (ROOT / "CMakeLists.txt").read_text())
        assert version is not None
        major, minor = int(version[1]), int(version[2])
        self.assertEqual(self.configure(f"find_package(rocketmq_remoting {major}.{minor} REQUIRED)").returncode, 0)
        refused = self.configure(f"find_package(rocketmq_remoting {major}.{minor + 1} REQUIRED)")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("compatible with requested version", refused.stderr)

    def test_a_library_that_is_missing_is_named(self) -> None:
        done = self.configure("find_package(rocketmq_remoting REQUIRED)", "-DROCKETMQ_lz4_LIBRARY=NO")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("liblz4 is not found, which rocketmq_remoting needs; on Debian install", " ".join(done.stderr.split()))

    def test_programs_that_the_manual_prints_compile(self) -> None:
        for page in ("docs/en/cpp.md", "docs/zh/cpp.md"):
            programs = [body for body in re.findall(r"^```cpp\n(.*?)^```", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL) if "int main" in body]
            self.assertEqual(len(programs), 2, page)
            for number, program in enumerate(programs):
                with self.subTest(page=page, number=number):
                    checked("g++", *STRICT, "-fsyntax-only", "-I", self.prefix / "include", "-x", "c++", "-", text_in=program)


class Examples(Installed):
    """The programs of examples/cpp, built out of the tree, with a real RocketMQ."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        source = cls.directory / "their project"
        shutil.copytree(ROOT / "examples" / "cpp", source)
        cls.build = cls.directory / "their build"
        checked("cmake", "-S", source, "-B", cls.build, "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_PREFIX_PATH={cls.prefix}",
                f"-DCMAKE_CXX_FLAGS={' '.join(STRICT[1:])}")
        checked("cmake", "--build", cls.build, "--parallel", "2")
        broker = ROOT / "broker" / "rocketmq"
        cls.addClassCleanup(run, broker, "down", "--purge", "--dir", cls.directory / "mq")
        subprocess.run([str(broker), "jars"], check=True, stdout=subprocess.DEVNULL, timeout=DOWNLOAD_LIMIT_S)
        cls.namesrv = checked(broker, "up", "--dir", cls.directory / "mq").strip().removeprefix("namesrv=")

    def example(self, name: str, *arguments: object, text_in: str = "") -> subprocess.CompletedProcess[str]:
        return run(self.build / name, *arguments, text_in=text_in)

    def send(self, topic: str, lines: list[str], *tag: str) -> None:
        done = self.example("send", self.namesrv, topic, *tag, text_in="".join(f"{line}\n" for line in lines))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, f"{sum(bool(line) for line in lines)} messages stored\n")

    def receive(self, group: str, topic: str, count: int) -> list[str]:
        done = self.example("receive", self.namesrv, group, topic, count)
        self.assertEqual(done.returncode, 0, done.stderr)
        return sorted(done.stdout.splitlines())

    def read(self, topic: str, count: int) -> subprocess.CompletedProcess[str]:
        """Brokers list a message a moment after they have acknowledged it."""
        deadline = time.monotonic() + 20
        while True:
            done = self.example("read", self.namesrv, topic)
            if done.stderr.startswith(f"{count} messages") or time.monotonic() > deadline:
                return done
            time.sleep(0.05)

    def test_what_was_sent_is_received_once(self) -> None:
        first = [f"line {number:05}" for number in range(25_000)]
        self.send("cpp_receive", first)
        self.assertEqual(self.receive("cpp_group", "cpp_receive", len(first)), first)
        self.send("cpp_receive", ["later", "", "and later"])
        self.assertEqual(self.receive("cpp_group", "cpp_receive", 2), ["and later", "later"])

    def test_ctrl_c_ends_a_consumer_that_waits_with_its_progress_stored(self) -> None:
        self.send("cpp_ctrl_c", ["one", "two"])
        output = self.directory / "ctrl_c.out"
        with output.open("w") as stream:
            # Unbuffered, so that it is seen when both have come.
            consumer = subprocess.Popen(["stdbuf", "-oL", self.build / "receive", self.namesrv, "cpp_ctrl_c", "cpp_ctrl_c"],
                                        stdout=stream, stderr=subprocess.PIPE, text=True)
            try:
                deadline = time.monotonic() + 60
                while len(output.read_text().splitlines()) < 2 and time.monotonic() < deadline:
                    time.sleep(0.02)
                consumer.send_signal(signal.SIGINT)
                self.assertEqual(consumer.wait(10), 0)
            finally:
                consumer.kill()
                consumer.communicate()
        self.assertEqual(sorted(output.read_text().splitlines()), ["one", "two"])
        self.send("cpp_ctrl_c", ["three"])
        self.assertEqual(self.receive("cpp_ctrl_c", "cpp_ctrl_c", 1), ["three"])

    def test_a_topic_is_read_with_places_and_properties(self) -> None:
        self.send("cpp_read", ["a", "b", "c"], "TagA")
        done = self.read("cpp_read", 3)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"^3 messages in \d+ queues\n$")
        lines = done.stdout.splitlines()
        self.assertEqual(sorted(line[-1] for line in lines), ["a", "b", "c"])
        for line in lines:
            self.assertRegex(line, r'^[\w.-]+/\d+/\d+ TagA \{.*"TAGS":"TagA".*\} [abc]$')
            self.assertIn('"UNIQ_KEY":"', line)

    def test_errors_are_told_apart(self) -> None:
        done = self.example("errors", self.namesrv, "cpp_errors")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        start, check, stored, after_close = done.stdout.splitlines()
        self.assertRegex(start, r"^start: no name server: .*127\.0\.0\.1:1\b")
        self.assertRegex(check, r"^check: .*1")
        self.assertEqual(stored, "5 messages stored")
        self.assertRegex(after_close, r"^after close: the client is closed")
        self.assertEqual(len(self.read("cpp_errors", 5).stdout.splitlines()), 5)

    def test_wrong_arguments_end_with_2_and_what_fails_with_1(self) -> None:
        for name in EXAMPLES:
            with self.subTest(name=name):
                self.assertEqual(self.example(name).returncode, 2)
                self.assertIn(f"usage: {name} NAMESRV", self.example(name).stderr)
        for count in ("abc", "0", "5x", ""):
            self.assertEqual(self.example("receive", self.namesrv, "cpp_group", "cpp_receive", count).returncode, 2, count)
        failed = self.example("read", self.namesrv, "no_such_topic")
        self.assertEqual((failed.returncode, failed.stdout), (1, ""))
        self.assertIn("no_such_topic", failed.stderr)
