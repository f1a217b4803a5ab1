"""What a tree of DolphinDB's plugin headers says about itself. The only place that looks into them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from errors import UsageError
from server_version import ServerVersion, parse_version

_VERSION = re.compile(r'\b(?:pluginVersion|serverVersion|ddbVersion)\b\s*=?\s*"([0-9.]+)"')
_NAMESPACE = re.compile(r"^namespace ddb\b", re.MULTILINE)
_INTRUSIVE = re.compile(r"\bObjectPtr\s*<\s*Constant\s*>")
_BRANCH = re.compile(r"release(\d)(\d\d)\.(\d+)$")

WHERE_TO_GET_IT = "a checkout of DolphinDB's DolphinDBPlugin repository on the branch of your server, e.g. release200.16 for 2.00.16"


@dataclass(frozen=True)
class SdkHeaders:
    include_dir: Path
    # What the checkout's branch, or else the headers, call it. Some lines call themselves by an older one, so this
    # decides nothing where the numbers of the headers are known.
    version: ServerVersion | None
    namespace: str  # "ddb", or "" for the global one.
    pointer: str  # "SmartPointer" or "ObjectPtr": what values are held by.
    umbrella: bool  # ddbplugin/DolphinDBEverything.h has to be included first.
    knows_clang: bool  # Its 128-bit integers ask for the version of GCC, and Clang calls itself GCC 4.

    @property
    def definitions(self) -> tuple[str, ...]:
        # The headers' own: the platform, and how servers build their table of symbols. The third one makes the standard
        # library of GCC from 10.3 on know the 128-bit integers that the headers use as if they were standard ones.
        names = ["LINUX", "LOCKFREE_SYMBASE", "_GLIBCXX_USE_INT128=1"]
        if self.umbrella:
            names.append("ROCKETMQ_SDK_EVERYTHING=1")
        if self.namespace:
            names.append("ROCKETMQ_SDK_NAMESPACE=1")
        return tuple(names)

    @property
    def clang_options(self) -> tuple[str, ...]:
        return () if self.knows_clang else ("-fgnuc-version=10.3",)


def inspect(directory: Path) -> SdkHeaders:
    include_dir = _include_dir(directory)
    core = _text(include_dir / "CoreConcept.h")
    return SdkHeaders(
        include_dir=include_dir,
        version=_branch_version(include_dir) or _stated_version(include_dir, core),
        namespace="ddb" if _NAMESPACE.search(core) else "",
        pointer="ObjectPtr" if _INTRUSIVE.search(core) else "SmartPointer",
        umbrella=(include_dir / "ddbplugin" / "DolphinDBEverything.h").is_file(),
        knows_clang=_knows_clang(include_dir / "WideInteger.h"))


def _include_dir(directory: Path) -> Path:
    if not directory.exists():
        raise UsageError(f"--sdk {directory}: there is no such directory; give {WHERE_TO_GET_IT}")
    for candidate in (directory, directory / "include"):
        if (candidate / "CoreConcept.h").is_file():
            missing = [name for name in ("Util.h", "Types.h", "ScalarImp.h") if not (candidate / name).is_file()]
            if missing:
                raise UsageError(f"--sdk {directory}: {candidate} has CoreConcept.h but not {', '.join(missing)}; "
                                 "the checkout is not complete")
            if not (candidate / "TableImp.h").is_file():
                raise UsageError(f"--sdk {directory}: these headers are older than 2.00.10, which brought TableImp.h; "
                                 "the plugin supports 2.00.10 and newer: check out the branch of your server")
            return candidate.resolve()
    above = directory.resolve().parent
    if (above / "CoreConcept.h").is_file():
        raise UsageError(f"--sdk {directory}: the directory of the headers is the one above it; give {above}")
    if not directory.is_dir():
        raise UsageError(f"--sdk {directory}: it is a file; give {WHERE_TO_GET_IT}")
    raise UsageError(f"--sdk {directory}: neither it nor its include/ holds CoreConcept.h; give {WHERE_TO_GET_IT}")


def _knows_clang(integers: Path) -> bool:
    if not integers.is_file():
        return True
    text = _text(integers)
    return "__GNUC__" not in text or "__clang__" in text


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"--sdk: {path} cannot be read: {error.strerror}") from error


def _stated_version(include_dir: Path, core: str) -> ServerVersion | None:
    stated = include_dir / "ddbplugin" / "pluginVersion.h"
    texts = [_text(stated)] if stated.is_file() else []
    found = next((match[1] for text in (*texts, core) if (match := _VERSION.search(text))), None)
    return parse_version(found) if found else None


def _branch_version(include_dir: Path) -> ServerVersion | None:
    """The version that the checkout's branch is named after. Git itself is not needed for that."""
    git = include_dir.parent / ".git"
    if git.is_file():  # A worktree or a submodule: the file says where the directory is.
        git = (git.parent / _text(git).removeprefix("gitdir:").strip()).resolve()
    head = git / "HEAD"
    found = _BRANCH.search(_text(head).strip()) if head.is_file() else None
    return parse_version(f"{found[1]}.{found[2]}.{found[3]}") if found else None
