"""Keys in files, each under the node's own secret, and gone from the disk when they are destroyed."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from safeconduct.edges.storage import FileVault
from safeconduct.errors import InputInvalid, Unavailable
from tests.unit.edges.storage.disk import Disk, needs_a_disk

SEED = bytes(range(32))
CIPHERTEXT = hashlib.shake_256(b"what is sealed").digest(16_424)
DIGEST = hashlib.sha256(CIPHERTEXT).hexdigest()
_DISK_BYTES = 8 * 1024 * 1024


def test_a_vault_opened_again_has_its_keys(tmp_path: Path) -> None:
    """SEAL-65"""
    public = FileVault(tmp_path / "sealing", SEED).make()
    key = FileVault(tmp_path / "sealing", SEED).key(public.key_id)
    assert key is not None
    assert key.public == public


def test_a_stolen_folder_without_the_nodes_secret_opens_nothing(tmp_path: Path) -> None:
    public = FileVault(tmp_path / "sealing", SEED).make()
    assert FileVault(tmp_path / "sealing", bytes(32)).key(public.key_id) is None


def test_a_damaged_or_swapped_file_is_no_key(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "sealing", SEED)
    first, second = vault.make(), vault.make()
    one, other = (tmp_path / "sealing" / public.key_id for public in (first, second))
    shutil.copy(one, other)
    one.write_bytes(b"short")
    assert (vault.key(first.key_id), vault.key(second.key_id)) == (None, None)


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    public = FileVault(tmp_path / "sealing", SEED).make()
    folder = tmp_path / "sealing"
    assert [path.stat().st_mode & 0o077 for path in (folder, folder / public.key_id)] == [0, 0]


def test_a_disk_that_refuses_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "sealing").write_text("in the way")
    with pytest.raises(Unavailable, match="cannot write a sealing key"):
        FileVault(tmp_path / "sealing", SEED).make()


def test_the_bytes_of_a_file_are_overwritten_where_they_lie(tmp_path: Path) -> None:
    """SEAL-66: seen through a second name of the same file."""
    vault = FileVault(tmp_path / "sealing", SEED)
    public = vault.make()
    second = tmp_path / "second"
    os.link(tmp_path / "sealing" / public.key_id, second)
    before = second.read_bytes()
    vault.destroy(public.key_id)
    after = second.read_bytes()
    assert (len(after), before in after, (tmp_path / "sealing" / public.key_id).exists()) == (len(before), False, False)


def test_a_forgotten_ciphertext_is_overwritten_where_it_lies(tmp_path: Path) -> None:
    """SEAL-80: seen through a second name of the same file."""
    vault = FileVault(tmp_path / "sealing", SEED)
    vault.keep(DIGEST, CIPHERTEXT)
    second = tmp_path / "second"
    os.link(tmp_path / "sealing" / "sealed" / DIGEST, second)
    vault.forget(DIGEST)
    after = second.read_bytes()
    assert (len(after), CIPHERTEXT[:32] in after, vault.held()) == (len(CIPHERTEXT), False, frozenset())


@pytest.mark.parametrize("found", [b"", CIPHERTEXT[:100], CIPHERTEXT + b"more"], ids=["empty", "half", "longer"])
def test_what_a_crash_left_of_a_ciphertext_is_none_and_is_written_over(tmp_path: Path, found: bytes) -> None:
    vault = FileVault(tmp_path / "sealing", SEED)
    vault.keep(DIGEST, CIPHERTEXT)
    (tmp_path / "sealing" / "sealed" / DIGEST).write_bytes(found)
    assert vault.kept(DIGEST) is None
    vault.keep(DIGEST, CIPHERTEXT)
    assert vault.kept(DIGEST) == CIPHERTEXT


def test_a_disk_that_refuses_a_ciphertext_says_so(tmp_path: Path) -> None:
    (tmp_path / "sealing").write_text("in the way")
    with pytest.raises(Unavailable, match="cannot write a ciphertext"):
        FileVault(tmp_path / "sealing", SEED).keep(DIGEST, CIPHERTEXT)


@pytest.mark.slow
@needs_a_disk
def test_no_byte_of_a_destroyed_key_or_a_forgotten_ciphertext_is_left_on_the_disk(tmp_path: Path) -> None:
    """SEAL-66, SEAL-80: the whole disk is searched, journal, free blocks and all; what stays is found there."""
    disk = Disk(tmp_path, _DISK_BYTES)
    with disk.mounted() as folder:
        vault = FileVault(folder / "sealing", SEED)
        gone, stays = vault.make(), vault.make()
        lost, kept = ((folder / "sealing" / public.key_id).read_bytes() for public in (gone, stays))
        vault.keep(DIGEST, CIPHERTEXT)
    assert (lost in disk.image.read_bytes(), CIPHERTEXT in disk.image.read_bytes()) == (True, True)
    with disk.mounted():
        vault.destroy(gone.key_id)
        vault.forget(DIGEST)
    found = disk.image.read_bytes()
    assert (lost in found, lost[:24] in found, kept in found) == (False, False, True)
    # Every block of it: a ciphertext is longer than one.
    assert [at for at in range(0, len(CIPHERTEXT), 64) if CIPHERTEXT[at : at + 64] in found] == []


def test_a_secret_outlives_a_restart_and_a_damaged_one_is_not_replaced(tmp_path: Path) -> None:
    """CAN-32: another master seed would make the copies of every order others."""
    made = FileVault(tmp_path / "sealing", SEED).secret("variants")
    assert FileVault(tmp_path / "sealing", SEED).secret("variants") == made
    (tmp_path / "sealing" / "secret-variants").write_bytes(b"short")
    with pytest.raises(InputInvalid, match="expected the secret variants as this node wrote it"):
        FileVault(tmp_path / "sealing", SEED).secret("variants")
    with pytest.raises(InputInvalid, match="expected the secret variants as this node wrote it"):
        FileVault(tmp_path / "sealing", bytes(32)).secret("variants")
    with pytest.raises(InputInvalid, match="lower-case letters"):
        FileVault(tmp_path / "sealing", SEED).secret("../escape")
