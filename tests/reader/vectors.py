"""Golden vectors: text files of cases. A case is lines "field: value" up to an empty line; '#' begins a comment; a field may repeat.
`kind` says what is read, `expect` what comes of it (ok or a status); all byte values are hex."""
import hashlib
import sys

import format1
from format1 import Refused, check
from primitives import Gcm, Siv, hkdf
from stored_file import Bytes, StoredFile


def cases(path):
    case, number = {}, 0
    with open(path, encoding="ascii") as file:
        for number, line in enumerate(list(file) + [""], 1):
            line = line.rstrip("\n")
            if not line.strip():
                if case:
                    yield case
                case = {}
            elif not line.startswith("#"):
                field, _, value = line.partition(":")
                case.setdefault("line", number)
                case.setdefault(field, []).append(value.strip())


class Case:
    def __init__(self, fields):
        self.fields, self.line = fields, fields.pop("line")

    def text(self, field, default=""):
        return self.fields.get(field, [default])[0]

    def hex(self, field):
        return bytes.fromhex(self.text(field))

    def number(self, field):
        return int(self.text(field))

    def aead(self, field="key"):
        return Gcm(self.text("suite", "aes-256-gcm"), self.hex(field))

    def same(self, field, value):
        expected = self.text(field) if isinstance(value, str) else self.number(field) if isinstance(value, int) else self.hex(field)
        if expected != value:
            raise AssertionError("another %s" % field)


def derive(c):
    c.same("key", hkdf(c.hex("vault-key"), c.text("purpose").encode(), c.number("size")))


def config(c):
    found = format1.read_config(c.hex("json"))
    c.same("vault-key", format1.unlock(found, c.hex("passphrase"), tuple(map(int, c.text("floor").split()))))
    c.same("id", found["id"])
    c.same("associated", format1.config_associated(found))


def name(c):
    siv = Siv(c.hex("key"))
    plain, tag = format1.open_name(siv, c.hex("folder"), c.hex("cipher"))
    c.same("name", plain)
    c.same("tag", tag)
    c.same("cipher", siv.seal(plain + bytes(-len(plain) % 16), c.hex("folder")))
    stored, companion = format1.stored_name(c.hex("cipher"))
    c.same("stored", stored.decode())
    c.same("companion", (companion or b"").decode())


def stored(c):
    """The spelling of a stored name alone."""
    c.same("cipher", format1.unspell(c.text("stored").encode()))


def link(c):
    c.same("target", format1.open_link(Siv(c.hex("key")), c.text("stored").encode()))


def attribute(c):
    plain, value = format1.open_attribute(Siv(c.hex("names-key")), c.aead(), c.hex("owner"), c.text("stored").encode(), c.hex("stored-value"))
    c.same("name", plain)
    c.same("value", value)


def folder(c):
    found = format1.open_folder(c.hex("record"), c.aead(), c.text("suite"))
    for field in ("id", "name", "previous", "label_key", "new_files"):
        c.same(field, found[field])


def document(c):
    version, body = format1.open_document(c.hex("stored"), c.number("document-kind"), c.hex("vault-id"), c.aead(), c.text("suite"), c.hex("signing-key"))
    c.same("version", version)
    c.same("body", body)


def keyring(c):
    scalar, keys = format1.read_keyring(c.hex("body"))
    c.same("scalar", scalar)
    entries = ["%s %d %s %s" % (key_id.hex(), epoch, key.hex(), "|".join(label).encode().hex()) for key_id, (label, epoch, key) in keys.items()]
    if entries != c.fields.get("entry", []):
        raise AssertionError("entries: %r" % entries)


def log(c):
    data, place, chain, frames = c.hex("log"), 0, bytes(32), []
    while place < len(data):
        kind, body, place, chain = format1.read_frame(data, place, len(frames) + 1, c.aead(), c.hex("vault-id"), c.hex("signing-key"), chain)
        frames.append("%d %s" % (kind, body.hex() if kind == 1 else ""))
    if [frame.strip() for frame in frames] != c.fields["frame"]:
        raise AssertionError("frames: %r" % frames)
    c.same("chain", chain)


def head(c):
    found = format1.open_head(c.hex("record"), c.aead(), c.hex("vault-id"))
    for field in ("sequence", "length", "chain", "policy", "session"):
        c.same(field, found[field])


def file(c):
    segments = [(int(offset), bytes.fromhex(data)) for offset, data in (segment.split() for segment in c.fields.get("segment", []))]
    keys = {bytes.fromhex(key_id): bytes.fromhex(key) for key_id, key in (pair.split() for pair in c.fields.get("compartment-key", []))}
    sessions = [int(s) for s in c.text("crashed").split()]
    found = StoredFile(Bytes(c.number("stored-size"), segments), c.aead(), keys.get, c.text("suite"), c.number("block-shift"), sessions,
                       lambda file_id, session: c.hex("journal") or None)
    plain = found.read()
    c.same("id", found.id)
    c.same("secret", found.secret)
    for field in ("name", "previous"):
        c.same(field, getattr(found, field))
    for field in ("session", "generation"):
        c.same(field, getattr(found, field))
    c.same("plain-size", len(plain))
    c.same("plain-sha256", hashlib.sha256(plain).digest())


KINDS = {f.__name__: f for f in (derive, config, name, stored, link, attribute, folder, document, keyring, log, head, file)}


def check_files(paths):
    passed = failed = 0
    for path in paths:
        for fields in cases(path):
            c = Case(fields)
            try:
                check(c.text("kind") in KINDS, "unknown kind " + c.text("kind"), "unknown-kind")
                KINDS[c.text("kind")](c)
                result = "ok"
            except Refused as refused:
                result = refused.status
            except AssertionError as wrong:
                result = str(wrong)
            if result == c.text("expect"):
                passed += 1
            else:
                failed += 1
                print("%s:%d: %s: expected %s, found %s" % (path, c.line, c.text("case"), c.text("expect"), result), file=sys.stderr)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0
