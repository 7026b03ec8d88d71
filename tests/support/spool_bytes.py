"""The files of a spool, read by another hand than the host's: docs/spool-format.md and nothing else. For tests that count what lies there, or
change a byte of a chosen kind. Blocks are found by their headers alone; payloads are not opened.
"""
import dataclasses
import pathlib
import struct

SECTOR = 512
SEGMENT_HEADER = 2 * SECTOR  # one sector twice
BLOCK_HEADER = 88
BLOCK_TRAILER = 4
FOOTER = 128
SLOTS = (0, 4096)  # where the two slots of `state` begin
BLOCK_MAGIC = b"WBk\n"
FOOTER_MAGIC = b"WeirEnd\n"

# The fields of a block's header: name, first byte, bytes.
BLOCK_FIELDS = (("magic", 0, 4), ("codec", 4, 1), ("encrypted", 5, 1), ("count", 8, 4), ("stored length", 16, 8), ("raw length", 24, 8),
                ("first sequence", 32, 8), ("first time", 40, 8), ("nonce", 60, 24), ("header CRC", 84, 4))


@dataclasses.dataclass
class Block:
    at: int  # byte in its segment
    count: int
    stored: int
    first: int
    first_ms: int
    last_ms: int

    @property
    def end(self):
        """One behind its last record."""
        return self.first + self.count

    @property
    def payload(self):
        return self.at + BLOCK_HEADER

    @property
    def trailer(self):
        return self.payload + self.stored


def block_at(data, at):
    count, = struct.unpack_from("<I", data, at + 8)
    stored, _, first, first_ms, took = struct.unpack_from("<QQQqI", data, at + 16)
    return Block(at, count, stored, first, first_ms, first_ms + took)


class Segment:
    def __init__(self, path):
        self.path = path
        data = path.read_bytes()
        self.size = len(data)
        self.blocks = []
        at = SEGMENT_HEADER
        while data[at:at + len(BLOCK_MAGIC)] == BLOCK_MAGIC and at + BLOCK_HEADER <= len(data):
            block = block_at(data, at)
            if block.trailer + BLOCK_TRAILER > len(data):
                break  # torn
            self.blocks.append(block)
            at = block.trailer + BLOCK_TRAILER
        self.data_end = at
        self.is_sealed = data[at:at + len(FOOTER_MAGIC)] == FOOTER_MAGIC

    @property
    def count(self):
        return sum(block.count for block in self.blocks)


def segments(folder):
    """In order. Segments that are removed meanwhile are left out."""
    found = []
    for path in sorted(pathlib.Path(folder).glob("*.seg")):
        try:
            found.append(Segment(path))
        except FileNotFoundError:
            pass
    return found


def flip(path, at, mask=0x40):
    """Changes some bits of one byte."""
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ mask]))


def digest(folder):
    """Name → bytes of all files of the folder, to see whether anything was touched."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()}
