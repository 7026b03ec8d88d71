#!/usr/bin/env python3
"""Kills the worker with SIGKILL at random moments while it fills and drains its spool, with the sink there or away, and starts it again. Lost 0,
inversions 0; what comes twice is counted and bounded for each kill (spool_scene.py). 20 kills, 200 at length. WEIR_SEED repeats the moments."""
import os
import random
import shutil
import time
import unittest

import spool_scene
from spool_scene import harness

EVENTS = 100_000
KILLS = 200 if harness.LONG else 20
A_SCENE = 5  # kills; then it runs to its end and is judged


class SpoolCrash(unittest.TestCase):
    def setUp(self):
        self.home = harness.scratch_folder("spool-crash")
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.events = spool_scene.generate(self.home, EVENTS)
        seed = int(os.environ.get("WEIR_SEED", time.time_ns() % 1_000_000))
        print(f"WEIR_SEED={seed}")
        self.random = random.Random(seed)

    def test_killed_at_random_moments_nothing_is_lost_or_out_of_order(self):
        kills = scenes = twice = 0
        while kills < KILLS and scenes < KILLS:
            scene = spool_scene.Scene(self.home / f"scene{scenes}", self.events, self.home / "events.ndjson")
            scenes += 1
            for _ in range(A_SCENE):
                kills += self.one_life(scene)
            twice += self.finish(scene)
            scene.remove()
        print(f"kills={kills} scenes={scenes} twice={twice}")
        self.assertGreaterEqual(kills, KILLS)

    def one_life(self, scene):
        """Whether it was still running when it was killed."""
        run, sampler = scene.begin(is_away=self.random.random() < 0.4), spool_scene.Sampler(scene.out.count)
        time.sleep(self.random.uniform(0, 0.4))
        alive = run.running()
        run.kill()
        sampler.end()
        if not alive:
            self.assertEqual(run.process.returncode, 0, run.log()[-2000:])
        for what, count, allowed in scene.after_kill(sampler):
            self.assertTrue(0 <= count <= allowed, f"{what}: {count} of at most {allowed}")
        return alive

    def finish(self, scene):
        run = scene.begin()
        self.assertEqual(run.wait(120), 0, run.log()[-3000:])
        books = run.books()
        self.assertTrue(harness.balanced(books), books)
        self.assertEqual((books["state"], books["backlog_end"]), ("finished", 0))
        verdict = scene.verdict()
        self.assertEqual(verdict.faults(), {}, run.log()[-3000:])
        self.assertEqual(verdict.duplicates, scene.twice_spooled + scene.twice_delivered)
        return verdict.duplicates


if __name__ == "__main__":
    unittest.main(verbosity=2)
