"""Copies between test parties: an agreement with slots, people who read with their own keys, a leak, its panel."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from safeconduct.core.acts import (
    ActorEnrolled,
    CompartmentSealed,
    CopyReceived,
    LeakFound,
    MovementApproved,
    MovementRequested,
    ReaderPublished,
    SeedAsked,
    Slot,
    SlotList,
    SlotsProposed,
    SlotsSigned,
    Value,
)
from safeconduct.core.agreement import Canaries, PartyTerms, Terms
from safeconduct.core.disclosure import Content, merge, open_half, receipt
from safeconduct.core.sealing import SealingKey
from safeconduct.core.statement import digest
from safeconduct.node import access, copies
from safeconduct.node.access import Viewer
from safeconduct.testing.federation import Federation, key
from safeconduct.testing.memory import settle
from safeconduct.testing.sealing import COMPARTMENTS, keep_custody, seal_as, sealing_terms
from safeconduct.testing.story import HOUR, small_plan

CANARIES = Canaries(
    compartments=("rendezvous",),
    panel=("duty_officer", "security_manager"),
    bound=6,
    looks=1,
    observed=45,
    predictable=45,
    leaked_by_one=5,
    leaked_by_two=5,
)
TEMPLATE = "Report {host_0}, {host_1}, {host_2}; then {sending_0}, {sending_1} and {sending_2}."
_MORE = {
    "duty_officer": ("slots.proposed", "slots.signed", "leak.found", "seed.asked", "trace.stated"),
    "security_manager": ("leak.found", "seed.asked", "trace.stated"),
    "journey_manager": ("slots.proposed", "slots.signed"),
}
_COLOURS = ("red", "blue", "green", "amber", "black", "white", "brown", "violet")


_OPEN_EARLY = tuple(
    msgspec.structs.replace(
        compartment,
        releases=tuple(
            msgspec.structs.replace(release, opens="plan.earliest - P2D") if release.grade == "exact" else release
            for release in compartment.releases
        ),
    )
    for compartment in COMPARTMENTS
)


def copies_terms(cards: Iterable[PartyTerms], **changed: object) -> Terms:
    """The agreement with compartments, whose rendezvous may name slots and opens in full with the approval."""
    return with_canaries(sealing_terms(cards), **changed)


def with_canaries(terms: Terms, **changed: object) -> Terms:
    """An agreement with these compartments whose rendezvous may name slots and opens in full with the approval."""
    roles = tuple(msgspec.structs.replace(role, may=(*role.may, *_MORE.get(role.id, ()))) for role in terms.roles)
    parts: dict[str, object] = {"roles": roles, "compartments": _OPEN_EARLY, "canaries": CANARIES, **changed}
    return msgspec.structs.replace(terms, **parts)


def slot_list(hands: Iterable[str] = ("host", "sending"), slots: int = 3) -> SlotList:
    """So many slots in each hand, of eight values each."""
    return SlotList(
        slots=tuple(
            Slot(
                id=f"{hand}_{number}",
                party=hand,
                values=tuple(
                    Value(said={"en": (f"{colour} {hand} {number}", f"{hand} {number} is {colour}")})
                    for colour in _COLOURS
                ),
            )
            for hand in hands
            for number in range(slots)
        ),
        signers={"host": "duty_officer", "sending": "journey_manager"},
    )


@dataclass(frozen=True, slots=True)
class Desks:
    """A federation whose people have reading keys. slots: the list that all have signed."""

    federation: Federation
    slots: SlotList

    @classmethod
    async def open(cls, federation: Federation, people: int = 4, terms: Terms | None = None) -> Desks:
        """Agreed and signed; so many readers, half of each party, who are due the rendezvous."""
        desks = cls(federation, slot_list())
        await federation.agree(terms if terms is not None else copies_terms(federation.cards.values()))
        await keep_custody(federation, 1)
        for number in range(people):
            party, role = (("host", "escort_lead"), ("sending", "approver"))[number % 2]
            actor = f"{party}/reader-{number}"
            enrolled = ActorEnrolled(key=key(actor).public.text, roles=(role,))
            await federation.say(f"{party}/authority", f"actor/{actor}", enrolled)
            await federation.say(actor, f"actor/{actor}", ReaderPublished(key=reading_key(actor).public.text))
        await federation.say("host/duty_officer", "slots", SlotsProposed(list=desks.slots))
        await federation.sync()
        await federation.say("sending/journey_manager", "slots", SlotsSigned(slots=desks.slots.digest))
        await federation.sync()
        return desks

    def readers(self) -> Mapping[str, str]:
        """Key id → actor, of everybody with a reading key."""
        law = self.federation.node("host").memory.law
        found = ((law.reader(actor), actor) for actor in sorted(law.members()))
        return {key_id: actor for key_id, actor in found if key_id is not None}

    async def request(self, order: str = "m1") -> str:
        """A movement that is asked for and approved, its rendezvous sealed with slots. Returns the content's digest."""
        subject = f"movement/{order}"
        await self.federation.say("sending/journey_manager", subject, MovementRequested(plan=small_plan()))
        await self.federation.sync()
        await seal_as(
            self.federation,
            "sending/journey_manager",
            subject,
            "rendezvous",
            Content(text=TEMPLATE),
            change=self.with_slots,
        )
        for actor in ("host/duty_officer", "sending/approver"):
            await self.federation.say(actor, subject, MovementApproved(plan=digest(small_plan())))
        await self.federation.sync()
        await keep_custody(self.federation)
        state = self.federation.node("host").store.subject(subject)
        assert state is not None
        content: str = next(iter(msgspec.json.decode(state.state)["sealings"]))
        return content

    def with_slots(self, act: CompartmentSealed) -> CompartmentSealed:
        """The statement as an author's machine makes it when the words name slots."""
        return msgspec.structs.replace(act, slots=self.slots.digest)

    async def deliver(self, order: str = "m1") -> str:
        """The movement with its copies made and delivered. Returns the content's digest."""
        content = await self.request(order)
        await keep_copies(self.federation)
        return content

    async def receive(self, actor: str, content: str, order: str = "m1") -> str:
        """The actor's machine merges its copy and says so. Returns the copy."""
        text = opened_copy(self.federation, actor, order)
        recipient = reading_key(actor).public.key_id
        salt = hashlib.sha256(f"salt {actor} {order}".encode()).digest()
        act = CopyReceived(content=content, recipient=recipient, receipt=receipt(order, recipient, salt, text))
        await self.federation.say(actor, f"copies/{order}", act)
        return text

    async def find(self, text: str, *orders: str, leak: str = "l1", by: str = "host/duty_officer") -> None:
        """The text is found and logged for these orders, and both parties' panels ask about it."""
        now = self.federation.clock.now()
        evidence = hashlib.sha256(text.encode()).hexdigest()
        for order in orders:
            act = LeakFound(leak=leak, evidence=evidence, found_at=now, found_by="a duty officer, in a group chat")
            await self.federation.say(by, f"copies/{order}", act)
        await self.federation.sync()
        await self.ask(*orders, leak=leak)

    async def ask(self, *orders: str, leak: str = "l1") -> None:
        """Both parties' panels ask for the seeds."""
        for order in orders:
            for actor in ("host/duty_officer", "sending/security_manager"):
                await self.federation.say(actor, f"copies/{order}", SeedAsked(leak=leak, reason="found in a chat"))
        await self.federation.sync()


PANEL = Viewer("host/duty_officer", ("duty_officer",))
OTHER_PANEL = Viewer("sending/security_manager", ("security_manager",))


def reading_key(actor: str) -> SealingKey:
    """The key that an actor's machine reads with: always the same one."""
    return SealingKey.from_seed(hashlib.sha256(f"reading {actor}".encode()).digest())


def opened_copy(federation: Federation, actor: str, order: str = "m1", template: str = TEMPLATE) -> str:
    """What an actor's machine merges from the halves that its node gives it."""
    node = federation.node(actor.split("/", 1)[0])
    view = copies.own_copy(node, access.viewer(node, actor), f"copies/{order}")
    mine = reading_key(actor)
    halves = [open_half(hand.sealed or b"", view.slots, order, hand.party, mine) for hand in view.hands]
    return merge(template, view.slots, halves, "en")


async def keep_copies(federation: Federation, rounds: int = 6) -> None:
    """Let every node do with copies what it does by itself, and the network carry it; two seconds pass each time."""
    for _ in range(rounds):
        federation.clock.advance(HOUR // 1_800)
        for node in list(federation.links.nodes.values()):
            node.copies_at = 0
            await copies.keep_copies(node)
        await federation.sync(2)
        await settle()
