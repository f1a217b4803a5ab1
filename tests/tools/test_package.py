"""./package packs what a server needs, and what it packed loads."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = os.environ.get("ROCKETMQ_TEST_BUILD", "")


@unittest.skipUnless(BUILD, "needs a build with the host: tests/tools/run --build DIR")
class Package(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="package."))
        self.addCleanup(shutil.rmtree, self.directory)
        self.plugin = Path(BUILD) / "plugins" / "RocketMQ"

    def package(self, *arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run([ROOT / "package", self.plugin, "--out", self.directory, *arguments], text=True, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=60, check=False, env={**os.environ, **(env or {})})

    def archive(self) -> Path:
        done = self.package()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        found = list(self.directory.glob("*.tar.gz"))
        self.assertEqual(len(found), 1)
        self.assertRegex(found[0].name, r"^RocketMQ-[\d.]+-dolphindb-2\.00\.16-abi1\.tar\.gz$")
        return found[0]

    def test_unpacking_into_plugins_is_the_whole_installation(self) -> None:
        plugins = self.directory / "plugins"
        with tarfile.open(self.archive()) as tar:
            tar.extractall(plugins, filter="data")
        script = self.directory / "loads.txt"
        script.write_text('@testing:case="the unpacked plugin loads and answers"\n'
                          'loadPlugin("RocketMQ")\ngo\nassert 1, size(RocketMQ::getSubJobStat()) == 0\n')
        done = subprocess.run([Path(BUILD) / "bin" / "ddbhost", "--plugin-dir", plugins, "--test", script], text=True, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("1 passed, 0 failed", done.stdout)

    def test_it_holds_licences_manual_pages_and_checksums(self) -> None:
        archive = self.archive()
        with tarfile.open(archive) as tar:
            files = {entry.name: tar.extractfile(entry).read() for entry in tar.getmembers() if entry.isfile()}  # type: ignore[union-attr]
        names = set(files)
        for library in ("OpenSSL", "zlib", "libdeflate", "lz4", "zstd", "Asio", "Boost", "fast_float"):
            self.assertGreater(len(files[f"RocketMQ/licences/{library}.txt"]), 500, library)
        self.assertLessEqual({"RocketMQ/LICENSE", "RocketMQ/docs/en/manual.md", "RocketMQ/docs/zh/manual.md"}, names)
        sums = dict(reversed(line.split("  ")) for line in files["RocketMQ/SHA256SUMS"].decode().splitlines())
        self.assertEqual({f"RocketMQ/{name}" for name in sums}, names - {"RocketMQ/SHA256SUMS"})
        for name, expected in sums.items():
            self.assertEqual(hashlib.sha256(files[f"RocketMQ/{name}"]).hexdigest(), expected, name)
        stated = (self.directory / f"{archive.name}.sha256").read_text().split()
        self.assertEqual(stated, [hashlib.sha256(archive.read_bytes()).hexdigest(), archive.name])

    def test_links_between_its_pages_lead_somewhere(self) -> None:
        with tarfile.open(self.archive()) as tar:
            tar.extractall(self.directory, filter="data")
        pages = sorted((self.directory / "RocketMQ").rglob("*.md"))
        self.assertGreater(len(pages), 6)
        for page in pages:
            for link in re.findall(r"\[[^\]]*\]\(([^)\s#]+)[^)]*\)", page.read_text(encoding="utf-8")):
                if "://" not in link:
                    self.assertTrue((page.parent / link).exists(), f"{page.name}: {link}")

    def test_the_same_files_give_the_same_archive(self) -> None:
        first = self.archive().read_bytes()
        self.assertEqual(self.archive().read_bytes(), first)

    def test_a_missing_licence_text_is_an_error(self) -> None:
        done = self.package("--licences", self.directory)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the licence text of OpenSSL is not in", done.stderr)
        self.assertEqual(list(self.directory.glob("*.tar.gz")), [])

    def test_a_library_that_is_not_fit_is_not_packed(self) -> None:
        copy = self.directory / "RocketMQ"
        shutil.copytree(self.plugin, copy)
        with (copy / "PluginRocketMQ.txt").open("a") as descriptor:
            descriptor.write("\nrocketmqMissing,missing,system,0,0,0,0,()\n")
        self.plugin = copy
        done = self.package()
        self.assertEqual(done.returncode, 1)
        self.assertIn("does not export rocketmqMissing, which PluginRocketMQ.txt names", done.stderr)

    def test_a_directory_without_the_plugin_says_which_one_to_give(self) -> None:
        for plugin, what in ((self.directory / "nowhere", "there is no such directory"),
                             (self.directory, "there is no libPluginRocketMQ.so and no PluginRocketMQ.txt in it")):
            with self.subTest(plugin):
                self.plugin = plugin
                self.assertIn(f"package: {plugin}: {what}; give the directory RocketMQ that ./build-plugin made", self.package().stderr)

    def test_a_directory_above_the_plugin_names_the_right_one(self) -> None:
        below = self.directory / "build" / "plugins" / "RocketMQ"
        shutil.copytree(self.plugin, below)
        self.plugin = self.directory / "build"
        done = self.package()
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"give {below}\n", done.stderr)

    def test_a_place_for_the_archive_that_is_a_file(self) -> None:
        file = self.directory / "file"
        file.write_text("mine")
        done = self.package("--out", file)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"package: --out {file}: {file.resolve()} is a file; give a directory", done.stderr)

    def test_a_time_that_is_none(self) -> None:
        for text in ("yesterday", "-1", "99999999999"):
            with self.subTest(text):
                done = self.package(env={"SOURCE_DATE_EPOCH": text})
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"package: SOURCE_DATE_EPOCH={text}: it is not a time in seconds since 1970; unset it, or give one",
                              done.stderr)

    def test_the_command_to_unpack_it_can_be_pasted(self) -> None:
        out = self.directory / "my archives"
        done = self.package("--out", out)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        archive = next(out.glob("*.tar.gz"))
        self.assertIn(f"tar -xzf '{archive}' -C <server>/plugins", done.stdout)


if __name__ == "__main__":
    unittest.main()
