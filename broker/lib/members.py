"""What a cluster consists of, and how that is remembered in DIR/cluster.json."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import ssl
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Iterator, Optional

import certificates
import processes
from errors import ClusterError
from processes import Identity
from remoting import Credentials

CLUSTER_NAME = "DefaultCluster"
MAX_BROKERS = 26  # broker-a to broker-z

ADMIN_DIRECTORY = "admin"
CREDENTIALS_FILE = "credentials.json"

_STATE_FILE = "cluster.json"
_LOCK_FILE = ".lock"
_FORMAT = 1


@dataclass
class Member:
    """A name server, a broker or a Proxy. It keeps its port and its directory over restarts."""

    name: str
    role: str  # "namesrv", "master", "slave" or "proxy"
    port: int = 0
    broker_name: str = ""
    pid: int = 0
    start_time: int = 0

    @property
    def identity(self) -> Optional[Identity]:
        return Identity(self.pid, self.start_time) if self.pid else None

    @property
    def state(self) -> str:
        return processes.state(self.identity)

    @property
    def broker_id(self) -> int:
        return 1 if self.role == "slave" else 0

    def remember(self, identity: Identity) -> None:
        self.pid, self.start_time = identity


@dataclass
class Cluster:
    directory: Path
    version: str
    heap: str
    profile: str
    auto_create: bool
    settings: dict[str, str] = field(default_factory=dict)
    credentials: Optional[Credentials] = None
    tls: str = ""  # "server", or "mutual" where clients must show a certificate, or "" for none
    members: list[Member] = field(default_factory=list)

    @property
    def name_servers(self) -> list[Member]:
        return [member for member in self.members if member.role == "namesrv"]

    @property
    def brokers(self) -> list[Member]:
        return [member for member in self.members if member.role in ("master", "slave")]

    @property
    def masters(self) -> list[Member]:
        return [member for member in self.members if member.role == "master"]

    @property
    def name_server_addresses(self) -> str:
        return ";".join(f"127.0.0.1:{member.port}" for member in self.name_servers)

    @property
    def proxies(self) -> list[Member]:
        return [member for member in self.members if member.role == "proxy"]

    @property
    def tls_context(self) -> Optional[ssl.SSLContext]:
        return certificates.client_context(self.directory) if self.tls else None

    def member(self, name: str) -> Member:
        for member in self.members:
            if member.name == name:
                return member
        raise ClusterError(f"no member {name!r} in this cluster; there are {', '.join(m.name for m in self.members)}")

    def home(self, member: Member) -> Path:
        return self.directory / member.name

    def save(self) -> None:
        """Replaces the file in one step, so that a reader never sees half of it."""
        document = {
            "format": _FORMAT, "version": self.version, "heap": self.heap, "profile": self.profile, "auto_create": self.auto_create,
            "settings": self.settings, "credentials": list(self.credentials) if self.credentials else None,
            "tls": self.tls,
            "members": [asdict(member) for member in self.members],
        }
        temporary = self.directory / f".{_STATE_FILE}.new"
        # It holds the secret key when there is one.
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(document, out, indent=1)
        temporary.replace(self.directory / _STATE_FILE)


def find(directory: Path) -> Optional[Cluster]:
    """The cluster of a directory, running or not; nothing when there has never been one."""
    try:
        text = (directory / _STATE_FILE).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        document = json.loads(text)
        if document["format"] != _FORMAT:
            raise ValueError(f"format {document['format']}")
        credentials = Credentials(*document["credentials"]) if document["credentials"] else None
        return Cluster(directory, document["version"], document["heap"], document["profile"], document["auto_create"],
                       document["settings"], credentials, document.get("tls", ""), [Member(**member) for member in document["members"]])
    except (ValueError, KeyError, TypeError) as error:
        raise ClusterError(f"{directory / _STATE_FILE} cannot be understood ({error}); was it edited?") from error


def load(directory: Path) -> Cluster:
    cluster = find(directory)
    if cluster is None:
        raise _nothing_in(directory)
    return cluster


def _nothing_in(directory: Path) -> ClusterError:
    return ClusterError(f"there is no cluster in {directory}; start one with: broker/rocketmq up --dir '{directory}'")


@contextlib.contextmanager
def exclusive(directory: Path, is_new: bool = False) -> Iterator[None]:
    """Lets one command at a time change the cluster of a directory; others wait."""
    if not is_new and not (directory / _STATE_FILE).exists():
        raise _nothing_in(directory)
    path = directory / _LOCK_FILE
    while True:
        try:
            lock = open(path, "w", encoding="ascii")
        except OSError as error:
            raise ClusterError(f"{directory} cannot be used: {error.strerror}") from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Whoever held it may have purged the directory, and then this is the lock of a file that is gone.
            try:
                current = path.stat()
            except FileNotFoundError:
                continue
            if os.path.samestat(os.fstat(lock.fileno()), current):
                yield
                return


def forget(cluster: Cluster) -> None:
    """Removes what the cluster left in its directory, and nothing else."""
    for name in [member.name for member in cluster.members] + [ADMIN_DIRECTORY, certificates.DIRECTORY]:
        shutil.rmtree(cluster.directory / name, ignore_errors=True)
    for name in (_STATE_FILE, f".{_STATE_FILE}.new", CREDENTIALS_FILE, _LOCK_FILE):
        (cluster.directory / name).unlink(missing_ok=True)
