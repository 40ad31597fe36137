"""Golden vectors of documents, keyring and audit log; see make_vectors.py."""
import hashlib
import struct

from golden import COMPARTMENT, KEY_ID, POINT, SCALAR, SUITES, VAULT_ID, VAULT_KEY, Sheet, fixed, flipped, nonce, sign
from primitives import Gcm, hkdf


def keyring_body(entries, version=1, tail=b"", scalar=SCALAR):
    body = bytes([version]) + scalar.to_bytes(32, "big") + struct.pack("<I", len(entries))
    for key_id, epoch, key, label in entries:
        body += key_id + struct.pack("<I", epoch) + key + b"".join(struct.pack("<H", len(text)) + text for text in label)
    return body + tail


def documents_sheet():
    sheet = Sheet("format-documents.txt", "Sealed documents and the keyring's body: FORMAT.md, Sealed documents.\nentry: key id, epoch, key, department|level|compartment as UTF-8 in hex")
    for suite, number in SUITES.items():
        key = hkdf(VAULT_KEY, b"securevault v1 document", Gcm.KEY_SIZE[suite])

        def stored(kind=2, body=b"{}", version=1, suite_number=number, zero=0, said_kind=None, body_signed=None, vault_id=VAULT_ID, key=key, suite=suite):
            head, once = b"SVDC" + bytes([version, kind, suite_number, zero]) + struct.pack("<Q", 42), nonce()
            message = b"securevault document" + bytes([said_kind or kind]) + head[8:] + vault_id + hashlib.sha256(body if body_signed is None else body_signed).digest()
            return head + once + Gcm(suite, key).seal(once, body + sign(message), head + vault_id)

        def case(title, expect, data, kind=2, body=b"{}", key=key, suite=suite):
            sheet.case("document", title, expect, suite=suite, key=key, signing__key=POINT, vault__id=VAULT_ID, document__kind=kind, stored=data, version=42, body=body)

        for kind, body in ((1, fixed("body", 200)), (2, b"{}"), (3, b'{"session":7,"running":true,"boot":"","crashed":[3,5]}'), (4, b"")):
            case("kind %d, %s" % (kind, suite), "ok", stored(kind, body), kind, body)
        case("asked for as another kind", "corrupt", stored(), 3)
        case("signed as another kind", "corrupt", stored(said_kind=3))
        case("signed for another body", "corrupt", stored(body_signed=b"{ }"))
        case("of another vault", "corrupt", stored(vault_id=flipped(VAULT_ID, 0)))
        case("flipped", "corrupt", flipped(stored(), 30))
        case("document version changed", "corrupt", flipped(stored(), 8))
        case("cut", "corrupt", stored()[:-1])
        case("too short", "corrupt", stored()[:107])
        case("not zero", "corrupt", stored(zero=1))
        case("later version", "newer-version", stored(version=2))
        case("unknown suite", "unknown-suite", stored(suite_number=9))

    one, two = (bytes(15) + b"\5", 1, COMPARTMENT, (b"", b"", b"")), (KEY_ID, 3, fixed("other key", 32), ("\u8d22\u52a1/treasury".encode(), b"secret", b"customer-7"))

    def ring(title, expect, body, entries):
        lines = ["%s %d %s %s" % (e[0].hex(), e[1], e[2].hex(), b"|".join(e[3]).hex()) for e in entries]
        sheet.case("keyring", title, expect, body=body, scalar=SCALAR.to_bytes(32, "big"), entry=lines)

    ring("two keys", "ok", keyring_body([one, two]), [one, two])
    ring("no key", "ok", keyring_body([]), [])
    ring("out of order", "corrupt", keyring_body([two, one]), [])
    ring("one id twice", "corrupt", keyring_body([one, (one[0],) + two[1:]]), [])
    ring("one label and epoch twice", "corrupt", keyring_body([one, (KEY_ID,) + one[1:]]), [])
    ring("id zero", "corrupt", keyring_body([(bytes(16),) + one[1:]]), [])
    ring("a byte more", "corrupt", keyring_body([one], tail=b"\0"), [])
    ring("a byte less", "corrupt", keyring_body([one, two])[:-1], [])
    ring("not UTF-8", "corrupt", keyring_body([one[:3] + ((b"\xff", b"", b""),)]), [])
    ring("a text too long", "corrupt", keyring_body([one[:3] + ((b"d" * 1025, b"", b""),)]), [])
    ring("later version", "newer-version", keyring_body([one], version=2), [])
    return sheet


