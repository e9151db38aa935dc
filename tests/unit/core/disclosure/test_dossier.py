"""A dossier opens to what was registered, with the copy of whoever keeps it, and to nobody else."""

from __future__ import annotations

import base64
import hashlib

import msgspec
import pytest

from safeconduct.core.acts import PersonSealed
from safeconduct.core.disclosure import (
    HeldDossier,
    dossier_commitment,
    may_read_person,
    open_copy,
    open_dossier,
    seal_dossier,
)
from safeconduct.core.sealing import SealingKey, commitment
from safeconduct.errors import CheckFailed, InputInvalid
from safeconduct.testing import counted

PERSON = "person/p-0417"
HELD = HeldDossier(data=b'{"name":"Somebody"}', salt=bytes(range(32)))
KEYS = {party: SealingKey.from_seed(hashlib.sha256(party.encode()).digest()) for party in ("host", "sending")}


def sealed(seed: str = "s", *parties: str) -> tuple[PersonSealed, bytes]:
    holders = {party: KEYS[party].public for party in parties or ("host", "sending")}
    return seal_dossier(HELD, subject=PERSON, until=1, holders=holders, randomness=counted(seed))


@pytest.mark.parametrize("party", ["host", "sending"])
def test_each_that_keeps_it_opens_it_to_what_was_registered(party: str) -> None:
    """SEAL-84, SEAL-85"""
    act, ciphertext = sealed()
    assert open_dossier(act, PERSON, ciphertext, open_copy(act, PERSON, party, KEYS[party])) == HELD
    assert act.dossier == commitment("dossier", PERSON, HELD.salt, HELD.data) == dossier_commitment(PERSON, HELD)


def test_the_ciphertext_says_nothing_of_its_length_and_nothing_in_clear() -> None:
    """SEAL-84, SEAL-35"""
    _, ciphertext = sealed()
    assert (len(ciphertext), b"Somebody" in ciphertext) == (1024 + 24 + 16, False)


@pytest.mark.parametrize(
    ("subject", "party", "key"),
    [("person/other", "host", "host"), (PERSON, "host", "sending"), (PERSON, "sending", "host")],
)
def test_a_copy_opens_for_its_person_and_its_holder_alone(subject: str, party: str, key: str) -> None:
    """SEAL-85"""
    act, _ = sealed()
    with pytest.raises(CheckFailed):
        open_copy(act, subject, party, KEYS[key])


def test_a_copy_of_another_key_is_refused() -> None:
    """SEAL-85"""
    act, _ = sealed()
    other, _ = sealed("other")
    with pytest.raises(CheckFailed):
        open_copy(msgspec.structs.replace(act, copies=other.copies), PERSON, "host", KEYS["host"])
    with pytest.raises(CheckFailed, match="the key that was committed to"):
        open_copy(msgspec.structs.replace(act, key="ab" * 32), PERSON, "host", KEYS["host"])


def test_who_keeps_none_has_no_copy() -> None:
    act, _ = sealed("s", "sending")
    with pytest.raises(InputInvalid, match="expected a copy for host, got copies for sending"):
        open_copy(act, PERSON, "host", KEYS["host"])


def test_a_copy_that_is_no_base64_is_told() -> None:
    act, _ = sealed()
    broken = tuple(msgspec.structs.replace(copy, sealed="!" * 108) for copy in act.copies)
    with pytest.raises(InputInvalid, match="standard base64"):
        open_copy(msgspec.structs.replace(act, copies=broken), PERSON, "host", KEYS["host"])


def test_another_ciphertext_and_another_dossier_are_refused() -> None:
    """SEAL-87"""
    act, ciphertext = sealed()
    key = open_copy(act, PERSON, "host", KEYS["host"])
    with pytest.raises(CheckFailed, match="ciphertext"):
        open_dossier(act, PERSON, ciphertext[:-1] + b"x", key)
    with pytest.raises(CheckFailed):
        open_dossier(msgspec.structs.replace(act, dossier="ab" * 32), PERSON, ciphertext, key)


def test_a_dossier_that_nobody_keeps_is_not_sealed() -> None:
    with pytest.raises(InputInvalid, match="got nobody"):
        seal_dossier(HELD, subject=PERSON, until=1, holders={}, randomness=counted())


def test_what_is_held_is_never_printed() -> None:
    assert "Somebody" not in repr(HELD)
    assert base64.b64encode(HELD.data).decode() not in repr(HELD)


@pytest.mark.parametrize(
    ("viewer", "roles", "shown"),
    [
        ("sending/authority", ("authority",), True),
        ("sending/approver", ("approver",), True),
        ("sending/manager", ("journey_manager",), True),
        ("sending/driver", ("driver",), False),
        ("sending/driver", (), False),
        ("host/authority", ("authority",), False),
        ("host/approver", ("approver",), False),
        ("hostile/approver", ("approver",), False),
    ],
)
def test_what_is_held_is_shown_to_its_side_and_its_authors_alone(
    viewer: str, roles: tuple[str, ...], *, shown: bool
) -> None:
    """SEAL-88: the manager said some of it; of the host's side nobody keeps it."""
    found = may_read_person(
        opened_by=("approver",), sides={"sending"}, authors=("sending/manager",), viewer=viewer, roles=roles
    )
    assert found is shown
