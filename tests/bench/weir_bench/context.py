"""What every row is given."""
import dataclasses
import pathlib
import sys

from .inputs import Inputs


@dataclasses.dataclass(frozen=True)
class Scale:
    """How much is measured."""
    events: int  # of the main file
    rounds: int
    broker_runs: int  # before the first round, for a broker that compiles itself
    outage_s: float  # how long the broker is away
    latency_s: float
    start_rounds: int
    allocations: tuple  # events of the short and of the long run
    idle: tuple  # pipelines of the small and of the large worker
    idle_s: float
    commit_s: float  # of each run of group commits


FULL = Scale(events=500_000, rounds=5, broker_runs=16, outage_s=60, latency_s=5, start_rounds=10, allocations=(100_000, 400_000), idle=(100, 1000), idle_s=10, commit_s=3)
QUICK = Scale(events=50_000, rounds=1, broker_runs=1, outage_s=3, latency_s=1, start_rounds=2, allocations=(5_000, 20_000), idle=(10, 100), idle_s=1, commit_s=0.3)


@dataclasses.dataclass
class Context:
    scale: Scale
    folder: pathlib.Path
    inputs: Inputs
    brokers: list

    @property
    def main_events(self):
        return self.inputs.events(self.scale.events)

    def say(self, text):
        """Progress, on a terminal only."""
        if sys.stderr.isatty():
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)

    def done_saying(self):
        self.say("")

    def subfolder(self, name):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder
