"""What can be done with a cluster: up, down, stop, kill, add, restart, pause, resume, topic, admin."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Callable, Iterable, Optional

import certificates
import configuration
import jars
import members
import ports
import processes
import readiness
import remoting
import settings
from errors import ClusterError, UsageError, progress
from members import Cluster, Member
from remoting import Credentials, Unreachable

_DOWN_PATIENCE_S = 5
_STOP_PATIENCE_S = 45  # a broker of version 5 takes about 17 s
_PORT_ATTEMPTS = 5
# MQAdminStartup ends with 0 whatever happens; this is how its output looks when something went wrong.
_ADMIN_TROUBLE = re.compile(r"^\s+at [\w.$]+\(|\b[\w.]*Exception\b|\b[Ff]ailed\b|^The sub command .* not exist|^\[error\]|"
                            r"please set the environment|Missing required option|Unrecognized option")


class Starter:
    """Starts members and remembers them, so that all of them can be taken back."""

    def __init__(self, cluster: Cluster, deadline: float) -> None:
        self._cluster = cluster
        self._deadline = deadline
        self._started: list[Member] = []

    def start(self, group: list[Member], why_not: Callable[[], Optional[str]], move: bool) -> None:
        """Starts a group at once and waits for it; with `move`, a member whose port was taken meanwhile gets another."""
        for member in group:
            self._spawn(member)
        for attempt in range(1, _PORT_ATTEMPTS + 1):
            try:
                return readiness.wait_for(self._cluster, group, why_not, self._deadline)
            except readiness.Died as death:
                if not (move and death.address_in_use and attempt < _PORT_ATTEMPTS):
                    raise
            for member in group:
                if member.state == "stopped":
                    progress(f"{member.name}: port {member.port} was taken by somebody else; trying another")
                    _choose_port(self._cluster, member, keep=False)
                    self._spawn(member)

    def take_back(self) -> None:
        identities = [member.identity for member in self._started if member.identity is not None]
        processes.terminate(identities, _DOWN_PATIENCE_S)

    def _spawn(self, member: Member) -> None:
        configuration.write(self._cluster, member)
        home = self._cluster.home(member)
        readiness.log_file(self._cluster, member).write_bytes(b"")  # an old error in it would be taken for a new one
        _, identity = processes.start(configuration.command(self._cluster, member), configuration.environment(self._cluster, home),
                                      home, readiness.log_file(self._cluster, member))
        member.remember(identity)
        self._started.append(member)
        self._cluster.save()  # at once, so that `down` finds it even if this process is killed now


def up(cluster: Cluster, name_servers: int, brokers: int, slaves: int, proxy: bool, acl: bool, timeout_s: float) -> None:
    """Starts a cluster and waits until clients can use it."""
    try:
        cluster.directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--dir {cluster.directory} cannot be made: {error.strerror}") from error
    with members.exclusive(cluster.directory, is_new=True):
        previous = members.find(cluster.directory)
        if previous is not None and any(member.state != "stopped" for member in previous.members):
            raise ClusterError(f"a cluster is already running in {cluster.directory}; stop it with: "
                               f"broker/rocketmq down --dir '{cluster.directory}'")
        configuration.java()
        jars.provide(cluster.version)
        if proxy:
            jars.provide(cluster.version, proxy=True)
        settings.check(cluster.settings, cluster.version)
        cluster.members = _lay_out(name_servers, brokers, slaves, proxy)
        _check_directory(cluster, previous)
        _keep_ports(cluster, previous)
        if acl:
            _make_credentials(cluster, previous)
        if cluster.tls:
            certificates.make(cluster.directory)
            progress(f"TLS is demanded; certificates and keys are in {cluster.directory / certificates.DIRECTORY}")
        started_at = time.monotonic()
        progress(f"starting RocketMQ {cluster.version}: {', '.join(member.name for member in cluster.members)}")
        starter = Starter(cluster, started_at + timeout_s)
        try:
            for member in cluster.members:
                _choose_port(cluster, member, keep=True)
            starter.start(cluster.name_servers, lambda: _first(readiness.why_name_server_is_not_ready(cluster, server)
                                                               for server in cluster.name_servers), move=True)
            starter.start(cluster.brokers, lambda: readiness.why_brokers_are_not_ready(cluster, cluster.brokers), move=True)
            for member in cluster.proxies:
                starter.start([member], lambda: readiness.why_proxy_is_not_ready(cluster, member), move=True)
            settings.check_taken(cluster)
        except BaseException:
            starter.take_back()
            raise
        progress(f"ready after {time.monotonic() - started_at:.1f} s")


def down(directory: Path, purge: bool) -> None:
    if not directory.is_dir() or members.find(directory) is None:
        progress(f"no cluster in {directory}; nothing to do")
        return
    with members.exclusive(directory):
        cluster = members.find(directory)
        if cluster is None:
            return  # somebody else was faster
        alive = [member for member in cluster.members if member.state != "stopped"]
        identities = [member.identity for member in alive if member.identity]
        if purge:
            processes.kill(identities)  # nothing of what a proper end would save is kept
            members.forget(cluster)
            progress(f"{directory}: {len(alive)} members stopped, their files removed")
            return
        killed = processes.terminate(identities, _DOWN_PATIENCE_S)
        for member in alive:
            how = f"killed, it did not end within {_DOWN_PATIENCE_S} s" if member.identity in killed else "stopped"
            progress(f"{member.name} {how}")


def stop(directory: Path, name: str) -> None:
    with members.exclusive(directory):
        member = members.load(directory).member(name)
        if member.identity is None or member.state == "stopped":
            progress(f"{name} is not running")
        elif processes.terminate([member.identity], _STOP_PATIENCE_S):
            raise ClusterError(f"{name} did not end within {_STOP_PATIENCE_S} s and was killed")


def kill(directory: Path, name: str) -> None:
    with members.exclusive(directory):
        member = members.load(directory).member(name)
        if member.identity is None or member.state == "stopped":
            progress(f"{name} is not running")
        else:
            processes.kill([member.identity])


def add(directory: Path, name: str, timeout_s: float) -> None:
    """Starts a broker that the cluster did not have, with the cluster's version and settings."""
    with members.exclusive(directory):
        cluster = members.load(directory)
        if all(server.state != "running" for server in cluster.name_servers):
            raise ClusterError(f"no name server of the cluster in {directory} is running; start it with: "
                               f"broker/rocketmq up --dir '{directory}'")
        member = _newcomer(cluster, name)
        if cluster.home(member).exists():
            raise UsageError(f"{cluster.home(member)} exists and belongs to no member; remove it first")
        cluster.members.append(member)
        _choose_port(cluster, member, keep=False)
        started_at = time.monotonic()
        starter = Starter(cluster, started_at + timeout_s)
        try:
            starter.start([member], lambda: readiness.why_brokers_are_not_ready(cluster, [member]), move=True)
        except BaseException:
            starter.take_back()
            cluster.members.remove(member)
            cluster.save()
            shutil.rmtree(cluster.home(member), ignore_errors=True)
            raise
        progress(f"{name} ready after {time.monotonic() - started_at:.1f} s")


