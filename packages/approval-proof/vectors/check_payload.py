#!/usr/bin/env python3
"""Reads payload texts as the profile of Autopack Console has them. Python 3.7 or newer, standard library only.

    python3 check_payload.py < payload-text.json      checks every vector, says which ones it reads otherwise, ends with 1 then
    python3 check_payload.py --encode < encode-request.json      the same for the bytes that leave
    python3 check_payload.py --statements < statements.json      the same for what people sign, with the bytes their keys sign
    python3 check_payload.py --batches      reads a count and so many texts, each behind its length (all 4 bytes, big-endian), and
                                            answers with one line for each; again until the input ends

An answer is `payload` or `canonical` (its own canonical form, but not a payload) with the SHA-256, or `refused`.

This is the second implementation, written from the words of the profile and on another principle than the first: read with the
language's own JSON, write again canonically, compare. It shares no code with the TypeScript one, and must not.
"""

import hashlib
import json
import re
import sys
from urllib.parse import quote_plus

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_MEMBERS = 10_000
MAX_NUMBER = 2**53 - 1


class Refused(Exception):
    """The text is not its own canonical form, or not a payload; says why in words."""


def read_integer(digits):
    if len(digits) > 17:
        raise Refused("a number is beyond 2^53 - 1")
    return int(digits)


def refuse_number(text):
    raise Refused(f"{text} is not an integer")


def read_object(pairs):
    previous = None
    for key, _ in pairs:
        if key == "__proto__":
            raise Refused("the key __proto__")
        # Big-endian UTF-16 sorts as its code units do. A lone surrogate is found when the text is compared.
        units = key.encode("utf-16-be", "surrogatepass")
        if previous is not None and units <= previous:
            raise Refused("keys are repeated or out of order")
        previous = units
    return dict(pairs)


decoder = json.JSONDecoder(
    object_pairs_hook=read_object, parse_int=read_integer, parse_float=refuse_number, parse_constant=refuse_number
)
write_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def check_values(value):
    """Depth, number of members, size of numbers, NUL."""
    members = 0
    level = [value]
    depth = 0
    while level:
        below = []
        for item in level:
            if isinstance(item, dict):
                members += len(item)
                for key in item:
                    if "\0" in key:
                        raise Refused("a NUL")
                below.extend(item.values())
            elif isinstance(item, list):
                members += len(item)
                below.extend(item)
            elif isinstance(item, str):
                if "\0" in item:
                    raise Refused("a NUL")
            elif isinstance(item, int) and not -MAX_NUMBER <= item <= MAX_NUMBER:
                raise Refused("a number is beyond 2^53 - 1")
        if any(isinstance(item, (dict, list)) for item in level):
            depth += 1
            if depth > MAX_DEPTH:
                raise Refused("nested too deep")
        level = below
    if members > MAX_MEMBERS:
        raise Refused("too many members")


def read_canonical(source):
    """The value of bytes that are their own canonical form."""
    try:
        text = source.decode("utf-8")
        value = decoder.decode(text)
    except Refused:
        raise
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused(f"not JSON in UTF-8: {error}") from error
    if write_canonical(value) != text:
        raise Refused("the text is not its own canonical form")
    check_values(value)
    return value


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def is_text(value, pattern):
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def utf16_length(text):
    return len(text.encode("utf-16-be")) // 2


def has_members(value, *names):
    return isinstance(value, dict) and sorted(value) == sorted(names)


def is_name(value):
    return is_text(value, "[a-z][a-z0-9_]{0,63}")


def is_target(target):
    return (
        isinstance(target, dict)
        and len(target) > 0
        and all(is_integer(value) or (isinstance(value, str) and 1 <= utf16_length(value) <= 500) for value in target.values())
    )


def is_cost(cost):
    if cost is None:
        return True
    return (
        has_members(cost, "amount_minor", "currency")
        and is_integer(cost["amount_minor"])
        and cost["amount_minor"] >= 0
        and is_text(cost["currency"], "[A-Z]{3}")
    )


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
        has_members(request, "method", "path", "body")
        and request["method"] in ("GET", "POST", "PUT", "PATCH", "DELETE")
        and (request["method"] != "GET" or request["body"] is None)
        and is_safe_path(request["path"])
    )


