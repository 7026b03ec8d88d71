#!/usr/bin/env python3
"""Writes customer events, one JSON object a line, about 1.1 KB each, that are the same on every machine.

  generate_events.py COUNT OUT [--index OUT.idx] [--first N] [--bad-every N]

Event i is a pure function of i (and of --bad-every), so any tool can make it again; the last 12 hex digits of
`message_id` are i, so an event is found again from the bytes that reached a sink. One event in five is a screen view
from a development build: the pipelines under test drop those. Bad lines (every Nth: those with (i + 1) % N == 0) take
turns through BAD_KINDS and are never development screen views, so that a filter cannot hide them.

The index has one line per event, in order, fields separated by tabs:

  MPID OUTCOME REASON        MPID: the JSON text of the event's mpid, which is the expected Kafka key
                             OUTCOME: keep, drop (development screen view) or bad (dead letter)
                             REASON: one of BAD_KINDS, or "-"

Made to be hard on careless readers: ids beyond 2^53 and below zero, `1.0e-3`, trailing zeros, escaped and raw
non-ASCII text side by side, an empty string, a null, a member name with a dollar sign.
"""
import argparse
import collections

MASK = (1 << 64) - 1
PEOPLE = 100_000
BASE_MS = 1_760_000_000_000
BAD_KINDS = ("broken_json", "duplicate_key", "bad_ip", "invalid_utf8", "deep_nesting")
NESTING = 100  # the engine refuses more than 64

OTHER_TYPES = ("custom_event", "commerce_event", "session_start", "session_end", "opt_out", "push_message",
               "application_state_transition", "user_attribute_change", "user_identity_change", "screen_view")
NAMES = ("Home", "Product Detail", r"Search \u00e9t\u00e9", "Profile/Settings", r"Offer \"Spring\"", r"a\\b", "Kasse", "Level Up")
CITIES = ("Zürich", "São Paulo", "New York", "東京", "Paris", r"K\u00f8benhavn")
DEVICES = (("iPhone15,3", "iOS", "17.4.1"), ("Pixel 8 Pro", "Android", "14"), ("SM-S918B", "Android", "13"), ("iPad14,1", "iPadOS", "17.3"))
PLANS = ("free", "plus", "pro")

Event = collections.namedtuple("Event", "line mpid outcome reason")


def mix(x):
    """One step of splitmix64: spreads x over 64 bits."""
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def make_mpid(person):
    """Half of the ids need all 64 bits, a quarter are small, a quarter are negative."""
    bits = mix(person ^ 0x6D70696400)
    if person & 1:
        return str(bits >> 1 | 1 << 62)
    return str(-(bits >> 2) if person & 2 else bits >> 28)


MPIDS = [make_mpid(person) for person in range(PEOPLE)]


def identity(person, a, b):
    return '"user_identities":{"email":"user%d.%x@example.com","customerid":"C-%08d","phone":"+1415%07d"}' % (person, b & 0xFFFF, person, a % 10_000_000)


def attributes(a, b):
    return ('"user_attributes":{"$age":%d,"$city":"%s","ssn":"%03d-%02d-%04d","plan":"%s","ltv":%d.%02d0,"tags":["a%d","b/%d"],"opted_in":%s,"nick":null}' %
            (18 + a % 60, CITIES[b % 6], 1 + b % 899, 1 + (b >> 16) % 99, 1 + (b >> 24) % 9999, PLANS[a % 3], a % 5000, b % 100, a % 7, b % 11, "true" if a & 1 else "false"))


def device(a, b):
    model, system, version = DEVICES[a & 3]
    return ('"device_info":{"model":"%s","os":"%s","os_version":"%s","ram_mb":%d,"idfa":"%08X-%04X-%04X-%012X","locale":"en_US","screen":{"w":1179,"h":2556,"dpi":3.0}}' %
            (model, system, version, 1024 << (b & 3), a >> 32, a >> 16 & 0xFFFF, b >> 48, b & 0xFFFFFFFFFFFF))


