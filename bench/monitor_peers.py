"""Other people's monitors on the four clauses of `monitor_trace.SHARED`; runs in their own environment, alone.

    python bench/monitor_peers.py (rtamt | reelay | rego | rego_history) ROWS REPEATS CLAUSES

CLAUSES is which of the four, such as 0123. ROWS is JSON, in the order of movements and of what was said
about each: [movement, ms, name of the act, whether it took effect, how many approvals are missing, when the window
opens (ms)]. Prints CPU seconds and who is in breach.

Each gets the form that suits it best, and one set of monitors a movement, because none of them keeps subjects apart by
itself. What they cannot say of a clause is left out of the clause: who owes it, waivers, excuses, which statement
decided, a notice's receipt, the difference between not yet and never. The temporal ones are past formulas that become
true when a clause is breached, since an online monitor of future ones answers only after its whole horizon.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

Row = tuple[int, int, str, bool, int, int]

FOUR_HOURS, QUARTER, DAY = 14_400_000, 900_000, 86_400_000
CLAUSES = 4


class Monitor(Protocol):
    """The four clauses on one movement."""

    def take(self, row: Row) -> Iterable[int]:
        """Take in a statement; which clauses (0 to 3) are seen to be breached."""


# --- reelay: past metric temporal logic, dense time, in C++ -----------------------------------------------------------

# A statement is a pulse of a millisecond. The least offset is a millisecond more, since at the instant itself it is
# still in time.
_REELAY = (
    f"(not {{acknowledged: true}}) since[{FOUR_HOURS + 1}:] {{requested: true}}",
    f"(not {{sign: true}}) since[{QUARTER + 1}:] {{begins: true}}",
    "{departed: true} and {unapproved > 0}",
    f"{{requested: true}} and {{lead < {DAY}}}",
)


class Reelay:
    """One monitor for each clause."""

    def __init__(self, made: Callable[..., Any], clauses: Sequence[int]) -> None:
        self._monitors = [(clause, made(pattern=_REELAY[clause])) for clause in clauses]
        self._begun: int | None = None

    def take(self, row: Row) -> Iterator[int]:
        _, t, name, taken, unapproved, earliest = row
        if self._begun is None:
            self._begun = t - 1
        at = t - self._begun
        pulse = {
            "time": at,
            "requested": name == "requested" and taken,
            "acknowledged": name == "acknowledged" and taken,
            "begins": taken and name in ("departed", "checked_in"),
            "sign": taken and name in ("departed", "checked_in", "arrived"),
            "departed": name == "departed",
            "unapproved": float(unapproved),
            "lead": float(earliest - t),
        }
        after = {
            **pulse,
            "time": at + 1,
            "requested": False,
            "acknowledged": False,
            "begins": False,
            "sign": False,
            "departed": False,
        }
        for clause, monitor in self._monitors:
            if any(said["value"] for said in (*monitor.update(pulse), *monitor.update(after))):
                yield clause


# --- rtamt: signal temporal logic, dense time, in Python --------------------------------------------------------------

_RTAMT = (
    (("requested", "acknowledged"), "(not (acknowledged > 0.5)) since[14400.001,2678400] (requested > 0.5)"),
    (("begins", "sign"), "(not (sign > 0.5)) since[900.002,2678400] (begins > 0.5)"),
    (("departed", "unapproved"), "(departed > 0.5) and (unapproved > 0.5)"),
    (("requested", "lead"), "(requested > 0.5) and (lead < 86400)"),
)


class Rtamt:
    """One specification for each clause; times in seconds, as its bounds are."""

    def __init__(self, made: Callable[[], Any], clauses: Sequence[int]) -> None:
        self._specs = []
        for clause in clauses:
            names, text = _RTAMT[clause]
            spec = made()
            for name in names:
                spec.declare_var(name, "float")
            spec.spec = text
            spec.parse()
            self._specs.append((clause, names, spec))
        self._begun: int | None = None

    def take(self, row: Row) -> Iterator[int]:
        _, t, name, taken, unapproved, earliest = row
        first = self._begun is None
        if self._begun is None:
            self._begun = t - 1_000
        at = (t - self._begun) / 1_000
        values = {
            "requested": float(name == "requested" and taken),
            "acknowledged": float(name == "acknowledged" and taken),
            "begins": float(taken and name in ("departed", "checked_in")),
            "sign": float(taken and name in ("departed", "checked_in", "arrived")),
            "departed": float(name == "departed"),
        }
        signals = {key: [(at, value), (at + 0.001, 0.0)] for key, value in values.items()}
        # Nothing is true of the instant at which two pulses end together.
        signals["begins"] = [(at, values["begins"]), (at + 0.002, 0.0)]
        signals["unapproved"] = [(at, float(unapproved)), (at + 0.001, float(unapproved))]
        signals["lead"] = [(at, (earliest - t) / 1_000), (at + 0.001, (earliest - t) / 1_000)]
        if first:
            signals = {key: [(0.0, 0.0), *samples] for key, samples in signals.items()}
        for clause, names, spec in self._specs:
            if any(robustness > 0 for _, robustness in spec.update(*([key, signals[key]] for key in names))):
                yield clause


# --- rego: the policy asked at every statement ------------------------------------------------------------------------

_POLICY = f"""package clauses
import rego.v1

