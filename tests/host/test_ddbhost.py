"""ddbhost from outside: a terminal, signals, options."""

from __future__ import annotations

import codecs
import os
import pty
import select
import signal
import subprocess
import tempfile
import termios
import time
import unittest
from pathlib import Path

PROGRAM = Path(os.environ["ROCKETMQ_TEST_BUILD"]) / "bin" / "ddbhost"
PATIENCE_S = 60
CTRL_C, CTRL_D, UP, LEFT = "\x03", "\x04", "\x1b[A", "\x1b[D"


class Terminal:
    """A prompt on a terminal of its own."""

    def __init__(self, home: str) -> None:
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            os.environ["TERM"] = "xterm"
            os.execv(PROGRAM, [str(PROGRAM), "--home", home])
        self._seen = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # A read may end within a character.

    def type(self, text: str) -> None:
        os.write(self._fd, text.encode())

    def until(self, text: str) -> str:
        """What is on the screen up to `text`, which goes with it."""
        deadline = time.monotonic() + PATIENCE_S
        while text not in self._seen:
            ready, _, _ = select.select([self._fd], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise AssertionError(f"no {text!r} in {self._seen!r}")
            try:
                more = os.read(self._fd, 65536)
            except OSError:  # the other end is gone
                more = b""
            if not more:
                raise AssertionError(f"the host ended without {text!r}: {self._seen!r}")
            self._seen += self._decoder.decode(more)
        before, _, self._seen = self._seen.partition(text)
        return before

    def wait_for_editing(self) -> None:
        """Until the host, and no longer the terminal's driver, sees every key."""
        deadline = time.monotonic() + PATIENCE_S
        while termios.tcgetattr(self._fd)[3] & termios.ICANON:
            if time.monotonic() > deadline:
                raise AssertionError("the prompt does not edit")
            time.sleep(0.01)

    def kill(self, number: int) -> None:
        os.kill(self._pid, number)

    def exit_code(self) -> int:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            # What it still writes must be read, or it waits for that.
            if select.select([self._fd], [], [], 0.05)[0]:
                try:
                    os.read(self._fd, 65536)
                except OSError:
                    pass
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self._pid = 0
                return os.waitstatus_to_exitcode(status)
        raise AssertionError("the host does not end")

    def close(self) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._fd)


class Prompt(unittest.TestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.terminal = Terminal(home.name)
        self.addCleanup(self.terminal.close)
        self.terminal.until("> ")

    def test_control_c_ends_the_running_command_and_leaves_jobs_and_variables(self) -> None:
        self.terminal.type('x = 40; id = submitJob("goesOn", "a test", def(){ sleep(2000); return 2 })\r')
        self.terminal.type('print("the loop " + "runs"); do { } while(x > 0)\r')
        self.terminal.until("the loop runs")
        self.terminal.type(CTRL_C)
        self.terminal.until("Interrupted")
        self.terminal.type('print("sum " + string(x + getJobReturn(id, true)))\r')
        self.terminal.until("sum 42")

    def test_control_c_drops_the_line_that_is_being_typed(self) -> None:
        self.terminal.type("def f(x){\r")
        self.terminal.until("... ")
        self.terminal.type("half a line" + CTRL_C)
        self.terminal.until("Interrupted")
        self.terminal.type('print("still " + "here")\r')
        self.terminal.until("still here")
        self.terminal.type("exit\r")
        self.assertEqual(self.terminal.exit_code(), 0)

    def test_the_line_of_before_comes_back_and_can_be_edited(self) -> None:
        self.terminal.type('print("a" + "b")\r')
        self.terminal.until("ab")
        self.terminal.type(UP + LEFT + ' + "c"\r')
        self.terminal.until("abc")

    def test_characters_of_several_bytes_can_be_typed(self) -> None:
        self.terminal.type('print("\u4e2d" + "\u6587")\r')
        self.terminal.until("\u4e2d\u6587")

    def test_control_d_ends_it(self) -> None:
        self.terminal.wait_for_editing()
        self.terminal.type(CTRL_D)
        self.assertEqual(self.terminal.exit_code(), 0)

    def test_sigterm_ends_it(self) -> None:
        self.terminal.kill(signal.SIGTERM)
        self.assertEqual(self.terminal.exit_code(), 128 + signal.SIGTERM)


class Options(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def run_code(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([PROGRAM, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S,
                              cwd=self.directory, env={**os.environ, **variables}, check=False)

    def test_a_script_that_is_told_to_end_says_by_which_signal(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            with subprocess.Popen([PROGRAM, "-e", 'print("ready"); sleep(600000)'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True) as process:
                assert process.stdout
                self.assertEqual(process.stdout.readline(), "ready\n")
                process.send_signal(number)
                self.assertEqual(process.wait(PATIENCE_S), 128 + number)

    def test_the_home_directory_is_what_the_option_says(self) -> None:
        home = str(Path(self.directory) / "a" / "home")
        self.assertEqual(self.run_code("--home", home, "-e", "getHomeDir()").stdout, home + "\n")
        self.assertTrue(Path(home).is_dir())

    def test_without_the_option_it_is_the_users_and_not_the_working_directory(self) -> None:
        done = self.run_code("-e", "getHomeDir()", XDG_STATE_HOME="", HOME=self.directory + "/user")
        self.assertEqual(done.stdout, self.directory + "/user/.local/state/ddbhost\n")
        done = self.run_code("-e", "getHomeDir()", XDG_STATE_HOME=self.directory + "/state")
        self.assertEqual(done.stdout, self.directory + "/state/ddbhost\n")

    def test_a_log_level_that_is_none_is_refused(self) -> None:
        done = self.run_code("--log-level", "loud", "-e", "1")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--log-level is debug, info, warning or error, not loud", done.stderr)

    def test_info_is_logged_on_demand_only(self) -> None:
        write = 'writeLog("a line")'
        self.assertEqual(self.run_code("-e", write).stderr, "")
        self.assertRegex(self.run_code("--log-level", "info", "-e", write).stderr, "<INFO> ?:a line")


if __name__ == "__main__":
    unittest.main()
