"""Forgotten is what no key opens any more; everything else is kept."""

from __future__ import annotations

import pytest

from safeconduct.core.acts import CompartmentReleased, CompartmentSealed, GlassGiven, Share
from safeconduct.core.agreement import Evidence
from safeconduct.core.record import SealingKeyLine, SealingState, is_forgotten, keys_of_sealing

HOST, SENDING, LATER, ASKING = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)
EVIDENCE = Evidence(party="host", index=1, id="e" * 64, at=1)
_SHARE = "A" * 150 + "=="


def keys(*, destroyed: tuple[str, ...], live: tuple[str, ...] = ()) -> SealingState:
    lines = {
        key: SealingKeyLine(text="", until=1, published=EVIDENCE, destroyed=EVIDENCE if key in destroyed else None)
        for key in (*destroyed, *live)
    }
    return SealingState(subject="sealing/x", keys=lines)


def test_every_key_that_a_share_was_sealed_to_counts_released_and_given_ones_too() -> None:
    """SEAL-80"""
    act = CompartmentSealed(
        compartment="route",
        variant="exact",
        content="0" * 64,
        size=1,
        key="1" * 64,
        shares=tuple(
            Share(party=party, to=to, sealed=_SHARE, commitment="2" * 64)
            for party, to in (("host", HOST), ("sending", SENDING))
        ),
    )
    released = CompartmentReleased(content="0" * 64, party="host", to=LATER, sealed=_SHARE)
    given = GlassGiven(content="0" * 64, party="sending", officer="anna", to=ASKING, sealed="A" * 194 + "==")
    found = keys_of_sealing(act, [released], [("host", given)])
    assert found == (("host", HOST), ("host", LATER), ("host", ASKING), ("sending", SENDING))


@pytest.mark.parametrize(
    ("states", "forgotten"),
    [
        ({"host": keys(destroyed=(HOST,)), "sending": keys(destroyed=(SENDING,))}, True),
        ({"host": keys(destroyed=(HOST,)), "sending": keys(destroyed=(), live=(SENDING,))}, False),
        ({"host": keys(destroyed=(HOST,)), "sending": keys(destroyed=(LATER,))}, False),
        ({"host": keys(destroyed=(HOST,))}, False),
        ({"host": keys(destroyed=(SENDING,)), "sending": keys(destroyed=(HOST,))}, False),
        ({}, False),
    ],
    ids=["all", "one lives", "one is unknown", "a party without keys", "each the other's", "nothing known"],
)
def test_it_is_forgotten_with_the_last_key_and_not_before(states: dict[str, SealingState], *, forgotten: bool) -> None:
    """SEAL-80, SEAL-81"""
    assert is_forgotten([("host", HOST), ("sending", SENDING)], states) is forgotten
