"""What a fault has to work with: a cluster, traffic through it, and a sheet for what was seen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import account
from account import Account
from clients import Client, Receipt, Send
from cluster import Cluster, Shape
from waits import GaveUp, now_us, wait_until

CLOSE_BOUND_S = 5.0
QUEUES = 8
_START_PATIENCE_S = 20
_SETTLE_PATIENCE_S = 60
SENDER_THREADS = ("a0", "a1", "a2")  # two that send single messages, one that sends vectors


@dataclass
class Sheet:
    """What is written down of one fault."""

    account: Account = field(default_factory=Account)
    recovery_s: float | None = None
    bound_s: float | None = None
    closing_s: float = 0.0
    notes: list[str] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)


class Stage:
    """Traffic of a sender and a receiver, and of two spare ones that are closed while the fault lasts."""

    def __init__(self, cluster: Cluster, build: Path, directory: Path, name: str) -> None:
        self.cluster = cluster
        self.build = build
        self.directory = directory
        self.sheet = Sheet()
        self.topic = f"fault_{name}"
        self.group = f"g_{name}"
        self._program = build / "bin" / "fault_client"
        self._clients: list[Client] = []
        self._members: list[Client] = []  # receivers whose receipts count
        self._senders: list[Client] = []
        self._spares: list[Client] = []
        self._moment = 0

    def __enter__(self) -> Stage:
        self.cluster.create_topic(self.topic, QUEUES)
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            client.close()

    # --- clients ---

    def start(self, namesrv: str = "", sender: tuple[str, ...] = (), receiver: tuple[str, ...] = (), spares: bool = True) -> None:
        """The traffic that nearly every fault needs; returns when it flows."""
        self.add_sender("singles=2", "vectors=1", *sender, namesrv=namesrv)
        self.add_receiver(*receiver, namesrv=namesrv)
        if spares:
            self._spares = [self._spare_sender(namesrv), self._spare_receiver(namesrv)]
        self.flow(300)

    def add_sender(self, *words: str, prefix: str = "a", namesrv: str = "") -> Client:
        client = self._client("send", f"prefix={prefix}", *words, namesrv=namesrv)
        self._senders.append(client)
        return client

    def add_receiver(self, *words: str, namesrv: str = "", group: str = "", topic: str = "", counts: bool = True) -> Client:
        client = self._client("receive", f"group={group or self.group}", *words, namesrv=namesrv, topic=topic)
        if counts:
            self._members.append(client)
        return client

    def started(self, client: Client, limit_s: float = _START_PATIENCE_S) -> float:
        """Waits until a client has started; returns how long its start took, its process included."""
        begin = now_us()

        def ready() -> bool:
            client.update()
            if client.failure or not client.running:
                raise GaveUp(f"{client.name} did not start: {client.failure}")
            return client.started_at > 0
        wait_until(ready, limit_s, f"{client.name} starts")
        return (now_us() - begin) / 1e6

    def _spare_sender(self, namesrv: str) -> Client:
        client = self._client("send", "prefix=x", "vectors=0", "pause_ms=100", namesrv=namesrv)
        self._senders.append(client)  # What it sends must arrive, too.
        return client

    def _spare_receiver(self, namesrv: str) -> Client:
        return self._client("receive", f"group={self.group}_spare", namesrv=namesrv)

    def _client(self, kind: str, *words: str, namesrv: str = "", topic: str = "") -> Client:
        client = Client(self._program, self.directory, f"{kind}{len(self._clients)}", kind,
                        f"namesrv={namesrv or self.cluster.namesrv}", f"topic={topic or self.topic}", *words)
        self._clients.append(client)
        return client

    # --- what was written down so far ---

    def update(self) -> None:
        for client in self._clients:
            client.update()

    @property
    def sends(self) -> list[Send]:
        return [send for client in self._senders for send in client.sends]

    @property
    def receipts(self) -> list[Receipt]:
        return [receipt for client in self._members for receipt in client.receipts]

    @property
    def logs(self) -> list[str]:
        return [line for client in self._clients for line in client.logs]

    @property
    def errors(self) -> list[str]:
        """Of failed sends, but for those that closing ended."""
        return [send.text for send in self.sends if send.text and "the producer is closed" not in send.text]

    # --- steps ---

    def flow(self, messages: int, limit_s: float = 30) -> None:
        """Until so many more messages have been received."""
        self.update()
        wanted = len(self.receipts) + messages

        def enough() -> bool:
            self.update()
            return len(self.receipts) >= wanted
        wait_until(enough, limit_s, f"{messages} more messages come; so far {len(self.receipts)}")

    def close_spares(self) -> None:
        """While the fault lasts: both must end in time."""
        for client in self._spares:
            client.ask_to_end()
        for client in self._spares:
            self._closed(client, client.stop())
        self._spares = []

    def leave(self, client: Client) -> None:
        self._closed(client, client.stop())

    def _closed(self, client: Client, took_s: float) -> None:
        self.closes(client.name, max(took_s, client.closing_s))
        self.expect(client.process.returncode == 0, f"{client.name} ended with {client.process.returncode}: {client.failure}")

    def closes(self, what: str, took_s: float) -> None:
        """Judges how long something took to close while the fault lasted."""
        self.sheet.closing_s = max(self.sheet.closing_s, took_s)
        self.expect(took_s <= CLOSE_BOUND_S, f"{what} took {took_s:.1f} s to close")

    def recovers(self, moment: int, bound_s: float, threads: tuple[str, ...] = SENDER_THREADS, limit_s: float = 60) -> None:
        """Waits until all sending threads and the receivers are at work again after a moment; how long it took is judged."""
        def back() -> bool:
            self.update()
            return (account.senders_back_s(self.sends, moment, threads) is not None
                    and account.receivers_back_s(self.sends, self.receipts, moment) is not None)
        self.sheet.bound_s = bound_s
        try:
            wait_until(back, limit_s, "senders and receivers are back")
        except GaveUp as error:
            self.wrong(str(error))
        self.flow(500)
        self._moment = moment
        self._threads = threads

    def settle(self, limit_s: float = _SETTLE_PATIENCE_S) -> None:
        """Ends the senders and waits until everything that was acknowledged has come, and a moment longer."""
        for client in self._senders:
            if client.running:
                self.leave(client)

        def all_there() -> bool:
            self.update()
            return not account.account(self.sends, self.receipts).lost
        try:
            wait_until(all_there, limit_s, "everything that was acknowledged is received")
        except GaveUp as error:
            self.note(str(error))  # What is missing is counted as lost.

    def finish(self) -> Sheet:
        """Ends what still runs and computes the sheet."""
        self.settle()
        for client in self._members + self._spares:
            if client.running:
                self.leave(client)
        self.update()
        self.sheet.account = account.account(self.sends, self.receipts)
        if self._moment:
            senders = account.senders_back_s(self.sends, self._moment, self._threads)
            receivers = account.receivers_back_s(self.sends, self.receipts, self._moment)
            if senders is None or receivers is None:
                self.wrong("no recovery was seen")
            else:
                self.sheet.recovery_s = max(senders, receivers)
                self.note(f"senders {senders:.2f} s, receivers {receivers:.2f} s")
        if self.sheet.recovery_s is not None and self.sheet.bound_s is not None and self.sheet.recovery_s > self.sheet.bound_s:
            self.wrong(f"recovery took {self.sheet.recovery_s:.2f} s, more than {self.sheet.bound_s:g} s")
        self.sheet.wrongs += self.sheet.account.wrongs
        return self.sheet

    def gap(self, begin: int, bound_s: float) -> None:
        """Judges the longest time without an acknowledgement since a moment, where the fault must hardly be felt."""
        self.update()
        self.sheet.recovery_s = account.longest_gap_s(self.sends, begin, now_us())
        self.sheet.bound_s = bound_s

    def note(self, text: str) -> None:
        self.sheet.notes.append(text)

    def wrong(self, text: str) -> None:
        self.sheet.wrongs.append(text)

    def expect(self, good: bool, text: str) -> None:
        if not good:
            self.wrong(text)

    def expect_error(self, pattern: str) -> None:
        """Some send failed in these words."""
        errors = self.errors
        if not any(re.search(pattern, text) for text in errors):
            self.wrong(f"no send failed with {pattern!r}; {len(errors)} failed, such as: {errors[:1]}")


@dataclass(frozen=True)
class Fault:
    name: str
    title: str
    shape: Shape
    make: Callable[[Stage], None]
    quick: bool


FAULTS: list[Fault] = []


def fault(title: str, shape: Shape = Shape(), quick: bool = False) -> Callable[[Callable[[Stage], None]], Callable[[Stage], None]]:
    """Registers a function as a fault of that title; its name is the fault's name."""
    def register(make: Callable[[Stage], None]) -> Callable[[Stage], None]:
        FAULTS.append(Fault(make.__name__, title, shape, make, quick))
        return make
    return register
