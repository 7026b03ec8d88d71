#!/usr/bin/env python3
"""The JSON Schema judges YAML as `weir validate` does, as far as editors need: schema.py WEIR REPOSITORY

The configurations and the components' examples fit; each of them with one mistake does not; the line that tells an editor where the
schema is (`# yaml-language-server: $schema=`) leads to it. Needs python3-jsonschema and python3-yaml.
"""
import copy
import json
import pathlib
import subprocess
import sys
import unittest

import jsonschema
import yaml

WEIR, ROOT = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
SCHEMA = json.loads(subprocess.run([WEIR, "schema"], capture_output=True, check=True, timeout=60).stdout)
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
CONFIGS = sorted(path for path in (ROOT / "configs").glob("*.yaml") if not path.name.endswith(".test.yaml"))
MODELINE = "# yaml-language-server: $schema="


def documents(path):
    return [document for document in yaml.safe_load_all(path.read_text(encoding="utf-8")) if document]


def errors(document):
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in VALIDATOR.iter_errors(document)]


def components(pipeline):
    yield pipeline["source"]
    yield from pipeline.get("transforms", [])
    yield from pipeline.get("predicates", {}).values()
    yield pipeline["sink"]
    if "dead_letter" in pipeline:
        yield pipeline["dead_letter"]


class Schema(unittest.TestCase):
    def test_it_is_a_schema(self):
        type(VALIDATOR).check_schema(SCHEMA)

    def test_the_configurations_fit(self):
        for path in CONFIGS:
            for document in documents(path):
                self.assertEqual(errors(document), [], f"{path.name}: {document['name']}")

    def test_the_examples_of_the_components_fit(self):
        found = sorted((ROOT / "plugins").glob("*/*/example.yaml"))
        self.assertTrue(found)
        for path in found:
            for document in documents(path):
                if "source" in document and "sink" in document:
                    self.assertEqual(errors(document), [], str(path))

    def test_a_mistake_in_any_component_is_seen(self):
        for path in CONFIGS:
            for document in documents(path):
                for index, _ in enumerate(components(document)):
                    for mistake in ({"typ_": 1}, {"type": "no_such"}):
                        wrong = copy.deepcopy(document)
                        list(components(wrong))[index].update(mistake)
                        self.assertNotEqual(errors(wrong), [], f"{path.name}: {mistake} in component {index}")

    def test_a_mistake_in_the_pipeline_is_seen(self):
        good = documents(ROOT / "configs" / "generate-discard.yaml")[0]
        for mistake in ({"sorce": {}}, {"name": "No Name"}, {"memory": 64}, {"errors": {"tolerance": "some"}}, {"tasks_max": "two"}, {"sink": None}):
            self.assertNotEqual(errors(good | mistake), [], mistake)
        for missing in ("name", "source", "sink"):
            self.assertNotEqual(errors({key: value for key, value in good.items() if key != missing}), [], missing)

    def test_every_configuration_tells_editors_where_the_schema_is(self):
        for path in CONFIGS:
            first = path.read_text(encoding="utf-8").splitlines()[0]
            self.assertTrue(first.startswith(MODELINE), path.name)
            self.assertTrue((path.parent / first.removeprefix(MODELINE)).is_file(), first)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
