"""Builds the plugin for a real DolphinDB server from the headers of DolphinDB's plugin repository."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from pathlib import Path

import check_library
import option_types
import out_directory
import sdk_facts
import server_files
import server_line
import toolchain
from build_choices import BuildChoices
from errors import UsageError
from sdk_headers import inspect
from server_version import parse_version

ROOT = Path(__file__).resolve().parents[2]
LOAD_BY_NAME = (2, 0, 11)  # Older servers find a plugin by the path of its description only.


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./build-plugin", description=__doc__)
    parser.add_argument("--sdk", metavar="DIR", type=option_types.directory, required=True,
                        help="a checkout of DolphinDBPlugin on the branch of your server's release, or its include directory")
    parser.add_argument("--server-version", metavar="X",
                        help="what version() says on the server, e.g. 2.00.16.3 (default: the line that the headers are of)")
    parser.add_argument("--abi", metavar="0|1", type=option_types.abi,
                        help="the std::string ABI: 0 for standard servers (the default without --server), 1 for servers of the ABI edition")
    parser.add_argument("--server", metavar="DIR", type=option_types.directory,
                        help="the server's directory, to take the ABI from its files and to compare the finished plugin with them")
    parser.add_argument("--untried", action="store_true", help="build for headers that match no line that was tried")
    parser.add_argument("--out", metavar="DIR", type=option_types.directory,
                        help="also put the plugin's directory RocketMQ there (replacing one that this command made)")
    parser.add_argument("--jobs", "-j", type=option_types.jobs, default=os.cpu_count() or 2, help="compilers at a time")
    parser.add_argument("--dry-run", action="store_true", help="say what was found and chosen; build nothing")
    return parser.parse_args(arguments)


def describe(choices: BuildChoices) -> str:
    headers = choices.headers
    namespace = f"namespace {headers.namespace}" if headers.namespace else "global namespace"
    edition = "old std::string, for standard servers" if choices.abi == 0 else "new std::string, for servers of the ABI edition"
    return "\n".join([
        f"headers      {headers.include_dir}",
        f"server       {choices.version.text} (a plugin fits {choices.version.line_text} and no other line)",
        f"found        {namespace}, values held by {headers.pointer}",
        f"ABI          {choices.abi}: {edition}",
        f"descriptor   {choices.descriptor_fields} fields a line",
        f"defines      {' '.join(headers.definitions)}",
        *(f"with Clang   {option}" for option in headers.clang_options)])


def choose(wishes: argparse.Namespace) -> BuildChoices:
    headers = inspect(wishes.sdk)
    asked = None if wishes.server_version is None else parse_version(wishes.server_version)
    abi = wanted_abi(wishes.abi, wishes.server)
    facts = sdk_facts.measure(headers, toolchain.compiler())
    decision = server_line.decide(headers, facts, sdk_facts.read_table(), asked, wishes.untried)
    if decision.warning:
        print(f"build-plugin: warning: {decision.warning}", file=sys.stderr, flush=True)
    return BuildChoices(headers, decision.version, 0 if abi is None else abi)


def wanted_abi(asked: int | None, server: Path | None) -> int | None:
    if server is None:
        return asked
    offered = server_files.string_abi(server)
    if asked is not None and offered is not None and asked != offered:
        raise UsageError(f"--abi {asked}: the server in {server} has the std::string ABI {offered}; give --abi {offered}, or leave it out")
    return offered if asked is None else asked


def run(command: list[str | Path], what: str) -> None:
    print(f"build-plugin: {what}", file=sys.stderr, flush=True)
    done = subprocess.run([str(word) for word in command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise UsageError(f"{what} failed, see above")


def configure(directory: Path, choices: BuildChoices) -> None:
    print("build-plugin: configuring", file=sys.stderr, flush=True)
    command = ["cmake", "-S", ROOT, "-B", directory, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DROCKETMQ_BUILD_TESTS=OFF",
               "-DROCKETMQ_UNITY_BUILD=ON", *choices.cmake_arguments()]
    done = subprocess.run([str(word) for word in command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        # CMake would only name the first library that it does not find, by a variable of its own.
        if missing := toolchain.missing_needs():
            raise UsageError(f"missing: {', '.join(missing)}; ./setup --plugin installs what is needed")
        print(done.stdout, file=sys.stderr)
        raise UsageError("configuring failed, see above")


def build(choices: BuildChoices, jobs: int) -> Path:
    """The plugin's directory, ready to be copied. One build directory a line and ABI, so that a second build is quick."""
    directory = ROOT / "build" / f"plugin-{choices.version.line_text}-abi{choices.abi}{toolchain.directory_suffix()}"
    configure(directory, choices)
    run(["cmake", "--build", directory, "--target", "PluginRocketMQ", "-j", str(jobs)], "compiling")
    return directory / "plugins" / "RocketMQ"


def how_to_use(plugin: Path, choices: BuildChoices) -> str:
    name = '"RocketMQ"' if choices.version.line >= LOAD_BY_NAME else '"<server>/plugins/RocketMQ/PluginRocketMQ.txt"'
    return (f"Copy it into the server's plugin directory, and load it there:\n\n"
            f"    cp -r {shlex.quote(str(plugin))} <server>/plugins/\n"
            f"    loadPlugin({name})")


def main(arguments: list[str]) -> int:
    wishes = parse_arguments(arguments)
    try:
        choices = choose(wishes)
        if wishes.out:
            out_directory.require_usable(wishes.out)
        print(describe(choices), flush=True)
        if wishes.dry_run:
            return 0
        plugin = build(choices, wishes.jobs)
        problems = check_library.check(plugin, choices.abi, wishes.server, everything=False)
        if problems:
            raise UsageError("the library was built, but is not fit for a server:\n  " + "\n  ".join(problems))
        if wishes.out:
            plugin = out_directory.copy_plugin(plugin, wishes.out.resolve())
        print(f"\n{how_to_use(plugin, choices)}")
    except (UsageError, OSError) as error:
        print(f"build-plugin: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
