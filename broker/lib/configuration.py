"""The files and the command line a member is started with."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import certificates
import jars
from errors import ClusterError
from members import ADMIN_DIRECTORY, CLUSTER_NAME, Cluster, Member

_MAIN_CLASS = {
    "namesrv": "org.apache.rocketmq.namesrv.NamesrvStartup",
    "master": "org.apache.rocketmq.broker.BrokerStartup",
    "slave": "org.apache.rocketmq.broker.BrokerStartup",
    "proxy": "org.apache.rocketmq.proxy.ProxyStartup",
}
_ADMIN_CLASS = "org.apache.rocketmq.tools.command.MQAdminStartup"

# RocketMQ reaches into the JDK for off-heap buffers.
_OPEN_MODULES = (
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
)
# "test" starts fast and stays small; "bench" runs fast once warm.
_PROFILES = {
    "test": ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
    "bench": ("-XX:+UseG1GC",),
}
PROFILES = tuple(_PROFILES)

# One log a member, on its standard output, instead of RocketMQ's thirty files. Versions before 5 look for these names in
# ROCKETMQ_HOME/conf and do not start without them; versions from 5 on are pointed at the file.
_LOGBACK_FILES = {"namesrv": "logback_namesrv.xml", "master": "logback_broker.xml", "slave": "logback_broker.xml",
                  "proxy": "logback_proxy.xml", "admin": "logback_tools.xml"}
_LOGBACK = """\
<?xml version="1.0" encoding="UTF-8"?>
<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d{{HH:mm:ss.SSS}} %p %t - %m%n</pattern></encoder>
  </appender>
  <root level="{level}"><appender-ref ref="out"/></root>
</configuration>
"""


def java() -> str:
    home = os.environ.get("JAVA_HOME")
    found = shutil.which(os.path.join(home, "bin", "java")) if home else shutil.which("java")
    if found is None:
        where = f"JAVA_HOME={home} has no bin/java" if home else "java is not on the PATH"
        raise ClusterError(f"{where}, and RocketMQ needs Java 17 or newer; run ./setup --demo")
    return found


def uses_acl2(version: str) -> bool:
    """ACL 2.0 (users in the broker, authenticationEnabled) came with 5.3.0; before, plain_acl.yml is read."""
    major, minor = (int(part) for part in version.split(".")[:2])
    return (major, minor) >= (5, 3)


def write(cluster: Cluster, member: Member) -> None:
    """Writes the configuration of a member for the port that it has now."""
    home = cluster.home(member)
    for name in ("conf", "logs", "tmp"):
        (home / name).mkdir(parents=True, exist_ok=True)
    _write_logback(home, member.role, "INFO")
    if member.role == "proxy":
        text = json.dumps(_proxy_settings(cluster, member), indent=1)
        (home / "conf" / "rmq-proxy.json").write_text(text, encoding="utf-8")
        return
    if member.role == "namesrv":
        properties = {"listenPort": str(member.port), "bindAddress": "127.0.0.1"}
    else:
        properties = _broker_properties(cluster, member)
        if cluster.credentials is not None:
            properties.update(_acl(cluster, home))
        # A slave has its own role, whatever the masters' is.
        properties.update({key: value for key, value in cluster.settings.items() if key != "brokerRole" or member.role == "master"})
    _write_properties(home / "conf" / "server.properties", properties)
    _write_tls(cluster, home)


def command(cluster: Cluster, member: Member) -> list[str]:
    heap = "256m" if member.role == "namesrv" else cluster.heap
    conf = cluster.home(member) / "conf"
    arguments = ["-pc", str(conf / "rmq-proxy.json")] if member.role == "proxy" else ["-c", str(conf / "server.properties")]
    class_path = jars.class_path(jars.provide(cluster.version, proxy=member.role == "proxy"))
    return [*_jvm(cluster, cluster.home(member), member.role), f"-Xmx{heap}", *_PROFILES[cluster.profile], "-cp", class_path,
            _MAIN_CLASS[member.role], *arguments]


def admin_command(cluster: Cluster, arguments: list[str]) -> list[str]:
    home = admin_home(cluster)
    (home / "conf").mkdir(parents=True, exist_ok=True)
    (home / "tmp").mkdir(exist_ok=True)
    _write_logback(home, "admin", "OFF")
    _write_tls(cluster, home)
    if cluster.credentials is not None:
        tools = home / "conf" / "tools.yml"
        _write_private(tools, f"accessKey: {cluster.credentials.access_key}\nsecretKey: {cluster.credentials.secret_key}\n")
    return [*_jvm(cluster, home, "admin"), "-Xmx256m", *_PROFILES["test"], "-cp", jars.class_path(jars.provide(cluster.version)), _ADMIN_CLASS,
            *arguments]


def admin_home(cluster: Cluster) -> Path:
    return cluster.directory / ADMIN_DIRECTORY


def environment(cluster: Cluster, home: Path) -> dict[str, str]:
    """The user's environment, less what would change how RocketMQ or the JVM behaves."""
    kept = {key: value for key, value in os.environ.items()
            if key not in ("CLASSPATH", "JAVA_OPT", "JAVA_OPT_EXT", "ROCKETMQ_HOME", "NAMESRV_ADDR")}
    return {**kept, "ROCKETMQ_HOME": str(home), "NAMESRV_ADDR": cluster.name_server_addresses}


