"""./package BUILD: Debian packages of rmq and of the client library, and a tar with both."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import unittest
from pathlib import Path

from common import BUILD, ROOT, STRICT, checked, pkg_config_flags, run


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = Path(tempfile.mkdtemp(prefix="packages."))
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        cls.said = checked(ROOT / "package", BUILD, "--out", cls.directory / "out")

    def one(self, pattern: str) -> Path:
        found = [path for path in (self.directory / "out").glob(pattern) if path.suffix != ".sha256"]
        self.assertEqual(len(found), 1, pattern)
        return found[0]

    def unpacked(self, package: Path) -> Path:
        target = Path(tempfile.mkdtemp(dir=self.directory))
        checked("dpkg-deb", "-x", package, target)
        return target / "usr"

    def field(self, package: Path, name: str) -> str:
        return checked("dpkg-deb", "-f", package, name).strip()

    def test_each_is_named_and_has_its_checksum(self) -> None:
        names = sorted(path.name for path in (self.directory / "out").iterdir())
        packages = [name for name in names if not name.endswith(".sha256")]
        self.assertEqual([name.split("_")[0].split("-0")[0] for name in packages], ["librocketmq-remoting-dev", "rmq", "rmq"])
        self.assertEqual(names, sorted(packages + [f"{name}.sha256" for name in packages]))
        for name in packages:
            self.assertIn(str(self.directory / "out" / name), self.said)
            data = (self.directory / "out" / name).read_bytes()
            expected = (self.directory / "out" / f"{name}.sha256").read_text().split()
            self.assertEqual(expected, [hashlib.sha256(data).hexdigest(), name])

    def test_rmq_runs_and_needs_only_the_c_library(self) -> None:
        package = self.one("rmq_*.deb")
        self.assertRegex(self.field(package, "Depends"), r"^libc6 \(>= 2\.\d+\)$")
        self.assertEqual(self.field(package, "Architecture"), "amd64")
        self.assertIn("shell tool", self.field(package, "Description"))
        usr = self.unpacked(package)
        self.assertRegex(checked(usr / "bin" / "rmq", "--version"), r"^rmq \d+\.\d+\.\d+\n$")
        files = {str(path.relative_to(usr)) for path in usr.rglob("*") if path.is_file()}
        self.assertEqual({path.removesuffix(".gz") for path in files},
                         {"bin/rmq", "share/man/man1/rmq.1", "share/bash-completion/completions/rmq", "share/zsh/site-functions/_rmq",
                          "share/doc/rmq/copyright"})
        copyright_text = (usr / "share" / "doc" / "rmq" / "copyright").read_text(errors="replace")
        for library in ("Apache License", "OpenSSL", "zlib", "libdeflate", "lz4", "zstd", "Asio", "Boost", "CLI11"):
            self.assertIn(library, copyright_text)

    def test_programs_compile_with_the_library_and_it_names_what_it_needs(self) -> None:
        package = self.one("librocketmq-remoting-dev_*.deb")
        needs = set(self.field(package, "Depends").split(", "))
        self.assertEqual(needs, {"libssl-dev", "zlib1g-dev", "libdeflate-dev", "liblz4-dev", "libzstd-dev"})
        usr = self.unpacked(package)
        self.assertIn("int main", (usr / "share" / "doc" / "librocketmq-remoting-dev" / "examples" / "send.cpp").read_text())
        self.assertIn("Asio", (usr / "share" / "doc" / "librocketmq-remoting-dev" / "copyright").read_text())
        program = self.directory / "read"
        checked("g++", *STRICT, ROOT / "examples" / "cpp" / "read.cpp", "-o", program, *pkg_config_flags(usr))
        self.assertIn("usage: read", run(program).stderr)

    def test_the_tar_has_both_in_one_directory(self) -> None:
        archive = self.one("rmq-*.tar.gz")
        target = Path(tempfile.mkdtemp(dir=self.directory))
        checked("tar", "-xzf", archive, "-C", target)
        self.assertEqual([path.name for path in target.iterdir()], [archive.name.removesuffix(".tar.gz")])
        prefix = target / archive.name.removesuffix(".tar.gz")
        checked(prefix / "bin" / "rmq", "--version")
        self.assertTrue((prefix / "lib" / "librocketmq_remoting.a").is_file())
        self.assertTrue(pkg_config_flags(prefix))

    def test_a_build_without_rmq_is_refused(self) -> None:
        empty = self.directory / "empty"
        empty.mkdir()
        done = run(ROOT / "package", empty, "--out", self.directory / "none")
        self.assertEqual(done.returncode, 1)
        self.assertIn("or a build directory with bin/rmq, e.g. build/rmq", done.stderr)
        self.assertFalse((self.directory / "none").exists())
