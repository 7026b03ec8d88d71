"""P2: a canary in every field and secret, then a sweep of all that is left behind."""
import base64
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from weir_process import WeirTest, balanced  # noqa: E402

YAML = """
name: private
source: {type: file, path: in.ndjson}
transforms:
  - {type: filter, drop_when: {field: kind, equals: noise}}
  - type: redact
    secret: ${file:secret.key}
    rules:
      - {field: email, action: pseudonymize}
      - {field: ip, action: truncate_ip}
      - {field: ssn, action: remove}
      - {field: name, action: mask}
      - {field: note, action: replace, with: gone}
sink: {type: file, path: out.ndjson}
dead_letter: {type: file, path: bad.ndjson}
"""


def spellings(canary):
    """How the canary could look in what is left behind."""
    text = canary.encode()
    yield from (text, text.hex().encode(), canary.encode("utf-16-le"))
    for shift in range(3):
        yield base64.b64encode(b"\0" * shift + text)[4:-4]


class Canaries(WeirTest):
    SECRET = "canary-secret-4711-abcdef"

    def sweep(self, done, canaries):
        """Every file but the input and the secret, and both outputs of the program."""
        places = {"standard output": done.stdout, "standard error": done.stderr}
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name not in ("in.ndjson", "secret.key"):
                places[str(path)] = path.read_bytes()
        for place, content in places.items():
            for canary in canaries:
                for spelling in spellings(canary):
                    self.assertNotIn(spelling, content, f"{canary} in {place}")

    def test_records_that_fail_leave_nothing_behind(self):
        bad = [
            b'{"email":"canary-a1@example.com","ip":"canary-a2"}',
            b'{"email":"canary-b1@example.com","ip":"10.0.0.1"',
            b'{"email":{"deep":"canary-c1"},"name":"canary-c2"}',
            b'{"ip":"1.2.3.4","ssn":"canary-d1","ssn":"canary-d2"}',
            b'["canary-e1"]',
            b'"canary-f1"',
            b'{"name":"canary-g1 \xff"}',
            b'{"note":"canary-h1","ip":["1.2.3.4",{"x":"canary-h2"}]}',
        ]
        self.write("in.ndjson", b"\n".join(bad) + b"\n")
        self.write("secret.key", self.SECRET + "\n")
        done, ledger = self.run_pipeline(YAML, "--log-level", "trace")
        self.assert_exit(done, 0)
        self.assertEqual((ledger["dead_lettered"], ledger["delivered"]), (len(bad), 0))
        self.assertTrue(balanced(ledger))
        self.sweep(done, [f"canary-{c}{n}" for c in "abcdefgh" for n in (1, 2)] + [self.SECRET])

    def test_the_sweep_can_see(self):
        """The control: the same bad record through a pipeline without privacy is found."""
        self.write("in.ndjson", '{"email":"canary-z1","ip":\n')
        done, _ = self.run_pipeline("""
name: plain
source: {type: file, path: in.ndjson}
transforms: [{type: filter, drop_when: {field: kind, equals: noise}}]
sink: {type: discard}
dead_letter: {type: file, path: bad.ndjson}
""")
        with self.assertRaises(AssertionError):
            self.sweep(done, ["canary-z1"])

    def test_redacted_fields_are_gone_from_what_is_delivered(self):
        self.write("in.ndjson", '{"email":"canary-a1","ip":"203.0.113.77","ssn":"canary-b1","name":"canary-c1","note":{"x":"canary-d1"},"kept":1.50}\n')
        self.write("secret.key", self.SECRET)
        done, ledger = self.run_pipeline(YAML)
        self.assertEqual(ledger["delivered"], 1)
        self.assertIn(b'"kept":1.50', self.read("out.ndjson"))
        self.assertIn(b'"203.0.113.0"', self.read("out.ndjson"))
        self.sweep(done, ["canary-a1", "canary-b1", "canary-c1", "canary-d1", "203.0.113.77", self.SECRET])

    def test_secrets_are_in_no_message_about_them(self):
        self.write("secret.key", "short-canary")
        self.write("in.ndjson", "{}\n")
        self.write("pipeline.yaml", YAML)
        for command in ("validate", "run"):
            done = self.weir(command, "pipeline.yaml", "--log-level", "trace")
            self.assert_exit(done, 2)
            self.assert_says(done, "secret")
            self.sweep(done, ["short-canary"])

    def test_what_cannot_be_looked_into_is_refused_wherever_people_are_protected(self):
        """A predicate of a privacy transform, `privacy: true` on another, and @json on what is no text."""
        for transform in (
            "{type: redact, predicate: eu, rules: [{field: email, action: remove}]}",
            "{type: redact, predicate: there, negate: true, rules: [{field: email, action: remove}]}",
            "{type: remove, fields: [email], privacy: true}",
            "{type: redact, rules: [{field: p@json.email, action: remove}]}",
            "{type: redact, rules: [{field: \"list[*].p@json.email\", action: mask}]}",
        ):
            self.write("in.ndjson", '["canary-a1 EU"]\n"canary-b1 EU"\n{"p":{"email":"canary-c1"},"email":1,"list":[{"p":{"email":"canary-c1"}}]}\n')
            done, ledger = self.run_pipeline(f"""
name: strict
source: {{type: file, path: in.ndjson}}
transforms: [{transform}]
predicates:
  eu: {{type: field_equals, field: region, value: EU}}
  there: {{type: condition, when: {{field: region, exists: true}}}}
sink: {{type: file, path: out.ndjson}}
dead_letter: {{type: file, path: bad.ndjson}}
""", "--fresh")
            self.assert_exit(done, 0)
            self.sweep(done, ["canary-a1", "canary-b1"])
            if "@json" in transform:
                self.sweep(done, ["canary-c1"])
                self.assertEqual(ledger["dead_lettered"], 3, transform)
            for name in ("out.ndjson", "bad.ndjson"):
                (self.folder / name).unlink(missing_ok=True)

    def test_plain_payload_beside_a_privacy_transform_is_refused(self):
        self.write("secret.key", self.SECRET)
        self.write("pipeline.yaml", YAML.replace("path: bad.ndjson}", "path: bad.ndjson, payload: plain}"))
        done = self.weir("validate", "pipeline.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "payload")


if __name__ == "__main__":
    unittest.main(verbosity=2)
