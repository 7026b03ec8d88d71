#!/usr/bin/env python3
"""The crash test without a broker: from a file to a file, killed with SIGKILL at random moments. The sink's file must hold every
event that is owed, whole, in order as far as first occurrences go, and no more of them twice than design 3.5 allows (resends.py).
WEIR_SEED repeats a run."""
import json
import os
import pathlib
import random
import shutil
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "kafka"))

import harness  # noqa: E402
import oracle  # noqa: E402
import resends  # noqa: E402

EVENTS = 300_000  # the whole of it takes longer than six lives
MEMORY = 4 << 20
PIPELINE = (HERE / "crash.yaml").read_text()


def to_file(pipeline):
    """The same pipeline with a file in place of Kafka."""
    head, tail = pipeline[:pipeline.index("sink:\n")], pipeline[pipeline.index("dead_letter:"):]
    return head + 'sink: {type: file, path: "${env:WEIR_FOLDER}/out.ndjson"}\n' + tail


class FileCrash(unittest.TestCase):
    def setUp(self):
        self.folder = harness.scratch_folder("file-crash")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.events = harness.generate(self.folder, EVENTS, "--bad-every", "41")
        (self.folder / "pipeline.yaml").write_text(to_file(PIPELINE))
        seed = int(os.environ.get("WEIR_SEED", time.time_ns() % 1_000_000))
        print(f"WEIR_SEED={seed}")
        self.random = random.Random(seed)

    def begin(self):
        return harness.Run(self.folder, self.folder / "pipeline.yaml", environment={"WEIR_FOLDER": str(self.folder), "WEIR_MEMORY": f"{MEMORY}B", "WEIR_INTERVAL": "50ms"})

    def test_killed_at_random_moments_nothing_is_lost_or_out_of_order(self):
        kills, again = 0, 0
        out = resends.Lines(self.folder / "out.ndjson")
        checkpoint = self.folder / "state" / "crash" / "file.checkpoint"
        for _ in range(20 if harness.LONG else 6):
            life, before = resends.Life(self.events, checkpoint, out.count, MEMORY), out.count()
            run = self.begin()
            harness.wait_until(lambda: out.count() > before or not run.running(), 60, "output")
            time.sleep(self.random.uniform(0, 0.1))
            kills += run.running()
            run.kill()
            resent, allowed = life.end()
            print(f"written again: {resent} of at most {allowed}")
            self.assertLessEqual(resent, allowed)
            again += resent
        run = self.begin()
        self.assertEqual(run.wait(300), 0, run.log()[-2000:])
        verdict = self.judge()
        print(f"kills={kills} {verdict}")
        self.assertEqual(verdict.faults(), {})
        self.assertEqual(verdict.duplicates, again)
        self.assertGreater(kills, 0)

    def judge(self):
        """The file as a topic of one partition, each line under the key it would have had."""
        lines = (self.folder / "out.ndjson").read_bytes().splitlines()
        topic = (b"0\t0\t%s\t%s" % (str(json.loads(line)["mpid"]).encode(), line) for line in lines)
        verdict = oracle.judge_topic(self.events, topic, oracle.Verdict(), partitions=1)
        return oracle.judge_dead_letters(self.events, (self.folder / "dead.ndjson").read_bytes().splitlines(), verdict)


if __name__ == "__main__":
    unittest.main(verbosity=2)
