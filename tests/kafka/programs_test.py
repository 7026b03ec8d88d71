#!/usr/bin/env python3
"""weir-broker and weir-consume as their users call them. No real broker needed."""
import json
import pathlib
import signal
import subprocess
import tempfile
import unittest

import harness

BROKER, CONSUME = harness.BIN / "weir-broker", harness.BIN / "weir-consume"


def call(*command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60, **options)


class WeirBroker(unittest.TestCase):
    def test_it_runs_a_command_and_ends_with_its_exit_code(self):
        done = call(BROKER, "--topics", "a:3", "--", "sh", "-c", "echo $WEIR_BOOTSTRAP; exit 7")
        self.assertEqual(done.returncode, 7)
        self.assertRegex(done.stdout, r"^127\.0\.0\.1:\d+\n$")
        self.assertIn("THIS IS NOT KAFKA", done.stderr)
        self.assertEqual(call(BROKER, "--", "sh", "-c", "kill -9 $$").returncode, 128 + 9)
        self.assertEqual(call(BROKER, "--", "/no/such/command").returncode, 127)
        self.assertEqual(call(BROKER, "--", "/").returncode, 126)

    def test_it_serves_until_it_is_told_to_end(self):
        for end in (signal.SIGTERM, signal.SIGINT):
            with subprocess.Popen([BROKER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
                self.assertRegex(process.stdout.readline(), r"^127\.0\.0\.1:\d+\n$")
                process.send_signal(end)
                self.assertEqual(process.wait(10), 0)

    def test_a_signal_reaches_the_command(self):
        script = "trap 'echo heard; exit 5' TERM; echo ready; while :; do sleep 0.05; done"
        with subprocess.Popen([BROKER, "--", "sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            self.assertEqual(process.stdout.readline(), "ready\n")
            process.terminate()
            self.assertEqual(process.stdout.readline(), "heard\n")
            self.assertEqual(process.wait(10), 5)

    def test_what_makes_no_sense_is_refused_with_exit_code_2(self):
        for arguments in (["--topics", "a:x"], ["--topics", ""], ["--topics", "a:0"], ["--brokers", "0"], ["--nonsense"],
                          ["--inject", "produce"], ["--inject", "produce:NO_SUCH_ERROR"], ["--inject", "bake:UNKNOWN"],
                          ["--inject", "produce:UNKNOWN@after=x"], ["--inject", "produce:UNKNOWN@later=1"]):
            done = call(BROKER, *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assertIn("--help", done.stderr)
        self.assertEqual(call(BROKER, "--help").returncode, 0)
        self.assertIn("librdkafka", call(BROKER, "--version").stdout)


class WeirConsume(unittest.TestCase):
    PIPELINE = """
name: fill
source: {type: file, path: FOLDER/in.ndjson}
sink: {type: kafka, topic: t, key: k, config: {bootstrap.servers: "${env:WEIR_BOOTSTRAP}"}}
"""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def fill(self, lines):
        """The command that puts these lines into the topic."""
        (self.folder / "in.ndjson").write_text("".join(line + "\n" for line in lines))
        (self.folder / "pipeline.yaml").write_text(self.PIPELINE.replace("FOLDER", str(self.folder)))
        return f"{harness.BIN}/weir run {self.folder}/pipeline.yaml --fresh --state {self.folder}/state 2>{self.folder}/log"

    def test_an_injected_error_reaches_clients(self):
        fault = ["--inject", "init_producer_id:CLUSTER_AUTHORIZATION_FAILED@times=9"]
        done = call(BROKER, "--topics", "t:3", *fault, "--", "sh", "-c", self.fill(['{"n":1}']))
        self.assertEqual(done.returncode, 1)
        self.assertIn("no right to write", (self.folder / "log").read_text())

    def consume(self, lines, *options):
        """What weir-consume says of a topic that holds these lines."""
        fill = self.fill(lines)
        command = f"{fill} || exit 9; {CONSUME} $WEIR_BOOTSTRAP t {' '.join(options)}"
        return call(BROKER, "--topics", "t:3", "--", "sh", "-c", command)

    def test_a_line_has_partition_offset_key_and_value(self):
        done = self.consume(['{"k":"a","n":1}', '{"k":"a","n":2}', '{"n":3}'], "--until-end")
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = sorted(line.split("\t") for line in done.stdout.splitlines())
        self.assertEqual(sorted(row[2:] for row in rows), [["", '{"n":3}'], ["a", '{"k":"a","n":1}'], ["a", '{"k":"a","n":2}']])
        self.assertEqual(len({row[0] for row in rows if row[2] == "a"}), 1)

    def test_json_tells_null_from_empty(self):
        done = self.consume(['{"n":3}', '{"k":"ü\\"","n":4}'], "--until-end", "--json")
        messages = sorted((json.loads(line) for line in done.stdout.splitlines()), key=lambda message: message["value"])
        self.assertEqual([message["key"] for message in messages], ['ü"', None])
        self.assertEqual([message["headers"] for message in messages], [[], []])

    def test_a_count_ends_it_and_waiting_in_vain_is_an_error(self):
        self.assertEqual(len(self.consume(['{"n":1}', '{"n":2}', '{"n":3}'], "--count", "2").stdout.splitlines()), 2)
        done = self.consume([], "--count", "5", "--timeout", "1", "; exit $?")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no message for 1 s", done.stderr)

    def test_every_topic_is_read_also_one_that_comes_later_and_sigterm_reads_to_the_ends(self):
        """The second topic is made by asking for it, once the reader of all is at work."""
        follow = f"{CONSUME} $WEIR_BOOTSTRAP '*' --json > {self.folder}/all & reader=$!; {self.fill(['{}'] * 3)}"
        seen = f"until [ $(wc -l < {self.folder}/all) -ge $1 ]; do sleep 0.05; done"
        later = f"sed -i 's/topic: t/topic: later/' {self.folder}/pipeline.yaml; {CONSUME} $WEIR_BOOTSTRAP later --until-end --config allow.auto.create.topics=true"
        again = f"{harness.BIN}/weir run {self.folder}/pipeline.yaml --fresh --state {self.folder}/state 2>{self.folder}/log"
        wait = f"wait_for() {{ {seen}; }}; {follow}; wait_for 3; {later}; {again}; {again}; kill -TERM $reader; wait $reader; echo $?"
        done = call(BROKER, "--topics", "t:3,empty:2", "--", "sh", "-c", wait)
        self.assertEqual(done.stdout.split(), ["0"], done.stderr)
        messages = [json.loads(line) for line in (self.folder / "all").read_text().splitlines()]
        self.assertEqual(sorted(message["topic"] for message in messages), ["later"] * 6 + ["t"] * 3)
        self.assertEqual(len({(message["topic"], message["partition"], message["offset"]) for message in messages}), 9)
        done = call(BROKER, "--topics", "empty:2", "--", "sh", "-c", f"{CONSUME} $WEIR_BOOTSTRAP '*' --json --until-end; echo $?")
        self.assertEqual(done.stdout, "0\n")
        self.assertEqual(call(CONSUME, "127.0.0.1:1", "*").returncode, 2)  # without --json nobody could tell topics apart

    def test_a_missing_topic_and_bad_usage_are_told_apart(self):
        self.assertEqual(call(BROKER, "--", "sh", "-c", f"{CONSUME} $WEIR_BOOTSTRAP nowhere --until-end").returncode, 1)
        for arguments in ([], ["only-one"], ["a", "b", "--count", "x"], ["a", "b", "--config", "nonsense"], ["a", "b", "--config", "no.such=1"]):
            self.assertEqual(call(CONSUME, *arguments).returncode, 2, arguments)
        done = call(CONSUME, "a", "b", "--config", "socket.timeout.ms=canary")
        self.assertNotIn("canary", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
