"""A recipient's own copy of an order: made on its own machine from the halves of all hands, and kept there.

`reading/<key id>.box`: the machine's reading keys, of which the newest is published. `copies/<order>/<content>.box`: a
copy and the salt of its receipt, with which its holder can show one day what it was sent. The actor's own key opens
these boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from safeconduct.core.acts import CopyReceived, CopyRefused, ReaderPublished, SlotList
from safeconduct.core.agreement import Terms
from safeconduct.core.disclosure import (
    Content,
    Half,
    list_named,
    merge,
    open_half,
    receipt,
    require_template,
    slots_named,
)
from safeconduct.core.sealing import (
    NONCE_BYTES,
    SALT_BYTES,
    SEALING_KEY_BYTES,
    SealingKey,
    open_box,
    seal_box,
)
from safeconduct.edges.cli.desk import Desk
from safeconduct.edges.cli.folder import write_new
from safeconduct.edges.cli.inputs import read_file
from safeconduct.errors import CheckFailed, InputInvalid, NotFound, Refused, Unavailable
from safeconduct.node.copies import CopyView, ListView

_READING, _COPIES = "reading", "copies"
# A text of 16,000 characters in JSON, boxed.
_BOX_BYTES_MAX = 256 * 1024

Standing = Literal["received", "no_copy", "waiting", "refused"]


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """What a recipient reads. content: with the details of its copy, or as it was sealed if it has none. note: why."""

    content: Content
    standing: Standing
    note: str


class KeptCopy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is in a box: the words of the copy, and the salt of its receipt."""

    text: str
    salt: bytes


# --- writing ----------------------------------------------------------------------------------------------------------


def slots_for(desk: Desk, terms: Terms, compartment: str, content: Content) -> SlotList | None:
    """The list whose slots the words name; None if they name none.

    Raises InputInvalid where copies may not differ, or for names that no list has whole that all parties have signed.
    """
    named = slots_named(content.text or "")
    if not named:
        return None
    names = ", ".join(f"{{{name[:40]}}}" for name in named[:5])
    if terms.canaries is None or compartment not in terms.canaries.compartments:
        allowed = ", ".join(terms.canaries.compartments) if terms.canaries is not None else ""
        raise InputInvalid(
            f"expected slots only in what is agreed to differ by recipient ({allowed or 'nothing'}), got {names}"
        )
    usable = [view.list for view in lists_of(desk) if view.usable]
    listed = list_named(content.text or "", usable)
    if listed is None:
        known = " or ".join(", ".join(slot.id for slot in one.slots) for one in usable) or "none is signed yet"
        raise InputInvalid(f"expected words that name all slots of one signed list and no other ({known}), got {names}")
    require_template(content.text or "", listed)
    return listed


def lists_of(desk: Desk) -> list[ListView]:
    """The slot lists that the node has; none for whom they do not concern."""
    try:
        return desk.client.get("/v1/slots", list[ListView])
    except NotFound:
        return []


# --- reading ----------------------------------------------------------------------------------------------------------


def copy_of(desk: Desk, order: str, content: str, slots: str, sealed: Content, language: str) -> OwnCopy:
    """The speaker's own copy of an opened content, merged here; that it was received, or what did not fit, is said.

    Nobody is kept from an order for want of a copy: it is then shown as it was sealed, with the names of its slots.
    """
    path = f"/v1/movements/{order}/copy"
    try:
        view = desk.client.get(path, CopyView)
    except NotFound:
        note = "no copy of your own: your machine had no reading key when copies were made, so the details are left out"
        return OwnCopy(sealed, "no_copy", note)
    late = [hand.party for hand in view.hands if hand.sealed is None]
    if late:
        note = f"the half of {', '.join(late)} is not here yet, so the details are left out: open it again in a moment"
        return OwnCopy(sealed, "waiting", note)
    key = _reading_key(desk, view.recipient)
    if key is None:
        note = f"reading key {view.recipient[:16]} is not in this folder: open it on the machine that has it"
        return OwnCopy(sealed, "no_copy", note)
    if view.slots.digest != slots or view.order != order:
        raise CheckFailed(f"expected slot list {slots[:16]}, by which it was sealed, got {view.slots.digest[:16]}")
    halves: list[Half] = []
    for hand in view.hands:
        try:
            halves.append(open_half(hand.sealed or b"", view.slots, order, hand.party, key))
        except CheckFailed as error:
            return _refused(desk, view, content, hand.party, sealed, str(error))
    try:
        text = merge(sealed.text or "", view.slots, halves, language)
    except InputInvalid as error:
        return OwnCopy(sealed, "no_copy", f"the words cannot be merged with your halves: {error}")
    return _received(desk, view, content, msgspec.structs.replace(sealed, text=text))


