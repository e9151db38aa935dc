"""Joint releases on the record: out with the last signature, and a "no" that knew nothing of it stops it."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.core.acts import (
    Act,
    ReleasedCount,
    ReleaseProposed,
    ReleaseRefused,
    ReleaseSigned,
    ReleaseWithdrawn,
)
from safeconduct.core.record import ReleaseStanding, ReleaseState, standing_of
from safeconduct.core.record.press import apply_release
from safeconduct.core.statement import digest
from safeconduct.testing import Story, card_of, information_terms

SUBJECT = "release/r1"
DUTY, LEAD, MANAGER = "host/duty_officer", "host/escort_lead", "sending/security_manager"
WORDS = ReleaseProposed(texts={"en": "All twelve are safe.", "ur": "سب بارہ محفوظ ہیں۔"}, counts=())
NAMED = digest(WORDS)
NO = "not yet"


def story(proposal: ReleaseProposed = WORDS, **changed: object) -> Story:
    told = Story(information_terms([card_of(party) for party in ("host", "sending")], **changed))
    told.say(DUTY, proposal, subject=SUBJECT)
    return told


def why(told: Story, actor: str, act: Act) -> str | None:
    return told.why_void(told.say(actor, act, subject=SUBJECT))


def standing(told: Story) -> ReleaseStanding:
    state = told.folded(SUBJECT).state
    assert isinstance(state, ReleaseState)
    return standing_of(state)


def test_it_is_out_when_every_other_party_has_signed_the_same_words() -> None:
    """REC-115, REC-117"""
    told = story()
    assert standing(told) == "proposed"
    assert why(told, MANAGER, ReleaseSigned(digest="ab" * 32)) == "not_proposed"
    assert (why(told, MANAGER, ReleaseSigned(digest=NAMED)), standing(told)) == (None, "released")


@pytest.mark.parametrize(
    ("actor", "act", "reason"),
    [
        (DUTY, ReleaseSigned(digest=NAMED), "other_party"),
        ("sending/approver", ReleaseSigned(digest=NAMED), "role_may_not"),
        (MANAGER, ReleaseWithdrawn(digest=NAMED, reason=NO), "other_party"),
        (LEAD, ReleaseWithdrawn(digest=NAMED, reason=NO), "not_your_role"),
        (DUTY, ReleaseRefused(digest=NAMED, reason=NO), "other_party"),
        (MANAGER, WORDS, "exists_already"),
    ],
)
def test_each_answers_for_its_own_side(actor: str, act: Act, reason: str) -> None:
    """REC-115, REC-117, REC-118"""
    assert why(story(), actor, act) == reason


def test_without_terms_for_information_nothing_is_proposed() -> None:
    """REC-115, AG-164"""
    told = story(information=None)
    assert told.folded(SUBJECT).state is None


def test_what_was_refused_or_withdrawn_is_not_signed_any_more() -> None:
    """REC-118"""
    refused = story()
    assert why(refused, MANAGER, ReleaseRefused(digest=NAMED, reason=NO)) is None
    assert (why(refused, MANAGER, ReleaseSigned(digest=NAMED)), standing(refused)) == ("is_refused", "refused")
    withdrawn = story()
    assert why(withdrawn, DUTY, ReleaseWithdrawn(digest=NAMED, reason=NO)) is None
    assert (why(withdrawn, MANAGER, ReleaseSigned(digest=NAMED)), standing(withdrawn)) == (
        "is_withdrawn",
        "withdrawn",
    )


@pytest.mark.parametrize(
    ("actor", "no", "stands"),
    [
        (MANAGER, ReleaseRefused(digest=NAMED, reason=NO), "refused"),
        (DUTY, ReleaseWithdrawn(digest=NAMED, reason=NO), "withdrawn"),
    ],
)
def test_of_a_no_and_the_last_signature_said_at_once_the_no_counts(
    actor: str, no: Act, stands: ReleaseStanding
) -> None:
    """REC-119: the safer act wins; one who had seen that it is out is too late."""
    told = story()
    before = told.after()
    told.say(MANAGER, ReleaseSigned(digest=NAMED), subject=SUBJECT)
    late = told.say(actor, no, subject=SUBJECT)
    assert (told.why_void(late), standing(told)) == ("is_released", "released")
    told.say(actor, no, subject=SUBJECT, after=before)
    assert standing(told) == stands


def test_among_three_parties_one_signature_is_not_enough() -> None:
    """REC-117"""
    told = story()
    state = told.folded(SUBJECT).state
    assert isinstance(state, ReleaseState)
    state = msgspec.structs.replace(state, awaited=("agency", "sending"))
    for party, stands in (("sending", "proposed"), ("agency", "released")):
        said = told.say(MANAGER, ReleaseSigned(digest=NAMED), subject=SUBJECT)
        mark = msgspec.structs.replace(state.proposed, party=party)
        state = apply_release(told.terms, state, said, mark, ReleaseSigned(digest=NAMED))
        assert standing_of(state) == stands


@pytest.mark.parametrize(
    ("count", "reason"),
    [
        (ReleasedCount(of="breaches", number=0), None),
        (ReleasedCount(of="breaches", number=5), None),
        (ReleasedCount(of="breaches", number=4), "small_count"),
        (ReleasedCount(of="breaches", fewer_than=5), None),
        (ReleasedCount(of="breaches", fewer_than=4), "small_count"),
        (ReleasedCount(of="breaches"), "bad_count"),
        (ReleasedCount(of="breaches", number=9, fewer_than=5), "bad_count"),
    ],
)
def test_a_small_number_is_not_given_out_exactly(count: ReleasedCount, reason: str | None) -> None:
    """REC-116"""
    told = Story(information_terms([card_of(party) for party in ("host", "sending")]))
    assert why(told, DUTY, ReleaseProposed(texts={}, counts=(count,))) == reason


def test_a_release_says_something() -> None:
    """REC-116"""
    told = Story(information_terms([card_of(party) for party in ("host", "sending")]))
    assert why(told, DUTY, ReleaseProposed(texts={}, counts=())) == "nothing_said"
