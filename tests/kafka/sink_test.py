#!/usr/bin/env python3
"""What the Kafka sink does beside delivering: headers, topics it makes, topics that get more partitions while it runs."""
import json
import os
import random
import re
import time

import harness
import kafka_wire
import oracle

PIPELINE = """
name: sink
source: {{type: file, path: {folder}/in.ndjson}}
sink:
  type: kafka
  topic: {topic}
  key: k
  {fields}
  config: {{bootstrap.servers: "{bootstrap}", {properties}}}
memory: {memory}
"""


def line(number, size=100):
    """An event with a number, one of 50 keys, and about so many bytes that do not compress."""
    noise = random.Random(number).randbytes(size // 2).hex()
    return json.dumps({"n": number, "k": f"k{number % 50}", "noise": noise}, separators=(",", ":"))


class Sink(harness.BrokerTest):
    def begin(self, lines, topic, fields="", properties="linger.ms: 5", memory="64MiB"):
        (self.folder / "in.ndjson").write_text("\n".join(lines) + "\n")
        return self.start(PIPELINE.format(folder=self.folder, topic=topic, fields=fields, properties=properties, memory=memory,
                                          bootstrap=self.broker.bootstrap), "--log-level", "debug")

    def test_headers_are_fixed_texts_and_fields_of_the_value(self):
        self.broker.create_topic("headed", 1)
        lines = ['{"n":0,"k":"a","tenant":{"id":"t-ä"},"ok":true}', '{"n":1,"k":"a","tenant":{"id":12345678901234567890}}',
                 '{"n":2,"k":"a","tenant":{"id":null}}']
        fields = 'headers: {schema: "2", tenant: {field: tenant.id}, ok: {field: ok}}'
        self.assert_done(self.begin(lines, "headed", fields), 60)
        messages = [json.loads(message) for message in self.broker.lines("headed", "--json")]
        self.assertEqual([message["value"] for message in messages], lines)
        self.assertEqual([message["headers"] for message in messages],
                         [[["schema", "2"], ["tenant", "t-ä"], ["ok", "true"]], [["schema", "2"], ["tenant", "12345678901234567890"]],
                          [["schema", "2"]]])

    def test_records_older_than_their_topic_keeps_any_are_told_of(self):
        """Kafka deletes by the records' own timestamps: what comes late, or again, may be gone before it is read."""
        five_hours, day = "18000000", "86400000"
        topics = {"five-hours": {"retention_ms": five_hours}, "a-day": {"retention_ms": day}, "for-ever": {"retention_ms": "-1"},
                  "compacted": {"retention_ms": five_hours, "cleanup_policy": "compact"},
                  "on-arrival": {"retention_ms": five_hours, "message_timestamp_type": "LogAppendTime"}}
        for topic, settings in topics.items():
            self.broker.create_topic(topic, 1, **settings)
        routes = ", ".join("{when: {field: k, equals: %s}, topic: %s}" % (topic, topic) for topic in topics)
        pipeline = PIPELINE.format(folder=self.folder, topic="five-hours", fields="", properties="", memory="64MiB",
                                   bootstrap=self.broker.bootstrap).replace("in.ndjson}", "in.ndjson, follow: true}").replace(
            "sink:", "transforms: [{type: date_from, field: ms}, {type: route, routes: [" + routes + "]}]\nsink:", 1)
        old = int(time.time() * 1000) - 8 * 3_600_000
        flowing = self.folder / "in.ndjson"
        flowing.touch()
        run = self.start(pipeline, "--plugins", os.environ["WEIR_TEST_PLUGINS"])

        def told_after_one_more_of_each():
            with open(flowing, "a") as out:
                out.writelines(json.dumps({"k": topic, "ms": old}) + "\n" for topic in topics)
            time.sleep(0.1)
            return re.findall(r"topic=(\S+) retention_ms=(\d+) age_ms=288\d{5} ", run.log())

        harness.wait_until(told_after_one_more_of_each, 30, "the warning")  # the topics' settings are asked for beside the records
        told = told_after_one_more_of_each()
        run.terminate()
        self.assert_done(run, 60)
        self.assertEqual(told, [("five-hours", five_hours)], run.log())

    def test_a_missing_topic_is_made_as_configured(self):
        fields = "create_topic: {partitions: 7, replication_factor: 1}"
        for _ in range(2):  # the second time it is there
            run = self.begin([line(n) for n in range(100)], "made", fields)
            self.assert_done(run, 60)
        self.assertEqual(run.log().count("Created the topic."), 1, run.log()[-2000:])
        self.assertEqual(len(kafka_wire.end_offsets(self.broker.bootstrap, "made", 7)), 7)
        with self.assertRaises(kafka_wire.Refused):
            kafka_wire.end_offsets(self.broker.bootstrap, "made", 8)
        self.assertEqual(self.broker.count("made", 7), 100)

    def test_a_topic_is_made_with_what_the_cluster_gives_when_nothing_is_said(self):
        self.assert_done(self.begin([line(0)], "plain", "create_topic: {}"), 60)
        self.assertEqual(self.broker.count("plain", 1), 1)  # num.partitions of this broker

    def test_a_topic_the_cluster_will_not_make_ends_the_start(self):
        run = self.begin([line(0)], "impossible", "create_topic: {replication_factor: 3}")
        self.assertEqual(run.wait(30), 1, run.log())
        self.assertIn("topic 'impossible' cannot be created", run.log())
        self.assertEqual(run.books()["state"], "failed")

    def test_a_topic_that_grows_under_load_loses_nothing_and_spreads_over_all(self):
        """Every key's records are in its old partition up to some event and in its new one from there on, each in order."""
        count, before, after = 120_000, 3, 7
        self.broker.create_topic("growing", before)
        run = self.begin([line(n, 1_000) for n in range(count)], "growing", properties="topic.metadata.refresh.interval.ms: 200",
                         memory="2MiB")
        harness.wait_until(lambda: (self.broker.count("growing", before) or 0) > 5_000 or not run.running(), 30, "messages")
        self.assertTrue(run.running(), run.log()[-1000:])
        kafka_wire.add_partitions(self.broker.bootstrap, "growing", after)
        self.assert_done(run, 120)
        self.assertIn("The topic has more partitions", run.log())
        seen, order = set(), {}
        for message in self.broker.lines("growing"):
            partition, _, key, value = message.rstrip(b"\n").split(b"\t", 3)
            number = json.loads(value)["n"]
            self.assertNotIn(number, seen)
            seen.add(number)
            order.setdefault(key, {}).setdefault(int(partition), []).append(number)
        self.assertEqual(len(seen), count)
        last_old, first_new = -1, count
        for key, by_partition in order.items():
            old, new = oracle.partition_of(key, before), oracle.partition_of(key, after)
            self.assertLessEqual(set(by_partition), {old, new}, key)
            for numbers in by_partition.values():
                self.assertEqual(numbers, sorted(numbers), key)
            if old == new:
                continue
            self.assertTrue(by_partition[new], key)
            self.assertLess(max(by_partition[old]), min(by_partition[new]), key)
            last_old, first_new = max(last_old, max(by_partition[old])), min(first_new, min(by_partition[new]))
        self.assertLess(last_old, first_new)  # one switch, for all keys
        self.assertLess(first_new, count - 1_000)

    def test_statistics_are_logged_at_debug(self):
        self.broker.create_topic("told", 1)
        run = self.begin([line(n, 1_000) for n in range(60_000)], "told", properties="statistics.interval.ms: 100", memory="2MiB")
        self.assert_done(run, 60)
        statistics = [text for text in run.log().splitlines() if "librdkafka statistics" in text]
        self.assertTrue(statistics)
        self.assertIn("told", statistics[-1])

    def test_a_topic_with_a_larger_limit_than_the_sinks_own_takes_larger_records(self):
        self.broker.create_topic("small", 1, max_message_bytes=20_000)
        self.broker.create_topic("large", 1, max_message_bytes=200_000)
        lines = [line(0, 400), line(1, 60_000)]
        text = PIPELINE.format(folder=self.folder, topic="small", fields="", properties="linger.ms: 5", memory="64MiB",
                               bootstrap=self.broker.bootstrap)
        text += "transforms: [{type: route, routes: [{when: {field: n, equals: 1}, topic: large}]}]\n"
        (self.folder / "in.ndjson").write_text("\n".join(lines) + "\n")
        self.assert_done(self.start(text), 60)
        self.assertEqual((self.broker.count("small", 1), self.broker.count("large", 1)), (1, 1))

    def test_a_topic_that_route_names_has_to_be_there(self):
        self.broker.create_topic("own", 1)
        text = PIPELINE.format(folder=self.folder, topic="own", fields="{fields}", properties="linger.ms: 5", memory="64MiB",
                               bootstrap=self.broker.bootstrap)
        text += "transforms: [{type: route, routes: [{when: {field: n, equals: 1}, topic: routed}]}]\n"
        (self.folder / "in.ndjson").write_text(line(0) + "\n" + line(1) + "\n")
        run = self.start(text.replace("{fields}", ""))
        self.assertEqual(run.wait(30), 1, run.log())
        self.assertIn("topic 'routed'", run.log())
        self.assertEqual(run.books()["delivered"], 0)
        self.assert_done(self.start(text.replace("{fields}", "create_topic: {partitions: 2}"), "--fresh"), 60)
        self.assertEqual((self.broker.count("own", 1), self.broker.count("routed", 2)), (1, 1))


if __name__ == "__main__":
    harness.main()
