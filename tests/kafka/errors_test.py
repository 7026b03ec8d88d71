#!/usr/bin/env python3
"""Records a broker refuses, topics that come and go, producers that die: what happens to the rest."""
import json
import random
import re
import subprocess
import time

import harness
import kafka_wire
import oracle

PIPELINE = """
name: errors
source: {{type: file, path: {folder}/in.ndjson, follow: {follow}}}
sink:
  type: kafka
  topic: {topic}
  key: k
  config: {{bootstrap.servers: "{bootstrap}", {properties}}}
dead_letter: {dead_letter}
memory: {memory}
errors: {{retry_delay_max: 1s}}
"""


def line(number, size=100):
    """An event with a number, one of 50 keys, and about so many bytes that do not compress."""
    noise = random.Random(number).randbytes(size // 2).hex()
    return json.dumps({"n": number, "k": f"k{number % 50}", "noise": noise}, separators=(",", ":"))


class Errors(harness.BrokerTest):
    def begin(self, lines, topic, properties="linger.ms: 5", dead_letter=None, bootstrap=None, memory="64MiB",
              follow="false"):
        (self.folder / "in.ndjson").write_text("\n".join(lines) + "\n")
        dead_letter = dead_letter or f"{{type: file, path: {self.folder}/dead.ndjson}}"
        return self.start(PIPELINE.format(folder=self.folder, topic=topic, properties=properties, dead_letter=dead_letter, memory=memory, follow=follow,
                                          bootstrap=bootstrap or self.broker.bootstrap))

    def numbers(self, lines):
        """The numbers of the events by partition, in order; first occurrences of a key must ascend."""
        by_partition, seen, latest = {}, set(), {}
        for message in lines:
            partition, _, _, value = message.rstrip(b"\n").split(b"\t", 3)
            event = json.loads(value)
            if event["n"] not in seen:
                self.assertGreater(event["n"], latest.get(event.get("k"), -1), "an inversion")
                latest[event.get("k")] = event["n"]
            seen.add(event["n"])
            by_partition.setdefault(int(partition), []).append(event["n"])
        return by_partition

    def distinct(self, lines):
        return sorted({n for numbers in self.numbers(lines).values() for n in numbers})

    def once(self, lines):
        """As distinct, and nothing came twice."""
        numbers = [n for numbers in self.numbers(lines).values() for n in numbers]
        self.assertEqual(len(numbers), len(set(numbers)))
        return sorted(numbers)

    def dead(self):
        return [json.loads(letter) for letter in (self.folder / "dead.ndjson").read_text().splitlines()]

    def test_a_record_over_the_topics_limit_becomes_a_dead_letter(self):
        self.assert_large_ones_are_dead("small", "64MiB")

    def test_a_window_for_which_the_sink_makes_another_client_knows_the_limit_too(self):
        self.assert_large_ones_are_dead("narrow", "2MiB")

    def assert_large_ones_are_dead(self, topic, memory):
        self.broker.create_topic(topic, 3, max_message_bytes=20_000)
        lines = [line(n, 30_000 if n % 40 == 7 else 400) for n in range(400)]
        run = self.begin(lines, topic, memory=memory)
        self.assert_done(run, 60)
        large = {n for n in range(400) if n % 40 == 7}
        self.assertEqual(self.once(self.broker.lines(topic)), [n for n in range(400) if n not in large])
        self.assertEqual({json.loads(letter["value"])["n"] for letter in self.dead()}, large)
        self.assertEqual({letter["error"]["message"] for letter in self.dead()}, {"record too large"})
        self.assertEqual(run.books()["dead_lettered"], len(large))

    def test_a_batch_that_a_broker_refuses_is_searched_for_its_large_record(self):
        # The limit is lowered behind the sink's back: it asked when it started.
        self.broker.create_topic("shrunk", 1)
        lines = [line(n, 30_000 if n == 150 else 400) for n in range(300)]
        run = self.begin(lines[:1], "shrunk", "linger.ms: 1000, compression.type: none", follow="true")
        harness.wait_until(lambda: self.broker.count("shrunk", 1) == 1, 60, "the first message")
        kafka_wire.set_topic_config(self.broker.bootstrap, "shrunk", "max.message.bytes", 20_000)
        with open(self.folder / "in.ndjson", "a", encoding="utf-8") as file:
            file.write("\n".join(lines[1:]) + "\n")
        harness.wait_until(lambda: self.broker.count("shrunk", 1) >= 299 and self.dead(), 60, "the rest")
        run.terminate()
        self.assertEqual(run.wait(60), 0, run.log()[-3000:])
        self.assertEqual(self.distinct(self.broker.lines("shrunk")), [n for n in range(300) if n != 150])
        self.assertEqual([json.loads(letter["value"])["n"] for letter in self.dead()], [150])

    def test_a_compacted_topic_refuses_only_the_record_without_key(self):
        self.broker.create_topic("compacted", 1, cleanup_policy="compact")
        lines = [line(n) for n in range(200)]
        lines[77] = '{"n":77}'
        run = self.begin(lines, "compacted")
        self.assert_done(run, 60)
        self.assertEqual(self.distinct(self.broker.lines("compacted")), [n for n in range(200) if n != 77])
        self.assertEqual([json.loads(letter["value"])["n"] for letter in self.dead()], [77])
        self.assertIn("INVALID_RECORD", self.dead()[0]["error"]["message"])

    def test_dead_letters_in_a_topic_keep_what_they_were(self):
        self.broker.create_topic("good", 3, max_message_bytes=2_000)
        self.broker.create_topic("dead", 1)
        config = f'config: {{bootstrap.servers: "{self.broker.bootstrap}"}}'
        lines = [line(0), '{"n":1,"k":[]}', line(2, 3_000), line(3)]
        run = self.begin(lines, "good", dead_letter=f"{{type: kafka, topic: dead, {config}}}")
        self.assert_done(run, 60)
        self.assertEqual(self.once(self.broker.lines("good")), [0, 3])
        letters = [json.loads(letter) for letter in self.broker.lines("dead", "--json")]
        self.assertEqual([letter["value"] for letter in letters], lines[1:3])
        headers = [dict(letter["headers"]) for letter in letters]
        self.assertEqual(headers[0]["__weir.errors.message"], "the key is neither a text nor a number")
        self.assertEqual(headers[1]["__weir.errors.message"], "record too large")
        self.assertEqual(headers[1]["__weir.errors.code"], "E_DATA")

    def test_a_topic_deleted_and_made_again_under_load_costs_time_only(self):
        self.broker.create_topic("fleeting", 3)
        lines = [line(n, 1_000) for n in range(150_000)]
        run = self.begin(lines, "fleeting", memory="8MiB")
        harness.wait_until(lambda: (self.broker.count("fleeting", 3) or 0) > 5_000 or not run.running(), 30, "messages")
        self.assertTrue(run.running(), run.log()[-1000:])
        kafka_wire.delete_topic(self.broker.bootstrap, "fleeting")
        time.sleep(4)
        harness.wait_until(lambda: self.try_create("fleeting"), 30, "the topic's second life")
        self.assert_done(run, 180)
        # What the first topic had acknowledged is gone with it; from where the second begins nothing is missing, in no partition.
        for partition, numbers in self.numbers(self.broker.lines("fleeting")).items():
            first = min(numbers)
            self.assertLess(first, 140_000)
            owed = [n for n in range(first, 150_000) if oracle.partition_of(b"k%d" % (n % 50), 3) == partition]
            self.assertEqual(len(owed), len(set(numbers)), f"partition {partition}")

    def try_create(self, topic):
        try:
            self.broker.create_topic(topic, 3)
        except kafka_wire.Refused:
            return False
        return True

    def test_a_producer_that_dies_is_replaced_and_nothing_is_lost(self):
        """The mock cluster injects what a real broker cannot be made to say. It holds 5 MiB a partition: the load fits."""
        with subprocess.Popen([harness.BIN / "weir-broker", "--topics", "t:12", "--inject",
                               "produce:OUT_OF_ORDER_SEQUENCE_NUMBER@after=40", "--inject",
                               "produce:OUT_OF_ORDER_SEQUENCE_NUMBER@after=60"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as mock:
            self.addCleanup(mock.kill)
            bootstrap = mock.stdout.readline().strip()
            run = self.begin([line(n, 100) for n in range(50_000)], "t", "batch.num.messages: 200", bootstrap=bootstrap)
            self.assert_done(run, 60)
            self.assertEqual(len(re.findall("Delivery failed; starting over", run.log())), 2, run.log()[-2000:])
            done = subprocess.run([harness.BIN / "weir-consume", bootstrap, "t", "--until-end"], capture_output=True, check=True)
            mock.terminate()
        self.assertEqual(self.distinct(done.stdout.splitlines()), list(range(50_000)))


if __name__ == "__main__":
    harness.main()
