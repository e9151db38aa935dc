"""Who is told of a joint release, and when its words are out."""

from __future__ import annotations

import pytest

from safeconduct.core.acts import ReleaseProposed, ReleaseSigned
from safeconduct.core.statement import digest
from safeconduct.errors import NotFound
from safeconduct.node import press
from safeconduct.testing import viewer_of
from tests.unit.node.test_custody import played
from tests.unit.node.test_items import DUTY, MANAGER, UNIT, agreed

SUBJECT = "release/r1"
WORDS = ReleaseProposed(texts={"en": "All are safe."}, counts=())


@played
async def test_a_draft_is_told_to_who_proposes_and_signs_and_what_is_out_to_everybody() -> None:
    """ITEM-40, ITEM-41"""
    async with agreed() as federation:
        await federation.say(DUTY, SUBJECT, WORDS)
        await federation.sync()
        host, sending = federation.node("host"), federation.node("sending")
        assert press.one_release(sending, viewer_of(federation, MANAGER), SUBJECT).standing == "proposed"
        with pytest.raises(NotFound, match="no release"):
            press.one_release(host, viewer_of(federation, UNIT), SUBJECT)
        assert press.list_releases(host, viewer_of(federation, UNIT)) == []
        await federation.say(MANAGER, SUBJECT, ReleaseSigned(digest=digest(WORDS)))
        await federation.sync()
        (out,) = press.list_releases(host, viewer_of(federation, UNIT))
        assert (out.standing, out.texts, list(out.signed), out.awaited) == (
            "released",
            {"en": "All are safe."},
            ["sending"],
            (),
        )
