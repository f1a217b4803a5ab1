"""Which line of servers headers are of: by the numbers that the compiler sees, not by what the headers call themselves."""

from __future__ import annotations

from dataclasses import dataclass

from errors import UsageError
from sdk_facts import Facts
from sdk_headers import SdkHeaders
from server_version import Line, ServerVersion, line_text, parse_version

OLDEST = (2, 0, 10)
ONE_LINE_ONLY = "A plugin fits one release line only: check out the branch of your server"


@dataclass(frozen=True)
class Decision:
    version: ServerVersion
    warning: str = ""  # Why this line is not known to work; empty where it was tried.


def decide(headers: SdkHeaders, facts: Facts, table: dict[Line, Facts], asked: ServerVersion | None, untried: bool = False) -> Decision:
    if asked is not None:
        _require_supported(asked)
    known = [line for line, numbers in table.items() if numbers == facts]
    if headers.version is not None and _is_new(headers.version.line, table):
        return _newer_line(headers, headers.version, table, asked)
    if known:
        return Decision(_version(headers, known[0], asked))
    if not untried:
        raise UsageError(_no_line(headers, facts, table, asked))
    version = asked or headers.version
    if version is None:
        raise UsageError("--untried needs --server-version: what version() says on the server")
    _require_supported(version)
    return Decision(version, f"the headers match no line that was tried ({tried(table)}); built for {version.line_text} because of --untried")


def tried(table: dict[Line, Facts]) -> str:
    """The lines of the table, in words: "2.00.10 to 2.00.16, 3.00.0 to 3.00.3"."""
    spans = []
    for major in sorted({line[:2] for line in table}):
        lines = sorted(line for line in table if line[:2] == major)
        spans.append(line_text(lines[0]) + (f" to {line_text(lines[-1])}" if len(lines) > 1 else ""))
    return ", ".join(spans)


def _require_supported(version: ServerVersion) -> None:
    if version.line < OLDEST:
        raise UsageError(f"server {version.text} is too old: the plugin supports 2.00.10 and newer")


def _is_new(line: Line, table: dict[Line, Facts]) -> bool:
    return line > max((tried for tried in table if tried[0] <= line[0]), default=OLDEST)


def _newer_line(headers: SdkHeaders, said: ServerVersion, table: dict[Line, Facts], asked: ServerVersion | None) -> Decision:
    version = _version(headers, said.line, asked)
    return Decision(version, f"{version.line_text} is newer than every line that was tried ({tried(table)}); "
                             "try the plugin on a test server before you rely on it")


def _version(headers: SdkHeaders, line: Line, asked: ServerVersion | None) -> ServerVersion:
    if asked is None:
        return headers.version if headers.version is not None and headers.version.line == line else parse_version(line_text(line))
    if asked.line != line:
        raise UsageError(f"--server-version {asked.text} does not fit {headers.include_dir}: these headers are of {line_text(line)}. "
                         f"{ONE_LINE_ONLY}")
    return asked


def _no_line(headers: SdkHeaders, facts: Facts, table: dict[Line, Facts], asked: ServerVersion | None) -> str:
    nearest = min(table, key=lambda line: len(_differences(facts, table[line])))
    if (expected := asked or headers.version) is not None and expected.line in table:
        nearest = expected.line
    different = _differences(facts, table[nearest])
    name = different[0]
    more = f", and {len(different) - 1} more numbers" if len(different) > 1 else ""
    return (f"the headers in {headers.include_dir} match no line that was tried ({tried(table)}). {line_text(nearest)} differs in "
            f"{name} ({facts[name]}, there {table[nearest][name]}){more}. Check out the branch of your server as it is; to build for "
            "headers that nobody has tried, give --untried")


def _differences(facts: Facts, others: Facts) -> list[str]:
    return [name for name, number in facts.items() if others.get(name) != number]