breached contains 0 if {{ not input.acknowledged; input.now - input.requested > {FOUR_HOURS} }}
breached contains 1 if {{ input.under_way; input.now - input.sign > {QUARTER} }}
breached contains 2 if {{ input.name == "departed"; input.unapproved > 0 }}
breached contains 3 if {{ input.name == "requested"; input.taken; input.earliest - input.now < {DAY} }}
"""

# The same from the statements themselves: no state is kept outside.
_POLICY_HISTORY = f"""package clauses
import rego.v1

now := input.history[count(input.history) - 1]
acknowledged := [s.t | some s in input.history; s.name == "acknowledged"; s.taken]
requested := [s.t | some s in input.history; s.name == "requested"; s.taken]
signs := [s.t | some s in input.history; s.name in {{"departed", "checked_in", "arrived"}}; s.taken; s.t < now.t]
left if {{ some s in input.history; s.name == "departed"; s.taken; s.t < now.t }}
there if {{ some s in input.history; s.name == "arrived"; s.taken; s.t < now.t }}

breached contains 0 if {{ count(acknowledged) == 0; now.t - requested[0] > {FOUR_HOURS} }}
breached contains 0 if {{ acknowledged[0] - requested[0] > {FOUR_HOURS} }}
breached contains 1 if {{ left; not there; now.t - max(signs) > {QUARTER} }}
breached contains 2 if {{ now.name == "departed"; now.unapproved > 0 }}
breached contains 3 if {{ now.name == "requested"; now.taken; now.earliest - now.t < {DAY} }}
"""


class Policy:
    """A compiled policy, shared by all movements."""

    def __init__(self, regopy: Any, text: str, clauses: Sequence[int]) -> None:
        others = [f"breached contains {clause} " for clause in range(CLAUSES) if clause not in clauses]
        text = "\n".join(line for line in text.splitlines() if not line.startswith(tuple(others)))
        builder = regopy.Interpreter()
        builder.add_module("clauses.rego", text)
        self._bundle = builder.build("x=data.clauses.breached", ["clauses/breached"])
        self._interpreter = regopy.Interpreter()
        self._interpreter.well_formed_checks_enabled = False

    def ask(self, given: object) -> Iterable[int]:
        self._interpreter.set_input(given)
        found = self._interpreter.query_bundle_entrypoint(self._bundle, "clauses/breached")
        return (int(clause) for clause in found[0][0])


class Rego:
    """The policy with what it must know of the past, which the caller keeps."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._state: dict[str, Any] = {"acknowledged": False, "under_way": False, "requested": 0, "sign": 0}

    def take(self, row: Row) -> Iterable[int]:
        _, t, name, taken, unapproved, earliest = row
        state = self._state
        if name == "requested" and taken:
            state["requested"] = t
        state |= {"now": t, "name": name, "taken": taken, "unapproved": unapproved, "earliest": earliest}
        found = self._policy.ask(state)
        if taken:
            state["acknowledged"] |= name == "acknowledged"
            if name in ("departed", "checked_in", "arrived"):
                state["sign"] = t
                state["under_way"] = name != "arrived"
        return found


class RegoHistory:
    """The policy with everything said so far."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._history: list[dict[str, Any]] = []

    def take(self, row: Row) -> Iterable[int]:
        _, t, name, taken, unapproved, earliest = row
        said = {"t": t, "name": name, "taken": taken, "unapproved": unapproved, "earliest": earliest}
        self._history.append(said)
        return self._policy.ask({"history": self._history})


# --- running ----------------------------------------------------------------------------------------------------------


def maker(peer: str, clauses: Sequence[int]) -> Callable[[], Monitor]:
    """What makes the monitors of one movement."""
    match peer:
        case "reelay":
            dense = import_module("reelay").dense_timed_monitor
            return lambda: Reelay(dense, clauses)
        case "rtamt":
            specification = import_module("rtamt").StlDenseTimeSpecification
            return lambda: Rtamt(specification, clauses)
        case "rego":
            policy = Policy(import_module("regopy"), _POLICY, clauses)
            return lambda: Rego(policy)
        case "rego_history":
            whole = Policy(import_module("regopy"), _POLICY_HISTORY, clauses)
            return lambda: RegoHistory(whole)
        case _:
            raise SystemExit(f"expected rtamt, reelay, rego or rego_history, got {peer}")


def main() -> None:
    peer, path, repeats, clauses = sys.argv[1:]
    rows: list[Row] = [tuple(row) for row in json.loads(Path(path).read_text())]
    make = maker(peer, [int(clause) for clause in clauses])
    spent, making = [], 0.0
    breached: list[set[int]] = []
    for _ in range(int(repeats)):
        begun = time.process_time()
        monitors = {number: make() for number in dict.fromkeys(row[0] for row in rows)}
        making = time.process_time() - begun
        breached = [set() for _ in range(CLAUSES)]
        begun = time.process_time()
        for row in rows:
            for clause in monitors[row[0]].take(row):
                breached[clause].add(row[0])
        spent.append(time.process_time() - begun)
    told = {"update_cpu": spent, "make_cpu": making, "breached": [sorted(found) for found in breached]}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
