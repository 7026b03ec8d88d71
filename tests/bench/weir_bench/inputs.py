"""The event files of a run, made when they are first asked for."""
import dataclasses
import functools
import itertools
import multiprocessing
import pathlib
import subprocess
import sys

from . import places


@dataclasses.dataclass(frozen=True)
class Events:
    """`kept`: those that pipelines/bench.yaml lets through."""
    path: pathlib.Path
    count: int
    kept: int
    bytes: int


def padded(line, size):
    """An event as the generator makes it with products added behind its fields, until it has `size` bytes."""
    products = []
    left = size - len(line) - len(',"products":[]')
    for number in itertools.count():
        product = '{"sku":"SKU-%06d","name":"Espresso \\u2615 machine, no. %d","price":%d.%02d,"tags":["kitchen","sale"],"stock":%d}' % (
            number * 7919 % 1_000_000, number, number * 37 % 900, number % 100, number * 13 % 50)
        left -= len(product) + 1
        if left < 0:
            return line[:-1] + b',"products":[' + ",".join(products).encode() + b"]}"
        products.append(product)


def write(path, lines):
    """A file of (line, whether it is kept)."""
    count = kept = 0
    with open(path, "wb", 1 << 20) as out:
        for line, is_kept in lines:
            out.write(line)
            out.write(b"\n")
            count += 1
            kept += is_kept
    return Events(path, count, kept, path.stat().st_size)


def write_one(path):
    import generate_events
    made = map(generate_events.event, itertools.count())
    return write(path, [next((event.line, True) for event in made if event.outcome == "keep")])


def write_sized(path, size, count):
    import generate_events
    made = [generate_events.event(number) for number in range(min(count, 500))]
    lines = [(padded(event.line, size), event.outcome == "keep") for event in made]
    return write(path, (lines[number % len(lines)] for number in range(count)))


def write_tiny(path, count):
    return write(path, ((b'{"mpid":%d}' % (1_000_000 + number % 9_000_000), True) for number in range(count)))


def apart(work, *words):
    """Calls it in a process of its own: the memory of this one shows in that of what it starts (process.py)."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(work, words)


class Inputs:
    """Files in `folder`."""

    def __init__(self, folder):
        self.folder = folder

    @functools.lru_cache(maxsize=None)
    def events(self, count):
        """`count` events of about 1.1 KB."""
        path, index = self.folder / f"events-{count}.ndjson", self.folder / f"events-{count}.idx"
        subprocess.run([sys.executable, places.ROOT / "tests" / "support" / "generate_events.py", str(count), path, "--index", index],
                       check=True, stdout=subprocess.DEVNULL)
        with open(index, encoding="ascii") as rows:
            kept = sum(row.split("\t")[1] == "keep" for row in rows)
        return Events(path, count, kept, path.stat().st_size)

    @functools.lru_cache(maxsize=None)
    def one(self):
        """One event that is kept."""
        return apart(write_one, self.folder / "one.ndjson")

    @functools.lru_cache(maxsize=None)
    def sized(self, size, count):
        """`count` events of about `size` bytes, those of the generator with more behind them."""
        return apart(write_sized, self.folder / f"sized-{size}.ndjson", size, count)

    @functools.lru_cache(maxsize=None)
    def tiny(self, count):
        """`count` events of 16 bytes: a key and nothing else."""
        return apart(write_tiny, self.folder / "tiny.ndjson", count)
