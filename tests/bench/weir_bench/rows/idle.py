"""Many pipelines that wait for lines in one worker. A bar of our own: what one more costs does not grow with their number."""
import resource
import time

from .. import places
from ..figures import Bar, Figure
from ..process import TICKS, cpu_seconds, end, resident_mb, started, status_of, wait_until

ROWS = ("idle",)
CLIFF = 1.3
PIPELINE = """name: idle-{number}
source: {{type: file, path: {path}, follow: true}}
sink: {sink}
"""


def write_pipelines(file, count, path, sink):
    documents = (PIPELINE.format(number=number, path=path, sink=sink) for number in range(count))
    file.write_text("---\n".join(documents))


class Settled:
    """True when a process has started what it wants to: its threads and its CPU stand still for half a second."""

    def __init__(self, pid):
        self.pid, self.last, self.since = pid, None, 0

    def __call__(self):
        now, time_now = (status_of(self.pid, "Threads"), round(resident_mb(self.pid))), time.monotonic()
        if now != self.last:
            self.last, self.since = now, time_now
        return time_now - self.since > 0.5


def look_at(count, sink, context):
    """Memory (MB), threads and CPU (s) of a worker with so many pipelines."""
    folder = context.subfolder(f"idle-{count}")
    write_pipelines(folder / "idle.yaml", count, context.inputs.one().path, sink)
    command = [places.WEIR, "run", folder / "idle.yaml", "--state", folder / "state", "--fresh", "--log-level", "warn"]
    with started(command, {}, folder / "log") as process:
        wait_until(Settled(process.pid), 120, f"{count} pipelines to come to rest", 0.05)
        before = cpu_seconds(process.pid)
        time.sleep(context.scale.idle_s)
        taken = resident_mb(process.pid), status_of(process.pid, "Threads"), cpu_seconds(process.pid) - before
        end(process)
    return taken


def allow_many_files():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def figures_of(broker, what, sink, context):
    few, many = context.scale.idle
    few_mb, _, few_cpu = look_at(few, sink, context)
    many_mb, threads, many_cpu = look_at(many, sink, context)

    def figure(text, unit, value, bar=None):
        return Figure("idle", broker, f"{many:,} pipelines, {what}: {text}", unit, (value,), bar)

    yield figure("memory", "MB", many_mb)
    yield figure("threads", "count", threads)
    yield figure(f"CPU in {context.scale.idle_s:g} s", "seconds", many_cpu)
    yield figure(f"memory of one / that of one of {few}", "ratio", (many_mb / many) / (few_mb / few), Bar(most=CLIFF))
    few_cpu = max(few_cpu, 1 / TICKS)  # less cannot be told from nothing
    yield figure(f"CPU of one / that of one of {few}", "ratio", (many_cpu / many) / (few_cpu / few), Bar(most=CLIFF))


def measure(context, _wanted):
    allow_many_files()
    context.say("idle pipelines")
    yield from figures_of("-", "file to discard", "{type: discard}", context)
    for broker in context.brokers[:1]:
        with broker.topic() as topic:
            sink = f'{{type: kafka, topic: "{topic.name}", key: mpid, config: {{bootstrap.servers: "{topic.bootstrap}"}}}}'
            yield from figures_of(broker.name, "file to kafka", sink, context)


def allow_many_files():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
