"""Brokers that die, freeze, move, and come back."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from account import messages_of
from cluster import Shape
from host import Host
from stage import Stage, fault
from waits import US, now_us, wait_until

RESTART_BOUND_S = 4.0  # A JVM that has just started answers slowly; a send that sleeps out its longest pause takes 5 s.
# A connection to a dead broker is closed by its machine at once; what waits for an answer on it need not wait for its time-out.
DROPPED_BOUND_S = 0.5
_SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
_LONG_ENOUGH_TO_FREEZE_S = 5
_BACKLOG = 3000  # so that much is left to be read from the slave


@fault("broker killed (-9) during sends, started again", quick=True)
def broker_killed(stage: Stage) -> None:
    stage.start()
    for _ in range(2):
        stage.flow(500)
        stage.cluster.kill("broker-a")
        time.sleep(1)
        stage.close_spares()
        stage.recovers(stage.cluster.restart("broker-a"), RESTART_BOUND_S)


@fault("broker killed while it holds unanswered requests")
def broker_killed_with_requests(stage: Stage) -> None:
    stage.start()
    single_tries = stage.add_sender("singles=1", "vectors=0", "attempts=1", "timeout_ms=20000", prefix="s")
    stage.started(single_tries)
    stage.flow(300)
    stage.cluster.freeze("broker-a")
    time.sleep(1)
    single_tries.update()
    before = len(single_tries.sends)
    killed = stage.cluster.kill("broker-a")

    def failed() -> bool:
        single_tries.update()
        return len(single_tries.sends) > before
    wait_until(failed, 30, "the waiting send ends")
    send = single_tries.sends[before]
    took_s = (send.end - killed) / US
    stage.note(f"a send that waited for its answer failed {took_s * 1000:.0f} ms after the kill")
    stage.expect(send.begin < killed and send.outcome == "possibly_stored", f"the waiting send ended as {send}")
    stage.expect(took_s < DROPPED_BOUND_S, f"the waiting send failed only {took_s:.2f} s after the kill")
    stage.close_spares()
    stage.recovers(stage.cluster.restart("broker-a"), RESTART_BOUND_S)


def _freeze(stage: Stage, seconds: float) -> None:
    stage.start()
    stage.cluster.freeze("broker-a")
    time.sleep(seconds / 2)
    begin = now_us()
    if seconds > 1:
        stage.close_spares()
    time.sleep(max(0.0, seconds / 2 - (now_us() - begin) / US))
    stage.recovers(stage.cluster.thaw("broker-a"), RESTART_BOUND_S)


@fault("broker frozen (SIGSTOP) for 1 s")
def broker_frozen_1s(stage: Stage) -> None:
    _freeze(stage, 1)


@fault("broker frozen for 5 s")
def broker_frozen_5s(stage: Stage) -> None:
    _freeze(stage, 5)


@fault("broker frozen for 40 s")
def broker_frozen_40s(stage: Stage) -> None:
    _freeze(stage, 40)


@fault("broker frozen while scripts cancel jobs, let producers go and end")
def scripts_end_while_the_broker_is_frozen(stage: Stage) -> None:
    topic = f"{stage.topic}_of_scripts"  # their messages bear no numbers
    stage.cluster.create_topic(topic, 4)
    with contextlib.closing(Host(stage.build, stage.directory, _SCRIPTS / "closing.dos", stage.cluster.namesrv, FAULT_TOPIC=topic,
                                 FAULT_SECONDS=_LONG_ENOUGH_TO_FREEZE_S)) as host:
        host.says("ready", 30)
        stage.cluster.freeze("broker-a")
        for what in ("cancelled", "closed"):
            took_ms = int(host.says(rf"{what} after (\d+) ms", 60)[1])
            stage.note(f"{what} after {took_ms} ms")
            stage.closes(what, took_ms / 1000)
        took_s = host.end()
        stage.note(f"the process ended after {took_s:.1f} s")
        stage.closes("the process", took_s)
        stage.cluster.thaw("broker-a")
    stage.start(spares=False)


@fault("broker killed, back on another port")
def broker_on_another_port(stage: Stage) -> None:
    stage.start()
    stage.cluster.kill("broker-a")
    time.sleep(1)
    stage.close_spares()
    stage.recovers(stage.cluster.restart("broker-a", new_port=True), 30)


@fault("two masters, one killed mid-send, started again", Shape(brokers=2))
def one_of_two_masters_killed(stage: Stage) -> None:
    stage.start()
    stage.flow(500)
    killed = stage.cluster.kill("broker-a")
    stage.recovers(killed, RESTART_BOUND_S)
    stage.close_spares()
    failed = stage.errors
    stage.expect(not failed, f"{len(failed)} sends failed although the other master lives: {failed[:1]}")
    stage.cluster.restart("broker-a")
    stage.flow(500)


@fault("master with a slave, the master killed, read from the slave, the master back",
       Shape(slaves=1, settings=("brokerRole=SYNC_MASTER", "slaveReadEnable=true", "accessMessageInMemoryMaxRatio=0")))
def master_killed_slave_serves(stage: Stage) -> None:
    """What was consumed while the master was down must not come again after its return: no offset goes back."""
    topics = stage.cluster.store() / "broker-a-slave" / "store" / "config" / "topics.json"
    wait_until(lambda: topics.exists() and f'"{stage.topic}"' in topics.read_text(encoding="utf-8"), 90, "the slave knows the topic")
    stage.add_sender("singles=2", "vectors=1", "pause_ms=50")

    def sent(count: int) -> bool:
        stage.update()
        return len(messages_of(stage.sends, "stored")) >= count
    wait_until(lambda: sent(_BACKLOG), 60, f"{_BACKLOG} messages wait")
    stage.add_receiver("hold_ms=10", "max_rows=5")
    stage.flow(100)
    stage.cluster.kill("broker-a")
    stage.update()
    behind = len(messages_of(stage.sends, "stored")) - len(stage.receipts)
    from_slave = min(500, behind // 2)
    stage.flow(from_slave, limit_s=60)
    stage.note(f"{from_slave} of {behind} read while the master was down")
    stage.expect(from_slave > 100, f"only {behind} messages were left when the master died: nothing was shown")
    stage.recovers(stage.cluster.restart("broker-a"), 30, limit_s=120)
    stage.settle()
    again = len(stage.receipts) - len({(receipt.queue, receipt.offset) for receipt in stage.receipts})
    stage.expect(again == 0, f"{again} messages came again although their consumer stayed: an offset went back")
