"""Checks that includes between the rooms of include/, src/ and host/ point one way only."""

from __future__ import annotations

import re
from pathlib import Path

# A room may include itself and the rooms named here. What users of the client library may include, include/rocketmq, is
# open to all, but the rooms below the client know only its lowest headers. Of the client the plugin and rmq use no more
# than that.
ALLOWED = {
    "base": set(),
    "wire": {"base"},
    "transport": {"base", "wire"},
    "client": {"base", "wire", "transport"},
    "rows": {"base"},
    "plugin": {"base", "rows"},
    "rmq": {"base"},
}
ROOMS = set(ALLOWED)
PUBLIC = Path("include") / "rocketmq"
LOWEST_HEADERS = {f"rocketmq/{name}.h" for name in ("bytes", "credentials", "errc", "error", "log", "tls_config")}
ROOMS_BELOW_CLIENT = {"base", "wire", "transport", "rows"}
# Where sockets and SDK types may appear at all.
SOCKET_ROOMS = {"transport", "client"}
SDK_HEADERS = re.compile(r"(CoreConcept|ScalarImp|TableImp|Util|Concurrent|SmartPointer|DolphinString|Exceptions|Logger)\.h")
# The one file of the plugin that includes them; see it for why. Macros about the SDK are for it alone, too.
SDK_FILE = Path("src/plugin/sdk.h")
SDK_MACRO = re.compile(r"\bROCKETMQ_SDK_\w+|\bddb::|\bnamespace ddb\b")
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]')


def violations(root: Path) -> list[str]:
    found = []
    for room in sorted(ROOMS):
        files = [p for p in (root / "src" / room).rglob("*") if p.suffix in (".h", ".cpp")]
        if not files:
            found.append(f"src/{room}: the room is empty")
        for path in sorted(files):
            found += check_file(path, path.relative_to(root), room)
    for path in sorted((root / PUBLIC).glob("*.h")):
        found += check_public_file(path, path.relative_to(root))
    for path in sorted((root / "host").rglob("*")):
        if path.suffix in (".h", ".cpp"):
            found += check_host_file(path, path.relative_to(root))
    return found


def includes(path: Path) -> list[tuple[int, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(number, match.group(1)) for number, line in enumerate(lines, 1) if (match := INCLUDE.match(line))]


def check_file(path: Path, name: Path, room: str) -> list[str]:
    found = []
    for number, header in includes(path):
        other = header.split("/")[0]
        if other in ROOMS and other != room and other not in ALLOWED[room]:
            found.append(f"{name}:{number}: {room} may not include {header}")
        if other == PUBLIC.name and room in ROOMS_BELOW_CLIENT and header not in LOWEST_HEADERS:
            found.append(f"{name}:{number}: {room} may not include {header}: it is about clients")
        if header.startswith("asio") and room not in SOCKET_ROOMS:
            found.append(f"{name}:{number}: {room} knows no sockets, but includes {header}")
        if SDK_HEADERS.fullmatch(header) and name != SDK_FILE:
            found.append(f"{name}:{number}: only {SDK_FILE} includes the SDK, but here is {header}")
    if name != SDK_FILE:
        found += [f"{name}:{number}: only {SDK_FILE} knows how the SDK drifts, but here is {match[0]}"
                  for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
                  if (match := SDK_MACRO.search(line))]
    return found


def check_public_file(path: Path, name: Path) -> list[str]:
    """A user has these headers and no others of ours."""
    return [f"{name}:{number}: users do not have {header}" for number, header in includes(path)
            if not (re.fullmatch(r"[a-z_]+", header) or header.startswith(f"{PUBLIC.name}/"))]


def check_host_file(path: Path, name: Path) -> list[str]:
    return [f"{name}:{number}: the host knows nothing of RocketMQ, but includes {header}"
            for number, header in includes(path) if "/" in header and header.split("/")[0] in ROOMS]