def address(a, b):
    if a % 8 == 0:
        return "2001:db8:%x:%x::%x" % (a >> 8 & 0xFFFF, b >> 8 & 0xFFFF, 1 + (b & 0xFFF))
    return "%d.%d.%d.%d" % (11 + a % 180, b & 255, b >> 8 & 255, 1 + (b >> 16) % 254)


def custom(a, b):
    return ('"custom_attributes":{"price":%d.%02d,"qty":%d,"sku":"SKU-%06d","coupon":"","url":"https://shop.example.com/p/%d?ref=mail&x=%x","score":1.0e-3,"note":"line1\\nline2 \\u2713 %s"}' %
            (a % 900, b % 100, 1 + a % 9, b % 1_000_000, a % 99_999, b & 0xFFFFFF, "✓" * (a >> 8 & 31)))


def consent(a, ms):
    return ('"consent_state":{"gdpr":{"analytics":{"consented":true,"timestamp_unixtime_ms":%d,"document":"gdpr_v%d"},"ads":{"consented":%s,"timestamp_unixtime_ms":%d}}}' %
            (ms - 86_400_000, 1 + a % 4, "true" if a & 64 else "false", ms - 86_400_000))


def spoil(line, kind, ip):
    """The same event with one thing wrong. Takes and gives bytes."""
    if kind == "broken_json":
        return line[:-2]
    if kind == "duplicate_key":
        return line[:-1] + b',"ip":"%s"}' % ip.encode()
    if kind == "bad_ip":
        return line.replace(b'"ip":"%s"' % ip.encode(), b'"ip":"unknown"')
    if kind == "invalid_utf8":
        return line.replace(b'"locale":"en_US"', b'"locale":"en\xffUS"')
    return line[:-1] + b',"deep":' + b"[" * NESTING + b"]" * NESTING + b"}"


def event(i, bad_every=0):
    a = mix(i)
    b = mix(a)
    bad = bad_every > 0 and (i + 1) % bad_every == 0
    dropped = not bad and (b >> 40) % 5 == 0  # other bits than the person, or a fifth of the people would vanish
    kind, environment = ("screen_view", "development") if dropped else (OTHER_TYPES[(a >> 8) % 10], "production")
    person = a % PEOPLE
    ms = BASE_MS + i
    ip = address(a >> 12, b)
    line = (
        '{"message_id":"%08x-%04x-4%03x-8%03x-%012x","mpid":%s,"event_type":"%s","event_name":"%s","environment":"%s","timestamp_ms":%d,'
        '%s,%s,%s,"ip":"%s",%s,%s,"schema_version":2,"source_request_id":"%016x%016x"}' %
        (a >> 32, a >> 16 & 0xFFFF, a & 0xFFF, b & 0xFFF, i, MPIDS[person], kind, NAMES[b >> 8 & 7], environment, ms,
         identity(person, a, b), attributes(a >> 8, b), device(a >> 4, b), ip, custom(b, a), consent(b, ms), a, b)).encode()
    if not bad:
        return Event(line, MPIDS[person], "drop" if dropped else "keep", "-")
    reason = BAD_KINDS[(i + 1) // bad_every % len(BAD_KINDS)]
    return Event(spoil(line, reason, ip), MPIDS[person], "bad", reason)


def write(options):
    counts = collections.Counter()
    size = 0
    index = open(options.index, "w", 1 << 20, encoding="ascii") if options.index else None
    with open(options.out, "wb", 1 << 20) as out:
        for i in range(options.first, options.first + options.count):
            made = event(i, options.bad_every)
            size += out.write(made.line) + out.write(b"\n")
            counts[made.outcome] += 1
            if index:
                index.write(f"{made.mpid}\t{made.outcome}\t{made.reason}\n")
    if index:
        index.close()
    print(f"events={options.count} bytes={size} keep={counts['keep']} drop={counts['drop']} bad={counts['bad']}")


def natural(text):
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return value


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="See the head of the file for the index.")
    parser.add_argument("count", type=natural)
    parser.add_argument("out")
    parser.add_argument("--index")
    parser.add_argument("--first", type=natural, default=0, help="number of the first event")
    parser.add_argument("--bad-every", type=natural, default=0, help="every Nth line is bad; 0: none")
    write(parser.parse_args())


if __name__ == "__main__":
    main()
