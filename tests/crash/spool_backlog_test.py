#!/usr/bin/env python3
"""A long outage: 2 GB of backlog, 20 GB at length. What a start reads does not grow with it, memory stays within its bound while it is drained,
and all of it arrives. How fast is the bench's to say (row `backlog`): nothing here depends on time."""
import json
import pathlib
import shutil
import subprocess
import time
import unittest

import spool_scene
from spool_scene import harness

EVENTS = 18_000_000 if harness.LONG else 1_900_000  # of 1.1 KB
FEW = 50_000
MEMORY = 16 << 20
START_MAY_READ = 4 << 20  # bytes more than a start with few records waiting
SEGMENT = 64 << 20
AT_REST = 256 << 10  # bytes a second
RESIDENT = 64 << 20
PIPELINE = """\
name: long
source: {{type: generate, count: {count}, seed: 7}}
sink: {sink}
spool: {{path: spool, max_bytes: 100GiB}}
memory: {memory}B
"""


def io_of(pid):
    """Bytes the process has read, from disks or from the kernel's memory of them."""
    return int(next(line.split()[1] for line in pathlib.Path(f"/proc/{pid}/io").read_text().splitlines() if line.startswith("rchar")))


def most_resident(pid):
    return int(next(line.split()[1] for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))) << 10


class LongOutage(unittest.TestCase):
    def setUp(self):
        self.folder = harness.scratch_folder("spool-backlog")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def begin(self, count, is_away=True):
        (self.folder / "long.yaml").write_text(PIPELINE.format(count=count, memory=MEMORY, sink=spool_scene.AWAY if is_away else "{type: discard}"))
        run = harness.Run(self.folder, self.folder / "long.yaml")
        self.addCleanup(lambda: run.kill() if run.running() else None)
        return run

    def status(self):
        return json.loads(subprocess.run([harness.BIN / "weir", "spool", "status", self.folder / "spool", "--json"], capture_output=True, check=True).stdout)

    def is_full(self, count):
        time.sleep(0.5)  # it reads the segment that is being written
        return self.status()["waiting"] >= count

    def fill(self, count, ends=harness.Run.terminate):
        """Until the spool holds so many events of the source."""
        run = self.begin(count)
        harness.wait_until(lambda: (self.folder / "spool" / "state").exists() or not run.running(), 30, "a spool")
        harness.wait_until(lambda: self.is_full(count) or not run.running(), 1800, "a full spool")
        self.assertTrue(run.running(), run.log()[-3000:])
        ends(run)
        if ends == harness.Run.terminate:
            self.assertEqual(run.wait(60), 0, run.log()[-3000:])

    def start_reads(self, count):
        """Bytes read until a start has come to rest, with a sink that is away and a client that tries to reach it all the time."""
        run = self.begin(count)
        last = -AT_REST
        while (now := io_of(run.process.pid)) - last >= AT_REST:
            last = now
            time.sleep(1)
        run.terminate()
        self.assertEqual(run.wait(30), 0, run.log()[-3000:])
        return now

    def test_a_long_outage(self):
        self.fill(FEW)
        small = self.start_reads(FEW)
        self.fill(EVENTS)
        large = self.start_reads(EVENTS)
        print(f"a start reads {small:,} bytes with {FEW:,} records waiting, {large:,} with {EVENTS:,}")
        self.assertLess(large, small + START_MAY_READ)
        self.fill(EVENTS + FEW, ends=harness.Run.kill)
        after_kill = self.start_reads(EVENTS + FEW)
        print(f"after a kill {after_kill:,}: at most the segment that was being written")
        self.assertLess(after_kill, small + START_MAY_READ + SEGMENT)
        run = self.begin(EVENTS + FEW, is_away=False)
        most = 0
        while run.running():
            try:
                most = max(most, most_resident(run.process.pid))
            except (FileNotFoundError, StopIteration):
                break
            time.sleep(0.02)
        self.assertEqual(run.wait(60), 0, run.log()[-3000:])
        books = run.books()
        print(f"drained {books['backlog_start']:,} in {books['seconds']:.1f} s with {most / 1e6:.0f} MB")
        self.assertEqual((books["backlog_start"], books["delivered"], books["backlog_end"]), (EVENTS + FEW, EVENTS + FEW, 0))
        self.assertTrue(harness.balanced(books), books)
        self.assertLess(most, RESIDENT)


if __name__ == "__main__":
    unittest.main(verbosity=2)
