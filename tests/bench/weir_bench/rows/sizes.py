"""Events far from the usual size: is there a cliff? Bars of our own: CPU a byte of large events stays within CLIFF of that of 1.1 KB
events, CPU of a 16-byte event within that of one of 1.1 KB, memory within what it is for those, events/s within half of bare's."""
from ..figures import Bar, Figure, ratios
from ..programs import Loop, Weir, run, warm
from ..rounds import interleave

ROWS = ("sizes",)
CLIFF = 1.3
USUAL = "1.1 KB"
PROGRAMS = (Loop("bare"), Weir("weir", "bench"))


def files(context):
    """About as many bytes of each size, but of the tiny ones, which would be too many."""
    count = context.scale.events
    return {USUAL: context.main_events, "16 B": context.inputs.tiny(count * 4), "10 KB": context.inputs.sized(10_000, max(count // 9, 10)),
            "100 KB": context.inputs.sized(100_000, max(count // 90, 10))}


class Taken:
    def __init__(self, files_, taken):
        self.files, self.taken = files_, taken

    def speed(self, name, size):
        return tuple(self.files[size].count / one.seconds for one in self.taken[name, size])

    def cpu_a_byte(self, name, size):
        return tuple(one.cpu_seconds * 1e9 / self.files[size].bytes for one in self.taken[name, size])

    def cpu_an_event(self, name, size):
        return tuple(one.cpu_seconds * 1e9 / self.files[size].count for one in self.taken[name, size])

    def memory(self, name, size):
        return tuple(one.memory_mb for one in self.taken[name, size])


def figures_of(size, taken, broker):
    def figure(what, unit, values, bar=None):
        return Figure("sizes", broker, f"{size}: {what}", unit, values, bar)

    for program in PROGRAMS:
        yield figure(f"{program.name}, events/s", "count", taken.speed(program.name, size))
        yield figure(f"{program.name}, CPU a byte", "ns", taken.cpu_a_byte(program.name, size))
    yield figure("weir, peak memory", "MB", taken.memory("weir", size), Bar(most=96))
    yield figure("weir / bare, events/s", "ratio", ratios(taken.speed("weir", size), taken.speed("bare", size)), Bar(least=0.5))
    if size == USUAL:
        return
    cost, unit = (taken.cpu_an_event, "an event") if size == "16 B" else (taken.cpu_a_byte, "a byte")
    yield figure(f"weir, CPU {unit} / that of {USUAL}", "ratio", ratios(cost("weir", size), cost("weir", USUAL)), Bar(most=CLIFF))


def measure(context, _wanted):
    made = files(context)
    for events in made.values():
        warm(events)
    for broker in context.brokers[:1]:  # how it scales does not depend on the broker
        def one_run(program, events, broker=broker):
            with broker.topic() as topic:
                return run(program, events, topic, context.folder)

        taken = interleave({(program.name, size): lambda program=program, size=size: one_run(program, made[size])
                            for size in made for program in PROGRAMS}, context.scale.rounds,
                           lambda text: context.say(f"sizes, {text}"))
        for size in made:
            yield from figures_of(size, Taken(made, taken), broker.name)
