"""What a kill makes a pipeline send again, counted for each life of the worker, and what design 3.5 allows: what was in flight plus
what settled since the last checkpoint.

Counted: what the life delivered, less the events between the positions stored at its start and at its end. All that will come twice,
and nothing else, so over all lives the sum is the number of duplicates.
Allowed: as many events as `memory` holds, plus what was delivered after the last checkpoint was written, seen in samples that a thread
takes; of the latter no more than a second's worth, so that a pipeline that stores no checkpoints fails.
"""
import bisect
import struct
import threading
import time

EVENT_BYTES = 1_000  # at least: with it a window of so many bytes holds at most bytes / EVENT_BYTES events
WRITING = 0.1  # seconds a checkpoint may lie between its positions and its file's time
OLDEST = 1.0  # seconds: an interval, and time to write on a busy machine


def positions_of(checkpoint):
    """Partitions and offsets of a checkpoint (docs/checkpoint-format.md); empty without one."""
    if not checkpoint.exists():
        return {}
    data, at = checkpoint.read_bytes(), 20

    def text():
        nonlocal at
        size, = struct.unpack_from("<I", data, at)
        at += 4 + size
        return data[at - size:at]

    return {text(): text() for _ in range(struct.unpack_from("<I", data, 16)[0])}


def stored_offset(checkpoint):
    """Of the only file in a checkpoint; 0 without one. Partitions with "//" tell which file it is."""
    offsets = [int(offset) for partition, offset in positions_of(checkpoint).items() if b"//" not in partition]
    assert len(offsets) <= 1, offsets
    return offsets[0] if offsets else 0


class Life:
    """One life of the worker, from just before its start. `count`: what has been delivered so far, or None while that is unknown."""

    def __init__(self, events, checkpoint, count, memory):
        self.events, self.checkpoint, self.count, self.memory = events, checkpoint, count, memory
        self.first_line = self.stored_line()
        self.before = count()
        self.samples = [(time.time(), self.before)]
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.sample, daemon=True)
        self.thread.start()

    def stored_line(self):
        return bisect.bisect_right(self.events.ends, stored_offset(self.checkpoint))

    def sample(self):
        while not self.over.wait(0.01):
            delivered = self.count()
            if delivered is not None:
                self.samples.append((time.time(), delivered))

    def delivered_by(self, moment):
        return max((delivered for when, delivered in self.samples if when <= moment), default=self.before)

    def end(self):
        """After the kill. Returns how much will come again, and how much may."""
        killed = time.time()
        self.over.set()
        self.thread.join()
        after = self.settled_count()
        settled = self.events.outcomes[self.first_line:self.stored_line()].count("keep")
        stored = self.checkpoint.stat().st_mtime if self.checkpoint.exists() else 0
        since = max(stored - WRITING, killed - OLDEST)
        return after - self.before - settled, self.memory // EVENT_BYTES + after - self.delivered_by(since)

    def settled_count(self):
        """What the dead worker had sent may still be on its way."""
        latest = None
        while (now := self.count()) is None or now != latest:
            latest = now
            time.sleep(0.2)
        return latest


class Lines:
    """Counts the whole lines of a file that grows."""

    def __init__(self, path):
        self.path, self.at, self.lines, self.lock = path, 0, 0, threading.Lock()

    def count(self):
        with self.lock:
            if self.path.exists():
                with open(self.path, "rb") as file:
                    file.seek(self.at)
                    new = file.read()
                self.at += new.rfind(b"\n") + 1
                self.lines += new.count(b"\n")
            return self.lines
