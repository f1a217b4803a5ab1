"""RocketMQ's jars: fetched once a version from Maven Central, then kept outside the source tree."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from errors import ClusterError, UsageError, progress

DEFAULT_VERSION = "5.5.0"
KNOWN_VERSIONS = ("4.9.7", "5.1.4", "5.2.0", "5.3.3", "5.4.0", "5.5.0")

_POM = Path(__file__).resolve().parent.parent / "pom.xml"
_MARKER = "complete.json"
_DOWNLOAD_LIMIT_S = 900
_VERSION_FORM = re.compile(r"\d+\.\d+\.\d+(-[A-Za-z0-9.]+)?")


def check_version(version: str) -> str:
    if not _VERSION_FORM.fullmatch(version):
        raise UsageError(f"--version {version!r} is not a RocketMQ version; known to work: {', '.join(KNOWN_VERSIONS)}")
    return version


def cache_root() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "rocketmq-jars"


def provide(version: str, proxy: bool = False) -> Path:
    """The directory with the jars of `version`, downloaded first if it is not there yet; with those of the Proxy, if wanted.

    Two processes may ask at the same time: one downloads, the other waits for it. The directory appears under its final
    name only when it is whole.
    """
    check_version(version)
    root = cache_root()
    root.mkdir(parents=True, exist_ok=True)
    name = f"{version}-proxy" if proxy else version
    target = root / name
    if _is_whole(target):
        return target
    with open(root / f"{name}.lock", "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress(f"waiting for another process that fetches RocketMQ {name}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_whole(target):
            return target
        staging = Path(tempfile.mkdtemp(prefix=f"{name}.part-", dir=root))
        try:
            _download(version, proxy, staging)
            if target.exists():
                shutil.rmtree(target)  # an incomplete one: the marker is missing or a jar is gone
            staging.rename(target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return target


def class_path(jars: Path) -> str:
    return f"{jars}/*"


def _is_whole(directory: Path) -> bool:
    """Whether every jar that was downloaded is still there with its size: cheap, and it notices a cleaned-up cache."""
    try:
        sizes = json.loads((directory / _MARKER).read_text(encoding="utf-8"))
        return all((directory / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def _download(version: str, proxy: bool, staging: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise ClusterError("Maven (mvn) is not installed, and it is needed to fetch RocketMQ; run ./setup --demo")
    progress(f"fetching RocketMQ {version} from Maven Central (about 100 MB the first time)")
    command = [
        maven, "-B", "-U", "-f", str(_POM), f"-Drocketmq.version={version}", "-DincludeScope=runtime",
        f"-DoutputDirectory={staging}", "-Daether.connector.connectTimeout=10000",
        "-Daether.connector.requestTimeout=60000", *(["-Pproxy"] if proxy else []), "dependency:copy-dependencies",
    ]
    lines = _run_maven(command)
    sizes = {jar.name: jar.stat().st_size for jar in sorted(staging.glob("*.jar"))}
    for part in ("namesrv", "broker", "tools", "client", *(["proxy"] if proxy else [])):
        if f"rocketmq-{part}-{version}.jar" not in sizes:
            raise ClusterError(f"Maven brought no rocketmq-{part}-{version}.jar; its last lines were:\n" + "\n".join(lines[-15:]))
    (staging / _MARKER).write_text(json.dumps(sizes, indent=1), encoding="utf-8")
    progress(f"RocketMQ {version}: {len(sizes)} jars, {sum(sizes.values()) / 1e6:.0f} MB, kept in {staging.parent}")


def _run_maven(command: list[str]) -> list[str]:
    """Runs Maven and shows how many jars have arrived; returns its output."""
    lines: list[str] = []
    fetched = 0
    # Its own process group, because `mvn` is a shell script whose JVM would outlive it.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               errors="replace", start_new_session=True)
    timed_out = threading.Event()

    def give_up() -> None:
        timed_out.set()
        os.killpg(process.pid, signal.SIGKILL)

    watchdog = threading.Timer(_DOWNLOAD_LIMIT_S, give_up)
    watchdog.start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            if "Downloaded from" in line and ".jar " in line:
                fetched += 1
                if fetched % 10 == 0:
                    progress(f"  {fetched} jars downloaded")
        process.wait()
    finally:
        watchdog.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if timed_out.is_set():
        raise ClusterError(f"Maven did not finish within {_DOWNLOAD_LIMIT_S} s; is the network slow? Run it again to continue")
    if process.returncode != 0:
        raise ClusterError(_explain(lines))
    return lines


def _explain(lines: list[str]) -> str:
    errors = [line for line in lines if line.startswith("[ERROR]")]
    reason = errors[0].removeprefix("[ERROR] ") if errors else "\n".join(lines[-10:])
    if re.search(r"Could not find artifact org\.apache\.rocketmq:|org\.apache\.rocketmq\S* was not found in", reason):
        return ("Maven Central does not have this version of all three of rocketmq-namesrv, rocketmq-broker and rocketmq-tools; "
                f"known to work: {', '.join(KNOWN_VERSIONS)}\n  ({reason})")
    if re.search(r"Unknown host|Could not transfer|Connection|timed out|Network is unreachable|resolution", reason):
        return f"Maven Central cannot be reached; check the network, or Maven's proxy in ~/.m2/settings.xml\n  ({reason})"
    return f"Maven could not fetch RocketMQ: {reason}"
