"""What every Vault does: one suite, run on the one in memory and on the one on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from safeconduct.edges.storage import FileVault
from safeconduct.node.ports import Vault
from safeconduct.testing import MemoryVault

_VAULTS: dict[str, Callable[[Path], Vault]] = {
    "memory": lambda _: MemoryVault(),
    "files": lambda folder: FileVault(folder / "sealing", bytes(32)),
}

GONE, STAYS = (hashlib.sha256(data).hexdigest() for data in (b"gone", b"stays"))


@pytest.fixture(params=list(_VAULTS))
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    return _VAULTS[request.param](tmp_path)


def test_a_key_that_was_made_opens_what_is_sealed_to_it(vault: Vault) -> None:
    public = vault.make()
    key = vault.key(public.key_id)
    assert key is not None
    assert key.open(public.seal(b"gate 2", b"use"), b"use") == b"gate 2"


def test_every_key_is_another(vault: Vault) -> None:
    assert len({vault.make().key_id for _ in range(5)}) == 5


def test_a_key_that_was_never_made_is_none(vault: Vault) -> None:
    assert vault.key("ab" * 32) is None
    assert vault.key("../../etc/passwd") is None


def test_a_destroyed_key_is_no_more_and_the_others_are(vault: Vault) -> None:
    gone, stays = vault.make(), vault.make()
    vault.destroy(gone.key_id)
    assert (vault.key(gone.key_id), vault.key(stays.key_id) is None) == (None, False)


def test_destroying_again_or_what_is_not_there_changes_nothing(vault: Vault) -> None:
    public = vault.make()
    for key_id in (public.key_id, public.key_id, "ab" * 32, "../vault"):
        vault.destroy(key_id)
    assert vault.key(public.key_id) is None


def test_a_secret_is_made_once_and_each_name_has_its_own(vault: Vault) -> None:
    first = vault.secret("variants")
    assert (len(first), vault.secret("variants"), vault.secret("other") == first) == (32, first, False)


def test_a_ciphertext_is_there_until_it_is_forgotten_and_the_keys_stay(vault: Vault) -> None:
    """SEAL-80"""
    public = vault.make()
    vault.keep(GONE, b"gone")
    vault.keep(STAYS, b"stays")
    assert (vault.held(), vault.kept(GONE)) == (frozenset({GONE, STAYS}), b"gone")
    vault.forget(GONE)
    assert (vault.held(), vault.kept(GONE), vault.kept(STAYS)) == (frozenset({STAYS}), None, b"stays")
    assert vault.key(public.key_id) is not None


def test_keeping_again_changes_nothing_and_forgetting_what_is_not_there_neither(vault: Vault) -> None:
    for _ in range(2):
        vault.keep(STAYS, b"stays")
    for digest in (GONE, "../vault"):
        vault.forget(digest)
        assert vault.kept(digest) is None
    assert vault.held() == frozenset({STAYS})


def test_a_vault_without_ciphertexts_holds_none(vault: Vault) -> None:
    assert vault.held() == frozenset()
