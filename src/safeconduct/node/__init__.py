"""The shell: the only place with clock, disk, network and order of events. Edges use what is listed here."""

from safeconduct.node import (
    access,
    append,
    clock,
    commands,
    limits,
    memory,
    node,
    packing,
    ports,
    proving,
    queries,
    recover,
    schedule,
    sync,
)

__all__ = [
    "access",
    "append",
    "clock",
    "commands",
    "limits",
    "memory",
    "node",
    "packing",
    "ports",
    "proving",
    "queries",
    "recover",
    "schedule",
    "sync",
]
