"""The JSON API (docs/spec/wire.md, section 5): one route for each thing a person can ask of the node or do there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal

from litestar import MediaType, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, PathParameter, QueryParameter, SkipValidation
from litestar.response import Stream

from safeconduct.core.acts import Standing
from safeconduct.core.agreement import Finding
from safeconduct.core.disclosure import Case, Result
from safeconduct.core.statement import ENTRY_BYTES_MAX, INTEGER_MAX
from safeconduct.edges.http.answers import (
    Agreement,
    Card,
    Entry,
    Evidence,
    PassingKey,
    Proposal,
    SessionLink,
    Text,
    read_check,
    read_item,
    read_passing,
    read_sealing,
    read_texts,
)
from safeconduct.edges.http.events import Events, health_now
from safeconduct.edges.http.gate import AnyRequest, Connection, Gate, read_body
from safeconduct.edges.http.limits import CARD_BYTES_MAX, EMPTY_BODY_BYTES_MAX, ITEM_CHECK_BYTES_MAX, SEALING_BYTES_MAX
from safeconduct.edges.http.refusals import Failure
from safeconduct.edges.http.statements import statements_route
from safeconduct.errors import InputInvalid
from safeconduct.node import (
    access,
    commands,
    compliance,
    copies,
    dossiers,
    holdings,
    items,
    knowing,
    marks,
    orders,
    packing,
    press,
    proving,
    queries,
    reasons,
    twins,
)
from safeconduct.node.access import Viewer
from safeconduct.node.append import Accepted
from safeconduct.node.compliance import CompliancePage
from safeconduct.node.copies import CopyView, LeakView, ListView
from safeconduct.node.dossiers import OpenedDossier, PersonPage
from safeconduct.node.holdings import HoldersPage, ItemPage, ItemRow
from safeconduct.node.items import ItemOpening
from safeconduct.node.knowing import Fact, Inquiry
from safeconduct.node.limits import BLOB_BYTES_MAX, FACTS_MAX, PAGE_MAX, TRACE_BYTES_MAX
from safeconduct.node.marks import MarkView
from safeconduct.node.node import Node
from safeconduct.node.orders import Opened, OrderView, SealingKeys
from safeconduct.node.press import ReleaseView
from safeconduct.node.queries import (
    Actor,
    LogPage,
    MovementPage,
    MovementRow,
    NodeHealth,
    PeerJudgement,
    Registered,
    Relation,
)
from safeconduct.node.twins import CheckFound

_PACK = "application/vnd.safeconduct.pack+json"
_REQUEST = "application/vnd.safeconduct.glass-request+json"


@dataclass(frozen=True, slots=True)
class Api:
    """What every route here needs. address_of: under which URL this node was asked, from the request's Host."""

    node: Node
    gate: Gate
    events: Events
    address_of: Callable[[str], str]


_Api = NamedDependency[SkipValidation[Api]]
# Who asks, as the guard has found out.
_Viewer = NamedDependency[SkipValidation[Viewer]]
_Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_MAX, description=f"at most so many, 1 to {PAGE_MAX}")]
_Start = Annotated[int, QueryParameter(ge=0, le=INTEGER_MAX)]
_Kind = Annotated[str, QueryParameter(pattern="^[a-z]{0,20}$", description="kind of subject, all if empty")]
_Before = Annotated[int | None, QueryParameter(ge=0, le=INTEGER_MAX, description="milliseconds since 1970 UTC")]
_FACT = re.compile(r"([a-z0-9][a-z0-9._-]{0,63})/([a-z][a-z0-9_]{0,39})(?:@([0-9]{1,16}))?", re.ASCII)
_Facts = Annotated[str, QueryParameter(max_length=10_000, description="movement/compartment[@milliseconds], by commas")]
_Since = Annotated[
    int,
    QueryParameter(name="from", ge=0, le=INTEGER_MAX, description="begin of the period, milliseconds since 1970 UTC"),
]
_Until = Annotated[
    int, QueryParameter(name="to", ge=0, le=INTEGER_MAX, description="its end, which is not in it, milliseconds")
]
_Digest = Annotated[str, PathParameter(pattern="^[0-9a-f]{64}$")]
_REFUSALS = {
    status: ResponseSpec(Failure, description=description, generate_examples=False)
    for status, description in {
        400: "not as it must be",
        401: "who asks has not proved who it is",
        403: "who asks may not do or see this",
        404: "no such thing here",
        503: "not now; trying again may help",
    }.items()
}
_do = partial(post, status_code=200, tags=["do"], responses=_REFUSALS)
_ask = partial(get, tags=["ask"], responses=_REFUSALS)


