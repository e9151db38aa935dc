"""The demo's day in one process: its steps at the nodes of a federation, with the network between moments."""

from __future__ import annotations

import asyncio
import functools
from pathlib import Path

import safeconduct.core.agreement
from safeconduct.core.acts import ActorEnrolled, AgreementProposed, AgreementSigned, offer
from safeconduct.core.agreement import Terms, fill_template, read_folder, set_parameters
from safeconduct.core.disclosure import Content
from safeconduct.core.statement import encode
from safeconduct.edges.cli.demo.inquiry import Seen
from safeconduct.edges.cli.demo.roads import Drive, fastest, read_net
from safeconduct.edges.cli.demo.scenario import (
    AGREED,
    CAST,
    HOST,
    MOVEMENTS,
    SENDING,
    START,
    Again,
    Kill,
    Look,
    Open,
    Restart,
    Say,
    Seal,
    day,
    registered,
)
from safeconduct.edges.cli.demo.words import Words
from safeconduct.errors import EntryInvalid, Refused
from safeconduct.node import access, commands, orders, queries, sync
from safeconduct.node.packing import evidence_pack
from safeconduct.node.queries import MovementRow
from safeconduct.testing import StepClock, authority, keep_custody, open_as, seal_as
from safeconduct.testing.federation import Federation, card_of, key

_TEMPLATE = Path(safeconduct.core.agreement.__file__).parent / "template" / "host_sending"


def template_terms() -> Terms:
    files = {p.relative_to(_TEMPLATE).as_posix(): p.read_text("utf-8") for p in _TEMPLATE.rglob("*.yaml")}
    agreed = dict(number.split("=") for number in AGREED)
    return read_folder(set_parameters(fill_template(files, [card_of(HOST), card_of(SENDING)], "host-sending"), agreed))


def drive() -> Drive:
    net = read_net()
    return Drive(net, fastest(net, "terminal", "power_plant"))


class PastDay(StepClock):
    """A clock that says of itself that it plays a past day again."""

    is_replay = True


class Telling:
    """What came of the steps: refusals in turn, boards by step, and the federation as it ended."""

    def __init__(self) -> None:
        self.refused: list[tuple[str, str]] = []
        self.wanted: list[tuple[str, str]] = []
        self.boards: list[tuple[Look, MovementRow, MovementRow]] = []
        self.federation = Federation(clock=PastDay(START - 60_000))
        self._sent: dict[tuple[str, str], bytes] = {}
        self._down: set[str] = set()

    async def tell(self) -> Federation:
        words, way = Words("en"), drive()
        async with self.federation as federation:
            await self._agree()
            for step in (*registered(words, way), *day(words, way)):
                self._until(step.at)
                match step:
                    case Say():
                        await self._say(step)
                    case Again():
                        await self._again(step)
                    case Look():
                        host, sending = (
                            queries.movement(federation.node(p), authority(federation.node(p)), step.subject).row
                            for p in (HOST, SENDING)
                        )
                        self.boards.append((step, host, sending))
                    case Seal():
                        await self._seal(step, words)
                    case Open():
                        await self._open(step)
                    case Kill():
                        federation.links.cut = {(HOST, SENDING), (SENDING, HOST)}
                        self._down.add(step.party)
                    case Restart():
                        federation.links.cut = set()
                        self._down.clear()
                    case _:
                        pass
                await self._carry()
        return federation

    async def _seal(self, step: Seal, words: Words) -> None:
        await keep_custody(self.federation, 1)
        content = Content(text=words[step.text])
        await seal_as(self.federation, step.actor, step.subject, step.compartment, content)
        await self.federation.sync(1)
        await keep_custody(self.federation, 2)

    async def _open(self, step: Open) -> None:
        if step.refused is not None:
            self.wanted.append((step.actor, step.refused))
        else:
            self.federation.clock.advance(1_000)
            await keep_custody(self.federation, 3)
        node = self.federation.node(step.actor.split("/", 1)[0])
        view = orders.order(node, access.viewer(node, step.actor), step.subject)
        opens = view.opens_for_you.get(step.compartment)
        if opens is not None and opens > node.clock.now():
            # As the command says it, which is told of nothing sealed.
            self.refused.append((step.actor, "before_release"))
            return
        (sealing,) = view.sealings
        try:
            await open_as(self.federation, step.actor, step.subject, sealing.content)
        except Refused as refusal:
            self.refused.append((step.actor, refusal.code))

    async def _agree(self) -> None:
        terms = template_terms()
        for actor, roles in CAST.items():
            party = actor.split("/", 1)[0]
            act = ActorEnrolled(key=key(actor).public.text, roles=roles)
            await self.federation.say(f"{party}/authority", f"actor/{actor}", act)
        await self._carry()
        commands.put_text(self.federation.node(HOST), encode(terms))
        proposed = AgreementProposed(digest=terms.digest, size=len(encode(terms)))
        await self.federation.say(f"{HOST}/authority", "agreement", proposed)
        await self._carry()
        await self.federation.say(f"{SENDING}/authority", "agreement", AgreementSigned(digest=terms.digest))
        await self._carry()

    def _until(self, at: int) -> None:
        self.federation.clock.advance(max(0, at - self.federation.clock.now()))

    async def _carry(self) -> None:
        await self.federation.sync(2)
        self.federation.clock.advance(1_000)
        for party in (HOST, SENDING):
            if party not in self._down:
                await sync.say_receipts(self.federation.node(party))
        await self.federation.sync(1)

    async def _say(self, step: Say) -> None:
        party = step.actor.split("/", 1)[0]
        assert party not in self._down, step
        node = self.federation.node(party)
        envelope = offer(queries.standing(node), step.actor, key(step.actor), step.subject, step.act)
        self._sent[step.actor, step.subject] = envelope
        if step.refused is not None:
            self.wanted.append((step.actor, step.refused))
        try:
            await commands.say(node, envelope)
        except Refused as refusal:
            self.refused.append((step.actor, refusal.code))

    async def _again(self, step: Again) -> None:
        self.wanted.append((step.actor, "entry_invalid"))
        try:
            await commands.say(self.federation.node(step.actor.split("/", 1)[0]), self._sent[step.actor, step.subject])
        except EntryInvalid:
            self.refused.append((step.actor, "entry_invalid"))

    def seen(self) -> dict[str, Seen]:
        """What each node shows at the end."""
        nodes = {party: self.federation.node(party) for party in (HOST, SENDING)}
        return {
            party: Seen(
                queries.health(node),
                tuple(queries.logs(node)),
                tuple(queries.judgements(node, authority(node))),
                {subject: queries.movement(node, authority(node), subject) for subject in MOVEMENTS},
            )
            for party, node in nodes.items()
        }


def outage() -> tuple[int, int]:
    """From when to when the sending node was down."""
    steps = day(Words("en"), drive())
    killed, back = (next(s.at for s in steps if isinstance(s, kind)) for kind in (Kill, Restart))
    return killed, back


@functools.cache
def told() -> Telling:
    """The day, told once for all tests of this process."""
    telling = Telling()
    asyncio.run(telling.tell())
    return telling


def pack_of(party: str, subject: str) -> bytes:
    """The evidence pack of a movement at the end of the day."""
    return evidence_pack(told().federation.node(party), authority(told().federation.node(party)), subject)
