"""SecureVault format 1, read from FORMAT.md's rules alone. Every refusal is a Refused with the status FORMAT.md names."""
import base64
import hashlib
import json
import re
import struct

from primitives import Gcm, Siv, ecdsa_verify, hkdf

SUITES = {1: "aes-256-gcm", 2: "sm4-gcm"}
LETTERS = re.compile(rb"[A-Za-z0-9_-]*\Z")


class Refused(Exception):
    """Not Ok: corrupt, newer-version, unknown-suite, unknown-key, wrong-passphrase or weak-kdf."""

    def __init__(self, status="corrupt", why=""):
        super().__init__(why or status)
        self.status = status


def check(condition, why="", status="corrupt"):
    if not condition:
        raise Refused(status, why)


def opened(plain, why):
    check(plain is not None, why + " does not authenticate")
    return plain


def unspell(text):
    """base64url with one spelling for each byte string."""
    check(LETTERS.match(text) and len(text) % 4 != 1, "not base64url")
    data = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    check(spell(data) == text, "not the one spelling")
    return data


def spell(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def check_open_part(record, size, magic, suite_at=None, newest=1):
    check(len(record) == size and record[:4] == magic and record[4] > 0, "not a " + magic.decode() + " record")
    check(record[4] <= newest, "a later version", "newer-version")
    if suite_at is not None:
        check(record[suite_at] in SUITES, "suite " + str(record[suite_at]), "unknown-suite")


# --- config and keys ---

def _no_doubles(pairs):
    check(len(dict(pairs)) == len(pairs), "a member twice")
    return dict(pairs)


def read_config(text):
    check(len(text) <= 65536, "too long")
    try:
        config = json.loads(text.decode("utf-8"), object_pairs_hook=_no_doubles)
    except (ValueError, RecursionError) as e:
        raise Refused("corrupt", "not JSON: " + str(e)) from None
    check(isinstance(config, dict) and config.get("securevault") == "vault" and type(config.get("format")) is int and config["format"] > 0, "not a vault's config")
    check(config["format"] == 1, "format " + str(config["format"]), "newer-version")
    check(set(config) == {"securevault", "format", "suite", "blockSize", "id", "signingKey", "slots"}, "members")
    check(isinstance(config["suite"], str), "suite")
    check(config["suite"] in SUITES.values(), "suite", "unknown-suite")
    check(config["blockSize"] in (1 << shift for shift in range(12, 17)), "block size")
    check(isinstance(config["slots"], list) and len(config["slots"]) == 1 and isinstance(config["slots"][0], dict), "slots")
    slot = config["slots"][0]
    check(set(slot) == {"type", "kdf", "n", "r", "p", "salt", "nonce", "wrapped"}, "slot's members")
    check(slot["type"] == "passphrase" and slot["kdf"] == "scrypt" and all(type(slot[m]) is int and slot[m] > 0 for m in "nrp"), "slot")
    for holder, member, size in ((config, "id", 16), (config, "signingKey", 65), (slot, "salt", 32), (slot, "nonce", 12), (slot, "wrapped", 48)):
        value = holder[member]
        check(isinstance(value, str) and re.fullmatch("[0-9a-f]{%d}" % (2 * size), value), member)
        holder[member] = bytes.fromhex(value)
    return config


def config_associated(config):
    slot = config["slots"][0]
    suite = next(number for number, name in SUITES.items() if name == config["suite"])
    return (b"securevault config" + struct.pack("<IBI", config["format"], suite, config["blockSize"]) + config["id"] + config["signingKey"]
            + struct.pack("<III", slot["n"], slot["r"], slot["p"]) + slot["salt"])


def unlock(config, passphrase, floor=(65536, 8, 1)):
    slot = config["slots"][0]
    n, r, p = slot["n"], slot["r"], slot["p"]
    check(n >= floor[0] and r >= floor[1] and p >= floor[2] and n & (n - 1) == 0 and n > 1 and 128 * n * r * p <= 1 << 30, "scrypt cost", "weak-kdf")
    kek = hashlib.scrypt(passphrase, salt=slot["salt"], n=n, r=r, p=p, maxmem=(1 << 31) - 2, dklen=32)
    key = Gcm(config["suite"], kek).open(slot["nonce"], slot["wrapped"], config_associated(config))
    check(key is not None, "wrong passphrase", "wrong-passphrase")
    return key


class Keys:
    """Keys derived from the vault key."""
    AEADS = {"header": "securevault v1 file header", "directory": "securevault v1 directory", "document": "securevault v1 document", "audit": "securevault v1 audit"}
    SIVS = {"names": "securevault v1 names", "links": "securevault v1 links", "xattr_names": "securevault v1 xattr names"}

    def __init__(self, suite, vault_key):
        for name, purpose in self.AEADS.items():
            setattr(self, name, Gcm(suite, hkdf(vault_key, purpose.encode(), Gcm.KEY_SIZE[suite])))
        for name, purpose in self.SIVS.items():
            setattr(self, name, Siv(hkdf(vault_key, purpose.encode(), 64)))


# --- documents ---

def open_document(stored, kind, vault_id, key, suite, point):
    """Version and body."""
    check(len(stored) >= 108, "cut")
    check_open_part(stored, len(stored), b"SVDC", 6)
    check(stored[5] == kind and SUITES[stored[6]] == suite and stored[7] == 0, "kind or suite")
    fields = opened(key.open(stored[16:28], stored[28:], stored[:16] + vault_id), "document")
    body, signature = fields[:-64], fields[-64:]
    message = b"securevault document" + bytes([kind]) + stored[8:16] + vault_id + hashlib.sha256(body).digest()
    check(ecdsa_verify(point, message, signature), "signature")
    return struct.unpack("<Q", stored[8:16])[0], body


def read_keyring(body):
    """Scalar, and key id -> (label, epoch, key)."""
    check(len(body) >= 37 and body[0] > 0, "cut")
    check(body[0] == 1, "keyring version", "newer-version")
    keys, place, last, labels = {}, 37, bytes(16), set()
    for _ in range(struct.unpack("<I", body[33:37])[0]):
        check(place + 52 <= len(body), "cut")
        key_id, epoch, key = body[place:place + 16], struct.unpack("<I", body[place + 16:place + 20])[0], body[place + 20:place + 52]
        place, texts = place + 52, []
        for _ in range(3):
            check(place + 2 <= len(body), "cut")
            size = struct.unpack("<H", body[place:place + 2])[0]
            check(size <= 1024 and place + 2 + size <= len(body), "text")
            try:
                texts.append(body[place + 2:place + 2 + size].decode("utf-8"))
            except UnicodeDecodeError:
                raise Refused("corrupt", "not UTF-8") from None
            place += 2 + size
        label = tuple(texts)
        check(key_id > last and (label, epoch) not in labels, "order of entries")
        labels.add((label, epoch))
        keys[key_id], last = (label, epoch, key), key_id
    check(place == len(body), "bytes after the last entry")
    return body[1:33], keys


# --- names, links, attributes, folders ---

def open_name(siv, folder_id, cipher):
    """Plain name and its tag."""
    check(32 <= len(cipher) <= 272 and len(cipher) % 16 == 0, "length of an encrypted name")
    padded = opened(siv.open(cipher, folder_id), "name")
    name = padded.rstrip(b"\0")
    check(len(padded) - 16 < len(name) <= 255 and b"\0" not in name and b"/" not in name and name not in (b".", b".."), "not a name")
    return name, cipher[:16]


def stored_name(cipher):
    """Stored name, and the companion's or None."""
    text = spell(cipher)
    if len(text) <= 255:
        return text, None
    stem = spell(hashlib.sha256(cipher).digest())
    return stem + b".long", stem + b".name"


def open_folder(record, key, suite):
    check_open_part(record, 160, b"SVD1", 5)
    check(SUITES[record[5]] == suite and record[6:8] == b"\0\0", "suite")
    f = opened(key.open(record[8:20], record[20:], record[:8]), "folder record")
    check(f[:16] != bytes(16) and f[64] <= 1 and not any(f[65:]), "fields")
    return {"id": f[:16], "name": f[16:32], "previous": f[32:48], "label_key": f[48:64], "new_files": f[64]}


def open_link(siv, stored):
    check(len(stored) <= 4095, "too long")
    target = opened(siv.open(unspell(stored), b"symlink"), "link")
    check(target and b"\0" not in target, "target")
    return target


def open_attribute(siv, key, owner, stored, value):
    prefix = b"user.securevault."
    check(stored.startswith(prefix) and len(stored) <= 255, "not an attribute of the vault")
    name = opened(siv.open(unspell(stored[len(prefix):]), owner), "attribute name")
    check(name and b"\0" not in name and len(value) >= 28, "attribute")
    return name, opened(key.open(value[:12], value[12:], b"X" + owner + name), "attribute value")


# --- audit ---

def read_frame(log, place, sequence, key, vault_id, point, chain):
    """Kind, body, next place, next chain."""
    check(place + 76 <= len(log), "cut frame")
    size, kind = struct.unpack("<IB", log[place:place + 5])
    frame = log[place:place + size]
    check(76 <= size <= 76 + 65536 and len(frame) == size and kind in (1, 2) and (kind == 1 or size == 140), "frame")
    check(frame[5:8] == bytes(3) and struct.unpack("<Q", frame[8:16])[0] == sequence, "sequence")
    after = hashlib.sha256(chain + frame[:-32]).digest()
    check(after == frame[-32:], "chain")
    body = opened(key.open(frame[16:28], frame[28:-32], b"SVA1" + vault_id + frame[:16] + chain), "frame")
    if kind == 2:
        message = b"securevault checkpoint" + vault_id + struct.pack("<Q", sequence) + chain
        check(ecdsa_verify(point, message, body), "checkpoint's signature")
    return kind, body, place + size, after


def open_head(record, key, vault_id):
    check_open_part(record, 128, b"SVAH", newest=2)
    f = opened(key.open(record[8:20], record[20:], record[:8] + vault_id), "audit head")
    check(record[5:8] == bytes(3) and any(f[64:72]) == (record[4] == 2) and not any(f[72:]) and f[15] < 128, "fields")
    sequence, length = struct.unpack("<QQ", f[:16])
    policy, session = struct.unpack("<QQ", f[48:64])
    return {"sequence": sequence, "length": length, "chain": f[16:48], "policy": policy, "session": session}
