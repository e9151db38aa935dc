"""A key file opens with its passphrase and with nothing else, and nothing that we print ever shows a key."""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from unicodedata import normalize

import pyrage  # type: ignore[import-untyped]
import pytest

from safeconduct.edges.storage import Seeds, read_keys, write_keys
from safeconduct.edges.storage.key_file import KEY_FILE_BYTES_MAX, _seeds
from safeconduct.errors import InputInvalid, NotAllowed, NotFound, SafeconductError, Unavailable

_SEEDS = {"log": b"\x01" * 32, "witness": bytes(range(32)), "actor": b"\xff" * 32}
_PASSPHRASE = normalize("NFC", "café 喀布尔 پشاور")

# The same keys under the same passphrase, written by another age implementation with scrypt's N of 2^2. Our own files
# have 2^17 and more, so that each guess at a passphrase costs a second; tests need not pay that each time.
_BY_ANOTHER = b"""age-encryption.org/v1
-> scrypt Y0ea1poJCyWCd+yPum+ZQQ 2
5SrrNS+q7a7ovjY+UJtSiSTx60eUpeEfCiOndi1qQVU
--- nDYoBh7lkqDoTgZDlchikqPmAkx1j5oC3kK7Z//9PjI
""" + base64.b64decode(
    "eDd7UldXtJRCf4kBT5fXme6SOOUlMc27ZYSQ+aq06dLpPyXNuIyO9R3hGxwQJrhFQGuDCb+AwWQrQiB+CZRE5bQb50BVRO4EQ7m5o/3XpfHYHdQC"
    "/d7G9tYmIMR37Jg5TDDl6+ybXM+dboqSkYna86MDcTlq2Jleq1yPGfQuPnP7PXw/fDCSkXH2nn/rJGD1drg01+0/go6qn9/UEEmfgHmCvn6XmJ82"
    "4hQCidEdZsOMVJS4WOnNPuhSK3myLcSJeu1w1HG0Bj7UmdCg+akx5wICO8uoTT5xBmnAN/AYotBchIrv69s+KOcX2jc+"
)


def _file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    return _file(tmp_path / "foreign.key", _BY_ANOTHER)


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_file_that_another_age_wrote_is_read(foreign: Path) -> None:
    assert read_keys(foreign, _PASSPHRASE) == _SEEDS


def test_a_passphrase_typed_on_another_keyboard_is_the_same(foreign: Path) -> None:
    assert read_keys(foreign, normalize("NFD", _PASSPHRASE)) == _SEEDS


@pytest.mark.parametrize("wrong", ["", "café", _PASSPHRASE + " ", _PASSPHRASE.upper()])
def test_another_passphrase_is_refused(foreign: Path, wrong: str) -> None:
    with pytest.raises(NotAllowed, match="wrong passphrase for"):
        read_keys(foreign, wrong)


@pytest.mark.parametrize("kept", [25, 60, 150, -200, -17, -1])
def test_a_file_that_was_cut_off_is_said_to_be_damaged(tmp_path: Path, kept: int) -> None:
    with pytest.raises(InputInvalid, match="is damaged or was cut off"):
        read_keys(_file(tmp_path / "cut.key", _BY_ANOTHER[:kept]), _PASSPHRASE)


@pytest.mark.parametrize("at", [-1, -40, 130])
def test_a_changed_byte_is_said_to_be_damage(tmp_path: Path, at: int) -> None:
    data = bytearray(_BY_ANOTHER)
    data[at] ^= 1
    with pytest.raises(InputInvalid, match="is damaged or was cut off"):
        read_keys(_file(tmp_path / "changed.key", bytes(data)), _PASSPHRASE)


def test_a_file_made_to_take_for_ever_is_refused_at_once(tmp_path: Path) -> None:
    slow = _BY_ANOTHER.replace(b"+ZQQ 2\n", b"+ZQQ 40\n")
    with pytest.raises(Unavailable, match="was made on a far faster machine"):
        read_keys(_file(tmp_path / "slow.key", slow), _PASSPHRASE)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"-----BEGIN PRIVATE KEY-----\n", b"age", bytes(1000), b"x" * (KEY_FILE_BYTES_MAX + 1)]
)
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputInvalid, match="is no key file"):
        read_keys(_file(tmp_path / "other.key", content), _PASSPHRASE)


