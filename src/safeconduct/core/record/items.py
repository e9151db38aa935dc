"""Information with caveats on the record: who may be shown it, pass it on, take it back (record.md REC-100 to REC-112).

The level of the Traffic Light Protocol says how far an item may go at most; that it does go there is said by name, and
on from there by the consent of its originator.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from safeconduct.core.acts import (
    CAVEATS,
    Caveat,
    ItemAcknowledged,
    ItemAct,
    ItemDerived,
    ItemDestroyed,
    ItemKey,
    ItemOnwardAllowed,
    ItemOnwardAsked,
    ItemOnwardRefused,
    ItemOpened,
    ItemPassed,
    ItemRecalled,
    ItemShared,
)
from safeconduct.core.agreement import InformationTerms, Terms, milliseconds
from safeconduct.core.record.law import Member
from safeconduct.core.record.order import Said, saw
from safeconduct.core.record.state import Derived, ItemState, Mark, Onward, Passed, Recalled, Void

DAY_MS = 86_400_000
# Whoever holds such an item may show it to everybody at its party, and pass it on to any party, unasked.
_UNASKED = ("clear", "green")


# --- who may be shown it ----------------------------------------------------------------------------------------------


def originator(state: ItemState) -> str:
    """The party whose item it is."""
    return state.shared.party


def party_of(terms: Terms, recipient: str) -> str | None:
    """The party of an actor or a role; None for one that the agreement does not know."""
    if "/" in recipient:
        party = recipient.split("/", 1)[0]
        return party if terms.party(party) is not None else None
    role = terms.role(recipient)
    return role.party if role is not None else None


def is_reader(state: ItemState, actor: str, roles: Iterable[str]) -> bool:
    """Whether the terms of an item let this actor be shown it, time and recall aside.

    Whoever shared it; who is named, or holds a role that is named; to whom it was passed on; and at the levels GREEN
    and CLEAR everybody whose party's node has it.
    """
    held = (actor, *roles)
    if actor == state.shared.actor or any(name in held for name in state.recipients):
        return True
    if any(name in held and not passed.withdrawn for name, passed in state.passed.items()):
        return True
    return state.caveat in _UNASKED and actor.split("/", 1)[0] in state.keyed


def needs_consent(state: ItemState, party: str) -> bool:
    """Whether somebody of a party passes the item on only with the originator's consent."""
    return party != originator(state) and state.caveat not in _UNASKED


def consent_of(state: ItemState, asker: str, to: str) -> Onward | None:
    """The consent by which an actor may still pass the item on; None without one, or once it was used or taken back."""
    onward = state.onward.get(asker, {}).get(to)
    if onward is None or onward.allowed is None or onward.refused is not None or onward.passed is not None:
        return None
    return onward


def awaited(state: ItemState) -> tuple[str, ...]:
    """The parties that are to confirm a recall: all whose nodes have the key, but for the originator's own. Sorted."""
    return tuple(sorted(party for party in state.keyed if party != originator(state)))


def openers(state: ItemState, party: str) -> tuple[str, ...]:
    """The actors of a party who were shown the item, sorted."""
    return tuple(sorted(actor for actor in state.opened if actor.split("/", 1)[0] == party))


def unconfirmed(state: ItemState, at: int | None = None) -> tuple[str, ...]:
    """Parties that have not confirmed a recall: the node has not destroyed its copy, or not all who opened it say so.

    at: as of that time, ms; as of everything said if None.
    """

    def done(party: str) -> bool:
        said = [state.destroyed.get(party), *(state.acknowledged.get(actor) for actor in openers(state, party))]
        return all(evidence is not None and (at is None or evidence.at <= at) for evidence in said)

    return tuple(party for party in awaited(state) if not done(party))


def stricter(one: Caveat, other: Caveat) -> bool:
    """Whether a level is at least as strict as another."""
    return CAVEATS.index(one) >= CAVEATS.index(other)


# --- whether it takes effect ------------------------------------------------------------------------------------------


