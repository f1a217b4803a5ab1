"""Name servers that die, and addresses behind which there is nothing."""

from __future__ import annotations

import socket
import time

from cluster import Shape
from stage import Stage, fault

# Longer than clients keep a route without asking again (30 s).
_LONGER_THAN_A_ROUTE_LIVES_S = 32
_FELT_BOUND_S = 3.0  # hardly felt, on a machine that is busy with other things
# The time to connect to one address, and some for the process.
_START_BOUND_S = 4.0


@fault("the only name server killed, back after 32 s")
def name_server_killed(stage: Stage) -> None:
    stage.start()
    killed = stage.cluster.kill("namesrv-0")
    time.sleep(_LONGER_THAN_A_ROUTE_LIVES_S)
    stage.gap(killed, _FELT_BOUND_S)
    stage.close_spares()
    stage.cluster.restart("namesrv-0")
    late = stage.add_receiver()
    stage.note(f"a new job started {stage.started(late):.2f} s after the name server's return")
    stage.flow(500)


@fault("two name servers, one killed while clients run; new clients start", Shape(namesrvs=2))
def one_of_two_name_servers_dead(stage: Stage) -> None:
    stage.start()
    killed = stage.cluster.kill("namesrv-0")
    took_s = max(stage.started(stage.add_receiver()), stage.started(stage.add_sender("pause_ms=50", prefix="b")))
    stage.note(f"new clients started within {took_s:.2f} s")
    stage.expect(took_s < _START_BOUND_S, f"a new client took {took_s:.1f} s to start")
    stage.flow(500)
    stage.gap(killed, _FELT_BOUND_S)
    stage.close_spares()
    stage.cluster.restart("namesrv-0")


@fault("two name servers, one black-holed: its SYNs are not answered")
def one_of_two_name_servers_black_holed(stage: Stage) -> None:
    with BlackHole() as hole:
        both = f"{hole.address};{stage.cluster.namesrv}"
        stage.start(namesrv=both)
        took_s = max(stage.started(stage.add_receiver(namesrv=both)), stage.started(stage.add_sender("pause_ms=50", prefix="b", namesrv=both)))
        stage.sheet.recovery_s, stage.sheet.bound_s = took_s, _START_BOUND_S
        stage.note(f"new clients started within {took_s:.2f} s")
        stage.flow(500)
        stage.close_spares()


class BlackHole:
    """An address that swallows connections: the queue of its listener is full, so the kernel drops every SYN."""

    def __init__(self) -> None:
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self._waiting: list[socket.socket] = []

    def __enter__(self) -> BlackHole:
        for _ in range(16):
            waiting = socket.socket()
            waiting.settimeout(0.3)
            self._waiting.append(waiting)
            try:
                waiting.connect(self._listener.getsockname())
            except TimeoutError:
                return self
        raise RuntimeError("the listener's queue does not become full")

    def __exit__(self, *_: object) -> None:
        for connection in (*self._waiting, self._listener):
            connection.close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"
