"""Runs the test_*.py files of a directory; ends with a line 'N passed, N failed'."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path


class Report(unittest.TextTestResult):
    """Counts tests, not subtests: one with several failed subtests failed once."""

    def failed_tests(self) -> list[str]:
        tests = [getattr(test, "test_case", test) for test, _ in self.failures + self.errors]
        return sorted({test.id() for test in tests} | {test.id() for test in self.unexpectedSuccesses})


def run(directory: Path) -> int:
    suite = unittest.defaultTestLoader.discover(str(directory), pattern="test_*.py")
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Report).run(suite)
    failed = result.failed_tests()
    for name in failed:
        print(f"FAIL {name}")
    # An error of a class's set-up is a failure of no counted test, so it may outnumber them.
    print(f"{max(result.testsRun - len(failed) - len(result.skipped), 0)} passed, {len(failed)} failed")
    return 1 if failed or result.testsRun == 0 else 0


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1])))