def judge_item(terms: Terms, member: Member, state: ItemState | None, said: Said, act: ItemAct) -> Void | None:
    """REC-100 to REC-111, but for what a node says."""
    information = terms.information
    if information is None:
        return Void("no_information_terms", "the agreement has no terms for sharing information")
    if isinstance(act, ItemShared):
        return _shared(terms, information, member, state, said, act)
    if isinstance(act, ItemDestroyed):
        raise AssertionError(said.kind)
    known = _known(state, act.content)
    if isinstance(known, Void):
        return known
    match act:
        case ItemOpened():
            return _readable(known, member, said) or _shown_still(known, said)
        case ItemOnwardAsked():
            return _readable(known, member, said) or _shown_still(known, said) or _asked(terms, known, said, act.to)
        case ItemOnwardAllowed():
            return _for_originator(known, member, said, information.consent) or _allowed(known, act)
        case ItemOnwardRefused():
            return _for_originator(known, member, said, information.consent) or _refused(known, said, act)
        case ItemPassed():
            return _readable(known, member, said) or _shown_still(known, said) or _passed(terms, known, said, act)
        case ItemDerived():
            return _readable(known, member, said) or _shown_still(known, said) or _derived(terms, known, said, act)
        case ItemRecalled():
            return _for_originator(known, member, said, information.recall) or _recalled(information, known, said, act)
        case ItemAcknowledged():
            return _acknowledged(known, member, said)


def judge_destroyed_copy(state: ItemState | None, said: Said, act: ItemDestroyed) -> Void | None:
    """REC-110."""
    known = _known(state, act.content)
    if isinstance(known, Void):
        return known
    if known.recalled is None:
        return Void("not_recalled", f"item {act.content[:16]} has not been recalled")
    if said.party not in known.keyed:
        return Void("not_a_holder", f"the node of {said.party} never had the key of item {act.content[:16]}")
    if said.party in known.destroyed:
        return Void("destroyed_already", f"the node of {said.party} has said so")
    return None


def _known(state: ItemState | None, content: str) -> ItemState | Void:
    # INVARIANT (bound-consent): every word about an item names its content, so that none said of another counts here.
    if state is None or state.content != content:
        return Void("not_shared", f"no item with content {content[:16]} was shared under this subject")
    return state


def _shared(
    terms: Terms, information: InformationTerms, member: Member, state: ItemState | None, said: Said, act: ItemShared
) -> Void | None:
    """REC-100 to REC-102."""
    if state is not None:
        return Void("exists_already", f"{said.subject} has been shared")
    if not any(role in information.share for role in member.roles):
        return Void("not_your_role", f"information is shared by {', '.join(information.share)}")
    void = _recipients(terms, act.caveat, act.recipients)
    if void is not None:
        return void
    if act.until <= said.t or act.kept_until < act.until or act.until % DAY_MS or act.kept_until % DAY_MS:
        return Void("bad_expiry", "an item ends at the end of a later day of UTC, and is kept no shorter")
    parties = sorted({said.party, *(party_of(terms, name) or "" for name in act.recipients)})
    if [key.party for key in act.keys] != parties:
        return Void("other_holders", f"an item is sealed to the nodes of {', '.join(parties)}, in this order")
    return None


def _recipients(terms: Terms, caveat: Caveat, recipients: tuple[str, ...]) -> Void | None:
    if list(recipients) != sorted(set(recipients)):
        return Void("bad_recipients", "recipients are sorted, each once")
    for name in recipients:
        if party_of(terms, name) is None:
            return Void("bad_recipients", f"a recipient is a role of the agreement or an actor of a party, got {name}")
        if caveat == "red" and "/" not in name:
            return Void("bad_recipients", f"at the level RED recipients are actors, got the role {name}")
    return None


def _readable(state: ItemState, member: Member, said: Said) -> Void | None:
    """REC-103."""
    if is_reader(state, said.actor, member.roles):
        return None
    return Void("not_a_recipient", f"item {state.content[:16]} was not shared with the actor")


def _shown_still(state: ItemState, said: Said) -> Void | None:
    """REC-104: what was said in ignorance of the recall was done, and counts, so that the recall reaches it."""
    if state.recalled is not None and _had_seen(said, state.recalled.mark):
        return Void("is_recalled", f"item {state.content[:16]} has been recalled")
    if state.recalled is not None and said.party in state.destroyed:
        return Void("is_recalled", f"the node of {said.party} has destroyed its copy of item {state.content[:16]}")
    if said.t >= state.until:
        return Void("is_expired", f"item {state.content[:16]} is shown no more")
    return None


