"""The accounting of tests/faults/run sees what it is there to see."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "lib"))

import account  # noqa: E402
from clients import Receipt, Send  # noqa: E402


def send(first: int, count: int = 1, outcome: str = "stored", begin: int = 0, end: int = 10, thread: str = "a0") -> Send:
    return Send(begin, end, thread, first, count, outcome, "" if outcome == "stored" else "an error")


def receipt(number: int, at: int = 20, queue: str = "b:0", offset: int | None = None, reconsumed: int = 0, thread: str = "a0") -> Receipt:
    return Receipt(at, "r", queue, number if offset is None else offset, thread, number, reconsumed, False)


class Accounting(unittest.TestCase):
    def test_what_was_received_as_sent_is_right(self) -> None:
        seen = account.account([send(0), send(1, 2)], [receipt(0), receipt(1), receipt(2)])
        self.assertEqual((seen.sent, seen.acknowledged, seen.received, seen.duplicated), (3, 3, 3, 0))
        self.assertEqual(seen.wrongs, [])

    def test_an_acknowledged_message_that_never_came_is_lost(self) -> None:
        seen = account.account([send(0, 3)], [receipt(0), receipt(2)])
        self.assertEqual(seen.lost, [("a0", 1)])
        self.assertIn("1 acknowledged messages were lost", seen.wrongs[0])

    def test_what_is_possibly_stored_may_come_or_not(self) -> None:
        sends = [send(0), send(1, outcome="possibly_stored"), send(2, outcome="possibly_stored")]
        self.assertEqual(account.account(sends, [receipt(0), receipt(2)]).wrongs, [])

    def test_what_is_reported_as_not_stored_must_not_come(self) -> None:
        seen = account.account([send(0), send(1, outcome="not_stored")], [receipt(0), receipt(1)])
        self.assertEqual(seen.false_refusals, [("a0", 1)])

    def test_a_second_receipt_is_a_duplicate_and_no_break_of_order(self) -> None:
        seen = account.account([send(0, 2)], [receipt(0), receipt(1), receipt(0, at=30), receipt(1, at=30)])
        self.assertEqual((seen.duplicated, seen.wrongs), (2, []))

    def test_order_breaks_within_a_queue_by_number_and_by_offset(self) -> None:
        sends = [send(0, 2)]
        self.assertTrue(account.account(sends, [receipt(1, at=1), receipt(0, at=2, offset=5)]).out_of_order)
        self.assertTrue(account.account(sends, [receipt(0, at=1, offset=5), receipt(1, at=2, offset=4)]).out_of_order)
        self.assertFalse(account.account(sends, [receipt(1, at=1), receipt(0, at=2, queue="b:1")]).out_of_order)

    def test_a_retry_may_come_late(self) -> None:
        self.assertFalse(account.account([send(0, 2)], [receipt(1, at=1), receipt(0, at=2, reconsumed=1)]).out_of_order)

    def test_where_nothing_was_acknowledged_nothing_was_shown(self) -> None:
        self.assertEqual(account.account([], []).wrongs, ["nothing was acknowledged"])


class Recovery(unittest.TestCase):
    SECOND = 1_000_000

    def test_senders_are_back_when_the_last_thread_is(self) -> None:
        sends = [send(0, end=2 * self.SECOND), send(0, end=3 * self.SECOND, thread="a1")]
        self.assertEqual(account.senders_back_s(sends, self.SECOND, ("a0", "a1")), 2)
        self.assertIsNone(account.senders_back_s(sends, self.SECOND, ("a0", "a2")))
        self.assertIsNone(account.senders_back_s(sends, 4 * self.SECOND, ("a0",)))

    def test_receivers_are_back_when_the_slowest_queue_is(self) -> None:
        sends = [send(0, end=2 * self.SECOND), send(1, end=2 * self.SECOND)]
        receipts = [receipt(0, at=int(2.1 * self.SECOND)), receipt(1, at=6 * self.SECOND, queue="b:1")]
        self.assertEqual(account.receivers_back_s(sends, receipts, self.SECOND), 4)
        self.assertIsNone(account.receivers_back_s(sends, [], self.SECOND))

    def test_a_gap_is_seen_at_either_end_too(self) -> None:
        sends = [send(0, end=3 * self.SECOND), send(1, end=4 * self.SECOND)]
        self.assertEqual(account.longest_gap_s(sends, 0, 5 * self.SECOND), 3)
        self.assertEqual(account.longest_gap_s(sends, 3 * self.SECOND, 9 * self.SECOND), 5)


if __name__ == "__main__":
    unittest.main()
