"""The durable buffer: what an acknowledgement costs beside a bare fdatasync, and what a pipeline costs with a spool in its middle. All of it on
the disk of the bench's own folder; rounds in turns, for no disk is the same a minute later."""
import json
import shutil

from .. import places
from ..figures import Bar, Figure, ratios
from ..process import measure as measure_process
from ..programs import Weir, run, warm
from ..rounds import interleave

ROWS = ("commit", "spool")
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


def measure(context, wanted):
    if "commit" in wanted:
        yield from commits(context)
    if "spool" in wanted:
        yield from pipelines(context)
