"""Builds the project from a clean clone and runs every test; ends with 'N passed, N failed'."""

from __future__ import annotations

import argparse
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from check_steps import STEPS, Context, Step

ROOT = Path(__file__).resolve().parents[2]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./check", description=__doc__,
        epilog="Steps, in order: " + ", ".join(step.name for step in STEPS))
    parser.add_argument("--only", metavar="STEP", action="append", choices=[s.name for s in STEPS],
                        help="run this step (and no other but those also named); may be repeated")
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--quick", action="store_true",
                        help="only " + ", ".join(s.name for s in STEPS if s.quick) + ": no Java, no broker")
    extent.add_argument("--full", action="store_true", help="also do what takes too long for every change")
    parser.add_argument("--list", action="store_true", help="say what each step does, and end")
    return parser.parse_args()


def is_wanted(step: Step, arguments: argparse.Namespace) -> bool:
    if arguments.only:
        return step.name in arguments.only
    if arguments.quick:
        return step.quick
    return arguments.full or not step.full_only


def main() -> int:
    arguments = parse_arguments()
    if arguments.list:
        for step in STEPS:
            print(f"{step.name:16} {step.title}")
        return 0

    context = Context(ROOT, full=arguments.full)
    wanted = [s for s in STEPS if is_wanted(s, arguments)]
    failures: list[str] = []
    passed = failed = 0
    for number, step in enumerate(wanted, 1):
        print(f"==> [{number}/{len(wanted)}] {step.title}", flush=True)
        started = time.monotonic()
        try:
            result = step.run(context)
        except (subprocess.SubprocessError, OSError) as error:
            print(f"{step.name}: {error}", flush=True)
            result = context.failure(step.name)
        passed += result.passed
        failed += result.failed
        failures += result.names
        for name in result.skipped:
            print(f"    left out: {name}", flush=True)
        print(f"    {step.name}: {result.passed} passed, {result.failed} failed, "
              f"{time.monotonic() - started:.0f} s", flush=True)
        if not result.passed and step.needed_by_all:
            print(f"check: cannot go on without '{step.name}'", flush=True)
            break

    if failures:
        print("\nFailed:")
        for name in failures:
            print(textwrap.indent(name, "  "))
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
