"""The event files of a run, made when they are first asked for."""
import dataclasses
import functools
import itertools
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


class Inputs:
    """Files in `folder`. Nothing of them is kept in this process: its memory shows in that of what it starts."""

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
        import generate_events
        line = next(event.line for event in map(generate_events.event, itertools.count()) if event.outcome == "keep")
        return self.write("one", [line])

    @functools.lru_cache(maxsize=None)
    def sized(self, size, count):
        """`count` events of about `size` bytes, those of the generator with more behind them."""
        import generate_events
        made = [generate_events.event(number) for number in range(min(count, 500))]
        lines = [padded(event.line, size) for event in made]
        kept = [event.outcome == "keep" for event in made]
        every = [number % len(lines) for number in range(count)]
        return self.write(f"sized-{size}", (lines[number] for number in every), sum(kept[number] for number in every))

    @functools.lru_cache(maxsize=None)
    def tiny(self, count):
        """`count` events of 16 bytes: a key and nothing else."""
        return self.write("tiny", (b'{"mpid":%d}' % (1_000_000 + number % 9_000_000) for number in range(count)))

    def write(self, name, lines, kept=None):
        path, count = self.folder / f"{name}.ndjson", 0
        with open(path, "wb", 1 << 20) as out:
            for line in lines:
                out.write(line)
                out.write(b"\n")
                count += 1
        return Events(path, count, count if kept is None else kept, path.stat().st_size)
