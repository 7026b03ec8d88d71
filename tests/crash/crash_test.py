#!/usr/bin/env python3
"""Kills the worker with SIGKILL at random moments of a run from a file to Kafka that also writes dead letters, and starts it again
with the same state until it ends by itself. What is owed is kept outside the process: the file. Lost 0, inversions 0; duplicates
counted and bounded for each kill by resends.py (design 3.5). The oracle of `weir chaos` has to say the same as tests/support/oracle.py.

The seed of the moments is printed and can be given: WEIR_SEED.
"""
import os
import pathlib
import random
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "kafka"))

import harness  # noqa: E402
import oracle  # noqa: E402
import resends  # noqa: E402
import second_oracle  # noqa: E402

EVENTS = 200_000
BAD_EVERY = 97
MEMORY = 4 << 20  # small, so that the run outlasts its kills


class Crash(harness.BrokerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.events = harness.generate(cls.home, EVENTS, "--bad-every", str(BAD_EVERY))
        cls.seed = int(os.environ.get("WEIR_SEED", time.time_ns() % 1_000_000))
        print(f"WEIR_SEED={cls.seed}")
        cls.expected = cls.home / "expected"
        second_oracle.write_lines(cls.expected, oracle.expected_lines(cls.events))

    def setUp(self):
        super().setUp()
        self.random = random.Random(self.seed)
        (self.folder / "events.ndjson").symlink_to(self.home / "events.ndjson")

    def begin(self, topic, **environment):
        return self.start(HERE / "crash.yaml", WEIR_TOPIC=topic, **environment)

    def dead_letters(self):
        file = self.folder / "dead.ndjson"
        return file.read_bytes().splitlines() if file.exists() else []

    def judge(self, topic):
        arrived = self.folder / "arrived"
        second_oracle.write_lines(arrived, self.broker.lines(topic))
        with open(arrived, "rb") as lines:
            verdict = oracle.judge_topic(self.events, lines, oracle.Verdict())
        second_oracle.assert_same(self, harness.BIN / "weir", self.expected, arrived, verdict)
        oracle.judge_dead_letters(self.events, self.dead_letters(), verdict)
        print(f"{topic}: {verdict}")
        self.assertEqual(verdict.faults(), {})
        return verdict

    def finish(self, topic, **environment):
        run = self.begin(topic, **environment)
        self.assert_done(run, 300)
        self.assertEqual(run.books()["state"], "finished")

    def kill_at_random(self, run, topic):
        """One in four dies while it starts, the others some time after their first new message. Returns whether it still ran."""
        before = self.broker.count(topic)
        if self.random.random() < 0.75:
            harness.wait_until(lambda: (self.broker.count(topic) or 0) > before or not run.running(), 60, "a new message")
        time.sleep(self.random.uniform(0, 0.3))
        alive = run.running()
        run.kill()
        return alive

    def test_killed_at_random_moments_nothing_is_lost_or_out_of_order(self):
        topic, again = "random", []
        self.broker.create_topic(topic)
        checkpoint = self.folder / "state" / "crash" / "file.checkpoint"
        for _ in range(20 if harness.LONG else 5):
            life = resends.Life(self.events, checkpoint, lambda: self.broker.count(topic), MEMORY)
            run = self.begin(topic, WEIR_MEMORY=f"{MEMORY}B", WEIR_INTERVAL="50ms")
            alive = self.kill_at_random(run, topic)
            again.append(life.end())
            print(f"sent again: {again[-1][0]} of at most {again[-1][1]}")
            self.assertLessEqual(*again[-1])
            if not alive:
                self.assertEqual(run.process.returncode, 0, run.log()[-2000:])
                break
        self.finish(topic, WEIR_MEMORY=f"{MEMORY}B", WEIR_INTERVAL="50ms")
        verdict = self.judge(topic)
        self.assertGreaterEqual(len(again), 3)
        self.assertEqual(verdict.duplicates, sum(count for count, _ in again))

    def test_killed_between_a_dead_letter_and_its_checkpoint(self):
        topic = "unsaved"
        self.broker.create_topic(topic)
        run = self.begin(topic, WEIR_INTERVAL="1h", WEIR_MEMORY="4MiB")
        # The interval never comes: dead letters are on disk, their positions are not.
        harness.wait_until(lambda: len(self.dead_letters()) > 200 or not run.running(), 60, "dead letters")
        self.assertTrue(run.running(), "it ended before it could be killed")
        run.kill()
        written = len(self.dead_letters())
        self.finish(topic)
        verdict = self.judge(topic)
        self.assertGreater(verdict.dead_duplicates, 0)
        self.assertLessEqual(verdict.dead_duplicates, written)

    def test_a_dead_letter_cut_in_the_middle_of_its_line_is_written_again(self):
        topic = "torn"
        self.broker.create_topic(topic)
        run = self.begin(topic, WEIR_INTERVAL="1h", WEIR_MEMORY="4MiB")
        harness.wait_until(lambda: len(self.dead_letters()) > 50 or not run.running(), 60, "dead letters")
        run.kill()
        file = self.folder / "dead.ndjson"
        os.truncate(file, file.stat().st_size - 9)  # as a power cut leaves it
        self.finish(topic)
        self.judge(topic)


if __name__ == "__main__":
    harness.main()
