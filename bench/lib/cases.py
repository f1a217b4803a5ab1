"""What is measured: for each case the participants, what they are told, and the bars."""

from __future__ import annotations

from dataclasses import dataclass

from bars import PEERS, REFERENCE, Bar, LimitBar, RatioBar

QUEUES = 8


@dataclass(frozen=True)
class Participant:
    """A driver and how it is told to work. With variants, each is tried once, and the fastest takes part in the rounds."""

    kind: str  # "plugin", "reference", "java" or "go"
    variant: str = ""
    options: tuple[str, ...] = ()
    messages: int = 0  # 0: the case's
    tries: tuple[tuple[str, ...], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.kind} {self.variant}".strip()


@dataclass(frozen=True)
class Case:
    name: str
    title: str
    work: str  # the subcommand of every driver
    participants: tuple[Participant, ...]
    bars: tuple[Bar, ...]
    messages: int
    warmup: int
    body_bytes: int = 100
    body: str = ""  # "json" or "csv": ticks of so many bytes; else texts
    backlog: bool = False  # the topic is filled first, and every run reads it with a new group
    rtt_us: int = 0  # the brokers are behind a line with this round trip
    new_topics: bool = False  # each run has a topic of its own, because it also reads what it sends
    options: tuple[str, ...] = ()
    quick_messages: int = 0  # 0: not part of --quick
    quick_warmup: int = 0
    shown: tuple[str, ...] = ("rate", "cpu_s_per_million", "broker_cpu_s_per_million", "peak_rss_mib")
    rounds: int = 0  # 0: what the user wants
    notes: str = ""


_LATENCY = ("p50_us", "p99_us", "cpu_s_per_million", "broker_cpu_s_per_million", "peak_rss_mib")
_SCALAR = ("rate", "p50_us", "p99_us", "cpu_s_per_million", "broker_cpu_s_per_million", "peak_rss_mib")

# What the peers' documentation says of batches: no more than 1 MB; 128 KiB is what old brokers took. The first is the one that
# --quick takes.
_BATCHES = tuple(("--batch-bytes", str(size), "--threads", str(threads))
                 for size, threads in ((1_000_000, 4), (1_000_000, 2), (1_000_000, 1), (131_072, 4), (131_072, 2), (131_072, 1)))

# A server that has run for a while has used its memory before; a new process pays for the first use of every page.
_RUNNING_SERVER = Participant("plugin", "memory used before", ("--used-memory",))

# Threads that call the peers' listeners: 20 is their default, and too many for a machine of 2 cores.
_LISTENERS = tuple(("--threads", str(threads)) for threads in (2, 4, 20, 1))


def _vector_bars(scalar_case: str) -> tuple[Bar, ...]:
    return (RatioBar("1", "rate", REFERENCE, at_least=0.85), RatioBar("1", "rate", PEERS, at_least=1.5),
            RatioBar("1", "rate", PEERS, at_least=100, other_case=scalar_case),
            RatioBar("1", "cpu_s_per_million", PEERS, at_most=0.25))


