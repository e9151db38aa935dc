"""Federation from the side of a node whose peer may be down, slow, broken, or a cheat."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

import pytest

from safeconduct.core.acts import (
    ActorEnrolled,
    AgreementProposed,
    MovementApproved,
    MovementCheckedIn,
    MovementRequested,
    RecordReceived,
    SiteRegistered,
)
from safeconduct.core.log import (
    AddCheckpoint,
    open_checkpoint,
    parse_equivocation,
    sign_checkpoint,
    verify_equivocation,
)
from safeconduct.core.statement import digest
from safeconduct.errors import CheckFailed, InputInvalid, Unavailable
from safeconduct.node import offering, queries, sync, witness
from safeconduct.node.limits import CLOCK_SKEW_MAX_MS, SYNC_ENTRIES_MAX
from safeconduct.node.ports import Peers
from safeconduct.testing import (
    Federation,
    MemoryStore,
    append_rogue,
    authority,
    forged_entry,
    key,
    keys_of,
    small_plan,
)

PLAN = small_plan()
SITE = SiteRegistered(name="Gate", district="malir", latitude_e7=0, longitude_e7=0)


def play(scenario: Callable[[Federation], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with Federation() as federation:
            await federation.agree()
            await scenario(federation)

    asyncio.run(whole())


def status_of(federation: Federation, node: str, peer: str) -> str:
    return federation.node(node).statuses[peer].problem or ""


def test_a_receipt_is_the_peers_cosignature_of_what_it_has_stored() -> None:
    """REC-7: after one round, each side holds the other's mirror cosignature over its whole log."""

    async def scenario(federation: Federation) -> None:
        await federation.say("host/duty_officer", "site/gate", SITE)
        await federation.sync()
        host = federation.node("host")
        given = host.store.cosignature("host", "sending", "mirror")
        assert given is not None
        signed = open_checkpoint(
            given.note, host.memory.heads["host"].log_key, [host.memory.heads["sending"].mirror_key]
        )
        assert (signed.size, len(signed.cosignatures)) == (host.memory.heads["host"].size, 1)

    play(scenario)


def test_work_goes_on_while_the_peer_is_down_and_catches_up_after() -> None:
    """REC-5"""

    async def scenario(federation: Federation) -> None:
        federation.links.cut = {("host", "sending"), ("sending", "host")}
        for number in range(5):
            await federation.say("host/duty_officer", f"site/gate{number}", SITE)
        await federation.sync()
        down = status_of(federation, "host", "sending")
        federation.links.cut = set()
        await federation.sync()
        assert "cannot be reached" in down
        assert queries.health(federation.node("host")).digest == queries.health(federation.node("sending")).digest

    play(scenario)


def test_a_long_absence_is_caught_up_in_bounded_pieces() -> None:
    """REC-5: more entries than one visit holds in memory."""

    async def scenario(federation: Federation) -> None:
        append_rogue(
            federation.node("host"),
            [b"not a statement %d" % number for number in range(SYNC_ENTRIES_MAX + 300)],
        )
        await federation.sync()
        assert federation.stores["sending"].size("host") == federation.stores["host"].size("host")

    play(scenario)


def test_receipts_of_receipts_are_not_said() -> None:
    """REC-7: no ping-pong."""

    async def scenario(federation: Federation) -> None:
        for _ in range(6):
            federation.clock.advance(2_000)
            for node in federation.links.nodes.values():
                await sync.say_receipts(node)
            await federation.sync()
        before = [federation.stores[party].size(party) for party in ("host", "sending")]
        for _ in range(6):
            federation.clock.advance(2_000)
            for node in federation.links.nodes.values():
                await sync.say_receipts(node)
            await federation.sync()
        assert [federation.stores[party].size(party) for party in ("host", "sending")] == before

    play(scenario)


# --- cheats ----------------------------------------------------------------------------------------------------------


