#!/usr/bin/env python3
"""Writes the golden vectors tests/vectors/format-*.txt, the same bytes at every run. They come from FORMAT.md through this second
implementation, so the product's own code is held to the document and not to itself. Run: make_vectors.py FOLDER"""
import hashlib
import json
import sys

import make_document_vectors
import make_file_vectors
from format1 import config_associated, read_config, spell, stored_name
from golden import FILE_ID, FOLDER, KEY_ID, POINT, SUITES, VAULT_ID, VAULT_KEY, Sheet, fixed, flipped, nonce
from primitives import Gcm, Siv, hkdf


def keys_sheet():
    sheet = Sheet("format-keys.txt", "Keys derived from a vault key: FORMAT.md, Keys. These must not change.")
    for purpose in ("file header", "directory", "document", "audit"):
        for size in (32, 16):
            purpose_text = "securevault v1 " + purpose
            sheet.case("derive", purpose, "ok", vault__key=VAULT_KEY, purpose=purpose_text, size=size, key=hkdf(VAULT_KEY, purpose_text.encode(), size))
    for purpose in ("names", "links", "xattr names"):
        purpose_text = "securevault v1 " + purpose
        sheet.case("derive", purpose, "ok", vault__key=VAULT_KEY, purpose=purpose_text, size=64, key=hkdf(VAULT_KEY, purpose_text.encode(), 64))
    return sheet


def config_sheet():
    sheet = Sheet("format-config.txt", "securevault.json: FORMAT.md, Config. json is the file's bytes, floor the least n r p.")
    for suite in SUITES:
        config = {"securevault": "vault", "format": 1, "suite": suite, "blockSize": 4096, "id": VAULT_ID.hex(), "signingKey": POINT.hex(),
                  "slots": [{"type": "passphrase", "kdf": "scrypt", "n": 64, "r": 8, "p": 1, "salt": fixed("salt", 32).hex(), "nonce": nonce().hex(), "wrapped": "00" * 48}]}
        passphrase = "correct horse \u9a6c".encode()
        associated = config_associated(read_config(json.dumps(config).encode()))
        kek = hashlib.scrypt(passphrase, salt=fixed("salt", 32), n=64, r=8, p=1, maxmem=1 << 28, dklen=32)
        config["slots"][0]["wrapped"] = Gcm(suite, kek).seal(bytes.fromhex(config["slots"][0]["nonce"]), VAULT_KEY, associated).hex()

        def case(title, expect, change=lambda text: text, passphrase=passphrase, floor="64 8 1", config=config, associated=associated):
            sheet.case("config", title, expect, passphrase=passphrase, floor=floor, json=change(json.dumps(config, indent=2)).encode(), id=VAULT_ID, associated=associated, vault__key=VAULT_KEY)

        case(suite, "ok")
        case("wrong passphrase", "wrong-passphrase", passphrase=b"correct horse")
        case("cost below the floor", "weak-kdf", floor="128 8 1")
        case("cost lowered in the file", "weak-kdf", lambda t: t.replace('"n": 64', '"n": 32'))
        case("cost raised in the file", "wrong-passphrase", lambda t: t.replace('"n": 64', '"n": 128'))
        case("block size changed", "wrong-passphrase", lambda t: t.replace('"blockSize": 4096', '"blockSize": 8192'))
        case("signing key changed", "wrong-passphrase", lambda t: t.replace(POINT.hex(), flipped(POINT, 40).hex()))
        case("later format", "newer-version", lambda t: t.replace('"format": 1', '"format": 2'))
        case("unknown suite", "unknown-suite", lambda t: t.replace(suite, "rot13"))
        case("a member more", "corrupt", lambda t: t.replace('"format": 1', '"format": 1, "hint": "horse"'))
        case("a member twice", "corrupt", lambda t: t.replace('"format": 1', '"format": 1, "format": 1'))
        case("hex in capitals", "corrupt", lambda t: t.replace(VAULT_ID.hex(), VAULT_ID.hex().upper()))
        case("cut", "corrupt", lambda t: t[:-1])
    return sheet


