"""Checks of `--set key=value`, because a broker silently ignores a key that it does not know."""

from __future__ import annotations

import difflib
import re
import zipfile
from pathlib import Path

import jars
import remoting
from errors import ClusterError, UsageError
from members import Cluster

_CONFIG_CLASS = re.compile(r"/(BrokerConfig|NettyServerConfig|NettyClientConfig|MessageStoreConfig|AuthConfig)\.class$")
_CONFIG_JARS = ("common", "remoting", "store", "auth")
_OURS = ("brokerClusterName", "brokerName", "brokerId", "namesrvAddr", "listenPort", "haListenPort", "storePathRootDir",
         "storePathCommitLog")


def parse(pairs: list[str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", key):
            raise UsageError(f"--set {pair!r} is not of the form key=value")
        if "\n" in value:
            raise UsageError(f"--set {key}: the value holds a line break")
        if key in _OURS:
            raise UsageError(f"--set {key}: this key is chosen by the script itself, as are {', '.join(k for k in _OURS if k != key)}")
        settings[key] = value
    return settings


def check(settings: dict[str, str], version: str) -> None:
    """Refuses keys that the brokers of this version do not have."""
    if not settings:
        return
    known = _known_keys(jars.provide(version), version)
    for key in settings:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=3)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise UsageError(f"--set {key}: a broker of version {version} has no such key{hint}")


def check_taken(cluster: Cluster) -> None:
    """Asks a running broker for its configuration: a value that it cannot read it has left out without a word."""
    if not cluster.settings:
        return
    master = cluster.masters[0]
    try:
        reply = remoting.call(master.port, remoting.GET_BROKER_CONFIG, credentials=cluster.credentials, tls=cluster.tls_context)
    except remoting.Unreachable as error:
        raise ClusterError(f"the configuration of {master.name} cannot be read: {error}") from error
    if reply.code != remoting.SUCCESS:
        raise ClusterError(f"{master.name} does not tell its configuration: code {reply.code}, {reply.remark}")
    actual = dict(line.partition("=")[::2] for line in reply.body.decode("utf-8").splitlines())
    for key, value in cluster.settings.items():
        if actual.get(key) != value:
            raise ClusterError(f"--set {key}={value}: the broker did not take the value and uses {actual.get(key)!r}")


def _known_keys(directory: Path, version: str) -> set[str]:
    """The keys are the setters of the configuration classes, whose names stand in the class files as they are."""
    keys: set[str] = set()
    for part in _CONFIG_JARS:
        jar = directory / f"rocketmq-{part}-{version}.jar"
        if not jar.exists():
            continue  # the modules differ from version to version
        with zipfile.ZipFile(jar) as archive:
            for name in filter(_CONFIG_CLASS.search, archive.namelist()):
                for setter in re.findall(rb"set([A-Z][A-Za-z0-9]*)", archive.read(name)):
                    text = setter.decode("ascii")
                    keys.add(text[0].lower() + text[1:])
    return keys