def restart(directory: Path, name: str, new_port: bool, timeout_s: float) -> None:
    """Starts a member again, on its port or a new one and with its store; one that runs is stopped first."""
    with members.exclusive(directory):
        cluster = members.load(directory)
        member = cluster.member(name)
        if member.identity is not None and member.state != "stopped":
            processes.terminate([member.identity], _STOP_PATIENCE_S)
        if new_port:
            if member.role not in ("master", "slave"):
                raise UsageError(f"--new-port: {name} is no broker, and the others know it by its port")
            _choose_port(cluster, member, keep=False)
        started_at = time.monotonic()
        starter = Starter(cluster, started_at + timeout_s)
        if member.role == "namesrv":
            def why_not() -> Optional[str]:
                running = [broker for broker in cluster.brokers if broker.state == "running"]
                return readiness.why_name_server_is_not_ready(cluster, member) or readiness.why_brokers_are_not_ready(cluster, running)
        elif member.role == "proxy":
            def why_not() -> Optional[str]:
                return readiness.why_proxy_is_not_ready(cluster, member)
        else:
            def why_not() -> Optional[str]:
                return readiness.why_brokers_are_not_ready(cluster, [member])
        try:
            starter.start([member], why_not, move=False)
        except BaseException:
            starter.take_back()
            raise
        progress(f"{name} ready after {time.monotonic() - started_at:.1f} s")


def pause(directory: Path, name: str, number: signal.Signals) -> None:
    with members.exclusive(directory):
        member = members.load(directory).member(name)
        if member.identity is None or member.state == "stopped":
            raise ClusterError(f"{name} is not running; start it with: broker/rocketmq restart --dir '{directory}' {name}")
        processes.send(member.identity, number)
        wanted = "paused" if number == signal.SIGSTOP else "running"
        deadline = time.monotonic() + 5
        while member.state != wanted and time.monotonic() < deadline:
            time.sleep(0.01)
        if member.state != wanted:
            raise ClusterError(f"{name} is {member.state} and not {wanted} after 5 s")


