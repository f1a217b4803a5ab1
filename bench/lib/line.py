"""A line with a round trip between clients and brokers: the brokers advertise another loopback address, where proxies listen."""

from __future__ import annotations

import subprocess

from cluster import Cluster
from programs import BUILD

FAR_HOST = "127.0.0.2"
CLUSTER_SETTINGS = (f"brokerIP1={FAR_HOST}",)
END_PATIENCE_S = 10


class Line:
    """The proxies of a cluster's brokers. Name servers are not behind them: they are asked twice a minute."""

    def __init__(self, cluster: Cluster, rtt_us: int) -> None:
        self._cluster = cluster
        self._rtt_us = rtt_us
        self._proxies: list[subprocess.Popen] = []

    def __enter__(self) -> Line:
        try:
            for broker in self._cluster.brokers:
                words = [str(BUILD / "bin" / "bench_delay_proxy"), "--listen", f"{FAR_HOST}:{broker.port}", "--to",
                         f"127.0.0.1:{broker.port}", "--rtt-us", str(self._rtt_us)]
                proxy = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
                self._proxies.append(proxy)
                assert proxy.stdout is not None
                if proxy.stdout.readline().strip() != "listening":
                    raise RuntimeError(f"the delay proxy does not start: {' '.join(words)}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for proxy in self._proxies:
            assert proxy.stdin is not None
            proxy.stdin.close()  # it ends with its input
            try:
                proxy.wait(END_PATIENCE_S)
            except subprocess.TimeoutExpired:
                proxy.kill()
                proxy.wait()
