#!/usr/bin/env python3
"""Twenty reloads while events flow into a real broker, half of them refused: by the YAML, or by a sink that finds no topic. What
arrived is judged by tests/support/oracle.py."""
import signal

import harness

EVENTS = 200_000
ROUNDS = 20


class Reload(harness.BrokerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.events = harness.generate(cls.home, EVENTS)

    def reload(self, run, pipeline, says):
        (self.folder / "pipeline.yaml").write_text(pipeline)
        before = run.log().count(says)
        run.process.send_signal(signal.SIGHUP)
        harness.wait_until(lambda: run.log().count(says) > before, 60, says + "\n" + run.log()[-1000:])

    def test_twenty_reloads_lose_double_and_reorder_nothing(self):
        self.broker.create_topic("reloaded")
        pipeline = (harness.HERE / "delivery.yaml").read_text().replace("events.ndjson\"", "events.ndjson\", follow: true")
        source = (self.home / "events.ndjson").read_bytes().splitlines(keepends=True)
        flowing = self.folder / "events.ndjson"
        flowing.write_bytes(b"")
        run = self.start(pipeline, WEIR_TOPIC="reloaded")
        harness.wait_until((self.folder / "state" / "lock").exists, 30, "the start")  # before that SIGHUP ends it
        with open(flowing, "ab") as out:
            for number in range(ROUNDS):
                out.writelines(source[number * EVENTS // ROUNDS:(number + 1) * EVENTS // ROUNDS])
                out.flush()
                if number % 2 == 0:
                    changed = pipeline.replace("config:", f"config:\n    client.id: weir-{number}")
                    self.reload(run, changed, "The new configuration takes over")
                elif number % 4 == 1:
                    self.reload(run, pipeline.replace("topic:", "topik:"), "was not reloaded")
                else:
                    self.reload(run, pipeline.replace('"${env:WEIR_TOPIC}"', "no-such-topic"), "what ran before runs again")
        keep = self.events.count("keep")
        harness.wait_until(lambda: self.broker.count("reloaded") >= keep, 120, "all events")
        run.terminate()
        self.assertEqual(run.wait(60), 0, run.log()[-3000:])
        verdict = harness.oracle.judge_topic(self.events, self.broker.lines("reloaded"), harness.oracle.Verdict(),
                                             is_redacted=lambda line: b'"os":"Android"' in line)
        print(f"reloaded: {verdict}")
        self.assertEqual(verdict.faults(), {})
        self.assertEqual(verdict.duplicates, 0)
        books = run.books()
        self.assertTrue(harness.balanced(books), books)
        self.assertEqual((books["read"], books["delivered"], books["in_flight"]), (EVENTS, keep, 0))


if __name__ == "__main__":
    harness.main()
