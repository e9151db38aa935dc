"""The sealed order on a movement's page: how each part stands, who opened it, and never what it says."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from functools import cache

import msgspec
import pytest

from safeconduct.core.disclosure import Content, Place
from safeconduct.edges.console.movement import movement
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.reader import Reader
from safeconduct.edges.console.sealed import sealed, variant_text
from safeconduct.edges.console.words import LANGUAGES, WORDS
from safeconduct.node import orders
from safeconduct.node.access import Viewer
from safeconduct.node.node import Node
from safeconduct.node.orders import SealingView
from safeconduct.testing import (
    BLURRED,
    HOUR,
    MOVEMENT,
    Federation,
    authority,
    come_to,
    content_of,
    open_as,
    sealed_movement,
)

AUTHOR = "sending/journey_manager"
CONTENT = Content(text="gate 2, by the clinic", places=(Place(latitude_e7=248_949_000, longitude_e7=671_580_000),))


@cache
def told() -> Node:
    """The host's node after a rendezvous was sealed in both grades, given and opened; the manifest is missing."""

    async def tell() -> Node:
        async with Federation() as federation:
            content = msgspec.structs.replace(CONTENT, at=1)
            await sealed_movement(federation, *(("rendezvous", variant, content) for variant in ("exact", BLURRED)))
            await come_to(federation, 28 * HOUR)
            await open_as(federation, "host/escort_lead", MOVEMENT, content_of(federation))
            return federation.node("host")

    return asyncio.run(tell())


def text(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def shown(language: str = "en", changed: Mapping[str, object] | None = None) -> str:
    node = told()
    names = Names(node, Reader(language, node.clock.now()), node.terms())
    view = orders.order(node, authority(node), MOVEMENT)
    sealings = tuple(msgspec.structs.replace(sealing, **(changed or {})) for sealing in view.sealings)
    return text(str(sealed(names, msgspec.structs.replace(view, sealings=sealings))))


def test_a_part_is_shown_with_its_grade_its_state_and_whoever_opened_it() -> None:
    found = shown()
    words = (
        "rendezvous (in full)",
        "rendezvous (blurred: places to within 500 metres, times to within 15 minutes)",
        "shares given to Host",
        "in force, closed",
        "host/escort_lead",
        "nobody yet",
        "not sealed yet: names (in full)",
    )
    assert [word for word in words if word not in found] == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"checked": {"host": False, "sending": True}, "in_force": False}, "a share does not fit: seal it again"),
        ({"checked": {"sending": True}, "in_force": False}, "not every node has checked its share"),
        ({"forgotten": True}, "forgotten: every key that could open it is destroyed"),
    ],
)
def test_what_is_not_in_force_says_why(changed: dict[str, object], words: str) -> None:
    """SEAL-60"""
    assert words in shown(changed=changed)


def test_what_was_replaced_is_not_shown() -> None:
    assert shown(changed={"replaced": True}).strip() == "Nothing of this movement is sealed yet."


@pytest.mark.parametrize(("language", "words"), [("zh", "有效，未打开"), ("ur", "حصے Host کو دیے گئے")])
def test_it_is_told_in_the_readers_language(language: str, words: str) -> None:
    assert words in shown(language)


@pytest.mark.parametrize("language", ["en", "zh", "ur"])
def test_no_page_says_what_was_sealed(language: str) -> None:
    """SEAL-64"""
    node = told()
    page = str(
        movement(node, authority(node), Reader(language, node.clock.now()), MOVEMENT.removeprefix("movement/")).body
    )
    assert ("gate 2" in page, "24.8949" in page) == (False, False)


def test_the_history_names_the_part_and_not_its_digest_alone() -> None:
    node = told()
    page = text(
        str(movement(node, authority(node), Reader("en", node.clock.now()), MOVEMENT.removeprefix("movement/")).body)
    )
    for words in (
        "compartment sealed · rendezvous (in full)",
        "share checked · rendezvous (in full): the share fits",
        "compartment opened · rendezvous (in full)",
    ):
        assert words in page, words
    assert re.search(r"share released · rendezvous \(in full\) → Host", page)


def test_a_grade_of_a_later_version_is_shown_as_it_is_written() -> None:
    assert variant_text("hinted-5", "en") == "hinted-5"


def test_the_view_has_no_field_for_what_is_sealed() -> None:
    assert not {"text", "places", "ciphertext", "shares"} & set(SealingView.__struct_fields__)


# --- for whoever is no auditor ----------------------------------------------------------------------------------------


def shown_to(viewer: Viewer, language: str = "en", changed: Mapping[str, object] | None = None) -> str:
    node = told()
    names = Names(node, Reader(language, node.clock.now()), node.terms())
    view = orders.order(node, viewer, MOVEMENT)
    sealings = tuple(msgspec.structs.replace(sealing, **(changed or {})) for sealing in view.sealings)
    return text(str(sealed(names, msgspec.structs.replace(view, sealings=sealings))))


LEAD = Viewer("host/escort_lead", ("escort_lead",))
UNIT = Viewer("host/unit", ("unit",))


def test_whoever_it_opens_for_is_shown_when_and_what_they_know_of_and_their_own_openings() -> None:
    """SIGHT-5, SIGHT-7, SIGHT-8"""
    lead, unit = shown_to(LEAD), shown_to(UNIT)
    assert "rendezvous : opens for you 7 Oct 04:00 UTC" in lead
    assert ("shares given to Host" in lead, "host/escort_lead" in lead) == (True, True)
    assert ("rendezvous : opens for you 7 Oct 05:30 UTC" in unit, "in full" in unit, "sealed:" in unit) == (
        True,
        False,
        False,
    )


def test_whoever_is_released_existence_is_shown_that_and_whoever_is_released_nothing_is_told_so() -> None:
    """SIGHT-4, SIGHT-7"""
    officer, other = shown_to(Viewer("host/duty_officer", ("duty_officer",))), shown_to(Viewer("host/x", ()))
    assert ("sealed: rendezvous" in officer.replace(" :", ":").replace(":  ", ": "), "in full" in officer) == (
        True,
        False,
    )
    assert "By the agreement no part of this order opens for your roles." in other


@pytest.mark.parametrize(
    ("language", "words"), [("en", "not by you"), ("zh", "您尚未打开"), ("ur", "آپ نے نہیں")], ids=["en", "zh", "ur"]
)
def test_that_nobody_opened_it_is_said_to_auditors_alone(language: str, words: str) -> None:
    """SIGHT-8"""
    found = shown_to(LEAD, language, {"opened": {}})
    assert (words in found, WORDS["sealed_nobody"][list(LANGUAGES).index(language)] in found) == (True, False)


@pytest.mark.parametrize("viewer", [LEAD, UNIT], ids=["lead", "unit"])
def test_the_page_of_whoever_is_no_auditor_has_no_pack_and_no_list_of_who_knew(viewer: Viewer) -> None:
    """SIGHT-11, SIGHT-13"""
    node = told()
    page = str(movement(node, viewer, Reader("en", node.clock.now()), "m1").body)
    found = [word for word in ("/pack", "/knew/", "share checked", "share released") if word in page]
    assert (found, "Statements about what is sealed are shown" in page) == ([], True)
