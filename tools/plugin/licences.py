"""The licence texts of what is linked into the plugin, rmq and the client library, from where the system's packages keep them."""

from __future__ import annotations

import re
from pathlib import Path

from errors import UsageError

# Library, and the packages that bring its licence with them: Debian's development package first.
LIBRARIES = {
    "OpenSSL": ("libssl-dev", "openssl-devel", "openssl", "OpenSSL"),
    "zlib": ("zlib1g-dev", "zlib-devel", "zlib"),
    "libdeflate": ("libdeflate-dev", "libdeflate-devel", "libdeflate"),
    "lz4": ("liblz4-dev", "lz4-devel", "lz4"),
    "zstd": ("libzstd-dev", "libzstd-devel", "libzstd", "zstd"),
    "Asio": ("libasio-dev", "asio-devel", "asio", "Asio"),
    "Boost": ("libboost1.83-dev", "libboost1.81-dev", "libboost-dev", "boost-devel", "boost", "Boost"),
    "fast_float": ("libfast-float-dev", "fast_float-devel", "fast_float"),
    "CLI11": ("libcli11-dev", "cli11-devel", "cli11", "CLI11"),
}
IN_CLIENT = ("Asio",)  # The archive itself; a program that links it brings the others.
IN_RMQ = ("OpenSSL", "zlib", "libdeflate", "lz4", "zstd", "Asio", "Boost", "CLI11")
IN_PLUGIN = ("OpenSSL", "zlib", "libdeflate", "lz4", "zstd", "Asio", "Boost", "fast_float")
DOCUMENTS = Path("/usr/share/doc")
_COMMON = re.compile(r"/usr/share/common-licenses/[\w.+-]*\w")


def collect(libraries: tuple[str, ...], directories: tuple[Path, ...] = (DOCUMENTS, Path("/usr/share/licenses"))) -> dict[str, bytes]:
    """File name to text. Texts that a licence file only points at are there too."""
    texts: dict[str, bytes] = {}
    for library in libraries:
        packages = LIBRARIES[library]
        file = _find(packages, directories)
        if file is None:
            raise UsageError(f"the licence text of {library} is not in {' or '.join(str(d) for d in directories)}; "
                             f"install the package {packages[0]} with its documents, or give --licences DIR with {library}/copyright in it")
        texts[f"{library}.txt"] = file.read_bytes()
        for reference in _COMMON.findall(texts[f"{library}.txt"].decode("utf-8", "replace")):
            common = Path(reference)
            if common.is_file():
                texts[common.name] = common.read_bytes()
    return texts


def _find(packages: tuple[str, ...], directories: tuple[Path, ...]) -> Path | None:
    for directory in directories:
        for package in packages:
            for name in ("copyright", "LICENSE", "LICENSE.txt", "LICENSE_1_0.txt", "README"):
                if (directory / package / name).is_file():
                    return directory / package / name
    return None
