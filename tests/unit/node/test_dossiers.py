"""Dossiers at the node: kept, shown after it was said, forgotten; and who learns that there is a person at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from safeconduct.core.acts import PersonOpened, PersonSealed, offer
from safeconduct.core.agreement import Dossiers
from safeconduct.core.disclosure import HeldDossier
from safeconduct.core.record import RegisterState
from safeconduct.errors import CheckFailed, InputInvalid, LimitExceeded, NotAllowed, NotFound, Refused, Unavailable
from safeconduct.node import access, commands, dossiers, forgetting, queries
from safeconduct.node.access import Viewer
from safeconduct.node.limits import BLOB_BYTES_MAX
from safeconduct.node.ports import Row
from safeconduct.testing import (
    HOUR,
    START,
    Federation,
    come_to,
    dossier_terms,
    keep_custody,
    keep_dossier_as,
    key,
    register_as,
    show_dossier_as,
)
from tests.unit.node.test_custody import played

PERSON = "person/p-0417"
REGISTRAR, APPROVER, OFFICER = "sending/journey_manager", "sending/approver", "host/duty_officer"
DAY = 24 * HOUR
END = START + 60 * DAY
HELD = HeldDossier(data=b'{"name":"Somebody"}', salt=bytes(range(32)))
SHARED = Dossiers(kept="P60D", opened_by=("approver", "duty_officer"), held_by=("host",))
# The first keys end with the year, after the dossier's time.
FORGOTTEN = 90 * DAY


@asynccontextmanager
async def kept(shared: Dossiers | None = None) -> AsyncIterator[tuple[Federation, str]]:
    """A person registered, and the dossier kept for sixty days; the digest of its content."""
    async with Federation() as federation:
        changed = {"dossiers": shared} if shared is not None else {}
        await federation.agree(dossier_terms(federation.cards.values(), **changed))
        await keep_custody(federation, 1)
        await register_as(federation, REGISTRAR, PERSON, HELD)
        holders = shared.held_by if shared is not None else ()
        await keep_dossier_as(federation, REGISTRAR, PERSON, HELD, END, holders=holders)
        await federation.sync()
        await keep_custody(federation, 1)
        yield federation, content_of(federation)


def content_of(federation: Federation) -> str:
    state = federation.node("sending").memory.state(PERSON)
    assert isinstance(state, RegisterState)
    return list(state.dossiers)[-1]


def held(federation: Federation) -> list[int]:
    return [len(federation.vaults[party].held()) for party in ("host", "sending")]


@played
async def test_a_dossier_is_shown_with_its_salt_after_its_opening_is_on_the_record() -> None:
    """SEAL-87"""
    async with kept() as (federation, content):
        shown = await show_dossier_as(federation, APPROVER, PERSON, content)
        assert (shown.data, shown.salt) == (HELD.data, HELD.salt)
        row = federation.stores["sending"].find(shown.statement.id)
        assert row is not None
        assert row.kind == "person.opened"


@played
async def test_it_is_on_the_own_sides_node_and_on_no_other() -> None:
    """SEAL-85, SEAL-86: the other side has the statement, and nothing to open."""
    async with kept() as (federation, content):
        assert held(federation) == [0, 1]
        with pytest.raises(NotFound):
            await show_dossier_as(federation, OFFICER, PERSON, content)


@played
async def test_a_party_that_the_agreement_names_fetches_it_at_once_and_opens_it_alone() -> None:
    """SEAL-85, SEAL-87"""
    async with kept(SHARED) as (federation, content):
        assert held(federation) == [1, 1]
        federation.links.cut = {("host", "sending"), ("sending", "host")}
        assert (await show_dossier_as(federation, OFFICER, PERSON, content)).data == HELD.data


@played
async def test_what_the_record_refuses_shows_nothing() -> None:
    """SEAL-87"""
    async with kept() as (federation, content):
        await come_to(federation, 60 * DAY)
        with pytest.raises(Refused, match="is over"):
            await show_dossier_as(federation, APPROVER, PERSON, content)
        node = federation.node("sending")
        act = PersonOpened(content=content, reason="mine")
        envelope = offer(queries.standing(node), APPROVER, key(APPROVER), PERSON, act)
        with pytest.raises(NotAllowed):
            await dossiers.show_dossier(node, Viewer(REGISTRAR, ()), envelope)


@played
async def test_it_is_forgotten_with_the_last_key_and_says_so() -> None:
    """SEAL-89"""
    async with kept() as (federation, content):
        await come_to(federation, 80 * DAY)
        assert held(federation) == [0, 1]
        await come_to(federation, FORGOTTEN)
        assert held(federation) == [0, 0]
        (view,) = dossiers.person(federation.node("sending"), Viewer(APPROVER, ("approver",)), PERSON).dossiers
        assert (view.content, view.forgotten) == (content, True)


@played
async def test_sealed_anew_under_a_later_key_it_stays_and_the_earlier_one_is_forgotten() -> None:
    """SEAL-89, REC-153"""
    async with kept() as (federation, first):
        await come_to(federation, 50 * DAY)
        await keep_dossier_as(federation, REGISTRAR, PERSON, HELD, START + 110 * DAY)
        await come_to(federation, FORGOTTEN)
        second = content_of(federation)
        assert federation.vaults["sending"].held() == frozenset({second})
        assert (await show_dossier_as(federation, APPROVER, PERSON, second)).data == HELD.data
        with pytest.raises(Refused, match="is over"):
            await show_dossier_as(federation, APPROVER, PERSON, first)
        await come_to(federation, 200 * DAY)
        assert held(federation) == [0, 0]


@played
async def test_a_lost_ciphertext_comes_from_another_that_keeps_it() -> None:
    """SEAL-82"""
    async with kept(SHARED) as (federation, content):
        federation.vaults["host"].forget(content)
        assert (await show_dossier_as(federation, OFFICER, PERSON, content)).data == HELD.data
        federation.vaults["sending"].forget(content)
        federation.links.cut = {("sending", "host")}
        with pytest.raises(Unavailable):
            await show_dossier_as(federation, APPROVER, PERSON, content)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (lambda act: msgspec.structs.replace(act, size=act.size + 1), CheckFailed, "ciphertext"),
        (lambda act: msgspec.structs.replace(act, key="ab" * 32), CheckFailed, "the key that was committed to"),
        (lambda act: msgspec.structs.replace(act, until=act.until + 2), Refused, "at most P60D"),
        (lambda act: _to(act, "ab" * 32), InputInvalid, "expected the first sealing key of sending"),
    ],
)
def test_a_dossier_that_is_not_as_it_must_be_is_not_kept(change: object, error: type[Exception], says: str) -> None:
    """SEAL-86"""

    @played
    async def look() -> None:
        async with kept() as (federation, _):
            before = held(federation)
            with pytest.raises(error, match=says):
                await keep_dossier_as(
                    federation,
                    REGISTRAR,
                    PERSON,
                    HELD,
                    federation.clock.now() + 60 * DAY - 1,
                    change=change,  # type: ignore[arg-type]  # one of the changes above
                )
            assert held(federation) == before

    look()


def _to(act: PersonSealed, key_id: str) -> PersonSealed:
    return msgspec.structs.replace(act, copies=tuple(msgspec.structs.replace(c, to=key_id) for c in act.copies))


@played
async def test_a_key_that_lasts_longer_than_the_first_is_refused() -> None:
    """SEAL-86: or whoever seals could have it kept past its time."""
    async with kept() as (federation, _):
        sealed_to_a_later_key = keep_dossier_as(
            federation,
            REGISTRAR,
            PERSON,
            HELD,
            START + 100 * DAY,
            change=lambda act: msgspec.structs.replace(act, until=START + 59 * DAY),
        )
        with pytest.raises(InputInvalid, match="expected the first sealing key of sending"):
            await sealed_to_a_later_key


@played
async def test_other_statements_and_too_much_are_refused() -> None:
    async with kept() as (federation, content):
        node = federation.node("sending")
        standing = queries.standing(node)
        opened = offer(standing, APPROVER, key(APPROVER), PERSON, PersonOpened(content=content, reason="r"))
        with pytest.raises(InputInvalid, match=r"expected a statement person\.sealed"):
            await dossiers.keep_dossier(node, opened, b"")
        row = node.store.about(PERSON)[-1]
        act = node.memory.said(row).act
        assert isinstance(act, PersonSealed)
        again = offer(standing, REGISTRAR, key(REGISTRAR), PERSON, act)
        with pytest.raises(LimitExceeded):
            await dossiers.keep_dossier(node, again, bytes(BLOB_BYTES_MAX + 1))
        with pytest.raises(InputInvalid, match=r"expected a statement person\.opened"):
            await dossiers.show_dossier(node, Viewer(REGISTRAR, ()), again)
        federation.vaults["sending"].forget(content)
        with pytest.raises(InputInvalid, match="is given to this node with its statement"):
            await commands.say(node, again)


@played
async def test_what_is_held_is_told_with_who_opened_it_and_what_for() -> None:
    """SEAL-88"""
    async with kept() as (federation, content):
        await show_dossier_as(federation, APPROVER, PERSON, content, "the hospital asks")
        page = dossiers.person(federation.node("sending"), Viewer(APPROVER, ("approver",)), PERSON)
        (view,) = page.dossiers
        assert [(one.actor, one.reason) for one in view.openings] == [(APPROVER, "the hospital asks")]
        assert (view.until, view.kept_by, view.forgotten, view.destroyed_at >= END) == (END, ("sending",), False, True)
        assert [line.kind for line in page.history] == ["person.registered", "person.sealed", "person.opened"]
        assert b"Somebody" not in msgspec.json.encode(page)


@pytest.mark.parametrize(
    ("party", "viewer", "roles", "shown"),
    [
        ("sending", "sending/authority", ("authority",), True),
        ("sending", REGISTRAR, ("journey_manager",), True),
        ("sending", "sending/security_manager", ("security_manager",), False),
        ("host", "host/authority", ("authority",), False),
        ("host", OFFICER, ("duty_officer",), False),
    ],
)
def test_who_may_not_know_hears_the_same_as_of_nobody(
    party: str, viewer: str, roles: tuple[str, ...], *, shown: bool
) -> None:
    """SEAL-88"""

    @played
    async def look() -> None:
        async with kept() as (federation, _):
            node = federation.node(party)
            if shown:
                assert dossiers.person(node, Viewer(viewer, roles), PERSON).subject == PERSON
                return
            with pytest.raises(NotFound) as there:
                dossiers.person(node, Viewer(viewer, roles), PERSON)
            with pytest.raises(NotFound) as nobody:
                dossiers.person(node, Viewer(viewer, roles), "person/p-0000")
            assert str(there.value).replace("p-0417", "p-0000") == str(nobody.value)

    look()


@played
async def test_that_a_dossier_was_sealed_or_opened_stands_in_nobody_elses_list() -> None:
    """SEAL-88"""
    async with kept() as (federation, content):
        await show_dossier_as(federation, APPROVER, PERSON, content)
        node = federation.node("sending")
        shown = {}
        for actor in (REGISTRAR, APPROVER, "sending/security_manager"):
            viewer = access.viewer(node, actor)
            rows = queries.entries(node, viewer, "sending", 0, 100)
            listed = [row.kind for row in rows if isinstance(row, Row) and row.subject == PERSON]
            assert listed == [line.kind for line in queries.history(node, viewer, PERSON)]
            shown[actor] = listed
        everything = ["person.registered", "person.sealed", "person.opened"]
        assert shown == {REGISTRAR: everything, APPROVER: everything, "sending/security_manager": everything[:1]}


@played
async def test_a_site_is_no_person() -> None:
    async with kept() as (federation, _):
        with pytest.raises(NotFound):
            dossiers.person(federation.node("sending"), Viewer("sending/authority", ("authority",)), "movement/m1")


@played
async def test_dossiers_count_among_what_is_sealed_for_whoever_keeps_them() -> None:
    async with kept() as (federation, content):
        node = federation.node("host")
        (thing,) = forgetting.sealed_things(node.memory, PERSON)
        assert (thing.digests, thing.kept_by, thing.forgotten) == ((content,), ("sending",), False)
