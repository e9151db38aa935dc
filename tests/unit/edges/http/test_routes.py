"""What each route answers, and what it refuses."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from safeconduct.core.acts import (
    GroupRegistered,
    ItemOpened,
    MovementRequested,
    ReleaseProposed,
    SiteRegistered,
    Standing,
    offer,
)
from safeconduct.core.audit import verify_pack
from safeconduct.core.disclosure import ItemContent
from safeconduct.core.log import leaf_hash, parse_proof_file, verify_proof_file
from safeconduct.core.statement import encode
from safeconduct.edges.http.limits import CARD_BYTES_MAX
from safeconduct.node import marks, queries
from safeconduct.node.access import Viewer, viewer
from safeconduct.node.compliance import compliance
from safeconduct.node.limits import BLOB_BYTES_MAX
from safeconduct.testing import (
    MOVEMENT,
    SHUT_OUT,
    START,
    Desks,
    Federation,
    authority,
    card_of,
    information_terms,
    item_of,
    keep_copies,
    keep_custody,
    key,
    latest_keys,
    mark_as,
    marks_terms,
    opened_copy,
    share_as,
    small_plan,
    small_terms,
)
from tests.unit.edges.asking import AUTHORITY, OFFICER, Asking, asking, error_of

SITE = SiteRegistered(name="Gate", district="malir", latitude_e7=0, longitude_e7=0)
GROUP = GroupRegistered(label="Engineers", category="works", people=12)


async def full(a: Asking) -> None:
    """Something to ask for."""
    await a.federation.say("sending/journey_manager", "group/engineers", GROUP)
    await a.federation.say("sending/journey_manager", "movement/m1", MovementRequested(plan=small_plan()))
    await a.federation.say(OFFICER, "site/gate", SITE)
    await a.federation.sync()


async def get(a: Asking, path: str) -> Any:
    answer = await a.ask("GET", path, by=OFFICER)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_compliance_is_counted_for_the_period_asked_for() -> None:
    async def scenario(a: Asking) -> None:
        await full(a)
        page = await compliance(a.host, authority(a.host), START, START + 10**9)
        asked = f"/v1/compliance?from={START}&to={START + 10**9}"
        assert await get(a, asked) == msgspec.json.decode(msgspec.json.encode(page))
        backwards = await a.ask("GET", f"/v1/compliance?from={START}&to={START}", by=OFFICER)
        assert error_of(backwards) == (400, "input_invalid")
        assert (await a.ask("GET", "/v1/compliance", by=OFFICER)).status_code == 400

    asking(scenario)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/health", queries.health),
        ("/v1/standing", queries.standing),
        ("/v1/logs", queries.logs),
        ("/v1/movements", lambda node: queries.board(node, viewer(node, OFFICER))),
        ("/v1/findings", lambda node: queries.findings(node, viewer(node, OFFICER))),
        ("/v1/movements/m1", lambda node: queries.movement(node, viewer(node, OFFICER), "movement/m1")),
    ],
)
def test_a_question_is_answered_as_the_node_answers_it(path: str, query: Any) -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        await full(a)
        assert await get(a, path) == msgspec.json.decode(msgspec.json.encode(query(a.host)))

    asking(scenario)


def test_a_standing_is_enough_to_draft_under() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        answer = await a.ask("GET", "/v1/standing", by=OFFICER)
        assert msgspec.json.decode(answer.content, type=Standing) == queries.standing(a.host)

    asking(scenario)


def test_what_is_asked_of_the_record_stays_in_no_cache() -> None:
    """WIRE-50: it says who travels where."""

    async def scenario(a: Asking) -> None:
        good, bad = await a.ask("GET", "/v1/movements", by=OFFICER), await a.ask("GET", "/v1/movements")
        assert (good.headers["cache-control"], bad.headers["cache-control"]) == ("no-store", "no-store")

    asking(scenario)


def test_an_entry_is_shown_as_it_was_signed() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        (first, *_) = await get(a, "/v1/entries/sending?start=0&limit=500")
        entry = base64.b64decode(first["entry"])
        assert (leaf_hash(entry).hex(), first["payload"]["party"]) == (first["leaf"], "sending")

    asking(scenario)


def test_entries_come_in_pages() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        page = await get(a, "/v1/entries/host?start=1&limit=2")
        assert [entry["index"] for entry in page] == [1, 2]

    asking(scenario)


def test_a_statement_is_found_by_its_id() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        said = await a.federation.say(OFFICER, "site/gate", SITE)
        found = await get(a, f"/v1/statements/{said.id}")
        assert (found["party"], found["index"], found["subject"]) == ("host", said.index, "site/gate")

    asking(scenario)


@pytest.mark.parametrize(("synced", "cosigners"), [(True, 2), (False, 0)])
@pytest.mark.parametrize("party", ["host", "sending"])
def test_a_proof_is_checked_by_whoever_has_the_keys(party: str, synced: bool, cosigners: int) -> None:
    """WIRE-58: for our own log and for one that we mirror."""

    async def scenario(a: Asking) -> None:
        if party == "sending" and not synced:
            return
        actor, subject = (OFFICER, "site/gate") if party == "host" else ("sending/journey_manager", "group/engineers")
        said = await a.federation.say(actor, subject, SITE if party == "host" else GROUP)
        if synced:
            await a.federation.sync()
        answer = await a.ask("GET", f"/v1/statements/{said.id}/proof", by=OFFICER)
        heads = a.host.memory.heads
        keys = [key for head in heads.values() for key in (head.mirror_key, head.witness_key)]
        row = a.host.store.rows(party, said.index, said.index + 1)[0]
        file = parse_proof_file(answer.content)
        signed = verify_proof_file(file, row.leaf, heads[party].log_key, keys, cosigners_required=cosigners)
        assert signed.size > said.index

    asking(scenario)


def test_a_pack_is_checked_without_a_node() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        await full(a)
        answer = await a.ask("GET", "/v1/movements/m1/pack", by=AUTHORITY)
        report = verify_pack(answer.content, a.federation.cards)
        assert (answer.headers["content-disposition"], len(report.findings)) == (
            'attachment; filename="m1.pack.json"',
            len(queries.findings(a.host, authority(a.host))),
        )

    asking(scenario)


@pytest.mark.parametrize(
    ("family", "subjects"), [("site", ["site/gate"]), ("group", ["group/engineers"]), ("person", [])]
)
def test_a_register_lists_its_own_kind(family: str, subjects: list[str]) -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        await full(a)
        assert [line["subject"] for line in await get(a, f"/v1/register/{family}")] == subjects

    asking(scenario)


def test_the_agreement_and_its_text_can_be_read() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        shown = await get(a, "/v1/agreement")
        text = await a.ask("GET", f"/v1/texts/{shown['digest']}", by=OFFICER)
        (version,) = shown["versions"]
        assert (hashlib.sha256(text.content).hexdigest(), version["signed_by"], shown["terms"]["name"]) == (
            shown["digest"], ["host", "sending"], "test",
        )  # fmt: skip

    asking(scenario)


def test_before_the_first_agreement_there_is_none() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        answer = await a.ask("GET", "/v1/agreement", by=AUTHORITY)
        assert answer.json() == {"digest": None, "terms": None, "versions": []}

    asking(scenario, agreed=False)


def test_everybody_who_was_enrolled_is_listed_with_key_and_roles() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        listed = {line["actor"]: line for line in await get(a, "/v1/actors")}
        line = listed["sending/approver"]
        assert (line["party"], line["enrolled"], line["roles"], len(line["key"])) == ("sending", True, ["approver"], 44)

    asking(scenario)


def test_cards_come_with_what_people_compare_by_voice() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        cards = {line["card"]["id"]: line["fingerprint"] for line in await get(a, "/v1/cards")}
        assert (sorted(cards), {len(fingerprint.split(" ")) for fingerprint in cards.values()}) == (
            ["host", "sending"],
            {8},
        )

    asking(scenario)


def test_a_card_is_pinned_and_its_peer_is_visited_from_then_on() -> None:
    """WIRE-52"""

    async def scenario(a: Asking) -> None:
        answer = await a.ask("POST", "/v1/cards", by=AUTHORITY, body=encode(card_of("third")))
        assert (answer.status_code, answer.json()["card"]["id"], a.host.peer_ids) == (
            200,
            "third",
            ["sending", "third"],
        )

    asking(scenario)


def test_a_text_is_kept_under_its_digest() -> None:
    """WIRE-52"""

    async def scenario(a: Asking) -> None:
        terms = small_terms(a.federation.cards.values(), version=2, previous=a.host.memory.law.in_force())
        answer = await a.ask("POST", "/v1/texts", by=AUTHORITY, body=encode(terms))
        assert (answer.json(), a.host.store.blob(terms.digest)) == ({"digest": terms.digest}, encode(terms))

    asking(scenario)


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/v1/movements/none", b"", (404, "not_found")),
        ("GET", "/v1/movements/none/pack", b"", (404, "not_found")),
        ("GET", "/v1/movements/m1%2Fx", b"", (404, "not_found")),
        ("GET", "/v1/movements?limit=0", b"", (400, "input_invalid")),
        ("GET", "/v1/movements?limit=501", b"", (400, "input_invalid")),
        ("GET", "/v1/movements?limit=many", b"", (400, "input_invalid")),
        ("GET", "/v1/movements?before=now", b"", (400, "input_invalid")),
        ("GET", "/v1/movements?before=" + "9" * 400, b"", (400, "input_invalid")),
        ("GET", "/v1/entries/press", b"", (404, "not_found")),
        ("GET", "/v1/entries/host?start=-1", b"", (400, "input_invalid")),
        ("GET", "/v1/statements/" + "0" * 64, b"", (404, "not_found")),
        ("GET", "/v1/statements/" + "0" * 64 + "/proof", b"", (404, "not_found")),
        ("GET", "/v1/statements/xyz", b"", (400, "input_invalid")),
        ("GET", "/v1/texts/" + "0" * 64, b"", (404, "not_found")),
        ("GET", "/v1/texts/..%2F..%2Fetc", b"", (404, "not_found")),
        ("GET", "/v1/register/actor", b"", (400, "input_invalid")),
        ("GET", "/v1/nothing", b"", (404, "not_found")),
        ("GET", "/v1", b"", (404, "not_found")),
        ("POST", "/v1/health", b"", (405, "method_not_allowed")),
        ("PUT", "/v1/statements", b"", (405, "method_not_allowed")),
        ("GET", "/v1/entries/host?start=" + "9" * 40, b"", (400, "input_invalid")),
        ("POST", "/v1/texts", b"", (400, "terms_invalid")),
        ("POST", "/v1/texts", b"{}", (400, "terms_invalid")),
        ("POST", "/v1/texts", b"\xff", (400, "terms_invalid")),
        ("POST", "/v1/texts", b"x" * (BLOB_BYTES_MAX + 1), (413, "limit_exceeded")),
        ("POST", "/v1/cards", b"", (400, "input_invalid")),
        ("POST", "/v1/cards", b"x" * (CARD_BYTES_MAX + 1), (413, "limit_exceeded")),
        ("POST", "/v1/cards", encode(card_of("host")), (403, "not_allowed")),
        ("POST", "/v1/sessions", b"x" * 2_000, (413, "limit_exceeded")),
    ],
)
def test_whatever_is_not_as_it_must_be_is_an_error_of_one_shape(
    method: str, path: str, body: bytes, expected: tuple[int, str]
) -> None:
    """WIRE-33, WIRE-52, WIRE-56"""

    async def scenario(a: Asking) -> None:
        answer = await a.ask(method, path, by=AUTHORITY, body=body)
        problem = answer.json()["error"]
        assert (error_of(answer), set(problem), problem["where"]) == (
            expected,
            {"code", "message", "where"},
            f"{method} {answer.request.url.path[:200]}",
        )

    asking(scenario)


def test_evidence_is_shown_as_it_convicts() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        a.host.store.put_evidence("sending.example/log", "ab" * 32, b"a text\n")
        assert await get(a, "/v1/evidence") == [
            {"origin": "sending.example/log", "digest": "ab" * 32, "text": "a text\n"}
        ]

    asking(scenario)


async def leaked(a: Asking) -> bytes:
    """An order with copies, of which one was found in a chat; the seeds are open. The text."""
    desks = await Desks.open(a.federation)
    await desks.deliver()
    text = opened_copy(a.federation, "host/reader-0")
    await desks.find(text, "m1")
    await keep_copies(a.federation)
    return text.encode()


@pytest.mark.slow
def test_a_recipient_is_given_its_own_halves_and_nobody_elses() -> None:
    """CAN-31, CAN-43"""

    async def scenario(a: Asking) -> None:
        await leaked(a)
        mine = (await a.ask("GET", "/v1/movements/m1/copy", by="host/reader-0")).json()
        assert [(hand["party"], bool(hand["sealed"])) for hand in mine["hands"]] == [("host", True), ("sending", True)]
        other = await a.ask("GET", "/v1/movements/m1/copy", by="sending/reader-1", at="sending")
        assert other.json()["recipient"] != mine["recipient"]
        for path, by in (("m1", OFFICER), ("none", OFFICER), ("none", "host/reader-0")):
            answer = await a.ask("GET", f"/v1/movements/{path}/copy", by=by)
            assert (error_of(answer), answer.json()["error"]["message"]) == (
                (404, "not_found"),
                f"no copy of {path!r} here",
            )

    asking(scenario, agreed=False)


@pytest.mark.slow
def test_a_leak_is_shown_to_the_panel_and_is_not_there_for_anybody_else() -> None:
    """CAN-43: in the same words as for one that is not there."""

    async def scenario(a: Asking) -> None:
        text = await leaked(a)
        assert [leak["leak"] for leak in await get(a, "/v1/leaks")] == ["l1"]
        assert (await get(a, "/v1/leaks/l1"))["orders"][0]["problem"] is None
        assert error_of(await a.ask("GET", "/v1/leaks", by="host/reader-0")) == (404, "not_found")
        assert error_of(await a.ask("GET", "/v1/slots", by="host/reader-0")) == (404, "not_found")
        # SIGHT-2: the authority is told what there is, and below not what it finds.
        assert [leak["leak"] for leak in (await a.ask("GET", "/v1/leaks", by=AUTHORITY)).json()] == ["l1"]
        assert [one["usable"] for one in (await a.ask("GET", "/v1/slots", by=AUTHORITY)).json()] == [True]
        body = msgspec.json.encode({"texts": [text]})
        for leak, by in (("l1", "host/reader-0"), ("l1", AUTHORITY), ("l2", OFFICER)):
            asked = [
                await a.ask("GET", f"/v1/leaks/{leak}", by=by),
                await a.ask("POST", f"/v1/leaks/{leak}/trace", by=by, body=body),
            ]
            for answer in asked:
                assert (error_of(answer), answer.json()["error"]["message"]) == (
                    (404, "not_found"),
                    f"no leak {leak!r} here",
                )

    asking(scenario, agreed=False)


@pytest.mark.slow
def test_a_text_is_scored_and_not_kept() -> None:
    """CAN-42"""

    async def scenario(a: Asking) -> None:
        text = await leaked(a)
        digest = hashlib.sha256(text).hexdigest()
        entries = a.host.store.size("host")
        body = msgspec.json.encode({"texts": [text]})
        answer = await a.ask("POST", "/v1/leaks/l1/trace", by=OFFICER, body=body)
        traced = answer.json()
        assert (answer.status_code, traced["orders"], traced["trace"]["surviving"][0]["surviving"]) == (200, ["m1"], 3)
        assert (a.host.store.blob(digest), a.host.store.size("host")) == (None, entries)
        wrong = await a.ask("POST", "/v1/leaks/l1/trace", by=OFFICER, body=b'{"texts": "gate 2"}')
        assert (error_of(wrong), "gate 2" in wrong.text) == ((400, "input_invalid"), False)
        unsigned = await a.ask("POST", "/v1/leaks/l1/trace", body=body)
        assert unsigned.status_code == 401

    asking(scenario, agreed=False)


DUTY, UNIT = "host/duty_officer", "host/unit"


@pytest.mark.slow
def test_a_mark_is_answered_to_whom_it_concerns_and_is_not_there_for_others() -> None:
    """MARK-20, MARK-21"""

    async def whole() -> None:
        async with Federation() as federation:
            await federation.agree(marks_terms(federation.cards.values()))
            await keep_custody(federation, 1)
            await federation.say("sending/journey_manager", MOVEMENT, MovementRequested(plan=small_plan()))
            await mark_as(federation, "sending/security_manager", SHUT_OUT)
            await federation.sync()
            a = Asking(federation)
            (view,) = (await a.ask("GET", "/v1/marks", by=DUTY)).json()
            expected = marks.mark(a.host, Viewer(DUTY, ("duty_officer",)), "mark/k1")
            assert view == msgspec.to_builtins(expected)
            assert (await a.ask("GET", "/v1/marks/k1", by=DUTY)).json() == view
            assert (await a.ask("GET", "/v1/marks", by=UNIT)).json() == []
            there, absent = [await a.ask("GET", f"/v1/marks/{name}", by=UNIT) for name in ("k1", "k9")]
            assert error_of(there) == (404, "not_found")
            assert there.text.replace("k1", "k9") == absent.text
            session = a.sessions["host"].enter(a.sessions["host"].offer(UNIT)[0], secure=False)
            pages = [
                await a.ask("GET", "/marks", headers={"cookie": f"{session.key}={session.value}"}),
                await a.ask("GET", "/logs", headers={"cookie": f"{session.key}={session.value}"}),
            ]
            assert [page.status_code for page in pages] == [200, 200]
            assert not any('href="/marks"' in page.text or "k1" in page.text for page in pages)
            told = a.sessions["host"].enter(a.sessions["host"].offer(DUTY)[0], secure=False)
            page = await a.ask("GET", "/marks", headers={"cookie": f"{told.key}={told.value}"})
            assert ('href="/marks"' in page.text, SHUT_OUT.reason in page.text) == (True, True)

    asyncio.run(whole())


# --- items and releases -----------------------------------------------------------------------------------------------

SAID = ItemContent(title="a van", text="It waits.")
UNIT, LEAD = "host/unit", "host/escort_lead"


def informed(scenario: Callable[[Asking], Awaitable[None]]) -> None:
    """Run a scenario under an agreement with terms for information."""

    async def whole() -> None:
        async with Federation() as federation:
            await federation.agree(information_terms(federation.cards.values()))
            await keep_custody(federation, 1)
            await scenario(Asking(federation))

    asyncio.run(whole())


async def get_as(a: Asking, path: str, by: str) -> tuple[int, Any]:
    answer = await a.ask("GET", path, by=by)
    return answer.status_code, answer.json()


def test_an_item_is_shared_and_opened_by_signed_requests() -> None:
    """ITEM-1, ITEM-15"""

    async def scenario(a: Asking) -> None:
        terms = a.host.terms()
        assert terms is not None
        act, box = item_of(terms, latest_keys(a.host), SAID, subject="item/i1", party="host", recipients=("unit",))
        envelope = offer(queries.standing(a.host), OFFICER, key(OFFICER), "item/i1", act)
        body = msgspec.json.encode({"statement": msgspec.Raw(envelope), "ciphertext": base64.b64encode(box).decode()})
        assert (await a.ask("POST", "/v1/items", by=OFFICER, body=body)).status_code == 200
        assert error_of(await a.ask("POST", "/v1/items", by=OFFICER, body=b"{}")) == (400, "input_invalid")
        opening = offer(queries.standing(a.host), UNIT, key(UNIT), "item/i1", ItemOpened(content=act.content))
        other = await a.ask("POST", "/v1/item-openings", by=LEAD, body=opening)
        assert error_of(other) == (403, "not_allowed")
        answer = await a.ask("POST", "/v1/item-openings", by=UNIT, body=opening)
        assert (answer.status_code, answer.json()["content"]) == (200, {"text": "It waits.", "title": "a van"})

    informed(scenario)


@pytest.mark.parametrize("path", ["", "/holders"])
def test_who_is_not_concerned_hears_the_same_as_of_what_is_not_there(path: str) -> None:
    """ITEM-14, ITEM-32"""

    async def scenario(a: Asking) -> None:
        await share_as(a.federation, OFFICER, "item/i1", SAID, recipients=("unit",))
        assert (await get_as(a, f"/v1/items/i1{path}", OFFICER))[0] == 200
        here, none = [await get_as(a, f"/v1/items/{name}{path}", LEAD) for name in ("i1", "i9")]
        assert (here[0], str(here[1]).replace("i1", "i9")) == (404, str(none[1]))
        # Whoever sees all is told of it (SIGHT-2).
        assert (await get_as(a, f"/v1/items/i1{path}", AUTHORITY))[0] == 200

    informed(scenario)


def test_a_list_is_what_concerns_whoever_asks_by_signature_or_by_session() -> None:
    """ITEM-13"""

    async def scenario(a: Asking) -> None:
        await share_as(a.federation, OFFICER, "item/i1", SAID, recipients=("unit",))
        lists = {
            who: [row["subject"] for row in (await get_as(a, "/v1/items", who))[1]] for who in (OFFICER, UNIT, LEAD)
        }
        assert lists == {OFFICER: ["item/i1"], UNIT: ["item/i1"], LEAD: []}
        sessions = a.sessions["host"]
        cookie = sessions.enter(sessions.offer(UNIT)[0], secure=False)
        answer = await a.ask("GET", "/v1/items", headers={"cookie": f"{cookie.key}={cookie.value}"})
        assert [row["subject"] for row in answer.json()] == ["item/i1"]

    informed(scenario)


def test_a_key_for_passing_on_and_a_check_are_for_readers() -> None:
    """ITEM-19, ITEM-28"""

    async def scenario(a: Asking) -> None:
        await share_as(a.federation, OFFICER, "item/i1", SAID, recipients=("unit",))
        passing = msgspec.json.encode({"item": "item/i1", "to": "sending/approver"})
        assert (await a.ask("POST", "/v1/item-keys", by=OFFICER, body=passing)).json()["key"]["party"] == "sending"
        assert error_of(await a.ask("POST", "/v1/item-keys", by=LEAD, body=passing)) == (404, "not_found")
        assert error_of(await a.ask("POST", "/v1/item-keys", by=LEAD, body=b"x")) == (400, "input_invalid")
        twin = {"source": "item/i1", "content": {"title": "t"}, "recipients": ["approver"]}
        checked = await a.ask("POST", "/v1/item-checks", by=OFFICER, body=msgspec.json.encode(twin))
        assert checked.json() == {"overlaps": [], "compared": 0, "unread": 0}
        assert error_of(await a.ask("POST", "/v1/item-checks", by=LEAD, body=msgspec.json.encode(twin)))[0] == 404
        assert error_of(await a.ask("POST", "/v1/item-checks", by=LEAD, body=b"[]"))[0] == 400

    informed(scenario)


def test_a_draft_is_shown_to_who_signs_and_is_not_there_for_others() -> None:
    """ITEM-41"""

    async def scenario(a: Asking) -> None:
        await a.federation.say(OFFICER, "release/r1", ReleaseProposed(texts={"en": "All are safe."}, counts=()))
        assert (await get_as(a, "/v1/releases/r1", OFFICER))[1]["standing"] == "proposed"
        assert ((await get_as(a, "/v1/releases", UNIT))[1], (await get_as(a, "/v1/releases/r1", UNIT))[0]) == ([], 404)

    informed(scenario)
