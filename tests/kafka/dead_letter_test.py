#!/usr/bin/env python3
"""Dead letters in Kafka: too large for their topic, and a broker that does not answer."""
import json
import os
import pathlib
import stat
import subprocess
import time

import harness
import kafka_wire

PIPELINE = """
name: letters
source: {{type: file, path: {folder}/in.ndjson, follow: {follow}}}
transforms: {transforms}
sink: {{type: {sink}}}
dead_letter: {dead_letter}
memory: 8MiB
"""
BAD = "[{type: set, field: n.through, value: 1}]"  # n is a number: every record is bad


def line(number, size=100):
    return json.dumps({"n": number, "person": "canary-%d" % number, "noise": "x" * size}, separators=(",", ":"))


class DeadLetters(harness.BrokerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = harness.Broker(cls.home / "other")  # the one that will not answer
        cls.addClassCleanup(cls.other.kill)

    def kafka(self, topic, broker=None, properties="linger.ms: 5"):
        return f'{{type: kafka, topic: {topic}, config: {{bootstrap.servers: "{(broker or self.broker).bootstrap}", {properties}}}}}'

    def begin(self, lines, dead_letter, *options, transforms=BAD, sink="discard", follow="false"):
        (self.folder / "in.ndjson").write_text("".join(text + "\n" for text in lines))
        return self.start(PIPELINE.format(folder=self.folder, transforms=transforms, sink=sink, follow=follow, dead_letter=dead_letter), *options)

    def overflow(self):
        return self.folder / "state" / "letters" / "dead-letters-overflow.ndjson"

    def test_a_dead_letter_too_large_for_its_topic_is_kept_beside_the_state(self):
        self.broker.create_topic("dead", 1, max_message_bytes=5_000)
        lines = [line(n, 9_000 if n % 10 == 3 else 100) for n in range(200)]
        run = self.begin(lines, self.kafka("dead"))
        self.assert_done(run, 60)
        self.assertEqual(run.books()["dead_lettered"], 200)
        self.assertIn("alarm=dead_letter_overflow", run.log())
        self.assertIn("records=20", run.log())
        self.assertEqual(stat.S_IMODE(self.overflow().stat().st_mode), 0o600)
        in_topic = [json.loads(message) for message in self.broker.lines("dead", "--json")]
        self.assertEqual(sorted(json.loads(message["value"])["n"] for message in in_topic), [n for n in range(200) if n % 10 != 3])
        for message in in_topic:
            self.assertEqual(dict(message["headers"])["__weir.errors.transform"], "set")

        # The same records in a file of dead letters: line by line the same.
        kept = self.overflow().read_text().splitlines()
        again = self.begin([lines[n] for n in range(200)], f"{{type: file, path: {self.folder}/dead.ndjson}}", "--fresh")
        self.assert_done(again, 60)
        letters = (self.folder / "dead.ndjson").read_text().splitlines()
        self.assertEqual(kept, [letter for letter in letters if len(letter) > 9_000])

    def test_a_missing_topic_of_dead_letters_is_made_or_ends_the_start(self):
        run = self.begin([line(0)], self.kafka("unmade"))
        self.assertEqual(run.wait(30), 1, run.log())
        self.assertIn("dead letter sink failed: sink 'kafka': topic 'unmade'", run.books()["error"])
        made = self.kafka("unmade").replace("{type: kafka,", "{type: kafka, create_topic: {partitions: 2},")
        self.assert_done(self.begin([line(0)], made), 60)
        self.assertEqual(self.broker.count("unmade", 2), 1)

    def test_a_limit_that_is_lowered_while_it_runs_ends_in_the_overflow_too(self):
        self.broker.create_topic("lowered", 1)
        lines = [line(n, 9_000 if n == 150 else 100) for n in range(300)]
        run = self.begin(lines[:1], self.kafka("lowered", properties="linger.ms: 1000, compression.type: none"), follow="true")
        harness.wait_until(lambda: self.broker.count("lowered", 1) == 1, 60, "the first dead letter")
        kafka_wire.set_topic_config(self.broker.bootstrap, "lowered", "max.message.bytes", 5_000)
        with open(self.folder / "in.ndjson", "a", encoding="utf-8") as file:
            file.write("".join(text + "\n" for text in lines[1:]))
        harness.wait_until(lambda: self.broker.count("lowered", 1) >= 299 and self.overflow().exists(), 60, "the rest")
        run.terminate()
        self.assertEqual(run.wait(60), 0, run.log()[-3000:])
        self.assertEqual([json.loads(json.loads(text)["value"])["n"] for text in self.overflow().read_text().splitlines()], [150])
        found = {json.loads(json.loads(message)["value"])["n"] for message in self.broker.lines("lowered", "--json")}
        self.assertEqual(found, set(range(300)) - {150})

    def test_in_a_pipeline_that_protects_people_the_overflow_holds_no_payload(self):
        # Without payload a dead letter is small: only a topic that takes next to nothing refuses it.
        self.broker.create_topic("tiny", 1, max_message_bytes=100)
        transforms = "[{type: redact, rules: [{field: n.through, action: remove}]}, {type: set, field: n.through, value: 1}]"
        run = self.begin([line(n) for n in range(10)], self.kafka("tiny"), transforms=transforms)
        self.assert_done(run, 60)
        kept = [json.loads(text) for text in self.overflow().read_text().splitlines()]
        self.assertEqual(len(kept), 10)
        for letter in kept:
            self.assertEqual(set(letter), {"error", "position"})
        self.assertNotIn("canary", self.overflow().read_text() + run.log())

    def test_encrypted_dead_letters_hold_nothing_that_can_be_read_and_too_large_ones_neither(self):
        self.broker.create_topic("closed", 1, max_message_bytes=5_000)
        (self.folder / "letters.key").write_text("a secret that opens dead letters")
        lines = [line(n, 9_000 if n == 3 else 100) for n in range(10)]
        sink = self.kafka("closed").replace("{type: kafka,", '{type: kafka, payload: encrypted, encryption_secret: "${file:letters.key}",')
        run = self.begin(lines, sink, transforms="[{type: redact, rules: [{field: n.through, action: remove}]}, {type: set, field: n.through, value: 1}]")
        self.assert_done(run, 60)
        self.assertEqual(run.books()["dead_lettered"], 10)
        messages = [json.loads(message) for message in self.broker.lines("closed", "--json")]
        self.assertEqual(len(messages), 9)
        for message in messages:
            self.assertEqual(dict(message["headers"])["__weir.errors.payload"], "encrypted")
            self.assertIsNone(message.get("key"))
            self.assertIn("weir_encrypted", json.loads(message["value"]))
        kept = self.overflow().read_text()
        for text in (json.dumps(messages), kept, run.log()):
            self.assertNotIn("canary", text)
        shown = subprocess.run([harness.BIN / "weir", "dlq", "show", self.overflow(), "1", "--secret-file", self.folder / "letters.key"],
                               capture_output=True, text=True, timeout=60, check=True).stdout
        self.assertEqual(json.loads(shown)["value"], lines[3])

    def test_replayed_records_arrive_under_their_key_and_in_order(self):
        people, each = 40, 50
        self.broker.create_topic("mended", 6)
        lines = [json.dumps({"n": n, "person": f"p{n % people}", "email": f"canary-{n}"}, separators=(",", ":")) for n in range(people * each)]
        (self.folder / "letters.key").write_text("a secret that opens dead letters")
        dead = f'{{type: file, path: {self.folder}/dead.ndjson, payload: encrypted, encryption_secret: "${{file:letters.key}}"}}'
        run = self.begin(lines, dead, transforms="[{type: redact, rules: [{field: email, action: remove}]}, {type: set, field: n.through, value: 1}]")
        self.assert_done(run, 60)
        self.assertEqual(run.books()["dead_lettered"], len(lines))

        mended = self.folder / "mended.yaml"
        sink = self.kafka("mended").replace("topic: mended", "topic: mended, key: person")
        mended.write_text(PIPELINE.format(folder=self.folder, transforms="[{type: redact, rules: [{field: email, action: remove}]}]", sink="discard", follow="false",
                                          dead_letter=dead).replace("sink: {type: discard}", f"sink: {sink}"))
        command = [harness.BIN / "weir", "dlq", "replay", mended, "--state", self.folder / "state"]
        # Killed on the way, it goes on where it was: what was sent and not noted comes twice.
        killed = subprocess.Popen([*command, "--rate", "1500"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        harness.wait_until(lambda: (self.broker.count("mended", 6) or 0) > 300, 60, "the first records")
        killed.kill()
        killed.wait()
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        again = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
        self.assertIn(" 0  replayed", again)

        messages = [json.loads(message) for message in self.broker.lines("mended", "--json")]
        seen = {}
        for message in messages:
            record = json.loads(message["value"])
            self.assertEqual(message["key"], record["person"])
            self.assertNotIn("email", record)
            seen.setdefault((record["person"], message["partition"]), []).append(record["n"])
        self.assertEqual(len(seen), people, "each person in one partition")
        for (person, _), numbers in seen.items():
            first_seen = list(dict.fromkeys(numbers))
            self.assertEqual(first_seen, list(range(int(person[1:]), people * each, people)))

    def test_a_torn_last_line_of_the_overflow_is_cut_and_an_unwritable_one_fails_the_pipeline(self):
        self.broker.create_topic("small", 1, max_message_bytes=1_000)
        self.overflow().parent.mkdir(parents=True)
        self.overflow().write_text('{"whole":1}\n{"torn')
        self.assert_done(self.begin([line(0, 5_000)], self.kafka("small")), 60)
        first, second = self.overflow().read_text().splitlines()
        self.assertEqual((first, json.loads(json.loads(second)["value"])["n"]), ('{"whole":1}', 0))

        self.overflow().unlink()
        self.overflow().symlink_to("/dev/full")
        run = self.begin([line(0, 5_000)], self.kafka("small"), "--fresh")
        self.assertEqual(run.wait(30), 1, run.log())
        self.assertIn("dead-letters-overflow.ndjson", run.books()["error"])
        self.assertEqual((run.books()["dead_lettered"], run.books()["in_flight"]), (0, 1))

    def test_a_dead_letter_broker_that_stands_still_stops_the_polling_and_not_more(self):
        self.other.create_topic("stalled", 1)
        count = 60_000
        run = self.begin([line(n, 1_000) for n in range(count)], self.kafka("stalled", self.other), "--log-level", "debug")
        harness.wait_until(lambda: (self.other.count("stalled", 1) or 0) > 2_000 or not run.running(), 30, "dead letters")
        self.assertTrue(run.running(), run.log()[-1000:])
        self.other.freeze()
        try:
            time.sleep(3)  # what was on its way
            memory, read = self.resident(run), self.offset_read(run)
            time.sleep(6)
            self.assertEqual(self.offset_read(run), read)
            self.assertLess(read, (self.folder / "in.ndjson").stat().st_size)
            self.assertLess(self.resident(run) - memory, 1 << 20)
            self.assertTrue(run.running())
        finally:
            self.other.thaw()
        self.assert_done(run, 120)
        self.assertEqual(run.books()["dead_lettered"], count)
        numbers = {json.loads(json.loads(message)["value"])["n"] for message in self.other.lines("stalled", "--json")}
        self.assertEqual(numbers, set(range(count)))

    @staticmethod
    def resident(run):
        pages = int(pathlib.Path(f"/proc/{run.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def offset_read(self, run):
        """How far the program has read its input."""
        folder = pathlib.Path(f"/proc/{run.process.pid}")
        for descriptor in (folder / "fd").iterdir():
            if os.readlink(descriptor) == str(self.folder / "in.ndjson"):
                return int((folder / "fdinfo" / descriptor.name).read_text().split()[1])
        raise AssertionError("the program does not hold its input open")


if __name__ == "__main__":
    harness.main()
