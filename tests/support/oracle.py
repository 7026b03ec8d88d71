#!/usr/bin/env python3
"""Judges what a pipeline made of events from generate_events.py: what should be in the topic and the dead letters is worked out
from the input alone, in another language and with no code of Weir's.

The pipelines under judgement drop development screen views, then redact: user_identities.email is pseudonymised under SECRET, ip
truncated, user_attributes.ssn removed. Everything else of an event must arrive byte for byte, under the key mpid, in the partition
that Kafka's Java client would choose, in the order of the file as far as first occurrences of a key go.

A topic comes as the lines of weir-consume: partition, offset, key, value, with tabs between.
"""
import array
import dataclasses
import hashlib
import hmac
import ipaddress
import json
import mmap

SECRET = b"oracle-pseudonym-secret"
PARTITIONS = 12
ID_AT = len('{"message_id":"') + 24  # twelve hex digits: the number of the event


def murmur2(data):
    """The hash of Kafka's Java client, as an unsigned number of 32 bits."""
    mask, m = 0xFFFFFFFF, 0x5BD1E995
    h = 0x9747B28C ^ len(data)
    whole = len(data) & ~3
    for at in range(0, whole, 4):
        k = int.from_bytes(data[at:at + 4], "little") * m & mask
        k = (k ^ k >> 24) * m & mask
        h = h * m & mask ^ k
    if whole < len(data):
        h = (h ^ int.from_bytes(data[whole:], "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return h ^ h >> 15


def partition_of(key, count):
    return (murmur2(key) & 0x7FFFFFFF) % count


def between(line, before, after):
    """Start and end of what stands between two texts."""
    start = line.index(before) + len(before)
    return start, line.index(after, start)


def truncated(ip):
    """/24 of an IPv4 address, /48 of an IPv6 one, as RFC 5952 writes it."""
    if b":" not in ip:
        return ip[:ip.rindex(b".") + 1] + b"0"
    return str(ipaddress.ip_network(ip.decode() + "/48", strict=False).network_address).encode()


def redacted(line):
    """The event as it should leave the pipeline."""
    start, end = between(line, b'"email":"', b'"')
    pseudonym = hmac.new(SECRET, line[start:end].strip(b" \t\r\n").lower(), hashlib.sha256).hexdigest().encode()
    line = line[:start] + pseudonym + line[end:]
    start, end = between(line, b'"ssn":"', b'",')
    line = line[:start - len(b'"ssn":"')] + line[end + 2:]
    start, end = between(line, b'"ip":"', b'"')
    return line[:start] + truncated(line[start:end]) + line[end:]


class Input:
    """An event file and its index."""

    def __init__(self, events, index):
        with open(events, "rb") as file:
            self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.ends = array.array("Q")  # of each line, its newline included: the offset of the position behind it
        at = 0
        while (at := self.bytes.find(b"\n", at) + 1) > 0:
            self.ends.append(at)
        with open(index, "rb") as lines:
            rows = [line.split(b"\t") for line in lines.read().splitlines()]
        self.keys = [row[0] for row in rows]
        self.outcomes = [row[1].decode() for row in rows]
        assert len(self.ends) == len(rows), "the index does not fit the events"

    def line(self, i):
        return self.bytes[self.ends[i - 1] if i else 0:self.ends[i] - 1]

    def count(self, outcome):
        return self.outcomes.count(outcome)


@dataclasses.dataclass
class Verdict:
    """`inversions`: first occurrences of a key out of the file's order. `aliens`: what should not be there at all."""
    messages: int = 0
    lost: int = 0
    duplicates: int = 0
    inversions: int = 0
    aliens: int = 0
    wrong_key: int = 0
    wrong_partition: int = 0
    wrong_bytes: int = 0
    dead_lost: int = 0
    dead_duplicates: int = 0
    dead_aliens: int = 0

    def faults(self):
        """What must be zero, as far as it is not."""
        allowed = ("messages", "duplicates", "dead_duplicates")
        return {name: value for name, value in dataclasses.asdict(self).items() if value and name not in allowed}


def expected_lines(events, partitions=PARTITIONS):
    """What should arrive, as weir-consume would write it, in the order of the file."""
    partition_by_key = {}
    for i, outcome in enumerate(events.outcomes):
        if outcome != "keep":
            continue
        key = events.keys[i]
        if key not in partition_by_key:
            partition_by_key[key] = partition_of(key, partitions)
        yield b"%d\t%d\t%s\t%s\n" % (partition_by_key[key], i, key, redacted(events.line(i)))


def judge_topic(events, lines, verdict, partitions=PARTITIONS, is_redacted=lambda line: True):
    """`lines`: an iterable of bytes, as weir-consume writes them. `is_redacted`: whether an event should have been changed at all."""
    seen = bytearray(len(events.ends))
    latest = {}
    partition_by_key = {}
    for message in lines:
        partition, _, key, value = message.rstrip(b"\n").split(b"\t", 3)
        verdict.messages += 1
        i = int(value[ID_AT:ID_AT + 12], 16)
        if i >= len(events.ends) or events.outcomes[i] != "keep":
            verdict.aliens += 1
            continue
        if seen[i]:
            verdict.duplicates += 1
        else:
            seen[i] = 1
            verdict.inversions += i < latest.get(key, -1)
            latest[key] = i
        if key not in partition_by_key:
            partition_by_key[key] = partition_of(key, partitions)
        line = events.line(i)
        verdict.wrong_key += key != events.keys[i]
        verdict.wrong_partition += int(partition) != partition_by_key[key]
        verdict.wrong_bytes += value != (redacted(line) if is_redacted(line) else line)
    verdict.lost += sum(1 for i, outcome in enumerate(events.outcomes) if outcome == "keep" and not seen[i])
    return verdict


def judge_dead_letters(events, lines, verdict):
    """`lines`: envelopes without payload; the position says which event each is about."""
    index_by_offset = {str(end): i for i, end in enumerate(events.ends) if events.outcomes[i] == "bad"}
    seen = set()
    for line in lines:
        letter = json.loads(line)
        i = index_by_offset.get(letter["position"]["offset"])
        if i is None or "value" in letter or "key" in letter:
            verdict.dead_aliens += 1
        elif i in seen:
            verdict.dead_duplicates += 1
        else:
            seen.add(i)
    verdict.dead_lost += len(index_by_offset) - len(seen)
    return verdict