def _jvm(cluster: Cluster, home: Path, role: str) -> list[str]:
    return [
        java(), *_OPEN_MODULES,
        f"-Duser.home={home}",  # the logs go below it, instead of into the user's home
        f"-Djava.io.tmpdir={home / 'tmp'}",  # native libraries are unpacked there, and a killed process leaves them
        f"-Drmq.logback.configurationFile={_logback(home, role)}",
        *_tls(cluster, home), "-XX:-UsePerfData", "-XX:+IgnoreUnrecognizedVMOptions", "-Dfile.encoding=UTF-8",
        # A developer's disk is often nearly full, and a broker that refuses to store for that reason only confuses.
        "-Drocketmq.broker.diskSpaceWarningLevelRatio=0.99", "-Drocketmq.broker.diskSpaceCleanForciblyRatio=0.98",
    ]


def _proxy_settings(cluster: Cluster, member: Member) -> dict[str, object]:
    return {
        "proxyMode": "CLUSTER",
        "proxyName": member.name,
        "rocketMQClusterName": CLUSTER_NAME,
        "proxyClusterName": CLUSTER_NAME,
        "namesrvAddr": cluster.name_server_addresses,
        "remotingListenPort": member.port,
        "grpcServerPort": member.port + 1,
        # It names itself to clients by this address.
        "localServeAddr": "127.0.0.1",
        "remotingAccessAddr": "127.0.0.1",
    }


def _broker_properties(cluster: Cluster, member: Member) -> dict[str, str]:
    store = cluster.home(member) / "store"
    large = cluster.profile == "bench"
    return {
        "brokerClusterName": CLUSTER_NAME,
        "brokerName": member.broker_name,
        "brokerId": str(member.broker_id),
        "brokerRole": "SLAVE" if member.role == "slave" else "ASYNC_MASTER",
        "namesrvAddr": cluster.name_server_addresses,
        "bindAddress": "127.0.0.1",
        "brokerIP1": "127.0.0.1",
        "brokerIP2": "127.0.0.1",
        "listenPort": str(member.port),
        "haListenPort": str(member.port + 1),
        "storePathRootDir": str(store),
        "storePathCommitLog": str(store / "commitlog"),
        "autoCreateTopicEnable": "true" if cluster.auto_create else "false",
        "autoCreateSubscriptionGroup": "true",
        "enablePropertyFilter": "true",
        # After a restarted name server the brokers must be known again soon; 10 s is the least the broker accepts.
        "registerNameServerPeriod": "10000",
        "mappedFileSizeCommitLog": str((1024 if large else 64) << 20),
        "mappedFileSizeConsumeQueue": str(20 * (300_000 if large else 50_000)),
        "mappedFileSizeTimerLog": str(8 << 20),
        "maxHashSlotNum": str(5_000_000 if large else 50_000),
        "maxIndexNum": str(20_000_000 if large else 200_000),
        "diskMaxUsedSpaceRatio": "95",
        "diskSpaceWarningLevelRatio": "99",
        "diskSpaceCleanForciblyRatio": "98",
    }


def _acl(cluster: Cluster, home: Path) -> dict[str, str]:
    assert cluster.credentials is not None
    access_key, secret_key = cluster.credentials
    if uses_acl2(cluster.version):
        provider = "org.apache.rocketmq.auth"
        return {
            "authenticationEnabled": "true",
            "authenticationProvider": f"{provider}.authentication.provider.DefaultAuthenticationProvider",
            "authenticationMetadataProvider": f"{provider}.authentication.provider.LocalAuthenticationMetadataProvider",
            "authorizationEnabled": "true",
            "authorizationProvider": f"{provider}.authorization.provider.DefaultAuthorizationProvider",
            "authorizationMetadataProvider": f"{provider}.authorization.provider.LocalAuthorizationMetadataProvider",
            "initAuthenticationUser": f'{{"username":"{access_key}","password":"{secret_key}"}}',
            "innerClientAuthenticationCredentials": f'{{"accessKey":"{access_key}","secretKey":"{secret_key}"}}',
        }
    _write_private(home / "conf" / "plain_acl.yml",
                   f"accounts:\n  - accessKey: {access_key}\n    secretKey: {secret_key}\n    admin: true\n")
    # The broker's own requests (a slave to its master) are signed with what tools.yml holds.
    _write_private(home / "conf" / "tools.yml", f"accessKey: {access_key}\nsecretKey: {secret_key}\n")
    return {"aclEnable": "true"}


def _tls(cluster: Cluster, home: Path) -> list[str]:
    if not cluster.tls:
        # By default a server takes both, and making up a key and a certificate for that takes it two seconds.
        return ["-Dtls.server.mode=disabled"]
    return ["-Dtls.server.mode=enforcing", "-Dtls.enable=true", f"-Dtls.config.file={_tls_file(home)}"]


def _tls_file(home: Path) -> Path:
    return home / "conf" / "tls.properties"


def _write_tls(cluster: Cluster, home: Path) -> None:
    if cluster.tls:
        _write_properties(_tls_file(home), certificates.properties(cluster.directory, cluster.tls == "mutual"))


def _write_properties(path: Path, properties: dict[str, str]) -> None:
    path.write_text("".join(f"{key}={_escape(value)}\n" for key, value in properties.items()), encoding="ascii")


def _write_logback(home: Path, role: str, level: str) -> None:
    _logback(home, role).write_text(_LOGBACK.format(level=level), encoding="utf-8")


def _logback(home: Path, role: str) -> Path:
    return home / "conf" / _LOGBACK_FILES[role]


def _write_private(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)


def _escape(value: str) -> str:
    """As java.util.Properties reads it: Latin-1 with escapes, and blanks at the start are lost otherwise."""
    out = []
    for index, char in enumerate(value):
        if char == "\\":
            out.append("\\\\")
        elif char == " " and index == 0:
            out.append("\\ ")
        elif char.isascii() and char.isprintable():
            out.append(char)
        else:
            units = char.encode("utf-16-be")
            out.extend(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
    return "".join(out)
