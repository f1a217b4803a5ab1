"""What became of every message: computed from what senders and receivers wrote down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable

from clients import Receipt, Send

Message = tuple[str, int]  # the sending thread, and its number there


@dataclass
class Account:
    sent: int = 0
    acknowledged: int = 0
    received: int = 0  # different ones
    duplicated: int = 0  # receipts beyond the first of a message
    lost: list[Message] = field(default_factory=list)  # acknowledged and never received
    false_refusals: list[Message] = field(default_factory=list)  # reported as not stored, and received
    out_of_order: list[str] = field(default_factory=list)

    @property
    def wrongs(self) -> list[str]:
        """What must never be, whatever the fault was."""
        wrong = []
        if not self.acknowledged:
            wrong.append("nothing was acknowledged")
        if self.lost:
            wrong.append(f"{len(self.lost)} acknowledged messages were lost, such as {self.lost[:5]}")
        if self.false_refusals:
            wrong.append(f"{len(self.false_refusals)} messages were reported as not stored and came, such as {self.false_refusals[:5]}")
        if self.out_of_order:
            wrong.append(f"order broke {len(self.out_of_order)} times: {'; '.join(self.out_of_order[:3])}")
        return wrong


def messages_of(sends: Iterable[Send], outcome: str = "") -> set[Message]:
    return {(send.thread, send.first + i) for send in sends if not outcome or send.outcome == outcome for i in range(send.count)}


def account(sends: list[Send], receipts: list[Receipt]) -> Account:
    acknowledged = messages_of(sends, "stored")
    firsts = first_receipts(receipts)
    return Account(sent=len(messages_of(sends)), acknowledged=len(acknowledged), received=len(firsts),
                   duplicated=len(receipts) - len(firsts), lost=sorted(acknowledged - firsts.keys()),
                   false_refusals=sorted(messages_of(sends, "not_stored") & firsts.keys()),
                   out_of_order=_out_of_order(firsts, acknowledged))


def first_receipts(receipts: list[Receipt]) -> dict[Message, Receipt]:
    firsts: dict[Message, Receipt] = {}
    for receipt in sorted(receipts, key=lambda r: r.at):
        firsts.setdefault((receipt.thread, receipt.number), receipt)
    return firsts


def _out_of_order(firsts: dict[Message, Receipt], acknowledged: set[Message]) -> list[str]:
    """Within a queue, the messages of one sending thread come in the order in which they were sent, and offsets grow. What
    comes again does not count, nor what was sent back, nor what the sender was not told is stored: it sent on meanwhile."""
    wrong = []
    numbers: dict[tuple[str, str], int] = {}
    offsets: dict[str, int] = {}
    for (thread, number), receipt in firsts.items():  # in the order of receipt
        if receipt.reconsumed or (thread, number) not in acknowledged:
            continue
        if number <= numbers.get((receipt.queue, thread), -1):
            wrong.append(f"{thread}:{number} came after {numbers[receipt.queue, thread]} in {receipt.queue}")
        if receipt.offset <= offsets.get(receipt.queue, -1):
            wrong.append(f"offset {receipt.offset} came after {offsets[receipt.queue]} in {receipt.queue}")
        numbers[receipt.queue, thread] = max(number, numbers.get((receipt.queue, thread), -1))
        offsets[receipt.queue] = max(receipt.offset, offsets.get(receipt.queue, -1))
    return wrong


def senders_back_s(sends: list[Send], moment: int, threads: Iterable[str]) -> float | None:
    """From a moment to the first acknowledgement of the thread that had to wait longest; nothing if one never got any."""
    latest = 0.0
    for thread in threads:
        ends = [send.end for send in sends if send.thread == thread and send.outcome == "stored" and send.end >= moment]
        if not ends:
            return None
        latest = max(latest, (min(ends) - moment) / 1e6)
    return latest


def receivers_back_s(sends: list[Send], receipts: list[Receipt], moment: int) -> float | None:
    """How long the first message that was acknowledged after a moment took in the queue where it took longest, counted from
    its acknowledgement, or from the moment to the first such message, whichever is more."""
    acknowledged_at = {(send.thread, send.first + i): send.end for send in sends
                       if send.outcome == "stored" and send.end >= moment for i in range(send.count)}
    firsts: dict[str, tuple[int, int]] = {}  # queue -> received, acknowledged
    for message, receipt in first_receipts(receipts).items():
        if message in acknowledged_at and receipt.queue not in firsts:
            firsts[receipt.queue] = (receipt.at, acknowledged_at[message])
    if not firsts:
        return None
    slowest_queue = max(received - acknowledged for received, acknowledged in firsts.values())
    return max(slowest_queue, min(received for received, _ in firsts.values()) - moment) / 1e6


def longest_gap_s(sends: list[Send], begin: int, end: int) -> float:
    """The longest time within [begin, end] without an acknowledgement."""
    moments = sorted(send.end for send in sends if send.outcome == "stored" and begin <= send.end <= end)
    points = [begin, *moments, end]
    return max(b - a for a, b in zip(points, points[1:])) / 1e6
