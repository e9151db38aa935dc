"""Rules for every test: no network beyond this machine, and time limits that a loaded laptop can keep."""

from __future__ import annotations

import ipaddress
import sys

from hypothesis import HealthCheck, settings

# Examples are searched for within a count, never within a time: a slow machine is not a failing test.
settings.register_profile("safeconduct", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("safeconduct")


def _stay_on_this_machine(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    address = arguments[1]
    if not isinstance(address, tuple) or address[0] == "localhost":
        return
    if not ipaddress.ip_address(str(address[0])).is_loopback:
        raise PermissionError(f"a test connects to this machine only, not to {address[0]}")


sys.addaudithook(_stay_on_this_machine)
