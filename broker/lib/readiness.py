"""When a client can really use the cluster: it is routed to every broker, and every broker answers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable, Optional

import remoting
from errors import ClusterError, progress
from members import CLUSTER_NAME, Cluster, Member
from remoting import Unreachable

AUTO_CREATE_TOPIC = "TBW102"
_POLL_S = 0.05
_NEWS_EVERY_S = 5
_LOG_TAIL_LINES = 25


class Died(ClusterError):
    """A member ended while it was waited for."""

    def __init__(self, member: Member, tail: str) -> None:
        super().__init__(f"{member.name} ended while it started; the end of its log:\n{tail}")
        self.address_in_use = "Address already in use" in tail or "BindException" in tail


def wait_for(cluster: Cluster, watched: list[Member], why_not: Callable[[], Optional[str]], deadline: float) -> None:
    """Waits until `why_not` has nothing to say any more, while all `watched` members live."""
    news_at = time.monotonic() + _NEWS_EVERY_S
    while True:
        reason = why_not()
        if reason is None:
            return
        for member in watched:
            if member.state == "stopped":
                raise Died(member, log_tail(cluster, member))
        if time.monotonic() >= deadline:
            tails = "\n".join(f"--- {member.name}\n{log_tail(cluster, member)}" for member in watched)
            raise ClusterError(f"not ready in time: {reason}; the end of the logs:\n{tails}")
        if time.monotonic() >= news_at:
            progress(f"  still waiting: {reason}")
            news_at += _NEWS_EVERY_S
        time.sleep(_POLL_S)


def why_name_server_is_not_ready(cluster: Cluster, member: Member) -> Optional[str]:
    """Any answer will do: a fresh name server knows no topic yet."""
    try:
        remoting.call(member.port, remoting.GET_ROUTEINFO_BY_TOPIC, {"topic": AUTO_CREATE_TOPIC}, tls=cluster.tls_context)
    except Unreachable as error:
        return f"name server {member.name} does not answer ({error})"
    return None


def why_proxy_is_not_ready(cluster: Cluster, proxy: Member) -> Optional[str]:
    """A Proxy answers a route with itself in place of the brokers."""
    topic = AUTO_CREATE_TOPIC if cluster.auto_create else CLUSTER_NAME
    try:
        reply = remoting.call(proxy.port, remoting.GET_ROUTEINFO_BY_TOPIC, {"topic": topic})
    except Unreachable as error:
        return f"{proxy.name} does not answer ({error})"
    if reply.code != remoting.SUCCESS:
        return f"{proxy.name} answers code {reply.code}: {reply.remark}"
    addresses = {address for data in remoting.lenient_json(reply.body)["brokerDatas"] for address in data["brokerAddrs"].values()}
    return None if addresses == {f"127.0.0.1:{proxy.port}"} else f"{proxy.name} routes clients to {addresses} and not to itself"


def why_brokers_are_not_ready(cluster: Cluster, brokers: list[Member]) -> Optional[str]:
    for broker in brokers:
        try:
            # Not a question of the result: a broker with ACL refuses it, and that is an answer too.
            remoting.call(broker.port, remoting.GET_MAX_OFFSET, {"topic": AUTO_CREATE_TOPIC, "queueId": "0"}, tls=cluster.tls_context)
        except Unreachable as error:
            return f"broker {broker.name} does not answer ({error})"
    # Every broker has a queue of the topic that bears the cluster's name, even when topics are not created by use.
    topic = AUTO_CREATE_TOPIC if cluster.auto_create else CLUSTER_NAME
    return why_not_routed(cluster, topic, brokers)


def why_not_routed(cluster: Cluster, topic: str, brokers: list[Member]) -> Optional[str]:
    """Whether every running name server sends the clients of `topic` to all of `brokers`."""
    for server in cluster.name_servers:
        if server.state != "running":
            continue
        try:
            reply = remoting.call(server.port, remoting.GET_ROUTEINFO_BY_TOPIC, {"topic": topic}, tls=cluster.tls_context)
        except Unreachable as error:
            return f"name server {server.name} does not answer ({error})"
        if reply.code == remoting.TOPIC_NOT_EXIST:
            return f"name server {server.name} has no route for topic {topic} yet"
        if reply.code != remoting.SUCCESS:
            return f"name server {server.name} answers code {reply.code}: {reply.remark}"
        route = remoting.lenient_json(reply.body)
        addresses = {data["brokerName"]: data["brokerAddrs"] for data in route["brokerDatas"]}
        with_queues = {data["brokerName"] for data in route["queueDatas"]}
        for broker in brokers:
            address = addresses.get(broker.broker_name, {}).get(str(broker.broker_id))
            if address != f"{advertised_host(cluster)}:{broker.port}" or broker.broker_name not in with_queues:
                return f"broker {broker.name} is not in name server {server.name}'s route of topic {topic} yet"
    return None


def advertised_host(cluster: Cluster) -> str:
    """Where the name server sends clients: `--set brokerIP1=...` can put something between them and the broker."""
    return cluster.settings.get("brokerIP1", "127.0.0.1")


def log_file(cluster: Cluster, member: Member) -> Path:
    return cluster.home(member) / "logs" / "console.log"


def log_tail(cluster: Cluster, member: Member) -> str:
    """The last lines of what a member printed, less the chatter of logback about itself."""
    try:
        lines = log_file(cluster, member).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        return f"  ({error})"
    telling = [line for line in lines if "|-INFO in " not in line and line.strip()]
    return "\n".join(f"  {line}" for line in telling[-_LOG_TAIL_LINES:]) or "  (empty)"
