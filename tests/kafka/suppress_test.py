#!/usr/bin/env python3
"""Deletion handling into a real compacted topic: lists that change under load, and tombstones that delete what was there."""
import json
import re
import time

import harness  # first: it says where the next two are
import deleted_people
import oracle
from deleted_people import entries

PARTITIONS = 3
PIPELINE = """
name: people
source: {{type: file, path: {folder}/in.ndjson, follow: true}}
transforms:""" + deleted_people.TRANSFORM + """
sink:
  type: kafka
  topic: {topic}
  key: mpid
  config: {{bootstrap.servers: "{bootstrap}", linger.ms: 5}}
"""

# Lists one after the other; none holds the one before.
FIRST, SECOND, THIRD = range(0, 10), range(5, 30), range(20, 48)


class Suppression(harness.BrokerTest):
    broker_options = ("--set", "log.cleaner.backoff.ms=200", "--set", "log.cleaner.min.compaction.lag.ms=0")

    def begin(self, topic, **settings):
        self.topic = topic
        self.broker.create_topic(topic, PARTITIONS, cleanup_policy="compact", **settings)
        self.list = self.folder / "deleted.txt"
        self.list.write_text(entries(FIRST))
        (self.folder / "in.ndjson").write_text("")
        run = self.start(PIPELINE.format(folder=self.folder, topic=topic, bootstrap=self.broker.bootstrap))
        self.wait_for(run, "list is in force")
        self.feeder = deleted_people.Feeder(self.folder / "in.ndjson")
        self.addCleanup(self.feeder.stop)
        self.record = deleted_people.Record(self.feeder)
        self.record.begin(FIRST)
        return run

    def wait_for(self, run, text, seconds=30):
        harness.wait_until(lambda: text in run.log() or not run.running(), seconds, text)
        self.assertTrue(run.running(), run.log()[-2000:])

    def wait_until_all_arrived(self, count):
        harness.wait_until(lambda: (self.broker.count(self.topic, PARTITIONS) or 0) >= count, 60, f"{count} messages")

    def close_span(self):
        time.sleep(0.3)
        self.record.end(self.wait_until_all_arrived)

    def swap(self, run, people, change):
        self.close_span()
        change()
        self.wait_for(run, f"was swapped. list={self.list} entries={len(people)} ")
        self.record.begin(people)

    def finish(self, run):
        self.close_span()
        written = self.feeder.stop()
        self.wait_until_all_arrived(written)
        run.terminate()
        self.assert_done(run, 60)
        self.assertEqual(run.books()["delivered"], written)
        return written

    def messages(self):
        """(partition, key, number of the event or None) of all that is in the topic."""
        for line in self.broker.lines(self.topic, "--json"):
            message = json.loads(line)
            value = message.get("value")
            yield message["partition"], message["key"], None if value is None else json.loads(value)["n"]

    def test_lists_change_under_load_and_nobody_listed_passes_once_a_swap_is_announced(self):
        run = self.begin("swapped")
        self.swap(run, SECOND, lambda: deleted_people.replace(self.list, entries(SECOND)))
        # Trouble, one after the other: none of it may change anything.
        self.close_span()
        self.list.unlink()
        self.wait_for(run, "alarm=suppression_list")
        self.record.begin(SECOND)
        self.close_span()
        self.list.write_text("")
        time.sleep(3)
        self.record.begin(SECOND)
        self.swap(run, THIRD, lambda: deleted_people.write_slowly(self.list, entries(THIRD)))
        written = self.finish(run)
        self.assertEqual(re.findall(r"swapped.* entries=(\d+) ", run.log()), [str(len(SECOND)), str(len(THIRD))])
        messages = list(self.messages())
        self.assertEqual(len(messages), written)
        self.assertEqual(self.record.faults(n for _, _, n in messages if n is not None), [])
        self.assertGreater(self.record.judged(), 1000)
        for partition, key, n in messages:
            if n is not None:
                self.assertEqual(key, str(deleted_people.mpid(deleted_people.person_of(n))))
            self.assertEqual(partition, oracle.partition_of(key.encode(), PARTITIONS), "a tombstone has to meet its events")
        buried = {key for _, key, n in messages if n is None}
        self.assertEqual(buried, {str(deleted_people.mpid(person)) for person in {*FIRST, *SECOND, *THIRD}})
        self.assertNotIn("person-", run.log())

    def test_compaction_deletes_what_a_person_had_in_the_topic(self):
        run = self.begin("erased", segment_ms=500, min_cleanable_dirty_ratio=0.001, max_compaction_lag_ms=1000, delete_retention_ms=600_000)
        time.sleep(1)
        self.swap(run, THIRD, lambda: deleted_people.replace(self.list, entries(THIRD)))
        time.sleep(2)  # the cleaner leaves the newest segment alone: one behind the tombstones has to be there
        self.finish(run)
        gone = {str(deleted_people.mpid(person)) for person in THIRD}

        def only_tombstones_are_left():
            values = {}
            for _, key, n in self.messages():
                values.setdefault(key, []).append(n)
            self.assertEqual(len(values), deleted_people.PEOPLE)
            return all(set(values[key]) == {None} for key in gone) and values

        values = harness.wait_until(only_tombstones_are_left, 60, "compaction")
        for person in set(range(deleted_people.PEOPLE)) - set(FIRST) - set(THIRD):
            self.assertIsNotNone(values[str(deleted_people.mpid(person))][-1])


if __name__ == "__main__":
    harness.main()
