"""From headers and wishes to a build: which version, string ABI, descriptor and macros. Pure decisions."""

from __future__ import annotations

from dataclasses import dataclass

from errors import UsageError
from sdk_headers import SdkHeaders
from server_version import ServerVersion, parse_version

OLDEST = (2, 0, 10)


@dataclass(frozen=True)
class BuildChoices:
    version: ServerVersion
    abi: int  # 0: the old std::string, standard servers; 1: the new one, servers of the "ABI" edition.
    descriptor_fields: int
    definitions: tuple[str, ...]
    clang_options: tuple[str, ...] = ()

    def cmake_arguments(self, headers: SdkHeaders) -> list[str]:
        return [f"-DDOLPHINDB_SDK={headers.include_dir}",
                f"-DROCKETMQ_SDK_DEFINITIONS={';'.join(self.definitions)}",
                f"-DROCKETMQ_SDK_OPTIONS={';'.join(f'$<$<CXX_COMPILER_ID:Clang>:{option}>' for option in self.clang_options)}",
                f"-DROCKETMQ_SERVER_VERSION={self.version.text}",
                f"-DROCKETMQ_DESCRIPTOR_FIELDS={self.descriptor_fields}",
                f"-DROCKETMQ_CXX11_ABI={'ON' if self.abi == 1 else 'OFF'}"]


def choose(headers: SdkHeaders, asked_version: str | None, abi: int | None) -> BuildChoices:
    version = _version(headers, None if asked_version is None else parse_version(asked_version))
    if version.line < OLDEST:
        raise UsageError(f"server {version.text} is too old: the plugin supports 2.00.10 and newer")
    return BuildChoices(
        version=version,
        abi=0 if abi is None else abi,
        descriptor_fields=_descriptor_fields(version),
        definitions=_definitions(headers),
        clang_options=() if headers.knows_clang else ("-fgnuc-version=10.3",))


def _version(headers: SdkHeaders, asked: ServerVersion | None) -> ServerVersion:
    if headers.version is None:
        first, last = headers.possible_lines or (OLDEST, OLDEST)
        lines = " or ".join(f"{a}.{b:02}.{c}" for a, b, c in _between(first, last))
        if asked is None:
            raise UsageError(f"{headers.include_dir} does not say its server's version; give --server-version with what "
                             f"version() says on the server (these headers are of {lines})")
        if not first <= asked.line <= last:
            raise UsageError(f"--server-version {asked.text} does not fit {headers.include_dir}: these headers are of {lines}. "
                             "A plugin fits one release line only: check out the branch of your server")
        return asked
    if asked is not None and asked.line != headers.version.line:
        raise UsageError(f"--server-version {asked.text} does not fit {headers.include_dir}: these headers are of "
                         f"{headers.version.line_text}. A plugin fits one release line only: check out the branch of your server")
    return asked or headers.version


def _between(first: tuple[int, int, int], last: tuple[int, int, int]) -> list[tuple[int, int, int]]:
    return [(first[0], first[1], part) for part in range(max(first[2], OLDEST[2]), last[2] + 1)]


def _descriptor_fields(version: ServerVersion) -> int:
    """Servers from 2.00.15 and from 3.00.3 on also read isSequential and the syntax."""
    major = version.line[0]
    newest_short = {2: (2, 0, 14), 3: (3, 0, 2)}
    return 6 if major in newest_short and version.line <= newest_short[major] else 8


def _definitions(headers: SdkHeaders) -> tuple[str, ...]:
    # The headers' own: the platform, and how servers build their table of symbols. The third one makes the standard
    # library of GCC from 10.3 on know the 128-bit integers that the headers use as if they were standard ones.
    names = ["LINUX", "LOCKFREE_SYMBASE", "_GLIBCXX_USE_INT128=1"]
    if headers.umbrella:
        names.append("ROCKETMQ_SDK_EVERYTHING=1")
    if headers.namespace:
        names.append("ROCKETMQ_SDK_NAMESPACE=1")
    return tuple(names)
