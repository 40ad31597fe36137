#!/usr/bin/env python3
"""Second reader of SecureVault's format 1, written from FORMAT.md: standard library alone, faster with `cryptography`.

    read_vault.py VAULT PASSPHRASE_FILE [list]        the tree
    read_vault.py VAULT PASSPHRASE_FILE cat PATH      a file's content
    read_vault.py VAULT PASSPHRASE_FILE verify        every record, block and name; the audit log
    read_vault.py vectors FILE...                     golden vectors, tests/vectors/format-*.txt

Exit codes: 0 done, 1 failed, 2 usage, 3 wrong passphrase, 4 damage found."""
import json
import os
import stat
import sys

import format1
from format1 import Keys, Refused, check
from stored_file import OnDisk, StoredFile


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Vault:
    def __init__(self, folder, passphrase, floor=(65536, 8, 1)):
        self.folder = os.fsencode(folder)
        self.config = format1.read_config(read(self.path(b"securevault.json")))
        self.suite, self.vault_id, self.point = self.config["suite"], self.config["id"], self.config["signingKey"]
        self.shift = self.config["blockSize"].bit_length() - 1
        self.keys = Keys(self.suite, format1.unlock(self.config, passphrase, floor))
        self.keyring = format1.read_keyring(self.document(b"keyring", 1))[1]
        self.sessions = ()
        if os.path.exists(self.path(b"sessions")):
            body = json.loads(self.document(b"sessions", 3))
            self.sessions = body["crashed"] + ([body["session"]] if body["running"] else [])

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def document(self, name, kind):
        return format1.open_document(read(self.path(name)), kind, self.vault_id, self.keys.document, self.suite, self.point)[1]

    def find_key(self, key_id):
        entry = self.keyring.get(key_id)
        return entry and entry[2]

    def find_journal(self, file_id, session):
        path = self.path(b"journal", b"%s-%016x" % (file_id.hex().encode(), session))
        return read(path) if os.path.exists(path) else None

    def label(self, key_id):
        department, level, compartment = self.keyring[key_id][0]
        return ":".join(filter(None, (department, level, compartment))) or "-"

    def folder_record(self, path):
        return format1.open_folder(read(os.path.join(path, b"securevault.dir")), self.keys.directory, self.suite)

    def entries(self, path, record):
        """(plain name, tag, path) of a folder's entries; a Refused in the name's place when it cannot be read."""
        found = []
        for stored in os.listdir(path):
            if stored == b"securevault.dir" or stored.startswith(b"securevault.tmp.") or stored.endswith(b".name"):
                continue
            whole = os.path.join(path, stored)
            try:
                if stored.endswith(b".long"):
                    cipher = read(whole[:-5] + b".name")
                    check(format1.stored_name(cipher)[0] == stored, "companion of a long name")
                else:
                    cipher = format1.unspell(stored)
                found.append((*format1.open_name(self.keys.names, record["id"], cipher), whole))
            except (Refused, OSError) as problem:
                found.append((problem, None, whole))
        return sorted(found, key=lambda entry: entry[0] if isinstance(entry[0], bytes) else b"")

    def walk(self, path=None, plain=b"", record=None):
        """(plain path, tag, stored path, lstat, folder's record or None or Refused), top down."""
        path = path or self.path(b"root")
        record = record or self.folder_record(path)
        for name, tag, whole in self.entries(path, record):
            if isinstance(name, Exception):
                yield plain + b"/" + os.path.basename(whole), None, whole, None, name
                continue
            status, inner = os.lstat(whole), None
            if stat.S_ISDIR(status.st_mode):
                try:
                    inner = self.folder_record(whole)
                except (Refused, OSError) as problem:
                    inner = problem
            yield plain + b"/" + name, tag, whole, status, inner
            if isinstance(inner, dict):
                yield from self.walk(whole, plain + b"/" + name, inner)

    def open_file(self, path):
        return StoredFile(OnDisk(path), self.keys.header, self.find_key, self.suite, self.shift, self.sessions, self.find_journal)


def show(text):
    return text.decode("utf-8", "backslashreplace")


