"""One stored file of format 1: header, blocks, maps, holes, journal. Reads anything with size and read_at(offset, length)."""
import struct

from format1 import SUITES, check, check_open_part, opened
from primitives import Gcm

HEADER, OVERHEAD, INLINE, MAX_SIZE = 512, 28, 1024, 1 << 44


class Bytes:
    """Stored bytes in memory: a size, and segments at offsets (zeros between)."""

    def __init__(self, size, segments):
        self.size, self.segments = size, segments

    def read_at(self, offset, length):
        length = max(0, min(length, self.size - offset))
        result = bytearray(length)
        for start, data in self.segments:
            for i in range(max(start, offset), min(start + len(data), offset + length)):
                result[i - offset] = data[i - start]
        return bytes(result)


class OnDisk:
    """A file of the store."""

    def __init__(self, path):
        self.file = open(path, "rb")
        self.size = self.file.seek(0, 2)

    def read_at(self, offset, length):
        self.file.seek(offset)
        return self.file.read(length)


class Layout:
    def __init__(self, shift):
        self.shift, self.block = shift, 1 << shift
        self.full, self.group_blocks = self.block + OVERHEAD, 8 << shift

    def group(self, index):
        return 0 if index < INLINE else 1 + (index - INLINE) // self.group_blocks

    def first(self, group):
        return INLINE + (group - 1) * self.group_blocks if group else 0

    def offset(self, index):
        return HEADER + (index + self.group(index)) * self.full

    def map_offset(self, group):
        return HEADER + (self.first(group) + group - 1) * self.full

    def count(self, size):
        return (size + self.block - 1) // self.block

    def stored_size(self, size):
        n = self.count(size)
        return HEADER if n == 0 else self.offset(n - 1) + OVERHEAD + size - (n - 1) * self.block


