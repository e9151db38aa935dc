"""Dossiers on the record: who keeps one, until when, and who may open it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec
import pytest

from safeconduct.core.acts import Act, PersonOpened, PersonRegistered, PersonSealed
from safeconduct.core.agreement import Dossiers, Terms
from safeconduct.core.disclosure import HeldDossier, dossier_commitment, seal_dossier
from safeconduct.core.record import RegisterState
from safeconduct.core.sealing import SealingKey
from safeconduct.testing import HOUR, START, Story, card_of, counted, dossier_terms, small_terms

PERSON = "person/p-0417"
REGISTRAR, APPROVER, OFFICER = "sending/journey_manager", "sending/approver", "host/duty_officer"
DAY = 24 * HOUR
END = START + 60 * DAY
DOSSIER = HeldDossier(data=b'{"name":"A"}', salt=bytes(32))
KEYS = {party: SealingKey.from_seed(hashlib.sha256(party.encode()).digest()) for party in ("host", "sending")}
CARDS = [card_of(party) for party in ("host", "sending")]
SHARED = dossier_terms(CARDS, dossiers=Dossiers(kept="P60D", opened_by=("approver", "duty_officer"), held_by=("host",)))


def sealed(*parties: str, until: int = END, dossier: HeldDossier = DOSSIER, seed: str = "s") -> PersonSealed:
    holders = {party: KEYS[party].public for party in parties or ("sending",)}
    return seal_dossier(dossier, subject=PERSON, until=until, holders=holders, randomness=counted(seed))[0]


def story(terms: Terms | None = None) -> Story:
    told = Story(terms if terms is not None else dossier_terms(CARDS))
    act = PersonRegistered(group="engineers", dossier=dossier_commitment(PERSON, DOSSIER))
    told.say(REGISTRAR, act, subject=PERSON)
    return told


def void(told: Story, actor: str, act: Act, at: int = START) -> str | None:
    return told.why_void(told.say(actor, act, subject=PERSON, at=at))


def open_(act: PersonSealed) -> PersonOpened:
    return PersonOpened(content=act.content, reason="the hospital asks")


def dossiers(told: Story) -> Mapping[str, object]:
    state = told.folded(PERSON).state
    assert isinstance(state, RegisterState)
    return state.dossiers


def test_a_dossier_is_sealed_by_the_party_that_registered_the_person() -> None:
    """REC-150"""
    assert void(story(), REGISTRAR, sealed()) is None


@pytest.mark.parametrize(
    ("terms", "act", "why"),
    [
        (small_terms(CARDS), sealed(), "role_may_not"),
        (dossier_terms(CARDS, dossiers=None), sealed(), "no_dossiers"),
        (None, sealed(dossier=HeldDossier(data=b'{"name":"B"}', salt=bytes(32))), "other_dossier"),
        (None, sealed("host"), "other_holders"),
        (None, sealed("host", "sending"), "other_holders"),
        (SHARED, sealed("sending"), "other_holders"),
        (SHARED, sealed("host", "sending"), None),
        (None, msgspec.structs.replace(sealed(), copies=sealed().copies * 2), "other_holders"),
    ],
)
def test_it_is_of_the_last_registration_and_for_the_nodes_that_are_agreed(
    terms: Terms | None, act: PersonSealed, why: str | None
) -> None:
    """REC-150"""
    assert void(story(terms), REGISTRAR, act) == why


def test_nobody_is_sealed_who_is_not_registered() -> None:
    """REC-150"""
    told = Story(dossier_terms(CARDS))
    assert void(told, REGISTRAR, sealed()) == "not_registered"
    assert void(told, APPROVER, open_(sealed())) == "not_registered"


@pytest.mark.parametrize(
    ("until", "why"), [(START, "kept_too_long"), (START + 1, None), (END, None), (END + 1, "kept_too_long")]
)
def test_it_ends_after_now_and_no_later_than_is_agreed(until: int, why: str | None) -> None:
    """REC-151"""
    assert void(story(), REGISTRAR, sealed(until=until)) == why


def test_the_same_content_is_sealed_once() -> None:
    """REC-151"""
    told = story()
    assert [void(told, REGISTRAR, sealed()), void(told, REGISTRAR, sealed())] == [None, "sealed_already"]


@pytest.mark.parametrize(
    ("terms", "actor", "at", "why"),
    [
        (None, APPROVER, START, None),
        (None, APPROVER, END - 1, None),
        (None, APPROVER, END, "retention_over"),
        (None, OFFICER, START, "not_due"),
        (SHARED, OFFICER, START, None),
        (None, REGISTRAR, START, "role_may_not"),
    ],
)
def test_it_opens_for_agreed_roles_of_parties_that_keep_it_until_its_end(
    terms: Terms | None, actor: str, at: int, why: str | None
) -> None:
    """REC-152"""
    told = story(terms)
    act = sealed(*(("host", "sending") if terms is SHARED else ("sending",)))
    told.say(REGISTRAR, act, subject=PERSON)
    assert void(told, actor, open_(act), at) == why


def test_a_role_that_may_speak_and_is_not_named_opens_nothing() -> None:
    """REC-152"""
    told = story(dossier_terms(CARDS, dossiers=Dossiers(kept="P60D", opened_by=("duty_officer",), held_by=("host",))))
    act = sealed("host", "sending")
    told.say(REGISTRAR, act, subject=PERSON)
    assert void(told, APPROVER, open_(act)) == "not_due"


def test_what_was_never_sealed_does_not_open() -> None:
    """REC-152"""
    assert void(story(), APPROVER, open_(sealed())) == "not_sealed"


def test_sealing_anew_prolongs_it_and_leaves_what_was() -> None:
    """REC-153"""
    told = story()
    first, second = sealed(), sealed(until=END + DAY, seed="later")
    told.say(REGISTRAR, first, subject=PERSON)
    assert void(told, REGISTRAR, second, START + DAY) is None
    assert list(dossiers(told)) == [first.content, second.content]
    assert void(told, APPROVER, open_(first), END) == "retention_over"
    assert void(told, APPROVER, open_(second), END) is None


def test_the_first_opening_by_each_actor_is_kept() -> None:
    """REC-153"""
    told = story()
    act = sealed()
    told.say(REGISTRAR, act, subject=PERSON)
    first = told.say(APPROVER, open_(act), subject=PERSON, at=START + 1)
    told.say(APPROVER, open_(act), subject=PERSON, at=START + 2)
    state = told.folded(PERSON).state
    assert isinstance(state, RegisterState)
    assert state.dossiers[act.content].opened[APPROVER].id == first.id


def test_a_person_without_a_sealed_dossier_folds_as_before() -> None:
    """REC-153: the state's bytes, and so every digest of an older record, are the same ones."""
    state = story().folded(PERSON).state
    assert b"dossiers" not in msgspec.json.encode(state)
