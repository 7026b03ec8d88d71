#!/usr/bin/env python3
"""A spool between 200,000 events and a real broker that is away: from the start, while the source ends, while the configuration changes and
the source is another. What arrived is judged by tests/support/oracle.py."""
import json
import re
import signal
import urllib.request

import harness
import oracle

EVENTS = 200_000
PIPELINE = (harness.HERE / "delivery.yaml").read_text() + "spool: {path: \"${env:WEIR_FOLDER}/spool\"}\n"
FOLLOWING = PIPELINE.replace("events.ndjson\"", "events.ndjson\", follow: true")
AT_INGEST = PIPELINE.replace("type: filter", "type: filter\n    at: ingest").replace("type: redact", "type: redact\n    at: ingest")


class Spool(harness.BrokerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.events = harness.generate(cls.home, EVENTS)
        cls.keep, cls.drop = cls.events.count("keep"), cls.events.count("drop")

    def setUp(self):
        super().setUp()
        self.broker.start()  # the test before may have failed while it was away

    def begin(self, pipeline, topic, *options):
        (self.folder / "weir.log").unlink(missing_ok=True)  # of the run before, which had another port
        return self.start(pipeline, "--admin", "127.0.0.1:0", *options, WEIR_TOPIC=topic)

    def spool_now(self, run):
        port = harness.wait_until(lambda: re.findall(r"admin=http://\S+:(\d+)", run.log()), 30, "the admin server")[-1]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/pipelines", timeout=10) as answer:
            return json.load(answer)["pipelines"]["delivery"]["now"]["spool"]

    def wait_for_backlog(self, run, count):
        harness.wait_until(lambda: self.spool_now(run)["records"] == count, 60, f"{count} records in the spool")

    def whole_file(self):
        (self.folder / "events.ndjson").symlink_to(self.home / "events.ndjson")

    def stop(self, run):
        run.terminate()
        self.assert_done(run, 60)
        return run.books()

    def judge(self, topic, duplicates=0):
        verdict = oracle.judge_topic(self.events, self.broker.lines(topic), oracle.Verdict(),
                                     is_redacted=lambda line: b'"os":"Android"' in line)
        print(f"{topic}: {verdict}")
        self.assertEqual(verdict.faults(), {})
        self.assertLessEqual(verdict.duplicates, duplicates)
        return verdict

    def test_a_broker_absent_from_the_start_gets_all_in_order_while_more_comes(self):
        self.broker.create_topic("absent")
        self.broker.kill()
        source = (self.home / "events.ndjson").read_bytes().splitlines(keepends=True)
        flowing = self.folder / "events.ndjson"
        flowing.write_bytes(b"".join(source[:EVENTS // 2]))
        run = self.begin(FOLLOWING, "absent")
        self.wait_for_backlog(run, EVENTS // 2)  # at the source's pace: no broker has been there yet
        harness.wait_until(lambda: "trying again" in run.log(), 30, "the sink's first try")
        self.broker.start()
        with open(flowing, "ab") as out:
            for first in range(EVENTS // 2, EVENTS, 1000):
                out.writelines(source[first:first + 1000])
                out.flush()
        harness.wait_until(lambda: (self.broker.count("absent") or 0) >= self.keep, 120, "all events")
        books = self.stop(run)
        self.judge("absent")
        self.assertEqual((books["read"], books["delivered"], books["filtered"], books["backlog_end"], books["in_flight"]),
                         (EVENTS, self.keep, self.drop, 0, 0))

    def test_a_source_that_ended_during_the_outage_is_not_needed_any_more(self):
        self.broker.create_topic("ended")
        self.broker.kill()
        self.whole_file()
        run = self.begin(AT_INGEST, "ended")
        self.wait_for_backlog(run, self.keep)
        books = self.stop(run)
        self.assertEqual((books["state"], books["read"], books["filtered"], books["backlog_end"]),
                         ("stopped", EVENTS, self.drop, self.keep))
        (self.folder / "events.ndjson").unlink()
        (self.folder / "events.ndjson").write_bytes(b"")
        self.broker.start()
        run = self.begin(AT_INGEST.replace("events.ndjson\"", "none.ndjson\""), "ended")
        (self.folder / "none.ndjson").write_bytes(b"")
        self.assert_done(run, 120)
        books = run.books()
        self.assertEqual((books["state"], books["read"], books["backlog_start"], books["delivered"]),
                         ("finished", 0, self.keep, self.keep))
        self.judge("ended")

    def test_a_worker_killed_during_the_outage_loses_nothing(self):
        self.broker.create_topic("worker-killed")
        self.broker.kill()
        self.whole_file()
        for share in (3, 2):
            run = self.begin(PIPELINE, "worker-killed")
            harness.wait_until(lambda: self.spool_now(run)["records"] > EVENTS // share, 60, "a part of the events")
            run.kill()
        self.broker.start()
        run = self.begin(PIPELINE, "worker-killed")
        self.assert_done(run, 120)
        # What was spooled and not yet in the checkpoint of the source is read again.
        self.judge("worker-killed", duplicates=2 * EVENTS // 3)

    def test_a_broker_killed_in_the_middle_is_caught_up_with(self):
        self.broker.create_topic("interrupted")
        self.whole_file()
        run = self.begin(PIPELINE, "interrupted")
        self.wait_for_messages(run, "interrupted", EVENTS // 10)
        self.broker.kill()
        harness.wait_until(lambda: self.spool_now(run)["spooled"] == EVENTS, 60, "all events in the spool")
        self.assertTrue(run.running())
        self.broker.start()
        self.assert_done(run, 180)
        self.judge("interrupted", duplicates=EVENTS // 10)
        self.assertEqual(run.books()["delivered"], self.keep)

    def test_reloads_with_and_without_a_broker_lose_double_and_reorder_nothing(self):
        self.broker.create_topic("reloaded")
        source = (self.home / "events.ndjson").read_bytes().splitlines(keepends=True)
        flowing = self.folder / "events.ndjson"
        flowing.write_bytes(b"")
        run = self.begin(FOLLOWING, "reloaded")
        harness.wait_until(lambda: "admin=" in run.log(), 30, "the start")
        rounds = 12
        with open(flowing, "ab") as out:
            for number in range(rounds):
                out.writelines(source[number * EVENTS // rounds:(number + 1) * EVENTS // rounds])
                out.flush()
                if number == 4:
                    self.broker.kill()
                if number == 8:
                    self.broker.start()
                (self.folder / "pipeline.yaml").write_text(FOLLOWING.replace("config:", f"config:\n    client.id: weir-{number}"))
                before = run.log().count("The new configuration takes over")
                run.process.send_signal(signal.SIGHUP)
                harness.wait_until(lambda: run.log().count("The new configuration takes over") > before, 60, run.log()[-2000:])
        harness.wait_until(lambda: (self.broker.count("reloaded") or 0) >= self.keep, 120, "all events")
        books = self.stop(run)
        # What was on its way when the broker died may come twice.
        twice = self.judge("reloaded", duplicates=EVENTS // rounds).duplicates
        self.assertEqual((books["read"], books["backlog_end"]), (EVENTS, 0))
        self.assertIn(books["delivered"], range(self.keep, self.keep + twice + 1))  # some of it without an answer

    def test_a_swapped_source_sends_the_backlog_first(self):
        self.broker.create_topic("swapped", 1)
        self.broker.kill()
        (self.folder / "in.ndjson").write_text("".join('{"n":%d,"k":"a"}\n' % n for n in range(10_000)))
        pipeline = """
name: delivery
source: {source}
transforms: [{{type: set, field: k, value: a}}]
sink: {{type: kafka, topic: swapped, key: k, config: {{bootstrap.servers: "{bootstrap}"}}}}
spool: {{path: {folder}/spool}}
"""
        def of(source):
            return pipeline.format(source=source, bootstrap=self.broker.bootstrap, folder=self.folder)

        run = self.begin(of("{type: file, path: in.ndjson}"), "swapped")
        self.wait_for_backlog(run, 10_000)
        self.stop(run)
        self.broker.start()
        run = self.begin(of("{type: generate, shape: event, count: 100}"), "swapped")
        self.assert_done(run, 60)
        values = [json.loads(json.loads(line)["value"]) for line in self.broker.lines("swapped", "--json")]
        self.assertEqual([value["n"] for value in values[:10_000]], list(range(10_000)))
        self.assertEqual(len(values), 10_100)
        self.assertEqual(run.books()["backlog_start"], 10_000)


if __name__ == "__main__":
    harness.main()
