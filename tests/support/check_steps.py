"""The steps of ./check. Each builds or tests one thing and counts what passed and failed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Callable

import docs_rules
import room_rules

JOBS = len(os.sched_getaffinity(0))
BUILD_LIMIT_S = 7200  # Of one preset: from nothing, on a machine that is busy with other things.
# Beside the default of broker/rocketmq, the newest: the last of the 4.x line, and the 5.x line before ACL 2.0.
OLDER_VERSIONS = ("5.1.4", "4.9.7")
# The oldest that the plugin is promised to compile with; a machine may lack them.
OLDEST_COMPILERS = ("g++-11", "clang++-14")
# Where the most strings cross between host and plugin: what another string ABI could break.
SCRIPTS_OF_STRINGS = ("bad_arguments", "columns", "jobs", "json", "operating", "send_and_receive")
SANITIZER_PATIENCE = 3  # What runs with a sanitizer may take so many times as long.
SHOWN_LINES = 12  # Of why a test failed, in the list at the end.
CLANG_VERSION = "16"  # Formatter and linter are pinned: other versions format otherwise.


@dataclass
class Result:
    passed: int = 0
    failed: int = 0
    names: list[str] = field(default_factory=list)  # Of what failed, each with the first lines of why.
    skipped: list[str] = field(default_factory=list)  # What was left out, and why.

    def __add__(self, other: "Result") -> "Result":
        return Result(self.passed + other.passed, self.failed + other.failed, self.names + other.names,
                      self.skipped + other.skipped)


@dataclass
class Context:
    root: Path
    full: bool = False  # Also what takes too long for every change.

    def build_dir(self, preset: str) -> Path:
        return self.root / "build" / preset

    def failure(self, name: str) -> Result:
        return Result(failed=1, names=[name])

    def run(self, arguments: list[str | Path], timeout_s: int, env: dict[str, str] | None = None, output: IO[str] | None = None) -> int:
        """Runs a command of the project in its root; its output goes to ours, or to a file. The exit code; -1 if it did not end."""
        words = [str(a) for a in arguments]
        try:
            return subprocess.run(words, cwd=self.root, timeout=timeout_s, stdin=subprocess.DEVNULL, stdout=output,
                                  stderr=subprocess.STDOUT if output else None, env={**os.environ, **(env or {})}, check=False).returncode
        except subprocess.TimeoutExpired:
            print(f"    no end after {timeout_s} s: {' '.join(words)}", flush=True)
            return -1

    def command(self, arguments: list[str | Path], timeout_s: int, env: dict[str, str] | None = None) -> bool:
        """The same; False when it fails."""
        return self.run(arguments, timeout_s, env) == 0

    def shown(self, arguments: list[str | Path], timeout_s: int, env: dict[str, str] | None = None) -> tuple[int, str]:
        """The same with the output, which is shown at the end, so that it stays together beside that of others."""
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            code = self.run(arguments, timeout_s, env, output)
            output.seek(0)
            text = output.read()
        print(text, flush=True)
        return code, text

    def counted(self, name: str, good: bool) -> Result:
        return Result(passed=1) if good else self.failure(name)

    def sources(self, *suffixes: str) -> list[Path]:
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                cwd=self.root, stdout=subprocess.PIPE, check=True)
        files = (Path(name) for name in listed.stdout.decode().split("\0") if name)
        return sorted(f for f in files if f.suffix in suffixes and (self.root / f).exists())


@dataclass(frozen=True)
class Step:
    name: str
    title: str
    run: Callable[[Context], Result]
    needed_by_all: bool = False
    full_only: bool = False  # Run with --full, or when it is asked for by name.
    quick: bool = False  # Run with --quick as well.


def with_reason(name: str, lines: list[str]) -> str:
    """A name of something that failed, and below it the first lines that say why: a long log is read from its end."""
    shown = [f"    {line[:300]}" for line in lines if line.strip()]
    more = [f"    ... {len(shown) - SHOWN_LINES} more lines, see above"] if len(shown) > SHOWN_LINES else []
    return "\n".join([name, *shown[:SHOWN_LINES], *more])


def failures_in(text: str) -> list[str]:
    """Each line "FAIL name: why" of a program's output, with the lines after it up to the next result."""
    found: list[list[str]] = []
    reading = False
    for line in text.splitlines():
        if line.startswith("FAIL "):
            found.append([line[5:].strip()])
            reading = True
        elif re.match(r"PASS |SKIP |\d+ passed, ", line):
            reading = False
        elif reading:
            found[-1].append(line)
    return [with_reason(lines[0], lines[1:]) for lines in found]


