"""Ports for real processes on this machine's loopback."""

from __future__ import annotations

import os
import secrets
import socket

ADDRESS = "127.0.0.1"
# Below the range from which systems take ports for outgoing connections: a port that is free now and in that range may
# belong to somebody's client a moment later, or to ourselves (a connection to one's own port succeeds).
# Tests that run side by side look in different parts of it: none takes a port that another has found free just before.
_PART = 2_500
_FIRST = 20_000 + _PART * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 4)


def ports_in_a_row(count: int) -> int:
    """The first of `count` ports in a row on which nobody listens."""
    for _ in range(100):
        first = _FIRST + secrets.randbelow(_PART - count)
        if all(is_free(port) for port in range(first, first + count)):
            return first
    raise AssertionError(f"no {count} free ports in a row")


def is_free(port: int) -> bool:
    try:
        socket.create_server((ADDRESS, port)).close()
    except OSError:
        return False
    return True
