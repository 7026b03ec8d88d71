"""What is measured: the loops and Weir, as processes that bring the events of a file to a topic. A run in which not every message
was acknowledged is no measurement: it raises Failed."""
import json
import os
import re

from . import places
from .process import Failed, measure, started


def expect(what, found, wanted):
    if found != wanted:
        raise Failed(f"{what}: {found} messages acknowledged, not {wanted}")


class Loop:
    """tests/bench/yardstick: `bare` or `by_hand`."""

    def __init__(self, name):
        self.name = name

    def command(self, events, topic, _folder, *words):
        return [places.TOOLS / "yardstick", topic.bootstrap, topic.name, events.path, self.name, *words], {}

    def expected(self, events):
        return events.kept if self.name == "by_hand" else events.count

    def check(self, output, events, _folder):
        read, acknowledged = map(int, re.fullmatch(r"read=(\d+) sent=\d+ acknowledged=(\d+)\n", output).groups())
        expect(f"{self.name}, lines read", read, events.count)
        expect(self.name, acknowledged, self.expected(events))

    def follow(self, events, topic, folder):
        """Started on a file that grows, with nothing gathered."""
        command, environment = self.command(events, topic, folder, "--follow", "linger.ms=0")
        return started(command, environment, folder / f"{self.name}.log")


class Weir:
    """`weir run` of a pipeline of this folder; without state of an earlier run."""

    def __init__(self, name, pipeline, memory="64MiB", filters=True):
        self.name, self.pipeline, self.memory, self.filters = name, pipeline, memory, filters

    def command(self, events, topic, folder):
        report = folder / f"{self.name}.report"
        report.unlink(missing_ok=True)
        command = [places.WEIR, "run", places.pipeline(self.pipeline), "--state", folder / f"{self.name}.state", "--fresh", "--report", report,
                   "--log-level", "warn"]
        environment = {"WEIR_EVENTS": str(events.path), "WEIR_MEMORY": self.memory}
        if topic:
            environment |= {"WEIR_BOOTSTRAP": topic.bootstrap, "WEIR_TOPIC": topic.name}
        return command, environment

    def expected(self, events):
        return events.kept if self.filters else events.count

    def check(self, _output, events, folder):
        (books,) = json.loads((folder / f"{self.name}.report").read_text())["pipelines"].values()
        expect(f"{self.name}, events read", books["read"], events.count)
        expect(self.name, books["delivered"], self.expected(events))

    def follow(self, events, topic, folder):
        command, environment = self.command(events, topic, folder)
        return started(command, environment, folder / f"{self.name}.log")


def run(program, events, topic, folder, environment=None):
    """One measured run. `topic` is None for a pipeline that ends elsewhere."""
    command, own = program.command(events, topic, folder)
    taken = measure(command, {**own, **(environment or {})}, folder / f"{program.name}.log")
    program.check(taken.output, events, folder)
    if topic:
        expect(f"{program.name}, at the broker", topic.count(), program.expected(events))
    return taken


def warm(events):
    """Brings the file into memory, where every run then finds it."""
    descriptor = os.open(events.path, os.O_RDONLY)
    with open(descriptor, "rb", 0) as file:
        while file.read(1 << 20):
            pass