def junit_result(path: Path, name: str) -> Result:
    """Counts the cases of a JUnit file; a missing or empty file is a failure, not a zero."""
    if not path.exists():
        return Result(failed=1, names=[f"{name}: no test report"])
    result = Result()
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        label = f"{name}: {case.get('classname', '')}.{case.get('name', '')}".replace(": .", ": ")
        reasons = case.findall("failure") + case.findall("error")
        if reasons or case.get("status") == "fail":
            said = "\n".join(reason.text or reason.get("message", "") for reason in reasons).strip() or case.findtext("system-out", "")
            # ctest gives all that the test printed: what counts comes after its beginning.
            result += Result(failed=1, names=[with_reason(label, re.sub(r"(?s)^.*?\[ RUN [^\n]*", "", said).splitlines())])
        elif (skip := case.find("skipped")) is not None:
            result += Result(skipped=[f"{label}: {skip.get('message', 'no reason given').strip()}"])
        elif case.get("status") not in ("notrun", "disabled"):
            result += Result(passed=1)
    if not result.passed and not result.failed and not result.skipped:
        return Result(failed=1, names=[f"{name}: no test ran"])
    return result


def formatting(context: Context) -> Result:
    files = context.sources(".h", ".cpp")
    good = context.command([f"clang-format-{CLANG_VERSION}", "--dry-run", "-Werror", *files], 300)
    return context.counted("format", good)


def rooms(context: Context) -> Result:
    wrong = room_rules.violations(context.root)
    for line in wrong:
        print(f"    {line}", flush=True)
    return context.counted("rooms", not wrong)


def documents(context: Context) -> Result:
    wrong = docs_rules.violations(context.root)
    for line in wrong:
        print(f"    {line}", flush=True)
    return context.counted("documents", not wrong)


def build(preset: str, *options: str, targets: tuple[str, ...] = ("all",)) -> Callable[[Context], Result]:
    def run(context: Context) -> Result:
        good = (context.command(["cmake", "--preset", preset, *options], 600) and
                context.command(["cmake", "--build", context.build_dir(preset), "-j", str(JOBS), "--target", *targets], BUILD_LIMIT_S))
        return context.counted(f"build {preset}", good)
    return run


def unit(preset: str) -> Callable[[Context], Result]:
    def run(context: Context) -> Result:
        built = build(preset)(context)
        if built.failed:
            return built
        report = context.build_dir(preset) / "unit.xml"
        report.unlink(missing_ok=True)
        context.command(["ctest", "--test-dir", context.build_dir(preset), "-LE", "integration", "-j", str(JOBS),
                         "--output-on-failure", "--progress", "--output-junit", report], 3600)
        return built + junit_result(report, f"unit tests ({preset})")
    return run


