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
SECONDS = 60
# Segments are an eighth of it: several are made, sealed and deleted.
SPOOL = 'spool: {{path: "{folder}/spool", max_bytes: 8MiB}}'
KILLED = -9


class Small(spool_scene.Scene):
    def write_pipeline(self, is_away):
        file = super().write_pipeline(is_away)
        file.write_text(re.sub(r"spool: .*", SPOOL.format(folder=self.folder), file.read_text()))
        return file


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

    def run_to(self, scene, point, is_away=False):
        """Whether it was killed there; else it ended, or, with the sink away, was stopped when all was in the spool."""
        run = scene.begin(is_away, {"WEIR_FAULT": point} if point else None, program="weir-faults")
        if is_away:
            harness.wait_until(lambda: not run.running() or "already at the end" in run.log() or self.in_spool(scene) >= EVENTS, SECONDS, "a full spool")
            run.terminate()
        code = run.wait(SECONDS)
        if code != KILLED:
            self.assertEqual(code, 0, run.log()[-3000:])
        return code == KILLED

    @staticmethod
    def in_spool(scene):
        return sum(segment.count for segment in spool_bytes.segments(scene.folder / "spool"))

    def torn_and_damaged(self):
        """A spool killed in the middle of a group, with a block that a disk has spoilt. Gives the events that are lost by that."""
        scene = self.scene()
        self.assertTrue(self.run_to(scene, "group.half_written:9", is_away=True))
        block = next(block for segment in spool_bytes.segments(scene.folder / "spool") for block in segment.blocks[1:2])
        segment = next(segment for segment in spool_bytes.segments(scene.folder / "spool") if block in segment.blocks)
        spool_bytes.flip(segment.path, block.payload + 5)
        return scene, set(range(block.first - 1, block.end - 1))

    def kill_at(self, point):
        """A scene that was killed there, by one of the ways that come by."""
        for prepare in (lambda: (self.scene(), set()), self.torn_and_damaged):
            for nth in (4, 1):
                scene, spoilt = prepare()
                if self.run_to(scene, f"{point}:{nth}"):
                    return scene, spoilt
        self.fail(f"nothing came by {point}")

    def finish(self, scene, spoilt):
        self.assertFalse(self.run_to(scene, None))
        verdict = scene.verdict()
        faults = verdict.faults()
        lost = {i for i in range(EVENTS)} - {number for number in self.arrived(scene)}
        # What was lost with its block may have been read again from the source meanwhile.
        self.assertLessEqual(lost, spoilt)
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
                self.assertLessEqual(twice, 2 * EVENTS)

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
