"""The transforms alone, on slices in memory: tests/bench/chain."""
import json

from .. import places
from ..figures import Bar, Figure, differences, ratios
from ..process import Failed, measure as measure_process

ROWS = ("chain", "ten")
EVENTS = 20_000  # 22 MB: more than the caches hold, as in a pipeline
ROUNDS_A_ROUND = 3  # they are short


def rounds(context):
    events = context.inputs.events(min(EVENTS, context.scale.events))
    command = [places.TOOLS / "chain", events.path, context.scale.rounds * ROUNDS_A_ROUND, places.pipeline("bench"), places.pipeline("ten")]
    taken = measure_process(command, {}, context.folder / "chain.log")
    made = [json.loads(line) for line in taken.output.splitlines()]
    for one in made:
        for name, pipeline in one["pipelines"].items():
            if pipeline["delivered"] != events.kept:
                raise Failed(f"the chain of {name} lets {pipeline['delivered']} records through, not {events.kept}")
    return made


def per_record(made, pick):
    return tuple(pick(one) / one["records"] for one in made)


def measure(context, wanted):
    context.say("the chain alone")
    made = rounds(context)
    bench, ten = (per_record(made, lambda one, name=name: one["pipelines"][name]["chain_ns"]) for name in ("bench", "ten"))
    if "chain" in wanted:
        bar = per_record(made, lambda one: sum(one["bar"].values()))
        for what, key in (("DOM parse", "parse_ns"), ("HMAC", "hmac_ns"), ("copy", "copy_ns")):
            yield Figure("chain", "-", f"bar: {what}", "ns", per_record(made, lambda one, key=key: one["bar"][key]))
        yield Figure("chain", "-", "chain, CPU a record", "ns", bench)
        yield Figure("chain", "-", "chain / (DOM parse + HMAC + copy)", "ratio", ratios(bench, bar), Bar(most=1))
    if "ten" in wanted:
        yield Figure("ten", "-", "two transforms, CPU a record", "ns", bench)
        yield Figure("ten", "-", "ten transforms, CPU a record", "ns", ten)
        yield Figure("ten", "-", "a transform more, CPU a record", "ns", tuple(more / 8 for more in differences(ten, bench)))
        yield Figure("ten", "-", "ten / two: CPU", "ratio", ratios(ten, bench), Bar(most=1.5))