def api_routes(api: Api) -> Router:
    """The routes, for the assembly to serve."""

    def require_viewer(connection: Connection, handler: BaseRouteHandler) -> None:  # noqa: ARG001, as Litestar calls it
        # A signed request may be checked once.
        connection.state.viewer = api.gate.current_viewer(connection)

    def viewer_of(request: AnyRequest) -> Viewer:
        viewer: Viewer = request.state.viewer
        return viewer

    asking = [
        *(
            health,
            standing,
            board,
            movement,
            pack,
            findings,
            findings_of_one,
            compliance_of_period,
            judgements,
            relation,
            logs,
            entries,
            statement,
            proof,
            person,
        ),
        *(agreement, text, cards, actors, register, evidence, events, order, glass_request, sealing_keys, knew),
        *(list_marks, one_mark, list_items, one_item, item_holders, list_releases, one_release),
        *(slot_lists, own_copy, leaks, leak_case),
    ]
    # INVARIANT (nobody-unasked): a route that only looks is below a guard, so that a new one cannot forget it.
    guarded = Router(
        path="/",
        route_handlers=asking,
        guards=[require_viewer],
        dependencies={"viewer": Provide(viewer_of, sync_to_thread=False)},
    )
    return Router(
        path="/v1",
        route_handlers=[
            *(statements_route(api.node), seal, open_, keep_dossier, show_dossier),
            *(share_item, open_item, item_key, check_item),
            *(put_text, put_card, begin_session, trace_leak, guarded),
        ],
        # It says who travels where.
        response_headers={"cache-control": "no-store"},
        dependencies={"api": Provide(lambda: api, sync_to_thread=False)},
    )


# --- what changes something: signed by an actor's key, a session is not enough ----------------------------------------


@_do("/sealings")
async def seal(request: AnyRequest, api: _Api) -> Accepted:
    """Seal a compartment: the statement that an actor of this party has signed, and what it names by digest."""
    body = await read_body(request.receive, SEALING_BYTES_MAX)
    api.gate.signer(request, body)
    given = read_sealing(body)
    return await orders.seal_compartment(api.node, bytes(given.statement), given.ciphertext, given.escrow)


@_do("/openings")
async def open_(request: AnyRequest, api: _Api) -> Opened:
    """Open a compartment: log the statement that the asking actor has signed, and answer with what it says."""
    body = await read_body(request.receive, ENTRY_BYTES_MAX)
    return await orders.open_compartment(api.node, api.gate.signer(request, body), body)


@_do("/dossiers")
async def keep_dossier(request: AnyRequest, api: _Api) -> Accepted:
    """Keep a person's dossier: the statement that an actor of this party has signed, and the ciphertext it names."""
    body = await read_body(request.receive, SEALING_BYTES_MAX)
    api.gate.signer(request, body)
    given = read_sealing(body)
    return await dossiers.keep_dossier(api.node, bytes(given.statement), given.ciphertext)


@_do("/dossiers/openings")
async def show_dossier(request: AnyRequest, api: _Api) -> OpenedDossier:
    """Open a dossier: log the statement that the asking actor has signed, and answer with what it says."""
    body = await read_body(request.receive, ENTRY_BYTES_MAX)
    return await dossiers.show_dossier(api.node, api.gate.signer(request, body), body)


