#!/usr/bin/env python3
"""Verifies what Autopack Console gives away as evidence: an exported audit log, or the receipt of one action.

    python3 verify_evidence.py FILE [--key VKEY]... [--rotation FILE]... [--log FILE] [--checkpoint FILE]... [--json]

FILE is a receipt (one JSON object) or an exported log (one entry a line); `-` is standard input. --key: a verifier key that you have from
somebody you trust. --rotation: a note with which an old key announced a new one. --log: the exported log beside a receipt, which then has to
have every event about its action. --checkpoint: a checkpoint of the log that was kept elsewhere.

Prints VERIFIED, or exactly what does not hold. Without a key that you trust, who signed a receipt is only its own word: that everything in it
holds together is then said under another title. Ends with 0 for VERIFIED, 1 when something does not hold, 2 when there is nothing that can
be read, 3 when everything holds and nobody trusts the key.

This is the example of the specification, docs/evidence.md: the same checks in the same order. Python 3.9 or newer, standard library only,
no network; beside it lies seal_words.txt. It is the second implementation: it shares no code with packages/verifier, and must not.
"""

import argparse
import base64
import functools
import hashlib
import itertools
import json
import os
import re
import sys
import unicodedata
from urllib.parse import quote_plus

MAX_NUMBER = 2**53 - 1
MAX_LEVELS = 64
MAX_RECEIPT_CHARACTERS = 8_388_608
NO_HASH = "0" * 64


class Refused(Exception):
    """Something does not have its form; says what, in words."""


class Fails(Exception):
    """A check does not hold: its reason, where in the file, and why."""

    def __init__(self, reason, where, detail):
        super().__init__(detail)
        self.reason, self.where, self.detail = reason, where, detail


def sha256(data):
    return hashlib.sha256(data).digest()


def hex_sha256(data):
    return hashlib.sha256(data).hexdigest()


# ---------------------------------------------------------------- JSON


def read_integer(digits):
    if digits == "-0":
        raise Refused("a number is written as -0")
    if len(digits) > 17 or abs(int(digits)) > MAX_NUMBER:
        raise Refused("a number is beyond 2^53 - 1")
    return int(digits)


def refuse_number(text):
    raise Refused(f"{text[:40]} is not an integer")


def read_members(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refused("a key appears twice")
    return members


strict_decoder = json.JSONDecoder(
    object_pairs_hook=read_members, parse_int=read_integer, parse_float=refuse_number, parse_constant=refuse_number
)
quote = json.JSONEncoder(ensure_ascii=False).encode


def read_json(text, most_levels=MAX_LEVELS):
    """The value of a JSON text: no key twice, integers only, no half of a surrogate pair, not nested without end."""
    try:
        value = strict_decoder.decode(text)
    except RecursionError:
        raise Refused("nested too deep") from None
    except ValueError as error:
        raise Refused(f"not JSON: {error}") from None
    level = [value]
    depth = 0
    while level:
        below = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.keys())
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
            elif isinstance(item, str) and not is_well_formed(item):
                raise Refused("half of a surrogate pair")
        depth += any(isinstance(item, (dict, list)) for item in level)
        if depth > most_levels:
            raise Refused("nested too deep")
        level = below
    return value


def is_well_formed(text):
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def utf16(text):
    """Big-endian UTF-16 sorts as its code units do."""
    return text.encode("utf-16-be", "surrogatepass")