def list_tree(vault):
    for plain, _, whole, status, inner in vault.walk():
        if isinstance(inner, Exception):
            print("damaged    ", show(plain), "(%s)" % inner)
        elif stat.S_ISDIR(status.st_mode):
            print("folder     ", show(plain) + "/")
        elif stat.S_ISLNK(status.st_mode):
            print("link       ", show(plain), "->", show(format1.open_link(vault.keys.links, os.readlink(whole))))
        elif stat.S_ISREG(status.st_mode):
            file = vault.open_file(whole)
            print("%-11d" % file.size, show(plain), "[%s]" % vault.label(file.key_id))
        else:
            print("special    ", show(plain))


def cat(vault, path):
    for plain, _, whole, status, _ in vault.walk():
        if plain == os.fsencode(path):
            if stat.S_ISLNK(status.st_mode):
                sys.stdout.buffer.write(format1.open_link(vault.keys.links, os.readlink(whole)))
            else:
                for block in vault.open_file(whole).blocks():
                    sys.stdout.buffer.write(block)
            return 0
    print("no such file: " + path, file=sys.stderr)
    return 1


def verify_entry(vault, tag, whole, status, inner):
    if isinstance(inner, Exception):
        raise inner
    if isinstance(inner, dict):
        check(tag in (inner["name"], inner["previous"]), "folder moved or swapped by hand")
        owner, key = inner["id"], vault.keys.directory
    elif stat.S_ISLNK(status.st_mode):
        format1.open_link(vault.keys.links, os.readlink(whole))
        return
    elif stat.S_ISREG(status.st_mode):
        file = vault.open_file(whole)
        for _ in file.blocks():
            pass
        check(file.flags & 6 == 2 or tag in (file.name, file.previous, *file.others), "file moved or swapped by hand")
        owner, key = file.id, file.key
    else:
        return
    for name in os.listxattr(whole) if hasattr(os, "listxattr") else ():
        if name.startswith("user.securevault."):
            format1.open_attribute(vault.keys.xattr_names, key, owner, name.encode(), os.getxattr(whole, name))


def verify_log(vault):
    """Number of frames; raises at the first that is not right."""
    log = read(vault.path(b"audit", b"log"))
    head = format1.open_head(read(vault.path(b"audit", b"head")), vault.keys.audit, vault.vault_id)
    place, chain, sequence, seen = 0, bytes(32), 0, head["sequence"] == 0
    while place < len(log):
        try:
            _, _, place, chain = format1.read_frame(log, place, sequence + 1, vault.keys.audit, vault.vault_id, vault.point, chain)
        except Refused as problem:
            raise Refused("corrupt", "audit record %d: %s" % (sequence + 1, problem)) from None
        sequence += 1
        if sequence == head["sequence"]:
            seen = place == head["length"] and chain == head["chain"]
    check(seen, "the audit log does not reach its head")
    return sequence


def verify(vault):
    bad = count = 0
    for plain, tag, whole, status, inner in vault.walk():
        count += 1
        try:
            verify_entry(vault, tag, whole, status, inner)
        except (Refused, OSError) as problem:
            bad += 1
            print("damaged:", show(plain), "(%s)" % problem)
    try:
        print("audit log: %d frames whole" % verify_log(vault))
    except (Refused, OSError) as problem:
        bad += 1
        print("damaged:", problem)
    print("%d entries, %d damaged" % (count, bad))
    return 4 if bad else 0


def main(arguments):
    if len(arguments) >= 2 and arguments[0] == "vectors":
        import vectors
        return vectors.check_files(arguments[1:])
    if len(arguments) < 2 or arguments[2:3] not in ([], ["list"], ["cat"], ["verify"]) or len(arguments) != (4 if arguments[2:3] == ["cat"] else max(2, min(len(arguments), 3))):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        vault = Vault(arguments[0], read(arguments[1]).rstrip(b"\r\n"))
        command = arguments[2] if len(arguments) > 2 else "list"
        if command == "cat":
            return cat(vault, arguments[3])
        return verify(vault) if command == "verify" else list_tree(vault) or 0
    except (Refused, OSError) as problem:
        print("read_vault.py: " + str(problem), file=sys.stderr)
        return {"wrong-passphrase": 3, "corrupt": 4}.get(getattr(problem, "status", ""), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
