"""The two brokers, each in a process of its own. A run gets a topic of its own: nothing an earlier one left is in its way."""
import contextlib
import itertools
import os
import signal
import subprocess

from . import places
from .process import Failed

PARTITIONS = 12


class Topic:
    """A topic to write to, and the process that serves it."""

    def __init__(self, bootstrap, name, pid):
        self.bootstrap, self.name, self.pid = bootstrap, name, pid

    def count(self):
        """The messages it ever took; 0 while that cannot be known."""
        import kafka_wire
        try:
            return sum(kafka_wire.end_offsets(self.bootstrap, self.name, PARTITIONS).values())
        except (OSError, kafka_wire.Refused):
            return 0

    @contextlib.contextmanager
    def frozen(self):
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)


class MockBroker:
    """librdkafka's mock cluster, a new one for each topic: it keeps the last 5 MiB of a partition for ever."""
    name = "mock"
    compiles_itself = False
    fetch_wait_ms = 2  # it answers a waiting consumer when the wait is over, not when something comes

    @contextlib.contextmanager
    def topic(self):
        process = subprocess.Popen([places.BROKER, "--topics", f"bench:{PARTITIONS}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   text=True)
        try:
            yield Topic(process.stdout.readline().strip(), "bench", process.pid)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


class RealBroker:
    """Apache Kafka (tests/kafka/broker), compiled by its JVM at full strength. Started for the first topic."""
    name = "real"
    compiles_itself = True  # what serves the first million messages takes three times the CPU of what serves the tenth
    fetch_wait_ms = 500
    flags = ("--jvm", "-XX:TieredStopAtLevel=4", "--set", "log.segment.delete.delay.ms=1000")

    def __init__(self, folder):
        self.folder, self.numbers, self.broker = folder, itertools.count(), None

    def start(self):
        import harness
        if not harness.Broker.available():
            raise Failed("this machine cannot have a real broker; --mock leaves it out")
        self.broker = harness.Broker(self.folder, *self.flags)

    @contextlib.contextmanager
    def topic(self):
        import kafka_wire
        if not self.broker:
            self.start()
        name = f"bench-{next(self.numbers)}"
        self.broker.create_topic(name, PARTITIONS)
        try:
            yield Topic(self.broker.bootstrap, name, int(self.broker.facts["pid"]))
        finally:
            kafka_wire.delete_topic(self.broker.bootstrap, name)

    def end(self):
        if self.broker:
            self.broker.kill()


@contextlib.contextmanager
def running(kinds, folder):
    """The brokers of these kinds, the mock one first."""
    real = RealBroker(folder / "broker")
    try:
        yield [broker for broker in (MockBroker(), real) if broker.name in kinds]
    finally:
        real.end()
