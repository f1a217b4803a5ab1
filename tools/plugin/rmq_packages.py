"""Packs a build directory with rmq: Debian packages of rmq and of the client library, and a tar with both. CPack does it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import licences
from errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
CPACK_TIMEOUT_S = 300


def is_build(directory: Path) -> bool:
    return (directory / "CPackConfig.cmake").is_file() and (directory / "bin" / "rmq").is_file()


def copyright_text(libraries: tuple[str, ...], directories: tuple[Path, ...]) -> bytes:
    """Our licence, and below it those of what is compiled in."""
    parts = [(ROOT / "LICENSE").read_bytes()]
    for name, text in licences.collect(libraries, directories).items():
        title = f"{'=' * 78}\n{name.removesuffix('.txt')}\n{'=' * 78}\n"
        parts.append(title.encode() + text)
    return b"\n\n".join(parts)


def pack(build: Path, out: Path, licence_directories: tuple[Path, ...]) -> None:
    if not (build / "librocketmq_remoting.a").is_file():
        raise UsageError(f"{build}: librocketmq_remoting.a is not built; run cmake --build {build}")
    if shutil.which("dpkg-shlibdeps") is None:
        raise UsageError("dpkg-shlibdeps is missing, which finds out what a Debian package depends on; ./setup --rmq installs it")
    texts = build / "copyright"
    texts.mkdir(exist_ok=True)
    (texts / "rmq").write_bytes(copyright_text(licences.IN_RMQ, licence_directories))
    (texts / "library").write_bytes(copyright_text(licences.IN_CLIENT, licence_directories))
    with tempfile.TemporaryDirectory(prefix="rmq-packages.") as directory:
        _run_cpack(build, directory, "DEB")
        _run_cpack(build, directory, "TGZ", "-D", "CPACK_ARCHIVE_COMPONENT_INSTALL=ON", "-D", "CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY=ON",
                    "-D", "CPACK_COMPONENTS_GROUPING=ALL_COMPONENTS_IN_ONE")
        made = sorted(path for path in Path(directory).iterdir() if path.is_file())
        out.mkdir(parents=True, exist_ok=True)
        for path in made:
            shutil.copyfile(path, out / path.name)
    for path in made:
        if path.suffix != ".sha256":
            print(f"{out / path.name} ({(out / path.name).stat().st_size // 1024} KiB; its checksum is beside it)")
    print("Install a Debian package with: sudo apt install ./NAME.deb")


def _run_cpack(build: Path, directory: str, generator: str, *more: str) -> None:
    try:
        done = subprocess.run(["cpack", "-G", generator, "--config", str((build / "CPackConfig.cmake").resolve()), "-B", directory, *more],
                              cwd=build, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=CPACK_TIMEOUT_S, check=False)
    except FileNotFoundError as error:
        raise UsageError("cpack is missing, which comes with cmake; ./setup --rmq installs it") from error
    if done.returncode != 0:
        raise UsageError(f"cpack -G {generator} failed:\n{done.stdout.strip()}")