def integration(preset: str, version: str = "", env: dict[str, str] | None = None, patience: int = 1,
                at_a_time: int = 2) -> Callable[[Context], Result]:
    """Every program starts clusters of its own, and waits for most of its time.

    What takes too long for every change runs with --full only: suites whose names end in Full, and programs named
    *_full_integration_tests, which hold nothing else. Older versions of RocketMQ run the quick part."""
    def run(context: Context) -> Result:
        full = context.full and not version
        chosen = "*" if full else "-*Full.*"

        def one(program: Path) -> Result:
            report = context.build_dir(preset) / f"{program.name}{version}.xml"
            report.unlink(missing_ok=True)
            code, _ = context.shown([program, f"--gtest_output=xml:{report}", f"--gtest_filter={chosen}"], 1800 * patience,
                                    {**(env or {}), **({"ROCKETMQ_TEST_VERSION": version} if version else {})})
            counted = junit_result(report, f"{program.name} {version}".strip())
            if code != 0 and not counted.failed:
                counted += context.failure(f"{program.name}: no end, or an exit code that says more than its tests")
            return counted

        built = sorted((context.build_dir(preset) / "bin").glob("*_integration_tests"))
        programs = [program for program in built if full or not program.name.endswith("_full_integration_tests")]
        if not programs:
            return context.failure("integration: no test program was built")
        with ThreadPoolExecutor(at_a_time) as pool:
            return sum(pool.map(one, programs), Result())
    return run


def counted_lines(context: Context, name: str, arguments: list[str | Path], timeout_s: int, env: dict[str, str] | None = None) -> Result:
    """Runs a program that ends with a line 'N passed, N failed' and shows its output."""
    code, text = context.shown(arguments, timeout_s, env)
    found = re.findall(r"^(\d+) passed, (\d+) failed$", text, re.MULTILINE)
    if not found:
        return context.failure(f"{name}: no result")
    result = Result(int(found[-1][0]), int(found[-1][1]))
    result.names += [f"{name}: {failure}" for failure in failures_in(text)]
    result.skipped += [f"{name}: {line[5:].strip()}" for line in text.splitlines() if line.startswith("SKIP ")]
    if code != 0 and not result.failed:
        result += context.failure(f"{name}: exit code {code}")
    if not result.passed and not result.failed:
        result += context.failure(f"{name}: no test ran")
    return result


def scripts(preset: str, env: dict[str, str] | None = None, patience: int = 1, only: tuple[str, ...] = ()) -> Callable[[Context], Result]:
    """All scripts; without --full those of `only`, if it names some."""
    def run(context: Context) -> Result:
        runner = context.root / "tests" / "scripts" / "run_scripts"
        choice = ["--full"] if context.full else [runner.parent / "plugin" / f"{name}.txt" for name in only]
        return counted_lines(context, f"scripts ({preset})",
                             [runner, "--build", context.build_dir(preset), "--patience", str(patience), *choice],
                             (2400 if context.full else 1200) * patience, env)
    return run


def sanitized_integration(preset: str) -> Callable[[Context], Result]:
    """Everything that runs against a real RocketMQ, with a sanitizer. Its reports go to files, which all processes of the tests
    write, also those whose output nobody reads and those that are killed: each file is a failure.

    The tests know for themselves how much longer a sanitizer may take: see tests/support/sanitizer_cost.h."""
    def run(context: Context) -> Result:
        built = build(preset, "-DROCKETMQ_BUILD_INTEGRATION_TESTS=ON",
                      targets=("tests/integration/all", "ddbhost", "PluginRocketMQ"))(context)
        if built.failed:
            return built
        with tempfile.TemporaryDirectory(prefix="sanitizer.") as directory:
            env = {variable: ":".join(filter(None, [os.environ.get(variable), f"log_path={directory}/report"]))
                   for variable in ("ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")}
            result = built + integration(preset, "", env, SANITIZER_PATIENCE, at_a_time=1)(context) + scripts(preset, env, SANITIZER_PATIENCE)(context)
            reports = sorted(Path(directory).iterdir())
            for report in reports:
                print(report.read_text(errors="replace"), flush=True)
        return result + context.counted(f"{preset}: {len(reports)} processes with reports of the sanitizer", not reports)
    return run


def library(context: Context, preset: str, abi: int) -> Result:
    """The plugin of a build exports, needs and is linked as tools/plugin/allowed_symbols.txt and its check say."""
    checker = context.root / "tools" / "plugin" / "check_library.py"
    good = context.command(["python3", checker, context.build_dir(preset) / "plugins" / "RocketMQ", "--abi", str(abi), "--list"], 120)
    return context.counted(f"library ({preset})", good)