def write_canonical(value):
    """RFC 8785, for values without fractions."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{quote(key)}:{write_canonical(value[key])}" for key in sorted(value, key=utf16)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write_canonical, value)) + "]"
    return quote(value)


def read_canonical(text, most_levels=MAX_LEVELS):
    """The value of a text that is its own canonical form."""
    value = read_json(text, most_levels)
    if write_canonical(value) != text:
        raise Refused("the text is not its own canonical form")
    return value


# ---------------------------------------------------------------- forms

HASH = "[0-9a-f]{64}"
MOMENT = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ACTION = f"act_{UUID}"
OPERATOR = f"op_{UUID}"
VISIBLE = "[!-~]{1,200}"
KEY_NAME = "[!-*,-~]{1,200}"
DESCRIPTOR_ID = "[a-z][a-z0-9_]*[.][a-z][a-z0-9_]*"


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def same_json(one, other):
    """Equal as JSON: in Python alone, true is 1."""
    return write_canonical(one) == write_canonical(other)


def is_count(value):
    return is_integer(value) and value >= 0


def is_version(value):
    return is_integer(value) and value >= 1


def is_text(value, pattern):
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def is_moment(value):
    if not is_text(value, MOMENT):
        return False
    year, month, day, hour, minute, second = (int(part) for part in re.split("[-T:.Z]", value)[:6])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= month <= 12 and 1 <= day <= days[month - 1] and hour <= 23 and minute <= 59 and second <= 59


def to_milliseconds(moment):
    """Since the year 0 of our calendar, so that two moments can be compared and a hold added."""
    year, month, day, hour, minute, second, milli = (int(part) for part in re.split("[-T:.Z]", moment)[:7])
    earlier = year - (month <= 2)
    days = 365 * earlier + earlier // 4 - earlier // 100 + earlier // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day
    return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + milli


def read_base64url(text):
    if not is_text(text, "[A-Za-z0-9_-]*") or len(text) % 4 == 1:
        raise Refused("not base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise Refused("not base64url in its only form")
    return data


def read_base64(text):
    if not is_text(text, "[A-Za-z0-9+/]*={0,2}") or len(text) % 4 != 0:
        raise Refused("not base64")
    data = base64.b64decode(text)
    if base64.b64encode(data).decode() != text:
        raise Refused("not base64 in its only form")
    return data


def to_base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def has_members(value, names):
    return isinstance(value, dict) and set(value) == set(names)


def is_binary(value):
    try:
        return isinstance(value, str) and len(read_base64url(value)) > 0
    except Refused:
        return False


def is_string(value):
    return isinstance(value, str)


def is_boolean(value):
    return isinstance(value, bool)


def form(pattern):
    return lambda value: is_text(value, pattern)


def one_of(*words):
    return lambda value: isinstance(value, str) and value in words


def or_null(shape):
    return lambda value: value is None or not list_misfits(value, shape, "")


def list_misfits(value, shape, where):
    """The first place where a value does not have its shape, as a list of none or one: a rule, a list of one shape, or exactly these members."""
    if callable(shape):
        return [] if shape(value) else [where or "/"]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [where or "/"]
        for place, item in enumerate(value):
            found = list_misfits(item, shape[0], f"{where}/{place}")
            if found:
                return found
        return []
    if not has_members(value, shape):
        return [where or "/"]
    for name, inner in shape.items():
        found = list_misfits(value[name], inner, f"{where}/{name}")
        if found:
            return found
    return []


# ---------------------------------------------------------------- Ed25519 (RFC 8032, 5.1)

P25519 = 2**255 - 19
L25519 = 2**252 + 27742317777372353535851937790883648493
D25519 = -121665 * pow(121666, P25519 - 2, P25519) % P25519
ROOT_OF_MINUS_ONE = pow(2, (P25519 - 1) // 4, P25519)


def find_edwards_point(data):
    """The point of 32 bytes in extended coordinates; None where there is none."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P25519:
        return None
    square = (y * y - 1) * pow(D25519 * y * y + 1, P25519 - 2, P25519) % P25519
    x = pow(square, (P25519 + 3) // 8, P25519)
    if (x * x - square) % P25519:
        x = x * ROOT_OF_MINUS_ONE % P25519
    if (x * x - square) % P25519 or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P25519 - x
    return (x, y, 1, x * y % P25519)


def add_edwards(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P25519
    b = (one[1] + one[0]) * (other[1] + other[0]) % P25519
    c = 2 * one[3] * other[3] * D25519 % P25519
    d = 2 * one[2] * other[2] % P25519
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P25519, g * h % P25519, f * g % P25519, e * h % P25519)


def multiply_edwards(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add_edwards(result, point)
        point = add_edwards(point, point)
        number >>= 1
    return result


BASE_25519 = find_edwards_point((4 * pow(5, P25519 - 2, P25519) % P25519).to_bytes(32, "little"))


Y_OF_ORDER_EIGHT = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SMALL_ORDER = (0, 1, P25519 - 1, Y_OF_ORDER_EIGHT, P25519 - Y_OF_ORDER_EIGHT)


def is_ed25519_key(data):
    """Whether 32 bytes can be a key, or the R of a signature: y in its only form, and none of the points whose order divides 8."""
    y = int.from_bytes(data, "little") & (2**255 - 1)
    return len(data) == 32 and y < P25519 and y not in SMALL_ORDER


def is_ed25519_signature(public_key, message, signature):
    if len(signature) != 64 or not is_ed25519_key(public_key) or not is_ed25519_key(signature[:32]):
        return False
    a, r = find_edwards_point(public_key), find_edwards_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L25519:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L25519
    left, right = multiply_edwards(s, BASE_25519), add_edwards(r, multiply_edwards(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P25519 == 0 and (left[1] * right[2] - right[1] * left[2]) % P25519 == 0


# ---------------------------------------------------------------- ECDSA over P-256 (FIPS 186-5, 6.4.2)

P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
N256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B256 = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G256 = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    1,
)


def double_p256(point):
    """In Jacobian coordinates; (0, 1, 0) is the point at infinity."""
    x, y, z = point
    if z == 0 or y == 0:
        return (0, 1, 0)
    square = y * y % P256
    s = 4 * x * square % P256
    m = 3 * (x - z * z) * (x + z * z) % P256
    x3 = (m * m - 2 * s) % P256
    return (x3, (m * (s - x3) - 8 * square * square) % P256, 2 * y * z % P256)


def add_p256(one, other):
    if one[2] == 0 or other[2] == 0:
        return other if one[2] == 0 else one
    z1, z2 = one[2] * one[2] % P256, other[2] * other[2] % P256
    u1, u2 = one[0] * z2 % P256, other[0] * z1 % P256
    s1, s2 = one[1] * z2 * other[2] % P256, other[1] * z1 * one[2] % P256
    h, r = (u2 - u1) % P256, (s2 - s1) % P256
    if h == 0:
        return double_p256(one) if r == 0 else (0, 1, 0)
    h2 = h * h % P256
    h3, v = h * h2 % P256, u1 * h2 % P256
    x3 = (r * r - h3 - 2 * v) % P256
    return (x3, (r * (v - x3) - s1 * h3) % P256, h * one[2] * other[2] % P256)


def read_der_integers(data):
    """The two numbers of an ECDSA signature (RFC 3279, 2.2.3), in their only encoding."""
    if len(data) < 8 or data[0] != 0x30 or data[1] != len(data) - 2 or data[1] > 127:
        raise Refused("not a DER sequence")
    numbers, at = [], 2
    for _ in range(2):
        if at + 2 > len(data) or data[at] != 0x02:
            raise Refused("not a DER integer")
        body = data[at + 2 : at + 2 + data[at + 1]]
        if len(body) != data[at + 1] or not body or body[0] > 127 or (len(body) > 1 and body[0] == 0 and body[1] < 128):
            raise Refused("not a DER integer in its only form")
        numbers.append(int.from_bytes(body, "big"))
        at += 2 + len(body)
    if at != len(data):
        raise Refused("something follows the signature")
    return numbers


def is_p256_signature(x, y, message, signature):
    if not (0 <= x < P256 and 0 <= y < P256) or (y * y - (x * x - 3) * x - B256) % P256:
        return False
    try:
        r, s = read_der_integers(signature)
    except Refused:
        return False
    if not (1 <= r < N256 and 1 <= s < N256):
        return False
    inverse = pow(s, N256 - 2, N256)
    u1, u2 = int.from_bytes(sha256(message), "big") * inverse % N256, r * inverse % N256
    key, result = (x, y, 1), (0, 1, 0)
    both = add_p256(G256, key)
    for bit in range(255, -1, -1):
        result = double_p256(result)
        chosen = (u1 >> bit & 1, u2 >> bit & 1)
        if chosen != (0, 0):
            result = add_p256(result, both if chosen == (1, 1) else G256 if chosen == (1, 0) else key)
    if result[2] == 0:
        return False
    return result[0] * pow(result[2] * result[2], P256 - 2, P256) % P256 % N256 == r


# ---------------------------------------------------------------- RSA (RFC 8017, 8.2.2)

SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


def is_rsa_signature(modulus, exponent, message, signature):
    size = (modulus.bit_length() + 7) // 8
    if not 2048 <= modulus.bit_length() <= 8192 or exponent < 3 or exponent % 2 == 0 or exponent >= 2**33:
        return False
    if len(signature) != size or int.from_bytes(signature, "big") >= modulus:
        return False
    info = SHA256_INFO + sha256(message)
    expected = b"\x00\x01" + b"\xff" * (size - 3 - len(info)) + b"\x00" + info
    return pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big") == expected


# ---------------------------------------------------------------- CBOR (RFC 8949), COSE keys (RFC 9052, 9053)


def read_cbor(data, at=0, depth=0):
    """One value and where it ends: definite lengths in their shortest form, no key twice, no tags and no floats."""
    if depth > 8:
        raise Refused("CBOR is nested too deep")
    if at >= len(data):
        raise Refused("CBOR ends early")
    major, short = data[at] >> 5, data[at] & 31
    at += 1
    if major == 7:
        if short in (20, 21, 22):
            return {20: False, 21: True, 22: None}[short], at
        raise Refused("a CBOR value that does not belong here")
    if short < 24:
        number = short
    elif short < 27:
        size = 1 << (short - 24)
        if at + size > len(data):
            raise Refused("CBOR ends early")
        number = int.from_bytes(data[at : at + size], "big")
        at += size
        if number < (24, 1 << 8, 1 << 16)[short - 24]:
            raise Refused("a CBOR number that is not in its shortest form")
    else:
        raise Refused("CBOR of a length that is too large or not said")
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        if at + number > len(data):
            raise Refused("CBOR ends early")
        chunk = bytes(data[at : at + number])
        if major == 2:
            return chunk, at + number
        try:
            return chunk.decode("utf-8"), at + number
        except UnicodeDecodeError:
            raise Refused("a CBOR text that is not UTF-8") from None
    if major == 4:
        items = []
        for _ in range(number):
            item, at = read_cbor(data, at, depth + 1)
            items.append(item)
        return items, at
    if major == 5:
        members = {}
        for _ in range(number):
            key, at = read_cbor(data, at, depth + 1)
            if not isinstance(key, (int, str)) or isinstance(key, bool) or key in members:
                raise Refused("a CBOR key that appears twice or is none")
            members[key], at = read_cbor(data, at, depth + 1)
        return members, at
    raise Refused("a CBOR tag")


def read_whole_cbor(data):
    value, end = read_cbor(data)
    if end != len(data):
        raise Refused("something follows the CBOR value")
    return value


def read_cose_key(data):
    """Key type, algorithm and parts of a public key: ES256 on P-256, EdDSA on Ed25519, or RS256."""
    key = read_whole_cbor(data)
    kinds = {-7: (2, (-1, -2, -3)), -8: (1, (-1, -2)), -257: (3, (-1, -2))}
    if not isinstance(key, dict) or not is_integer(key.get(3)) or key[3] not in kinds:
        raise Refused("the public key is of an algorithm that is not taken")
    kind, labels = kinds[key[3]]
    if not is_integer(key.get(1)) or key[1] != kind or set(key) != {1, 3, *labels}:
        raise Refused("the public key is of another type than its algorithm")
    if kind == 3:
        if not isinstance(key[-1], bytes) or not 256 <= len(key[-1]) <= 1024 or key[-1][0] < 0x80 or not isinstance(key[-2], bytes) or not key[-2]:
            raise Refused("the public key has fewer than 2,048 bits")
        exponent = int.from_bytes(key[-2], "big")
        if key[-1][-1] % 2 == 0 or key[-2][0] == 0 or not 3 <= exponent < 2**33 or exponent % 2 == 0:
            raise Refused("the public key has a modulus or an exponent that is not taken")
    elif not is_integer(key[-1]) or key[-1] != (1 if kind == 2 else 6) or any(not isinstance(key[label], bytes) or len(key[label]) != 32 for label in labels[1:]):
        raise Refused("the public key is on another curve, or has a part of another length")
    if kind == 1 and not is_ed25519_key(key[-2]):
        raise Refused("the public key is of small order, or not in its only form")
    return key


def is_signed_by(key, message, signature):
    """Whether this COSE key made this signature."""
    if key[3] == -7:
        return is_p256_signature(int.from_bytes(key[-2], "big"), int.from_bytes(key[-3], "big"), message, signature)
    if key[3] == -8:
        return is_ed25519_signature(key[-2], message, signature)
    return is_rsa_signature(int.from_bytes(key[-1], "big"), int.from_bytes(key[-2], "big"), message, signature)


# ---------------------------------------------------------------- signed notes, checkpoints, keys


class VerifierKey:
    """`name+keyid+base64(0x01 ‖ 32 bytes)`."""

    def __init__(self, text):
        parts = text.split("+", 2)
        if len(parts) != 3 or not is_text(parts[0], KEY_NAME) or not is_text(parts[1], "[0-9a-f]{8}"):
            raise Refused("not a verifier key")
        data = read_base64(parts[2])
        if len(data) != 33 or data[0] != 1:
            raise Refused("not a verifier key for Ed25519")
        if not is_ed25519_key(data[1:]):
            raise Refused("a verifier key of small order, or not in its only form")
        self.text, self.name, self.public_key = text, parts[0], data[1:]
        self.id = sha256(self.name.encode() + b"\n" + data)[:4]
        if self.id.hex() != parts[1]:
            raise Refused("the key id of a verifier key is not that of its key")


class Note:
    """A signed note (C2SP): the signed text, and who is said to have signed it."""

    def __init__(self, text):
        if not is_well_formed(text) or utf16_length(text) > 65_536:
            raise Refused("the note is too long, or no text")
        head, found, tail = text.rpartition("\n\n")
        if not found or not tail.endswith("\n") or not head or re.search("[\x00-\x09\x0b-\x1f\x7f]", text):
            raise Refused("not a signed note")
        self.text = head + "\n"
        self.signatures = []
        lines = tail[:-1].split("\n")
        if len(lines) > 100:
            raise Refused("a note with more than 100 signatures")
        for line in lines:
            parts = line.split(" ")
            if len(parts) != 3 or parts[0] != "—" or not is_text(parts[1], KEY_NAME):
                raise Refused("a line of a note that is no signature")
            data = read_base64(parts[2])
            if len(data) < 5:
                raise Refused("a signature of a note that is too short")
            self.signatures.append((parts[1], data[:4], data[4:]))

    def list_signers(self, keys):
        """Those of the keys that signed it, in the order of its lines; a line that names one of them and is not by it spoils the note."""
        signers = []
        for name, key_id, signature in self.signatures:
            key = next((known for known in keys if (known.name, known.id) == (name, key_id)), None)
            if key is None:
                continue
            if key in signers:
                raise Refused(f"the key {key_id.hex()} signed twice")
            if not is_ed25519_signature(key.public_key, self.text.encode(), signature):
                raise Refused(f"the signature by the key {key_id.hex()} is not valid")
            signers.append(key)
        return signers


class Checkpoint:
    def __init__(self, text):
        self.note = Note(text)
        lines = self.note.text[:-1].split("\n")
        if len(lines) != 5:
            raise Refused("a checkpoint has five lines")
        self.origin, size, root, head, time = lines
        if not is_text(self.origin, KEY_NAME):
            raise Refused("the origin of the checkpoint is no name")
        if not is_text(size, "[1-9][0-9]{0,15}") or int(size) > MAX_NUMBER:
            raise Refused("the size of the checkpoint is no number of entries")
        self.size = int(size)
        self.root = read_base64(root)
        if len(self.root) != 32:
            raise Refused("the root of the checkpoint is no hash")
        if not is_text(head, f"head {HASH}"):
            raise Refused("the checkpoint does not say its head")
        self.head = head[5:]
        self.time = time[5:]
        if not time.startswith("time ") or not is_moment(self.time):
            raise Refused("the checkpoint does not say its time")


class KeyRing:
    """The keys that are believed, and for which sizes: each trusted one, and what follows from it by the rotations."""

    def __init__(self, trusted, rotations):
        self.spans = {}  # verifier key → [key, believed above this size, and up to this one]
        self.announced = {}
        for text in trusted:
            self.spans[text] = [VerifierKey(text), 0, MAX_NUMBER]
        for text in rotations:
            self.follow(Note(text))

    def follow(self, note):
        lines = note.text[:-1].split("\n")
        if len(lines) != 4 or lines[0] != "autopack-checkpoint-key/1" or not is_text(lines[3], "0|[1-9][0-9]{0,15}"):
            raise Refused("not the announcement of a new key")
        origin, new, size = lines[1], VerifierKey(lines[2]), int(lines[3])
        if size > MAX_NUMBER or new.name != origin:
            raise Refused("not the announcement of a new key of this log")
        signers = note.list_signers([span[0] for span in self.spans.values()])
        old = next((key for key in signers if key.name == origin and key.text != new.text), None)
        if old is None:
            return
        if all(key.text != new.text for key in signers) and not note.list_signers([new]):
            raise Refused("a new key that did not sign its own announcement")
        if self.announced.setdefault(old.text, note.text) != note.text:
            raise Refused("a key that announced two new ones")
        span = self.spans[old.text]
        if size < span[1]:
            raise Refused("a key that announced a new one before it was believed itself")
        span[2] = size
        self.spans.setdefault(new.text, [new, size, MAX_NUMBER])

    def find_signer(self, checkpoint):
        """A believed key that signed the checkpoint; refuses it where there is none."""
        spans = self.spans.values()
        signers = [key for key in checkpoint.note.list_signers([span[0] for span in spans]) if key.name == checkpoint.origin]
        for key, above, most in spans:
            if key in signers and above < checkpoint.size <= most:
                return key
        if signers:
            raise Refused(f"the key {signers[0].id.hex()} is not believed for a checkpoint of {checkpoint.size} entries")
        raise Refused("no key that is believed signed the checkpoint")


# ---------------------------------------------------------------- the audit log (RFC 9162 for its tree)


def hash_entry(seq, prev, event_text):
    return hex_sha256(b"\x01" + seq.to_bytes(8, "big") + bytes.fromhex(prev) + event_text.encode())


def hash_leaf(entry_hash):
    return sha256(b"\x00" + bytes.fromhex(entry_hash))


def hash_node(left, right):
    return sha256(b"\x01" + left + right)


class Tree:
    """The Merkle tree over a log that grows: the roots of its perfect parts, largest first."""

    def __init__(self):
        self.size = 0
        self.parts = []

    def append(self, leaf):
        size = self.size
        while size & 1:
            leaf = hash_node(self.parts.pop(), leaf)
            size >>= 1
        self.parts.append(leaf)
        self.size += 1

    def root(self):
        root = self.parts[-1]
        for part in reversed(self.parts[:-1]):
            root = hash_node(part, root)
        return root


def find_root(leaf, place, size, path):
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); None where it has the wrong length."""
    root, last = leaf, size - 1
    for step in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = hash_node(step, root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = hash_node(root, step)
        place, last = place >> 1, last >> 1
    return root if last == 0 else None


def read_entry(line):
    entry = read_json(line, MAX_LEVELS + 1)
    if not has_members(entry, ("seq", "prev", "hash", "event")):
        raise Refused("the line must hold exactly seq, prev, hash and event")
    if not is_version(entry["seq"]) or not is_text(entry["prev"], HASH) or not is_text(entry["hash"], HASH):
        raise Refused("seq, prev or hash does not have its form")
    if not isinstance(entry["event"], dict):
        raise Refused("event is not an object")
    return entry


def verify_log(lines, checkpoints=(), rotations=(), trusted=(), stated=(), on_entry=None):
    """`ok`, with the `count` of entries and the `head`; where it is False, the `reason`, the `seq` where it begins, and the `detail`.

    `on_entry` is called with each entry that follows from those before it.

    A log that was cut off at its end, or written anew as a whole, still holds in itself: only checkpoints show that.
    """
    try:
        believed = believe_checkpoints(checkpoints, rotations, trusted, stated)
        tree, seq, head = Tree(), 0, NO_HASH
        signed, signed_head = 0, None  # the size and the head of the last checkpoint that held
        lines = iter(lines)
        for line in lines:
            if line == "":
                continue
            seq += 1
            entry = check_next_entry(line, seq, head, lines)
            head = entry["hash"]
            if on_entry is not None:
                on_entry(entry)
            if believed:
                tree.append(hash_leaf(head))
            if believed and believed[0].size == seq:
                of_size = list(itertools.takewhile(lambda checkpoint: checkpoint.size == seq, believed))
                believed = believed[len(of_size) :]
                other = next((one for one in of_size if one.head != head or one.root != tree.root()), None)
                if other is not None:
                    detail = f"the chain was written anew between the sizes {signed} and {seq}: this is not what was signed at {other.time}"
                    if any((one.head, one.root) != (other.head, other.root) for one in of_size):
                        detail = f"two checkpoints of size {seq} disagree: no log holds against both"
                    raise Fails("rewritten", signed + 1, detail)
                signed, signed_head = seq, head
        if believed:
            raise Fails("cut", seq + 1, f"the log ends with seq {seq}, and the checkpoint of {believed[0].time} covers {believed[0].size}")
    except Fails as failure:
        return {"ok": False, "reason": failure.reason, "seq": failure.where, "detail": failure.detail}
    last = {"last_size": signed, "last_head": signed_head}
    return {"ok": True, "count": seq, "head": head, "checkpoints": len(checkpoints), **last, "trusted": len(trusted) > 0}


def believe_checkpoints(checkpoints, rotations, trusted, stated):
    """The checkpoints in the order of their sizes, each signed by a key that is believed."""
    if not checkpoints:
        return []
    try:
        # A broken key is refused also where nothing follows from it: it would be shown as what the deployment says.
        said = [VerifierKey(text).text for text in stated]
        ring = KeyRing(trusted or said[:1], rotations)
        believed = [Checkpoint(text) for text in checkpoints]
        for checkpoint in believed:
            ring.find_signer(checkpoint)
    except Refused as refusal:
        raise Fails("checkpoint_key", None, str(refusal)) from None
    return sorted(believed, key=lambda checkpoint: checkpoint.size)


def check_next_entry(line, seq, prev, later):
    """The entry in this line, which must be the one with this seq after the one with that hash."""
    try:
        entry = read_entry(line)
    except Refused as refusal:
        raise Fails("malformed", seq, str(refusal)) from None
    if entry["seq"] > seq:
        raise tell_gap(seq, entry["seq"], later)
    if entry["seq"] < seq:
        raise Fails("inserted", entry["seq"], f"a second event with seq {entry['seq']} stands where seq {seq} belongs")
    if entry["prev"] != prev:
        raise Fails("changed", seq, "its prev is not the hash of the event before it: this event or one before it was replaced")
    if hash_entry(seq, prev, write_canonical(entry["event"])) != entry["hash"]:
        raise Fails("changed", seq, "its content does not have the hash that was recorded")
    return entry


def tell_gap(seq, seen, later):
    """The missing event turning up later is what tells a swap from a deletion."""
    for line in later:
        if line == "":
            continue
        try:
            if read_entry(line)["seq"] == seq:
                return Fails("reordered", seq, f"seq {seen} stands before it")
        except Refused as refusal:
            return Fails("malformed", seq, str(refusal))
    return Fails("missing", seq, f"seq {seen} follows seq {seq - 1}: {seen - seq} missing")


# ---------------------------------------------------------------- payloads

PAYLOAD_MAX_BYTES = 256 * 1024
PAYLOAD_MAX_LEVELS = 32
PAYLOAD_MAX_MEMBERS = 10_000


def utf16_length(text):
    return len(text.encode("utf-16-be")) // 2


def is_name(value):
    return is_text(value, "[a-z][a-z0-9_]{0,63}")


def check_profile(value):
    """What a payload may hold: depth, number of members, no NUL, no `__proto__`."""
    members = depth = 0
    level = [value]
    while level:
        below = []
        for item in level:
            if isinstance(item, dict):
                members += len(item)
                if any(key == "__proto__" or "\0" in key for key in item):
                    raise Refused("a key that is not allowed")
                below.extend(item.values())
            elif isinstance(item, list):
                members += len(item)
                below.extend(item)
            elif isinstance(item, str) and "\0" in item:
                raise Refused("a NUL")
        depth += any(isinstance(item, (dict, list)) for item in level)
        level = below
    if depth > PAYLOAD_MAX_LEVELS or members > PAYLOAD_MAX_MEMBERS:
        raise Refused("nested too deep, or too many members")


def is_target(target):
    return (
        isinstance(target, dict)
        and len(target) > 0
        and all(is_integer(value) or (isinstance(value, str) and 1 <= utf16_length(value) <= 500) for value in target.values())
    )


def is_cost(cost):
    if cost is None:
        return True
    return has_members(cost, ("amount_minor", "currency")) and is_count(cost["amount_minor"]) and is_text(cost["currency"], "[A-Z]{3}")


def is_safe_path(path):
    if not is_text(path, r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]{1,2048}") or path[0] != "/":
        return False
    if re.search("%(?![0-9A-Fa-f]{2})", path):
        return False
    route = path.split("?", 1)[0]
    if "//" in route or any(segment in (".", "..") for segment in route.split("/")):
        return False
    # A dot, a slash, a percent sign, a backslash or a control character in disguise.
    return all(int(code, 16) >= 0x20 and int(code, 16) not in (0x25, 0x2E, 0x2F, 0x5C, 0x7F) for code in re.findall("%(..)", route))


def is_request(request):
    return (
        has_members(request, ("method", "path", "body"))
        and request["method"] in ("GET", "POST", "PUT", "PATCH", "DELETE")
        and (request["method"] != "GET" or request["body"] is None)
        and is_safe_path(request["path"])
    )


def is_file(file):
    return (
        has_members(file, ("name", "sha256", "size_bytes"))
        and isinstance(file["name"], str)
        and 1 <= utf16_length(file["name"]) <= 255
        and is_text(file["sha256"], HASH)
        and is_count(file["size_bytes"])
    )


def is_files(files):
    return isinstance(files, list) and all(map(is_file, files)) and len({file["name"] for file in files}) == len(files)


def is_payload(value):
    return (
        has_members(value, ("v", "provider", "operation", "target", "mode", "cost", "request", "files"))
        and is_integer(value["v"])
        and value["v"] == 1
        and is_name(value["provider"])
        and is_name(value["operation"])
        and is_target(value["target"])
        and value["mode"] in ("live", "dry_run")
        and is_cost(value["cost"])
        and is_request(value["request"])
        and is_files(value["files"])
    )


def read_payload(text):
    if len(text.encode()) > PAYLOAD_MAX_BYTES:
        raise Refused("the payload is larger than 256 KiB")
    payload = read_canonical(text)
    check_profile(payload)
    if not is_payload(payload):
        raise Refused("not a payload of version 1")
    return payload


# ---------------------------------------------------------------- descriptors

STEP_UPS = ("none", "preferred", "passkey")  # each asks for more than the one before
FORMATS = "text long_text markdown html code money currency integer decimal boolean url account date image sha256 bytes".split()
DESCRIPTOR_MAX_LENGTH = 65_536
POINTER = "(/([^~/*]|~0|~1)+|/[*])+"
TEMPLATE = "(/([A-Za-z0-9._~-]+|[{][a-z][a-z0-9_]*[}]))+"


def is_words(value):
    """What is shown as it stands: nothing in it that would have to be written out."""
    return isinstance(value, str) and 1 <= utf16_length(value) <= 300 and to_visible(value)[1] == 0


def has_forms(value, needed, allowed=None):
    """An object with at least these members, each in its form, and those of `allowed` in theirs where it has them."""
    return (
        isinstance(value, dict)
        and all(name in value and not list_misfits(value[name], shape, "") for name, shape in needed.items())
        and all(name not in value or not list_misfits(value[name], shape, "") for name, shape in (allowed or {}).items())
    )


def is_field(field):
    needed = {"path": form(POINTER), "label": is_words, "group": is_words, "format": one_of(*FORMATS), "must_see": is_boolean}
    allowed = {"currency_at": form(POINTER), "slot": is_name, "wire": one_of("number")}
    return has_forms(field, needed, allowed) and re.match(r"/(target|request/body)(/|\Z)", field["path"]) is not None


def is_requirement(value):
    needed = {
        "all_of": lambda groups: isinstance(groups, list) and len(groups) > 0 and all(map(is_group, groups)),
        "step_up": one_of(*STEP_UPS),
        "decide_within_seconds": is_count,
        "execute_within_seconds": is_count,
        "hold_seconds": is_count,
    }
    return has_forms(value, needed)


def is_group(value):
    return has_forms(value, {"role": one_of("approver", "admin"), "count": is_version})


def is_descriptor(value):
    """Everything that the drawing, the encoding and the approval follow from; what else a descriptor says is not looked at here."""
    request = {"method": one_of("GET", "POST", "PUT", "PATCH", "DELETE"), "path": form(TEMPLATE), "encoding": one_of("json", "form")}
    fee = {"amount_minor": is_count, "currency": form("[A-Z]{3}")}
    needed = {
        "id": form(DESCRIPTOR_ID),
        "version": is_version,
        "provider": is_name,
        "operation": is_name,
        "title": is_words,
        "tier": one_of("A", "B", "C"),
        "request": lambda inner: has_forms(inner, request),
        "fee": lambda inner: inner is None or has_forms(inner, fee),
        "sentence": is_words,
        "seen_by": is_words,
        "fields": lambda fields: isinstance(fields, list) and all(map(is_field, fields)),
        "approval": is_requirement,
        "grant": lambda inner: inner is None or has_forms(inner, {"execute_within_seconds": is_count}),
        "undo": lambda inner: has_forms(inner, {"text": is_words}),
    }
    return has_forms(value, needed)


# ---------------------------------------------------------------- what leaves


def is_decimal(value):
    return is_text(value, "-?(0|[1-9][0-9]{0,39})([.][0-9]{1,20})?") and not re.fullmatch("-0([.]0+)?", value)


def encode_request(payload, descriptor):
    """The bytes of the body that leave; without a descriptor as JSON."""
    body = payload["request"]["body"]
    if body is None:
        return b""
    if descriptor is not None and descriptor["request"]["encoding"] == "form":
        return encode_form(body).encode()
    fields = [] if descriptor is None else descriptor["fields"]
    return encode_json(body, {field["path"] for field in fields if field.get("wire") == "number"}).encode()


def encode_json(body, wire_numbers):
    """Canonical JSON; decimal strings at the paths in wire_numbers become numbers, digit by digit."""

    def write(value, path):
        if isinstance(value, dict):
            return "{" + ",".join(f"{quote(key)}:{write(value[key], path + to_field_step(key))}" for key in sorted(value, key=utf16)) + "}"
        if isinstance(value, list):
            return "[" + ",".join(write(item, path + "/*") for item in value) + "]"
        return value if path in wire_numbers and is_decimal(value) else quote(value)

    return write(body, "/request/body")


def can_form_say(value):
    """A text, number or truth value, or a list in which no comma hides an item."""
    if isinstance(value, list):
        return len(value) > 0 and all(is_integer(item) or is_text(item, "(?s)[^,]+") for item in value)
    return value is not None and not isinstance(value, dict)


def encode_form(body):
    """application/x-www-form-urlencoded; what a form cannot say is canonical JSON in its place."""

    def write(value):
        if not can_form_say(value) or isinstance(value, (bool, int)):
            return write_canonical(value)
        return ",".join(map(str, value)) if isinstance(value, list) else value

    pairs = sorted(body.items(), key=lambda pair: utf16(pair[0])) if isinstance(body, dict) else [("", body)]
    # Of what quote_plus leaves, a form escapes the tilde; of what it escapes, a form leaves the star.
    return "&".join("=".join(quote_plus(part, safe="*").replace("~", "%7E") for part in (key, write(value))) for key, value in pairs)


# ---------------------------------------------------------------- the drawing: what the approver saw

RENDERER_VERSION = "3"

HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f"
    "\u2028-\u202e\u205f-\u206f\u2800\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\U000110bd\U000110cd"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
PICTOGRAPH = re.compile("[\u2190-\u27ff\u2801-\u2bff\U0001f000-\U0001faff]")


def to_escape(character):
    return f"⟨U+{ord(character):04X}⟩"


def to_visible(raw, lines=False):
    """The text with every character written out that could hide or move something, and how many were. `lines` keeps line feeds and tabs."""
    pieces, hidden = [], 0
    for place, character in enumerate(raw):
        before, after = raw[place - 1 : place] if place else "", raw[place + 1 : place + 2]
        imitates = character == "⟨" and raw[place + 1 : place + 3] == "U+"
        is_emoji_part = (character == "\ufe0f" and PICTOGRAPH.match(before)) or (
            character == "\u200d" and (before == "\ufe0f" or PICTOGRAPH.match(before)) and PICTOGRAPH.match(after)
        )
        if (lines and character in "\n\t") or is_emoji_part or not (imitates or HIDDEN.match(character)):
            pieces.append(character)
        else:
            pieces.append(to_escape(character))
            hidden += 1
    return "".join(pieces), hidden


def cut(text):
    return text if len(text) <= 160 else f"{text[:160]}… ({len(text)} characters)"


EXPONENTS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
    **dict.fromkeys(
        (
            "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK "
            "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD "
            "KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
            "PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH "
            "USD UYU UZS VES WST XCD YER ZAR ZMW"
        ).split(),
        2,
    ),
}
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}


def format_money(amount, currency):
    exponent = EXPONENTS.get(currency)
    if exponent is None:
        return f"{amount} minor units of {currency}"
    whole, fraction = divmod(abs(amount), 10**exponent)
    digits = f".{fraction:0{exponent}d}" if exponent else ""
    return f"{'-' if amount < 0 else ''}{SYMBOLS.get(currency, currency + ' ')}{whole:,}{digits}"


def to_step(segment):
    return "/" + str(segment).replace("~", "~0").replace("/", "~1")


def to_field_step(segment):
    """As a descriptor's path has it: a star for any place in a list, which no key may imitate."""
    if is_integer(segment):
        return "/*"
    return "/~*" if segment == "*" else to_step(segment)


def list_leaves(value, segments=()):
    """Every value without children, an empty object or list too, with the steps to it."""
    if isinstance(value, dict) and value:
        for key in sorted(value, key=utf16):
            yield from list_leaves(value[key], segments + (key,))
    elif isinstance(value, list) and value:
        for place, item in enumerate(value):
            yield from list_leaves(item, segments + (place,))
    else:
        yield value, segments


def find_at(value, pointer):
    """What stands at a JSON pointer; an empty tuple, which no JSON value is, where nothing does."""
    for segment in pointer.split("/")[1:]:
        segment = segment.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and segment in value:
            value = value[segment]
        elif isinstance(value, list) and is_text(segment, "0|[1-9][0-9]{0,8}") and int(segment) < len(value):
            value = value[int(segment)]
        else:
            return ()
    return value


def to_field(group, path, label, format_, must_see=False, **more):
    return {"path": path, "label": label, "group": group, "format": format_, "must_see": must_see, **more}


NO_COST = to_field("What it is", "/cost", "Cost now", "money")
NO_BODY = to_field("What it is", "/request/body", "Request body", "text")
NO_FILES = to_field("Files", "/files", "Files", "text")
ENVELOPE_FIELDS = [
    to_field("What it is", "/provider", "Provider", "text"),
    to_field("What it is", "/operation", "Operation", "text"),
    to_field("What it is", "/mode", "Mode", "text", True),
    to_field("What it is", "/cost/amount_minor", "Cost now", "money", True, currency_at="/cost/currency"),
    NO_COST,
    to_field("What it is", "/cost/currency", "Cost currency", "currency"),
    to_field("What it is", "/request/method", "Request method", "text"),
    to_field("What it is", "/request/path", "Request path", "text"),
    to_field("What it is", "/v", "Payload version", "integer"),
]
FILE_FIELDS = [
    NO_FILES,
    to_field("Files", "/files/*/name", "File name", "text", True),
    to_field("Files", "/files/*/sha256", "File seal", "sha256"),
    to_field("Files", "/files/*/size_bytes", "File size", "bytes"),
]


def fill_path(template, target):
    """The path with each {name} from the target; None where one is missing or is not one plain segment."""
    whole = True

    def fill(match):
        nonlocal whole
        value = str(target.get(match[1], ""))
        whole = whole and is_text(value, "[A-Za-z0-9._~-]{1,64}") and value not in (".", "..")
        return value

    path = re.sub(r"\{([a-z][a-z0-9_]*)\}", fill, template)
    return path if whole else None


def find_currency(payload, segments, field):
    if "currency_at" not in field:
        return None
    places = [str(segment) for segment in segments if is_integer(segment)]
    pointer = re.sub(r"/\*", lambda _: "/" + (places.pop(0) if places else "*"), field["currency_at"])
    currency = find_at(payload, pointer)
    return currency if is_text(currency, "[A-Z]{3}") else None


def fits(payload, value, segments, field):
    kind = field["format"]
    if kind == "money":
        return is_integer(value) and find_currency(payload, segments, field) is not None
    if kind in ("integer", "bytes"):
        return is_integer(value)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "decimal":
        return is_decimal(value)
    patterns = {
        "currency": "[A-Z]{3}",
        "url": "(?s)https?://[^\t\n\x0b\x0c\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff/].*",
        "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?Z)?",
        "image": HASH,
        "sha256": HASH,
    }
    return is_text(value, patterns[kind]) if kind in patterns else isinstance(value, str)


def list_sayable(body):
    """The members of a body that a form can say. Each is judged once: one may hold thousands of values."""
    return {key for key, value in body.items() if can_form_say(value)} if isinstance(body, dict) else set()


def find_field(payload, descriptor, fields, sayable, value, segments):
    """The field that explains a leaf; None where none does: by its place, and because the value fits."""
    request, body = descriptor["request"], payload["request"]["body"]
    pointer = "".join(map(to_step, segments))
    if pointer == "/request/method" and value != request["method"]:
        return None
    if pointer == "/request/path" and value != fill_path(request["path"], payload["target"]):
        return None
    fee = descriptor["fee"]
    if fee is not None and (
        pointer == "/cost" or any(pointer == f"/cost/{name}" and value != fee[name] for name in ("amount_minor", "currency"))
    ):
        return None
    if request["encoding"] == "form" and segments[:2] == ("request", "body") and body is not None:
        # What a form would change on its way is not what somebody read.
        if len(segments) < 3 or segments[2] not in sayable:
            return None
    if pointer == "/request/body" and value is None:
        return NO_BODY
    if pointer == "/cost" and value is None:
        return NO_COST
    if pointer == "/files" and isinstance(value, list):
        return NO_FILES
    path = "".join(map(to_field_step, segments))
    if isinstance(value, list):
        return next((field for field in fields.values() if field["path"] == f"{path}/*" or field["path"].startswith(f"{path}/*/")), None)
    field = fields.get(path)
    return field if field is not None and fits(payload, value, segments, field) else None


def explain(payload, descriptor):
    """Every leaf with its field: the unexplained first, then in the order of the descriptor, group by group."""
    leaves = list(list_leaves(payload))
    if descriptor is None:
        return [(value, segments, None) for value, segments in leaves]
    fields = {field["path"]: field for field in descriptor["fields"] + ENVELOPE_FIELDS + FILE_FIELDS}
    in_order = ENVELOPE_FIELDS + [NO_BODY] + descriptor["fields"] + FILE_FIELDS
    groups = {}
    for field in in_order:
        groups.setdefault(field["group"], []).append(field)
    grouped = [field for group in groups.values() for field in group]
    ranks = {field["path"]: rank for rank, field in enumerate(grouped)}
    sayable = list_sayable(payload["request"]["body"])
    explained = [(value, segments, find_field(payload, descriptor, fields, sayable, value, segments)) for value, segments in leaves]
    return sorted(explained, key=lambda item: -1 if item[2] is None else ranks.get(item[2]["path"], 0))


@functools.lru_cache(maxsize=None)
def read_seal_words():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seal_words.txt")
    with open(path, encoding="ascii") as file:
        return file.read().split()


def to_seal(hash_hex):
    """Five words for the first 55 bits of a hash."""
    words = read_seal_words()
    return "-".join(words[int(hash_hex, 16) >> (256 - 11 * (place + 1)) & 2047] for place in range(5))


def draw_value(payload, value, segments, field):
    if value is None or isinstance(value, list):
        return "none", 0
    if isinstance(value, bool):
        return ("yes" if value else "no"), 0
    if isinstance(value, int):
        if field["format"] == "money":
            return format_money(value, find_currency(payload, segments, field) or "no currency"), 0
        return (f"{value} bytes" if field["format"] == "bytes" else str(value)), 0
    if field["format"] in ("sha256", "image"):
        return to_seal(value), 0
    return to_visible(value, field["format"] in ("long_text", "markdown", "html", "code"))


def draw_field(payload, value, segments, field):
    pointer = "".join(map(to_step, segments))
    if field is None:
        text, hidden = to_visible(write_canonical(value))
        kind = {"label": to_visible(pointer)[0], "format": "unexplained", "group": "Unexplained", "must_see": True}
    else:
        text, hidden = draw_value(payload, value, segments, field)
        places = [str(segment + 1) for segment in segments if is_integer(segment)]
        kind = {"label": " ".join([field["label"], *places]), **{name: field[name] for name in ("format", "group", "must_see")}}
    return {"pointer": pointer, **kind, "value_text": text, "hidden_characters": hidden}


def draw_sentence(payload, descriptor, explained, fields):
    parts, missing = [], []
    if descriptor is None:
        parts.append({"text": f"send {payload['request']['method']} "})
        parts.append({"text": cut(to_visible(payload["request"]["path"])[0]), "value": True})
        parts.append({"text": f" to {payload['provider']}: none of its {len(fields)} values can be explained"})
    else:
        for place, piece in enumerate(re.split(r"\{([a-z_]+)\}", descriptor["sentence"])):
            if place % 2 == 0:
                parts.extend([{"text": piece}] if piece else [])
                continue
            found = next((at for at, item in enumerate(explained) if item[2] is not None and item[2].get("slot") == piece), None)
            if found is None:
                missing.append(piece)
                parts.append({"text": "(not given)", "value": True})
            else:
                # One line, and no closing quote: a value must not end its own quotation and go on as the console.
                line = re.sub("[«»\n\t]", lambda match: to_escape(match[0]), fields[found]["value_text"])
                parts.append({"text": cut(line), "value": True})
        unexplained = sum(item[2] is None for item in explained)
        if unexplained:
            parts.append({"text": f", and {'1 value' if unexplained == 1 else f'{unexplained} values'} that cannot be explained"})
    if payload["mode"] == "dry_run":
        parts.append({"text": ", as a dry run: nothing is sent"})
    return parts, missing


def draw(payload, descriptor):
    """What a person was shown of a payload: the same on every machine. Its hash is in every approval."""
    explained = explain(payload, descriptor)
    fields = [draw_field(payload, *item) for item in explained]
    sentence, missing = draw_sentence(payload, descriptor, explained, fields)
    unexplained = ["".join(map(to_step, segments)) for _, segments, field in explained if field is None]
    cost = payload["cost"]
    plain = {
        "title": f"{payload['provider']}.{payload['operation']}" if descriptor is None else descriptor["title"],
        "sentence_text": "".join(part["text"] for part in sentence),
        "blind": bool(unexplained or missing),
        "cost_text": format_money(cost["amount_minor"], cost["currency"]) if cost else "not known" if descriptor is None else "nothing",
        "undo_text": "not known, treat as none" if descriptor is None else descriptor["undo"]["text"],
        "seen_by_text": "not known, treat as everyone" if descriptor is None else descriptor["seen_by"],
    }
    coverage = {"explained": len(fields) - len(unexplained), "present": len(fields), "missing": missing}
    lines = [{"renderer_version": RENDERER_VERSION, **plain}, *sentence, *fields, coverage]
    return {
        **plain,
        "fields": fields,
        "coverage": {**coverage, "unexplained": unexplained},
        "display_sha256": hex_sha256("".join(write_canonical(line) + "\n" for line in lines).encode()),
    }


# ---------------------------------------------------------------- records and receipts

QUORUM_PLACE = {"group": is_count, "slot": is_count, "role": one_of("approver", "admin")}
DESCRIPTOR_REFERENCE = {"id": is_string, "version": is_version, "sha256": form(HASH)}
SIGNATURE = {
    "credential_id": is_binary,
    "statement": is_string,
    "authenticator_data": is_binary,
    "client_data": is_binary,
    "signature": is_binary,
}
REVISION = {
    "record": one_of("revision"),
    "action_id": form(ACTION),
    "revision": is_version,
    "payload_hash": form(HASH),
    "mode": one_of("live", "dry_run"),
    "tier": one_of("A", "B", "C"),
    "descriptor": or_null(DESCRIPTOR_REFERENCE),
    "requested_by": {"executor_id": form(VISIBLE), "name": is_string},
    "started_by": or_null(is_string),
    "decide_by": is_moment,
    "execute_within_seconds": is_count,
    "hold_seconds": is_count,
    "step_up": one_of(*STEP_UPS),
    "quorum": [QUORUM_PLACE],
    "created_at": is_moment,
}
DECISION = {
    "record": one_of("decision"),
    "decision_id": form(VISIBLE),
    "action_id": form(ACTION),
    "revision": is_version,
    "payload_hash": form(HASH),
    "kind": one_of("approve", "reject", "ask_change"),
    "reject_kind": or_null(one_of("never", "not_now", "change_this")),
    "field": or_null(is_string),
    "reason_sha256": form(HASH),
    "operator_id": form(OPERATOR),
    "operator_role": one_of("viewer", "approver", "admin"),
    "strength": one_of("passkey", "password", "session"),
    "sole_operator": is_boolean,
    "descriptor_sha256": or_null(form(HASH)),
    "display_sha256": or_null(form(HASH)),
    "decided_at": is_moment,
    "slot": or_null({"group": is_count, "slot": is_count}),
    "signature": or_null(SIGNATURE),
}
REVOCATION = {
    "record": one_of("revocation"),
    "decision_id": form(VISIBLE),
    "action_id": form(ACTION),
    "revision": is_version,
    "kind": one_of("revoke", "veto"),
    "reason_sha256": form(HASH),
    "operator_id": form(OPERATOR),
    "operator_role": one_of("viewer", "approver", "admin"),
    "decided_at": is_moment,
}
CLAIM = {
    "record": one_of("claim"),
    "action_id": form(ACTION),
    "revision": is_version,
    "payload_hash": form(HASH),
    "authorized_by": one_of("people", "policy"),
    "execution_id": form(VISIBLE),
    "fence": is_version,
    "executor_id": form(VISIBLE),
    "key_id": form(VISIBLE),
    "claimed_at": is_moment,
    "expected_sha256": form(HASH),
}
OUTCOME = {
    "record": one_of("outcome"),
    "execution_id": form(VISIBLE),
    "outcome": one_of("completed", "failed", "unknown", "simulated"),
    "sent": one_of("no", "yes", "unknown"),
    "sent_sha256": or_null(form(HASH)),
    "external_object_id": or_null(is_string),
    "external_url": or_null(is_string),
    "error_code": or_null(is_string),
    "error_summary": or_null(is_string),
    "finished_at": is_moment,
    "recorded_by": form(VISIBLE),
}
OBSERVATION = {
    "record": one_of("observation"),
    "execution_id": form(VISIBLE),
    "no": is_version,
    "result": one_of("verified", "drifted", "cannot_verify"),
    "observed": or_null(is_string),
    "detail": or_null(is_string),
    "observed_at": is_moment,
    "recorded_by": form(VISIBLE),
}
RESOLUTION = {
    "record": one_of("resolution"),
    "execution_id": form(VISIBLE),
    "outcome": one_of("completed", "failed"),
    "looked_at": is_string,
    "reason": is_string,
    "external_object_id": or_null(is_string),
    "operator_id": form(OPERATOR),
    "operator_role": one_of("viewer", "approver", "admin"),
    "resolved_at": is_moment,
}
PASSKEY = {
    "record": one_of("passkey"),
    "credential_id": is_binary,
    "operator_id": form(OPERATOR),
    "relying_party": {"id": is_string, "origin": is_string},
    "public_key": is_binary,
    "attestation_object": is_binary,
    "client_data": is_binary,
    "endorsement": or_null(SIGNATURE),
    "created_at": is_moment,
}
SPOKEN = {"reason": is_string, "name": is_string}


def is_decision(value):
    shape = REVOCATION if isinstance(value, dict) and value.get("record") == "revocation" else DECISION
    return not list_misfits(value, {**shape, **SPOKEN}, "")


WITHOUT_CLAIM = ("APPROVED", "REJECTED", "REVOKED", "EXPIRED", "CANCELLED")
WITH_CLAIM = ("EXECUTING", "COMPLETED", "FAILED", "UNKNOWN", "SIMULATED")
EXECUTION = {"claim": CLAIM, "outcome": or_null(OUTCOME), "observations": [OBSERVATION], "resolution": or_null(RESOLUTION)}
ENTRY = {"seq": is_version, "prev": form(HASH), "hash": form(HASH), "event": is_string, "path": [form(HASH)]}
RECEIPT = {
    "v": one_of("autopack-receipt/1"),
    "made_at": is_moment,
    "action": {"id": form(ACTION), "state": one_of(*WITHOUT_CLAIM, *WITH_CLAIM), "revision": is_version},
    "payload": is_string,
    "descriptor": or_null(is_string),
    "revision": REVISION,
    "decisions": [is_decision],
    "executions": [EXECUTION],
    "passkeys": [PASSKEY],
    "audit": [ENTRY],
    "checkpoint": is_string,
    "keys": [is_string],
    "rotations": [is_string],
}
EVENTS_OF = {
    "revision": ("external_action.proposed", "external_action.revised"),
    "claim": ("external_action.claimed",),
    "outcome": ("external_action.finished", "external_action.lease_lost"),
    "observation": ("external_action.observed",),
    "resolution": ("external_action.resolved",),
    "passkey": ("passkey.added",),
    "approve": ("external_action.approved",),
    "reject": ("external_action.rejected",),
    "ask_change": ("external_action.change_asked",),
    "revoke": ("external_action.revoked",),
    "veto": ("external_action.vetoed",),
}
# What these recorded belongs into the receipt whatever they say of the revision: of an action there is one execution, and one end of it.
NEEDED_ALWAYS = {name for kind in ("claim", "outcome", "observation", "resolution", "revoke", "veto") for name in EVENTS_OF[kind]}
RECORDING = {name for names in EVENTS_OF.values() for name in names}
SENT_OF = {"completed": ("yes",), "simulated": ("no",), "failed": ("no", "yes"), "unknown": ("no", "yes", "unknown")}
# The kinds of events that lead to a state.
LEADS_TO = {
    "APPROVED": ("approved", "proposed", "revised"),
    "EXECUTING": ("claimed",),
    "COMPLETED": ("finished", "resolved"),
    "FAILED": ("finished", "resolved"),
    "UNKNOWN": ("finished", "lease_lost"),
    "SIMULATED": ("finished",),
    "REJECTED": ("rejected",),
    "REVOKED": ("revoked", "vetoed"),
    "EXPIRED": ("expired",),
    "CANCELLED": ("cancelled",),
}
ENDED = ("COMPLETED", "FAILED", "UNKNOWN", "SIMULATED")
# What is asked of people where nobody described the action; it is always blind.
UNDESCRIBED = {
    "all_of": [{"role": "approver", "count": 1}],
    "step_up": "passkey",
    "decide_within_seconds": 86_400,
    "execute_within_seconds": 3_600,
    "hold_seconds": 0,
}


def is_ascending(values):
    return all(one < other for one, other in zip(values, values[1:]))


class Receipt:
    """One receipt while it is checked. Each check raises Fails, or leaves behind what the next ones build on."""

    def __init__(self, text, trusted, rotations, log, checkpoints):
        self.text, self.trusted, self.rotations, self.log, self.checkpoints = text, trusted, rotations, log, checkpoints
        self.held = []

    def verify(self):
        for reason, check in CHECKS:
            if reason == "log" and self.log is None:
                continue
            try:
                check(self)
            except Refused as refusal:
                raise Fails(reason, f"/{reason}", str(refusal)) from None
            self.held.append(reason)

    # ------------------------------------------------------------ the file

    def check_form(self):
        if len(utf16(self.text)) // 2 > MAX_RECEIPT_CHARACTERS:
            raise Refused("the file is larger than any receipt")
        receipt = read_json(self.text)
        for where in list_misfits(receipt, RECEIPT, ""):
            raise Fails("malformed", where, "it does not have the form of a receipt")
        if len(receipt["executions"]) > 1:
            raise Fails("malformed", "/executions", "more than one execution")
        if any(len(entry["path"]) > 64 for entry in receipt["audit"]):
            raise Fails("malformed", "/audit", "a path that is longer than any")
        for name in ("keys", "audit"):
            if not receipt[name]:
                raise Fails("malformed", f"/{name}", "it is empty")
        if not is_ascending([entry["seq"] for entry in receipt["audit"]]):
            raise Fails("malformed", "/audit", "not in the order of seq")
        if not is_ascending([passkey["credential_id"] for passkey in receipt["passkeys"]]):
            raise Fails("malformed", "/passkeys", "not in the order of credential_id")
        self.receipt = receipt
        self.action, self.revision = receipt["action"], receipt["revision"]
        self.approvals = [decision for decision in receipt["decisions"] if decision["kind"] == "approve"]
        self.execution = receipt["executions"][0] if receipt["executions"] else None
        self.claim = self.execution["claim"] if self.execution else None

    def check_payload(self):
        self.payload = read_payload(self.receipt["payload"])
        if hex_sha256(self.receipt["payload"].encode()) != self.revision["payload_hash"]:
            raise Fails("payload", "/payload", "it does not have the hash that the revision says")
        if self.payload["mode"] != self.revision["mode"]:
            raise Fails("payload", "/revision/mode", "the revision says another mode than its payload")

    def check_descriptor(self):
        text, said = self.receipt["descriptor"], self.revision["descriptor"]
        self.descriptor = None
        if (text is None) != (said is None):
            raise Fails("descriptor", "/descriptor", "there is one in the receipt or in the revision, but not in both")
        if text is None:
            return
        if utf16_length(text) > DESCRIPTOR_MAX_LENGTH:
            raise Fails("descriptor", "/descriptor", "it is longer than any")
        descriptor = read_canonical(text, PAYLOAD_MAX_LEVELS)
        if hex_sha256(text.encode()) != said["sha256"]:
            raise Fails("descriptor", "/descriptor", "it does not have the hash that the revision says")
        if not is_descriptor(descriptor):
            raise Fails("descriptor", "/descriptor", "nothing can be drawn by it")
        if (descriptor["id"], descriptor["version"]) != (said["id"], said["version"]):
            raise Fails("descriptor", "/descriptor", "it has another id or version than the revision says")
        if (descriptor["provider"], descriptor["operation"]) != (self.payload["provider"], self.payload["operation"]):
            raise Fails("descriptor", "/descriptor", "it describes another kind of action than the payload is")
        self.descriptor = descriptor

    # ------------------------------------------------------------ the log

    def check_checkpoint(self):
        self.checkpoint = Checkpoint(self.receipt["checkpoint"])
        # A broken key is refused also where nothing follows from it: it would be shown as what the deployment says.
        stated = [VerifierKey(text).text for text in self.receipt["keys"]]
        ring = KeyRing(self.trusted or stated[:1], [*self.receipt["rotations"], *self.rotations])
        self.key = ring.find_signer(self.checkpoint)

    def check_entries(self):
        self.events = []
        for place, entry in enumerate(self.receipt["audit"]):
            where = f"/audit/{place}"
            if hash_entry(entry["seq"], entry["prev"], entry["event"]) != entry["hash"]:
                raise Fails("entry", where, "its content does not have its hash")
            try:
                event = read_canonical(entry["event"])
            except Refused as refusal:
                raise Fails("entry", where, str(refusal)) from None
            if not isinstance(event, dict):
                raise Fails("entry", where, "the event is not an object")
            self.events.append((entry["seq"], event))

    def check_inclusion(self):
        size = self.checkpoint.size
        for place, entry in enumerate(self.receipt["audit"]):
            path = [bytes.fromhex(step) for step in entry["path"]]
            if entry["seq"] > size or find_root(hash_leaf(entry["hash"]), entry["seq"] - 1, size, path) != self.checkpoint.root:
                raise Fails("inclusion", f"/audit/{place}", "it is not in the log that was signed, at this place")

    # ------------------------------------------------------------ the records

    def list_records(self):
        """Each record with its place, the name of its kind, and what of it was hashed."""
        yield "/revision", "revision", self.revision
        for place, decision in enumerate(self.receipt["decisions"]):
            yield f"/decisions/{place}", decision["kind"], {name: decision[name] for name in decision if name not in SPOKEN}
        if self.execution is not None:
            yield "/executions/0/claim", "claim", self.claim
            if self.execution["outcome"] is not None:
                yield "/executions/0/outcome", "outcome", self.execution["outcome"]
            for place, observation in enumerate(self.execution["observations"]):
                yield f"/executions/0/observations/{place}", "observation", observation
            if self.execution["resolution"] is not None:
                yield "/executions/0/resolution", "resolution", self.execution["resolution"]
        for place, passkey in enumerate(self.receipt["passkeys"]):
            yield f"/passkeys/{place}", "passkey", passkey

    def is_about_action(self, event):
        return event.get("approval_ref") == {"kind": "external_action", "id": self.action["id"]}

    def is_event_of(self, event, kind, record):
        """Whether it is an event of this kind of record, about what the record is about."""
        if event.get("event_type") not in EVENTS_OF[kind]:
            return False
        if kind == "passkey":
            return (event.get("external_object_id"), event.get("auth_principal_id")) == (record["credential_id"], record["operator_id"])
        named = [name for name in ("revision", "payload_hash") if name in record]
        return self.is_about_action(event) and all(same_json(event.get(name), record[name]) for name in named)

    def check_records(self):
        self.recorded = {}  # where a record stands → seq of its event and the event
        used = set()
        for where, kind, record in self.list_records():
            wanted = hex_sha256(write_canonical(record).encode())
            found = [
                (seq, event)
                for seq, event in self.events
                if event.get("record_sha256") == wanted and self.is_event_of(event, kind, record)
            ]
            if len(found) != 1 or found[0][0] in used:
                raise Fails("record", where, "no event recorded exactly this, once")
            self.recorded[where] = found[0]
            used.add(found[0][0])
        for place, (seq, event) in enumerate(self.events):
            where = f"/audit/{place}"
            if not self.is_about_action(event):
                if seq not in used:
                    raise Fails("record", where, "an event about something else")
                continue
            is_needed = same_json(event.get("revision"), self.action["revision"]) or event.get("event_type") in NEEDED_ALWAYS
            if event.get("record_sha256") is None and is_needed and event.get("event_type") in RECORDING:
                raise Fails("record", where, "it does not say what it recorded")
            if event.get("record_sha256") is not None and is_needed and seq not in used:
                raise Fails("record", where, "what this event recorded is not in the receipt")
        for no, event in enumerate(self.list_about(), 1):
            if not same_json(event.get("approval_ref_no"), no):
                raise Fails("record", "/audit", f"the event about this action that is number {no} is not in the receipt")
        for place, observation in enumerate(self.execution["observations"] if self.execution else []):
            if observation["no"] != place + 1:
                raise Fails("record", f"/executions/0/observations/{place}/no", "the observations are not numbered from 1 without a gap")
        self.check_words()
        seqs = [self.recorded[f"/decisions/{place}"][0] for place in range(len(self.receipt["decisions"]))]
        if not is_ascending(seqs):
            raise Fails("record", "/decisions", "not in the order of the log")

    def list_about(self):
        return [event for _, event in self.events if self.is_about_action(event)]

    def tell_decision(self, decision):
        """What is said of a decision: with which passkey, and which one spoke for that."""
        signature = decision.get("signature")
        passkey = None if signature is None else self.passkeys[signature["credential_id"]][1]
        endorsement = passkey and passkey["endorsement"]
        by = {"credential_id": passkey["credential_id"], "endorsed_by": endorsement and endorsement["credential_id"]} if passkey else None
        told = {name: decision.get(name) for name in ("kind", "name", "operator_id", "decided_at", "reason", "field", "strength")}
        return {**told, "role": decision["operator_role"], "sole_operator": decision.get("sole_operator") is True, "passkey": by}

    def check_words(self):
        for place, decision in enumerate(self.receipt["decisions"]):
            where = f"/decisions/{place}"
            _, event = self.recorded[where]
            reason = decision["reason"]
            if hex_sha256(f"{decision['decision_id']}\n{reason}".encode()) != decision["reason_sha256"]:
                raise Fails("record", f"{where}/reason", "it is not the reason that was recorded")
            if isinstance(event.get("reason"), str) and reason != event["reason"]:
                raise Fails("record", f"{where}/reason", "the event says another reason")
            if decision["name"] != event.get("auth_principal_name"):
                raise Fails("record", f"{where}/name", "the event says another name")

    def check_state(self):
        for where, _, record in self.list_records():
            if record.get("action_id", self.action["id"]) != self.action["id"]:
                raise Fails("state", f"{where}/action_id", "it is about another action")
            if record.get("revision", self.action["revision"]) != self.action["revision"]:
                raise Fails("state", f"{where}/revision", "it is about another revision")
        about = self.list_about()
        if any(is_integer(event.get("revision")) and event["revision"] > self.action["revision"] for event in about):
            raise Fails("state", "/action/revision", "an event names a later revision")
        told = [event for event in about if event.get("result_status") != "refused" and event.get("event_type") != "external_action.observed"]
        state = self.action["state"]
        if not told or told[-1].get("result_status") != state:
            raise Fails("state", "/action/state", "the last event about this action reached another state")
        last = told[-1]
        if last.get("event_type") not in [f"external_action.{name}" for name in LEADS_TO[state]]:
            raise Fails("state", "/action/state", "the last event about this action is none that leads there")
        if not same_json(last.get("revision"), self.action["revision"]):
            raise Fails("state", "/action/revision", "another revision reached this state")
        self.check_end()

    def check_end(self):
        """The state is the end that the outcome tells, or the resolution of one that was unknown."""
        outcome = self.execution["outcome"] if self.execution else None
        resolution = self.execution["resolution"] if self.execution else None
        if resolution is not None and (outcome is None or outcome["outcome"] != "unknown"):
            raise Fails("state", "/executions/0/resolution", "it resolves an outcome that nobody called unknown")
        end = resolution or outcome
        if (self.action["state"] if self.action["state"] in ENDED else None) != (end and end["outcome"].upper()):
            raise Fails("state", "/action/state", "the outcome or the resolution says another end")

    def check_policy(self):
        """The revision asks for what follows from its payload and its descriptor."""
        revision, descriptor = self.revision, self.descriptor
        self.drawing = draw(self.payload, descriptor)
        blind = self.drawing["blind"]
        asked = UNDESCRIBED if descriptor is None else descriptor["approval"]
        if revision["tier"] == "C":
            groups = [(group["role"], group["count"] + (blind and place == 0)) for place, group in enumerate(asked["all_of"])]
            step_up, seconds, hold = asked["step_up"], asked["execute_within_seconds"], asked["hold_seconds"]
        else:
            if descriptor is None or descriptor["tier"] != revision["tier"] or descriptor["grant"] is None or blind:
                raise Fails("policy", "/revision/tier", "no policy grants this: people decide")
            groups, step_up, seconds, hold = [], "none", descriptor["grant"]["execute_within_seconds"], 0
        # Nobody asks for more people than a receipt has room for; a count may be any number.
        if sum(count for _, count in groups) != len(revision["quorum"]):
            raise Fails("policy", "/revision/quorum", "it asks for other people than its descriptor")
        places = [{"group": group, "slot": slot, "role": role} for group, (role, count) in enumerate(groups) for slot in range(count)]
        if revision["quorum"] != places:
            raise Fails("policy", "/revision/quorum", "it asks for other people than its descriptor")
        if STEP_UPS.index(revision["step_up"]) < STEP_UPS.index(step_up):
            raise Fails("policy", "/revision/step_up", "it asks for less than its descriptor")
        for name, value in (("hold_seconds", hold), ("execute_within_seconds", seconds)):
            if revision[name] != value:
                raise Fails("policy", f"/revision/{name}", "its descriptor says another time")
        if to_milliseconds(revision["decide_by"]) != to_milliseconds(revision["created_at"]) + asked["decide_within_seconds"] * 1000:
            raise Fails("policy", "/revision/decide_by", "its descriptor gives another time to decide")

    # ------------------------------------------------------------ the signatures

    def check_enrolments(self):
        self.passkeys = {passkey["credential_id"]: (place, passkey) for place, passkey in enumerate(self.receipt["passkeys"])}
        for place, passkey in enumerate(self.receipt["passkeys"]):
            try:
                self.check_enrolment(place, passkey)
            except Refused as refusal:
                raise Fails("enrolment", f"/passkeys/{place}", str(refusal)) from None

    def check_enrolment(self, place, passkey):
        party = passkey["relying_party"]
        if party != self.receipt["passkeys"][0]["relying_party"]:
            raise Refused("it was made for another console than the others")
        read_client_data(read_base64url(passkey["client_data"]), "webauthn.create", party)
        made = read_whole_cbor(read_base64url(passkey["attestation_object"]))
        if not has_members(made, ("fmt", "attStmt", "authData")) or not isinstance(made["attStmt"], dict):
            raise Refused("not an attestation object")
        if made["fmt"] not in ("none", "packed") or "x5c" in made["attStmt"] or not isinstance(made["authData"], bytes):
            raise Refused("an attestation that the console does not take")
        attested = read_authenticator(made["authData"], party)
        if attested != (read_base64url(passkey["credential_id"]), read_base64url(passkey["public_key"])):
            raise Refused("it holds another credential or another public key, or none")
        read_cose_key(attested[1])
        if passkey["endorsement"] is not None:
            self.check_endorsement(place, passkey)

    def check_endorsement(self, place, passkey):
        """Another passkey of the same person, enrolled before, signed that there is this one."""
        endorsement = passkey["endorsement"]
        statement = read_canonical(endorsement["statement"])
        shape = {
            "v": one_of("autopack-act/1"),
            "purpose": one_of("passkey_add"),
            "subject": {"credential_id": one_of(passkey["credential_id"]), "name": is_string},
            "operator": {"sub": one_of(passkey["operator_id"])},
            "nonce": form(NONCE),
        }
        for where in list_misfits(statement, shape, ""):
            raise Refused(f"the endorsement says something else at {where}")
        by = self.find_passkey(endorsement, passkey["operator_id"], self.recorded[f"/passkeys/{place}"][0])
        check_assertion(endorsement, by, b"autopack-act/1")

    def find_passkey(self, signature, operator_id, before):
        """The passkey that is said to have signed: of this person, and enrolled before this seq."""
        if signature["credential_id"] not in self.passkeys:
            raise Refused("the passkey that signed it is not in the receipt")
        place, passkey = self.passkeys[signature["credential_id"]]
        if passkey["operator_id"] != operator_id:
            raise Refused("the passkey belongs to somebody else")
        if self.recorded[f"/passkeys/{place}"][0] >= before:
            raise Refused("the passkey was enrolled later")
        return passkey

    def list_signed(self):
        for place, decision in enumerate(self.receipt["decisions"]):
            if decision.get("signature") is not None:
                yield f"/decisions/{place}/signature", decision

    def check_statements(self):
        revision = self.revision
        seconds = min(revision["execute_within_seconds"] + revision["hold_seconds"], 86_400)
        for where, decision in self.list_signed():
            said = {
                "v": "autopack-approval/1",
                "purpose": "approve",
                "action": {"id": self.action["id"], "revision": self.action["revision"], "payload_hash": revision["payload_hash"]},
                "descriptor": revision["descriptor"],
                "display_sha256": decision["display_sha256"],
                "mode": revision["mode"],
                "approver": {"sub": decision["operator_id"]},
                "requested_by": revision["requested_by"],
                "decide_by": revision["decide_by"],
            }
            try:
                statement = read_canonical(decision["signature"]["statement"])
            except Refused as refusal:
                raise Fails("statement", f"{where}/statement", str(refusal)) from None
            if not has_members(statement, (*said, *OWN_WORDS, "execute_by")):
                raise Fails("statement", f"{where}/statement", "it does not have the members of a statement")
            for name, value in said.items():
                if not same_json(statement[name], value):
                    raise Fails("statement", f"{where}/statement", f"its {name} is not what the receipt says")
            for name, shape in OWN_WORDS.items():
                if not shape(statement[name]):
                    raise Fails("statement", f"{where}/statement", f"its {name} does not have its form")
            until, latest = statement["execute_by"], to_milliseconds(revision["decide_by"]) + seconds * 1000
            if not is_moment(until) or to_milliseconds(until) != latest:
                raise Fails("statement", f"{where}/statement", "its execute_by is not what follows from the revision")

    def check_signatures(self):
        for place, decision in enumerate(self.receipt["decisions"]):
            if decision["record"] == "decision" and (decision["strength"] == "passkey") != (decision["signature"] is not None):
                raise Fails("signature", f"/decisions/{place}", "what is called signed has no signature, or the other way round")
            if decision["kind"] != "approve" and decision.get("signature") is not None:
                raise Fails("signature", f"/decisions/{place}", "only approvals are signed")
        for where, decision in self.list_signed():
            try:
                signed_at = self.recorded[where[: -len("/signature")]][0]
                passkey = self.find_passkey(decision["signature"], decision["operator_id"], signed_at)
                check_assertion(decision["signature"], passkey, b"autopack-approval/1")
            except Refused as refusal:
                raise Fails("signature", where, str(refusal)) from None

    # ------------------------------------------------------------ what it means

    def check_display(self):
        for place, decision in enumerate(self.receipt["decisions"]):
            if decision["kind"] == "approve" and decision["display_sha256"] != self.drawing["display_sha256"]:
                raise Fails("display", f"/decisions/{place}/display_sha256", "the payload is drawn otherwise than it was approved")

    def check_quorum(self):
        revision, claim = self.revision, self.claim
        for place, decision in enumerate(self.receipt["decisions"]):
            if decision["kind"] in ("reject", "ask_change") and decision["operator_role"] == "viewer":
                raise Fails("quorum", f"/decisions/{place}/operator_role", "it takes an approver")
        if self.execution and self.execution["resolution"] and self.execution["resolution"]["operator_role"] == "viewer":
            raise Fails("quorum", "/executions/0/resolution/operator_role", "it takes an approver")
        if claim is not None and (claim["authorized_by"] == "policy") != (not revision["quorum"]):
            raise Fails("quorum", "/executions/0/claim/authorized_by", "a policy where people have to approve, or people where nobody has to")
        if claim is None and self.action["state"] not in ("APPROVED", "REVOKED", *WITH_CLAIM):
            return
        # That nobody has to, is for the rule of policy to say.
        places = [(place["group"], place["slot"]) for place in revision["quorum"]]
        roles = dict(zip(places, (place["role"] for place in revision["quorum"])))
        filled, people = set(), set()
        for place, decision in enumerate(self.receipt["decisions"]):
            if decision["kind"] != "approve":
                continue
            where = f"/decisions/{place}"
            slot = decision["slot"] and (decision["slot"]["group"], decision["slot"]["slot"])
            if slot not in roles or slot in filled:
                raise Fails("quorum", where, "it fills no place of the quorum, or one that is filled")
            if decision["operator_id"] in people:
                raise Fails("quorum", where, "one person counts twice")
            if decision["operator_role"] not in ("approver", "admin") or (roles[slot] == "admin" and decision["operator_role"] != "admin"):
                raise Fails("quorum", where, "the person had not the role that the place asks for")
            if is_initiator(decision, revision["started_by"]) and not decision["sole_operator"]:
                raise Fails("quorum", where, "they asked for it themselves")
            if revision["step_up"] == "passkey" and decision["signature"] is None:
                raise Fails("quorum", where, "it takes a passkey, and is not signed")
            if not revision["created_at"] <= decision["decided_at"] < revision["decide_by"]:
                raise Fails("quorum", where, "it came before there was anything to decide, or after the time to decide")
            if not self.is_recorded_between("/revision", where, None if claim is None else "/executions/0/claim"):
                raise Fails("quorum", where, "it came before what it is about, or after the claim")
            described = revision["descriptor"] and revision["descriptor"]["sha256"]
            if (decision["payload_hash"], decision["descriptor_sha256"]) != (revision["payload_hash"], described):
                raise Fails("quorum", where, "it approved another payload, or by another descriptor")
            filled.add(slot)
            people.add(decision["operator_id"])
        if filled != set(places):
            raise Fails("quorum", "/decisions", "a place of the quorum is not filled")

    def is_recorded_between(self, before, where, after):
        """By the seq of their events; None is no record that it would have to come before."""
        if self.recorded[before][0] >= self.recorded[where][0]:
            return False
        return after is None or self.recorded[where][0] < self.recorded[after][0]

    def check_execution(self):
        revision, claim = self.revision, self.claim
        if (claim is not None) != (self.action["state"] in WITH_CLAIM):
            raise Fails("execution", "/executions", "the state takes a claim and there is none, or the other way round")
        if claim is None:
            return
        if claim["payload_hash"] != revision["payload_hash"]:
            raise Fails("execution", "/executions/0/claim/payload_hash", "another payload was claimed")
        if claim["executor_id"] != revision["requested_by"]["executor_id"]:
            raise Fails("execution", "/executions/0/claim/executor_id", "another executor claimed it than proposed it")
        by_people = claim["authorized_by"] == "people"
        authorized = max(decision["decided_at"] for decision in self.approvals) if by_people else revision["created_at"]
        hold = revision["hold_seconds"] if by_people else 0
        since, at = to_milliseconds(authorized), to_milliseconds(claim["claimed_at"])
        seconds = min(revision["execute_within_seconds"] + revision["hold_seconds"], 86_400)
        if not since + hold * 1000 <= at < since + seconds * 1000:
            raise Fails("execution", "/executions/0/claim/claimed_at", "it was claimed during the hold, or too late")
        later = [self.execution["outcome"], *self.execution["observations"], self.execution["resolution"]]
        if any(record is not None and record["execution_id"] != claim["execution_id"] for record in later):
            raise Fails("execution", "/executions/0", "a record is of another execution")
        order = [("/revision", "/executions/0/claim")]
        for where in self.recorded:
            if where.startswith("/executions/0/") and not where.endswith("/claim"):
                order.append(("/executions/0/outcome" if where.endswith("/resolution") else "/executions/0/claim", where))
        for before, where in order:
            if not self.is_recorded_between(before, where, None):
                raise Fails("execution", where, "it was recorded before what it follows from")

    def check_sent(self):
        if self.claim is None:
            return
        if hex_sha256(encode_request(self.payload, self.descriptor)) != self.claim["expected_sha256"]:
            raise Fails("sent", "/executions/0/claim/expected_sha256", "the payload encodes to other bytes")
        outcome = self.execution["outcome"]
        if outcome is None:
            return
        sent = outcome["sent_sha256"]
        if (sent is None and outcome["outcome"] == "completed") or (sent is not None and sent != self.claim["expected_sha256"]):
            raise Fails("sent", "/executions/0/outcome/sent_sha256", "what was sent is not what was approved")
        dry = self.revision["mode"] == "dry_run"
        if dry and outcome["sent"] == "yes":
            raise Fails("sent", "/executions/0/outcome/sent", "a dry run sent something")
        if outcome["outcome"] == "simulated" and not dry:
            raise Fails("sent", "/executions/0/outcome/outcome", "only a dry run is simulated")
        if outcome["sent"] not in SENT_OF[outcome["outcome"]]:
            raise Fails("sent", "/executions/0/outcome/sent", "it does not go with the outcome")

    # ------------------------------------------------------------ the log beside it

    def check_log(self):
        """The log holds, against the checkpoint of the receipt too, and every event about the action is in the receipt."""
        here = {entry["seq"]: entry["hash"] for entry in self.receipt["audit"]}
        lacking, needed = [], 0  # what the receipt does not have, and how much of that came before the last that is no refusal

        def look(entry):
            nonlocal needed
            if not self.is_about_action(entry["event"]):
                return
            if here.get(entry["seq"]) != entry["hash"]:
                lacking.append(entry["seq"])
            if entry["event"].get("result_status") != "refused":
                needed = len(lacking)

        rotations = [*self.receipt["rotations"], *self.rotations]
        notes = [self.receipt["checkpoint"], *self.checkpoints]
        verdict = verify_log(self.log, notes, rotations, self.trusted, self.receipt["keys"], look)
        if not verdict["ok"]:
            at = "" if verdict["seq"] is None else f" at seq {verdict['seq']}"
            raise Fails("log", "/checkpoint", f"the log{at}: {verdict['reason']}: {verdict['detail']}")
        if needed > 0:
            raise Fails("log", "/audit", f"seq {lacking[0]} of the log is about this action, and is not in the receipt")
        self.log_count = verdict["count"]


CHECKS = [
    ("malformed", Receipt.check_form),
    ("payload", Receipt.check_payload),
    ("descriptor", Receipt.check_descriptor),
    ("checkpoint_key", Receipt.check_checkpoint),
    ("entry", Receipt.check_entries),
    ("inclusion", Receipt.check_inclusion),
    ("record", Receipt.check_records),
    ("state", Receipt.check_state),
    ("policy", Receipt.check_policy),
    ("enrolment", Receipt.check_enrolments),
    ("statement", Receipt.check_statements),
    ("signature", Receipt.check_signatures),
    ("display", Receipt.check_display),
    ("quorum", Receipt.check_quorum),
    ("execution", Receipt.check_execution),
    ("sent", Receipt.check_sent),
    ("log", Receipt.check_log),
]

NONCE = "[A-Za-z0-9_-]{16,200}"
# What a statement says besides what the receipt knows: only its form can be told.
OWN_WORDS = {"console_build": form(VISIBLE), "renderer_version": form("[0-9]{1,9}"), "nonce": form(NONCE)}


def read_client_data(data, kind, party):
    """What a browser says it asked an authenticator for (WebAuthn Level 3, 5.8.1), if it was for this kind of ceremony at this console."""
    try:
        client = read_json(data.decode("utf-8"), 16)
    except UnicodeDecodeError:
        raise Refused("the client data is not UTF-8") from None
    if not isinstance(client, dict) or client.get("type") != kind:
        raise Refused(f"the client data is not of type {kind}")
    if client.get("origin") != party["origin"] or client.get("crossOrigin") is True:
        raise Refused("it was made at another origin, or inside a page of one")
    return client


def read_authenticator(data, party):
    """The credential id and public key in the data of an authenticator, None where there are none (WebAuthn Level 3, 6.1)."""
    if len(data) < 37 or data[:32] != sha256(party["id"].encode()):
        raise Refused("the authenticator data is for another relying party")
    if data[32] & 0x05 != 0x05:
        raise Refused("the user was not present, or not verified")
    end, made = 37, None
    if data[32] & 0x40:
        if len(data) < 55:
            raise Refused("the authenticator data ends early")
        start = 55 + int.from_bytes(data[53:55], "big")
        _, end = read_cbor(data, start)
        made = data[55:start], data[start:end]
    if data[32] & 0x80:
        extensions, end = read_cbor(data, end)
        if not isinstance(extensions, dict):
            raise Refused("the extensions are no map")
    if end != len(data):
        raise Refused("something follows the authenticator data")
    return made


def check_assertion(signature, passkey, domain):
    """The passkey signed this statement, in this domain, at its console."""
    client_data, data = read_base64url(signature["client_data"]), read_base64url(signature["authenticator_data"])
    client = read_client_data(client_data, "webauthn.get", passkey["relying_party"])
    if client.get("challenge") != to_base64url(sha256(domain + b"\0" + signature["statement"].encode())):
        raise Refused("something else was signed than this statement")
    read_authenticator(data, passkey["relying_party"])
    if not is_signed_by(read_cose_key(read_base64url(passkey["public_key"])), data + sha256(client_data), read_base64url(signature["signature"])):
        raise Refused("the signature is not by this passkey over these bytes")


WHITE_SPACE = "\t\n\x0b\x0c\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


def fold_name(name):
    """As names are compared: compatibility forms, case and what cannot be seen make no difference."""
    visible = "".join(character for character in name if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFKC", visible).strip(WHITE_SPACE).lower()


def is_initiator(decision, started_by):
    return started_by is not None and fold_name(started_by) in (fold_name(decision["operator_id"]), fold_name(decision["name"]))


def verify_receipt(text, trusted=(), rotations=(), log=None, checkpoints=()):
    """`ok`; where it is False, the `reason`, `where` and `detail`; the checks that held before; and what the receipt says where it is True.

    `trusted`: keys that the reader has from somewhere else; where there is none, `trusted` of the answer is False, and who signed is only
    the receipt's own word. `rotations`: those that the reader has. `log`: the lines of the exported log, which has to hold against the
    `checkpoints` as well.
    """
    receipt = Receipt(text, list(trusted), rotations, log, checkpoints)
    try:
        receipt.verify()
    except Fails as failure:
        return {"ok": False, "reason": failure.reason, "where": failure.where, "detail": failure.detail, "held": receipt.held}
    drawing, revision = receipt.drawing, receipt.revision
    last_seq, last = [(seq, event) for seq, event in receipt.events if receipt.is_about_action(event) and event.get("result_status") != "refused"][-1]
    return {
        "ok": True,
        "trusted": len(receipt.trusted) > 0,
        "held": receipt.held,
        "action": receipt.action,
        "mode": revision["mode"],
        "tier": revision["tier"],
        "requested_by": revision["requested_by"]["name"],
        "sentence": drawing["sentence_text"],
        "blind": drawing["blind"],
        "display_sha256": drawing["display_sha256"],
        "fields": [[field["label"], field["value_text"]] for field in drawing["fields"]],
        "undo": drawing["undo_text"],
        "seen_by": drawing["seen_by_text"],
        "decisions": [receipt.tell_decision(decision) for decision in receipt.receipt["decisions"]],
        "execution": receipt.execution,
        "complete_until": {"seq": last_seq, "no": last["approval_ref_no"], "event_type": last["event_type"]},
        "checkpoint": {
            "origin": receipt.checkpoint.origin,
            "size": receipt.checkpoint.size,
            "time": receipt.checkpoint.time,
            "key": receipt.key.text,
        },
        "log": None if log is None else receipt.log_count,
    }


# ---------------------------------------------------------------- the command

MOST_BYTES = 4 * MAX_RECEIPT_CHARACTERS


def open_input(name):
    return sys.stdin.buffer if name == "-" else open(name, "rb")


MOST_BLANK = 65_536
BLANK = b" \t\r\n"


def read_text(name):
    with open_input(name) as file:
        return file.read(MOST_BYTES).decode("utf-8")


def is_key(text):
    """By its form: whether it can be believed is for the check of checkpoints to say."""
    return is_text(text, r"[!-*,-~]{1,200}[+][0-9a-f]{8}[+][A-Za-z0-9+/]{40,}={0,2}")


def find_notes(text):
    """Keys, each in a line, and checkpoints and rotations, one after the other in any order; what is left over is the third of the answer."""
    keys, notes, note = [], [], []
    lines = text.replace("\r\n", "\n").split("\n")
    for line, after in zip(lines, [*lines[1:], ""]):
        bare = line.strip(WHITE_SPACE)
        if not note and is_key(bare):
            keys.append(bare)
        elif note or bare:
            note.append(line)
        if line.startswith("— ") and not after.startswith("— "):
            notes.append("\n".join(note) + "\n")
            note = []
    return keys, notes, note


def read_keys(value):
    """A key, or those of a file; a key inside a note is that note's word."""
    if is_key(value):
        return [value]
    if not os.path.isfile(value):
        raise Refused(f"{value} is neither a verifier key nor a file with one")
    keys, _, _ = find_notes(read_text(value))
    if not keys:
        raise Refused(f"there is no verifier key in {value}")
    return keys


def read_notes(name):
    """The checkpoints and the rotations in a file; a key in it is not believed for that."""
    _, notes, others = find_notes(read_text(name))
    if others or not notes:
        raise Refused(f"{name} holds no signed note, or something else beside them")
    return notes


def list_lines(file):
    """Split at line feeds only: others may stand unescaped inside JSON."""
    for line in file:
        yield line.decode("utf-8").rstrip("\n")


def is_log(start):
    """By its first member; what begins like neither is read as a log, which says at which line it is none."""
    member = re.match(r'\{[ \t\r\n]*"([^"\\]*)"', start)
    return member[1] in ("seq", "prev", "hash", "event") if member else not start.startswith("{")


def refuse_later_version(text):
    """A receipt of a later version is not broken, and cannot be judged here."""
    try:
        version = json.loads(text)["v"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return
    if isinstance(version, str) and re.match(r"autopack-receipt/([2-9]|[1-9][0-9]{1,8})\Z", version):
        raise Refused(f"it is {version}, which came after this verifier: take a newer one")


def verify_file(options):
    keys = [key for value in options.key for key in read_keys(value)]
    notes = [note for name in options.checkpoint + options.rotation for note in read_notes(name)]
    rotations = [note for note in notes if note.startswith("autopack-checkpoint-key/")]
    checkpoints = [note for note in notes if note not in rotations]
    with open_input(options.file) as file:
        read, blank, first = [], 0, b""
        while not first:
            read.append(file.readline(MOST_BYTES))
            first = read[-1].lstrip(BLANK)
            blank += len(read[-1]) - len(first)
            if not read[-1]:
                raise Refused("it is empty")
            if blank > MOST_BLANK:
                raise Refused(f"it begins with more than {MOST_BLANK} characters of white space")
        if is_log(first.decode("utf-8")):
            if options.log is not None:
                raise Refused("--log is for a receipt, and this is a log")
            return verify_log(list_lines(itertools.chain(read, file)), checkpoints, rotations, keys)
        text = (b"".join(read) + file.read(MOST_BYTES)).decode("utf-8")
        refuse_later_version(text)
    if options.log is None:
        if options.checkpoint:
            raise Refused("a receipt brings its own checkpoint: another one is for the log beside it, --log")
        return verify_receipt(text, keys, rotations)
    with open_input(options.log) as log:
        return verify_receipt(text, keys, rotations, list_lines(log), checkpoints)


def show(text):
    """Safe to print: what could move a terminal's cursor, hide or turn text around is written out."""
    return to_visible(text)[0]


def print_block(label, value):
    """What is drawn already is safe but for its lines, which have to stay inside their block."""
    first, *others = value.replace("\t", "    ").split("\n")
    print(f"  {label}: {first}")
    for line in others:
        print(f"      | {line}")


def print_verdict(verdict):
    if not verdict["ok"]:
        place = f" at seq {verdict['seq']}" if verdict.get("seq") is not None else f" at {verdict['where']}" if "where" in verdict else ""
        print(show(f"NOT VERIFIED{place}: {verdict['reason']}: {verdict['detail']}"))
        if verdict.get("held"):
            print(f"What was checked before it holds: {', '.join(verdict['held'])}.")
    elif "count" in verdict:
        print_log(verdict)
    else:
        print_receipt(verdict)


def print_log(verdict):
    count, checkpoints = verdict["count"], verdict["checkpoints"]
    if checkpoints == 0:
        print(f"HOLDS IN ITSELF, NOT COMPARED: {count} events, head {verdict['head']}")
        print("No checkpoint was given: an end that was cut off, or a log that was written anew as a whole, would not show.")
        return
    after = count - verdict["last_size"]
    signed = "" if after == 0 else f"the first {verdict['last_size']} of "
    print(f"VERIFIED {signed}{count} events, head {verdict['last_head']}, {checkpoints} checkpoint{'' if checkpoints == 1 else 's'}")
    if after > 0:
        print(f"No checkpoint covers the {after} after them: anybody may have written {'it' if after == 1 else 'those'}, or cut off more.")


def print_receipt(verdict):
    action, checkpoint = verdict["action"], verdict["checkpoint"]
    title = "VERIFIED" if verdict["trusted"] else "HOLDS IN ITSELF, SIGNER UNKNOWN:"
    print(f"{title} {action['id']} {action['state']}, revision {action['revision']}")
    if not verdict["trusted"]:
        print("The key is only the file's own word: whoever made it may have made all of it. Get the key from somebody you trust, and use --key.")
    print(f"{show(verdict['requested_by'])} wanted to {verdict['sentence']}")
    if verdict["blind"]:
        print("BLIND: not all of it could be explained to those who approved it.")
    print()
    for label, value in verdict["fields"]:
        print_block(label, value)
    print_block("Undo", verdict["undo"])
    print_block("Who sees it", verdict["seen_by"])
    print()
    for decision in verdict["decisions"]:
        print(describe_decision(decision))
        print(f"    {show(decision['reason'])}")
    print_execution(verdict)
    print()
    whose = "which you trust or which follows from one that you trust" if verdict["trusted"] else "which nobody you named trusts"
    print(f"Checkpoint of {checkpoint['size']} events of {checkpoint['origin']}, at {checkpoint['time']}")
    print(f"    signed by the key {checkpoint['key']}, {whose}.")
    until = verdict["complete_until"]
    if verdict["log"] is None:
        print(f"It tells of this action until entry {until['seq']} of the log. Whether something came later, only the log can show: --log.")
    else:
        print(f"The log of {verdict['log']} events has nothing later about this action than entry {until['seq']}, but for refusals.")


VERBS = {"approve": "Approved", "reject": "Rejected", "ask_change": "Asked for a change", "revoke": "Revoked", "veto": "Vetoed"}


def describe_decision(decision):
    words = f"{VERBS[decision['kind']]} by {show(decision['name'])} ({decision['role']}) at {decision['decided_at']}"
    if decision["kind"] == "approve" and decision["passkey"] is None:
        words += f", NOT SIGNED (by {decision['strength']})"
    elif decision["kind"] == "approve":
        endorsed = decision["passkey"]["endorsed_by"] is not None
        whose = "endorsed by one they had before" if endorsed else "their first: whose it is, only the console says"
        words += f", signed with a passkey ({whose})"
    return words + (", ALONE: they asked for it themselves" if decision["sole_operator"] else "")


def print_execution(verdict):
    nobody = all(decision["kind"] != "approve" for decision in verdict["decisions"])
    if nobody and (verdict["execution"] is not None or verdict["action"]["state"] in ("APPROVED", "REVOKED")):
        print(f"Nobody decided: a grant covers what is of tier {verdict['tier']}.")
    if verdict["execution"] is None:
        print("Until then nobody had claimed it.")
        return
    claim, outcome, resolution = (verdict["execution"][name] for name in ("claim", "outcome", "resolution"))
    print(f"Claimed at {claim['claimed_at']} as {claim['execution_id']}{', as a dry run' if verdict['mode'] == 'dry_run' else ''}")
    if outcome is None:
        print("Until then nobody had said what came of it.")
        return
    sent = "" if outcome["sent_sha256"] is None or outcome["sent"] != "yes" else f", as the executor reports: the body that was approved, SHA-256 {outcome['sent_sha256']}"
    print(f"Ended {outcome['outcome']} at {outcome['finished_at']}. Sent: {outcome['sent']}{sent}")
    for name, words in (("external_object_id", "At the provider"), ("external_url", "There"), ("error_summary", "Error")):
        if outcome[name] is not None:
            print(f"    {words}: {show(outcome[name])}")
    for observation in verdict["execution"]["observations"]:
        detail = "" if observation["detail"] is None else f". {show(observation['detail'])}"
        print(f"Read back at {observation['observed_at']}, as the executor reports: {observation['result'].replace('_', ' ')}{detail}")
    if resolution is not None:
        print(f"Resolved as {resolution['outcome']} at {resolution['resolved_at']} by {resolution['operator_id']}: {show(resolution['reason'])}")


def main(arguments):
    parser = argparse.ArgumentParser(description="Verifies an exported audit log or a receipt of Autopack Console, offline.")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--key", metavar="VKEY", action="append", default=[], help="a verifier key that you trust, or a file of them")
    parser.add_argument("--rotation", metavar="FILE", action="append", default=[], help="notes by which old keys announced new ones")
    parser.add_argument("--log", metavar="FILE", help="the exported log, beside a receipt")
    parser.add_argument("--checkpoint", metavar="FILE", action="append", default=[], help="checkpoints that the log has to hold against")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if options.checkpoint + options.rotation and not options.key:
        parser.error("a checkpoint or a rotation says nothing without a key that you trust: --key")
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        verdict = verify_file(options)
    except (OSError, UnicodeDecodeError, Refused) as error:
        print(show(f"It cannot be read: {error}"), file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(verdict))
    else:
        print_verdict(verdict)
    if not verdict["ok"]:
        return 1
    return 0 if verdict["trusted"] and verdict.get("checkpoints") != 0 else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
