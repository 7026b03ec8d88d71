"""From the start of the process until a consumer has its first record."""
import contextlib
import time

from .. import places
from ..brokers import PARTITIONS
from ..figures import Bar, Figure, differences
from ..process import Failed, finished, started
from ..programs import Loop, Weir
from ..rounds import interleave

ROWS = ("start",)
PROGRAMS = (Loop("bare"), Weir("weir", "bench"))


@contextlib.contextmanager
def consumer(broker, topic, folder):
    """One that has read the empty topic to its end and waits."""
    command = [places.TOOLS / "consumer", "arrival", topic.bootstrap, topic.name, PARTITIONS, f"fetch.wait.max.ms={broker.fetch_wait_ms}"]
    with started(command, {}, folder / "consumer.log") as process:
        if process.stdout.readline() != "ready\n":
            raise Failed(f"the consumer is not ready: {process.log.read_text()}")
        yield process


def first_record_ms(program, broker, context):
    events = context.inputs.one()
    with broker.topic() as topic, consumer(broker, topic, context.folder) as waiting:
        command, environment = program.command(events, topic, context.folder)
        start = time.monotonic()
        with started(command, environment, context.folder / f"{program.name}.log") as process:
            _, came = finished(waiting)
            _, output = finished(process)
        program.check(output, events, context.folder)
    return (float(came) - start) * 1e3


def measure(context, _wanted):
    for broker in context.brokers:
        taken = interleave({program.name: lambda program=program, broker=broker: first_record_ms(program, broker, context)
                            for program in PROGRAMS}, context.scale.start_rounds,
                           lambda text, broker=broker: context.say(f"{broker.name} broker, start, {text}"))
        for program in PROGRAMS:
            yield Figure("start", broker.name, f"{program.name}: start to first record", "ms", tuple(taken[program.name]))
        yield Figure("start", broker.name, "weir − bare: start to first record", "ms", differences(taken["weir"], taken["bare"]), Bar(most=50))
