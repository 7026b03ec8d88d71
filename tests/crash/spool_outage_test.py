#!/usr/bin/env python3
"""Thirty days in a minute: Kafka is away while a file is taken in, the worker is killed with SIGKILL, started again, and Kafka comes back.
What is in the topic then? Weir with a spool has to have lost nothing and put nothing out of order. At length Debian's rsyslog and
syslog-ng go through the same, each with a queue on disk and its safest settings; what they do is printed, not judged.

The table of docs/delivery.md comes from: WEIR_TEST_LENGTH=long python3 tests/crash/spool_outage_test.py
"""
import pathlib
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "kafka"))

import collectors  # noqa: E402
import harness  # noqa: E402
import oracle  # noqa: E402

EVENTS = 20_000
CONTROL = 100  # appended when all is back: does it still take anything?
STILL = 5  # seconds without a change: it does no more
MOST = 90  # seconds for what happens without Kafka
DRAINING = 600  # seconds: one that sends message by message may take long, and that is no loss
PIPELINE = """\
name: outage
source: {type: file, path: "${env:WEIR_EVENTS}", follow: true}
sink: {type: kafka, topic: "${env:WEIR_TOPIC}", config: {bootstrap.servers: "${env:WEIR_BOOTSTRAP}"}}
spool: {path: work/spool}
"""


def settled(value, seconds=STILL, most=MOST):
    """Waits until `value()` has not changed for so long, or for the most; returns it."""
    begin = since = time.monotonic()
    last = value()
    while time.monotonic() - since < seconds and time.monotonic() - begin < most:
        time.sleep(0.2)
        now = value()
        if now != last:
            last, since = now, time.monotonic()
    return last


class Weir:
    """As a Collector is one."""

    def __init__(self, name, folder, events, bootstrap, topic):
        self.name, self.folder = name, folder
        self.environment = {"WEIR_EVENTS": str(events), "WEIR_TOPIC": topic, "WEIR_BOOTSTRAP": bootstrap}
        folder.mkdir(parents=True)
        (folder / "outage.yaml").write_text(PIPELINE)
        self.run = None

    def start(self):
        self.run = harness.Run(self.folder, self.folder / "outage.yaml", environment=self.environment)

    def running(self):
        return self.run.running()

    def kill(self):
        self.run.kill()

    def terminate(self):
        self.run.terminate()
        self.run.wait(30)

    def spooled(self):
        return sum(file.stat().st_size for file in (self.folder / "work").rglob("*.seg"))

    def log(self):
        return self.run.log()


class Outage(harness.BrokerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.events = harness.generate(cls.home, EVENTS + CONTROL)
        cls.events.outcomes = ["keep"] * (EVENTS + CONTROL)  # nothing is filtered here

    def write(self, path, first, last):
        begin = self.events.ends[first - 1] if first else 0
        with open(path, "ab") as file:
            file.write(self.events.bytes[begin:self.events.ends[last - 1]])

    def judge(self, topic):
        """Without keys, in one partition: the order is that of the file."""
        return oracle.judge_topic(self.events, self.broker.lines(topic), oracle.Verdict(), partitions=1, is_redacted=lambda line: False)

    def carry(self, kind, name, topic):
        """The whole scene. Gives what arrived of the events, and of the control events."""
        file = self.folder / f"{topic}.ndjson"
        self.write(file, 0, EVENTS)
        self.broker.create_topic(topic, 1)
        self.broker.kill()
        worker = kind(name, self.folder / topic, file, self.broker.bootstrap, topic)
        try:
            worker.start()
            settled(worker.spooled)
            self.assertTrue(worker.running(), worker.log()[-2000:])
            worker.kill()
            worker.start()
            time.sleep(2)
            self.broker.start()
            settled(lambda: self.broker.count(topic, 1) or 0, 3 * STILL, DRAINING)
            self.write(file, EVENTS, EVENTS + CONTROL)
            settled(lambda: self.broker.count(topic, 1) or 0)
        finally:
            worker.terminate() if worker.running() else None
        return self.judge(topic), worker

    def show(self, name, verdict):
        print(f"| {name} | {EVENTS + CONTROL - verdict.lost:,} | {verdict.lost:,} | {verdict.duplicates:,} | {verdict.inversions:,} |", flush=True)

    def test_nothing_is_lost_or_out_of_order_when_the_worker_dies_in_an_outage(self):
        verdict, worker = self.carry(Weir, "Weir", "weir")
        self.show("Weir", verdict)
        faults = {name: count for name, count in verdict.faults().items() if name != "wrong_key"}
        self.assertEqual(faults, {}, worker.log()[-3000:])
        self.assertEqual(verdict.messages, EVENTS + CONTROL + verdict.duplicates)

    @unittest.skipUnless(harness.LONG, "at length only")
    def test_what_others_do_in_the_same_outage(self):
        print(collectors.fetched(), end="")
        for number, (name, kind) in enumerate(collectors.VARIANTS.items()):
            with self.subTest(name):
                verdict, worker = self.carry(kind, name, f"other{number}")
                self.show(name, verdict)
                self.assertGreater(verdict.messages, 0, worker.log()[-2000:])


if __name__ == "__main__":
    harness.main()
