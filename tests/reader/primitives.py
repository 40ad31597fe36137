"""Primitives for the second reader: AES and SM4 in GCM, AES-SIV, HKDF, ECDSA P-256. Plain Python; AES blocks come from
the `cryptography` package when it is installed (fast), else from the code below (slow, good enough for samples)."""
import hashlib
import hmac

try:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    HAVE_CRYPTOGRAPHY = True
except ImportError:
    HAVE_CRYPTOGRAPHY = False


# --- block ciphers: each gives a function from any number of 16-byte blocks to as many encrypted ones ---

def _aes_tables():
    exp, log, x = [0] * 256, [0] * 256, 1
    for i in range(255):
        exp[i], log[x] = x, i
        x ^= (x << 1) ^ (0x11B if x & 0x80 else 0)
        x &= 0xFF
    box = []
    for i in range(256):
        inverse = exp[(255 - log[i]) % 255] if i else 0
        value = 0x63
        for shift in range(5):
            value ^= ((inverse << shift) | (inverse >> (8 - shift))) & 0xFF
        box.append(value)
    return box


AES_BOX = _aes_tables()


def _double(x):
    return ((x << 1) ^ (0x11B if x & 0x80 else 0)) & 0xFF


def _aes_round_keys(key):
    words = [list(key[i:i + 4]) for i in range(0, len(key), 4)]
    count, rcon = len(words), 1
    for i in range(count, 4 * (count + 7)):
        word = list(words[i - 1])
        if i % count == 0:
            word = [AES_BOX[b] for b in word[1:] + word[:1]]
            word[0] ^= rcon
            rcon = _double(rcon)
        elif count > 6 and i % count == 4:
            word = [AES_BOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[i - count], word)])
    return [sum(words[i:i + 4], []) for i in range(0, len(words), 4)]


