"""Consumers that come, go and die, and handlers that fail."""

from __future__ import annotations

import time

from account import first_receipts, messages_of
from clients import Receipt
from cluster import Shape
from stage import Stage, fault
from waits import US, now_us, wait_until

# From the death of a member to receipts of its queues by another one: the broker sees the connection break and tells the group.
TAKE_OVER_BOUND_S = 10.0
# A member writes its progress down once a second; what it handled since may come again when it is killed. With some grace.
_HANDLED_SINCE_COMMIT_S = 3.0
RETRIES = 2


@fault("a consumer joins or leaves every second")
def consumers_join_and_leave(stage: Stage) -> None:
    stage.start()
    members = []
    begin = now_us()
    for step in range(16):
        if step % 4 < 2:
            members.append(stage.add_receiver())
        else:
            stage.leave(members.pop(0))
        time.sleep(1)
    stage.gap(begin, 2)
    stage.close_spares()
    stage.settle()
    again = _repeated(stage.receipts)
    # What was in the hands of a handler when its queue changed hands, each time.
    stage.expect(again <= 16 * 50, f"{again} messages came again although every member took its leave")


@fault("a consumer cancelled and replaced, six times", quick=True)
def consumer_cancelled(stage: Stage) -> None:
    """One member at a time: each goes on exactly where the one before it stopped."""
    stage.start(spares=False)
    member = stage.add_receiver(group=f"{stage.group}_turns", counts=False)
    receipts: list[Receipt] = []
    for _ in range(6):
        stage.started(member)
        wait_until(lambda: _has(stage, member.receipts, 100), 30, "the member receives")
        stage.leave(member)
        receipts += member.receipts
        member = stage.add_receiver(group=f"{stage.group}_turns", counts=False)
    stage.settle()
    acknowledged = messages_of(stage.sends, "stored")
    wait_until(lambda: _has_all(stage, [*receipts, *member.receipts], acknowledged), 30, "the last member has received the rest")
    stage.leave(member)
    again = _repeated(receipts + member.receipts)
    stage.note(f"{again} of {len(acknowledged)} came twice to the members that took turns")
    stage.expect(again == 0, f"{again} messages came again after a cancel")


@fault("a consumer killed (-9) in its handler, another one takes over")
def consumer_killed_in_its_handler(stage: Stage) -> None:
    stage.start(receiver=("hold_ms=20",), spares=False)
    victim = stage.add_receiver("hold_ms=20")
    stage.started(victim)
    wait_until(lambda: _has(stage, victim.receipts, 2000), 60, "the second member receives")
    queues = {receipt.queue for receipt in victim.receipts}
    victim.kill()
    killed = now_us()

    def taken_over() -> bool:
        stage.update()
        return queues <= {r.queue for r in stage.receipts if r.receiver != victim.name and r.at > killed}
    wait_until(taken_over, 60, "the other member receives from all queues of the killed one")
    stage.sheet.recovery_s, stage.sheet.bound_s = (now_us() - killed) / US, TAKE_OVER_BOUND_S
    stage.flow(500)
    stage.settle()
    again = _repeated(stage.receipts)
    handled = sum(1 for receipt in victim.receipts if receipt.at > killed - _HANDLED_SINCE_COMMIT_S * US)
    stage.note(f"{again} came again, of {handled} that it handled in its last {_HANDLED_SINCE_COMMIT_S:g} s")
    stage.expect(again <= handled + 100, f"{again} messages came again, more than were handled since the last commit")


@fault("a handler fails every tenth message: two retries, then the dead-letter queue",
       Shape(settings=("messageDelayLevel=1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s 1s",)))
def handler_fails(stage: Stage) -> None:
    stage.start(receiver=(f"retries={RETRIES}", "fail_every=10"), spares=False)
    stage.flow(1000)
    stage.settle()
    failing = {message for message in messages_of(stage.sends, "stored") if message[1] % 10 == 0}

    def all_tried() -> bool:
        stage.update()
        return sum(1 for r in stage.receipts if r.failed) >= len(failing) * (RETRIES + 1)
    wait_until(all_tried, 60, f"each of {len(failing)} failing messages has failed {RETRIES + 1} times")
    dead = stage.add_receiver(group="dead_letters", topic=f"%DLQ%{stage.group}", counts=False)
    wait_until(lambda: _has_all(stage, dead.receipts, failing), 60, "the dead-letter queue holds every message that failed")
    time.sleep(3)  # Longer than another retry would take.
    stage.update()
    times: dict[tuple[str, int], int] = {}
    for receipt in stage.receipts:
        times[receipt.thread, receipt.number] = times.get((receipt.thread, receipt.number), 0) + 1
    wrong = [message for message in failing if times.get(message) != RETRIES + 1]
    stage.expect(not wrong, f"{len(wrong)} failing messages were not delivered {RETRIES + 1} times, such as {wrong[:3]}")
    strangers = first_receipts(dead.receipts).keys() - failing
    stage.expect(not strangers and len(dead.receipts) == len(failing),
                 f"the dead-letter queue holds {len(dead.receipts)} messages for {len(failing)} that failed; strangers: {sorted(strangers)[:3]}")
    stage.note(f"{len(failing)} messages failed {RETRIES + 1} times each, {len(dead.receipts)} are in the dead-letter queue; the duplicates are retries")


def _has(stage: Stage, receipts: list[Receipt], count: int) -> bool:
    stage.update()
    return len(receipts) >= count


def _has_all(stage: Stage, receipts: list[Receipt], messages: set[tuple[str, int]]) -> bool:
    stage.update()
    return messages <= {(receipt.thread, receipt.number) for receipt in receipts}


def _repeated(receipts: list[Receipt]) -> int:
    """Deliveries of what had been delivered before; a message that the broker stored twice is two."""
    return len(receipts) - len({(receipt.queue, receipt.offset) for receipt in receipts})