def tools(context: Context) -> Result:
    runner = context.root / "tests" / "tools" / "run"
    return library(context, "release", 1) + counted_lines(context, "tools", [runner, "--build", context.build_dir("release")], 600)


def installed(context: Context) -> Result:
    runner = context.root / "tests" / "installed" / "run"
    return counted_lines(context, "installed", [runner, "--build", context.build_dir("release")], 1800)


def built_scripts(preset: str, abi: int) -> Callable[[Context], Result]:
    def run(context: Context) -> Result:
        built = build(preset)(context)
        return built if built.failed else built + library(context, preset, abi) + scripts(preset, only=SCRIPTS_OF_STRINGS)(context)
    return run


def broker_script(context: Context) -> Result:
    return counted_lines(context, "broker/rocketmq", [context.root / "tests" / "broker" / "run"], 1800)


def bench_tool(context: Context) -> Result:
    return counted_lines(context, "bench/run", [context.root / "tests" / "bench" / "run"], 120)


def examples(context: Context) -> Result:
    runner = context.root / "tests" / "examples" / "run"
    return counted_lines(context, "examples", [runner, "--build", context.build_dir("release")], 1200)


def host_program(context: Context) -> Result:
    return counted_lines(context, "ddbhost", [context.root / "tests" / "host" / "run", "--build", context.build_dir("release")], 600)


def snippets(context: Context) -> Result:
    runner = context.root / "tests" / "snippets" / "run"
    return counted_lines(context, "snippets", [runner, "--build", context.build_dir("release")], 1200)


def oldest_compilers(context: Context) -> Result:
    result = Result()
    for compiler in OLDEST_COMPILERS:
        if shutil.which(compiler) is None:
            result += Result(skipped=[f"{compiler} is not installed"])
            continue
        name = f"compiler-{compiler}"
        good = (context.command(["cmake", "-S", context.root, "-B", context.build_dir(name), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                                 "-DROCKETMQ_BUILD_TESTS=OFF", "-DROCKETMQ_UNITY_BUILD=ON", f"-DCMAKE_CXX_COMPILER={compiler}",
                                 "-DROCKETMQ_WARNINGS_ARE_ERRORS=ON"], 600) and
                context.command(["cmake", "--build", context.build_dir(name), "--target", "PluginRocketMQ", "-j", str(JOBS)], BUILD_LIMIT_S))
        result += context.counted(f"build with {compiler}", good)
        if good:
            result += library(context, name, 1)
    return result


def demo(context: Context) -> Result:
    return context.counted("./demo", context.command([context.root / "demo"], 900))


def fuzzing(context: Context) -> Result:
    return counted_lines(context, "fuzz", [context.root / "tests" / "fuzz" / "run", "--seconds", "60"], 3600)


def real_faults(context: Context) -> Result:
    """First that the accounting sees what it is there to see; then the faults: a few, with --full all."""
    tests = context.root / "tests"
    judged = sum((counted_lines(context, f"{name}: accounting", ["python3", tests / "support" / "python_tests.py", tests / name], 60)
                  for name in ("faults", "soak")), Result())
    return judged + counted_lines(context, "faults", [tests / "faults" / "run", "--build", context.build_dir("release"),
                                                      *([] if context.full else ["--quick"])], 2400)


def soak(context: Context) -> Result:
    return counted_lines(context, "soak", [context.root / "tests" / "soak" / "run", "--build", context.build_dir("release"), "--seconds", "30",
                                           "--clients", "320", "--jobs", "50", "--restart-every", "8"], 900)


SIMULATED_SEEDS = 100_000


def simulation(context: Context) -> Result:
    """Runs the seeds in as many parts as there are processors; the first ones are run by ctest, too."""
    program = context.build_dir("release") / "bin" / "simulation"
    part = SIMULATED_SEEDS // JOBS

    def one(first: int) -> Result:
        return counted_lines(context, f"simulation from seed {first}",
                             [program, "--first", str(first), "--seeds", str(part)], 7200)

    with ThreadPoolExecutor(JOBS) as pool:
        return sum(pool.map(one, range(1, 1 + part * JOBS, part)), Result())


