#!/usr/bin/env python3
"""The power is cut while a worker fills its spool, and while it drains it (cut_disk.py). The spool lies on the disk that dies; positions and what
was delivered lie beside it and live on, as a client that holds an answer does: whatever the source was told is safe has to be in the spool
that is left. Lost 0, inversions 0. The control runs with syncs that do nothing (no_sync.c) and has to lose.
10 cuts, 100 at length. WEIR_SEED repeats the moments, as far as a machine repeats itself."""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "kafka"))

import cut_disk  # noqa: E402
import harness  # noqa: E402
import oracle  # noqa: E402

EVENTS = 120_000
CUTS = 100 if harness.LONG else 10
DISK = 768 << 20
PIPELINE = """\
name: cut
source: {{type: file, path: "{events}"}}
sink: {sink}
spool: {{path: "{spool}"}}
memory: 8MiB
offsets: {{interval: 20ms}}
"""
# Nobody listens on port 1: Kafka is away.
AWAY = '{type: kafka, topic: events, config: {bootstrap.servers: "127.0.0.1:1"}}'


class Scene:
    """One cut: a folder of its own on the disk that dies, and one that lives."""

    def __init__(self, test, name, draining):
        self.test, self.draining = test, draining
        self.living, self.dying = test.home / name, test.disk.root / name
        self.living.mkdir()
        self.dying.mkdir()
        self.out = self.living / "out.ndjson"

    def pipeline(self, spool, draining):
        sink = f'{{type: file, path: "{self.out}"}}' if draining else AWAY
        file = self.living / "cut.yaml"
        file.write_text(PIPELINE.format(events=self.test.home / "events.ndjson", sink=sink, spool=spool))
        return file

    def run(self, spool, draining, environment=None):
        return harness.Run(self.living, self.pipeline(spool, draining), environment=environment)

    def stored(self):
        """Something was acknowledged, so that there is something to lose."""
        return (self.living / "state" / "cut" / "file.checkpoint").exists()

    def cut_at(self, seconds, environment=None):
        """Runs until that long after the first stored position; keeps the positions as they were just before the cut."""
        run = self.run(self.dying / "spool", self.draining, environment)
        try:
            harness.wait_until(lambda: self.stored() or not run.running(), 30, "the first position")
            time.sleep(seconds)
            shutil.copytree(self.living / "state", self.living / "known", ignore=shutil.ignore_patterns("*.tmp*"))
            self.test.disk.cut()
        finally:
            run.kill()
        shutil.rmtree(self.living / "state")
        (self.living / "known").rename(self.living / "state")
        shutil.rmtree(self.dying)

    def recover(self):
        """Starts on what is left and runs to the end."""
        with self.test.disk.after_the_cut() as mirror:
            run = self.run(mirror / self.dying.name / "spool", True)
            code = run.wait(120)
        return code, run

    def verdict(self):
        lines = self.out.read_bytes().splitlines() if self.out.exists() else []
        topic = (b"0\t0\t%s\t%s" % (str(json.loads(line)["mpid"]).encode(), line) for line in lines)
        return oracle.judge_topic(self.test.events, topic, oracle.Verdict(), partitions=1, is_redacted=lambda line: False)


class PowerCut(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = harness.scratch_folder("power")
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.disk = cls.mounted()
        cls.events = harness.generate(cls.home, EVENTS)
        cls.events.outcomes = ["keep"] * EVENTS  # nothing is filtered here
        seed = int(os.environ.get("WEIR_SEED", time.time_ns() % 1_000_000))
        print(f"WEIR_SEED={seed}")
        cls.random = random.Random(seed)

    @classmethod
    def mounted(cls):
        disk = cut_disk.CutDisk(cls.home / "disk", DISK)
        disk.__enter__()
        cls.addClassCleanup(disk.__exit__, None, None, None)
        return disk

    def test_whatever_was_acknowledged_is_there_after_a_power_cut(self):
        took = []
        for number in range(CUTS):
            scene = Scene(self, f"cut{number}", draining=number % 2 == 1)
            scene.cut_at(self.random.uniform(0, 1.0))
            begin = time.monotonic()
            code, run = scene.recover()
            took.append(time.monotonic() - begin)
            verdict = scene.verdict()
            print(f"cut {number} ({'draining' if scene.draining else 'filling'}): {verdict.messages} arrived, {verdict.duplicates} twice", flush=True)
            self.assertEqual(code, 0, run.log()[-3000:])
            self.assertEqual(verdict.faults(), {}, run.log()[-3000:])
            self.assertTrue(harness.balanced(run.books()), run.books())
            self.assertNotIn("quarantine", run.log(), "a torn tail is no damage")
            shutil.rmtree(scene.living)
        print(f"{CUTS} cuts: lost 0, inversions 0; recovered and drained in {sum(took) / len(took):.1f} s on average")

    def test_the_control_without_syncs_loses(self):
        library = self.home / "no_sync.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, HERE / "no_sync.c"], check=True)
        scene = Scene(self, "control", draining=False)
        scene.cut_at(0.5, {"LD_PRELOAD": str(library)})
        code, run = scene.recover()
        verdict = scene.verdict()
        print(f"control: {verdict.lost} of {EVENTS} lost, exit {code}")
        self.assertGreater(verdict.lost, 0, "a disk that never syncs lost nothing: this test proves nothing")


if __name__ == "__main__":
    why = cut_disk.why_not()
    if why:
        cut_disk.skip_or_fail(why)
    unittest.main(verbosity=2)