def test_two_histories_of_one_size_convict_the_log_and_stop_its_receipts_but_not_our_work() -> None:
    """LOG-58: the evidence convinces anybody who has the log's key; the incident is on our record."""

    async def scenario(federation: Federation) -> None:
        await federation.sync()
        sending = federation.node("sending")
        head = federation.node("host").memory.heads["host"]
        other = sign_checkpoint(head.origin, head.size, b"\x07" * 32, keys_of("host").log).note.encode()

        def tamper(source: str, _target: str, what: str, answer: object) -> object:
            return other if (source, what) == ("sending", "checkpoint") else answer

        federation.links.tamper = tamper
        visiting = asyncio.ensure_future(sync.visit(sending, "host"))
        await visiting
        ((origin, _, evidence),) = sending.store.evidence()
        verify_equivocation(parse_equivocation(evidence), sending.memory.heads["host"].log_key)
        await federation.say("sending/journey_manager", "movement/m1", MovementRequested(plan=PLAN))
        incidents = sending.store.subjects("incident/", before=None, limit=9)
        assert (origin, sending.statuses["host"].forked, len(incidents)) == (head.origin, True, 1)

    play(scenario)


def test_a_log_continued_from_an_old_copy_is_convicted_by_its_own_tiles() -> None:
    """LOG-58: two checkpoints of different sizes, and the proof between them."""

    async def scenario(federation: Federation) -> None:
        old = federation.stores["host"].copy()  # type: ignore[attr-defined]  # a store in memory
        await federation.say("host/duty_officer", "site/a", SITE)
        await federation.sync()
        federation.stores["host"] = old
        rogue = federation.start("host")
        for name in ("b", "c", "d"):
            await federation.say("host/duty_officer", f"site/{name}", SITE)
        sending = federation.node("sending")
        await sync.visit(sending, "host")
        ((_, _, evidence),) = sending.store.evidence()
        verify_equivocation(parse_equivocation(evidence), sending.memory.heads["host"].log_key)
        assert rogue.memory.heads["host"].size > sending.memory.heads["host"].size

    play(scenario)


def test_a_node_restored_from_an_old_backup_refuses_to_sign() -> None:
    """REC-5: its peer has seen more of its log than it has itself."""

    async def scenario(federation: Federation) -> None:
        old = federation.stores["host"].copy()  # type: ignore[attr-defined]  # a store in memory
        await federation.say("host/duty_officer", "site/a", SITE)
        await federation.sync()
        federation.stores["host"] = old
        restored = federation.start("host")
        await offering.compare_at_start(restored, 1_000)
        with pytest.raises(Unavailable, match="this node does not sign: sending holds"):
            await federation.say("host/duty_officer", "site/b", SITE)

    play(scenario)


def test_a_restored_node_that_could_not_ask_stops_at_the_first_contact() -> None:
    """REC-5"""

    async def scenario(federation: Federation) -> None:
        old = federation.stores["host"].copy()  # type: ignore[attr-defined]  # a store in memory
        await federation.say("host/duty_officer", "site/a", SITE)
        await federation.sync()
        federation.stores["host"] = old
        federation.links.cut = {("host", "sending")}
        restored = federation.start("host")
        await sync.visit(restored, "sending")
        before = restored.halted
        federation.links.cut = set()
        await sync.visit(restored, "sending")
        assert (before, restored.halted is not None) == (None, True)

    play(scenario)


def test_entries_that_do_not_lead_to_the_signed_root_are_not_stored() -> None:
    """LOG-5"""

    async def scenario(federation: Federation) -> None:
        await federation.say("host/duty_officer", "site/a", SITE)
        before = federation.stores["sending"].size("host")

        def tamper(_source: str, _target: str, what: str, answer: object) -> object:
            if what != "entries":
                return answer
            assert isinstance(answer, list)
            return [*answer[:-1], answer[-1][:-1] + b"!"]

        federation.links.tamper = tamper
        await sync.visit(federation.node("sending"), "host")
        assert federation.stores["sending"].size("host") == before
        assert "entries of host that lead to its signed root" in status_of(federation, "sending", "host")

    play(scenario)


@pytest.mark.parametrize(
    "garbage",
    [b"", b"{}", b"\xff" * 40, b'{"payload":"","payloadType":"x","signatures":[]}'],
)
def test_garbage_in_a_signed_log_is_carried_as_void_on_both_sides(garbage: bytes) -> None:
    """REC-9"""

    async def scenario(federation: Federation) -> None:
        append_rogue(federation.node("host"), [garbage])
        await federation.sync()
        sending = federation.node("sending")
        assert [row.index for row in sending.store.void_entries()] == [federation.stores["host"].size("host") - 1]
        assert queries.health(sending).digest == queries.health(federation.node("host")).digest

    play(scenario)


