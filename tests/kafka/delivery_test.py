#!/usr/bin/env python3
"""200,000 events from a file through filter and redact into a real broker that is killed, frozen or absent meanwhile: what
arrived is judged by tests/support/oracle.py."""
import time

import harness
import oracle

EVENTS = 200_000


class Delivery(harness.BrokerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.events = harness.generate(cls.home, EVENTS)

    def begin(self, topic, create=True):
        (self.folder / "events.ndjson").symlink_to(self.home / "events.ndjson")
        if create:
            self.broker.create_topic(topic)
        return self.start("delivery.yaml", WEIR_TOPIC=topic)

    def judge(self, topic):
        verdict = oracle.judge_topic(self.events, self.broker.lines(topic), oracle.Verdict(),
                                     is_redacted=lambda line: b'"os":"Android"' in line)
        print(f"{topic}: {verdict}")
        return verdict

    def assert_whole(self, run, topic, duplicates=0):
        """Everything arrived as it should, and the ledger says so."""
        verdict = self.judge(topic)
        self.assertEqual(verdict.faults(), {})
        self.assertLessEqual(verdict.duplicates, duplicates)
        books = run.books()
        keep, drop = self.events.count("keep"), self.events.count("drop")
        self.assertEqual((books["read"], books["delivered"], books["filtered"]), (EVENTS, keep, drop))
        self.assertEqual(books["state"], "finished")

    def test_a_quiet_broker_gets_every_event_once(self):
        run = self.begin("quiet")
        self.assert_done(run, 120)
        self.assert_whole(run, "quiet")
        again = self.start("delivery.yaml", WEIR_TOPIC="quiet")
        self.assert_done(again, 60)
        self.assertEqual(again.books()["read"], 0)
        self.assertIn("already at the end", again.log())

    def test_a_broker_killed_and_restarted_in_the_middle_loses_nothing(self):
        run = self.begin("killed")
        self.wait_for_messages(run, "killed", EVENTS // 5)
        self.broker.kill()
        time.sleep(1)
        self.broker.start()
        self.assert_done(run, 180)
        # What a broker forgets that never synced its log would be another matter: here only the process dies.
        self.assert_whole(run, "killed")

    def test_a_frozen_broker_delays_and_loses_nothing(self):
        run = self.begin("frozen")
        self.wait_for_messages(run, "frozen", EVENTS // 5)
        self.broker.freeze()
        time.sleep(60 if harness.LONG else 15)
        self.assertTrue(run.running())
        self.broker.thaw()
        self.assert_done(run, 180)
        self.assert_whole(run, "frozen")

    def test_a_broker_absent_at_the_start_is_waited_for(self):
        self.broker.create_topic("absent")
        self.broker.kill()
        run = self.begin("absent", create=False)
        time.sleep(5)
        self.assertTrue(run.running(), run.log())
        self.assertIn("trying again", run.log())
        self.broker.start()
        self.assert_done(run, 180)
        self.assert_whole(run, "absent")


if __name__ == "__main__":
    harness.main()
