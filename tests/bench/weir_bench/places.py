"""Where things lie. WEIR_BUILD, a build tree with tests, stands for build/release."""
import os
import pathlib
import sys

BENCH = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCH.parent.parent
BUILD = pathlib.Path(os.environ.get("WEIR_BUILD", ROOT / "build" / "release"))
WEIR = BUILD / "bin" / "weir"
BROKER = BUILD / "bin" / "weir-broker"
TOOLS = BUILD / "bench"  # yardstick, consumer, chain, count_allocations.so
LATEST = ROOT / "build" / "bench" / "latest.json"

os.environ.setdefault("WEIR_BIN", str(BUILD / "bin"))  # tests/kafka/harness.py looks there
sys.path[:0] = [str(ROOT / "tests" / "kafka"), str(ROOT / "tests" / "support")]


def pipeline(name):
    return BENCH / "pipelines" / f"{name}.yaml"
