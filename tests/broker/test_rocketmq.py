"""What broker/rocketmq promises: a cluster that can be used, disturbed, and taken away without a trace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "broker" / "lib"))

import remoting  # noqa: E402

SCRIPT = ROOT / "broker" / "rocketmq"
JAVA_CLIENT = ROOT / "tests" / "interop" / "java-client"
LIMIT_S = 240
DOWNLOAD_LIMIT_S = 1000  # The first start of a version fetches its jars.


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    limit_s = DOWNLOAD_LIMIT_S if arguments[:1] == ("up",) else LIMIT_S
    return subprocess.run([str(SCRIPT), *map(str, arguments)], capture_output=True, text=True, timeout=limit_s, check=False)


class Cluster:
    """A cluster in a temporary directory; its path has a space on purpose."""

    def __init__(self, *options: str) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="rocketmq test "))
        done = run("up", "--dir", self.directory, *options)
        self.output = done.stdout
        if done.returncode != 0:
            self.remove()
            raise AssertionError(f"up failed with {done.returncode}:\n{done.stderr}")

    @property
    def name_servers(self) -> str:
        return self.output.strip().removeprefix("namesrv=")

    def __call__(self, command: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        return run(command, "--dir", self.directory, *arguments)

    def members(self) -> dict[str, tuple[str, str, str]]:
        """Name -> pid, port, state, as `status` shows them."""
        lines = self("status").stdout.splitlines()[1:]
        return {name: (pid, port, state) for name, pid, port, state in (line.split() for line in lines)}

    def remove(self) -> None:
        run("down", "--purge", "--dir", self.directory)
        shutil.rmtree(self.directory)


def processes_of(directory: Path) -> list[str]:
    """The pids of all processes whose command line names the directory."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str(directory).encode() in (entry / "cmdline").read_bytes():
                found.append(entry.name)
        except OSError:
            continue
    return found


class RunningCluster(unittest.TestCase):
    """One cluster for the tests that leave it as they found it."""

    cluster: Cluster

    @classmethod
    def setUpClass(cls) -> None:
        cls.cluster = Cluster()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.cluster.remove()

    def assertSucceeds(self, done: subprocess.CompletedProcess[str]) -> None:
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_up_prints_the_address_and_nothing_else(self) -> None:
        self.assertRegex(self.cluster.output, r"\Anamesrv=127\.0\.0\.1:\d+\n\Z")

    def test_a_topic_is_usable_as_soon_as_topic_returns(self) -> None:
        self.assertSucceeds(self.cluster("topic", "made_by_test", "--queues", "3"))
        route = self.cluster("admin", "topicRoute", "-t", "made_by_test")
        self.assertSucceeds(route)
        self.assertIn('"writeQueueNums":3', route.stdout)

    def test_admin_reports_failure_by_its_exit_code(self) -> None:
        done = self.cluster("admin", "--", "topicRoute", "-t", "no_such_topic")
        self.assertEqual(done.returncode, 1)
        self.assertIn("No topic route info", done.stderr)

    def test_the_java_client_receives_what_it_sent(self) -> None:
        def client(*arguments: str) -> list[str]:
            done = subprocess.run([str(JAVA_CLIENT), "--build-dir", str(self.cluster.directory / "classes"), *arguments],
                                  capture_output=True, text=True, timeout=LIMIT_S, check=False)
            if done.returncode != 0:
                self.fail(done.stderr + self.cluster("admin", "topicStatus", "-t", "interop").stdout
                          + self.cluster("admin", "consumerProgress", "-g", "g").stdout)
            return done.stdout.splitlines()

        where = ("--namesrv", self.cluster.name_servers, "--topic", "interop")
        sent = client("send", *where, "--count", "3", "--size", "5000", "--compress", "zstd", "--tag", "A", "--key", "k")
        received = client("receive", *where, "--group", "g", "--count", "3", "--timeout-s", "40", "--from", "first")
        self.assertEqual(sorted(line.split("\t")[:2] for line in sent), sorted(line.split("\t")[:2] for line in received))
        for line in received:
            fields = line.split("\t")
            self.assertEqual(fields[2:4], ["A", "k"])
            self.assertLess(int(fields[8]), 5000, "the stored message was to be compressed")

    def test_a_second_up_in_the_same_directory_is_refused(self) -> None:
        done = self.cluster("up")
        self.assertEqual(done.returncode, 1)
        self.assertIn("already running", done.stderr)
        self.assertEqual({state for _, _, state in self.cluster.members().values()}, {"running"})

    def test_another_cluster_beside_it_is_its_own(self) -> None:
        other = Cluster("--version", "4.9.7")
        try:
            self.assertNotEqual(other.name_servers, self.cluster.name_servers)
            own_ports = {port for _, port, _ in self.cluster.members().values()}
            self.assertTrue(own_ports.isdisjoint(port for _, port, _ in other.members().values()))
        finally:
            other.remove()
        self.assertEqual(processes_of(other.directory), [])
        self.assertEqual({state for _, _, state in self.cluster.members().values()}, {"running"})

    def test_an_unknown_member_is_named_together_with_the_real_ones(self) -> None:
        done = self.cluster("kill", "broker-z")
        self.assertEqual(done.returncode, 1)
        self.assertIn("'broker-z'", done.stderr)
        self.assertIn("namesrv-0, broker-a", done.stderr)

    def test_what_cannot_be_added_changes_nothing(self) -> None:
        before = self.cluster.members()
        for member, message in (("broker-a", "is a member already"), ("broker-c-slave", "broker-c, which is no master"),
                                ("namesrv-1", "no name of a broker")):
            with self.subTest(member):
                done = self.cluster("add", member)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(message, done.stderr)
        self.assertEqual(self.cluster.members(), before)

    def test_a_paused_member_stands_still_until_it_is_resumed(self) -> None:
        self.assertEqual(self.cluster("pause", "broker-a").returncode, 0)
        self.assertEqual(self.cluster.members()["broker-a"][2], "paused")
        self.assertEqual(self.cluster("resume", "broker-a").returncode, 0)
        self.assertEqual(self.cluster.members()["broker-a"][2], "running")


class DisturbedCluster(unittest.TestCase):
    def setUp(self) -> None:
        self.cluster = Cluster()
        self.addCleanup(self.cluster.remove)

    def test_a_killed_broker_restarts_on_its_port_with_its_topics(self) -> None:
        self.assertEqual(self.cluster("topic", "kept").returncode, 0)
        _, port, _ = self.cluster.members()["broker-a"]
        self.assertEqual(self.cluster("kill", "broker-a").returncode, 0)
        self.assertEqual(self.cluster.members()["broker-a"], ("-", port, "stopped"))
        done = self.cluster("restart", "broker-a")
        self.assertEqual(done.returncode, 0, done.stderr)
        pid, new_port, state = self.cluster.members()["broker-a"]
        self.assertEqual((new_port, state), (port, "running"))
        self.assertTrue(Path(f"/proc/{pid}").exists())
        self.assertEqual(self.cluster("admin", "topicRoute", "-t", "kept").returncode, 0)

    def test_a_broker_that_moves_to_another_port_keeps_its_topics_and_is_routed_to(self) -> None:
        self.assertEqual(self.cluster("topic", "kept").returncode, 0)
        _, port, _ = self.cluster.members()["broker-a"]
        self.assertEqual(self.cluster("kill", "broker-a").returncode, 0)
        done = self.cluster("restart", "--new-port", "broker-a")
        self.assertEqual(done.returncode, 0, done.stderr)
        _, new_port, state = self.cluster.members()["broker-a"]
        self.assertEqual(state, "running")
        self.assertNotEqual(new_port, port)
        route = self.cluster("admin", "topicRoute", "-t", "kept")
        self.assertIn(f"127.0.0.1:{new_port}", route.stdout)
        refused = self.cluster("restart", "--new-port", "namesrv-0")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("is no broker", refused.stderr)

    def test_an_added_master_and_an_added_slave_serve_clients_and_go_with_down(self) -> None:
        for member in ("broker-b", "broker-a-slave"):
            done = self.cluster("add", member)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.cluster.members()[member][2], "running")
        self.assertEqual(self.cluster("topic", "wide", "--queues", "2").returncode, 0)
        route = remoting.lenient_json(remoting.call(int(self.cluster.members()["namesrv-0"][1]), remoting.GET_ROUTEINFO_BY_TOPIC,
                                                    {"topic": "wide"}).body)
        ports = {name: port for name, (_, port, _) in self.cluster.members().items()}
        self.assertEqual({data["brokerName"]: data["brokerAddrs"] for data in route["brokerDatas"]},
                         {"broker-a": {"0": f"127.0.0.1:{ports['broker-a']}", "1": f"127.0.0.1:{ports['broker-a-slave']}"},
                          "broker-b": {"0": f"127.0.0.1:{ports['broker-b']}"}})
        self.assertEqual(self.cluster("down", "--purge").returncode, 0)
        self.assertEqual(processes_of(self.cluster.directory), [])
        self.assertEqual(list(self.cluster.directory.iterdir()), [])

    def test_down_ends_every_process_even_a_paused_one_and_may_be_repeated(self) -> None:
        self.assertEqual(self.cluster("pause", "namesrv-0").returncode, 0)
        self.assertEqual(len(processes_of(self.cluster.directory)), 2)
        self.assertEqual(self.cluster("down").returncode, 0)
        self.assertEqual(processes_of(self.cluster.directory), [])
        self.assertTrue((self.cluster.directory / "broker-a" / "store").exists())
        self.assertEqual(self.cluster("down", "--purge").returncode, 0)
        self.assertEqual(list(self.cluster.directory.iterdir()), [])
        self.assertEqual(self.cluster("down").returncode, 0)