def status(directory: Path) -> str:
    cluster = members.load(directory)
    rows = [("MEMBER", "PID", "PORT", "STATE")]
    for member in cluster.members:
        rows.append((member.name, str(member.pid) if member.state != "stopped" else "-", str(member.port), member.state))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def create_topic(directory: Path, topic: str, queues: int, timeout_s: float) -> None:
    """Creates (or changes) a topic on every master, without starting a JVM for it."""
    cluster = members.load(directory)
    masters = [master for master in cluster.masters if master.state == "running"]
    if not masters:
        raise ClusterError(f"no master of the cluster in {directory} is running")
    fields = {"topic": topic, "defaultTopic": readiness.AUTO_CREATE_TOPIC, "readQueueNums": str(queues), "writeQueueNums": str(queues),
              "perm": "6", "topicFilterType": "SINGLE_TAG", "topicSysFlag": "0", "order": "false"}
    for master in masters:
        try:
            reply = remoting.call(master.port, remoting.UPDATE_AND_CREATE_TOPIC, fields, cluster.credentials, timeout_s,
                                  cluster.tls_context)
        except Unreachable as error:
            raise ClusterError(f"topic {topic} could not be created on {master.name}: {error}") from error
        if reply.code != remoting.SUCCESS:
            raise ClusterError(f"{master.name} refuses to create topic {topic}: code {reply.code}, {reply.remark}")
    readiness.wait_for(cluster, masters, lambda: readiness.why_not_routed(cluster, topic, masters), time.monotonic() + timeout_s)


def admin(directory: Path, arguments: list[str]) -> int:
    """Runs RocketMQ's admin tool; returns an exit code that tells the truth, unlike the tool's own."""
    cluster = members.load(directory)
    command = configuration.admin_command(cluster, arguments)
    home = configuration.admin_home(cluster)
    trouble = threading.Event()

    def copy(source: IO[str], target: IO[str]) -> None:
        for line in source:
            if _ADMIN_TROUBLE.search(line):
                trouble.set()
            target.write(line)
            target.flush()

    with subprocess.Popen(command, env=configuration.environment(cluster, home), cwd=home, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace") as process:
        assert process.stdout is not None and process.stderr is not None
        errors = threading.Thread(target=copy, args=(process.stderr, sys.stderr))
        errors.start()
        try:
            copy(process.stdout, sys.stdout)
        except BaseException:
            process.kill()
            raise
        finally:
            errors.join()
    return process.returncode or (1 if trouble.is_set() else 0)


def _lay_out(name_servers: int, brokers: int, slaves: int, proxy: bool) -> list[Member]:
    names = [f"broker-{chr(ord('a') + index)}" for index in range(brokers)]
    return ([Member(f"namesrv-{index}", "namesrv") for index in range(name_servers)]
            + [Member(name, "master", broker_name=name) for name in names]
            + [Member(f"{name}-slave", "slave", broker_name=name) for name in names[:slaves]]
            + ([Member("proxy-0", "proxy")] if proxy else []))


def _newcomer(cluster: Cluster, name: str) -> Member:
    match = re.fullmatch(r"(broker-[a-z])(-slave)?", name)
    if match is None:
        raise UsageError(f"{name!r} is no name of a broker; masters are named broker-a to broker-z, their slaves broker-a-slave ...")
    if any(member.name == name for member in cluster.members):
        raise UsageError(f"{name} is a member already; if it is stopped, start it with: broker/rocketmq restart --dir "
                         f"'{cluster.directory}' {name}")
    broker_name, is_slave = match.groups()
    if is_slave and all(master.name != broker_name for master in cluster.masters):
        raise UsageError(f"{name} would be the slave of {broker_name}, which is no master of this cluster")
    return Member(name, "slave" if is_slave else "master", broker_name=broker_name)


def _check_directory(cluster: Cluster, previous: Optional[Cluster]) -> None:
    """Members' directories must be new or be those of an earlier cluster, whose messages are kept."""
    own = {member.name for member in previous.members} if previous else set()
    if not own <= {member.name for member in cluster.members}:
        raise UsageError(f"{cluster.directory} holds an earlier cluster with other members ({', '.join(sorted(own))}); start it with "
                         f"the same ones, or remove it with: broker/rocketmq down --purge --dir '{cluster.directory}'")
    for member in cluster.members:
        if member.name not in own and cluster.home(member).exists():
            raise UsageError(f"{cluster.home(member)} exists and belongs to no cluster; give --dir a new or empty directory")


def _keep_ports(cluster: Cluster, previous: Optional[Cluster]) -> None:
    if previous is None:
        return
    for member in cluster.members:
        for old in previous.members:
            if old.name == member.name:
                member.port = old.port


def _choose_port(cluster: Cluster, member: Member, keep: bool) -> None:
    taken: set[int] = set()
    for other in cluster.members:
        if other is not member and other.port:
            taken |= ports.wanted_by(other.role, other.port)
    if not (keep and member.port and ports.are_free(member.role, member.port)):
        member.port = ports.choose(member, taken)


def _make_credentials(cluster: Cluster, previous: Optional[Cluster]) -> None:
    """A key pair of this cluster only; an earlier cluster's is kept, because its brokers have stored the user."""
    kept = previous.credentials if previous else None
    cluster.credentials = kept or Credentials("rocketmq", secrets.token_hex(16))
    path = cluster.directory / members.CREDENTIALS_FILE
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump({"accessKey": cluster.credentials.access_key, "secretKey": cluster.credentials.secret_key}, out)
    progress(f"access control is on; the keys are in {path}")


def _first(reasons: Iterable[Optional[str]]) -> Optional[str]:
    return next((reason for reason in reasons if reason is not None), None)