def _vector(name: str, title: str, bytes_: int, messages: int, peer_messages: int, scalar_case: str) -> Case:
    return Case(
        name, title, "send-batch",
        (Participant("plugin"), Participant("reference", "limit", ("--batch-bytes", "0")),
         Participant("reference", "256K", ("--batch-bytes", str(256 << 10))),
         Participant("java", messages=peer_messages, tries=_BATCHES), Participant("go", messages=peer_messages, tries=_BATCHES)),
        _vector_bars(scalar_case), messages, messages // 5, bytes_, quick_messages=messages // 4 if bytes_ == 100 else 0,
        quick_warmup=messages // 10)


def _consume(name: str, title: str, bytes_: int, messages: int) -> Case:
    return Case(
        name, title, "consume",
        (Participant("plugin"), _RUNNING_SERVER, Participant("reference", "1 pull", ("--in-flight", "1")),
         Participant("reference", "4 pulls", ("--in-flight", "4")), Participant("java", tries=_LISTENERS),
         Participant("go", tries=_LISTENERS)),
        tuple(bar for who in ("plugin", _RUNNING_SERVER.name)
              for bar in (RatioBar("3", "rate", PEERS, at_least=4, who=who), RatioBar("3", "rate", REFERENCE, at_least=0.6, who=who),
                          RatioBar("3", "cpu_s_per_million", PEERS, at_most=0.2, who=who))),
        messages, messages // 10, bytes_, backlog=True, quick_messages=messages // 3 if bytes_ == 100 else 0,
        quick_warmup=messages // 20)


def _behind_a_line(rtt_ms: int) -> tuple[Case, Case]:
    """Threads make up for a round trip, so the peers get more of them."""
    batches = tuple(("--batch-bytes", "1000000", "--threads", str(threads)) for threads in (8, 16, 4))
    listeners = tuple(("--threads", str(threads)) for threads in (4, 20))
    bars = (RatioBar("6", "rate", PEERS, at_least=5),)
    return (Case(f"rtt-{rtt_ms}-send", f"a vector of 1 M messages of 100 B, round trip {rtt_ms} ms, 8 queues", "send-batch",
                 (Participant("plugin"), Participant("reference", "limit", ("--batch-bytes", "0")),
                  Participant("java", messages=400_000, tries=batches), Participant("go", messages=400_000, tries=batches)),
                 bars, 1_000_000, 200_000, rtt_us=1000 * rtt_ms),
            Case(f"rtt-{rtt_ms}-consume", f"a backlog of 100 B into a table, round trip {rtt_ms} ms, 8 queues", "consume",
                 (Participant("plugin"), Participant("reference", "4 pulls", ("--in-flight", "4")),
                  Participant("java", tries=listeners), Participant("go", tries=listeners)),
                 bars, 400_000 // rtt_ms + 60_000, 20_000, backlog=True, rtt_us=1000 * rtt_ms))


_MSG, _METADATA, _TYPED, _TYPED_2, _SCRIPT = (
    Participant("plugin", variant, ("--used-memory", "--into", table, *options)) for variant, table, options in (
        ("msg", "msg", ()), ("msg and metadata", "metadata", ()), ("typed", "typed", ()), ("typed, 2 threads", "typed", ("--threads", "2")),
        ("parseJsonTable", "script", ())))


def _tick_bars() -> tuple[Bar, ...]:
    many = tuple(RatioBar("7", metric, others, who=_TYPED.name, **{sign: factor})
                 for others in ((_SCRIPT.name,), PEERS)
                 for metric, sign, factor in (("rate", "at_least", 5), ("cpu_s_per_million", "at_most", 0.2)))
    return (RatioBar("7", "rate", (_MSG.name,), at_least=0.6, who=_TYPED.name),
            RatioBar("7", "rate", (_MSG.name,), at_least=0.85, who=_TYPED_2.name), *many,
            RatioBar("7", "cpu_s_per_million", (_MSG.name,), at_most=2, who=_METADATA.name))


CASES: tuple[Case, ...] = (
    _vector("vector-100", "a vector of 1 M messages of 100 B against batches", 100, 1_000_000, 500_000, "scalar-1"),
    _vector("vector-1k", "a vector of 300,000 messages of 1 KiB against batches", 1024, 300_000, 150_000, "scalar-1"),
    Case("scalar-1", "one message per call, 1 thread, 100 B", "send-one",
         (Participant("plugin"), Participant("reference"), Participant("java"), Participant("go")),
         (RatioBar("2", "rate", PEERS, at_least=1.2), RatioBar("2", "p50_us", PEERS, at_most=0.85)),
         20_000, 5_000, quick_messages=8_000, quick_warmup=3_000, shown=_SCALAR),
    Case("scalar-8", "one message per call, 8 threads, 100 B", "send-one",
         (Participant("plugin"), Participant("reference"), Participant("java"), Participant("go")),
         (RatioBar("2", "rate", PEERS, at_least=1.8),),
         80_000, 16_000, options=("--threads", "8"), shown=_SCALAR),
    Case("async", "one message per request, 1000 in flight, 100 B", "send-async",
         (Participant("reference"), Participant("java"), Participant("go")), (), 100_000, 20_000,
         options=("--in-flight", "1000"), notes="The plugin has no such call: a script sends a vector."),
    _consume("consume-100", "a backlog of 1 M messages of 100 B into a table", 100, 1_000_000),
    _consume("consume-1k", "a backlog of 300,000 messages of 1 KiB into a table", 1024, 300_000),
    Case("consume-busy", "a backlog, the handler busy for 20 µs per message, 1 thread", "consume",
         (Participant("plugin"), Participant("java", "1 thread", ("--threads", "1")), Participant("go", "1 thread", ("--threads", "1"))),
         (LimitBar("3", "rate", at_least=0.95 * 50_000),), 200_000, 20_000, backlog=True, options=("--busy-us", "20"),
         notes="50,000 messages/s is what the handler alone allows."),
    Case("paced", "one message per call at 1 per ms", "send-paced",
         (Participant("plugin"), Participant("reference"), Participant("java"), Participant("go")),
         (RatioBar("2", "p50_us", PEERS, at_most=0.6),), 5_000, 2_000, shown=_LATENCY),
    Case("end-to-end", "from send to the row in the table, against send to the peers' listeners, at 1 per ms", "end-to-end",
         (Participant("plugin"), Participant("reference"), Participant("java"), Participant("go")),
         (RatioBar("4", "p50_us", PEERS, at_most=0.6), RatioBar("4", "p99_us", PEERS, at_most=0.6)),
         5_000, 2_000, new_topics=True, quick_messages=3_000, quick_warmup=2_000, shown=_LATENCY),
    Case("idle", "a job without messages", "idle", (Participant("plugin"),), (LimitBar("4", "cpu_percent", at_most=0.5),), 0, 0,
         options=("--seconds", "10"), shown=("cpu_percent", "peak_rss_mib"), rounds=3),
    Case("memory-send", "1 GB in ten vectors, one after another", "send-batch",
         (Participant("plugin", options=("--rows", "100000")),), (LimitBar("5", "rss_over_data_mib", at_most=64),),
         1_000_000, 0, 1000, shown=("rss_over_data_mib", "peak_rss_mib", "rate"), rounds=2),
    Case("memory-consume", "a job takes 10 M messages, its handler keeps none", "consume",
         (Participant("plugin", options=("--drop",)),), (LimitBar("5", "peak_rss_mib", at_most=64),),
         10_000_000, 100_000, backlog=True, shown=("peak_rss_mib", "rate", "cpu_s_per_million"), rounds=1),
    Case("ticks-json", "a backlog of 1 M ticks in JSON of 120 B, as they are and as typed columns", "consume",
         (_MSG, _TYPED, _TYPED_2, _METADATA, _SCRIPT, Participant("java", "Jackson", ("--into", "typed"), tries=_LISTENERS)),
         _tick_bars(), 1_000_000, 100_000, 120, body="json", backlog=True, quick_messages=250_000, quick_warmup=25_000,
         notes="All of the plugin's with memory used before. Java: Jackson's streaming parser, into an array for each column."),
    Case("ticks-csv", "a backlog of 1 M ticks in CSV of 58 B, as they are and as typed columns", "consume", (_MSG, _TYPED),
         (RatioBar("7", "rate", (_TYPED.name,), at_least=1, other_case="ticks-json", who=_TYPED.name),),
         1_000_000, 100_000, 58, body="csv", backlog=True, quick_messages=250_000, quick_warmup=25_000),
    *_behind_a_line(1),
    *_behind_a_line(10),
)
