#!/usr/bin/env python3
"""What a disk can do to a spool, and a user: syncs that fail, no room, short writes, flipped bytes, a clock that jumps, a second worker, a wrong
secret. What is acknowledged has to be durable; damage takes the block it lies in and nothing else; what is refused leaves every byte alone."""
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import unittest

import cut_disk
import spool_backlog
import spool_scene
from spool_scene import harness, spool_bytes

HERE = pathlib.Path(__file__).resolve().parent
EVENTS = 20_000
SMALL = ", max_bytes: 16MiB"  # segments are an eighth of it
SECRETS = ("the first secret of this spool", "another secret of this spool")
DAY = 24 * 3600  # seconds


def secret(folder, *lines):
    """A file of secrets beside the pipeline, and the key that names it."""
    (folder / "spool.key").write_text("\n".join(lines) + "\n")
    return ", encryption_secret: '${file:spool.key}'"


class SpoolTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = harness.scratch_folder("spool-faults")
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.events = spool_scene.generate(cls.home, EVENTS)
        cls.source = cls.home / "events.ndjson"

    def setUp(self):
        self.folder = self.home / self.id().rsplit(".", 1)[1]
        self.folder.mkdir()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def backlog(self, name="it", more="", source=None):
        return spool_backlog.Backlog(self.folder / name, self.events, source or self.source, more)

    def assert_drained(self, backlog, missing=()):
        """Everything but the missing numbers arrives once, in order, and the books say so."""
        code, run = backlog.drain()
        self.assertEqual(code, 0, run.log()[-3000:])
        missing = set(missing)
        self.assertEqual(backlog.arrived(), [number for number in range(EVENTS) if number not in missing])
        books = run.books()
        self.assertTrue(harness.balanced(books), books)
        self.assertEqual(books["backlog_end"], 0, books)
        return books, run


class Sync(SpoolTest):
    """What system calls may do that they rarely do."""

    def run_with_error(self, backlog, nth):
        """Fills a spool with the nth fdatasync of each thread failing. Gives the calls in order: (call, path, whether it failed)."""
        trace = self.folder / "trace"
        trace.unlink(missing_ok=True)
        run = backlog.begin(is_away=True, wrapper=["strace", "-D", "-f", "-qq", "-y", "-o", trace, "-e", "trace=fdatasync,unlink",
                                                   "-e", f"inject=fdatasync:error=EIO:when={nth}"])
        try:
            harness.wait_until(lambda: backlog.taken_in() >= EVENTS or not run.running(), 60, "all events in the spool")
            self.assertTrue(run.running(), run.log()[-3000:])
            run.terminate()
            self.assertEqual(run.wait(30), 0, run.log()[-3000:])
        finally:
            run.kill() if run.running() else None
        calls = []
        for line in trace.read_text().splitlines():
            if found := re.search(r'(fdatasync)\(\d+<([^>]*)>|(unlink)\("([^"]*)"', line):
                calls.append((found[1] or found[3], found[2] or found[4], "INJECTED" in line))
        return calls

    def assert_not_synced_again(self, calls):
        """Gives how many syncs of segments failed. A file that was removed and made again under its name is another one."""
        poisoned, failed = set(), 0
        for call, path, has_failed in calls:
            if call == "unlink":
                poisoned.discard(path)
                continue
            self.assertNotIn(path, poisoned, "a segment whose sync failed was synced again")
            if has_failed and path.endswith(".seg"):
                poisoned.add(path)
                failed += 1
        return failed

    def test_a_sync_that_fails_is_never_repeated_and_what_it_held_is_written_again(self):
        failed = 0
        for nth in (1, 3, 4, 5, 8):  # the second of who opens it is the state's
            with self.subTest(nth=nth):
                backlog = self.backlog(f"nth{nth}", SMALL)
                calls = self.run_with_error(backlog, nth)
                failed += self.assert_not_synced_again(calls)
                self.assert_drained_maybe_twice(backlog)
        self.assertGreaterEqual(failed, 2, "hardly a sync of a segment failed")

    def assert_drained_maybe_twice(self, backlog):
        """What was in the failed sync may be on the disk all the same: it may come twice, but not out of order."""
        code, run = backlog.drain()
        self.assertEqual(code, 0, run.log()[-3000:])
        first = list(dict.fromkeys(backlog.arrived()))
        self.assertEqual(first, list(range(EVENTS)))
        self.assertTrue(harness.balanced(run.books()), run.books())

    def test_short_and_interrupted_writes_change_nothing(self):
        library = self.folder / "short_writes.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, HERE / "short_writes.c", "-ldl"], check=True)
        backlog = self.backlog()
        backlog.fill({"LD_PRELOAD": str(library)})
        self.assert_drained(backlog)