class GuardedCluster(unittest.TestCase):
    def test_with_acl_only_signed_requests_are_served(self) -> None:
        cluster = Cluster("--acl")
        self.addCleanup(cluster.remove)
        self.assertEqual((cluster.directory / "credentials.json").stat().st_mode & 0o777, 0o600)
        done = cluster("topic", "signed")
        self.assertEqual(done.returncode, 0, done.stderr)
        port = int(cluster.members()["broker-a"][1])
        unsigned = remoting.call(port, remoting.GET_BROKER_CONFIG)
        self.assertNotEqual(unsigned.code, remoting.SUCCESS)


class RecycledPid(unittest.TestCase):
    def test_a_process_that_only_has_a_members_old_pid_is_left_alone(self) -> None:
        directory = Path(tempfile.mkdtemp(prefix="rocketmq test "))
        self.addCleanup(shutil.rmtree, directory)
        with subprocess.Popen(["sleep", "60"]) as innocent:
            try:
                (directory / "cluster.json").write_text(
                    '{"format":1,"version":"5.5.0","heap":"64m","profile":"test","auto_create":true,"settings":{},"credentials":null,'
                    f'"members":[{{"name":"broker-a","role":"master","port":20000,"broker_name":"broker-a","pid":{innocent.pid},'
                    '"start_time":1}]}', encoding="utf-8")
                self.assertEqual(run("down", "--dir", directory).returncode, 0)
                self.assertIsNone(innocent.poll())
            finally:
                innocent.kill()


