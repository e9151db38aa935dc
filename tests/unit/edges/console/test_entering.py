"""Signing in, confirming it is you, the page about yourself, and the form for a reason."""

from __future__ import annotations

import re

import pytest

from safeconduct.core.agreement import AccessTerms
from safeconduct.edges.console.entering import confirm, sign_in
from safeconduct.edges.console.reader import Reader
from safeconduct.edges.console.reasons import look_path, why
from safeconduct.errors import NotAllowed, NotFound
from safeconduct.node.access import Viewer
from tests.unit.edges.console.night import NOW, told
from tests.unit.edges.console.test_routes import get

AUDITOR = Viewer("host/host_auditor", ("host_auditor",))


@pytest.mark.parametrize("by_passkey", [True, False])
def test_who_signs_in_is_offered_a_passkey_where_there_can_be_one_and_a_link_always(by_passkey: bool) -> None:
    """ACC-12"""
    for view in (sign_in(Reader("en", NOW), by_passkey=by_passkey), confirm(Reader("en", NOW), by_passkey=by_passkey)):
        text = str(view.body)
        offered = ('data-passkey="enter"' in text, "safeconduct console" in text, view.status, view.has_passkeys)
        assert offered == (by_passkey, True, 401, by_passkey)


def test_the_page_for_signing_in_runs_no_script_but_the_one_for_passkeys() -> None:
    """ACC-12: and nothing of what the node knows is on it."""
    scripts = re.findall(r'<script src="([^"?]+)', get("/", None).text)
    assert scripts == ["/console/passkeys.js"]


def test_whoever_entered_a_while_ago_confirms_before_it_is_shown_who_knew() -> None:
    """ACC-8"""
    answer = get("/knew/m-103", cookie="session=auditor; entered=long-ago")
    assert (answer.status_code, "Confirm that it is you" in answer.text) == (401, True)


def test_every_page_says_until_when_its_session_runs_and_when_it_locks() -> None:
    """ACC-6"""
    text = get("/").text
    found = re.search(r'id="session" role="status" data-locks="(\d+)" data-ends="(\d+)"', text)
    assert found is not None
    assert ([int(at) - NOW for at in found.groups()], "Signed in until" in text) == ([900_000, 3_600_000], True)


@pytest.mark.parametrize("language", ["en", "zh", "ur"])
def test_the_script_has_its_warnings_in_the_language_of_the_page(language: str) -> None:
    """ACC-6"""
    text = get(f"/?lang={language}").text
    texts = [
        re.search(f'data-{key}="([^"]+)"', text)
        for key in ("session-locked", "session-locks-soon", "session-ends-soon")
    ]
    assert [found is not None and len(found[1]) > 10 for found in texts] == [True] * 3


def test_a_live_part_says_until_when_the_session_is_not_locked() -> None:
    """ACC-6: another window of the same session may have moved it."""
    assert get("/", safeconduct_part="live").headers["safeconduct-locks"] == str(NOW + 900_000)


def test_a_page_without_scripts_reloads_itself_in_a_way_that_can_be_told() -> None:
    """ACC-2"""
    text = get("/?show=past").text
    assert 'content="60; url=/?show=past&amp;reload=1"' in text
    assert "reload" not in get("/?show=past&reload=1&lang=ur").text.replace("show=past&amp;reload=1", "")


def test_the_page_about_yourself_says_what_a_passkey_is_for_and_how_to_leave() -> None:
    """ACC-7, ACC-11"""
    text = get("/you").text
    assert [
        word for word in ("signed by your key", "Your sessions", 'action="/leave"', "duty_officer") if word not in text
    ] == []


def test_a_passkey_that_is_not_yours_cannot_be_asked_about() -> None:
    """ACC-10"""
    assert get("/you?remove=abcd").status_code == 404


@pytest.mark.parametrize(("what", "path"), [("knew", "/knew/m-103"), ("pack", "/packs/m-103")])
def test_the_form_for_a_reason_says_where_it_will_stand_and_leads_on(what: str, path: str) -> None:
    """ACC-21"""
    view = why(told().host, AUDITOR, Reader("en", NOW), what, "m-103")  # type: ignore[arg-type]  # one of its words
    text = str(view.body)
    assert ('action="/reasons"' in text, "on every record" in text, look_path(what, "m-103")) == (True, True, path)  # type: ignore[arg-type]  # as above


def test_nothing_is_asked_about_a_movement_that_is_not_there() -> None:
    """ACC-21"""
    with pytest.raises(NotFound):
        why(told().host, AUDITOR, Reader("en", NOW), "knew", "m-999")


@pytest.mark.parametrize("movement_id", ["m-103", "m-999"])
def test_whoever_may_not_look_is_not_asked_why(movement_id: str) -> None:
    """ACC-21, SIGHT-13"""
    with pytest.raises(NotAllowed):
        why(told().host, Viewer("host/duty_officer", ("duty_officer",)), Reader("en", NOW), "pack", movement_id)


def test_without_reasons_in_the_agreement_no_form_is_in_the_way() -> None:
    """ACC-22"""
    terms = told().host.terms()
    assert terms is not None
    assert terms.access == AccessTerms(openings=24, openings_of_role=60, within="PT1H")
    assert get("/packs/m-103", "auditor").status_code == 200