def _aes_block(keys, block):
    state = [a ^ b for a, b in zip(block, keys[0])]
    for number, key in enumerate(keys[1:], 1):
        state = [AES_BOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if number < len(keys) - 1:
            mixed = []
            for c in range(0, 16, 4):
                a = state[c:c + 4]
                every = a[0] ^ a[1] ^ a[2] ^ a[3]
                mixed += [a[i] ^ every ^ _double(a[i] ^ a[(i + 1) % 4]) for i in range(4)]
            state = mixed
        state = [a ^ b for a, b in zip(state, key)]
    return bytes(state)


def aes(key, pure=False):
    if HAVE_CRYPTOGRAPHY and not pure:
        encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        return encryptor.update
    keys = _aes_round_keys(key)
    return lambda blocks: b"".join(_aes_block(keys, blocks[i:i + 16]) for i in range(0, len(blocks), 16))


SM4_BOX = bytes.fromhex(
    "d690e9fecce13db716b614c228fb2c052b679a762abe04c3aa441326498606999c4250f491ef987a33540b43edcfac62"
    "e4b31ca9c908e89580df94fa758f3fa64707a7fcf37317ba83593c19e6854fa8686b81b27164da8bf8eb0f4b70569d35"
    "1e240e5e6358d1a225227c3b01217887d40046579fd327524c3602e7a0c4c89eeabf8ad240c738b5a3f7f2cef96115a1"
    "e0ae5da49b341a55ad933230f58cb1e31df6e22e8266ca60c02923ab0d534e6fd5db3745defd8e2f03ff6a726d6c5b51"
    "8d1baf92bbddbc7f11d95c411f105ad80ac13188a5cd7bbd2d74d012b8e5b4b08969974a0c96777e65b9f109c56ec684"
    "18f07dec3adc4d2079ee5f3ed7cb3948")


def _rotate(x, n):
    return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF


def _sm4_box(x):
    return int.from_bytes(bytes(SM4_BOX[b] for b in x.to_bytes(4, "big")), "big")


def sm4(key):
    fixed = (0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC)
    k = [int.from_bytes(key[4 * i:4 * i + 4], "big") ^ fixed[i] for i in range(4)]
    keys = []
    for i in range(32):
        constant = int.from_bytes(bytes((4 * i + j) * 7 & 0xFF for j in range(4)), "big")
        t = _sm4_box(k[1] ^ k[2] ^ k[3] ^ constant)
        k = k[1:] + [k[0] ^ t ^ _rotate(t, 13) ^ _rotate(t, 23)]
        keys.append(k[3])

    def one(block):
        x = [int.from_bytes(block[4 * i:4 * i + 4], "big") for i in range(4)]
        for round_key in keys:
            t = _sm4_box(x[1] ^ x[2] ^ x[3] ^ round_key)
            x = x[1:] + [x[0] ^ t ^ _rotate(t, 2) ^ _rotate(t, 10) ^ _rotate(t, 18) ^ _rotate(t, 24)]
        return b"".join(w.to_bytes(4, "big") for w in reversed(x))

    return lambda blocks: b"".join(one(blocks[i:i + 16]) for i in range(0, len(blocks), 16))


# --- modes ---

def _xor(a, b):
    return (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).to_bytes(len(a), "big") if a else b""


class Gcm:
    """AEAD of a suite: "aes-256-gcm" or "sm4-gcm". 12-byte nonces, 16-byte tags."""
    KEY_SIZE = {"aes-256-gcm": 32, "sm4-gcm": 16}

    def __init__(self, suite, key, pure=False):
        key = key[:self.KEY_SIZE[suite]]
        self.blocks = aes(key, pure) if suite == "aes-256-gcm" else sm4(key)
        h = int.from_bytes(self.blocks(bytes(16)), "big")
        # One table of 256 products for each byte's place: GHASH by lookup.
        powers = []
        for _ in range(128):
            powers.append(h)
            h = (h >> 1) ^ (0xE1 << 120 if h & 1 else 0)
        self.tables = []
        for place in range(16):
            table = [0] * 256
            for bit in range(8):
                table[0x80 >> bit] = powers[8 * place + bit]
            for value in range(256):
                low = value & -value
                table[value] = table[low] ^ table[value ^ low] if value != low else table[value]
            self.tables.append(table)

    def _tag(self, nonce, cipher, associated):
        text = associated + bytes(-len(associated) % 16) + cipher + bytes(-len(cipher) % 16)
        text += (8 * len(associated)).to_bytes(8, "big") + (8 * len(cipher)).to_bytes(8, "big")
        y = 0
        for i in range(0, len(text), 16):
            y ^= int.from_bytes(text[i:i + 16], "big")
            product = 0
            for table, byte in zip(self.tables, y.to_bytes(16, "big")):
                product ^= table[byte]
            y = product
        return _xor(y.to_bytes(16, "big"), self.blocks(nonce + b"\0\0\0\1"))

    def _crypt(self, nonce, text):
        count = (len(text) + 15) // 16
        stream = self.blocks(b"".join(nonce + (i + 2).to_bytes(4, "big") for i in range(count))) if count else b""
        return _xor(text, stream[:len(text)])

    def seal(self, nonce, plain, associated):
        cipher = self._crypt(nonce, plain)
        return cipher + self._tag(nonce, cipher, associated)

    def open(self, nonce, sealed, associated):
        """The plain bytes, or None."""
        cipher, tag = sealed[:-16], sealed[-16:]
        if len(tag) != 16 or not hmac.compare_digest(tag, self._tag(nonce, cipher, associated)):
            return None
        return self._crypt(nonce, cipher)


class Siv:
    """AES-SIV, RFC 5297, one associated component."""

    def __init__(self, key):
        self.mac, self.ctr = aes(key[:len(key) // 2]), aes(key[len(key) // 2:])
        self.k1 = self._dbl(self.mac(bytes(16)))
        self.k2 = self._dbl(self.k1)

    @staticmethod
    def _dbl(block):
        value = int.from_bytes(block, "big") << 1
        return ((value ^ 0x87 if value >> 128 else value) & (2 ** 128 - 1)).to_bytes(16, "big")

    def _cmac(self, text):
        whole = len(text) > 0 and len(text) % 16 == 0
        text = text if whole else text + b"\x80" + bytes(-(len(text) + 1) % 16)
        text = text[:-16] + _xor(text[-16:], self.k1 if whole else self.k2)
        y = bytes(16)
        for i in range(0, len(text), 16):
            y = self.mac(_xor(y, text[i:i + 16]))
        return y

    def _iv(self, plain, associated):
        d = _xor(self._dbl(self._cmac(bytes(16))), self._cmac(associated))
        if len(plain) >= 16:
            return self._cmac(plain[:-16] + _xor(plain[-16:], d))
        return self._cmac(_xor(self._dbl(d), plain + b"\x80" + bytes(15 - len(plain))))

    def _crypt(self, iv, text):
        start = int.from_bytes(iv, "big") & ~((1 << 63) | (1 << 31))
        count = (len(text) + 15) // 16
        blocks = b"".join(((start + i) % 2 ** 128).to_bytes(16, "big") for i in range(count))
        return _xor(text, self.ctr(blocks)[:len(text)]) if count else b""

    def seal(self, plain, associated):
        iv = self._iv(plain, associated)
        return iv + self._crypt(iv, plain)

    def open(self, sealed, associated):
        """The plain bytes, or None."""
        if len(sealed) < 16:
            return None
        plain = self._crypt(sealed[:16], sealed[16:])
        return plain if hmac.compare_digest(sealed[:16], self._iv(plain, associated)) else None


def hkdf(key, info, size):
    """HKDF-SHA256 with an empty salt."""
    prk = hmac.new(bytes(32), key, hashlib.sha256).digest()
    out, last, counter = b"", b"", 1
    while len(out) < size:
        last = hmac.new(prk, last + info + bytes([counter]), hashlib.sha256).digest()
        out, counter = out + last, counter + 1
    return out[:size]


# --- ECDSA P-256 with SHA-256 ---

P = 2 ** 256 - 2 ** 224 + 2 ** 192 + 2 ** 96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def _add(p, q):
    if p is None or q is None:
        return q if p is None else p
    if p[0] == q[0]:
        if (p[1] + q[1]) % P == 0:
            return None
        slope = 3 * (p[0] * p[0] - 1) * pow(2 * p[1], -1, P)
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, P)
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


def multiply(k, p=G):
    result = None
    while k:
        if k & 1:
            result = _add(result, p)
        p, k = _add(p, p), k >> 1
    return result


def point_bytes(p):
    return b"\x04" + p[0].to_bytes(32, "big") + p[1].to_bytes(32, "big")


def ecdsa_verify(point, message, signature):
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    on_curve = len(point) == 65 and point[0] == 4 and max(x, y) < P and (y * y - x * x * x + 3 * x - B) % P == 0
    if not on_curve or len(signature) != 64 or not (0 < r < N and 0 < s < N):
        return False
    e, w = int.from_bytes(hashlib.sha256(message).digest(), "big"), pow(s, -1, N)
    result = _add(multiply(e * w % N), multiply(r * w % N, (x, y)))
    return result is not None and result[0] % N == r
