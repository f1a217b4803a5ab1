"""The judgement of tests/soak/run sees growth, and takes a level line for level."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent / "lib"), str(Path(__file__).resolve().parents[1] / "faults" / "lib")]

from flatness import growth  # noqa: E402
from process import Sample  # noqa: E402


def samples(descriptors: float = 0, threads: float = 0, rss_kib: float = 0, log_lines: float = 0) -> list[Sample]:
    """Thirty, a minute apart, each with so much more than the one before."""
    return [Sample(60 * i, 10 + int(descriptors * i), 5 + int(threads * i), 20_000 + int(rss_kib * i), 0, int(50 * i + log_lines * i * i), i)
            for i in range(30)]


class Growth(unittest.TestCase):
    def test_a_level_line_is_level(self) -> None:
        self.assertEqual(growth("p", samples()).wrongs, [])

    def test_each_kind_of_growth_is_seen(self) -> None:
        for kind, much, words in (("descriptors", 0.5, "descriptors grew"), ("threads", 0.1, "threads grew"), ("rss_kib", 500, "RSS grew"),
                                  ("log_lines", 10, "log lines a restart grew")):
            with self.subTest(kind):
                wrongs = growth("p", samples(**{kind: much})).wrongs
                self.assertEqual(len(wrongs), 1)
                self.assertIn(words, wrongs[0])

    def test_too_few_samples_are_no_proof(self) -> None:
        with self.assertRaises(ValueError):
            growth("p", samples()[:5])


if __name__ == "__main__":
    unittest.main()
