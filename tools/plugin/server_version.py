"""Versions of DolphinDB servers, such as 2.00.16 or 3.00.2.3. A line is the first three parts of one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from errors import UsageError

# What version() says starts with it: "2.00.10.11 2023.11.06 LINUX x86_64".
_VERSION = re.compile(r"(\d+)\.(\d{2})\.(\d+)(?:\.\d+)*$")
_SHORT = re.compile(r"(\d+)\.(\d\.\d+(?:\.\d+)*)$")


Line = tuple[int, int, int]


def line_text(line: Line) -> str:
    """As servers write it: the second part has two digits."""
    return f"{line[0]}.{line[1]:02}.{line[2]}"


@dataclass(frozen=True)
class ServerVersion:
    text: str  # As it was given, with all its parts.
    line: Line

    @property
    def line_text(self) -> str:
        return line_text(self.line)


def parse_version(text: str) -> ServerVersion:
    words = text.split()
    found = _VERSION.match(words[0]) if words else None
    if not found:
        if short := _SHORT.match(words[0]) if words else None:
            raise UsageError(f"'{text}' is not a server version: the second part has two digits; did you mean {short[1]}.0{short[2]}?")
        raise UsageError(f"'{text}' is not a server version; give what version() says on the server, e.g. 2.00.16 or 3.00.2.3")
    return ServerVersion(words[0], (int(found[1]), int(found[2]), int(found[3])))
