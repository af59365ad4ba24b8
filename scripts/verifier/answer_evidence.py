"""Answers for the second implementation: one request a line (JSON with `kind`, `text`, `trusted_keys`, `rotations`, of a receipt `log`, lines or
null, and of a log `checkpoints` and `keys`), one verdict a line, until the input ends. The same signatures come again and again, so they are
remembered."""

import functools
import importlib.util
import json
import sys

specification = importlib.util.spec_from_file_location("verify_evidence", sys.argv[1])
evidence = importlib.util.module_from_spec(specification)
sys.dont_write_bytecode = True
specification.loader.exec_module(evidence)
for name in ("is_ed25519_signature", "is_p256_signature", "is_rsa_signature"):
    setattr(evidence, name, functools.lru_cache(maxsize=4096)(getattr(evidence, name)))

for line in sys.stdin.buffer:
    asked = json.loads(line)
    if asked["kind"] == "receipt":
        verdict = evidence.verify_receipt(asked["text"], asked["trusted_keys"], asked["rotations"], asked["log"])
    else:
        lines = asked["text"].split("\n")
        verdict = evidence.verify_log(lines, asked["checkpoints"], asked["rotations"], asked["trusted_keys"], asked["keys"])
    print(json.dumps(verdict), flush=True)
