"""Memory while the broker does not answer: it is frozen in the middle of a run, and thawed again."""
import concurrent.futures
import time

from ..figures import Bar, Figure
from ..process import finished, resident_mb, started, wait_until
from ..programs import Weir

ROWS = ("outage",)
EVENTS = 120_000  # 130 MB: the run cannot end before the broker is frozen
SETTLING = 0.2  # of the outage: until the window is full
FLAT_MB = 2


def samples(pid, seconds):
    """Resident memory every 50 ms."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield resident_mb(pid)
        time.sleep(0.05)


def outage(broker, context):
    """The memory over the outage, in MB, and the most of the whole run. Every event has to arrive after it."""
    program, events, folder = Weir("weir", "bench"), context.inputs.events(EVENTS), context.subfolder(f"outage-{broker.name}")
    with broker.topic() as topic:
        command, environment = program.command(events, topic, folder)
        with started(command, environment, folder / "log") as process:
            wait_until(topic.count, 20, "the first message")
            with topic.frozen():
                taken = list(samples(process.pid, context.scale.outage_s))
            usage, output = finished(process)
        program.check(output, events, folder)
    return taken, usage.ru_maxrss / 1024


def measure(context, _wanted):
    context.say(f"{context.scale.outage_s:g} s without broker")
    context.inputs.events(EVENTS)
    # With both brokers at once: who waits disturbs nobody, and no speed is measured.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        outages = list(pool.map(lambda broker: outage(broker, context), context.brokers))
    for broker, (taken, peak) in zip(context.brokers, outages):
        settled = taken[int(len(taken) * SETTLING):]
        length = f"{context.scale.outage_s:g} s without broker"
        yield Figure("outage", broker.name, f"{length}: memory at the end", "MB", (settled[-1],))
        yield Figure("outage", broker.name, f"{length}: growth", "MB", (max(settled) - settled[0],), Bar(most=FLAT_MB))
        yield Figure("outage", broker.name, "peak of that run", "MB", (peak,), Bar(most=96))