@_do("/items")
async def share_item(request: AnyRequest, api: _Api) -> Accepted:
    """Share an item: the statement that an actor of this party has signed, and the ciphertext that it names."""
    body = await read_body(request.receive, SEALING_BYTES_MAX)
    api.gate.signer(request, body)
    given = read_item(body)
    return await items.share_item(api.node, bytes(given.statement), given.ciphertext)


@_do("/item-openings")
async def open_item(request: AnyRequest, api: _Api) -> ItemOpening:
    """Open an item: log the statement that the asking actor has signed, and answer with what it says."""
    body = await read_body(request.receive, ENTRY_BYTES_MAX)
    return await items.open_shared(api.node, api.gate.signer(request, body), body)


@_do("/item-keys")
async def item_key(request: AnyRequest, api: _Api) -> PassingKey:
    """What the asking actor says when it passes an item on: the key for the new recipient's node, or none needed."""
    body = await read_body(request.receive, EMPTY_BODY_BYTES_MAX)
    viewer = api.gate.signer(request, body)
    asked = read_passing(body)
    return PassingKey(key=items.key_for_passing(api.node, viewer, asked.item, asked.to))


@_do("/item-checks")
async def check_item(request: AnyRequest, api: _Api) -> CheckFound:
    """What leads from a sanitised item to its source, by what its receivers hold. Nothing is shared by asking."""
    body = await read_body(request.receive, ITEM_CHECK_BYTES_MAX)
    viewer = api.gate.signer(request, body)
    return await twins.check_item(api.node, viewer, read_check(body))


@_do("/texts")
async def put_text(request: AnyRequest, api: _Api) -> Text:
    """Give this node the text of an agreement (its canonical bytes), before it is proposed. For the authority."""
    body = await read_body(request.receive, BLOB_BYTES_MAX)
    access.require_authority(api.gate.signer(request, body))
    return Text(commands.put_text(api.node, body))


@_do("/cards")
async def put_card(request: AnyRequest, api: _Api) -> Card:
    """Pin another party's card (its canonical bytes), once people have compared its fingerprint. For the authority."""
    body = await read_body(request.receive, CARD_BYTES_MAX)
    access.require_authority(api.gate.signer(request, body))
    # Pinning reads everything anew, which must not fall between a batch and its place on the disk.
    async with api.node.writing:
        card = commands.pin_card(api.node, body)
    return Card(card=card, fingerprint=commands.fingerprint(card))


@_do("/sessions")
async def begin_session(request: AnyRequest, api: _Api) -> SessionLink:
    """A link with which the browser of whoever signed this request may look at the console, once and soon."""
    viewer = api.gate.signer(request, await read_body(request.receive, EMPTY_BODY_BYTES_MAX))
    code, expires = api.gate.sessions.offer(viewer.actor)
    return SessionLink(f"{api.address_of(request.headers.get('host', ''))}/enter?code={code}", expires)


@_do("/leaks/{leak:str}/trace")
async def trace_leak(request: AnyRequest, api: _Api, leak: FromPath[str]) -> Result:
    """Score leaked texts by the copies that the opened seeds give. They are kept nowhere. For the joint panel."""
    body = await read_body(request.receive, TRACE_BYTES_MAX)
    viewer = api.gate.signer(request, body)
    return copies.traced(api.node, viewer, leak, list(read_texts(body)))


# --- how it stands ----------------------------------------------------------------------------------------------------


@_ask("/health")
async def health(api: _Api) -> NodeHealth:
    """How this node is, with the digest of everything it knows: two nodes that agree have the same one."""
    return await health_now(api.node)


@_ask("/standing")
async def standing(api: _Api) -> Standing:
    """What an actor's machine needs in order to draft a statement."""
    return queries.standing(api.node)


@_ask("/logs")
async def logs(api: _Api) -> list[LogPage]:
    """Every log that this node holds, its own first, with who has it."""
    return queries.logs(api.node)


