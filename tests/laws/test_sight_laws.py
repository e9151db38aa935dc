"""Two worlds that differ in something that a viewer may not know answer that viewer alike, byte for byte, everywhere.

Every GET route of the application is asked, so that one that is added tomorrow is asked too. What differs between the
answers is what somebody who drafts a statement must know, how long the logs are and what follows from that
(docs/spec/sight.md, Limits): it is taken out by name below, and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import httpx
import msgspec
import pytest
from litestar.routes import HTTPRoute

from safeconduct.core.acts import (
    Act,
    CompartmentOpened,
    CompartmentTold,
    GlassAsked,
    IncidentRaised,
    ItemAcknowledged,
    ItemOnwardAsked,
    ItemOpened,
    ItemPassed,
    ItemRecalled,
    MovementApproved,
    MovementAttested,
    MovementDeparted,
    MovementRequested,
    ReleaseProposed,
    ReleaseSigned,
    offer,
)
from safeconduct.core.agreement import Clause, Must, Never, Pattern, Role, Rule, Terms
from safeconduct.core.disclosure import Content, ItemContent, Place
from safeconduct.core.statement import digest, read_entry
from safeconduct.errors import NotFound
from safeconduct.node import access, queries, sync
from safeconduct.node.append import say_as_node
from safeconduct.node.ports import Row, Subject
from safeconduct.testing import (
    BLURRED,
    HOUR,
    MINUTE,
    MOVEMENT,
    START,
    Federation,
    MemoryStore,
    StepClock,
    counted,
    glass_terms,
    information_terms,
    keep_custody,
    keep_items,
    key,
    open_item_as,
    seal_as,
    share_as,
    small_plan,
)
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
        "{movement_id:str}": ["m1"],
        "{party:str}": ["host", "sending"],
        "{statement_id:str}": ids,
        "{digest:str}": contents,
        "{person_id:str}": ["p1"],
        "{mark_id:str}": ["k1"],
        "{leak:str}": ["l1"],
        "{item_id:str}": ["i1"],
        "{release_id:str}": ["r1"],
    }
    queries_of = {
        "/v1/compliance": f"?from={START - HOUR}&to={START + 40 * 24 * HOUR}",
        "/v1/knew": "?facts=m1/rendezvous,m1/manifest",
        "/v1/findings": "?limit=1",
    }
    incidents = [f"incident/{statement[:32]}" for statement in ids]
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
        if route.path == "/v1/findings/{family:str}/{subject_id:str}":
            subjects = ["movement/m1", "movement/m2", "log/host", "findings/host", "sealing/host", *incidents]
            written = [f"/v1/findings/{subject}" for subject in subjects]
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
    transport = httpx.ASGITransport(app=a.apps[party])  # type: ignore[arg-type]  # Litestar has its own ASGI types
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{party}.example", headers=headers) as asker:
        for path in paths:
            answer = await asker.get(path)
            found[path] = (answer.status_code, answer.headers.get("etag", ""), bare(path, answer.text))
    # Its tag is drawn by lot, and would stand on the viewer's own page beside the next session.
    a.sessions[party].leave(dict([headers["cookie"].split("=", 1)]))
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
        """With one statement of each kind that the second world alone has, and every content."""
        ids: dict[str, str] = {}
        contents = []
        for party, store in itertools.product(self.worlds[1].cards, [self.worlds[1].stores["host"]]):
            for row in store.rows(party, 0, 10**6):
                if self.worlds[0].stores["host"].find(row.id) is None:
                    ids.setdefault(row.kind, row.id)
                if row.kind == "compartment.sealed":
                    contents.append(json.loads(read_entry(row.entry).payload)["body"]["content"])
        return paths_of(self.asking[0], ids.values(), contents[:2])

    async def differences(self, viewer: str) -> dict[str, Any]:
        return await differences(self.asking, viewer, self.paths())

    async def close(self, *more: Federation) -> None:
        for world in (*self.worlds, *more):
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


def law(pair: Pair, viewers: Iterable[str], knows: Callable[[str], bool]) -> Awaitable[None]:
    """Whoever may know is shown it, and nobody else is shown anything."""

    async def check() -> None:
        for viewer in viewers:
            found = await pair.differences(viewer)
            where = f"{viewer} at {pair.worlds[0].clock.now() - EARLIEST}\n{told(found)}"
            assert bool(found) == knows(viewer), where

    return check()


@pytest.mark.slow
def test_whether_anything_is_sealed_shows_to_whom_it_opens_from_its_moment_on_and_to_nobody_else() -> None:
    """SIGHT-2 to SIGHT-5, SIGHT-7, SIGHT-11 to SIGHT-18: every viewer, just before and at each moment, and lapsed."""

    async def scenario() -> None:
        base = await approved(await asked(StepClock(START)))
        pair = Pair(await twin_of(base), await twin_of(base))
        await seal_all(pair.worlds[1])
        for instant in (n for moment in MOMENTS for n in (moment - 1, moment)):
            await until(pair.worlds, instant)
            await law(pair, VIEWERS, lambda viewer, now=instant: bool(may_know(viewer, now)))  # type: ignore[misc]
        await law(pair, SEE_ALL, lambda _: True)
        await until(pair.worlds, EARLIEST + 2 * HOUR + 1)
        await law(pair, VIEWERS, lambda viewer: bool(may_know(viewer, 0, alive=False)))
        await pair.close(base)

    asyncio.run(scenario())


@pytest.mark.slow
def test_a_movement_that_was_not_approved_shows_what_is_sealed_to_its_author_alone() -> None:
    """SIGHT-3, SIGHT-4, SIGHT-7"""

    async def scenario() -> None:
        base = await asked(StepClock(START))
        pair = Pair(await twin_of(base), await twin_of(base))
        await seal_all(pair.worlds[1])
        await until(pair.worlds, EARLIEST - 90 * MINUTE)
        await law(pair, VIEWERS, lambda viewer: viewer == AUTHOR)
        await pair.close(base)

    asyncio.run(scenario())


@pytest.mark.slow
def test_one_compartment_says_nothing_of_another() -> None:
    """SIGHT-4, SIGHT-5, SIGHT-7: the rendezvous is sealed in both worlds, the names in one."""

    async def scenario() -> None:
        base = await approved(await asked(StepClock(START)))
        await seal_as(base, AUTHOR, MOVEMENT, "rendezvous", CONTENT)
        await by_themselves(base)
        pair = Pair(await twin_of(base), await twin_of(base))
        await seal_as(pair.worlds[1], AUTHOR, MOVEMENT, "manifest", CONTENT)
        opens = KNOWS["manifest"]["host/escort_lead"]
        for instant in (EARLIEST - 2 * HOUR, opens - 1, opens):
            await until(pair.worlds, instant)
            await law(pair, VIEWERS, lambda v, now=instant: "manifest" in may_know(v, now))  # type: ignore[misc]
        await pair.close(base)

    asyncio.run(scenario())


@pytest.mark.slow
def test_who_knows_by_existence_learns_no_number_and_who_is_due_less_learns_no_more() -> None:
    """SIGHT-4, SIGHT-5: sealed for those alone who are due less, or in full too, and anew with other words."""

    async def scenario() -> None:
        base = await approved(await asked(StepClock(START)))
        await seal_as(base, AUTHOR, MOVEMENT, "rendezvous", CONTENT, variant=BLURRED)
        await by_themselves(base)
        pair = Pair(await twin_of(base), await twin_of(base))
        for seed, content in (("1", CONTENT), ("2", OTHER)):
            draw = counted(seed)
            await seal_as(pair.worlds[1], AUTHOR, MOVEMENT, "rendezvous", content, randomness=draw)
            await by_themselves(pair.worlds[1])
        exact = {"host/escort_lead", "sending/approver", AUTHOR}
        # It asks the officers, and so is shown for what: SIGHT-9.
        asks = {"host/duty_officer"}
        await until(pair.worlds, EARLIEST - 20 * MINUTE)
        await law(pair, set(VIEWERS) - asks, lambda viewer: viewer in exact)
        await pair.close(base)

    asyncio.run(scenario())


@pytest.mark.slow
def test_who_opened_and_who_told_whom_shows_to_themselves_and_to_auditors() -> None:
    """SIGHT-6, SIGHT-8"""

    async def scenario() -> None:
        base = await approved(await asked(StepClock(START)))
        await seal_all(base)
        await until([base], EARLIEST - 10 * MINUTE)
        pair = Pair(await twin_of(base), await twin_of(base))
        lead, content = "host/escort_lead", content_of(base)
        await pair.worlds[1].say(lead, MOVEMENT, CompartmentOpened(content=content))
        await pair.worlds[1].say(lead, MOVEMENT, CompartmentTold(content=content, to="host/gatekeeper"))
        await law(pair, VIEWERS, lambda viewer: viewer in (lead, "host/gatekeeper"))
        await law(pair, ("host/auditor", "host/authority"), lambda _: True)
        await pair.close(base)

    asyncio.run(scenario())


@pytest.mark.slow
def test_when_a_party_had_a_statement_does_not_tell_that_somebody_there_said_something_hidden_then() -> None:
    """SIGHT-17: the lead opens something in the second before the host's receipt for the other side's attestation."""

    async def scenario() -> None:
        base = await approved(await asked(StepClock(START)))
        await seal_all(base)
        await until([base], EARLIEST - 10 * MINUTE)
        await base.say(AUTHOR, MOVEMENT, MovementAttested(item="heads", holds=True, heads=12))
        await base.sync(1)
        base.clock.advance(500)
        pair = Pair(await twin_of(base), await twin_of(base))
        for world in pair.worlds:
            world.node("host").statuses["sending"].receipt_due = True
        await pair.worlds[1].say("host/escort_lead", MOVEMENT, CompartmentOpened(content=content_of(base)))
        await until(pair.worlds, base.clock.now() + 500)
        await law(pair, set(VIEWERS) - {"host/escort_lead"}, lambda _: False)
        await pair.close(base)

    asyncio.run(scenario())


@pytest.mark.slow
def test_everything_that_is_asked_is_there_for_whoever_is_shown_everything() -> None:
    """SIGHT-2: so that no two worlds agree because both refuse what was asked wrongly."""

    async def scenario() -> None:
        base = await approved(await asked(StepClock(START)))
        await seal_all(base)
        pair = Pair(await twin_of(base), base)
        wrong = {}
        for path, (status, _, body) in (await answers(pair.asking[1], "host/authority", pair.paths())).items():
            if status not in (200, 404):
                wrong[path] = (status, body)
        # Nobody has asked the officers.
        assert {path for path in wrong if "/glass/" not in path} == set()
        await pair.close()

    asyncio.run(scenario())


@pytest.mark.slow
def test_what_is_asked_of_the_officers_shows_to_whoever_asks_or_objects_and_to_auditors() -> None:
    """SIGHT-9, SIGHT-11: the incident that every node raises is for auditors."""

    async def scenario() -> None:
        base = await approved(await asked(StepClock(START)))
        await seal_as(base, AUTHOR, MOVEMENT, "rendezvous", CONTENT)
        await by_themselves(base)
        # Nobody's share is given: the nodes do nothing from here on but what the officers' requests make them do.
        base.clock.advance(EARLIEST - 2 * HOUR - base.clock.now())
        pair = Pair(await twin_of(base), await twin_of(base))
        ask = GlassAsked(content=content_of(base), party="sending", reason="no answer")
        await pair.worlds[1].say("host/escort_lead", MOVEMENT, ask)
        for world in pair.worlds:
            await world.sync(2)
        concerned = {"host/escort_lead", "host/duty_officer", AUTHOR, "sending/approver"}
        await law(pair, VIEWERS, lambda viewer: viewer in concerned)
        act = IncidentRaised(about="host", category="glass", account="host asks the officers for the share of sending")
        calm = Pair(await twin_of(base), await twin_of(base))
        for party in ("host", "sending"):
            await say_as_node(calm.worlds[1].node(party), act, "incident/" + "ab" * 16)
        for world in calm.worlds:
            await world.sync(2)
        await law(calm, VIEWERS, lambda _: False)
        await law(calm, SEE_ALL, lambda _: True)
        await calm.close()
        await pair.close(base)

    asyncio.run(scenario())


@pytest.mark.slow
def test_on_the_road_and_after_it_too_only_they_are_shown_what_is_sealed() -> None:
    """SIGHT-4, SIGHT-6: sealed under way it shows to whom it has opened for; once all is over, to its author."""

    async def scenario() -> None:
        base = await departed(await approved(await asked(StepClock(START))))
        pair = Pair(await twin_of(base), await twin_of(base))
        await seal_all(pair.worlds[1])
        await until(pair.worlds, EARLIEST + MINUTE)
        await law(pair, VIEWERS, lambda viewer: bool(may_know(viewer, EARLIEST)))
        await pair.close(base)

    asyncio.run(scenario())


@pytest.mark.slow
def test_what_is_shared_opened_and_recalled_shows_to_whom_it_concerns_and_to_auditors() -> None:
    """SIGHT-1, SIGHT-2, ITEM-13, ITEM-14, ITEM-41: of an item and of a draft nobody else is shown anything."""

    async def scenario() -> None:
        base = await Federation(clock=StepClock(START)).__aenter__()
        terms = information_terms(base.cards.values())
        auditor = Role(id="auditor", party="host", name={"en": "auditor"}, may=())
        await base.agree(msgspec.structs.replace(terms, roles=(*terms.roles, auditor), auditors=("auditor",)))
        await by_themselves(base)
        pair = Pair(await twin_of(base), await twin_of(base))
        other = pair.worlds[1]
        said = ItemContent(title="a white van", text="It waits at the gate.")
        act, _ = await share_as(other, "host/duty_officer", "item/i1", said, recipients=("unit",))
        viewers = ("host/escort_lead", "host/unit", "sending/approver", AUTHOR, "sending/security_manager")
        await until(pair.worlds, START + MINUTE)
        await law(pair, (*viewers, "host/duty_officer"), lambda v: v in ("host/unit", "host/duty_officer"))
        await open_item_as(other, "host/unit", "item/i1", act.content)
        gone = ItemRecalled(content=act.content, reason="not so", acknowledge_by=other.clock.now() + HOUR)
        await other.say("host/duty_officer", "item/i1", gone)
        await keep_items(other)
        await until(pair.worlds, START + 2 * MINUTE)
        await law(pair, viewers, lambda viewer: viewer == "host/unit")
        await other.say("host/duty_officer", "release/r1", ReleaseProposed(texts={"en": "All are safe."}, counts=()))
        await until(pair.worlds, START + 3 * MINUTE)
        await law(pair, viewers, lambda viewer: viewer in ("host/unit", "sending/security_manager"))
        await law(pair, SEE_ALL, lambda _: True)
        await pair.close(base)

    asyncio.run(scenario())


@pytest.mark.slow
def test_what_is_offered_about_an_item_that_does_not_concern_one_is_refused_as_if_there_were_none() -> None:
    """SIGHT-10, ITEM-14"""

    async def scenario() -> None:
        base = await Federation(clock=StepClock(START)).__aenter__()
        await base.agree(information_terms(base.cards.values()))
        await by_themselves(base)
        pair = Pair(await twin_of(base), await twin_of(base))
        shared, _ = await share_as(
            pair.worlds[1], "host/duty_officer", "item/i1", ItemContent(title="a van"), recipients=("unit",)
        )
        draft = ReleaseProposed(texts={"en": "All are safe."}, counts=())
        await pair.worlds[1].say("host/duty_officer", "release/r1", draft)
        await until(pair.worlds, START + MINUTE)
        content = shared.content
        acts: tuple[tuple[str, Act], ...] = (
            ("item/i1", ItemOpened(content=content)),
            ("item/i1", ItemOpened(content="ab" * 32)),
            ("item/i1", ItemOnwardAsked(content=content, to="sending/approver", reason="she plans it")),
            ("item/i1", ItemPassed(content=content, to="sending/approver")),
            ("item/i1", ItemRecalled(content=content, reason="not so", acknowledge_by=START + HOUR)),
            ("item/i1", ItemAcknowledged(content=content)),
            ("release/r1", ReleaseSigned(digest=digest(draft))),
        )
        for viewer in ("host/escort_lead", "sending/approver", AUTHOR):
            for subject, act in acts:
                paths = ["/v1/statements", "/v1/statements?check=true"]
                for path in [*paths, "/v1/item-openings"] if isinstance(act, ItemOpened) else paths:
                    found = [await offered(a, path, viewer, act, subject) for a in pair.asking]
                    assert found[0] == found[1], (viewer, path, act, found)
        await pair.close(base)

    asyncio.run(scenario())


# --- refusals, and reads ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_is_offered_of_something_that_one_may_not_know_of_is_refused_as_if_it_were_not_there() -> None:
    """SIGHT-10: by POST /v1/openings, POST /v1/statements and its check, in both worlds the same bytes."""

    async def scenario() -> None:
        base = await approved(await asked(StepClock(START)))
        pair = Pair(await twin_of(base), await twin_of(base))
        await seal_all(pair.worlds[1])
        await until(pair.worlds, EARLIEST - 4 * HOUR)
        content = content_of(pair.worlds[1])
        acts = (
            CompartmentOpened(content=content),
            CompartmentTold(content=content, to="cook"),
            GlassAsked(content=content, party="sending", reason="no answer"),
        )
        # Whoever may ask the officers is not refused, if told by somebody for what: a silent node is no time for it.
        asks = ("host/escort_lead", "host/duty_officer")
        for viewer in (*asks, "host/unit", "host/gatekeeper"):
            for act in acts[:2] if viewer in asks else acts:
                for path in ("/v1/openings", "/v1/statements", "/v1/statements?check=true"):
                    found = [await offered(a, path, viewer, act) for a in pair.asking]
                    assert found[0] == found[1], (viewer, path, found)
        await pair.close(base)

    asyncio.run(scenario())


async def offered(a: Asking, path: str, viewer: str, act: Act, subject: str = MOVEMENT) -> tuple[int, str]:
    """What somebody hears who offers an act."""
    party = viewer.split("/", 1)[0]
    envelope = offer(queries.standing(a.federation.node(party)), viewer, key(viewer), subject, act)
    answer = await a.ask("POST", path, by=viewer, at=party, body=envelope)
    return answer.status_code, answer.text


class CountingStore(MemoryStore):
    """Says what is read of it."""

    def __init__(self, of: MemoryStore) -> None:
        super().__init__()
        self.__dict__.update(of.__dict__)
        self.reads: list[str] = []

    def find(self, statement_id: str) -> Row | None:
        self.reads.append("find")
        return super().find(statement_id)

    def about(self, subject: str) -> Sequence[Row]:
        self.reads.append("about")
        return super().about(subject)

    def subject(self, subject: str) -> Subject | None:
        self.reads.append("subject")
        return super().subject(subject)

    def rows(self, party: str, start: int, end: int) -> Sequence[Row]:
        self.reads.append("rows")
        return super().rows(party, start, end)


def test_a_hidden_statement_takes_the_reads_of_one_that_is_not_there() -> None:
    """SIGHT-12: so that the time of an answer says nothing that the answer does not."""

    async def scenario() -> None:
        base = await approved(await asked(StepClock(START)))
        await seal_all(base)
        node = base.node("host")
        store = base.stores["host"]
        assert isinstance(store, MemoryStore)
        hidden = next(row.id for row in store.rows("sending", 0, 10**6) if row.kind == "compartment.sealed")
        shown = next(row.id for row in store.rows("sending", 0, 10**6) if row.kind == "movement.requested")
        node.store = counting = CountingStore(store)
        viewer = access.viewer(node, "host/unit")
        reads = {}
        for name, statement in (("hidden", hidden), ("absent", "0" * 64), ("shown", shown)):
            counting.reads = []
            with contextlib.suppress(NotFound):
                queries.statement(node, viewer, statement)
            reads[name] = counting.reads
        assert (reads["hidden"], reads["shown"]) == (reads["absent"], ["find"])
        await base.__aexit__()

    asyncio.run(scenario())
