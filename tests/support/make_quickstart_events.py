#!/usr/bin/env python3
"""Makes configs/events.ndjson: generated events beside recorded mParticle batches.

  make_quickstart_events.py          writes the file
  make_quickstart_events.py --check  exit 1 if what is checked in is something else
"""
import pathlib
import sys

from generate_events import event

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / "configs" / "events.ndjson"
RECORDED = ROOT / "tests" / "data" / "mparticle"
GENERATED = 24
BAD_EVERY = 12  # two bad ones: a duplicate key, an address that is none
BATCHES = ("session_start", "screen_view", "custom_event", "commerce_event", "push_message", "development_screen_view",
           "development_mixed", "network_performance", "crash_report", "user_identity_change", "opt_out", "profile_only",
           "promotions_and_impressions", "lone_surrogate", "session_end", "no_identity")


def lines():
    """Three generated events, then two batches, and so on."""
    batches = iter(BATCHES)
    for i in range(GENERATED):
        yield event(i, BAD_EVERY).line
        if i % 3 == 2:
            for name in (next(batches), next(batches)):
                yield (RECORDED / f"{name}.json").read_bytes()


def main(arguments):
    made = b"".join(line + b"\n" for line in lines())
    if arguments == ["--check"]:
        if TARGET.read_bytes() == made:
            return 0
        print(f"{TARGET.name} is not what {pathlib.Path(__file__).name} makes: run it", file=sys.stderr)
        return 1
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    TARGET.write_bytes(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
