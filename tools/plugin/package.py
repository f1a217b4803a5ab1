"""Packs what was built. A plugin: the directory that a server loads, licence texts, manual pages and checksums in one tar.
A build directory with rmq: Debian packages of rmq and of the client library, and a tar with both."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import os
import re
import shlex
import sys
import tarfile
from pathlib import Path

import check_library
import elf_file
import licences
import option_types
import out_directory
import rmq_packages
from check_library import DESCRIPTOR, LIBRARY
from errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
# The manual, and what its pages point at.
PAGES = ("docs/en/*.md", "docs/zh/*.md", "docs/images/*.svg", "docs/rmq.1", "docs/completion/*", "examples/*.dos", "examples/cpp/*", "include/rocketmq/*.h", "tests/server/*", "tools/plugin/allowed_symbols.txt",
         "tools/plugin/sdk_facts.cpp", "tools/plugin/sdk_facts.txt")


def contents(plugin: Path, licence_directories: tuple[Path, ...]) -> dict[str, bytes]:
    """Path in the archive, below RocketMQ/, to bytes."""
    files = {name: (plugin / name).read_bytes() for name in (LIBRARY, DESCRIPTOR)}
    files["LICENSE"] = (ROOT / "LICENSE").read_bytes()
    for pattern in PAGES:
        for page in sorted(ROOT.glob(pattern)):
            files[str(page.relative_to(ROOT))] = page.read_bytes()
    for name, text in licences.collect(licences.IN_PLUGIN, licence_directories).items():
        files[f"licences/{name}"] = text
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    return files


def archive_name(plugin: Path) -> str:
    project = re.search(r"project\(\w+ VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))
    first_line = (plugin / DESCRIPTOR).read_text(encoding="utf-8").splitlines()[0].split(",")
    if project is None or len(first_line) != 3:
        raise UsageError(f"{plugin / DESCRIPTOR}: the first line is not name,library,server version")
    allowed = check_library.read_allowed(check_library.ALLOWED)
    needs_new = any("cxx11" in symbol.name for symbol in elf_file.read(plugin / LIBRARY).undefined
                    if check_library.is_sdk_symbol(symbol, allowed))
    return f"RocketMQ-{project[1]}-dolphindb-{first_line[2]}-abi{int(needs_new)}.tar.gz"


def pack(files: dict[str, bytes], time_s: int) -> bytes:
    """The same files give the same archive: order, owners, rights and times do not depend on the machine."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=time_s) as stream, tarfile.open(fileobj=stream, mode="w") as tar:
        directories = {"RocketMQ"} | {f"RocketMQ/{parent}" for name in files for parent in Path(name).parents if str(parent) != "."}
        for name in sorted(directories):
            tar.addfile(_entry(name, time_s, tarfile.DIRTYPE, 0o755))
        for name, data in sorted(files.items()):
            entry = _entry(f"RocketMQ/{name}", time_s, tarfile.REGTYPE, 0o755 if name == LIBRARY else 0o644)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


def _entry(name: str, time_s: int, kind: bytes, mode: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.mtime = kind, mode, time_s
    return entry


def require_plugin(plugin: Path) -> None:
    missing = [name for name in (LIBRARY, DESCRIPTOR) if not (plugin / name).is_file()]
    if not missing:
        return
    below = [path for path in (plugin / "RocketMQ", plugin / "plugins" / "RocketMQ") if (path / LIBRARY).is_file()]
    wanted = below[0] if below else ("the directory RocketMQ that ./build-plugin made, e.g. build/plugin-2.00.16-abi0/plugins/RocketMQ, "
                                     "or a build directory with bin/rmq, e.g. build/rmq")
    what = "there is no such directory" if not plugin.exists() else "it is a file" if plugin.is_file() else f"there is no {' and no '.join(missing)} in it"
    raise UsageError(f"{plugin}: {what}; give {wanted}")


def archive_time_s(plugin: Path) -> int:
    asked = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not asked:
        return int((plugin / LIBRARY).stat().st_mtime)
    if not asked.isascii() or not asked.isdigit() or int(asked) >= 2**32:  # What gzip has room for.
        raise UsageError(f"SOURCE_DATE_EPOCH={asked}: it is not a time in seconds since 1970; unset it, or give one")
    return int(asked)


def pack_plugin(plugin: Path, out: Path, licence_directories: tuple[Path, ...]) -> None:
    require_plugin(plugin)
    problems = check_library.check(plugin, None, None, everything=False)
    if problems:
        raise UsageError(f"{plugin} is not fit for a server:\n  " + "\n  ".join(problems))
    files = contents(plugin, licence_directories)
    data = pack(files, archive_time_s(plugin))
    out.mkdir(parents=True, exist_ok=True)
    target = out / archive_name(plugin)
    target.write_bytes(data)
    (target.parent / f"{target.name}.sha256").write_text(f"{hashlib.sha256(data).hexdigest()}  {target.name}\n", encoding="utf-8")
    print(f"\n{target} ({len(data) // 1024} KiB, {len(files)} files; its checksum is beside it)\n"
          f"Unpack it into the server's plugin directory: tar -xzf {shlex.quote(str(target))} -C <server>/plugins")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./package", description=__doc__)
    parser.add_argument("built", metavar="DIR", type=option_types.directory,
                        help="the directory RocketMQ that ./build-plugin made, or a build directory with bin/rmq")
    parser.add_argument("--out", metavar="DIR", type=option_types.directory, default=ROOT / "build",
                        help="where to put the archive (default: build/)")
    parser.add_argument("--licences", metavar="DIR", type=option_types.directory,
                        help="where the licence texts are, LIBRARY/copyright (default: where the system keeps them)")
    wishes = parser.parse_args(arguments)
    where = (wishes.licences,) if wishes.licences else (licences.DOCUMENTS, Path("/usr/share/licenses"))
    try:
        out_directory.require_writable(wishes.out)
        if rmq_packages.is_build(wishes.built):
            rmq_packages.pack(wishes.built, wishes.out, where)
        else:
            pack_plugin(wishes.built, wishes.out, where)
    except (UsageError, OSError) as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
