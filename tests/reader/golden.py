"""What the golden vectors share: fixed keys, ids and nonces, the signer, and the sheets of text they are written on."""
import hashlib
import os

from primitives import N, multiply, point_bytes

SUITES = {"aes-256-gcm": 1, "sm4-gcm": 2}
counter = 0


def fixed(what, size):
    """Bytes that look random and are the same at every run."""
    out = b""
    while len(out) < size:
        out += hashlib.sha256(b"golden|%s|%d" % (what.encode(), len(out))).digest()
    return out[:size]


def nonce():
    global counter
    counter += 1
    return fixed("nonce %d" % counter, 12)


VAULT_KEY, VAULT_ID = fixed("vault key", 32), fixed("vault id", 16)
SCALAR = int.from_bytes(fixed("scalar", 32), "big") % N
POINT = point_bytes(multiply(SCALAR))
FOLDER, KEY_ID, FILE_ID = fixed("folder id", 16), fixed("key id", 16), fixed("file id", 16)
COMPARTMENT, SECRET = fixed("compartment key", 32), fixed("secret", 32)


def sign(message):
    k = int.from_bytes(hashlib.sha256(b"k|" + SCALAR.to_bytes(32, "big") + message).digest(), "big") % N
    r = multiply(k)[0] % N
    s = pow(k, -1, N) * (int.from_bytes(hashlib.sha256(message).digest(), "big") + r * SCALAR) % N
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class Sheet:
    """One file of vectors."""

    def __init__(self, name, about):
        self.name, self.lines = name, ["# " + line for line in about.split("\n")] + [""]

    def case(self, kind, title, expect, **fields):
        self.lines += ["case: " + title, "kind: " + kind, "expect: " + expect]
        for field, values in fields.items():
            for value in values if isinstance(values, list) else [values]:
                self.lines.append(("%s: %s" % (field.replace("__", "-"), value.hex() if isinstance(value, bytes) else value)).rstrip())
        self.lines.append("")

    def write(self, folder):
        with open(os.path.join(folder, self.name), "w", encoding="ascii", newline="\n") as file:
            file.write("\n".join(self.lines).rstrip("\n") + "\n")


def flipped(data, at, bit=1):
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1:]
