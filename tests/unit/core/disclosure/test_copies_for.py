"""Who is shown what of copies: tried over every combination of roles."""

from __future__ import annotations

from itertools import combinations

from safeconduct.core.disclosure import OfCopies, may_see, own_reading_key
from safeconduct.core.record import CopiesState
from safeconduct.testing import card_of, copies_terms, sealing_terms
from safeconduct.testing.copies import reading_key
from tests.unit.core.record.test_copies import LEAD, READERS, beginning

CARDS = tuple(card_of(party) for party in ("host", "sending"))
TERMS = copies_terms(CARDS)
EVERY: tuple[OfCopies, ...] = ("leak", "leaks", "slots")
PANEL = {"duty_officer", "security_manager"}
# Who writes orders, and who signs lists.
WRITES = {"journey_manager", "duty_officer"}


def test_investigations_are_the_panels_and_lists_its_and_whose_work_they_are() -> None:
    """CAN-43"""
    names = [*(role.id for role in TERMS.roles), "authority", "stranger"]
    for count in (0, 1, 2):
        for roles in combinations(names, count):
            assert may_see(TERMS, roles, "leak") == bool(PANEL & set(roles))
            assert may_see(TERMS, roles, "slots") == bool((PANEL | WRITES) & set(roles))


def test_whoever_sees_all_is_told_what_there_is_and_nothing_that_was_found() -> None:
    """CAN-43, SIGHT-2: and without roles of the panel; who is of it and sees all is shown everything."""
    for terms in (TERMS, sealing_terms(CARDS), None):
        assert [may_see(terms, ("unit",), what, sees_all=True) for what in EVERY] == [False, True, True]
    for roles in (("duty_officer",), ("unit",)):
        assert may_see(TERMS, roles, "leaks") == may_see(TERMS, roles, "leak")
        assert may_see(TERMS, roles, "leak", sees_all=True) == may_see(TERMS, roles, "leak")


def test_where_nothing_is_agreed_nobody_is_shown_anything() -> None:
    """CAN-43"""
    plain = sealing_terms(CARDS)
    names = [role.id for role in plain.roles]
    assert not any(may_see(terms, names, what) for terms in (None, plain) for what in EVERY)


def test_a_recipient_is_found_by_the_key_that_it_published() -> None:
    """CAN-31"""
    law = beginning().law()
    state = CopiesState(subject="copies/m1", recipients=READERS)
    assert own_reading_key(law, state, LEAD) == reading_key(LEAD).public.key_id
    assert own_reading_key(law, state, "host/duty_officer") is None
