"""A few requests of the Kafka protocol, in the versions Kafka 4 still takes, so that tests need no admin tool: one connection a
request, no TLS, no log-in. Format: https://kafka.apache.org/protocol."""
import socket
import struct

LIST_OFFSETS, CREATE_TOPICS, DELETE_TOPICS, CREATE_ACLS, CREATE_PARTITIONS, ALTER_CONFIGS = 2, 19, 20, 30, 37, 44
TOPIC_RESOURCE, CLUSTER_RESOURCE = 2, 4
READ, WRITE, DESCRIBE, IDEMPOTENT_WRITE = 3, 4, 8, 12


class Refused(Exception):
    pass


def string(text):
    raw = text.encode()
    return struct.pack(">h", len(raw)) + raw


def listed(items):
    return struct.pack(">i", len(items)) + b"".join(items)


def call(bootstrap, api, version, body, timeout=10):
    """Sends one request and returns the answer behind its header."""
    host, port = bootstrap.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout) as connection:
        request = struct.pack(">hhi", api, version, 7) + string("weir-test") + body
        connection.sendall(struct.pack(">i", len(request)) + request)
        answer = connection.makefile("rb")
        size, = struct.unpack(">i", answer.read(4))
        return answer.read(size)[4:]


class Reader:
    def __init__(self, raw):
        self.raw, self.at = raw, 0

    def number(self, code):
        value, = struct.unpack_from(">" + code, self.raw, self.at)
        self.at += struct.calcsize(">" + code)
        return value

    def string(self):
        size = self.number("h")
        if size < 0:
            return None
        self.at += size
        return self.raw[self.at - size:self.at].decode()


def create_topic(bootstrap, name, partitions, settings=None, timeout_ms=10_000):
    configs = [string(key) + string(str(value)) for key, value in (settings or {}).items()]
    topic = string(name) + struct.pack(">ih", partitions, 1) + listed([]) + listed(configs)
    answer = Reader(call(bootstrap, CREATE_TOPICS, 2, listed([topic]) + struct.pack(">ib", timeout_ms, 0)))
    answer.number("i"), answer.number("i"), answer.string()
    error = answer.number("h")
    if error:
        raise Refused(f"create_topic {name}: error {error} {answer.string()}")


def add_partitions(bootstrap, topic, partitions, timeout_ms=10_000):
    """Makes a topic have so many partitions, more than before."""
    no_assignments = struct.pack(">i", -1)
    wanted = string(topic) + struct.pack(">i", partitions) + no_assignments
    answer = Reader(call(bootstrap, CREATE_PARTITIONS, 1, listed([wanted]) + struct.pack(">ib", timeout_ms, 0)))
    answer.number("i"), answer.number("i"), answer.string()
    error = answer.number("h")
    if error:
        raise Refused(f"add_partitions {topic}: error {error} {answer.string()}")


def delete_topic(bootstrap, name, timeout_ms=10_000):
    answer = Reader(call(bootstrap, DELETE_TOPICS, 1, listed([string(name)]) + struct.pack(">i", timeout_ms)))
    answer.number("i"), answer.number("i"), answer.string()
    error = answer.number("h")
    if error:
        raise Refused(f"delete_topic {name}: error {error}")


def end_offsets(bootstrap, topic, partitions):
    """How many records each partition ever took. On a one-node cluster the bootstrap broker leads them all."""
    asked = [struct.pack(">iq", partition, -1) for partition in range(partitions)]
    answer = Reader(call(bootstrap, LIST_OFFSETS, 1, struct.pack(">i", -1) + listed([string(topic) + listed(asked)])))
    answer.number("i"), answer.string()
    ends = {}
    for _ in range(answer.number("i")):
        partition, error = answer.number("i"), answer.number("h")
        answer.number("q")
        offset = answer.number("q")
        if error:
            raise Refused(f"end_offsets {topic}[{partition}]: error {error}")
        ends[partition] = offset
    return ends


def allow(bootstrap, user, operation, resource=TOPIC_RESOURCE, name="kafka-cluster"):
    """Lets a user do something from everywhere."""
    literal, permit = 3, 3
    rule = (struct.pack(">b", resource) + string(name) + struct.pack(">b", literal) + string("User:" + user) + string("*") +
            struct.pack(">bb", operation, permit))
    answer = Reader(call(bootstrap, CREATE_ACLS, 1, listed([rule])))
    answer.number("i"), answer.number("i")
    error = answer.number("h")
    if error:
        raise Refused(f"allow {user}: error {error} {answer.string()}")


def set_topic_config(bootstrap, topic, key, value):
    setting = string(key) + struct.pack(">b", 0) + string(str(value))
    resource = struct.pack(">b", TOPIC_RESOURCE) + string(topic) + listed([setting])
    answer = Reader(call(bootstrap, ALTER_CONFIGS, 0, listed([resource]) + struct.pack(">b", 0)))
    answer.number("i"), answer.number("i")
    error = answer.number("h")
    if error:
        raise Refused(f"set_topic_config {topic}: error {error} {answer.string()}")
