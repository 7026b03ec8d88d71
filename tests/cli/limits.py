"""P9: memory is bounded whatever the input; disk full stops before it loses."""
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from weir_process import WEIR, WeirTest, balanced  # noqa: E402

MEGABYTE = 1 << 20


class BoundedMemory(WeirTest):
    LIMIT = 640 * MEGABYTE  # of address space: libraries and thread stacks take about half

    def limited(self):
        return ("prlimit", f"--as={self.LIMIT}")

    def test_a_line_of_a_gigabyte_is_skipped(self):
        path = self.folder / "in.ndjson"
        with open(path, "wb") as file:
            file.write(b'{"a":1}\n{"big":"')
            for _ in range(1024):
                file.write(b"x" * MEGABYTE)
            file.write(b'"}\n{"a":2}\n')
        done, ledger = self.run_pipeline("""
name: long-line
source: {type: file, path: in.ndjson, max_line_bytes: 1GiB}
sink: {type: file, path: out.ndjson}
dead_letter: {type: file, path: bad.ndjson}
""", prefix=self.limited(), timeout=300)
        self.assert_exit(done, 0)
        self.assertEqual((ledger["delivered"], ledger["dead_lettered"]), (2, 1))

    def test_records_of_ten_megabytes_pass(self):
        record = b'{"keep":true,"ssn":"1","big":"' + b"y" * (10 * MEGABYTE) + b'"}'
        self.write("in.ndjson", (record + b"\n") * 8)
        done, ledger = self.run_pipeline("""
name: big
source: {type: file, path: in.ndjson, max_line_bytes: 15MiB}
transforms: [{type: remove, fields: [ssn]}]
sink: {type: file, path: out.ndjson}
dead_letter: {type: file, path: bad.ndjson}
""", prefix=self.limited(), timeout=300)
        self.assert_exit(done, 0)
        self.assertEqual((ledger["delivered"], ledger["dead_lettered"]), (8, 0))
        self.assertEqual(self.read("out.ndjson").splitlines()[0], record.replace(b'"ssn":"1",', b""))

    def test_the_least_memory_that_is_allowed_is_enough(self):
        lines = [json.dumps({"n": n, "pad": "p" * size}).encode()
                 for n, size in enumerate((0, 16_000, 20_000, 300_000, 5_000, 70_000, 1) * 30)]
        self.write("in.ndjson", b"".join(line + b"\n" for line in lines))
        small = [line for line in lines if len(line) <= 16 * 1024]
        done, ledger = self.run_pipeline("""
name: least
memory: 64KiB
source: {type: file, path: in.ndjson}
sink: {type: file, path: out.ndjson}
dead_letter: {type: file, path: bad.ndjson}
""")
        self.assert_exit(done, 0)
        self.assertEqual(self.read("out.ndjson").splitlines(), small)
        self.assertEqual(ledger["dead_lettered"], len(lines) - len(small))

    def test_tasks_share_the_least_memory(self):
        done, ledger = self.run_pipeline("""
name: shared
memory: 64KiB
tasks_max: 3
source: {type: generate, count: 5000}
sink: {type: file, path: generated.ndjson}
""")
        self.assert_exit(done, 0)
        self.assertEqual(len(set(self.read("generated.ndjson").splitlines())), 5000)

    def test_a_sink_that_stands_still_stops_the_source(self):
        """Standard output is a pipe that nobody reads: the window fills up to `memory`, no further."""
        self.write("in.ndjson", (json.dumps({"n": 1, "pad": "z" * 1000}) + "\n") * 200_000)
        self.write("pipeline.yaml", """
name: stalled
source: {type: file, path: in.ndjson}
transforms: [{type: set, field: seen, value: true}]
sink: {type: stdout}
memory: 16MiB
""")
        process = self.start("run", "pipeline.yaml", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        import time

        time.sleep(3)
        with open(f"/proc/{process.pid}/status") as status:
            peak = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
        self.assertLess(peak, 96, "MB resident, with memory: 16MiB")
        self.assertIsNone(process.poll())
        out, _ = process.communicate(timeout=120)
        self.assertEqual((process.returncode, out.count(b"\n")), (0, 200_000))


@unittest.skipIf(os.geteuid() != 0, "needs root, to mount a small disk")
class DiskFull(WeirTest):
    """A tmpfs of 1 MB stands for the full disk, in a mount namespace of the test's own."""

    OWN_MOUNTS = ("unshare", "-m", "--propagation", "unchanged")  # in a chroot the root is no mount whose propagation could change

    YAML = """
name: full
source: {type: file, path: in.ndjson}
transforms: [{type: filter, drop_when: {field: drop, equals: true}}]
sink: {type: file, path: %s}
dead_letter: {type: file, path: %s}
offsets: {interval: 10ms}
"""

    def run_on_small_disk(self, yaml, state="state", size="1m"):
        self.write("pipeline.yaml", yaml)
        (self.folder / "small").mkdir()
        script = f"mount -t tmpfs -o size={size} none small && {WEIR} run pipeline.yaml --state {state} --report report.json; code=$?; cp -r small kept; umount small; exit $code"
        return subprocess.run([*self.OWN_MOUNTS, "sh", "-c", script], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)

    def resume(self):
        """After the disk has room again: the same state, on an ordinary folder."""
        os.rmdir(self.folder / "small")
        os.rename(self.folder / "kept", self.folder / "small")
        return self.weir("run", "pipeline.yaml", "--state", "state", "--report", "report.json")

    def test_a_full_output_stops_and_nothing_is_lost(self):
        lines = [json.dumps({"n": n, "pad": "p" * 500}) for n in range(5000)]
        self.write("in.ndjson", "\n".join(lines) + "\n")
        done = self.run_on_small_disk(self.YAML % ("small/out.ndjson", "bad.ndjson"))
        self.assert_exit(done, 1)
        self.assert_says(done, "small/out.ndjson")
        self.assert_exit(self.resume(), 0)
        self.assertEqual({json.loads(line)["n"] for line in self.read("small/out.ndjson").splitlines()}, set(range(5000)))

    def test_a_full_dead_letter_disk_stops_and_nothing_is_lost(self):
        self.write("in.ndjson", "".join(f"broken {n} {'b' * 500}\n" for n in range(5000)))
        done = self.run_on_small_disk(self.YAML % ("out.ndjson", "small/bad.ndjson"))
        self.assert_exit(done, 1)
        self.assert_says(done, "small/bad.ndjson")
        self.assert_exit(self.resume(), 0)
        self.assertEqual({int(json.loads(line)["value"].split()[1]) for line in self.read("small/bad.ndjson").splitlines()}, set(range(5000)))

    def test_a_full_state_disk_stops_before_it_loses(self):
        self.write("in.ndjson", "".join(json.dumps({"n": n}) + "\n" for n in range(1000)))
        self.write("pipeline.yaml", self.YAML % ("out.ndjson", "bad.ndjson"))
        script = f"mkdir state && mount -t tmpfs -o size=64k none state && head -c 200k /dev/zero > state/filler; {WEIR} run pipeline.yaml --state state --report report.json; code=$?; umount state; exit $code"
        done = subprocess.run([*self.OWN_MOUNTS, "sh", "-c", script], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        self.assert_exit(done, 1)
        self.assert_says(done, "No space left")


if __name__ == "__main__":
    unittest.main(verbosity=2)
