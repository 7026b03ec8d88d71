"""A pipeline from a file through a spool into a file, whose worker is killed again and again; what the kills make it do twice, and what design
3.5 allows. What is owed stays outside the process: the input file. Delivered segments are kept, so that all the spool ever took can be counted
from its bytes (tests/support/spool_bytes.py).

What comes twice has two reasons, each counted exactly after a kill: lines that lie in the spool behind the stored position of the source, and
records that were delivered behind the stored position of the spool. Of each as many as a task's memory holds are allowed, plus what became
durable after that position was written; of the latter no more than a second's worth, so that a pipeline that stores no positions fails.
"""
import bisect
import json
import pathlib
import shutil
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "kafka"))

import harness  # noqa: E402
import oracle  # noqa: E402
import resends  # noqa: E402
import spool_bytes  # noqa: E402

MEMORY = 8 << 20
PIPELINE = """\
name: crash
source: {{type: file, path: "{folder}/events.ndjson"}}
sink: {sink}
spool: {{path: "{folder}/spool", keep_delivered: 1d}}
memory: {memory}B
offsets: {{interval: 50ms}}
"""
# Nobody listens on port 1: Kafka is away.
AWAY = '{type: kafka, topic: events, config: {bootstrap.servers: "127.0.0.1:1"}}'


class Scene:
    """`lines`: the input's, of which `events` (oracle.Input) knows all."""

    def __init__(self, folder, events, source):
        self.folder, self.events = folder, events
        folder.mkdir(parents=True)
        (folder / "events.ndjson").symlink_to(source)
        self.out = resends.Lines(folder / "out.ndjson")
        self.state = folder / "state" / "crash"
        self.twice_spooled = self.twice_delivered = 0  # so far, for certain

    def write_pipeline(self, is_away):
        sink = AWAY if is_away else f'{{type: file, path: "{self.folder}/out.ndjson"}}'
        file = self.folder / "crash.yaml"
        file.write_text(PIPELINE.format(folder=self.folder, sink=sink, memory=MEMORY))
        return file

    def begin(self, is_away=False, environment=None, program="weir"):
        return harness.Run(self.folder, self.write_pipeline(is_away), environment=environment, program=program)

    def after_kill(self, sampler):
        """Counts what will come twice because of this kill. Gives (what, how many, allowed) for each reason."""
        killed = time.time()
        spool, out = spool_bytes.segments(self.folder / "spool"), self.out.count()
        blocks = [block for segment in spool for block in segment.blocks]
        spooled = sum(block.count for block in blocks)
        source, drain = self.state / "file.checkpoint", self.state / "spool.checkpoint"
        lines = bisect.bisect_right(self.events.ends, resends.stored_offset(source))
        settled = self.count_up_to(blocks, resends.stored_offset(drain))
        window = MEMORY // resends.EVENT_BYTES
        new_spooled = spooled - lines - self.twice_spooled
        new_delivered = out - settled - self.twice_delivered
        self.twice_spooled += new_spooled
        self.twice_delivered += new_delivered
        recent = sum(block.count for block in blocks if block.last_ms >= self.since(source, killed) * 1000)
        return (("spooled twice", new_spooled, window + recent),
                ("delivered twice", new_delivered, window + out - sampler.count_by(self.since(drain, killed))))

    @staticmethod
    def count_up_to(blocks, sequence):
        return sum(min(block.count, sequence - block.first + 1) for block in blocks if block.first <= sequence)

    @staticmethod
    def since(checkpoint, killed):
        written = checkpoint.stat().st_mtime if checkpoint.exists() else 0
        return max(written - resends.WRITING, killed - resends.OLDEST)

    def verdict(self):
        """The file as a topic of one partition: nothing is filtered or changed."""
        lines = (self.folder / "out.ndjson").read_bytes().splitlines()
        topic = (b"0\t0\t%s\t%s" % (str(json.loads(line)["mpid"]).encode(), line) for line in lines)
        return oracle.judge_topic(self.events, topic, oracle.Verdict(), partitions=1, is_redacted=lambda line: False)

    def remove(self):
        shutil.rmtree(self.folder)


class Sampler:
    """Looks at a count all the time."""

    def __init__(self, count):
        self.count = count
        self.samples = [(time.time(), count())]
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.sample, daemon=True)
        self.thread.start()

    def sample(self):
        while not self.over.wait(0.01):
            self.samples.append((time.time(), self.count()))

    def end(self):
        self.over.set()
        self.thread.join()

    def count_by(self, moment):
        return max((count for when, count in self.samples if when <= moment), default=self.samples[0][1])


def generate(folder, count):
    """Events of which each has to arrive."""
    events = harness.generate(folder, count)
    events.outcomes = ["keep"] * count
    return events
