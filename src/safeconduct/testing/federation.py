"""Two or more whole nodes in one process: in-memory stores, a virtual clock, and a network that a test can break."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from safeconduct.core.acts import Act, ActorEnrolled, AgreementProposed, AgreementSigned, offer
from safeconduct.core.agreement import (
    Clause,
    Consent,
    Gap,
    GateItem,
    MovementTerms,
    Must,
    Never,
    NodeKeys,
    PartyTerms,
    Pattern,
    Role,
    Rule,
    Terms,
)
from safeconduct.core.identity import SigningKey
from safeconduct.core.log import KeyType, VerifierKey, decode_bundle
from safeconduct.core.statement import encode
from safeconduct.errors import NotFound, Unavailable
from safeconduct.node import access, append, commands, offering, queries, sync, witness
from safeconduct.node.access import Viewer
from safeconduct.node.append import Accepted
from safeconduct.node.node import Keys, Node
from safeconduct.node.ports import Clock, Store, Vault
from safeconduct.testing.memory import MemoryStore, MemoryVault, StepClock, settle

START = 1_728_172_800_000  # 2024-10-06T00:00:00Z


def key(name: str) -> SigningKey:
    """The key that tests know under a name: always the same one."""
    return SigningKey.from_seed(hashlib.sha256(f"safeconduct/testing/{name}".encode()).digest())


def keys_of(party: str) -> Keys:
    """A test party's node keys."""
    return Keys(*(key(f"{party}/{use}") for use in ("node", "log", "witness", "mirror")))


def card_of(party: str, url: str = "") -> PartyTerms:
    """A test party's card."""
    keys = keys_of(party)
    name = f"{party}.example"
    return PartyTerms(
        id=party,
        name={"en": party.capitalize()},
        root=key(f"{party}/authority").public.text,
        node=NodeKeys(
            url=url or f"http://{party}.example",
            node=keys.node.public.text,
            log=VerifierKey(f"{name}/log", KeyType.ED25519, keys.log.public).text,
            witness=VerifierKey(f"{name}/witness", KeyType.COSIGNATURE_V1, keys.witness.public).text,
            mirror=VerifierKey(f"{name}/mirror", KeyType.COSIGNATURE_V1, keys.mirror.public).text,
        ),
    )


def authority(node: Node) -> Viewer:
    """Whoever is shown everything that a node holds."""
    return access.viewer(node, f"{node.party}/authority")


HOST_ROLES = {
    "duty_officer": (
        "movement.approved",
        "movement.refused",
        "movement.attested",
        "movement.acknowledged",
        "movement.relayed",
        "site.registered",
    ),
    "escort_lead": (
        "movement.departed",
        "movement.checked_in",
        "movement.arrived",
        "movement.aborted",
        "movement.attested",
    ),
    "unit": ("movement.acknowledged",),
}
SENDING_ROLES = {
    "journey_manager": (
        "movement.requested",
        "movement.changed",
        "movement.cancelled",
        "movement.closed",
        "movement.attested",
        "group.registered",
        "person.registered",
    ),
    "approver": ("movement.approved", "movement.refused"),
    "security_manager": ("movement.excepted",),
}


_ASKED = Pattern(event="movement.requested")

# Who owes it, and the rule.
FOUR_RULES = (
    (
        "journey_manager",
        Rule(
            for_each="movement",
            when=_ASKED,
            must=Must(event="movement.requested", received_by="host", due="plan.earliest - PT24H"),
        ),
    ),
    (
        "escort_lead",
        Rule(
            for_each="movement",
            when=_ASKED,
            never=Never(event="movement.departed", effect="any", where="movement.unapproved.size() > 0"),
        ),
    ),
    (
        "escort_lead",
        Rule(
            for_each="movement",
            when=Pattern(event="movement.departed"),
            gap=Gap(event="movement.checked_in", at_most="PT15M", until=Pattern(event="movement.arrived")),
            unless=(Pattern(event="movement.aborted"),),
            grace="PT2M",
        ),
    ),
    (
        "journey_manager",
        Rule(
            for_each="movement",
            when=Pattern(event="movement.arrived"),
            must=Must(event="movement.closed", due="trigger + PT12H"),
        ),
    ),
)


def small_terms(
    cards: Iterable[PartyTerms], *, version: int = 1, previous: str | None = None, **changed: object
) -> Terms:
    """A small agreement between `host` and `sending` with the four judged clauses."""
    hour = {"en": "text"}

    def clause(number: int, owed_by: str, rule: object) -> Clause:
        return Clause(
            id=f"T-{number}",
            title=hour,
            text=hour,
            owed_by=owed_by,
            owed_to="duty_officer",
            severity="major",
            evidence="statement and receipt",
            source="parameter to agree",
            rule=rule,  # type: ignore[arg-type]  # one of the rules
        )

    parts: dict[str, object] = {
        "name": "test",
        "version": version,
        "previous": previous,
        "title": {"en": "Test agreement"},
        "languages": ("en",),
        "parties": tuple(cards),
        "roles": tuple(
            Role(id=role, party=party, name={"en": role}, may=may)
            for party, roles in (("host", HOST_ROLES), ("sending", SENDING_ROLES))
            for role, may in roles.items()
        ),
        "movement": MovementTerms(
            consent=(
                Consent(party="host", parts=("route", "timing", "people", "escort")),
                Consent(party="sending", parts=("timing", "people")),
            ),
            notice_chain=("duty_officer", "unit"),
            drift="PT10M",
            review_before="PT1H",
            ready_gate=(
                GateItem(id="approvals", name={"en": "approvals"}, check="approvals"),
                GateItem(id="heads", name={"en": "heads"}, check="heads", by=("escort_lead", "journey_manager")),
                GateItem(id="radio", name={"en": "radio"}, check="attested", by=("escort_lead",)),
                GateItem(
                    id="sweep",
                    name={"en": "sweep"},
                    check="attested",
                    by=("duty_officer",),
                    valid_for="PT30M",
                    exception_by="security_manager",
                ),
            ),
        ),
        "clauses": (*(clause(number, owed_by, rule) for number, (owed_by, rule) in enumerate(FOUR_RULES, 1)),),
    }
    return Terms(**{**parts, **changed})  # type: ignore[arg-type]  # tests change single parts


