"""The command line of `./dev bench`."""
import argparse
import dataclasses
import pathlib
import shutil
import tempfile

from . import brokers, machine, places, report, rows
from .context import FULL, QUICK, Context
from .inputs import Inputs
from .process import Failed


def rows_of(text):
    names = text.split(",")
    for name in names:
        if name not in rows.NAMES:
            raise argparse.ArgumentTypeError(f"no row '{name}'; there are {', '.join(rows.NAMES)}")
    return names


def positive(text):
    number = float(text)
    if number <= 0:
        raise argparse.ArgumentTypeError("must be above zero")
    return number


def count(text):
    return int(positive(text))


def parse(words):
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures Weir beside yardsticks, in one run, and says which bars are met.",
                                     epilog=f"Rows: {', '.join(rows.NAMES)}. docs/performance.md says what they mean.")
    parser.add_argument("--quick", action="store_true", help="less of everything, mock broker only unless said: under a minute, no figures to go by")
    parser.add_argument("--only", type=rows_of, default=list(rows.NAMES), metavar="ROW,…", help="only these rows")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--real", dest="kinds", action="store_const", const=["real"], help="only with Apache Kafka")
    kinds.add_argument("--mock", dest="kinds", action="store_const", const=["mock"], help="only with weir-broker")
    kinds.add_argument("--both", dest="kinds", action="store_const", const=["mock", "real"], help="with both (the default)")
    parser.add_argument("--events", type=count, help=f"events of the main file ({FULL.events:,})")
    parser.add_argument("--rounds", type=count, help=f"rounds that count ({FULL.rounds})")
    parser.add_argument("--outage", type=positive, metavar="SECONDS", help=f"how long the broker is away ({FULL.outage_s:g})")
    parser.add_argument("--json", metavar="FILE", default=places.LATEST, help="where the figures go as JSON (build/bench/latest.json)")
    parser.add_argument("--markdown", metavar="FILE", help="measure nothing: print the figures of such a FILE as Markdown")
    parser.add_argument("--into", metavar="PAGE", help="with --markdown: put them between the marks of PAGE instead")
    return parser.parse_args(words)


def scale_of(options):
    scale = QUICK if options.quick else FULL
    given = {"events": options.events, "rounds": options.rounds, "outage_s": options.outage}
    return dataclasses.replace(scale, **{name: value for name, value in given.items() if value is not None})


def measure(options, scale, folder):
    """The figures, and of rows that could not be measured the reasons."""
    kinds = options.kinds or (["mock"] if options.quick else ["mock", "real"])
    figures, failures = [], []
    with brokers.running(kinds, folder) as running:
        context = Context(scale, folder, Inputs(folder), running)
        for module in rows.MODULES:
            wanted = [row for row in module.ROWS if row in options.only]
            try:
                for figure in module.measure(context, wanted) if wanted else ():
                    figures.append(figure)
            except Failed as failure:  # the other rows still have something to say
                failures.append(f"{', '.join(wanted)}: {failure}")
        context.done_saying()
    return figures, failures


def show(options):
    text = report.markdown(report.read(options.markdown))
    if options.into:
        report.put_into(options.into, text)
    else:
        print(text, end="")


def main(words):
    """What failed, a line each; empty: nothing."""
    options = parse(words)
    if options.markdown:
        show(options)
        return ""
    scale, facts = scale_of(options), machine.facts()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-bench-"))
    try:
        figures, failures = measure(options, scale, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.write(options.json, report.to_json(figures, dataclasses.asdict(scale), facts))
    print(report.table(figures))
    if facts["load_before"] > machine.QUIET:
        print(f"\nOthers were at work (load {facts['load_before']} before the run): judge ratios and CPU, not events/s.")
    return "".join(f"bench: {failure}\n" for failure in failures)
