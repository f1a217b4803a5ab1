"""What bench/run computes and how it is used; no broker, no build."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "lib"))

import cases  # noqa: E402
import micro  # noqa: E402
import programs  # noqa: E402
import report  # noqa: E402
import session  # noqa: E402
import sweeps  # noqa: E402
from bars import PEERS, REFERENCE, LimitBar, RatioBar  # noqa: E402
from driver import run_driver  # noqa: E402
from samples import METRICS, DriverError, Sample, make_sample, parse_result  # noqa: E402
from summary import paired_ratios, rotated, spread  # noqa: E402


def rates(*values: float) -> list[Sample]:
    return [Sample(1, 1.0, {"rate": value, "cpu_s_per_million": 1e3 / value, "peak_rss_mib": 1.0, "broker_cpu_s_per_million": 1.0})
            for value in values]


class Statistics(unittest.TestCase):
    def test_a_spread_has_median_and_range(self) -> None:
        found = spread([5, 1, 3])
        self.assertEqual((found.median, found.low, found.high, found.count), (3, 1, 5, 3))
        self.assertAlmostEqual(found.noise, 4 / 3)

    def test_ratios_are_taken_round_by_round(self) -> None:
        # The machine was half as fast in the second round, for both.
        found = paired_ratios([100, 50, 120], [50, 25, 40])
        self.assertEqual((found.median, found.low, found.high), (2, 2, 3))

    def test_ratios_refuse_what_cannot_be_paired(self) -> None:
        with self.assertRaisesRegex(ValueError, "2 values cannot be paired with 1"):
            paired_ratios([1, 2], [1])
        with self.assertRaisesRegex(ValueError, "ratio to nothing"):
            paired_ratios([1], [0])
        with self.assertRaisesRegex(ValueError, "no value"):
            spread([])

    def test_every_participant_is_first_in_turn(self) -> None:
        self.assertEqual([rotated("abc", number) for number in range(3)], [list("abc"), list("bca"), list("cab")])
        self.assertEqual(rotated([], 1), [])


class Bars(unittest.TestCase):
    def test_a_bar_is_judged_against_the_best_of_its_kind(self) -> None:
        results = {"case": {"plugin": rates(300, 330, 360), "java 1MB": rates(100, 110, 120), "go": rates(150, 165, 180),
                            "reference": rates(900, 990, 1080)}}
        verdict = RatioBar("1", "rate", PEERS, at_least=2).judge("case", results)
        self.assertEqual((verdict.word, verdict.against), ("PASS", "go"))
        self.assertAlmostEqual(verdict.value.median, 2)
        self.assertEqual(RatioBar("1", "rate", PEERS, at_least=2.1).judge("case", results).word, "FAIL")
        self.assertEqual(RatioBar("1", "rate", REFERENCE, at_least=0.85).judge("case", results).word, "FAIL")

    def test_the_best_of_a_cost_is_the_lowest(self) -> None:
        results = {"case": {"plugin": rates(400), "java": rates(100), "go": rates(200)}}
        verdict = RatioBar("1", "cpu_s_per_million", PEERS, at_most=0.5).judge("case", results)
        self.assertEqual((verdict.word, verdict.against), ("PASS", "go"))

    def test_a_bar_may_look_at_another_case(self) -> None:
        results = {"vector": {"plugin": rates(1000)}, "scalar": {"java": rates(9, 10, 11), "plugin": rates(1)}}
        bar = RatioBar("1", "rate", PEERS, at_least=100, other_case="scalar")
        self.assertEqual(bar.judge("vector", results).word, "PASS")
        self.assertIn("in scalar", bar.text)

    def test_a_bar_may_look_at_one_participant(self) -> None:
        results = {"ticks": {"plugin typed": rates(60), "plugin msg": rates(100), "plugin": rates(1000)}}
        bar = RatioBar("7", "rate", ("plugin msg",), at_least=0.6, who="plugin typed")
        verdict = bar.judge("ticks", results)
        self.assertEqual((verdict.word, verdict.against), ("PASS", "plugin msg"))
        self.assertEqual(bar.text, "plugin typed: messages/s >= 0.6 of plugin msg's")

    def test_rows_of_json_are_judged_beside_a_walk(self) -> None:
        times = [{"name": "walk_json", "cpu_time": 100.0}, {"name": "json_rows", "cpu_time": 160.0}]
        self.assertEqual(micro.judge(times).word, "PASS")
        times[1]["cpu_time"] = 161.0
        self.assertEqual(micro.judge(times).word, "FAIL")
        self.assertEqual(micro.judge(times[1:]).word, "not judged")

    def test_what_was_not_measured_is_not_judged(self) -> None:
        verdict = RatioBar("1", "rate", PEERS, at_least=2).judge("case", {"case": {"plugin": rates(1)}})
        self.assertEqual((verdict.word, verdict.why_not), ("not judged", "no result of java or go"))
        self.assertEqual(LimitBar("4", "cpu_percent", at_most=0.5).judge("case", {}).word, "not judged")

    def test_a_limit_is_judged_by_the_median(self) -> None:
        samples = [Sample(0, 10, {"cpu_percent": value}) for value in (0.1, 0.2, 9)]
        self.assertEqual(LimitBar("4", "cpu_percent", at_most=0.5).judge("idle", {"idle": {"plugin": samples}}).word, "PASS")


class Sweeps(unittest.TestCase):
    def test_a_step_that_costs_more_is_found(self) -> None:
        sweep = next(sweep for sweep in sweeps.SWEEPS if sweep.name == "queues-send")
        flat = [rates(100), rates(100), rates(100), rates(100)]
        self.assertEqual(sweeps.judge(sweep, flat).word, "PASS")
        verdict = sweeps.judge(sweep, [*flat[:3], rates(50)])
        self.assertEqual((verdict.word, verdict.against), ("FAIL", "the step to 8 queues"))

    def test_bodies_are_judged_by_the_byte(self) -> None:
        sweep = next(sweep for sweep in sweeps.SWEEPS if sweep.name == "bodies-send")
        # The larger the body, the slower a message, and the cheaper a byte.
        self.assertEqual(sweeps.judge(sweep, [rates(1e6 / (100 + point.x)) for point in sweep.points]).word, "PASS")


class Drivers(unittest.TestCase):
    def run_lines(self, *lines: str, code: int = 0, timeout_s: float = 20) -> Sample:
        script = "import sys\n" + "".join(f"print({line!r}, flush=True)\n" for line in lines) + f"sys.exit({code})\n"
        clock = iter([1.0, 3.0])
        with tempfile.TemporaryDirectory() as home:
            return run_driver([sys.executable, "-c", script], lambda: next(clock), timeout_s, Path(home))

    def test_the_brokers_time_is_that_of_the_measured_span(self) -> None:
        sample = self.run_lines('{"event": "begin"}', "chatter of a client",
                                '{"event": "result", "messages": 2000000, "seconds": 4, "cpu_seconds": 1, "peak_rss_kib": 2048}')
        self.assertEqual(sample.metrics, {"rate": 500_000, "cpu_s_per_million": 0.5, "broker_cpu_s_per_million": 1.0, "peak_rss_mib": 2})

    def test_a_driver_that_fails_is_an_error_with_its_words(self) -> None:
        with self.assertRaisesRegex(DriverError, "exit code 3"):
            self.run_lines('{"event": "begin"}', code=3)
        with self.assertRaisesRegex(DriverError, "exit code 0"):
            self.run_lines('{"event": "begin"}')

    def test_a_driver_that_hangs_is_ended(self) -> None:
        with tempfile.TemporaryDirectory() as home, self.assertRaisesRegex(DriverError, "no end after 0 s"):
            run_driver(["sleep", "60"], lambda: 0.0, 0.3, Path(home))

    def test_nonsense_is_refused(self) -> None:
        for line in ("{", '{"event": "other"}'):
            with self.subTest(line=line), self.assertRaises(DriverError):
                parse_result(line)
        with self.assertRaises(DriverError):
            make_sample({"messages": 1, "seconds": 0, "cpu_seconds": 0, "peak_rss_kib": 1}, 0)
        with self.assertRaises(DriverError):
            make_sample({"messages": 1, "seconds": 1}, 0)

    def test_memory_counts_over_the_data(self) -> None:
        result = {"messages": 1, "seconds": 1, "cpu_seconds": 0, "peak_rss_kib": 3 << 10, "data_kib": 1 << 10}
        self.assertEqual(make_sample(result, 0).metrics["rss_over_data_mib"], 2)


class Tables(unittest.TestCase):
    def test_names_are_unique_and_metrics_known(self) -> None:
        names = [case.name for case in cases.CASES] + [sweep.name for sweep in sweeps.SWEEPS]
        self.assertEqual(len(names), len(set(names)))
        for case in cases.CASES:
            self.assertLessEqual(set(case.shown) | {bar.metric for bar in case.bars}, set(METRICS), case.name)
            for bar in case.bars:
                self.assertIn(getattr(bar, "other_case", "") or case.name, names)

    def test_bars_name_participants_that_are_there(self) -> None:
        for case in cases.CASES:
            mine = {one.name for one in case.participants}
            for bar in case.bars:
                if not isinstance(bar, RatioBar):
                    continue
                other = next(one for one in cases.CASES if one.name == (bar.other_case or case.name))
                theirs = {one.name for one in other.participants} | {one.kind for one in other.participants}
                self.assertIn(bar.who, mine, case.name)
                self.assertTrue(theirs & {*bar.others}, f"{case.name}: {bar.text}")

    def test_drivers_are_told_which_bodies(self) -> None:
        cluster = SimpleNamespace(addresses=lambda host: "a=b:1", namesrv="b:2")
        for name, words in (("ticks-csv", ["--bytes", "58", "--body", "csv"]), ("consume-100", ["--bytes", "100"])):
            case = next(case for case in cases.CASES if case.name == name)
            order = programs.Order(case, case.participants[0], (), "t", "g", 1, 0)
            self.assertEqual(programs.command(order, cluster, Path())[-len(words):], words)

    def test_the_reports_say_figures_and_verdicts(self) -> None:
        case = next(case for case in cases.CASES if case.name == "consume-100")
        found = report.Findings(3, False, {case.name: {"plugin": rates(400_000, 500_000, 450_000), "java": rates(100_000, 100_000, 100_000)}})
        with tempfile.TemporaryDirectory() as directory:
            text = report.write(Path(directory), [case], [], found)
            self.assertTrue((Path(directory) / "results.json").exists())
        self.assertIn("| plugin | 450,000 (400,000-500,000) |", text)
        self.assertIn("bar 3: messages/s >= 4 of the best peer's: **PASS**, 4.5 (4-5) against java", text)
        self.assertIn("**not judged** (no result of reference)", text)

    def test_the_reports_say_what_failed(self) -> None:
        case, sweep = cases.CASES[0], sweeps.SWEEPS[0]
        found = report.Findings(3, False, failures={case.name: "go: no route", sweep.name: "the broker is gone"})
        text = report.markdown([case], [sweep], found)
        self.assertIn(f"## {case.name}: {case.title}\n\nNot measured: go: no route\n", text)
        self.assertIn(f"## {sweep.name}: {sweep.title}\n\nNot measured: the broker is gone\n", text)
        self.assertEqual(report.document([case], [sweep], found)["failures"], found.failures)


class Runs(unittest.TestCase):
    """How often a driver that fails is run, by kind; with the error that was left, if any."""

    def run_failing(self, kind: str, failures: int) -> tuple[int, str]:
        case = next(case for case in cases.CASES if case.name == "consume-100")
        participant = next(one for one in case.participants if one.kind == kind)
        outcomes = [DriverError("no route")] * failures + rates(1000)
        cluster = SimpleNamespace(cpu_seconds=lambda: 0.0)
        bench = session.Bench(cluster, Path(), False, frozenset({kind}), "127.0.0.1")
        with mock.patch.object(session, "run_driver", side_effect=outcomes) as runs, mock.patch.object(session, "command"), \
                mock.patch.object(session, "progress"):
            try:
                bench.run_once(case, participant, "topic")
            except DriverError as error:
                return runs.call_count, str(error)
        return runs.call_count, ""

    def test_a_peer_has_a_second_chance(self) -> None:
        self.assertEqual(self.run_failing("go", 1), (2, ""))
        self.assertEqual(self.run_failing("go", 2), (2, "consume-100: go: no route"))

    def test_our_own_drivers_have_one(self) -> None:
        self.assertEqual(self.run_failing("plugin", 1), (1, "consume-100: plugin: no route"))
        self.assertEqual(self.run_failing("reference", 1), (1, "consume-100: reference 1 pull: no route"))


class Usage(unittest.TestCase):
    def run_bench(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(ROOT / "bench" / "run"), *words], capture_output=True, text=True, timeout=60, check=False)

    def test_list_names_all(self) -> None:
        done = self.run_bench("--list")
        self.assertEqual(done.returncode, 0)
        for name in ("vector-100", "rtt-10-consume", "jobs", "micro"):
            self.assertRegex(done.stdout, rf"(?m)^{name} ")

    def test_wrong_usage_is_told(self) -> None:
        for words, message in ((("--only", "nothing"), "there is no such case"), (("--rounds", "0"), "not a number from 1 to 100"),
                               (("--with", "me"), "invalid choice"), (("--fast",), "unrecognized arguments")):
            with self.subTest(words=words):
                done = self.run_bench(*words)
                self.assertEqual(done.returncode, 2)
                self.assertIn(message, done.stderr)


if __name__ == "__main__":
    unittest.main()