@dataclass(slots=True)
class Links:
    """Which nodes reach which, and what a test does to what passes.

    cut: pairs (from, to) that are down. tamper: called with (from, to, what, answer) and returns what arrives.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    cut: set[tuple[str, str]] = field(default_factory=set)
    tamper: Callable[[str, str, str, object], object] | None = None

    def reach(self, source: str, target: str) -> Node:
        if (source, target) in self.cut or target not in self.nodes:
            raise Unavailable(f"{target} cannot be reached from {source}")
        return self.nodes[target]


class DirectPeers:
    """The Peers port over function calls in one process."""

    def __init__(self, party: str, links: Links) -> None:
        self._party, self._links = party, links

    def _pass(self, peer: str, what: str, answer: object) -> object:
        return self._links.tamper(self._party, peer, what, answer) if self._links.tamper else answer

    async def checkpoint(self, peer: str, log: str) -> bytes | None:
        node = self._links.reach(self._party, peer)
        await asyncio.sleep(0)
        try:
            return self._pass(peer, "checkpoint", queries.checkpoint(node, log))  # type: ignore[return-value]
        except NotFound:
            return None

    async def entries(self, peer: str, log: str, n: int, width: int) -> list[bytes]:
        node = self._links.reach(self._party, peer)
        await asyncio.sleep(0)
        data = decode_bundle(queries.bundle(node, log, n, width), width)
        return self._pass(peer, "entries", data)  # type: ignore[return-value]

    async def tile(self, peer: str, log: str, level: int, n: int, width: int) -> bytes:
        node = self._links.reach(self._party, peer)
        await asyncio.sleep(0)
        return self._pass(peer, "tile", queries.tile(node, log, level, n, width))  # type: ignore[return-value]

    async def blob(self, peer: str, digest: str) -> bytes:
        node = self._links.reach(self._party, peer)
        await asyncio.sleep(0)
        return self._pass(peer, "blob", queries.blob(node, digest))  # type: ignore[return-value]

    async def add_checkpoint(self, peer: str, body: bytes) -> tuple[int, bytes]:
        node = self._links.reach(self._party, peer)
        answer = await witness.witness(node, body)
        return answer.status, answer.body

    async def give_receipt(self, peer: str, note: bytes) -> None:
        node = self._links.reach(self._party, peer)
        await asyncio.sleep(0)
        await offering.take_receipt(node, self._party, note)


class Federation:
    """Nodes of test parties, set up and driven by hand: `say` for actors, `sync` for the network."""

    def __init__(
        self,
        parties: tuple[str, ...] = ("host", "sending"),
        *,
        clock: StepClock | None = None,
        stores: dict[str, Store] | None = None,
    ) -> None:
        self.clock = clock if clock is not None else StepClock(START)
        self.links = Links()
        self.stores: dict[str, Store] = stores if stores is not None else {party: MemoryStore() for party in parties}
        self.vaults: dict[str, Vault] = {party: MemoryVault(party) for party in self.stores}
        self.cards = {party: card_of(party) for party in parties}
        self._writers: list[asyncio.Task[None]] = []
        for party in parties:
            for other in parties:
                self.stores[party].put_card(other, encode(self.cards[other]))

    async def __aenter__(self) -> Federation:
        for party in self.stores:
            self.start(party)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._writers:
            task.cancel()
        await asyncio.gather(*self._writers, return_exceptions=True)

    def start(self, party: str, *, clock: Clock | None = None) -> Node:
        """Start (or start again) a node on its store."""
        node = Node(
            party=party,
            keys=keys_of(party),
            store=self.stores[party],
            vault=self.vaults[party],
            peers=DirectPeers(party, self.links),
            clock=clock if clock is not None else self.clock,
        )
        self.links.nodes[party] = node
        self._writers.append(asyncio.create_task(append.write_forever(node)))
        return node

    def node(self, party: str) -> Node:
        return self.links.nodes[party]

    async def say(self, actor: str, subject: str, act: Act) -> Accepted:
        """Say an act as an actor at its own party's node, now."""
        node = self.node(actor.split("/", 1)[0])
        return await commands.say(node, offer(queries.standing(node), actor, key(actor), subject, act))

    async def sync(self, rounds: int = 3) -> None:
        """Let every node visit every peer, a few times."""
        for _ in range(rounds):
            for node in list(self.links.nodes.values()):
                for peer in node.peer_ids:
                    await sync.visit(node, peer)
            await settle()

    async def agree(self, terms: Terms | None = None) -> Terms:
        """Enrol one actor for each role and bring an agreement into force."""
        text = terms if terms is not None else small_terms(self.cards.values())
        for role in text.roles:
            act = ActorEnrolled(key=key(f"{role.party}/{role.id}").public.text, roles=(role.id,))
            await self.say(f"{role.party}/authority", f"actor/{role.party}/{role.id}", act)
        first, *others = (party.id for party in text.parties)
        commands.put_text(self.node(first), encode(text))
        await self.say(f"{first}/authority", "agreement", AgreementProposed(digest=text.digest, size=len(encode(text))))
        await self.sync()
        for party in others:
            await self.say(f"{party}/authority", "agreement", AgreementSigned(digest=text.digest))
            await self.sync()
        return text
