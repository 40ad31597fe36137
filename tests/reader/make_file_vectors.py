"""Golden vectors of stored files; see make_vectors.py."""
import hashlib
import struct

from golden import COMPARTMENT, FILE_ID, KEY_ID, SECRET, SUITES, VAULT_KEY, Sheet, fixed, flipped, nonce
from primitives import Gcm, hkdf
from stored_file import Layout

NAME, PREVIOUS = fixed("tag", 16), fixed("previous tag", 16)


class Writer:
    """One stored file, written as FORMAT.md says."""

    def __init__(self, suite, shift, protection=0, file_id=FILE_ID, secret=SECRET):
        self.suite, self.layout, self.clear, self.id, self.secret = suite, Layout(shift), protection == 1, file_id, secret
        self.header_key = hkdf(VAULT_KEY, b"securevault v1 file header", Gcm.KEY_SIZE[suite])
        self.file_key, self.protection, self.segments = Gcm(suite, secret), protection, []

    def key_record(self, version=1, suite_number=None, inner_id=KEY_ID):
        front = b"SVF1" + bytes([version, suite_number or SUITES[self.suite], self.layout.shift, self.protection]) + self.id
        once, outer = nonce(), nonce()
        inner = KEY_ID + once + Gcm(self.suite, COMPARTMENT).seal(once, self.secret, front + inner_id)
        return front + outer + Gcm(self.suite, self.header_key).seal(outer, inner, front)

    def state(self, size, data_blocks, flags=0, holes=bytes(128), session=7, zero=bytes(156)):
        once = nonce()
        fields = struct.pack("<QQQQII", size, data_blocks, session, 3, flags, 0) + NAME + PREVIOUS + holes + zero
        return once + self.file_key.seal(once, fields, b"S" + self.id)

    def block(self, index, plain):
        once, place = nonce(), self.id + struct.pack("<Q", index)
        if self.clear:
            return once + plain + self.file_key.seal(once, b"", b"C" + place + plain)
        return once + self.file_key.seal(once, plain, b"B" + place)

    def map(self, group, bits):
        once = nonce()
        return once + self.file_key.seal(once, bits.ljust(self.layout.block, b"\0"), b"M" + self.id + struct.pack("<Q", group))

    def put(self, offset, data):
        self.segments.append((offset, data))

    def put_header(self, state, **key_record):
        self.put(0, self.key_record(**key_record) + state)

    def put_block(self, index, plain):
        self.put(self.layout.offset(index), self.block(index, plain))


def files_sheet():
    sheet = Sheet("format-files.txt", "Stored files: FORMAT.md, Files. The stored file has stored-size bytes, zero but for the segments (offset, bytes).\n"
                  "key is the header key; crashed lists the sessions whose open files are believed; journal is the journal's bytes.")

    def case(title, expect, w, plain, stored_size=None, segments=None, keys=None, crashed="", journal=b""):
        sheet.case("file", title, expect, suite=w.suite, block__shift=w.layout.shift, key=w.header_key, compartment__key=keys or ["%s %s" % (KEY_ID.hex(), COMPARTMENT.hex())],
                   crashed=crashed, journal=journal, stored__size=w.layout.stored_size(len(plain)) if stored_size is None else stored_size,
                   segment=["%d %s" % (offset, data.hex()) for offset, data in segments or w.segments], id=w.id, secret=w.secret, name=NAME, previous=PREVIOUS, session=7, generation=3,
                   plain__size=len(plain), plain__sha256=hashlib.sha256(plain).digest())

    def full(suite, shift, size, protection=0):
        w, plain = Writer(suite, shift, protection), fixed("plain %d" % size, size)
        w.put_header(w.state(size, w.layout.count(size)))
        for index in range(w.layout.count(size)):
            w.put_block(index, plain[index << shift:(index + 1) << shift])
        return w, plain

    for suite in SUITES:
        for size in (0, 1, 100):
            case("%d bytes, %s" % (size, suite), "ok", *full(suite, 12, size))
        case("clear, 100 bytes, " + suite, "ok", *full(suite, 12, 100, 1))
    for size in (4095, 4096, 4097):
        case("%d bytes" % size, "ok", *full("aes-256-gcm", 12, size))
    case("64 KiB blocks", "ok", *full("aes-256-gcm", 16, 100))
    refused(case, full)
    holes(case)
    opens(case)
    several_names(case)
    return sheet


