"""Calls that ask for memory in steady state: a long run less a short one, by the record."""
import re

from .. import places
from ..figures import Bar, Figure
from ..programs import Weir, run
from . import chain

ROWS = ("allocations",)
MEMORY = "8MiB"  # a window that both runs fill: as long as it grows it takes memory
NONE = 0.01  # a record; one a slice would be 0.016. What is done by time, such as checkpoints, stays below


def counted(program, events, topic, context):
    """All calls of a run, and those from outside the Kafka client."""
    counts = context.folder / "allocations"
    counts.unlink(missing_ok=True)
    environment = {"WEIR_MEMORY": MEMORY, "LD_PRELOAD": str(places.TOOLS / "count_allocations.so"), "WEIR_BENCH_ALLOCATIONS": str(counts)}
    run(program, events, topic, context.folder, environment)
    return tuple(map(int, re.match(r"all=(\d+) outside=(\d+)\n", counts.read_text()).groups()))


def per_record(measure_one, context):
    short, long = (context.inputs.events(count) for count in context.scale.allocations)
    records = long.count - short.count
    return [(more - less) / records for less, more in zip(measure_one(short), measure_one(long))]


def with_kafka(broker, context):
    def one(events):
        with broker.topic() as topic:
            return counted(Weir("weir", "bench"), events, topic, context)
    return per_record(one, context)


def measure(context, _wanted):
    context.say("allocations")
    alone, _ = per_record(lambda events: counted(Weir("weir", "discard"), events, None, context), context)
    yield Figure("allocations", "-", "file to discard, a record", "fraction", (alone,), Bar(most=NONE))
    made = chain.rounds(context)
    in_chain = chain.per_record(made, lambda one: one["pipelines"]["bench"]["allocations"])
    yield Figure("allocations", "-", "chain between source and sink in memory, a record", "fraction", in_chain, Bar(most=NONE))
    ten = chain.per_record(made, lambda one: one["pipelines"]["ten"]["allocations"])
    yield Figure("allocations", "-", "the same with ten transforms", "fraction", ten, Bar(most=NONE))
    for broker in context.brokers:
        everywhere, outside = with_kafka(broker, context)
        yield Figure("allocations", broker.name, "file to kafka, outside librdkafka, a record", "fraction", (outside,), Bar(most=NONE))
        yield Figure("allocations", broker.name, "file to kafka, with librdkafka, a record", "fraction", (everywhere,))