@_ask("/events", media_type="text/event-stream")
async def events(request: AnyRequest, api: _Api) -> Stream:
    """Server-sent events: `changed` with the node's health at once and whenever something has changed."""
    api.events.require_room()
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return Stream(
        api.events.stream(lambda: api.gate.current_viewer(request)), media_type="text/event-stream", headers=headers
    )


# --- the record -------------------------------------------------------------------------------------------------------


@_ask("/movements")
async def board(api: _Api, viewer: _Viewer, before: _Before = None, limit: _Limit = 100) -> list[MovementRow]:
    """Movements by the opening of their window, latest first. before: only those that open earlier, milliseconds."""
    return queries.board(api.node, viewer, before=before, limit=limit)


@_ask("/movements/{movement_id:str}")
async def movement(api: _Api, viewer: _Viewer, movement_id: FromPath[str]) -> MovementPage:
    """One movement with its gate, its notice chain, its findings and its history."""
    return queries.movement(api.node, viewer, f"movement/{movement_id}")


@_ask("/movements/{movement_id:str}/pack", media_type=_PACK)
async def pack(request: AnyRequest, api: _Api, viewer: _Viewer, movement_id: FromPath[str]) -> Response[bytes]:
    """The evidence pack of a movement, to be checked without any node. For auditors and the authority."""
    reasons.require_looker(api.node, viewer, "pack")
    api.gate.require_fresh(request)
    reasons.require_reason(api.node, viewer, "pack", [f"movement/{movement_id}"])
    async with api.node.writing:
        data = packing.evidence_pack(api.node, viewer, f"movement/{movement_id}")
    return _file(data, _PACK, f"{movement_id}.pack.json")


@_ask("/movements/{movement_id:str}/order")
async def order(api: _Api, viewer: _Viewer, movement_id: FromPath[str]) -> OrderView:
    """What whoever asks may know of what is sealed of a movement. Never what it says."""
    return orders.order(api.node, viewer, f"movement/{movement_id}")


@_ask("/movements/{movement_id:str}/glass/{digest:str}/{party:str}", media_type=_REQUEST)
async def glass_request(
    api: _Api, viewer: _Viewer, movement_id: FromPath[str], digest: _Digest, party: FromPath[str]
) -> Response[bytes]:
    """The request to the officers for the share of a silent party, once enough have asked. digest: of the content."""
    async with api.node.writing:
        data = packing.glass_request(api.node, viewer, f"movement/{movement_id}", digest, party)
    return _file(data, _REQUEST, f"{movement_id}.request.json")


@_ask("/sealing-keys")
async def sealing_keys(api: _Api) -> list[SealingKeys]:
    """For every party the keys that content may be sealed to, with the moment at which each is destroyed."""
    return orders.sealing_keys(api.node)


@_ask("/slots")
async def slot_lists(api: _Api, viewer: _Viewer) -> list[ListView]:
    """Slot lists, for whoever signs them, writes by them, or traces leaks, and for auditors."""
    return copies.slot_lists(api.node, viewer)


@_ask("/movements/{movement_id:str}/copy")
async def own_copy(api: _Api, viewer: _Viewer, movement_id: FromPath[str]) -> CopyView:
    """The halves of your own copy, sealed to your reading key. Nobody else's."""
    return copies.own_copy(api.node, viewer, f"copies/{movement_id}")


@_ask("/leaks")
async def leaks(api: _Api, viewer: _Viewer) -> list[LeakView]:
    """Leaks that are on record, for the joint panel and for auditors."""
    return copies.leaks(api.node, viewer)


@_ask("/leaks/{leak:str}")
async def leak_case(api: _Api, viewer: _Viewer, leak: FromPath[str]) -> Case:
    """A leak as the record has it: which orders count, and the opened seeds. For the joint panel's machines."""
    return copies.case(api.node, viewer, leak)


@_ask("/marks")
async def list_marks(api: _Api, viewer: _Viewer) -> list[MarkView]:
    """The sealed marks that the asking actor is told of, those touched last first; what they say where it is shown."""
    return marks.marks(api.node, viewer)


