"""Events of people, some of them listed as deleted: a feeder that writes them into a file while a pipeline reads it, and what should
become of each.

Every event makes exactly one message: itself, or with `tombstones: true` a null value under its person's mpid. So the number of messages tells how far a
pipeline is, and which list was in force for an event can be told without looking inside: see Record.
"""
import os
import threading
import time

PEOPLE = 50

TRANSFORM = """
  - type: suppress
    list: {folder}/deleted.txt
    identities: {{mpid: mpid, email: user.email}}
    tombstones: true
    key: mpid
"""


def mpid(person):
    """Beyond 2^53, where a double would take several people for one."""
    return 9007199254740993 + person


def email(person):
    return f"person-{person}@example.com"


def person_of(number):
    return number % PEOPLE


def event(number):
    person = person_of(number)
    return '{"n":%d,"mpid":%d,"user":{"email":"%s"}}' % (number, mpid(person), email(person))


def entry(person):
    """Its line in a list; every second person is listed by email."""
    return f"email:{email(person)}\n" if person % 2 else f"mpid:{mpid(person)}\n"


def entries(people):
    return "".join(entry(person) for person in people)


class Feeder:
    """Appends events to a file, some thousands a second, until it is stopped."""

    def __init__(self, path, most=400_000):
        self.path, self.most, self.written = path, most, 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.feed, daemon=True)
        self.thread.start()

    def feed(self):
        with open(self.path, "a", buffering=1 << 16) as file:
            while not self.stopping.is_set() and self.written < self.most:
                last = self.written + 40
                file.write("".join(event(number) + "\n" for number in range(self.written, last)))
                file.flush()
                self.written = last
                time.sleep(0.01)

    def stop(self):
        self.stopping.set()
        self.thread.join()
        return self.written


class Record:
    """Which list was in force for which events: for those between `begin` and `end` exactly one, and those between two such spans may
    have met either."""

    def __init__(self, feeder):
        self.feeder, self.spans, self.open = feeder, [], None

    def begin(self, people):
        """The list of these people is announced: what is written from now on must meet it."""
        time.sleep(0.05)  # the feeder may be in the middle of a write whose number it has not told yet
        self.open = (self.feeder.written, frozenset(people))

    def end(self, wait_for_messages):
        """The list is about to change: all that was written must be through."""
        first, people = self.open
        last = self.feeder.written
        wait_for_messages(last)
        self.spans.append((first, last, people))

    def faults(self, passed):
        """`passed`: numbers of the events that went on. What is wrong, a few of each kind, in words."""
        passed, found = set(passed), []
        for first, last, people in self.spans:
            leaked = [n for n in range(first, last) if person_of(n) in people and n in passed]
            lost = [n for n in range(first, last) if person_of(n) not in people and n not in passed]
            if leaked:
                found.append(f"listed, and passed ({len(leaked)} of {last - first}): {leaked[:5]}")
            if lost:
                found.append(f"not listed, and gone ({len(lost)} of {last - first}): {lost[:5]}")
        return found

    def judged(self):
        return sum(last - first for first, last, _ in self.spans)


def replace(path, text):
    """A new file beside the old one, then renamed over it."""
    new = f"{path}.new"
    with open(new, "w") as file:
        file.write(text)
    os.replace(new, path)


def write_slowly(path, text, pieces=5, pause=0.4):
    """In place and in pieces that end inside lines."""
    with open(path, "w") as file:
        for piece in range(pieces):
            file.write(text[len(text) * piece // pieces:len(text) * (piece + 1) // pieces])
            file.flush()
            time.sleep(pause)
