"""The durable buffer: what an acknowledgement costs beside a bare fdatasync, and what a pipeline costs with a spool in its middle. All of it on
the disk of the bench's own folder; rounds in turns, for no disk is the same a minute later."""
import json
import shutil
import time

from .. import places
from ..figures import Bar, Figure, ratios
from ..process import Failed, end, measure as measure_process, started
from ..programs import Weir, expect, run, warm
from ..rounds import interleave

ROWS = ("commit", "spool", "backlog")
PRODUCERS = 64


def commit(producers, context):
    """One run of tests/bench/spool; 0 producers: the bare loop."""
    folder = context.subfolder("commit")
    command = [places.TOOLS / "commit", context.main_events.path, folder, context.scale.commit_s, producers]
    try:
        return json.loads(measure_process(command, {}, context.folder / "commit.log").output)
    finally:
        shutil.rmtree(folder)


def commits(context):
    bare, many, one = "an fdatasync each", f"{PRODUCERS} producers", "one producer"
    counts = {bare: 0, many: PRODUCERS, one: 1}
    taken = interleave({name: lambda count=count: commit(count, context) for name, count in counts.items()}, context.scale.rounds, context.say)
    speeds = {name: tuple(run["records"] / run["seconds"] for run in runs) for name, runs in taken.items()}
    slowest = {name: tuple(run["p99_ms"] for run in runs) for name, runs in taken.items()}
    for name in counts:
        yield Figure("commit", "-", f"{name}: acknowledged records/s", "count", speeds[name])
        yield Figure("commit", "-", f"{name}: p50", "fine_ms", tuple(run["p50_ms"] for run in taken[name]))
        yield Figure("commit", "-", f"{name}: p99", "fine_ms", slowest[name])
    yield Figure("commit", "-", f"{many} / {bare}: records/s", "ratio", ratios(speeds[many], speeds[bare]), Bar(least=10))
    yield Figure("commit", "-", f"{one} / {bare}: p99", "ratio", ratios(slowest[one], slowest[bare]), Bar(most=2))


class Spooled(Weir):
    """Each run fills a spool of its own."""

    def command(self, events, topic, folder):
        command, environment = super().command(events, topic, folder)
        spool = folder / f"{self.name}.spool"
        shutil.rmtree(spool, ignore_errors=True)
        return command, {**environment, "WEIR_SPOOL": str(spool)}


PROGRAMS = (Weir("without", "discard"), Spooled("with a spool", "spool"))


def pipelines(context):
    events = context.main_events
    warm(events)
    taken = interleave({program.name: lambda program=program: run(program, events, None, context.folder) for program in PROGRAMS},
                       context.scale.rounds, context.say)
    speeds = {name: tuple(events.count / one.seconds for one in runs) for name, runs in taken.items()}
    for program in PROGRAMS:
        yield Figure("spool", "-", f"file to discard, {program.name}: events/s", "count", speeds[program.name])
        yield Figure("spool", "-", f"file to discard, {program.name}: peak", "MB", tuple(one.memory_mb for one in taken[program.name]))
    yield Figure("spool", "-", "with / without: events/s", "ratio", ratios(speeds["with a spool"], speeds["without"]), Bar(least=0.5))


class Outage:
    """A spool filled while the sink is away, then drained, both from the start of a process; through the same disk."""

    STILL = 0.5  # seconds without growth: it has taken in everything

    def __init__(self, context):
        self.events, self.folder = context.main_events, context.subfolder("backlog")
        self.spool, self.state, self.report = (self.folder / name for name in ("spool", "state", "report"))

    def command(self, pipeline):
        command = [places.WEIR, "run", places.pipeline(pipeline), "--state", self.state, "--report", self.report, "--log-level", "warn"]
        return command, {"WEIR_EVENTS": str(self.events.path), "WEIR_SPOOL": str(self.spool)}

    def books(self):
        (books,) = json.loads(self.report.read_text())["pipelines"].values()
        return books

    def size(self):
        return sum(file.stat().st_size for file in self.spool.glob("*.seg")) if self.spool.exists() else 0

    def fill(self):
        """Seconds until the last of it was on the disk."""
        begin, size = time.monotonic(), 0
        grown = begin
        with started(*self.command("backlog_fill"), self.folder / "fill.log") as process:
            while size == 0 or time.monotonic() - grown < self.STILL:
                time.sleep(0.005)
                if (now := self.size()) != size:
                    size, grown = now, time.monotonic()
                if time.monotonic() - begin > 600:
                    raise Failed("the spool was not filled in 600 s")
            end(process)
        expect("waiting in the spool", self.books()["backlog_end"], self.events.count)
        return grown - begin

    def drain(self):
        taken = measure_process(*self.command("backlog_drain"), self.folder / "drain.log")
        expect("delivered from the spool", self.books()["delivered"], self.events.count)
        return taken

    def run(self):
        try:
            return self.fill(), self.drain()
        finally:
            shutil.rmtree(self.folder)


def backlogs(context):
    events = context.main_events
    warm(events)
    taken = []
    for number in range(context.scale.rounds):
        context.say(f"backlog, round {number + 1} of {context.scale.rounds}")
        taken.append(Outage(context).run())
    filled = tuple(events.count / seconds for seconds, _ in taken)
    drained = tuple(events.count / drain.seconds for _, drain in taken)
    yield Figure("backlog", "-", "filled, sink away: events/s", "count", filled)
    yield Figure("backlog", "-", "drained into discard: events/s", "count", drained)
    yield Figure("backlog", "-", "drained: peak", "MB", tuple(drain.memory_mb for _, drain in taken), Bar(most=96))
    yield Figure("backlog", "-", "drained / filled: events/s", "ratio", ratios(drained, filled), Bar(least=3))


def measure(context, wanted):
    if "commit" in wanted:
        yield from commits(context)
    if "spool" in wanted:
        yield from pipelines(context)
    if "backlog" in wanted:
        yield from backlogs(context)
