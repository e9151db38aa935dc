"""Bounds on hostile bytes, each with its reason. Bounds of the running system are in `node/limits.py`."""

# The tile format stores an entry's length in two bytes (C2SP tlog-tiles).
ENTRY_BYTES_MAX = 65_535

# Base64 makes three bytes four, and two signatures with their key ids take about 450: 40,000 leaves room below
# ENTRY_BYTES_MAX and is a number people can remember. Larger things are blobs, referenced by digest.
PAYLOAD_BYTES_MAX = 40_000

# Integers beyond this lose meaning in implementations that read JSON numbers as doubles (RFC 8785, I-JSON).
INTEGER_MAX = 2**53 - 1

# No act is nested more than six deep; a parser of ours must not recurse as deep as an attacker likes.
DEPTH_MAX = 32

# An actor and a node sign today; joint statements are two statements, so more than four means a mistake.
SIGNATURES_MAX = 4

# One entry a party in `after`. An agreement of more than this many parties would need another ordering of the record.
PARTIES_MAX = 16