def test_an_entry_with_a_forged_actor_is_void() -> None:
    """REC-8: an administrator of a node cannot speak as its officers."""

    async def scenario(federation: Federation) -> None:
        await federation.say("sending/journey_manager", "movement/m1", MovementRequested(plan=PLAN))
        await federation.sync()
        host = federation.node("host")
        stranger = key("somebody else")
        forged = forged_entry(
            "host/duty_officer",
            MovementApproved(plan=digest(PLAN)),
            subject="movement/m1",
            at=federation.clock.now(),
            agreement=host.memory.law.in_force() or "",
            after=host.memory.after(),
            signers=[stranger, keys_of("host").node],
        )
        append_rogue(host, [forged])
        await federation.sync()
        page = queries.movement(federation.node("sending"), authority(federation.node("sending")), "movement/m1")
        assert (page.row.approved_by, len(federation.node("sending").store.void_entries())) == ((), 1)

    play(scenario)


def test_an_act_that_the_rules_refuse_gains_nothing_by_being_logged() -> None:
    """REC-11: a lying node that skips the first judge meets the second."""

    async def scenario(federation: Federation) -> None:
        await federation.say("sending/journey_manager", "movement/m1", MovementRequested(plan=PLAN))
        await federation.sync()
        host = federation.node("host")
        forged = forged_entry(
            "host/escort_lead",
            MovementCheckedIn(),
            subject="movement/m1",
            at=federation.clock.now(),
            agreement=host.memory.law.in_force() or "",
            after=host.memory.after(),
        )
        append_rogue(host, [forged])
        await federation.sync()
        line = queries.history(federation.node("sending"), authority(federation.node("sending")), "movement/m1")[-1]
        assert (line.kind, line.void) == ("movement.checked_in", "is_requested")

    play(scenario)


def test_a_statement_from_the_future_waits_for_its_time() -> None:
    """REC-4"""

    async def scenario(federation: Federation) -> None:
        host = federation.node("host")
        before = federation.stores["sending"].size("host")
        ahead = CLOCK_SKEW_MAX_MS + 60_000
        future = forged_entry(
            "host/duty_officer",
            SITE,
            subject="site/future",
            at=federation.clock.now() + ahead,
            agreement=host.memory.law.in_force() or "",
            after=host.memory.after(),
        )
        append_rogue(host, [future])
        await sync.visit(federation.node("sending"), "host")
        early = federation.stores["sending"].size("host"), status_of(federation, "sending", "host")
        federation.clock.advance(ahead)
        await sync.visit(federation.node("sending"), "host")
        assert early[0] == before
        assert "in the future" in early[1]
        assert federation.stores["sending"].size("host") == before + 1

    play(scenario)


def test_a_statement_that_claims_to_follow_what_we_never_said_waits() -> None:
    """REC-4: nobody can have seen more of our log than there is."""

    async def scenario(federation: Federation) -> None:
        host = federation.node("host")
        before = federation.stores["sending"].size("host")
        lie = forged_entry(
            "host/duty_officer",
            SITE,
            subject="site/lie",
            at=federation.clock.now(),
            agreement=host.memory.law.in_force() or "",
            after={**host.memory.after(), "sending": 999},
        )
        append_rogue(host, [lie])
        await sync.visit(federation.node("sending"), "host")
        assert federation.stores["sending"].size("host") == before
        assert "follows 999 entries of our log" in status_of(federation, "sending", "host")

    play(scenario)


def test_a_proposal_whose_text_is_withheld_waits_for_it() -> None:
    """REC-19"""

    async def scenario(federation: Federation) -> None:
        host = federation.node("host")
        before = federation.stores["sending"].size("host")
        proposal = forged_entry(
            "host/authority",
            AgreementProposed(digest="ab" * 32, size=9),
            subject="agreement",
            at=federation.clock.now(),
            agreement=host.memory.law.in_force() or "",
            after=host.memory.after(),
        )
        append_rogue(host, [proposal])
        await sync.visit(federation.node("sending"), "host")
        assert federation.stores["sending"].size("host") == before
        assert "no blob 'abab" in status_of(federation, "sending", "host")

    play(scenario)


