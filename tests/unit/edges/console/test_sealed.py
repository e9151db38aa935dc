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
from safeconduct.node import orders
from safeconduct.node.node import Node
from safeconduct.node.orders import SealingView
from safeconduct.testing import (
    BLURRED,
    HOUR,
    MOVEMENT,
    Federation,
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
    view = orders.order(node, MOVEMENT)
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
    page = str(movement(node, Reader(language, node.clock.now()), MOVEMENT.removeprefix("movement/")).body)
    assert ("gate 2" in page, "24.8949" in page) == (False, False)


def test_the_history_names_the_part_and_not_its_digest_alone() -> None:
    node = told()
    page = text(str(movement(node, Reader("en", node.clock.now()), MOVEMENT.removeprefix("movement/")).body))
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
