#!/usr/bin/env python3
"""The file source under rotation: thousands of files that grow, are renamed, copied and truncated, compressed and joined by new ones,
while the worker is killed with SIGKILL, or stopped, at random moments and started again with another number of tasks. What is owed is
counted here as it is written. Pass: lost 0, each file's lines in order, and after a clean stop not one line twice. WEIR_SEED repeats a
run."""
import collections
import gzip
import os
import pathlib
import random
import re
import resource
import shutil
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "kafka"))

import harness  # noqa: E402

FILES = 5_000
FILES_WHEN_STOPPED = 50  # few: what is looked at then is the rotation
LOGS = 12
ROUNDS = 50 if harness.LONG else 4
DESCRIPTORS = 256
RESIDENT = 160 << 20  # bytes; `memory` is 16 MiB

PIPELINE = """\
name: rotation
tasks_max: {tasks}
source: {{type: file, path: "{folder}/in/*", follow: true}}
sink: {{type: file, path: "{folder}/out.ndjson"}}
memory: 16MiB
offsets: {{interval: 50ms}}
"""
LINE = re.compile(rb'^\{"s":"([^"]+)","n":(\d+),')


class Logs:
    """The programs that write, and the one that rotates. A stream is what one file held between two rotations."""

    def __init__(self, folder, dice):
        self.folder, self.random = folder, dice
        self.owed = {}  # by stream: lines written
        self.stream = {}  # by log
        self.streams = 0
        self.torn = {}  # by log: the rest of a line that was begun
        folder.mkdir()

    def path(self, log, suffix=""):
        return self.folder / f"app{log:02}.log{suffix}"

    def new_stream(self):
        self.streams += 1
        name = f"s{self.streams:06}"
        self.owed[name] = 0
        return name

    def lines(self, stream, count):
        first = self.owed[stream]
        self.owed[stream] += count
        pad = "x" * self.random.choice((10, 200, 900))
        return "".join(f'{{"s":"{stream}","n":{n},"pad":"{pad}"}}\n' for n in range(first, first + count)).encode()

    def more(self, log, count):
        if log not in self.stream:
            self.stream[log] = self.new_stream()
        return self.torn.pop(log, b"") + self.lines(self.stream[log], count)

    def append(self, log):
        text = self.more(log, self.random.randint(1, 400))
        cut = self.random.randint(1, 30) if self.random.random() < 0.3 else 0
        with open(self.path(log), "ab") as file:
            file.write(text[:len(text) - cut])
        if cut:
            self.torn[log] = text[len(text) - cut:]

    def finish_line(self, log):
        rest = self.torn.pop(log, b"")
        if rest:
            with open(self.path(log), "ab") as file:
                file.write(rest)

    def shift(self, log):
        """Makes room for the name .1, as logrotate does."""
        old = sorted((int(m[1]), m[2] or "") for p in self.folder.glob(f"app{log:02}.log.*")
                     if (m := re.fullmatch(r"app\d+\.log\.(\d+)(\.gz)?", p.name)))
        for number, packed in reversed(old):
            self.path(log, f".{number}{packed}").rename(self.path(log, f".{number + 1}{packed}"))

    def rename(self, log):
        if not self.path(log).exists():
            return
        self.shift(log)
        self.path(log).rename(self.path(log, ".1"))
        late = self.random.random() < 0.5  # its writer has it open still
        text = self.more(log, 5) if late else self.torn.pop(log, b"")
        with open(self.path(log, ".1"), "ab") as file:
            file.write(text)
        self.stream.pop(log, None)
        if self.random.random() < 0.5:
            self.append(log)

    def copy_and_truncate(self, log):
        if not self.path(log).exists():
            return
        self.finish_line(log)
        self.shift(log)
        shutil.copyfile(self.path(log), self.path(log, ".1"))
        os.truncate(self.path(log), 0)
        self.stream.pop(log, None)

    def compress(self, log):
        for number in range(1, 30):
            plain = self.path(log, f".{number}")
            if number > 1 and plain.exists():
                part = self.folder.parent / "part.gz"
                part.write_bytes(gzip.compress(plain.read_bytes(), 1))
                part.rename(self.path(log, f".{number}.gz"))
                plain.unlink()
                return

    def new_file(self, packed):
        stream = self.new_stream()
        text = self.lines(stream, 3)
        part = self.folder.parent / "part"
        half = text.index(b"\n") + 1
        part.write_bytes(gzip.compress(text[:half], 1) + gzip.compress(text[half:], 1) if packed else text)
        part.rename(self.folder / (f"{stream}.ndjson" + (".gz" if packed else "")))

    def step(self):
        log = self.random.randrange(LOGS)
        what = self.random.random()
        if what < 0.70:
            self.append(log)
        elif what < 0.80:
            self.rename(log)
        elif what < 0.88:
            self.copy_and_truncate(log)
        elif what < 0.94:
            self.compress(log)
        else:
            self.new_file(self.random.random() < 0.5)