def _beyond(terms: Terms, state: ItemState, party: str, to: str) -> Void | None:
    """REC-105: how far the level lets an item go, whoever consents; its originator names whom it likes."""
    void = _recipients(terms, state.caveat, (to,))
    if void is not None:
        return void
    if party == originator(state):
        return None
    if state.caveat == "red":
        return Void("beyond_caveat", "at the level RED the originator alone names whom it is shown to")
    if state.caveat == "amber_strict" and party_of(terms, to) != party:
        return Void("beyond_caveat", f"at the level AMBER+STRICT an item stays in the own organisation, got {to}")
    return None


def _has_it(state: ItemState, to: str) -> Void | None:
    known = state.passed.get(to)
    if to in state.recipients or (known is not None and not known.withdrawn):
        return Void("has_it_already", f"{to} may be shown item {state.content[:16]} already")
    return None


def _asked(terms: Terms, state: ItemState, said: Said, to: str) -> Void | None:
    """REC-106."""
    void = _beyond(terms, state, said.party, to) or _has_it(state, to)
    if void is not None:
        return void
    if not needs_consent(state, said.party):
        return Void("no_consent_needed", f"item {state.content[:16]} may be passed on without asking")
    before = state.onward.get(said.actor, {}).get(to)
    if before is not None and before.refused is None:
        return Void("asked_already", f"the actor has asked whether {to} may be shown the item")
    return None


def _for_originator(state: ItemState, member: Member, said: Said, roles: tuple[str, ...]) -> Void | None:
    if said.party != originator(state):
        return Void("not_the_originator", f"the originator {originator(state)} answers for its item, got {said.party}")
    if not any(role in roles for role in member.roles):
        return Void("not_your_role", f"this is for {', '.join(roles)}")
    return None


def _request(state: ItemState, asker: str, to: str) -> Onward | Void:
    known = state.onward.get(asker, {}).get(to)
    return known if known is not None else Void("not_asked", f"{asker} has not asked whether {to} may be shown it")


def _allowed(state: ItemState, act: ItemOnwardAllowed) -> Void | None:
    """REC-107."""
    known = _request(state, act.asker, act.to)
    if isinstance(known, Void):
        return known
    if state.recalled is not None:
        return Void("is_recalled", f"item {state.content[:16]} has been recalled")
    if known.refused is not None:
        return Void("refused_already", f"passing it on to {act.to} was refused")
    if known.allowed is not None:
        return Void("allowed_already", f"passing it on to {act.to} was allowed, once")
    return None


def _refused(state: ItemState, said: Said, act: ItemOnwardRefused) -> Void | None:
    """REC-107."""
    known = _request(state, act.asker, act.to)
    if isinstance(known, Void):
        return known
    if known.refused is not None:
        return Void("refused_already", f"passing it on to {act.to} was refused")
    # INVARIANT (safer-act-wins): a refusal that knew nothing of the passing on takes it back.
    if known.passed is not None and _had_seen(said, known.passed):
        return Void("passed_already", f"the item was passed on to {act.to}: recall it")
    return None


def _passed(terms: Terms, state: ItemState, said: Said, act: ItemPassed) -> Void | None:
    """REC-108."""
    void = _beyond(terms, state, said.party, act.to) or _has_it(state, act.to)
    if void is not None:
        return void
    if needs_consent(state, said.party) and consent_of(state, said.actor, act.to) is None:
        return Void("no_consent", f"the originator has not let the actor pass it on to {act.to}")
    party = party_of(terms, act.to)
    if (act.key.party if act.key is not None else None) != (party if party not in state.keyed else None):
        return Void("other_holders", "the key is sealed to the node of the new recipient's party, if that has none yet")
    return None


def _derived(terms: Terms, state: ItemState, said: Said, act: ItemDerived) -> Void | None:
    """REC-109."""
    if f"item/{act.item}" == state.subject or act.item in state.derived:
        return Void("derived_already", f"item {act.item} is this one, or is known to be made from it")
    void = _recipients(terms, act.caveat, act.recipients)
    if void is not None:
        return void
    if said.party == originator(state):
        return None
    if not stricter(act.caveat, state.caveat):
        return Void("looser_caveat", f"an item made from one at the level {state.caveat} is not {act.caveat}")
    readers = (*state.recipients, state.shared.actor, *(to for to, p in state.passed.items() if not p.withdrawn))
    for name in act.recipients:
        if needs_consent(state, said.party) and name not in readers:
            return Void("no_consent", f"{name} may not be shown the source, nor what is made from it")
    return None


