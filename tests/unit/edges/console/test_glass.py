"""The page of break-glass: who asked and why, how it stands, and what each party's people do next."""

from __future__ import annotations

import asyncio
import re
from functools import cache

import pytest

from safeconduct.core.acts import GlassAsked, GlassObjected, MovementCancelled
from safeconduct.edges.console.glass import glass
from safeconduct.edges.console.movement import movement
from safeconduct.edges.console.reader import Reader
from safeconduct.errors import NotFound
from safeconduct.node.node import Node
from safeconduct.testing import MINUTE, MOVEMENT, Federation, authority
from tests.unit.edges.console.night import NOW
from tests.unit.edges.console.night import told as night
from tests.unit.node.test_glass import CUT, ask, bring, cut_off, piece

STAGES = ("few", "waits", "gives", "enough", "stopped", "over")


async def come(federation: Federation, content: str, stage: str) -> None:
    """A request that has come so far, on the asking party's node and, once it is back, on the silent one's."""
    if stage == "few":
        await ask_once(federation, content)
    else:
        await ask(federation, content)
    if stage in ("gives", "enough"):
        federation.clock.advance(15 * MINUTE)
    if stage == "enough":
        for officer in ("anna", "chen"):
            await bring(federation, piece(federation, content, officer))
    federation.links.cut -= CUT
    await federation.sync()
    if stage == "stopped":
        await federation.say("sending/approver", MOVEMENT, GlassObjected(content=content, reason="we are here"))
    if stage == "over":
        await federation.say("sending/journey_manager", MOVEMENT, MovementCancelled(reason="called off"))
    await federation.sync()


async def ask_once(federation: Federation, content: str) -> None:
    act = GlassAsked(content=content, party="sending", reason="<b>really</b> no answer since 04:10")
    await federation.say("host/duty_officer", MOVEMENT, act)


@cache
def nodes(stage: str) -> tuple[Node, Node, int]:
    """The asking party's node, the other's, and the time on their clock; they write no more."""

    async def tell() -> tuple[Node, Node, int]:
        async with cut_off() as (federation, content):
            if stage:
                await come(federation, content, stage)
            return federation.node("host"), federation.node("sending"), federation.clock.now()

    return asyncio.run(tell())


def markup(stage: str, language: str = "en", party: str = "host") -> str:
    host, sending, now = nodes(stage)
    node = host if party == "host" else sending
    return str(glass(node, authority(node), Reader(language, now), "m1").body)


def text(found: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found)).replace("&#x27;", "'").replace("&quot;", '"')


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("few", ("too few have asked", "1 of 2", "glass ask m1 rendezvous --party sending --reason")),
        (
            "waits",
            (
                "there is time to object",
                "2 of 2",
                "in 15 min",
                "Call the silent party",
                "glass request m1 rendezvous --party sending --out request.json",
                "glass give request.json --key-file officer.key --out officer.piece",
                "glass bring officer.piece",
            ),
        ),
        ("gives", ("officers may give now", "glass request m1 rendezvous")),
        ("enough", ("enough pieces: it opens", "anna", "chen", "order open m1 rendezvous")),
        ("stopped", ("stopped by the objection", "0 of 2", "glass ask m1 rendezvous")),
        ("over", ("over: nothing more is given", "Nothing is to be done any more.")),
    ],
)
def test_the_asking_party_is_shown_how_it_stands_and_the_exact_command(stage: str, words: tuple[str, ...]) -> None:
    """REC-80 to REC-86"""
    found = text(markup(stage))
    assert [word for word in words if word not in found] == []
    if stage in ("few", "waits", "gives", "enough"):
        assert ("host/duty_officer" in found, "no answer since 04:10" in found) == (True, True)


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_the_silent_party_is_told_how_to_stop_it_as_long_as_that_helps(stage: str) -> None:
    """REC-86"""
    found = text(markup(stage, party="sending"))
    assert ("glass object m1 rendezvous --reason" in found) == (stage in ("few", "waits", "gives"))
    assert "glass request" not in found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("紧急开启", "反对期内", "下一步")), ("ur", ("ہنگامی طور پر کھولنا", "اعتراض کا وقت باقی ہے", "آگے کیا"))],
)
def test_it_is_told_in_the_readers_language(language: str, words: tuple[str, ...]) -> None:
    found = text(markup("waits", language))
    assert [word for word in words if word not in found] == []
    assert [c for c in ("glass request m1 rendezvous", "officer.piece") if c not in found] == []


@pytest.mark.slow
def test_the_movements_page_leads_there_once_somebody_has_asked() -> None:
    host, _, now = nodes("few")
    quiet, _, before = nodes("")
    assert 'href="/glass/m1"' in str(movement(host, authority(host), Reader("en", now), "m1").body)
    assert 'href="/glass/m1"' not in str(movement(quiet, authority(quiet), Reader("en", before), "m1").body)


@pytest.mark.slow
def test_where_nobody_asked_it_says_so_and_what_one_may_do() -> None:
    assert "safeconduct glass ask m1" in text(markup(""))
    shown = text(str(glass(night().host, authority(night().host), Reader("en", NOW), "m-108").body))
    assert "The agreement has no break-glass" in shown
    with pytest.raises(NotFound):
        glass(night().host, authority(night().host), Reader("en", NOW), "m-999")


@pytest.mark.slow
def test_what_people_wrote_cannot_become_markup_and_nothing_sealed_is_told() -> None:
    found = markup("few")
    assert ("&lt;b&gt;really" in found, "<b>really" in found, "gate 2" in found) == (True, False, False)