@unittest.skipIf(cut_disk.why_not(), "needs root to mount")
class Room(SpoolTest):
    def test_a_full_disk_holds_the_source_back_and_room_lets_it_go_on(self):
        backlog = self.backlog()
        with spool_backlog.tmpfs(backlog.spool, 16 << 20) as disk:
            ballast = disk / "ballast"
            ballast.write_bytes(b"x" * (13 << 20))
            run = backlog.begin(is_away=True)
            try:
                harness.wait_until(lambda: "alarm=" in run.log() or not run.running(), 60, "an alarm")
                time.sleep(1)
                self.assertTrue(run.running(), run.log()[-3000:])
                held = backlog.taken_in()
                self.assertLess(held, EVENTS)
                self.assertGreater(held, 0)
                ballast.unlink()
                harness.wait_until(lambda: backlog.taken_in() >= EVENTS or not run.running(), 20, "the rest")
                run.terminate()
                self.assertEqual(run.wait(30), 0, run.log()[-3000:])
            finally:
                run.kill() if run.running() else None
            self.assert_drained(backlog)

    def test_killed_on_a_full_disk_it_starts_again_and_has_what_it_acknowledged(self):
        backlog = self.backlog()
        with spool_backlog.tmpfs(backlog.spool, 3 << 20):
            run = backlog.begin(is_away=True)
            try:
                harness.wait_until(lambda: "alarm=" in run.log() or not run.running(), 60, "an alarm")
                self.assertTrue(run.running(), run.log()[-3000:])
            finally:
                run.kill()
            # The sink is back, and with what it takes there is room again.
            code, run = backlog.drain()
            self.assertEqual(code, 0, run.log()[-3000:])
            self.assertEqual(list(dict.fromkeys(backlog.arrived())), list(range(EVENTS)))

    def test_max_bytes_holds_the_source_back_before_the_disk_is_full(self):
        backlog = self.backlog(more=", max_bytes: 2MiB")
        run = backlog.begin(is_away=True)
        try:
            harness.wait_until(lambda: "alarm=" in run.log() or not run.running(), 60, "an alarm")
            time.sleep(1)
            self.assertTrue(run.running(), run.log()[-3000:])
            self.assertLess(backlog.taken_in(), EVENTS)
            self.assertLessEqual(sum(file.stat().st_size for file in backlog.spool.glob("*.seg")), 2 << 20)
            run.terminate()
            self.assertEqual(run.wait(30), 0)
        finally:
            run.kill() if run.running() else None
        self.assert_drained(backlog)