def refused(case, full):
    w, plain = full("aes-256-gcm", 12, 100)
    header, block = w.segments
    size = w.layout.stored_size(100)
    for at in (0, 6, 7, 8, 24, 36, 60, 127, 128, 140, 511):
        case("header flipped at %d" % at, "corrupt", w, plain, segments=[(0, flipped(header[1], at)), block])
    for at in (0, 12, 111, 112, 127):
        case("block flipped at %d" % at, "corrupt", w, plain, segments=[header, (512, flipped(block[1], at))])
    case("block zeroed", "corrupt", w, plain, segments=[header])
    for stored_size in (0, 511, 512, size - 1, size + 1):
        case("stored size %d for %d" % (stored_size, size), "corrupt", w, plain, stored_size)
    case("no key for the key id", "unknown-key", w, plain, keys=["%s %s" % (flipped(KEY_ID, 0).hex(), COMPARTMENT.hex())])
    case("another key under the key id", "corrupt", w, plain, keys=["%s %s" % (KEY_ID.hex(), flipped(COMPARTMENT, 0).hex())])
    for title, expect, change in (("later version", "newer-version", {"version": 2}), ("unknown suite", "unknown-suite", {"suite_number": 9}), ("secret wrapped for another key id", "corrupt", {"inner_id": flipped(KEY_ID, 0)})):
        w = Writer("aes-256-gcm", 12)
        w.put_header(w.state(0, 0), **change)
        case(title, expect, w, b"")
    for title, state in (("more data blocks than blocks", (4096, 2)), ("unknown flag", (0, 0, 4)), ("larger than 16 TiB", ((1 << 44) + 1, 0)), ("not zero", (0, 0, 0, bytes(128), 7, bytes(155) + b"\1"))):
        w = Writer("aes-256-gcm", 12)
        w.put_header(w.state(*state))
        case("authentic and impossible: " + title, "corrupt", w, b"")
    w, plain = full("aes-256-gcm", 12, 8192)
    header, first, second = w.segments
    case("two blocks", "ok", w, plain)
    case("two blocks swapped", "corrupt", w, plain, segments=[header, (first[0], second[1]), (second[0], first[1])])
    case("the first block twice", "corrupt", w, plain, segments=[header, first, (second[0], first[1])])
    case("header of another file before the blocks", "corrupt", w, plain, segments=[(0, Writer("aes-256-gcm", 12, 0, flipped(FILE_ID, 0)).key_record() + header[1][128:]), first, second])
    other = Writer("aes-256-gcm", 12, 0, FILE_ID, flipped(SECRET, 31))
    case("block sealed under another secret", "corrupt", w, plain, segments=[header, first, (second[0], other.block(1, plain[4096:]))])


def holes(case):
    for size in (1, 4096, 10_000_000):
        w = Writer("aes-256-gcm", 12)
        w.put_header(w.state(size, 0))
        case("a hole of %d bytes" % size, "ok", w, bytes(size))
    w, text = Writer("aes-256-gcm", 12), fixed("sparse", 4096)
    w.put_header(w.state(3 * 4096 + 5, 3, holes=b"\x02".ljust(128, b"\0")))
    w.put_block(0, text)
    w.put_block(2, text)
    plain = text + bytes(4096) + text + bytes(5)
    case("data, hole, data, tail hole", "ok", w, plain)
    case("what is stored in a hole means nothing", "ok", w, plain, segments=w.segments + [(w.layout.offset(1) + 20, b"noise")])
    wrong = Writer("aes-256-gcm", 12)
    wrong.put_header(wrong.state(3 * 4096 + 5, 3))
    case("the same without the hole's bit", "corrupt", wrong, plain, segments=wrong.segments + w.segments[1:])

    # Past the first 1024 blocks: all of them holes, then map 1, then a hole and one block of data.
    w, text = Writer("aes-256-gcm", 12), fixed("past the map", 10)
    w.put_header(w.state(1025 * 4096 + 10, 1026, holes=b"\xff" * 128))
    w.put(w.layout.map_offset(1), w.map(1, b"\x01"))
    w.put_block(1025, text)
    plain = bytes(1025 * 4096) + text
    case("a map block", "ok", w, plain)
    case("a map block zeroed", "corrupt", w, plain, segments=[w.segments[0], w.segments[2]])
    case("a map block flipped", "corrupt", w, plain, segments=[w.segments[0], (w.segments[1][0], flipped(w.segments[1][1], 4000)), w.segments[2]])
    case("the map of another group", "corrupt", w, plain, segments=[w.segments[0], (w.segments[1][0], w.map(2, b"\x01")), w.segments[2]])


