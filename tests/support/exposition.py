"""Reads Prometheus' text exposition format 0.0.4, strictly: what promtool would complain about is an error here too.
https://prometheus.io/docs/instrumenting/exposition_formats/ and the naming rules of promtool's `check metrics`."""
import math
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)')
SAMPLE = re.compile(rf"^({NAME})(?:\{{(.*)\}})? ([^ ]+)$")
TYPES = {"counter", "gauge", "histogram"}


class Family:
    def __init__(self, name, help_text):
        self.name, self.help, self.type = name, help_text, None
        self.samples = {}  # (name, labels as a sorted tuple of pairs) to value

    def label_names(self):
        """Without a histogram's own."""
        return {label for _, labels in self.samples for label, _ in labels} - {"le"}


def labels_of(text, line):
    labels, at = [], 0
    while at < len(text):
        match = LABEL.match(text, at)
        assert match, f"bad labels: {line}"
        labels.append((match.group(1), match.group(2).replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")))
        at = match.end()
    assert not text.endswith(","), f"comma at the end: {line}"
    names = [name for name, _ in labels]
    assert len(set(names)) == len(names), f"a label twice: {line}"
    return tuple(sorted(labels))


def value_of(text, line):
    if text in ("+Inf", "-Inf", "NaN"):
        return float(text.replace("Inf", "inf"))
    assert re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", text), f"bad value: {line}"
    return float(text)


def owner_of(sample, family):
    if family.type == "histogram":
        return sample in (family.name + "_bucket", family.name + "_sum", family.name + "_count")
    return sample == family.name


def check_histogram(family):
    series = {}
    for (name, labels), value in family.samples.items():
        rest = tuple(pair for pair in labels if pair[0] != "le")
        series.setdefault(rest, {}).setdefault(name[len(family.name) + 1:], []).append((dict(labels).get("le"), value))
    for labels, parts in series.items():
        assert set(parts) == {"bucket", "sum", "count"}, f"{family.name}{labels} lacks a part: {set(parts)}"
        buckets = [(value_of(le, le), value) for le, value in parts["bucket"]]
        assert buckets == sorted(buckets), f"{family.name}{labels}: bounds out of order"
        assert all(a[1] <= b[1] for a, b in zip(buckets, buckets[1:])), f"{family.name}{labels}: counts go down"
        assert buckets[-1] == (math.inf, parts["count"][0][1]), f"{family.name}{labels}: +Inf is not the count"


def check_family(family):
    assert family.type in TYPES, f"{family.name}: type {family.type}"
    assert family.help, f"{family.name}: no help"
    assert family.samples, f"{family.name}: no samples"
    assert (family.type == "counter") == family.name.endswith("_total"), f"{family.name}: only counters end in _total"
    assert not re.search(r"_(bucket|count|sum|info_total)$", family.name), f"{family.name}: reserved ending"
    if family.type == "counter":
        assert all(value >= 0 for value in family.samples.values()), f"{family.name}: below 0"
    if family.type == "histogram":
        check_histogram(family)


def parse(text):
    """The families by name; AssertionError where the text is not valid."""
    assert text.endswith("\n"), "the last line has no end"
    families, family = {}, None
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            name, _, help_text = line[len("# HELP "):].partition(" ")
            assert re.fullmatch(NAME, name) and name not in families, f"bad or repeated name: {line}"
            family = families[name] = Family(name, help_text)
        elif line.startswith("# TYPE "):
            name, _, kind = line[len("# TYPE "):].partition(" ")
            assert family and name == family.name and family.type is None and not family.samples, f"TYPE out of place: {line}"
            family.type = kind
        else:
            match = SAMPLE.match(line)
            assert match, f"no sample: {line}"
            assert family and family.type and owner_of(match.group(1), family), f"sample outside its family: {line}"
            key = (match.group(1), labels_of(match.group(2) or "", line))
            assert key not in family.samples, f"a series twice: {line}"
            family.samples[key] = value_of(match.group(3), line)
    for each in families.values():
        check_family(each)
    return families


def value(families, name, **labels):
    """Of the one series with these labels."""
    return families[name].samples[(name, tuple(sorted(labels.items())))]