@_ask("/marks/{mark_id:str}")
async def one_mark(api: _Api, viewer: _Viewer, mark_id: FromPath[str]) -> MarkView:
    """One sealed mark. A mark that the asking actor is not told of is not there."""
    return marks.mark(api.node, viewer, f"mark/{mark_id}")


@_ask("/knew")
async def knew(request: AnyRequest, api: _Api, viewer: _Viewer, facts: _Facts) -> Inquiry:
    """Who could have known sealed parts of orders, each before its moment, and who several. Never what they say.

    For auditors and the authority.
    """
    texts = facts.split(",")
    if len(texts) > FACTS_MAX:
        raise InputInvalid(f"expected at most {FACTS_MAX} facts, got {len(texts)}")
    asked = [_fact(text) for text in texts]
    reasons.require_looker(api.node, viewer, "knew")
    api.gate.require_fresh(request)
    reasons.require_reason(api.node, viewer, "knew", [fact.subject for fact in asked])
    return knowing.inquire(api.node, viewer, asked)


def _fact(text: str) -> Fact:
    found = _FACT.fullmatch(text)
    if found is None or int(found[3] or 0) > INTEGER_MAX:
        raise InputInvalid(f"expected a fact such as m1/rendezvous or m1/rendezvous@1800050580000, got {text[:60]!r}")
    before = int(found[3]) if found[3] is not None else None
    return Fact(subject=f"movement/{found[1]}", compartment=found[2], before=before)


@_ask("/items")
async def list_items(api: _Api, viewer: _Viewer, limit: _Limit = PAGE_MAX) -> list[ItemRow]:
    """The items that concern whoever asks, those last spoken of first. Never what they say."""
    return holdings.list_items(api.node, viewer, limit=limit)


@_ask("/items/{item_id:str}")
async def one_item(api: _Api, viewer: _Viewer, item_id: FromPath[str]) -> ItemPage:
    """One item that concerns whoever asks: its terms and how it stands. Never what it says."""
    return holdings.one_item(api.node, viewer, f"item/{item_id}")


@_ask("/items/{item_id:str}/holders")
async def item_holders(api: _Api, viewer: _Viewer, item_id: FromPath[str]) -> HoldersPage:
    """Who holds an item, who opened it when, who has confirmed its recall, and what was made from it."""
    return holdings.holders(api.node, viewer, f"item/{item_id}")


@_ask("/releases")
async def list_releases(api: _Api, viewer: _Viewer, limit: _Limit = PAGE_MAX) -> list[ReleaseView]:
    """Joint releases to the press and of numbers: all that are out, and drafts for who proposes or signs."""
    return press.list_releases(api.node, viewer, limit=limit)


@_ask("/releases/{release_id:str}")
async def one_release(api: _Api, viewer: _Viewer, release_id: FromPath[str]) -> ReleaseView:
    """One joint release and how it stands."""
    return press.one_release(api.node, viewer, f"release/{release_id}")


@_ask("/findings")
async def findings(api: _Api, viewer: _Viewer, kind: _Kind = "", limit: _Limit = PAGE_MAX) -> list[Finding]:
    """How every obligation of the latest subjects stands; kind: of this kind alone, such as movement or post."""
    return queries.findings(api.node, viewer, kind=kind, limit=limit)


@_ask("/findings/{family:str}/{subject_id:str}")
async def findings_of_one(
    api: _Api, viewer: _Viewer, family: FromPath[str], subject_id: FromPath[str]
) -> list[Finding]:
    """How every obligation of one subject stands."""
    return queries.findings_of(api.node, viewer, f"{family}/{subject_id}")


@_ask("/compliance")
async def compliance_of_period(api: _Api, viewer: _Viewer, since: _Since, until: _Until) -> CompliancePage:
    """How every clause was kept over a period, with every breach and dispute and what was said about it."""
    return await compliance.compliance(api.node, viewer, since, until)


@_ask("/judgements")
async def judgements(api: _Api, viewer: _Viewer) -> list[PeerJudgement]:
    """What every peer stated last of its findings, compared with ours at the same sizes of all logs."""
    return queries.judgements(api.node, viewer)