def several_names(case):
    """Other names' tags: only where they are listed, and without gaps."""
    tag, none = fixed("another name", 16), bytes(16)
    for title, expect, flags, tags, rest in (
            ("many names, not listed", "ok", 2, none * 9, bytes(12)), ("names listed", "ok", 6, tag + none * 8, bytes(12)), ("names listed, all places taken", "ok", 6, tag * 9, bytes(12)),
            ("no other names listed", "ok", 6, none * 9, bytes(12)), ("other names that are not listed", "corrupt", 2, tag + none * 8, bytes(12)), ("names listed of a file of one", "corrupt", 4, none * 9, bytes(12)),
            ("a gap among the other names", "corrupt", 6, none + tag + none * 7, bytes(12)), ("not zero after the other names", "corrupt", 6, tag + none * 8, bytes(11) + b"\1"), ("an unknown flag", "corrupt", 8, none * 9, bytes(12))):
        w = Writer("aes-256-gcm", 12)
        w.put_header(w.state(0, 0, flags=flags, zero=tags + rest))
        case(title, expect, w, b"")


def opens(case):
    w, text = Writer("aes-256-gcm", 12), fixed("crashed", 3 * 4096)
    blocks = [text[i:i + 4096] for i in range(0, len(text), 4096)]
    w.put_header(w.state(8192, 2, flags=1))
    for index, block in enumerate(blocks[:2]):
        w.put_block(index, block)
    w.put_block(2, blocks[2][:700])
    plain, size = text[:8192 + 700], w.layout.stored_size(8192 + 700)
    case("open, crashed while appending", "ok", w, plain, size, crashed="5 7")
    case("open in a session that neither runs nor crashed", "corrupt", w, plain, size, crashed="5 8")
    case("open, appended block torn", "ok", w, text[:8192], size - 1, crashed="7")
    case("open, a recorded block cut", "corrupt", w, text[:8192], w.layout.stored_size(8192) - 1, crashed="7")
    journals(case, w, plain, size)

    # The last recorded block is short: whatever stands after it was not written in this shape.
    w = Writer("aes-256-gcm", 12)
    w.put_header(w.state(4096 + 50, 2, flags=1))
    w.put_block(0, blocks[0])
    w.put_block(1, blocks[1][:50])
    w.put_block(2, blocks[2])
    case("open, nothing follows a short recorded block", "ok", w, text[:4096 + 50], w.layout.stored_size(3 * 4096), crashed="7")
    header, first, _, third = w.segments
    longer = journal(w) + entry(w, 1, blocks[1])
    case("open, the short last block is longer in the journal", "ok", w, text, w.layout.stored_size(3 * 4096), [header, first, third], crashed="7", journal=longer)
    shorter = journal(w) + entry(w, 1, blocks[1][:20])
    case("open, a cut that was not finished", "ok", w, text[:4096 + 50], w.layout.stored_size(3 * 4096), crashed="7", journal=shorter)

    w = Writer("aes-256-gcm", 12)
    w.put_header(w.state(3 * 4096, 3, flags=1, holes=b"\x02".ljust(128, b"\0")))
    w.put_block(0, blocks[0])
    w.put_block(2, blocks[2])
    case("open, a hole's entry in the journal is void", "ok", w, blocks[0] + bytes(4096) + blocks[2], crashed="7", journal=journal(w) + entry(w, 1, blocks[1]))


def journal(w, session=7):
    return b"SVJ1\1\0\0\0" + w.id + struct.pack("<Q", session)


def entry(w, index, plain):
    sealed = w.block(index, plain)
    return struct.pack("<qI", index, len(sealed)) + sealed


def journals(case, w, plain, size):
    """Block 0 is torn in the file; where the journal has it the file is whole."""
    new, newer = fixed("overwritten", 4096), fixed("overwritten again", 4096)
    torn_file = [w.segments[0], (512, b"\xee" * 4124)] + w.segments[2:]
    whole = journal(w) + entry(w, 0, new)

    def journaled(title, expect, data, plain, segments=torn_file):
        case("open, " + title, expect, w, plain, size, segments, crashed="7", journal=data)

    after = new + plain[4096:]
    journaled("block 0 in the journal", "ok", whole, after)
    journaled("the later of two entries stands", "ok", whole + entry(w, 0, newer), newer + plain[4096:])
    journaled("a torn entry ends the journal", "ok", whole + entry(w, 1, new)[:-1], after)
    journaled("an entry that is not authentic ends the journal", "ok", whole + flipped(entry(w, 0, newer), 40) + entry(w, 0, newer), after)
    journaled("an entry in another place is not authentic", "corrupt", journal(w) + struct.pack("<qI", 0, 4124) + w.block(1, new), after)
    journaled("no journal", "corrupt", b"", after)
    journaled("the journal of another session counts as none", "ok", journal(w, 8) + entry(w, 0, new), plain, w.segments)