class Judge:
    """Reads the sink's file as it grows."""

    def __init__(self, path):
        self.path, self.at, self.rest = path, 0, b""
        self.seen = collections.defaultdict(set)
        self.latest = {}
        self.lines = self.twice = self.inversions = 0

    def read(self):
        if not self.path.exists():
            return
        with open(self.path, "rb") as file:
            file.seek(self.at)
            text = file.read()
        end = text.rfind(b"\n") + 1  # a torn line is cut by the sink and written again
        self.at += end
        for line in text[:end].splitlines():
            match = LINE.match(line)
            stream, number = match[1].decode(), int(match[2])
            self.lines += 1
            if number in self.seen[stream]:
                self.twice += 1
                continue
            self.inversions += number < self.latest.get(stream, -1)
            self.latest[stream] = number
            self.seen[stream].add(number)

    def missing(self, owed):
        return {stream: sorted(set(range(count)) - self.seen[stream]) for stream, count in owed.items()
                if len(self.seen[stream]) < count}


class RotationCrash(unittest.TestCase):
    def setUp(self):
        self.folder = harness.scratch_folder("rotation-crash")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        seed = int(os.environ.get("WEIR_SEED", time.time_ns() % 1_000_000))
        print(f"WEIR_SEED={seed}")
        self.random = random.Random(seed)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(DESCRIPTORS, hard), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))

    def begin(self):
        pipeline = self.folder / "pipeline.yaml"
        pipeline.write_text(PIPELINE.format(tasks=self.random.randint(1, 3), folder=self.folder))
        run = harness.Run(self.folder, pipeline)
        self.addCleanup(run.kill)
        return run

    def test_rotation_under_kills_loses_nothing(self):
        self.rotate(FILES, harness.Run.kill)

    def test_rotation_between_clean_stops_reads_nothing_twice(self):
        judge = self.rotate(FILES_WHEN_STOPPED, self.stop)
        self.assertEqual(judge.twice, 0)

    def stop(self, run):
        run.terminate()
        self.assertEqual(run.wait(60), 0, run.log()[-3000:])

    def rotate(self, files, end):
        logs = Logs(self.folder / "in", self.random)
        for number in range(files):
            logs.new_file(packed=number % 50 == 0)
        judge = Judge(self.folder / "out.ndjson")
        resident = 0
        for _ in range(ROUNDS):
            run = self.begin()
            until = time.monotonic() + self.random.uniform(0.2, 3.5)
            while time.monotonic() < until and run.running():
                logs.step()
                time.sleep(self.random.uniform(0, 0.05))
            self.assertTrue(run.running(), run.log()[-3000:])
            resident = max(resident, resident_bytes(run.process.pid))
            end(run)
            judge.read()
            for _ in range(self.random.randrange(12)):
                logs.step()
        run = self.begin()
        for log in range(LOGS):
            logs.finish_line(log)
        self.wait_for_all(run, judge, logs)
        resident = max(resident, resident_bytes(run.process.pid))
        self.stop(run)
        twice = judge.twice
        self.stays_where_it_is()
        judge.read()
        print(f"rounds={ROUNDS} lines={judge.lines} lost=0 twice={judge.twice} resident={resident >> 20}MiB")
        self.assertEqual(judge.inversions, 0)
        self.assertEqual(judge.twice, twice, "lines came again after a clean stop")
        self.assertLess(resident, RESIDENT)
        return judge

    def wait_for_all(self, run, judge, logs):
        until = time.monotonic() + 90
        while True:
            judge.read()
            missing = judge.missing(logs.owed)
            if not missing:
                return
            if not run.running() or time.monotonic() > until:
                some = {stream: f"{len(lines)} from {lines[0]}" for stream, lines in list(missing.items())[:5]}
                self.fail(f"{len(missing)} streams have lines missing: {some}\n{run.log()[-3000:]}")
            time.sleep(0.2)

    def stays_where_it_is(self):
        """Started again it reads nothing."""
        run = self.begin()
        time.sleep(2)
        self.assertTrue(run.running(), run.log()[-3000:])
        self.stop(run)
        self.assertEqual(run.books()["read"], 0)


def resident_bytes(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) << 10


if __name__ == "__main__":
    unittest.main(verbosity=2)