def _recalled(information: InformationTerms, state: ItemState, said: Said, act: ItemRecalled) -> Void | None:
    """REC-111."""
    if state.recalled is not None:
        return Void("recalled_already", f"item {state.content[:16]} has been recalled")
    if not said.t < act.acknowledge_by <= said.t + milliseconds(information.acknowledge_within):
        within = information.acknowledge_within
        return Void("bad_deadline", f"a recall gives time until later than now and at most {within}")
    return None


def _acknowledged(state: ItemState, member: Member, said: Said) -> Void | None:
    """REC-112."""
    if state.recalled is None:
        return Void("not_recalled", f"item {state.content[:16]} has not been recalled")
    if said.actor not in state.opened and not is_reader(state, said.actor, member.roles):
        return Void("not_a_holder", f"item {state.content[:16]} was never for the actor")
    if said.party in state.keyed and said.party not in state.destroyed:
        return Void("copy_here", f"the node of {said.party} has not destroyed its copy yet")
    if said.actor in state.acknowledged:
        return Void("acknowledged_already", "the actor has acknowledged the recall")
    return None


def _had_seen(said: Said, mark: Mark) -> bool:
    return saw(said.after, mark.party, mark.index)


# --- what it changes --------------------------------------------------------------------------------------------------


def apply_item(state: ItemState | None, said: Said, mark: Mark, act: ItemAct) -> ItemState:
    """The item as it is after one more statement that takes effect."""
    replace = msgspec.structs.replace
    if isinstance(act, ItemShared):
        return ItemState(
            subject=said.subject,
            agreement=said.agreement,
            shared=mark,
            caveat=act.caveat,
            recipients=act.recipients,
            until=act.until,
            kept_until=act.kept_until,
            content=act.content,
            size=act.size,
            derived_from=act.derived_from,
            keyed={key.party: mark.evidence for key in act.keys},
        )
    if state is None:
        raise AssertionError(said.kind)
    match act:
        case ItemOpened():
            return replace(state, opened={mark.actor: mark.evidence, **state.opened})
        case ItemOnwardAsked():
            return _with_onward(state, mark.actor, act.to, Onward(asked=mark.evidence, reason=act.reason))
        case ItemOnwardAllowed():
            known = state.onward[act.asker][act.to]
            return _with_onward(state, act.asker, act.to, replace(known, allowed=mark.evidence))
        case ItemOnwardRefused():
            known = state.onward[act.asker][act.to]
            refused = _with_onward(state, act.asker, act.to, replace(known, refused=mark.evidence))
            if known.passed is None:
                return refused
            withdrawn = replace(state.passed[act.to], withdrawn=True)
            return replace(refused, passed={**state.passed, act.to: withdrawn})
        case ItemPassed():
            return _with_passed(state, mark, act.to, act.key)
        case ItemDerived():
            derived = Derived(mark=mark, made=act.made, caveat=act.caveat, recipients=act.recipients)
            return replace(state, derived={**state.derived, act.item: derived})
        case ItemRecalled():
            return replace(state, recalled=Recalled(mark=mark, reason=act.reason, acknowledge_by=act.acknowledge_by))
        case ItemDestroyed():
            return replace(state, destroyed={**state.destroyed, mark.party: mark.evidence})
        case ItemAcknowledged():
            return replace(state, acknowledged={**state.acknowledged, mark.actor: mark.evidence})


def _with_passed(state: ItemState, mark: Mark, to: str, key: ItemKey | None) -> ItemState:
    passed = Passed(by=mark.actor, evidence=mark.evidence)
    state = msgspec.structs.replace(state, passed={**state.passed, to: passed})
    if key is not None:
        state = msgspec.structs.replace(state, keyed={**state.keyed, key.party: mark.evidence})
    known = state.onward.get(mark.actor, {}).get(to)
    if known is None:
        return state
    return _with_onward(state, mark.actor, to, msgspec.structs.replace(known, passed=mark))


def _with_onward(state: ItemState, asker: str, to: str, onward: Onward) -> ItemState:
    of_asker = {**state.onward.get(asker, {}), to: onward}
    return msgspec.structs.replace(state, onward={**state.onward, asker: of_asker})