@_ask("/relation")
async def relation(api: _Api, viewer: _Viewer) -> Relation:
    """How far the parties work together: the grade in force, its steps, and what the findings call for."""
    return queries.relation(api.node, viewer)


@_ask("/entries/{party:str}")
async def entries(
    api: _Api, viewer: _Viewer, party: FromPath[str], start: _Start = 0, limit: _Limit = 100
) -> list[Entry]:
    """Entries of a log from `start` on, void ones too; of one that is not shown its index and leaf hash alone."""
    return [Entry.of(row) for row in queries.entries(api.node, viewer, party, start, limit)]


@_ask("/statements/{statement_id:str}")
async def statement(api: _Api, viewer: _Viewer, statement_id: _Digest) -> Entry:
    """One statement by its id."""
    return Entry.of(queries.statement(api.node, viewer, statement_id))


@_ask("/statements/{statement_id:str}/proof", media_type=MediaType.TEXT)
async def proof(api: _Api, viewer: _Viewer, statement_id: _Digest) -> Response[bytes]:
    """Proof that a statement is in its log (c2sp.org/tlog-proof), with the checkpoint that most have cosigned."""
    async with api.node.writing:
        data = proving.proof_file(api.node, queries.statement(api.node, viewer, statement_id))
    return _file(data, "text/plain; charset=utf-8", f"{statement_id}.tlog-proof")


@_ask("/evidence")
async def evidence(api: _Api) -> list[Evidence]:
    """Everything kept that proves a log's key to have signed two histories."""
    return [Evidence(origin, digest, data.decode()) for origin, digest, data in queries.evidence(api.node)]


# --- the agreement and who is who -------------------------------------------------------------------------------------


@_ask("/agreement")
async def agreement(api: _Api) -> Agreement:
    """The agreement in force, and every text that was put forward."""
    law = queries.law(api.node)
    signed = queries.agreement_statements(api.node)
    versions = (
        Proposal(v.digest, v.signed_by, v.in_force_from.t if v.in_force_from else None, signed.get(v.digest, {}))
        for v in law.versions.values()
    )
    return Agreement(digest=law.in_force(), terms=api.node.terms(), versions=tuple(versions))


@_ask("/texts/{digest:str}", media_type=MediaType.JSON)
async def text(api: _Api, viewer: _Viewer, digest: _Digest) -> Response[bytes]:
    """The text of an agreement by its digest, in its canonical bytes."""
    return Response(queries.text(api.node, viewer, digest), headers={"content-type": "application/json"})


@_ask("/cards")
async def cards(api: _Api) -> list[Card]:
    """Every party whose card is pinned here, our own too."""
    pinned = api.node.cards
    return [Card(card=pinned[party], fingerprint=commands.fingerprint(pinned[party])) for party in sorted(pinned)]


@_ask("/actors")
async def actors(api: _Api) -> list[Actor]:
    """Everybody who was ever enrolled, at any party."""
    return queries.actors(api.node)


@_ask("/register/{family:str}")
async def register(
    api: _Api,
    viewer: _Viewer,
    family: FromPath[Literal["site", "group", "person"]],
    before: _Before = None,
    limit: _Limit = PAGE_MAX,
) -> list[Registered]:
    """Sites, groups or persons as registered last, latest first. before: only those touched earlier, milliseconds."""
    return queries.register(api.node, viewer, family, before=before, limit=limit)


@_ask("/persons/{person_id:str}")
async def person(api: _Api, viewer: _Viewer, person_id: FromPath[str]) -> PersonPage:
    """Everything that the record holds about one person, for whoever may know. Never what a dossier says."""
    return dossiers.person(api.node, viewer, f"person/{person_id}")


def _file(data: bytes, content_type: str, name: str) -> Response[bytes]:
    # Identifiers hold nothing that would need quoting: letters, digits, dots, dashes.
    headers = {"content-type": content_type, "content-disposition": f'attachment; filename="{name}"'}
    return Response(data, headers=headers)