def test_a_receipt_by_another_key_is_refused() -> None:
    """LOG-36"""

    async def scenario(federation: Federation) -> None:
        host = federation.node("host")
        with pytest.raises((InputInvalid, CheckFailed)):
            await offering.take_receipt(host, "sending", host.store.checkpoint("host") or b"")

    play(scenario)


def test_a_false_receipt_statement_is_found_by_the_audit() -> None:
    """AUD-5"""

    async def scenario(federation: Federation) -> None:
        host = federation.node("host")
        lie = forged_entry(
            "host/node",
            RecordReceived(log="sending", size=1, root="ab" * 32),
            subject="log/sending",
            at=federation.clock.now(),
            agreement=host.memory.law.in_force() or "",
            after=host.memory.after(),
            signers=[keys_of("host").node],
        )
        append_rogue(host, [lie])
        await federation.sync()
        from tests.unit.core.audit.test_check import audit_of

        problems = audit_of(federation, "sending").problems
        assert any("that its log never had at 1" in problem for problem in problems)

    play(scenario)


def test_a_new_actor_of_the_peer_is_known_after_a_visit() -> None:
    """REC-8"""

    async def scenario(federation: Federation) -> None:
        act = ActorEnrolled(key=key("host/second").public.text, roles=("duty_officer",))
        await federation.say("host/authority", "actor/host/second", act)
        await federation.say("host/second", "site/s", SITE)
        await federation.sync()
        assert federation.node("sending").store.subject("site/s") is not None

    play(scenario)


def test_a_fresh_node_learns_the_whole_record_from_its_peer() -> None:
    """REC-5: a third party, or one that lost its disk, starts from nothing."""

    async def scenario(federation: Federation) -> None:
        await federation.say("host/duty_officer", "site/a", SITE)
        await federation.sync()
        fresh = MemoryStore()
        for party, card in federation.stores["host"].cards().items():
            fresh.put_card(party, card)
        federation.stores["sending"] = fresh
        empty = federation.start("sending")
        # Its own log is elsewhere, so it must not sign; but it reads what the host says.
        await sync.visit(empty, "host")
        assert empty.halted is not None

    play(scenario)


class OddWitness:
    """A peer's node whose witness answers what it likes."""

    def __init__(self, peers: Peers, status: int, body: bytes) -> None:
        self._peers, self._answer = peers, (status, body)

    async def add_checkpoint(self, *_: object) -> tuple[int, bytes]:
        return self._answer

    def __getattr__(self, name: str) -> object:
        return getattr(self._peers, name)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (409, b"many\n"),
        (409, b"-1\n"),
        (409, b"9" * 5_000),
        (409, "٣\n".encode()),
        (409, b"99999999\n"),
        (200, b"\xff\xfe"),
        (200, b""),
        (200, "— x AAAA\n".encode()),
        (404, b"who are you?\n"),
        (418, b"\x00"),
    ],
)
def test_whatever_a_peers_witness_answers_its_log_is_still_taken_in(status: int, body: bytes) -> None:
    """WIRE-40: a node that ends over an answer, or stops reading, could be silenced by the other side."""

    async def scenario(federation: Federation) -> None:
        host = federation.node("host")
        host.peers = OddWitness(host.peers, status, body)  # type: ignore[assignment]  # it hands the rest on
        await federation.say("host/duty_officer", "site/gate", SITE)
        await federation.say("sending/journey_manager", "movement/m1", MovementRequested(plan=PLAN))
        await sync.visit(host, "sending")
        assert (host.store.size("sending"), status_of(federation, "host", "sending") != "") == (
            federation.stores["sending"].size("sending"),
            True,
        )

    play(scenario)


def test_a_text_that_is_no_text_ends_nothing() -> None:
    """WIRE-40"""

    async def scenario(federation: Federation) -> None:
        garbage = b'{"name":"\xff"}'
        host = federation.node("host")
        proposal = forged_entry(
            "host/authority",
            AgreementProposed(digest=hashlib.sha256(garbage).hexdigest(), size=len(garbage)),
            subject="agreement",
            at=federation.clock.now(),
            agreement=host.memory.law.in_force() or "",
            after=host.memory.after(),
        )
        host.store.put_blob(hashlib.sha256(garbage).hexdigest(), garbage)
        append_rogue(host, [proposal])
        await sync.visit(federation.node("sending"), "host")
        assert "expected the text of an agreement" in status_of(federation, "sending", "host")

    play(scenario)


