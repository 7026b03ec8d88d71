#!/usr/bin/env python3
"""SIGKILL at every named place of the spool's code (fault.cpp; the program weir-faults has them), each plain and followed by a second kill while it
recovers. Lost 0, inversions 0; what comes twice is counted and bounded (spool_scene.py). Every place must be passed, or the test fails."""
import itertools
import pathlib
import re
import shutil
import unittest

import spool_scene
from spool_scene import harness, spool_bytes

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = re.findall(r'"([a-z]+\.[a-z_]+)"', (ROOT / "host/spool/fault.cpp").read_text())
EVENTS = 12_000
HALF = 6_000
SECONDS = 60
# Segments are an eighth of it: several are made, sealed and deleted.
SPOOL = 'spool: {{path: "{folder}/spool", max_bytes: 8MiB}}'
KILLED = -9


class Small(spool_scene.Scene):
    """Its source is a file of its own that grows."""

    def __init__(self, folder, events, source):
        super().__init__(folder, events, source)
        (folder / "events.ndjson").unlink()

    def grow(self, first, end):
        with open(self.folder / "events.ndjson", "ab") as file:
            file.write(self.events.bytes[self.events.ends[first - 1] if first else 0:self.events.ends[end - 1]])

    def write_pipeline(self, is_away):
        file = super().write_pipeline(is_away)
        file.write_text(re.sub(r"spool: .*", SPOOL.format(folder=self.folder), file.read_text()))
        return file

    def in_spool(self):
        return sum(segment.count for segment in spool_bytes.segments(self.folder / "spool"))


class Points(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = harness.scratch_folder("spool-points")
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.events = spool_scene.generate(cls.home, EVENTS)
        cls.numbers = itertools.count()

    def scene(self):
        scene = Small(self.home / f"scene{next(self.numbers)}", self.events, self.home / "events.ndjson")
        self.addCleanup(shutil.rmtree, scene.folder, ignore_errors=True)
        return scene

    def whole(self):
        scene = self.scene()
        scene.grow(0, EVENTS)
        return scene, set()

    def run_to(self, scene, point, upto=None):
        """Whether it was killed there; else it ended, or, with the sink away, was stopped when so many were in the spool."""
        run = scene.begin(upto is not None, {"WEIR_FAULT": point} if point else None, program="weir-faults")
        if upto is not None:
            harness.wait_until(lambda: not run.running() or scene.in_spool() >= upto, SECONDS, "a full spool")
            run.terminate()
        code = run.wait(SECONDS)
        if code != KILLED:
            self.assertEqual(code, 0, run.log()[-3000:])
        return code == KILLED

    def torn_and_damaged(self):
        """A spool with a block that a disk has spoilt, behind which the source never reads again, killed in the middle of a later group.
        Gives the events that are lost by that."""
        scene = self.scene()
        scene.grow(0, HALF)
        self.assertFalse(self.run_to(scene, None, upto=HALF))
        segment = spool_bytes.segments(scene.folder / "spool")[0]
        block = segment.blocks[1]
        scene.grow(HALF, EVENTS)
        self.assertTrue(self.run_to(scene, "group.half_written:3", upto=EVENTS))
        spool_bytes.flip(segment.path, block.payload + 5)
        first = segment.blocks[0].first
        return scene, set(range(block.first - first, block.end - first))

    def kill_at(self, point):
        """A scene that was killed there, by one of the ways that come by: at first, or at the start after the first run."""
        for prepare in (self.whole, self.torn_and_damaged):
            for nth in (4, 1):
                scene, spoilt = prepare()
                if self.run_to(scene, f"{point}:{nth}") or self.run_to(scene, f"{point}:1"):
                    return scene, spoilt
        self.fail(f"nothing came by {point}")

    def finish(self, scene, spoilt):
        """Runs to the end and judges. Gives how much came twice."""
        self.assertFalse(self.run_to(scene, None))
        verdict = scene.verdict()
        faults = verdict.faults()
        self.assertEqual(set(range(EVENTS)) - set(self.arrived(scene)), spoilt)
        faults.pop("lost", None)
        self.assertEqual(faults, {})
        return verdict.duplicates

    @staticmethod
    def arrived(scene):
        at = spool_scene.oracle.ID_AT
        return (int(line[at:at + 12], 16) for line in (scene.folder / "out.ndjson").read_bytes().splitlines())

    def test_the_places_are_listed(self):
        self.assertGreaterEqual(len(NAMES), 15)
        self.assertEqual(len(set(NAMES)), len(NAMES))

    def test_killed_at_every_place_nothing_is_lost_or_out_of_order(self):
        for point in NAMES:
            with self.subTest(point):
                scene, spoilt = self.kill_at(point)
                twice = self.finish(scene, spoilt)
                self.assertLessEqual(twice, 2 * EVENTS)  # a window of each leg holds all of them

    def test_killed_again_while_it_recovers(self):
        again = [name for name in NAMES if name.startswith(("open.", "recover.", "segment.", "state."))]
        pairs = list(itertools.product(NAMES, again)) if harness.LONG else list(zip(NAMES, itertools.cycle(again)))
        passed = 0
        for point, second in pairs:
            with self.subTest(f"{point}, then {second}"):
                scene, spoilt = self.kill_at(point)
                passed += self.run_to(scene, f"{second}:1")
                self.finish(scene, spoilt)
                scene.remove()
        print(f"{passed} of {len(pairs)} were killed a second time")
        self.assertGreater(passed, len(pairs) // 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