def names_sheet():
    sheet = Sheet("format-names.txt", "Names of folder entries: FORMAT.md, Names. name and cipher are bytes, stored and companion text.")
    key = hkdf(VAULT_KEY, b"securevault v1 names", 64)
    siv = Siv(key)

    def case(title, name, expect="ok", padded=None, folder=FOLDER, change=lambda cipher: cipher):
        cipher = change(siv.seal(name + bytes(-len(name) % 16) if padded is None else padded, FOLDER))
        stored, companion = stored_name(cipher) if 32 <= len(cipher) <= 272 else (b"", b"")
        sheet.case("name", title, expect, key=key, folder=folder, name=name, cipher=cipher, tag=cipher[:16], stored=stored.decode(), companion=(companion or b"").decode())

    for title, name in (("one letter", b"a"), ("16 bytes, no padding", b"sixteen bytes xx"), ("17 bytes", b"seventeen bytes x"), ("Chinese", "\u8d22\u52a1\u62a5\u8868.xlsx".encode()),
                        ("not UTF-8", b"\xff\xfe"), ("160 bytes, the longest short one", b"s" * 160), ("161 bytes, long", b"l" * 161), ("255 bytes", b"n" * 255), ("three dots", b"...")):
        case(title, name)
    case("another folder", b"plan", "corrupt", folder=flipped(FOLDER, 0))
    case("flipped", b"plan", "corrupt", change=lambda c: flipped(c, 20))
    case("cut", b"plan", "corrupt", change=lambda c: c[:-1])
    for title, padded in (("a unit of padding too much", b"sixteen bytes xx" + bytes(16)), ("nothing but padding", bytes(16)), ("one dot", b".".ljust(16, b"\0")), ("two dots", b"..".ljust(16, b"\0")),
                          ("a slash", b"a/b".ljust(16, b"\0")), ("a NUL inside", b"a\0b".ljust(16, b"\0")), ("256 bytes", b"n" * 256)):
        case("authentic and no name: " + title, padded.rstrip(b"\0"), "corrupt", padded=padded)
    text = spell(siv.seal(b"plan".ljust(16, b"\0"), FOLDER)).decode()
    cipher = siv.seal(b"plan".ljust(16, b"\0"), FOLDER)
    sheet.case("stored", "spelled", "ok", stored=text, cipher=cipher)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for title, wrong in (("another spelling of the same bytes", text[:-1] + alphabet[alphabet.index(text[-1]) ^ 1]), ("padding", text + "="), ("a foreign letter", text[:-1] + "+"), ("an impossible length", text + "AA")):
        sheet.case("stored", title, "corrupt", stored=wrong, cipher=cipher)
    return sheet


def folders_sheet():
    sheet = Sheet("format-folders.txt", "Folder records, link targets, extended attributes: FORMAT.md, Folders to Extended attributes.")
    names, links = hkdf(VAULT_KEY, b"securevault v1 xattr names", 64), hkdf(VAULT_KEY, b"securevault v1 links", 64)
    for suite, number in SUITES.items():
        key = hkdf(VAULT_KEY, b"securevault v1 directory", Gcm.KEY_SIZE[suite])
        tags = fixed("tag", 16), fixed("previous tag", 16)

        def record(magic=b"SVD1", version=1, suite_number=number, zero=b"\0\0", folder=FOLDER, new_files=1, rest=bytes(59), key=key, suite=suite):
            head, once = magic + bytes([version, suite_number]) + zero, nonce()
            return head + once + Gcm(suite, key).seal(once, folder + tags[0] + tags[1] + KEY_ID + bytes([new_files]) + rest, head)

        def case(title, expect, stored, key=key, suite=suite):
            sheet.case("folder", title, expect, suite=suite, key=key, record=stored, id=FOLDER, name=tags[0], previous=tags[1], label_key=KEY_ID, new_files=1)

        case("folder, " + suite, "ok", record())
        case("flipped", "corrupt", flipped(record(), 100))
        case("cut", "corrupt", record()[:-1])
        case("another magic", "corrupt", record(magic=b"SVD2"))
        case("later version", "newer-version", record(version=2))
        case("unknown suite", "unknown-suite", record(suite_number=7))
        case("not zero in the open", "corrupt", record(zero=b"\0\1"))
        case("not zero inside", "corrupt", record(rest=bytes(58) + b"\1"))
        case("id zero", "corrupt", record(folder=bytes(16)))
        case("unknown protection", "corrupt", record(new_files=2))

        for value in (b"", b"Alice", fixed("value", 300)):
            once, name = nonce(), b"user.author"
            stored = b"user.securevault." + spell(Siv(names).seal(name, FILE_ID))
            sealed = once + Gcm(suite, key).seal(once, value, b"X" + FILE_ID + name)
            fields = dict(suite=suite, key=key, names__key=names, owner=FILE_ID, stored=stored.decode(), stored__value=sealed, name=name, value=value)
            sheet.case("attribute", "attribute of %d bytes" % len(value), "ok", **fields)
            sheet.case("attribute", "of another owner", "corrupt", **{**fields, "owner": flipped(FILE_ID, 3)})
            sheet.case("attribute", "flipped value", "corrupt", **{**fields, "stored__value": flipped(sealed, len(sealed) - 1)})
            sheet.case("attribute", "value of another name", "corrupt", **{**fields, "stored": (b"user.securevault." + spell(Siv(names).seal(b"user.authoR", FILE_ID))).decode()})
    for target in (b"x", b"../finance/plan.txt", b"/etc/passwd", b"t" * 3055):
        stored = spell(Siv(links).seal(target, b"symlink")).decode()
        sheet.case("link", "target of %d bytes" % len(target), "ok", key=links, stored=stored, target=target)
        sheet.case("link", "flipped", "corrupt", key=links, stored=("B" if stored[0] == "A" else "A") + stored[1:], target=target)
    sheet.case("link", "a NUL inside", "corrupt", key=links, stored=spell(Siv(links).seal(b"a\0b", b"symlink")).decode(), target=b"")
    sheet.case("link", "empty target", "corrupt", key=links, stored=spell(Siv(links).seal(b"", b"symlink")).decode(), target=b"")
    return sheet


def main(folder):
    for sheet in (keys_sheet(), config_sheet(), names_sheet(), folders_sheet(), make_document_vectors.documents_sheet(), make_document_vectors.audit_sheet(), make_file_vectors.files_sheet()):
        sheet.write(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
