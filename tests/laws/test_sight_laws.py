"""Two worlds that differ in something that a viewer may not know answer that viewer alike, byte for byte, everywhere.

Every GET route of the application is asked, so that one that is added tomorrow is asked too. What differs between the
answers is what somebody who drafts a statement must know, how long the logs are and what follows from that
(docs/spec/sight.md, Limits): it is taken out by name below, and nothing else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import msgspec
import pytest
from litestar.routes import HTTPRoute

from safeconduct.core.acts import (
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementClosed,
    MovementDeparted,
    MovementRequested,
)
from safeconduct.core.agreement import Clause, Must, Never, Pattern, Role, Rule, Terms
from safeconduct.core.disclosure import Content, Place
from safeconduct.core.statement import digest, read_entry
from safeconduct.node import sync
from safeconduct.testing import (
    BLURRED,
    HOUR,
    MINUTE,
    MOVEMENT,
    Federation,
    MemoryStore,
    StepClock,
    counted,
    glass_terms,
    keep_custody,
    seal_as,
    small_plan,
)
from safeconduct.testing.federation import START
from tests.unit.edges.asking import Asking

OTHER_PARTY = {"host": "sending", "sending": "host"}
AUTHOR = "sending/journey_manager"
CONTENT = Content(
    text="gate 2, by the clinic", at=1, places=(Place(latitude_e7=248_949_000, longitude_e7=671_580_000),)
)
OTHER = Content(text="gate 5, by the mosque", at=2, places=(Place(latitude_e7=248_700_000, longitude_e7=671_100_000),))
EARLIEST = START + 30 * HOUR

# By hand, from the agreement: from when on each actor may know that something is sealed in a compartment.
KNOWS = {
    "rendezvous": {
        "host/duty_officer": EARLIEST - 3 * HOUR,
        "host/escort_lead": EARLIEST - 2 * HOUR,
        "sending/approver": EARLIEST - HOUR,
        "host/unit": EARLIEST - 30 * MINUTE,
    },
    "manifest": {"host/escort_lead": EARLIEST - 15 * MINUTE},
}
SEE_ALL = ("host/authority", "host/auditor", "sending/authority")
VIEWERS = (
    "host/duty_officer",
    "host/escort_lead",
    "host/unit",
    "host/gatekeeper",
    AUTHOR,
    "sending/approver",
    "sending/security_manager",
)
MOMENTS = tuple(sorted({at for known in KNOWS.values() for at in known.values()}))


def terms_of(federation: Federation) -> Terms:
    """The small agreement with break-glass, an auditor, somebody for whom nothing opens, and clauses about sealing."""
    terms = glass_terms(federation.cards.values())
    words = {"en": "text"}

    def clause(number: int, rule: Rule) -> Clause:
        return Clause(
            id=f"S-{number}",
            title=words,
            text=words,
            owed_by="journey_manager",
            owed_to="duty_officer",
            severity="major",
            evidence="statement",
            source="parameter to agree",
            rule=rule,
        )

    asked = Pattern(event="movement.requested")
    sealed = Rule(
        for_each="movement",
        when=asked,
        must=Must(event="compartment.sealed", due="plan.earliest - PT4H", since="start"),
    )
    broken = Rule(for_each="movement", when=asked, never=Never(event="glass.asked"))
    roles = (
        Role(id="auditor", party="host", name={"en": "auditor"}, may=()),
        Role(id="gatekeeper", party="host", name={"en": "gatekeeper"}, may=()),
    )
    return msgspec.structs.replace(
        terms,
        roles=(*terms.roles, *roles),
        auditors=("auditor",),
        clauses=(*terms.clauses, clause(1, sealed), clause(2, broken)),
    )


# --- worlds -----------------------------------------------------------------------------------------------------------


async def asked(clock: StepClock) -> Federation:
    """An agreement in force and a movement that was asked for."""
    federation = await Federation(clock=clock).__aenter__()
    await federation.agree(terms_of(federation))
    await keep_custody(federation, 1)
    await federation.say(AUTHOR, MOVEMENT, MovementRequested(plan=small_plan()))
    await by_themselves(federation)
    return federation


async def approved(federation: Federation) -> Federation:
    for actor in ("host/duty_officer", "sending/approver"):
        await federation.say(actor, MOVEMENT, MovementApproved(plan=digest(small_plan())))
    await by_themselves(federation)
    return federation


async def departed(federation: Federation) -> Federation:
    await until([federation], EARLIEST)
    for actor, item, heads in (
        ("host/escort_lead", "heads", 12),
        (AUTHOR, "heads", 12),
        ("host/escort_lead", "radio", None),
        ("host/duty_officer", "sweep", None),
    ):
        await federation.say(actor, MOVEMENT, MovementAttested(item=item, holds=True, heads=heads))
        await federation.sync(1)
    await federation.say("host/escort_lead", MOVEMENT, MovementDeparted(heads=12))
    await by_themselves(federation)
    return federation


async def arrived(federation: Federation) -> Federation:
    federation.clock.advance(30 * MINUTE)
    await federation.say("host/escort_lead", MOVEMENT, MovementArrived(heads=12))
    await by_themselves(federation)
    return federation


async def closed(federation: Federation) -> Federation:
    await federation.say(AUTHOR, MOVEMENT, MovementClosed())
    await by_themselves(federation)
    return federation


async def twin_of(federation: Federation) -> Federation:
    """A federation that knows the same, byte for byte, and goes its own way from here."""
    stores: dict[str, Any] = {}
    for party, store in federation.stores.items():
        assert isinstance(store, MemoryStore)
        stores[party] = store.copy()
    twin = Federation(clock=StepClock(federation.clock.now()), stores=stores)
    twin.vaults = federation.vaults
    return await twin.__aenter__()


async def until(worlds: Iterable[Federation], instant: int) -> None:
    """Let the clocks come to an instant, and every node do what it does by itself by then."""
    for world in worlds:
        world.clock.advance(max(0, instant - world.clock.now()))
        await by_themselves(world)


async def by_themselves(federation: Federation) -> None:
    """What nodes do in a round of their schedule, in its order, until they have nothing more to say."""
    for _ in range(2):
        await federation.sync(2)
        for node in federation.links.nodes.values():
            node.statuses[OTHER_PARTY[node.party]].receipt_said_at = 0
            await sync.say_receipts(node)
        await keep_custody(federation, 1)


async def seal_all(federation: Federation, content: Content = CONTENT, seed: str = "") -> None:
    for compartment, variant in (("rendezvous", "exact"), ("rendezvous", BLURRED), ("manifest", "exact")):
        draw = counted(f"{seed}/{compartment}/{variant}")
        await seal_as(federation, AUTHOR, MOVEMENT, compartment, content, variant=variant, randomness=draw)
    await by_themselves(federation)


def content_of(federation: Federation, compartment: str = "rendezvous") -> str:
    state = federation.node("host").memory.state(MOVEMENT)
    return next(s.content for s in state.sealings.values() if s.compartment == compartment)  # type: ignore[union-attr]


# --- asking everything ------------------------------------------------------------------------------------------------

# Paths below which there are logs as other people's tools read them: bytes for anybody that are sizes and hashes alone.
# Their entries are for auditors and peers (tests/unit/edges/wire/test_server.py).
OF_LOGS = ("/log/", "/mirror/", "/witness/", "/federation/")
# Not asked here: a stream without an end, whose payload is that of /v1/health; a session's beginning; files that are
# the same for everybody.
NOT_ASKED = ("/v1/events", "/enter", "/console/{name:str}", "/schema")
# What a drafting actor must know: the only things that may differ.
SIZES = {"after", "floor", "digest", "size", "root", "receipts"}


def paths_of(a: Asking, ids: Iterable[str], contents: Iterable[str]) -> list[str]:
    """Every GET route with every example that tells something."""
    ids, contents = [*ids, "0" * 64], [*contents, "1" * 64]
    examples = {
        "{movement_id:str}": ["m1", "m2"],
        "{party:str}": ["host", "sending"],
        "{statement_id:str}": ids,
        "{digest:str}": contents,
        "{family:str}": ["movement", "incident", "site", "log", "sealing", "findings"],
        "{subject_id:str}": ["m1", "host", *[statement[:32] for statement in ids[:4]]],
    }
    queries_of = {
        "/v1/compliance": f"?from=0&to={START + 40 * 24 * HOUR}",
        "/v1/knew": "?facts=m1/rendezvous,m1/manifest",
        "/v1/findings": "?limit=1",
    }
    found = []
    for route in a.apps["host"].routes:
        if not isinstance(route, HTTPRoute) or "GET" not in route.methods:
            continue
        if route.path.startswith((*OF_LOGS, *NOT_ASKED)):
            continue
        written = [route.path]
        for name, values in examples.items():
            written = [path.replace(name, value) for path in written for value in values]
        if route.path == "/v1/register/{family:str}":
            written = [f"/v1/register/{family}" for family in ("site", "group", "person")]
        assert "{" not in "".join(written), f"an example for {route.path} is missing here"
        found += [path + queries_of.get(path, "") for path in written]
    return sorted(set(found))


def bare(path: str, text: str) -> str:
    """An answer without what a drafting actor must know."""
    if path.startswith(("/v1/health", "/v1/standing", "/v1/logs")):
        return json.dumps(_without(json.loads(text)))
    if path.startswith("/v1/entries"):
        return json.dumps([entry for entry in json.loads(text) if not entry["hidden"]])
    return text


def _without(value: Any) -> Any:
    match value:
        case dict():
            return {name: _without(inner) for name, inner in value.items() if name not in SIZES}
        case list():
            return [_without(inner) for inner in value]
        case _:
            return value


def headers_of(a: Asking, party: str, viewer: str) -> dict[str, str]:
    sessions = a.sessions[party]
    cookie = sessions.enter(sessions.offer(viewer)[0], secure=False)
    return {"cookie": f"{cookie.key}={cookie.value}"}


async def answers(a: Asking, viewer: str, paths: Iterable[str]) -> dict[str, tuple[int, str, str]]:
    """What a viewer is answered on every path: status, ETag and body."""
    party = viewer.split("/", 1)[0]
    headers = headers_of(a, party, viewer)
    found = {}
    for path in paths:
        answer = await a.ask("GET", path, at=party, headers=headers)
        found[path] = (answer.status_code, answer.headers.get("etag", ""), bare(path, answer.text))
    return found


async def differences(worlds: tuple[Asking, Asking], viewer: str, paths: list[str]) -> dict[str, Any]:
    """Where two worlds answer a viewer otherwise."""
    one, other = [await answers(world, viewer, paths) for world in worlds]
    return {path: (one[path], other[path]) for path in paths if one[path] != other[path]}


class Pair:
    """Two worlds with one past, and how to ask both everything that either could be asked."""

    def __init__(self, one: Federation, other: Federation) -> None:
        self.worlds = (one, other)
        self.asking = (Asking(one), Asking(other))

    def paths(self) -> list[str]:
        ids, contents = [], []
        known = {
            row.id for party in self.worlds[0].cards for row in self.worlds[0].stores["host"].rows(party, 0, 10**6)
        }
        for party in self.worlds[1].cards:
            for row in self.worlds[1].stores["host"].rows(party, 0, 10**6):
                if row.id not in known:
                    ids.append(row.id)
                if row.kind == "compartment.sealed":
                    contents.append(json.loads(read_entry(row.entry).payload)["body"]["content"])
        return paths_of(self.asking[0], ids[:8], contents)

    async def differences(self, viewer: str) -> dict[str, Any]:
        return await differences(self.asking, viewer, self.paths())

    async def close(self) -> None:
        for world in self.worlds:
            await world.__aexit__()


def may_know(viewer: str, now: int, *, alive: bool = True) -> set[str]:
    """By hand: the compartments of which a viewer may know."""
    if viewer == AUTHOR or viewer in SEE_ALL:
        return set(KNOWS)
    return {compartment for compartment, known in KNOWS.items() if alive and viewer in known and now >= known[viewer]}


# --- the law ----------------------------------------------------------------------------------------------------------


def told(found: Mapping[str, Any]) -> str:
    """The first place of each difference, to be read by whoever has broken the law."""
    lines = []
    for path, (one, other) in found.items():
        at = next((n for n, pair in enumerate(zip(str(one), str(other), strict=False)) if pair[0] != pair[1]), 0)
        lines.append(f"{path}: …{str(one)[max(0, at - 80) : at + 80]}… | …{str(other)[max(0, at - 80) : at + 80]}…")
    return "\n".join(lines)


def playing(scenario: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await scenario()

    asyncio.run(whole())


@pytest.mark.slow
def test_whether_anything_is_sealed_shows_to_nobody_before_the_moment_and_to_whom_it_opens_from_then_on() -> None:
    """SIGHT-3 to SIGHT-5, SIGHT-7, SIGHT-11 to SIGHT-18: every viewer, just before, at and after each moment."""

    async def scenario() -> None:
        base = await approved(await asked(StepClock(START)))
        one, other = await twin_of(base), await twin_of(base)
        await seal_all(other)
        pair = Pair(one, other)
        for moment in MOMENTS:
            for instant in (moment - 1, moment):
                await until(pair.worlds, instant)
                for viewer in VIEWERS:
                    found = await pair.differences(viewer)
                    assert bool(found) == bool(may_know(viewer, instant)), (
                        f"{viewer} {instant - EARLIEST}\n{told(found)}"
                    )
        for viewer in SEE_ALL:
            assert await pair.differences(viewer)
        for world in (base, *pair.worlds):
            await world.__aexit__()

    playing(scenario)