def is_file(file):
    return (
        has_members(file, "name", "sha256", "size_bytes")
        and isinstance(file["name"], str)
        and 1 <= utf16_length(file["name"]) <= 255
        and is_text(file["sha256"], "[0-9a-f]{64}")
        and is_integer(file["size_bytes"])
        and file["size_bytes"] >= 0
    )


def is_files(files):
    return isinstance(files, list) and all(map(is_file, files)) and len({file["name"] for file in files}) == len(files)


def is_payload(value):
    return (
        has_members(value, "v", "provider", "operation", "target", "mode", "cost", "request", "files")
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


def judge(source):
    """`payload <sha256>`, `canonical <sha256>` or `refused`."""
    if len(source) > MAX_BYTES:
        return "refused"
    try:
        value = read_canonical(source)
    except Refused:
        return "refused"
    return f"{'payload' if is_payload(value) else 'canonical'} {hashlib.sha256(source).hexdigest()}"


def encode_request(payload, encoding, wire_numbers):
    """The bytes of the body that leave."""
    body = payload["request"]["body"]
    if body is None:
        return b""
    text = encode_form(body) if encoding == "form" else encode_json(body, wire_numbers)
    return text.encode("utf-8")


def encode_json(body, wire_numbers):
    """Canonical JSON; decimal strings at the paths in wire_numbers become numbers, digit by digit."""

    def write(value, path):
        if isinstance(value, dict):
            return "{" + ",".join(f"{write_canonical(key)}:{write(item, path + segment(key))}" for key, item in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ",".join(write(item, path + "/*") for item in value) + "]"
        if path in wire_numbers and is_text(value, "-?(0|[1-9][0-9]{0,39})([.][0-9]{1,20})?") and not re.fullmatch("-0([.]0+)?", value):
            return value
        return write_canonical(value)

    def segment(key):
        # A key that is itself a star must not pass for any place in a list.
        return "/~*" if key == "*" else "/" + key.replace("~", "~0").replace("/", "~1")

    return write(body, "/request/body")


def encode_form(body):
    """application/x-www-form-urlencoded; what a form cannot say is canonical JSON in its place."""

    def write(value):
        if isinstance(value, str):
            return value
        if isinstance(value, list) and value and all(is_integer(item) or is_text(item, "[^,]+") for item in value):
            return ",".join(str(item) for item in value)
        return write_canonical(value)

    pairs = body.items() if isinstance(body, dict) else [("", body)]
    # Of what quote_plus leaves, a form escapes the tilde; of what it escapes, a form leaves the star.
    return "&".join("=".join(quote_plus(part, safe="*").replace("~", "%7E") for part in (key, write(value))) for key, value in pairs)


OPERATOR = "op_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SHA256 = "[0-9a-f]{64}"
NONCE = "[A-Za-z0-9_-]{16,200}"
MOMENT = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z"
PURPOSES = (
    "brake_release cap_raise switch passkey_add passkey_remove passkey_reset"
    " operator_invite operator_role operator_enable executor_key executor_transfer"
).split()


def is_version(value):
    return is_integer(value) and value >= 1


def is_approval(value):
    return (
        has_members(
            value,
            *"v purpose action descriptor display_sha256 mode approver requested_by console_build".split(),
            *"renderer_version nonce decide_by execute_by".split(),
        )
        and value["v"] == "autopack-approval/1"
        and value["purpose"] == "approve"
        and has_members(value["action"], "id", "revision", "payload_hash")
        and is_text(value["action"]["id"], "act_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
        and is_version(value["action"]["revision"])
        and is_text(value["action"]["payload_hash"], SHA256)
        and (
            value["descriptor"] is None
            or has_members(value["descriptor"], "id", "version", "sha256")
            and is_text(value["descriptor"]["id"], "[a-z][a-z0-9_]*[.][a-z][a-z0-9_]*")
            and is_version(value["descriptor"]["version"])
            and is_text(value["descriptor"]["sha256"], SHA256)
        )
        and is_text(value["display_sha256"], SHA256)
        and value["mode"] in ("live", "dry_run")
        and has_members(value["approver"], "sub")
        and is_text(value["approver"]["sub"], OPERATOR)
        and has_members(value["requested_by"], "executor_id", "name")
        and is_text(value["requested_by"]["executor_id"], "[!-~]{1,200}")
        and is_text(value["requested_by"]["name"], "[a-z0-9][a-z0-9-]{0,62}")
        and is_text(value["console_build"], "[!-~]{1,200}")
        and is_text(value["renderer_version"], "[0-9]{1,9}")
        and is_text(value["nonce"], NONCE)
        and is_text(value["decide_by"], MOMENT)
        and is_text(value["execute_by"], MOMENT)
    )


def is_act(value):
    return (
        has_members(value, "v", "purpose", "subject", "operator", "nonce")
        and value["v"] == "autopack-act/1"
        and value["purpose"] in PURPOSES
        and isinstance(value["subject"], dict)
        and len(value["subject"]) <= 30
        and all(is_name(name) and (member is None or isinstance(member, (str, int))) for name, member in value["subject"].items())
        and has_members(value["operator"], "sub")
        and is_text(value["operator"]["sub"], OPERATOR)
        and is_text(value["nonce"], NONCE)
    )


def judge_statement(text):
    """`approval <challenge>`, `act <challenge>` or `refused`."""
    if utf16_length(text) > 32768:
        return "refused"
    try:
        value = read_canonical(text.encode("utf-8"))
    except (Refused, UnicodeEncodeError):
        return "refused"
    for kind, fits, domain in (("approval", is_approval, b"autopack-approval/1"), ("act", is_act, b"autopack-act/1")):
        if fits(value):
            return f"{kind} {hashlib.sha256(domain + bytes(1) + text.encode('utf-8')).hexdigest()}"
    return "refused"


def to_bytes(vector):
    if "text" in vector:
        return vector["text"].encode("utf-8")
    parts = ((bytes.fromhex(piece["hex"]) if "hex" in piece else piece["text"].encode("utf-8")) * piece.get("times", 1) for piece in vector["pieces"])
    return b"".join(parts)


def check_vectors(vectors, read, expect):
    different = 0
    for vector in vectors:
        said, expected = read(vector), expect(vector)
        if said != expected:
            different += 1
            print(f"{vector['what']}: expected {expected}, read as {said}")
    print(f"{len(vectors)} vectors, {different} read otherwise")
    return 1 if different or not vectors else 0


def answer_batches(source, sink):
    """Until the end of input: a count, then so many texts, each behind its length; answered when all have been read."""
    while True:
        count = source.read(4)
        if len(count) < 4:
            return 0
        texts = [source.read(int.from_bytes(source.read(4), "big")) for _ in range(int.from_bytes(count, "big"))]
        sink.write("".join(judge(text) + "\n" for text in texts).encode("ascii"))
        sink.flush()


def main(arguments):
    if arguments == ["--batches"]:
        return answer_batches(sys.stdin.buffer, sys.stdout.buffer)
    vectors = json.load(sys.stdin)["vectors"]
    if arguments == ["--statements"]:
        return check_vectors(
            vectors,
            lambda vector: judge_statement(vector["text"]),
            lambda vector: vector["verdict"] if vector["verdict"] == "refused" else f"{vector['verdict']} {vector['challenge']}",
        )
    if arguments == ["--encode"]:
        return check_vectors(
            vectors,
            lambda vector: encode_request(
                read_canonical(vector["payload"].encode("utf-8")), vector["encoding"], vector["wire_numbers"]
            ).decode("utf-8"),
            lambda vector: vector["request"],
        )
    return check_vectors(
        vectors,
        lambda vector: judge(to_bytes(vector)),
        lambda vector: vector["verdict"] if vector["verdict"] == "refused" else f"{vector['verdict']} {vector['sha256']}",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