def tidy(context: Context) -> Result:
    """Looks at a dozen files at once, as the build of its preset compiles them: most of the time goes into the headers that they share."""
    # A configuration of its own: GCC's options would be unknown to clang-tidy.
    if not context.command(["cmake", "--preset", "tidy"], 600):
        return context.failure("clang-tidy: cmake --preset tidy")
    directory = context.build_dir("tidy")
    commands = json.loads((directory / "compile_commands.json").read_text())
    files = sorted({Path(command["file"]).relative_to(context.root) for command in commands})

    def one(file: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
        return file, subprocess.run([f"clang-tidy-{CLANG_VERSION}", "--quiet", "-p", str(directory), str(file)],
                                    cwd=context.root, text=True, capture_output=True, timeout=900, check=False)

    wrong = []
    with ThreadPoolExecutor(JOBS) as pool:
        for file, done in pool.map(one, files):
            if done.returncode != 0:
                wrong.append(file)
                print(done.stdout + done.stderr, flush=True)
    return context.counted("clang-tidy: " + ", ".join(str(f) for f in wrong), bool(files) and not wrong)


STEPS = [
    Step("format", f"clang-format {CLANG_VERSION} changes nothing", formatting, quick=True),
    Step("rooms", "includes follow the order of the rooms", rooms, quick=True),
    Step("docs", "links lead somewhere, every key is in the manual, every sentence of it has its test", documents, quick=True),
    Step("bench", "bench/run computes, judges and reports as it should", bench_tool),
    Step("unit", "Release build and unit tests", unit("release"), needed_by_all=True, quick=True),
    Step("tools", "what the built plugin exports and needs; build-plugin and package", tools),
    Step("installed", "the client library as others find it, its examples, packages of it and of rmq", installed),
    Step("broker", "broker/rocketmq keeps its promises", broker_script),
    Step("integration", "the client library against a real RocketMQ", integration("release")),
    *[Step(f"mq-{version}", f"the same against RocketMQ {version} (with --full)", integration("release", version), full_only=True)
      for version in OLDER_VERSIONS],
    Step("scripts", "the plugin in the host against a real RocketMQ", scripts("release")),
    Step("faults", "a real broker is killed and frozen under traffic, every message counted (with --full: every fault)", real_faults),
    Step("soak", "producers, jobs and traffic in numbers leave nothing behind (with --full)", soak, full_only=True),
    Step("examples", "every script of examples/ in the host prints what it promises", examples),
    Step("host", "ddbhost as a program: its prompt, its signals, its options", host_program),
    Step("snippets", "every DolphinDB snippet of README and manuals runs as it is printed and shows what it promises", snippets),
    Step("demo", "./demo runs and ends with 0", demo),
    Step("abi0", "the plugin with the old string ABI in the host (with --full: every script)", built_scripts("abi0", 0)),
    Step("compilers", "the plugin with the oldest compilers, where they are installed (with --full)", oldest_compilers, full_only=True),
    Step("asan", "unit tests with GCC, the old string ABI, the newest SDK's namespace and pointers, ASan and UBSan", unit("asan")),
    Step("tsan", "unit tests with Clang and TSan", unit("tsan")),
    Step("asan-integration", "the client library and the plugin against a real RocketMQ, with ASan and UBSan (with --full)",
         sanitized_integration("asan"), full_only=True),
    Step("tsan-integration", "the same with TSan (with --full)", sanitized_integration("tsan"), full_only=True),
    Step("simulation", f"{SIMULATED_SEEDS} seeds of the simulated world (with --full)", simulation, full_only=True),
    Step("fuzz", "every fuzz target for a minute (with --full)", fuzzing, full_only=True),
    Step("tidy", f"clang-tidy {CLANG_VERSION} finds nothing in src and host", tidy),
]
