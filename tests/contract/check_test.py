"""`weir check`: each rule is broken by the component that breaks it and by no other; what ships breaks none."""
import functools
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from weir_process import WEIR, WeirTest  # noqa: E402

WRONG = pathlib.Path(os.environ["WRONG_PLUGINS"])
PLUGINS = pathlib.Path(os.environ["PLUGINS"])
LINE = re.compile(r"^  (ok|broken|n/a) +(\w+) +(.*)$")


def parsed(output):
    """{component: {rule: (verdict, text)}} of a report."""
    report, rules = {}, None
    for line in output.splitlines():
        match = LINE.match(line)
        if match:
            rules[match[2]] = (match[1], match[3])
        elif not line.startswith("         | ") and len(line.split()) == 2:
            rules = report.setdefault(line.split()[1], {})
    return report


@functools.cache
def check_wrong(library):
    """Its report; some rules take seconds to be broken, so once for all tests."""
    with tempfile.TemporaryDirectory(prefix="weir-test-") as folder:
        return subprocess.run([WEIR, "check", WRONG / library], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=300)


class WrongPlugins(WeirTest):
    def check(self, library):
        done = check_wrong(library)
        self.assert_exit(done, 1)
        return done.stdout.decode()

    def assert_each_breaks_its_rule(self, library):
        report = parsed(self.check(library))
        self.assertGreater(len(report), 3)
        for component, rules in report.items():
            broken = {rule for rule, (verdict, _) in rules.items() if verdict == "broken"}
            self.assertEqual(broken, set() if component == "right" else {component}, f"{library}, {component}: {rules}")
        return report

    def test_transforms(self):
        self.assert_each_breaks_its_rule("wrong_transforms.so")

    def test_predicates(self):
        self.assert_each_breaks_its_rule("wrong_predicates.so")

    def test_sources(self):
        self.assert_each_breaks_its_rule("wrong_sources.so")

    def test_sinks(self):
        self.assert_each_breaks_its_rule("wrong_sinks.so")

    def test_every_rule_has_a_component_that_breaks_it(self):
        rules, wrong = set(), set()
        for library in sorted(WRONG.glob("*.so")):
            report = parsed(self.check(library.name))
            wrong |= report.keys() - {"right"}
            rules |= set().union(*report.values())
        self.assertEqual(rules - wrong, set())

    def test_what_was_seen_is_told(self):
        transforms = parsed(self.check("wrong_transforms.so"))
        for rule, text in (("exceptions", ": apply"), ("statuses", ": apply returned 42"), ("create", ": create opened /"),
                           ("host_calls", ": config"), ("usage", ": header_add"), ("ownership", "it died of signal 11 (Segmentation fault) in apply"),
                           ("held", "flush left 5 records held"), ("leftovers", "/dev/null still open")):
            self.assertIn(text, transforms[rule][rule][1])
        sinks = parsed(self.check("wrong_sinks.so"))
        self.assertIn("flush said OK with 4 of 5 records acknowledged", sinks["acknowledged"]["acknowledged"][1])
        self.assertIn("ack was given 42", sinks["statuses"]["statuses"][1])


class RightPlugins(WeirTest):
    """What ships keeps every rule."""

    # Where no sample made of the field table alone can be right.
    CONFIGURATIONS = {"rename": "type: rename\nfrom: field\nto: renamed\n", "suppress": "type: suppress\nlist: FOLDER/deleted.txt\nidentities: {user: field}\n"}

    def assert_keeps(self, library, *arguments, prefix=()):
        done = self.weir("check", library, *arguments, prefix=prefix, timeout=300)
        self.assert_exit(done, 0)
        report = parsed(done.stdout.decode())
        for component, rules in report.items():
            verdicts = [verdict for verdict, _ in rules.values()]
            self.assertNotIn("broken", verdicts, f"{library}, {component}: {rules}")
            self.assertGreater(verdicts.count("ok"), 8, f"{library}, {component}: {rules}")
        self.assertTrue(report)

    def test_all_that_need_nothing_outside(self):
        libraries = [path for path in sorted(PLUGINS.glob("*.so")) if path.name != "kafka_sink.so"]
        self.assertGreater(len(libraries), 10)
        self.write("deleted.txt", "user:nobody\n")
        for library in libraries:
            configuration = self.CONFIGURATIONS.get(library.name.rsplit("_", 1)[0])
            if configuration is not None:
                self.write("sample.yaml", configuration.replace("FOLDER", str(self.folder)))
            self.assert_keeps(library, *([] if configuration is None else ["--config", "sample.yaml"]))

    def test_the_kafka_sink_with_a_broker(self):
        self.write("kafka.yaml", 'type: kafka\ntopic: t\nkey: field\nconfig: {bootstrap.servers: "${env:WEIR_BOOTSTRAP}"}\n')
        self.assert_keeps(PLUGINS / "kafka_sink.so", "--config", "kafka.yaml", prefix=(os.environ["WEIR_BROKER"], "--topics", "t:2", "--"))


class Command(WeirTest):
    def test_a_configuration_that_is_refused_is_usage(self):
        done = self.weir("check", PLUGINS / "kafka_sink.so")
        self.assert_exit(done, 2)
        self.assert_says(done, "'kafka' refuses the sample configuration", "give it one with --config FILE")
        self.write("c.yaml", "type: redact\nrules: [{field: a, action: maks}]\n")
        done = self.weir("check", PLUGINS / "redact_transform.so", "--config", "c.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "c.yaml:2:28: error", "did you mean 'mask'?")
        self.write("c.yaml", "type: redakt\n---\nrules: []\n")
        done = self.weir("check", PLUGINS / "redact_transform.so", "--config", "c.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "c.yaml:1:7: error: the library has no component 'redakt'; did you mean 'redact'?", "missing key 'type'")

    def test_a_configuration_is_used(self):
        self.write("c.yaml", 'type: redact\nsecret: 0123456789abcdef\nrules: [{field: user.email, action: pseudonymize}, {field: ip, action: truncate_ip}]\n')
        done = self.weir("check", PLUGINS / "redact_transform.so", "--config", "c.yaml")
        self.assert_exit(done, 0)

    def test_a_library_that_cannot_be_loaded_is_told(self):
        done = self.weir("check", "none.so")
        self.assert_exit(done, 2)
        self.assert_says(done, "none.so: there is no such file")
        self.write("text.so", "no library")
        done = self.weir("check", "text.so")
        self.assert_exit(done, 1)
        self.assertIn(b"broken load", done.stdout)

    def test_nothing_is_left_behind(self):
        (self.folder / "tmp").mkdir()
        done = self.weir("check", WRONG / "wrong_predicates.so", env={"TMPDIR": str(self.folder / "tmp")})
        self.assert_exit(done, 1)
        self.assertEqual(list((self.folder / "tmp").iterdir()), [])

    def test_a_broken_library_does_not_take_the_report_along(self):
        done = self.weir("check", WRONG / "wrong_predicates.so")
        self.assertRegex(done.stdout.decode().splitlines()[-1], r"^\d+ ok, 4 broken, \d+ not applicable$")


if __name__ == "__main__":
    unittest.main(verbosity=2)