class Flipped(SpoolTest):
    """One flipped byte in every kind of byte a spool has."""

    more = SMALL

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.home / "whole"
        folder.mkdir()
        cls.whole = spool_backlog.Backlog(folder, cls.events, cls.source, cls.keys(folder))
        cls.whole.fill()
        cls.segments = spool_bytes.segments(cls.whole.spool)
        assert len(cls.segments) >= 2 and cls.segments[0].is_sealed, cls.segments
        cls.first = cls.segments[0].blocks[0].first
        assert all(len(segment.blocks) >= 3 for segment in cls.segments[:1])

    @classmethod
    def keys(cls, folder):
        return cls.more

    def harmed(self, name, path, at, mask=0x40):
        backlog = self.whole.copy(self.folder / re.sub(r"\W", "_", name))
        spool_bytes.flip(backlog.spool / path, at, mask)
        return backlog

    def assert_loses(self, backlog, block):
        """Only the block's records are gone, counted, and its bytes lie in quarantine."""
        missing = range(block.first - self.first, block.end - self.first)
        books, run = self.assert_drained(backlog, missing)
        self.assertEqual(books["dropped"], block.count, books)
        self.assertIn("alarm=", run.log())
        self.assertEqual(len([file for file in (backlog.spool / "quarantine").iterdir() if file.stat().st_size > 0]), 1)

    def blocks(self):
        """Of a sealed segment: the first, one in the middle, the last; and the first of the last segment."""
        sealed, last = self.segments[0], self.segments[-1]
        return ((sealed, sealed.blocks[0]), (sealed, sealed.blocks[len(sealed.blocks) // 2]), (sealed, sealed.blocks[-1]), (last, last.blocks[0]))

    def test_a_byte_of_a_block_s_header(self):
        sealed = self.segments[0]
        block = sealed.blocks[len(sealed.blocks) // 2]
        for name, first, size in spool_bytes.BLOCK_FIELDS:
            for at in {first, first + size - 1}:
                with self.subTest(field=name, byte=at):
                    self.assert_loses(self.harmed(f"{name}{at}", sealed.path.name, block.at + at), block)

    def test_a_byte_of_a_payload_and_of_its_crc(self):
        for number, (segment, block) in enumerate(self.blocks()):
            for name, at in (("first byte", block.payload), ("middle", block.payload + block.stored // 2), ("last byte", block.trailer - 1), ("crc", block.trailer)):
                with self.subTest(block=number, byte=name):
                    self.assert_loses(self.harmed(f"{number}{name}", segment.path.name, at), block)

    def test_a_byte_of_a_segment_s_header_or_footer_or_of_one_state_slot_loses_nothing(self):
        sealed = self.segments[0]
        places = {"header, first copy": (sealed.path.name, 40), "header, second copy": (sealed.path.name, spool_bytes.SECTOR + 40), "magic": (sealed.path.name, 0),
                  "footer": (sealed.path.name, sealed.data_end + 20), "footer's end": (sealed.path.name, sealed.size - 1),
                  "slot A": ("state", spool_bytes.SLOTS[0] + 40), "slot B": ("state", spool_bytes.SLOTS[1] + 40)}
        for name, (path, at) in places.items():
            with self.subTest(name):
                books, _ = self.assert_drained(self.harmed(name, path, at))
                self.assertEqual(books["dropped"], 0)

    def test_both_state_slots_bad_is_refused_with_what_to_do(self):
        backlog = self.harmed("both", "state", spool_bytes.SLOTS[0] + 40)
        spool_bytes.flip(backlog.spool / "state", spool_bytes.SLOTS[1] + 40)
        before = spool_bytes.digest(backlog.spool)
        code, run = backlog.drain()
        self.assertEqual(code, 1, run.log()[-2000:])
        self.assertIn("weir spool repair", run.log())
        self.assertEqual(spool_bytes.digest(backlog.spool), before)


class FlippedEncrypted(Flipped):
    @classmethod
    def keys(cls, folder):
        return SMALL + secret(folder, SECRETS[0])


class Thirty(SpoolTest):
    """Thirty days, by the wall clock that later.c shows the worker."""

    def test_what_is_older_than_thirty_days_goes_counted_and_the_rest_arrives_once_in_order(self):
        library = self.folder / "later.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, HERE / "later.c", "-ldl"], check=True)

        def at(days):
            return {"LD_PRELOAD": str(library), "LATER_SECONDS": str(days * DAY)}

        parts = (5_000, 12_000, EVENTS)
        source = self.folder / "growing.ndjson"
        backlog = self.backlog(more=SMALL, source=source)
        begin = 0
        for day, end in zip((0, 15, 32), parts):
            with open(source, "ab") as file:
                file.write(self.events.bytes[self.events.ends[begin - 1] if begin else 0:self.events.ends[end - 1]])
            backlog.fill(at(day), upto=end)
            begin = end
        code, run = backlog.drain(at(32))
        self.assertEqual(code, 0, run.log()[-3000:])
        self.assertEqual(backlog.arrived(), list(range(parts[0], EVENTS)))
        books = run.books()
        self.assertTrue(harness.balanced(books), books)
        # Some may have expired while the last part came in: then that run has them in its books.
        expired = map(int, re.findall(r"The books of the pipeline\..*? expired=(\d+)", run.log()))
        self.assertEqual(sum(expired), parts[0])
        self.assertIn("alarm=", run.log(), "nobody was told")


class Refused(SpoolTest):
    """What is refused leaves every byte of the spool alone."""

    def setUp(self):
        super().setUp()
        (self.folder / "it").mkdir()
        self.it = self.backlog(more=SMALL + secret(self.folder / "it", SECRETS[0]))
        self.it.fill()
        self.before = spool_bytes.digest(self.it.spool)

    def assert_refused(self, backlog, code, *texts):
        got, run = backlog.drain()
        self.assertEqual(got, code, run.log()[-2000:])
        for text in texts:
            self.assertIn(text, run.log())
        self.assertEqual(spool_bytes.digest(self.it.spool), self.before)

    def test_a_wrong_secret_and_none(self):
        log = self.it.folder / "weir.log"
        log.unlink()
        (self.it.folder / "spool.key").write_text("not the secret it was\n")
        self.assert_refused(self.it, 1, "secret")
        log.unlink()
        self.it.more = SMALL
        self.assert_refused(self.it, 1, "secret")
        self.it.more = SMALL + secret(self.it.folder, SECRETS[0])
        self.assert_drained(self.it)

    def test_a_new_secret_before_the_old_one_opens_what_the_old_one_closed(self):
        secret(self.it.folder, SECRETS[1], SECRETS[0])
        self.assert_drained(self.it)

    def test_a_configuration_error(self):
        (self.it.folder / "weir.log").unlink()
        for more in (self.it.more + ", max_age: soon", self.it.more + ", no_such_key: 1"):
            self.it.more, kept = more, self.it.more
            self.assert_refused(self.it, 2, "backlog.yaml:4:")
            self.it.more = kept

    def test_another_worker_that_has_the_spool(self):
        with open(self.it.spool / "lock", "rb+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assert_refused(self.it, 1, "in use")
        self.assert_drained(self.it)

    def test_no_value_of_an_event_lies_in_an_encrypted_spool(self):
        for name, data in self.before.items():
            for text in (b"user_identities", b"example.com", b"message_id"):
                self.assertNotIn(text, data, name)


class Gone(SpoolTest):
    def test_a_spool_that_was_deleted_under_its_position_starts_anew_and_delivers(self):
        """The stored position is of another spool: it must not make the new one skip its records."""
        source = self.folder / "growing.ndjson"
        backlog = self.backlog(source=source)
        source.write_bytes(self.events.bytes[:self.events.ends[9_999]])
        code, run = backlog.drain()
        self.assertEqual(code, 0, run.log()[-2000:])
        self.assertEqual(backlog.arrived(), list(range(10_000)))
        shutil.rmtree(backlog.spool)
        with open(source, "ab") as file:
            file.write(self.events.bytes[self.events.ends[9_999]:])
        self.assert_drained(backlog)


if __name__ == "__main__":
    unittest.main(verbosity=2)