class WrongArguments(unittest.TestCase):
    """Each is refused with exit code 2 and a message that names what is wrong; nothing is started."""

    CASES = {
        "no command": ([], "COMMAND"),
        "a misspelt command": (["upp", "--dir", "D"], "'upp'"),
        "no directory": (["up"], "--dir"),
        "a misspelt option": (["up", "--dir", "D", "--broker", "2"], "--broker"),
        "no broker": (["up", "--dir", "D", "--brokers", "0"], "from 1 to 26"),
        "more slaves than masters": (["up", "--dir", "D", "--slaves", "2"], "--slaves 2"),
        "a version that is none": (["up", "--dir", "D", "--version", "latest"], "'latest'"),
        "a setting without value": (["up", "--dir", "D", "--set", "maxMessageSize"], "key=value"),
        "a misspelt setting": (["up", "--dir", "D", "--set", "maxMesageSize=1"], "did you mean maxMessageSize"),
        "a setting of the script's own": (["up", "--dir", "D", "--set", "listenPort=1"], "listenPort"),
        "a Proxy with access control": (["up", "--dir", "D", "--proxy", "--acl"], "--proxy and --acl"),
        "a heap without unit": (["up", "--dir", "D", "--heap", "512"], "'512'"),
        "a topic name with a space": (["topic", "--dir", "D", "a b"], "'a b'"),
        "nothing for the admin tool": (["admin", "--dir", "D"], "topicList"),
    }

    def test_they_are_refused(self) -> None:
        directory = tempfile.mkdtemp(prefix="rocketmq test ")
        self.addCleanup(shutil.rmtree, directory)
        for name, (arguments, message) in self.CASES.items():
            with self.subTest(name):
                done = run(*[directory if argument == "D" else argument for argument in arguments])
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(message, done.stderr)
                self.assertEqual(done.stdout, "")
                self.assertEqual([entry for entry in os.listdir(directory) if entry != ".lock"], [])

    def test_a_foreign_directory_in_the_way_is_not_touched(self) -> None:
        directory = Path(tempfile.mkdtemp(prefix="rocketmq test "))
        self.addCleanup(shutil.rmtree, directory)
        (directory / "broker-a").mkdir()
        (directory / "broker-a" / "mine").write_text("mine", encoding="ascii")
        done = run("up", "--dir", directory)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual((directory / "broker-a" / "mine").read_text(encoding="ascii"), "mine")

    def test_commands_on_a_directory_without_a_cluster_say_how_to_start_one(self) -> None:
        for command in (["status"], ["kill", "broker-a"], ["topic", "t"]):
            with self.subTest(command[0]):
                done = run(command[0], "--dir", "/nonexistent", *command[1:])
                self.assertEqual(done.returncode, 1)
                self.assertRegex(done.stderr, r"no cluster in .*broker/rocketmq up")


class FailedStart(unittest.TestCase):
    """What cannot start is explained, and nothing is left running."""

    def setUp(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="rocketmq test "))
        self.addCleanup(shutil.rmtree, self.directory)
        self.addCleanup(run, "down", "--purge", "--dir", self.directory)

    def assertFails(self, option: str, value: str, *messages: str) -> None:
        done = run("up", "--dir", self.directory, option, value)
        self.assertEqual(done.returncode, 1, done.stderr)
        for message in messages:
            self.assertIn(message, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(processes_of(self.directory), [])

    def test_a_broker_that_ends_at_once_is_shown_with_its_log(self) -> None:
        self.assertFails("--heap", "1m", "broker-a ended while it started", "Too small")

    def test_a_value_that_the_broker_ignores_is_an_error(self) -> None:
        self.assertFails("--set", "brokerRole=NO_SUCH_ROLE", "brokerRole=NO_SUCH_ROLE", "uses 'ASYNC_MASTER'")


class FailedDownload(unittest.TestCase):
    """Maven's complaints become a sentence that says what to do. A stand-in for Maven makes them without a network."""

    def assertExplained(self, complaint: str, *messages: str) -> None:
        with tempfile.TemporaryDirectory(prefix="rocketmq test ") as name:
            directory = Path(name)
            maven = directory / "mvn"
            maven.write_text(f"#!/bin/sh\necho '[ERROR] {complaint}'\nexit 1\n", encoding="ascii")
            maven.chmod(0o755)
            environment = {**os.environ, "PATH": f"{directory}:{os.environ['PATH']}", "XDG_CACHE_HOME": name}
            done = subprocess.run([str(SCRIPT), "jars", "--version", "5.3.1"], env=environment, capture_output=True, text=True,
                                  timeout=LIMIT_S, check=False)
            self.assertEqual(done.returncode, 1)
            for message in messages:
                self.assertIn(message, done.stderr)
            left = [entry.name for entry in (directory / "rocketmq-jars").iterdir()]
            self.assertEqual(left, ["5.3.1.lock"], "half a download must not stay")

    def test_a_version_that_does_not_exist(self) -> None:
        self.assertExplained("Could not find artifact org.apache.rocketmq:rocketmq-namesrv:jar:5.3.1 in central",
                             "does not have this version", "known to work", "5.5.0")

    def test_no_network(self) -> None:
        self.assertExplained("Could not transfer artifact x:y:pom:1 from/to central: repo.example: Unknown host repo.example",
                             "cannot be reached", "Unknown host")


if __name__ == "__main__":
    unittest.main()