class StoredFile:
    """Opened and checked header of a stored file; read() gives plain bytes."""

    def __init__(self, stored, header_key, find_key, suite, shift, sessions=None, find_journal=None):
        """find_key(key id) gives key bytes or None; sessions: those whose open files are believed; find_journal(file id, session) gives bytes or None."""
        self.stored, self.layout, self.maps, self.journal = stored, Layout(shift), {}, {}
        record = stored.read_at(0, 128)
        check_open_part(record, 128, b"SVF1", 5)
        check(record[6] in range(12, 17) and record[7] <= 1 and any(record[8:24]), "identity")
        self.clear, self.id = record[7] == 1, record[8:24]
        inner = opened(header_key.open(record[24:36], record[36:], record[:24]), "key record")
        check(SUITES[record[5]] == suite and record[6] == shift, "suite or block size is not the vault's")
        self.key_id = inner[:16]
        key = find_key(self.key_id)
        check(key is not None, "no key " + self.key_id.hex(), "unknown-key")
        self.secret = opened(Gcm(suite, key).open(inner[16:28], inner[28:], record[:24] + self.key_id), "secret")
        self.key = Gcm(suite, self.secret)
        self._read_state(stored.read_at(128, 384))
        if self.flags & 1:
            self._recover(sessions or (), find_journal)
        else:
            check(stored.size == self.layout.stored_size(self.size), "cut or extended")

    def _read_state(self, record):
        check(len(record) == 384, "cut")
        f = opened(self.key.open(record[:12], record[12:], b"S" + self.id), "state record")
        self.size, self.data_blocks, self.session, self.generation, self.flags = struct.unpack("<QQQQI", f[:36])
        self.name, self.previous, self.holes = f[40:56], f[56:72], f[72:200]
        check(self.size <= MAX_SIZE and self.data_blocks <= self.layout.count(self.size) and self.flags in (0, 1, 2, 3, 6, 7) and not any(f[36:40]) and not any(f[344:]), "state")
        others = [f[at:at + 16] for at in range(200, 344, 16)]
        self.others = [tag for tag in others if any(tag)] if self.flags & 4 else []
        check(others == self.others + [bytes(16)] * (9 - len(self.others)), "other names")

    def _recover(self, sessions, find_journal):
        """An open file of a running or crashed session: journal, recorded blocks, late blocks."""
        check(self.session in sessions, "open in session %d, which neither runs nor crashed" % self.session)
        self.recorded_size, self.late = self.size, {}
        self._read_journal(find_journal and find_journal(self.id, self.session) or b"")
        for index in [key for key in self.journal if key >= 0 and self._is_hole(key)]:
            del self.journal[index]
        last, block = self.data_blocks - 1, self.layout.block
        if last in self.journal:
            self.size = max(self.size, last * block + len(self.journal[last]) - OVERHEAD)
        if last >= 0 and not self._is_hole(last) and self.size < (last + 1) * block:
            return
        for index in range(self.data_blocks, (self.stored.size - HEADER) // self.layout.full + 1):
            sealed = self.stored.read_at(self.layout.offset(index), self.layout.full)
            end = index * block + len(sealed) - OVERHEAD
            if len(sealed) > OVERHEAD and (len(sealed) == self.layout.full or end >= self.size):
                plain = self._open_block(index, sealed)
                if plain is not None:
                    self.late[index], self.size = plain, max(self.size, end)

    def _read_journal(self, data):
        if data[:8] != b"SVJ1\1\0\0\0" or data[8:24] != self.id or data[24:32] != struct.pack("<Q", self.session):
            return
        place = 32
        while place + 12 <= len(data):
            index, length = struct.unpack("<qI", data[place:place + 12])
            sealed = data[place + 12:place + 12 + length]
            possible = OVERHEAD < length <= self.layout.full if index >= 0 else length == self.layout.full
            if not possible or len(sealed) < length or (self._open_block(index, sealed) if index >= 0 else self._open_map(-index, sealed)) is None:
                return
            wanted = min(self.layout.block, self.recorded_size - index * self.layout.block)
            if index < self.data_blocks and (length - OVERHEAD >= wanted if index >= 0 else self.layout.first(-index) < self.data_blocks):
                self.journal[index] = sealed
            place += 12 + length

    def _sealed(self, index, length):
        if index in self.journal:
            return self.journal[index]
        return self.stored.read_at(self.layout.offset(index), length)

    def _open_block(self, index, sealed):
        place = self.id + struct.pack("<Q", index)
        if not self.clear:
            return self.key.open(sealed[:12], sealed[12:], b"B" + place)
        plain = sealed[12:-16]
        return plain if self.key.open(sealed[:12], sealed[-16:], b"C" + place + plain) is not None else None

    def _open_map(self, group, sealed):
        return self.key.open(sealed[:12], sealed[12:], b"M" + self.id + struct.pack("<Q", group))

    def _is_hole(self, index):
        if index >= self.data_blocks:
            return True
        group = self.layout.group(index)
        if group == 0:
            bits = self.holes
        else:
            if group not in self.maps:
                sealed = self.journal.get(-group) or self.stored.read_at(self.layout.map_offset(group), self.layout.full)
                check(len(sealed) == self.layout.full, "cut map")
                self.maps[group] = opened(self._open_map(group, sealed), "map %d" % group)
            bits = self.maps[group]
        bit = index - self.layout.first(group)
        return bits[bit // 8] >> (bit % 8) & 1 == 1

    def blocks(self):
        """Plain bytes, block by block."""
        for index in range(self.layout.count(self.size)):
            length = min(self.layout.block, self.size - (index << self.layout.shift))
            if self.flags & 1 and index in self.late:
                yield self.late[index].ljust(length, b"\0")
            elif self._is_hole(index):
                yield bytes(length)
            else:
                if self.flags & 1:
                    length = min(length, self.recorded_size - (index << self.layout.shift))
                sealed = self._sealed(index, length + OVERHEAD)
                yield opened(self._open_block(index, sealed), "block %d" % index)

    def read(self):
        return b"".join(self.blocks())