def test_a_shorter_history_than_the_one_we_hold_convicts_too() -> None:
    """LOG-56: what we have stored is the proof; the cheat need not help with its tiles."""

    async def scenario(federation: Federation) -> None:
        old = federation.stores["host"].copy()  # type: ignore[attr-defined]  # a store in memory
        for name in ("a", "b", "c"):
            await federation.say("host/duty_officer", f"site/{name}", SITE)
        await federation.sync()
        federation.stores["host"] = old
        federation.start("host")
        await federation.say("host/duty_officer", "site/d", SITE)
        sending = federation.node("sending")
        await sync.visit(sending, "host")
        ((_, _, evidence),) = sending.store.evidence()
        verify_equivocation(parse_equivocation(evidence), sending.memory.heads["host"].log_key)
        assert sending.statuses["host"].forked

    play(scenario)


def test_an_old_disk_is_no_second_history() -> None:
    """LOG-57"""

    async def scenario(federation: Federation) -> None:
        old = federation.stores["host"].copy()  # type: ignore[attr-defined]  # a store in memory
        await federation.say("host/duty_officer", "site/a", SITE)
        await federation.sync()
        federation.stores["host"] = old
        federation.start("host")
        sending = federation.node("sending")
        await sync.visit(sending, "host")
        assert (list(sending.store.evidence()), sending.statuses["host"].forked) == ([], False)
        assert "and has signed" in status_of(federation, "sending", "host")

    play(scenario)


def other_history(federation: Federation, number: int) -> bytes:
    """What the host's witness request would be for a history of its own making."""
    head = federation.node("host").memory.heads["host"]
    note = sign_checkpoint(head.origin, head.size, bytes([number]) * 32, keys_of("host").log).note
    return AddCheckpoint(head.size, (), note).encode()


def test_a_conviction_is_not_forgotten_at_a_restart() -> None:
    """LOG-54: the log shows its first history again, and gets no receipt for it."""

    async def scenario(federation: Federation) -> None:
        await federation.sync()
        await witness.witness(federation.node("sending"), other_history(federation, 1))
        sending = federation.start("sending")
        await federation.say("host/duty_officer", "site/a", SITE)
        before = sending.store.cosignature("host", "sending", "mirror")
        await sync.visit(sending, "host")
        assert (sending.statuses["host"].forked, sending.store.cosignature("host", "sending", "mirror")) == (
            True,
            before,
        )

    play(scenario)


def test_a_thousand_histories_fill_neither_our_disk_nor_our_record() -> None:
    """LOG-54: one is enough to convict."""

    async def scenario(federation: Federation) -> None:
        await federation.sync()
        sending = federation.node("sending")
        for number in range(20):
            await witness.witness(sending, other_history(federation, number))
        incidents = sending.store.subjects("incident/", before=None, limit=99)
        assert (len(sending.store.evidence()), len(incidents)) == (1, 1)

    play(scenario)


def test_what_a_log_signed_is_remembered_also_when_only_a_part_of_it_is_held() -> None:
    """LOG-54: an entry from the future keeps us from taking in the rest; then the log shows another rest."""

    async def scenario(federation: Federation) -> None:
        host, sending = federation.node("host"), federation.node("sending")
        before = federation.stores["host"].copy()  # type: ignore[attr-defined]  # a store in memory
        await federation.say("host/duty_officer", "site/a", SITE)
        ahead = forged_entry(
            "host/duty_officer",
            SITE,
            subject="site/b",
            at=federation.clock.now() + 2 * CLOCK_SKEW_MAX_MS,
            agreement=host.memory.law.in_force() or "",
            after=host.memory.after(),
        )
        append_rogue(host, [ahead])
        await sync.visit(sending, "host")
        held = sending.store.size("host")
        federation.stores["host"] = before
        federation.start("host")
        for name in ("c", "d"):
            await federation.say("host/duty_officer", f"site/{name}", SITE)
        await sync.visit(sending, "host")
        assert (held, sending.statuses["host"].forked) == (before.size("host") - 1, True)

    play(scenario)