def test_an_age_file_for_a_key_is_refused(tmp_path: Path) -> None:
    sealed = pyrage.encrypt(b"data", [pyrage.x25519.Identity.generate().to_public()])
    with pytest.raises(InputInvalid, match="is an age file without a passphrase"):
        read_keys(_file(tmp_path / "sealed.key", sealed), _PASSPHRASE)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"remember the milk", "holds no keys of ours"),
        (b'{"format":"safeconduct-keys/1","keys":{"log":"c2hvcnQ="}}', "holds a key that has not 32 bytes"),
        (b'{"format":"safeconduct-keys/1","keys":{"log":"!"}}', "holds no keys of ours"),
        (b'{"format":"safeconduct-keys/1","keys":{},"more":1}', "holds no keys of ours"),
        (b'{"format":"safeconduct-keys/1"}', "holds no keys of ours"),
        (b'{"format":"safeconduct-keys/2","keys":{}}', "in another format than safeconduct-keys/1"),
    ],
)
def test_a_passphrase_file_with_something_else_in_it_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(InputInvalid, match=said):
        _seeds(Path("other.key"), content)


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no key file at"):
        read_keys(tmp_path / "nowhere.key", "pass")


def test_a_folder_in_the_place_of_a_file_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot read"):
        read_keys(tmp_path, "pass")


# --- writing ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "node.key"
    write_keys(path, _SEEDS, _PASSPHRASE)
    return path


@pytest.mark.slow
def test_keys_come_back_with_the_passphrase(written: Path) -> None:
    assert read_keys(written, _PASSPHRASE) == _SEEDS


@pytest.mark.slow
def test_age_alone_opens_the_file_and_finds_canonical_json(written: Path) -> None:
    """Whoever leaves us takes the keys along."""
    content = pyrage.passphrase.decrypt(written.read_bytes(), _PASSPHRASE)
    texts = {name: base64.b64encode(_SEEDS[name]).decode() for name in sorted(_SEEDS)}
    keys = ",".join(f'"{name}":"{text}"' for name, text in texts.items())
    assert content.decode() == f'{{"format":"safeconduct-keys/1","keys":{{{keys}}}}}'


def test_a_key_file_is_never_overwritten(foreign: Path) -> None:
    with pytest.raises(InputInvalid, match="exists: a key file is never overwritten"):
        write_keys(foreign, _SEEDS, "another")
    assert foreign.read_bytes() == _BY_ANOTHER


@pytest.mark.slow
def test_a_disk_that_refuses_leaves_no_file(tmp_path: Path) -> None:
    """Its name can be used again when the disk works again."""
    (tmp_path / "node.key.tmp").mkdir()
    with pytest.raises(Unavailable, match="cannot write"):
        write_keys(tmp_path / "node.key", _SEEDS, "pass")
    assert not (tmp_path / "node.key").exists()


@pytest.mark.slow
def test_the_file_is_for_its_owner_only_and_alone(written: Path) -> None:
    found = (stat.S_IMODE(written.stat().st_mode), [path.name for path in written.parent.iterdir()])
    assert found == (0o600, ["node.key"])


@pytest.mark.slow
def test_the_file_holds_no_key_in_the_clear(written: Path) -> None:
    data = written.read_bytes()
    assert [name for name, seed in _SEEDS.items() if seed in data or name.encode() in data] == []


def test_a_folder_that_does_not_exist_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot write"):
        write_keys(tmp_path / "nowhere" / "node.key", {"log": bytes(32)}, "pass")


@pytest.mark.parametrize(
    ("seeds", "passphrase", "said"),
    [
        (_SEEDS, "", "a key file has a passphrase"),
        ({}, "pass", "has 1 to 64 keys, got 0"),
        ({f"key{i}": bytes(32) for i in range(65)}, "pass", "has 1 to 64 keys, got 65"),
        ({"log": bytes(31)}, "pass", "the seed of key log has 32 bytes, got 31"),
    ],
)
def test_keys_that_could_not_be_read_again_are_not_written(
    tmp_path: Path, seeds: dict[str, bytes], passphrase: str, said: str
) -> None:
    with pytest.raises(InputInvalid, match=said):
        write_keys(tmp_path / "node.key", seeds, passphrase)
    assert list(tmp_path.iterdir()) == []


# --- nothing that is printed shows a secret --------------------------------------------------------------------------


def test_seeds_print_their_names_alone() -> None:
    seeds = Seeds(_SEEDS)
    assert [str(seeds), repr(seeds), f"{seeds}"] == ["Seeds(actor, log, witness)"] * 3


@pytest.mark.parametrize("content", ['{"keys":{"log":"%s!"},"format":"safeconduct-keys/1"}', '["%s"]', "%s", '{"%s":'])
def test_no_error_shows_a_key(content: str) -> None:
    secret = "c2VjcmV0IGtleSBtYXRlcmlhbCAzMiBieXRlcyBsb25nIQ=="
    with pytest.raises(SafeconductError) as raised:
        _seeds(Path("node.key"), (content % secret).encode())
    shown = (secret[:8] in str(raised.value), raised.value.__cause__, raised.value.__suppress_context__)
    assert shown == (False, None, True)


def test_no_error_shows_a_passphrase(foreign: Path) -> None:
    with pytest.raises(NotAllowed) as raised:
        read_keys(foreign, "open sesame")
    shown = ("sesame" in str(raised.value), raised.value.__cause__, raised.value.__suppress_context__)
    assert shown == (False, None, True)
