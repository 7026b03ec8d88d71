"""File to Kafka at full speed: the loops and Weir in turns, with every broker."""
from .. import figures
from ..figures import Bar, Figure
from ..programs import Loop, Weir, run, warm
from ..rounds import interleave

ROWS = ("redact", "pass", "memory")

PROGRAMS = {program.name: program for program in (
    Loop("bare"),
    Loop("by_hand"),
    Weir("weir", "bench"),
    Weir("weir pass", "pass", filters=False),
    Weir("weir 24MiB", "bench", memory="24MiB"),
)}
NEEDED = {
    "redact": ("bare", "by_hand", "weir"),
    "pass": ("bare", "weir pass"),
    "memory": ("bare", "weir", "weir 24MiB"),
}


class Runs:
    """What the programs took, by name, with one broker."""

    def __init__(self, broker, events, taken):
        self.broker, self.events, self.taken = broker, events, taken

    def speed(self, name):
        return tuple(self.events.count / run.seconds for run in self.taken[name])

    def cpu(self, name):
        return tuple(run.cpu_seconds / self.events.count * 1e6 for run in self.taken[name])

    def memory(self, name):
        return tuple(run.memory_mb for run in self.taken[name])

    def figure(self, row, what, unit, values, bar=None):
        return Figure(row, self.broker, what, unit, values, bar)

    def plain(self, row, names):
        for name in names:
            yield self.figure(row, f"{name}: events/s", "count", self.speed(name))
            yield self.figure(row, f"{name}: CPU s a million", "seconds", self.cpu(name))

    def speed_ratio(self, row, name, other, bar=None):
        return self.figure(row, f"{name} / {other}: events/s", "ratio", figures.ratios(self.speed(name), self.speed(other)), bar)

    def cpu_ratio(self, row, name, other, bar=None):
        return self.figure(row, f"{name} / {other}: CPU", "ratio", figures.ratios(self.cpu(name), self.cpu(other)), bar)


def redact(runs):
    yield from runs.plain("redact", NEEDED["redact"])
    yield runs.speed_ratio("redact", "weir", "by_hand", Bar(least=0.8))
    yield runs.cpu_ratio("redact", "weir", "by_hand", Bar(most=1.3))
    yield runs.speed_ratio("redact", "weir", "bare")


def untouched(runs):
    yield from runs.plain("pass", NEEDED["pass"])
    yield runs.speed_ratio("pass", "weir pass", "bare", Bar(least=0.95))
    yield runs.cpu_ratio("pass", "weir pass", "bare")


def memory(runs):
    yield runs.figure("memory", "bare: peak", "MB", runs.memory("bare"))
    yield runs.figure("memory", "weir, memory: 64MiB: peak", "MB", runs.memory("weir"), Bar(most=96))
    yield runs.figure("memory", "weir, memory: 24MiB: peak", "MB", runs.memory("weir 24MiB"), Bar(most=56))
    yield runs.speed_ratio("memory", "weir 24MiB", "bare", Bar(least=0.7))


FIGURES = {"redact": redact, "pass": untouched, "memory": memory}


def measure(context, wanted):
    events = context.main_events
    warm(events)
    names = [name for name in PROGRAMS if any(name in NEEDED[row] for row in wanted)]
    for broker in context.brokers:
        def one_run(program, broker=broker):
            with broker.topic() as topic:
                return run(program, events, topic, context.folder)

        for number in range(context.scale.broker_runs if broker.compiles_itself else 0):
            context.say(f"{broker.name} broker, warming up: {number + 1} of {context.scale.broker_runs}")
            one_run(PROGRAMS["bare"])
        taken = interleave({name: lambda program=PROGRAMS[name]: one_run(program) for name in names}, context.scale.rounds,
                           lambda text, broker=broker: context.say(f"{broker.name} broker, {text}"))
        runs = Runs(broker.name, events, taken)
        for row in wanted:
            yield from FIGURES[row](runs)
