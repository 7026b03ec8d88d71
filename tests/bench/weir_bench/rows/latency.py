"""From the append of an event to a file that is followed, to a consumer: 2,000 events a second, nothing gathered."""
import json

from .. import places
from ..brokers import PARTITIONS
from ..figures import Bar, Figure, differences
from ..inputs import Events
from ..process import end, measure as measure_process
from ..programs import Loop, Weir, expect
from ..rounds import interleave

ROWS = ("latency",)
RATE = 2000
MOST_ROUNDS = 3  # each has thousands of events
PROGRAMS = (Loop("bare"), Weir("weir", "follow"))


def trickle(program, broker, context):
    events = context.inputs.events(int(RATE * context.scale.latency_s))
    grown = context.folder / f"{program.name}.grown"
    grown.write_bytes(b"")
    empty = Events(grown, 0, 0, 0)
    expected = program.expected(events)
    with broker.topic() as topic, program.follow(empty, topic, context.folder) as process:
        command = [places.TOOLS / "consumer", "trickle", topic.bootstrap, topic.name, PARTITIONS, events.path, grown, RATE,
                   context.scale.latency_s, expected, f"fetch.wait.max.ms={broker.fetch_wait_ms}"]
        taken = json.loads(measure_process(command, {}, context.folder / "consumer.log").output)
        end(process)
    expect(f"{program.name}, at the consumer", taken["received"], expected)
    return taken


def measure(context, _wanted):
    for broker in context.brokers:
        taken = interleave({program.name: lambda program=program, broker=broker: trickle(program, broker, context) for program in PROGRAMS},
                           min(context.scale.rounds, MOST_ROUNDS), lambda text, broker=broker: context.say(f"{broker.name} broker, latency, {text}"))
        quantiles = {(name, key): tuple(one[key] for one in rounds) for name, rounds in taken.items() for key in ("p50_ms", "p99_ms")}
        for (name, key), values in quantiles.items():
            yield Figure("latency", broker.name, f"{name}: {key[:3]} from append to consumer", "ms", values)
        yield Figure("latency", broker.name, "weir − bare: p99", "ms", differences(quantiles["weir", "p99_ms"], quantiles["bare", "p99_ms"]),
                     Bar(most=2))