def audit_sheet():
    sheet = Sheet("format-audit.txt", "Audit log and head: FORMAT.md, Audit log. frame: kind, and a record's body.")
    key = hkdf(VAULT_KEY, b"securevault v1 audit", 32)
    gcm = Gcm("aes-256-gcm", key)

    def frame(kind, sequence, body, chain, signer=sign):
        if kind == 2:
            body = signer(b"securevault checkpoint" + VAULT_ID + struct.pack("<Q", sequence) + chain)
        head, once = struct.pack("<IIQ", len(body) + 76, kind, sequence), nonce()
        front = head + once + gcm.seal(once, body, b"SVA1" + VAULT_ID + head + chain)
        after = hashlib.sha256(chain + front).digest()
        return front + after, after

    def log(*bodies, signer=sign):
        frames, chain = [], bytes(32)
        for number, body in enumerate(bodies, 1):
            data, chain = frame(2 if body is None else 1, number, body, chain, signer)
            frames.append(data)
        return frames, chain

    bodies = (b'{"event":"mount"}', b"", None, b'{"event":"open"}')
    frames, chain = log(*bodies)
    said = ["2" if body is None else ("1 " + body.hex()).strip() for body in bodies]

    def case(title, expect, data, said=said, chain=chain, vault_id=VAULT_ID):
        sheet.case("log", title, expect, key=key, signing__key=POINT, vault__id=vault_id, log=data, frame=said, chain=chain)

    whole = b"".join(frames)
    case("records and a checkpoint", "ok", whole)
    case("the log's beginning", "ok", frames[0], said[:1], frames[0][-32:])
    case("the second record left out", "corrupt", frames[0] + frames[2] + frames[3])
    case("two records swapped", "corrupt", frames[1] + frames[0] + frames[2] + frames[3])
    case("a record twice", "corrupt", frames[0] + frames[0])
    case("cut", "corrupt", whole[:-1])
    case("of another vault", "corrupt", whole, vault_id=flipped(VAULT_ID, 0))
    for at in (0, 4, 5, 8, 16, 28, len(frames[0]) - 33, len(frames[0]) - 1, len(frames[0]) + len(frames[1]) + 40):
        case("flipped at %d" % at, "corrupt", flipped(whole, at))
    forged, _ = log(*bodies, signer=lambda message: sign(message + b"!"))
    case("a checkpoint not signed by the vault", "corrupt", b"".join(forged))

    def head(version=1, zero=bytes(3), length=len(whole), rest=bytes(28), vault_id=VAULT_ID, once=None):
        front, once = b"SVAH" + bytes([version]) + zero, once or nonce()
        return front + once + gcm.seal(once, struct.pack("<QQ", 4, length) + chain + struct.pack("<QQ", 9, 7) + rest, front + vault_id)

    def head_case(title, expect, record):
        sheet.case("head", title, expect, key=key, vault__id=VAULT_ID, record=record, sequence=4, length=len(whole), chain=chain, policy=9, session=7)

    head_case("head", "ok", head())
    head_case("flipped", "corrupt", flipped(head(), 50))
    head_case("cut", "corrupt", head()[:-1])
    head_case("of another vault", "corrupt", head(vault_id=bytes(16)))
    head_case("later version", "newer-version", head(version=3))
    head_case("not zero in the open", "corrupt", head(zero=b"\0\0\1"))
    head_case("not zero inside", "corrupt", head(rest=bytes(27) + b"\1"))
    head_case("a negative length", "corrupt", head(length=1 << 63))
    labels, later = struct.pack("<Q", 5), b"later cases "  # a nonce of their own: those of the other cases stay what they were
    head_case("with given labels", "ok", head(version=2, rest=labels + bytes(20), once=later))
    head_case("given labels in version 1", "corrupt", head(rest=labels + bytes(20), once=later))
    head_case("no given labels in version 2", "corrupt", head(version=2, once=later))
    head_case("not zero inside version 2", "corrupt", head(version=2, rest=labels + bytes(19) + b"\1", once=later))
    return sheet