def _received(desk: Desk, view: CopyView, content: str, copy: Content) -> OwnCopy:
    if content in view.received:
        return OwnCopy(copy, "received", "your own copy; that you received it is on the record")
    salt = desk.assembly.randomness(SALT_BYTES)
    said = receipt(view.order, view.recipient, salt, copy.text or "")
    # Kept first: a receipt that nobody can open would prove nothing.
    keep_copy(desk, view.order, content, KeptCopy(copy.text or "", salt))
    try:
        desk.client.say(f"copies/{view.order}", CopyReceived(content=content, recipient=view.recipient, receipt=said))
    except Refused as error:
        return OwnCopy(copy, "waiting", f"your own copy; that you received it is not on the record: {error}")
    return OwnCopy(
        copy, "received", "your own copy, with details that are yours alone; that you received it is on the record"
    )


def _refused(desk: Desk, view: CopyView, content: str, party: str, sealed: Content, reason: str) -> OwnCopy:
    act = CopyRefused(content=content, recipient=view.recipient, party=party, reason=reason)
    try:
        desk.client.say(f"copies/{view.order}", act)
    except Refused as error:
        return OwnCopy(sealed, "refused", f"the half of {party} does not fit, and that is not said again: {error}")
    return OwnCopy(sealed, "refused", f"the half of {party} does not fit, which is on the record now: no details")


# --- what is kept in the folder ---------------------------------------------------------------------------------------


def publish_reading_key(desk: Desk) -> tuple[str, str]:
    """A new reading key in the speaker's folder, published. Returns its text and its key id. Raises as `client.say`."""
    speaker = desk.client.speaker
    if speaker.dossier_key is None:
        raise InputInvalid(f"expected an actor, who reads orders, got {speaker.actor}")
    seed = desk.assembly.randomness(SEALING_KEY_BYTES)
    public = SealingKey.from_seed(seed).public
    _keep(desk, speaker.dossier_key, f"{_READING}/{public.key_id}", seed)
    desk.client.say(f"actor/{speaker.actor}", ReaderPublished(key=public.text))
    return public.text, public.key_id


def keep_copy(desk: Desk, order: str, content: str, kept: KeptCopy) -> None:
    """Write a copy with its salt; one that is kept already is left as it is, in a file beside it."""
    key = desk.client.speaker.dossier_key
    if key is None:
        raise InputInvalid(f"expected an actor, who reads orders, got {desk.client.speaker.actor}")
    folder = desk.client.speaker.folder / _COPIES / order
    count = len(list(folder.glob(f"{content}*.box")))
    _keep(desk, key, f"{_COPIES}/{order}/{content}{f'-{count}' if count else ''}", msgspec.json.encode(kept))


def kept_copies(folder: Path, key: bytes, order: str) -> list[KeptCopy]:
    """Every copy of an order that a speaker keeps. Raises CheckFailed for a box that was altered."""
    files = sorted((folder / _COPIES / order).glob("*.box"))
    boxes = ((file, read_file(file, _BOX_BYTES_MAX, "the box of a copy")) for file in files)
    opened = (open_box(box, f"{_COPIES}/{order}/{file.stem}", key) for file, box in boxes)
    return [msgspec.json.decode(data, type=KeptCopy) for data in opened]


def _reading_key(desk: Desk, key_id: str) -> SealingKey | None:
    speaker = desk.client.speaker
    file = speaker.folder / _READING / f"{key_id}.box"
    if speaker.dossier_key is None or not file.is_file():
        return None
    box = read_file(file, _BOX_BYTES_MAX, "the box of a reading key")
    return SealingKey.from_seed(open_box(box, f"{_READING}/{key_id}", speaker.dossier_key))


def _keep(desk: Desk, key: bytes, name: str, data: bytes) -> None:
    file = desk.client.speaker.folder / f"{name}.box"
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"cannot make folder {file.parent}: {error.strerror}") from error
    write_new(file, seal_box(data, name, key, desk.assembly.randomness(NONCE_BYTES)), mode=0o600)
