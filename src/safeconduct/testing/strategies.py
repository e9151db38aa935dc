"""Hypothesis strategies for what can be said and agreed: whatever the types allow, and nothing that they refuse.

Needs hypothesis, which is installed for work on the project and not with it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache, partial
from typing import Any, Literal

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from safeconduct.core.acts import CATALOGUE, Act, Part, Slot, SlotList, Speaker, Value, kind_of
from safeconduct.core.agreement import (
    Clause,
    Consent,
    Gap,
    GateItem,
    MovementTerms,
    Must,
    Never,
    NodeKeys,
    PartyTerms,
    Pattern,
    PredictabilityTerms,
    Role,
    Rule,
    Terms,
)
from safeconduct.core.identity import SigningKey
from safeconduct.core.log import KeyType, VerifierKey
from safeconduct.core.statement import INTEGER_MAX, Statement, encode

# Letters of all three languages, what YAML and JSON find special, the two joiners that Urdu needs, and beyond 16 bits.
_SPECIAL = " :#-'\"\\|>&*!%@`{}[],?~=<.0123456789\u200c\u200d\n"
_ALPHABET = st.one_of(
    st.sampled_from(_SPECIAL + "aAzZéß出行通知関地ق‌تحفظہےپ😀"),
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")),
)
# Texts that another reader of YAML would take for something else.
_MISREADABLE = ["no", "12", "1e3", "1.5", "2024-01-01", "12:30", "~", "null", "=", "<<", "- a", "a: b", " a ", "0x1f"]
_LANGUAGES: st.SearchStrategy[Literal["en", "zh", "ur"]] = st.sampled_from(("en", "zh", "ur"))
_PARTS: st.SearchStrategy[Part] = st.sampled_from(("route", "timing", "people", "escort"))
_CHECKS: st.SearchStrategy[Literal["approvals", "attested", "heads"]] = st.sampled_from(
    ("approvals", "attested", "heads")
)
_IN_ROLE = tuple(kind for kind, entry in CATALOGUE.items() if entry.speaker is Speaker.ROLE)
_NAME = r"^[a-z0-9][a-z0-9._-]{0,63}\Z"
_PARTY = r"^[a-z][a-z0-9-]{0,31}\Z"
_DIGEST = r"^[0-9a-f]{64}\Z"
_WORD = st.text("abcxyz0189", min_size=1, max_size=12)
# What `from_regex` would give more slowly: most of an act consists of these.
_QUICK: dict[str, st.SearchStrategy[str]] = {
    _NAME: st.builds("{}{}".format, _WORD, st.text("az09._-", max_size=51)),
    _PARTY: st.builds("{}{}".format, st.sampled_from("ahsz"), st.text("az09-", max_size=31)),
    _DIGEST: st.binary(min_size=32, max_size=32).map(bytes.hex),
}


@cache
def texts(max_size: int = 40) -> st.SearchStrategy[str]:
    """Text in normal form C, without control and direction characters; never empty."""
    free = st.text(_ALPHABET, min_size=1, max_size=max_size).filter(lambda t: unicodedata.is_normalized("NFC", t))
    return free | st.sampled_from(_MISREADABLE)


@cache
def acts() -> st.SearchStrategy[Act]:
    """Any act of the catalogue."""
    return st.one_of(*(_values(inspect.type_info(entry.body)) for entry in CATALOGUE.values()))


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """A statement of any act: well-formed, and true of nothing."""
    act = draw(acts())
    kind = kind_of(act)
    party = draw(_form(_PARTY))
    subject = CATALOGUE[kind].subject
    name = draw(_form(_NAME))
    key_ids = draw(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=4, unique=True))
    return Statement(
        kind=kind,
        agreement=draw(st.just("") | _form(_DIGEST)),
        party=party,
        actor=f"{party}/{draw(_form(_NAME))}",
        subject=subject if subject == "agreement" else f"{subject}/{name}",
        at=draw(st.integers(0, INTEGER_MAX)),
        after=draw(
            st.dictionaries(_form(_PARTY), st.integers(0, INTEGER_MAX), max_size=4),
        ),
        signers=tuple(sorted(key_id.hex() for key_id in key_ids)),
        body=msgspec.Raw(encode(act)),
    )


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    """An agreement that holds together: every name in it exists, every duty has somebody who can do it."""
    languages = tuple(draw(st.lists(_LANGUAGES, min_size=1, max_size=3, unique=True)))
    by_language: dict[str, st.SearchStrategy[str]] = {language: texts() for language in languages}
    wording = st.fixed_dictionaries(by_language)
    parties = draw(st.permutations(["host", "sending", "operator"]).flatmap(lambda p: st.sampled_from([p[:2], p])))
    version = draw(st.integers(1, 10_000))
    roles = [
        *(_role(draw, wording, party, duty) for party in parties for duty in _DUTIES),
        *(
            Role(id=f"extra-{n}", party=draw(st.sampled_from(parties)), name=draw(wording), may=(kind,))
            for n, kind in enumerate(draw(st.lists(st.sampled_from(_IN_ROLE), max_size=3)))
        ),
    ]
    return Terms(
        name=draw(_form(_NAME)),
        version=version,
        previous=draw(_form(_DIGEST)) if version > 1 else None,
        title=draw(wording),
        languages=languages,
        parties=tuple(_party(party, draw(wording), draw(st.integers(0, 2**64))) for party in parties),
        roles=tuple(roles),
        movement=draw(_movement_terms(wording, parties)),
        clauses=tuple(
            draw(_clause(number, wording, parties, [role.id for role in roles]))
            for number in range(draw(st.integers(0, 4)))
        ),
    )


def _party(party: str, name: dict[str, str], seed: int) -> PartyTerms:
    root, node, log, witness, mirror = (
        SigningKey.from_seed(hashlib.sha256(f"{party} {use} {seed}".encode()).digest()).public
        for use in ("root", "node", "log", "witness", "mirror")
    )
    return PartyTerms(
        id=party,
        name=name,
        root=root.text,
        node=NodeKeys(
            url=f"https://{party}.example:8443",
            node=node.text,
            log=VerifierKey(f"{party}.example/log", KeyType.ED25519, log).text,
            witness=VerifierKey(f"{party}.example/witness", KeyType.COSIGNATURE_V1, witness).text,
            mirror=VerifierKey(f"{party}.example/mirror", KeyType.COSIGNATURE_V1, mirror).text,
        ),
    )


_DUTIES = {
    "desk": ("movement.acknowledged", "movement.relayed", "movement.attested", "movement.excepted"),
    "approver": ("movement.approved", "movement.refused"),
}


def _role(draw: st.DrawFn, wording: st.SearchStrategy[dict[str, str]], party: str, duty: str) -> Role:
    return Role(id=f"{party}.{duty}", party=party, name=draw(wording), may=_DUTIES[duty])


@st.composite
def _movement_terms(draw: st.DrawFn, wording: st.SearchStrategy[dict[str, str]], parties: list[str]) -> MovementTerms:
    desks = [f"{party}.desk" for party in parties]
    parts = st.lists(_PARTS, min_size=1, unique=True).map(tuple)
    items = []
    for number in range(draw(st.integers(0, 3))):
        check = draw(_CHECKS)
        attested = check != "approvals"
        items.append(
            GateItem(
                id=f"item_{number}",
                name=draw(wording),
                check=check,
                by=tuple(draw(st.permutations(desks))) if attested else (),
                valid_for=draw(st.none() | _durations()) if attested else None,
                exception_by=draw(st.none() | st.sampled_from(desks)) if attested else None,
            )
        )
    return MovementTerms(
        consent=tuple(Consent(party=party, parts=draw(parts)) for party in parties),
        notice_chain=tuple(draw(st.permutations(desks))),
        drift=draw(st.just("PT0S") | _durations()),
        review_before=draw(_durations()),
        ready_gate=tuple(items),
        predictability=draw(st.none() | _predictability()),
    )


def _predictability() -> st.SearchStrategy[PredictabilityTerms]:
    return st.builds(
        PredictabilityTerms,
        warn=st.integers(1, 1_000),
        span=st.integers(31, 366).map(lambda n: f"P{n}D"),
        half_life=st.integers(1, 31).map(lambda n: f"P{n}D"),
        least=st.integers(2, 100),
        clock=st.sampled_from(["+00:00", "+05:30", "-03:00"]),
    )


@st.composite
def _clause(
    draw: st.DrawFn, number: int, wording: st.SearchStrategy[dict[str, str]], parties: list[str], roles: list[str]
) -> Clause:
    judged = draw(st.none() | _rules(parties))
    return Clause(
        id=f"{draw(st.sampled_from(['PK', 'NTC', 'ABCDEF']))}-{number}",
        title=draw(wording),
        # A name in braces would be that of a parameter, and there is none.
        text={language: text.replace("}", ")") for language, text in draw(wording).items()},
        owed_by=draw(st.sampled_from(roles)),
        owed_to=draw(st.sampled_from(roles)),
        severity=draw(st.sampled_from(["minor", "major", "critical"])),
        evidence=draw(texts()),
        source=draw(texts()),
        rule=judged,
        by_people=draw(wording) if judged is None else None,
    )


_REQUESTED, _DEPARTED, _ARRIVED = (Pattern(event=f"movement.{word}") for word in ("requested", "departed", "arrived"))


def _rules(parties: list[str]) -> st.SearchStrategy[Rule]:
    """One of the shapes that most agreements have, about movements."""
    rule = partial(st.builds, Rule, for_each=st.just("movement"))
    spans = _durations()
    notice = st.builds(
        Must,
        event=st.just("movement.requested"),
        received_by=st.sampled_from(parties),
        due=spans.map(lambda span: f"plan.earliest - {span}"),
    )
    never = st.just(Never(event="movement.departed", effect="any", where="movement.unapproved.size() > 0"))
    gap = st.builds(Gap, event=st.just("movement.checked_in"), at_most=spans, until=st.just(_ARRIVED))
    closed = st.builds(Must, event=st.just("movement.closed"), due=spans.map(lambda span: f"trigger + {span}"))
    return st.one_of(
        rule(when=st.just(_REQUESTED), must=notice),
        rule(when=st.just(_REQUESTED), never=never),
        rule(when=st.just(_DEPARTED), gap=gap, grace=st.none() | spans),
        rule(when=st.just(_ARRIVED), must=closed, cure=st.none() | spans),
    )


def _durations() -> st.SearchStrategy[str]:
    """Longer than nothing, in any of the units."""
    number = st.integers(1, 9_999)
    return st.one_of(
        number.map(lambda n: f"P{n}D"),
        number.map(lambda n: f"PT{n}H"),
        st.tuples(number, number).map(lambda n: f"PT{n[0]}M{n[1]}S"),
        st.tuples(number, number).map(lambda n: f"P{n[0]}DT{n[1]}S"),
    )


def _form(pattern: str) -> st.SearchStrategy[str]:
    if pattern in _QUICK:
        return _QUICK[pattern]
    return st.from_regex(pattern.replace("\\Z", ""), fullmatch=True)


def _values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Any value of a type that acts are made of."""
    match kind:
        case inspect.StructType(cls=cls) if cls is SlotList:
            return _slot_lists()
        case inspect.StructType():
            return st.builds(kind.cls, **{field.name: _field(field) for field in kind.fields})
        case inspect.StrType(pattern=str() as pattern):
            return _form(pattern)
        case inspect.StrType():
            return texts(min(kind.max_length or 40, 40))
        case inspect.IntType(ge=int() as least, le=int() as most):
            return st.integers(least, most)
        case inspect.BoolType():
            return st.booleans()
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.VarTupleType():
            least, most = kind.min_length or 0, min(kind.max_length or 4, 4)
            return st.lists(_values(kind.item_type), min_size=least, max_size=most).map(tuple)
        case inspect.DictType():
            names = _values(kind.key_type)
            return st.dictionaries(names, _values(kind.value_type), max_size=min(kind.max_length or 4, 4))
        case inspect.UnionType():
            return st.one_of(*(_values(option) for option in kind.types if not isinstance(option, inspect.NoneType)))
        case _:
            raise TypeError(f"a type that acts are made of, got {kind}")


def _slot_lists() -> st.SearchStrategy[SlotList]:
    """A slot for each of two parties, of two to four values: of other lists none exists."""

    def made(parties: list[str], counts: tuple[int, int], role: str) -> SlotList:
        slots = tuple(
            Slot(
                id=f"slot_{place}",
                party=party,
                values=tuple(Value(said={"en": (f"{party} says {n}",)}) for n in range(count)),
            )
            for place, (party, count) in enumerate(zip(parties, counts, strict=True))
        )
        return SlotList(slots=slots, signers=dict.fromkeys(parties, role))

    parties = st.lists(_form(_PARTY), min_size=2, max_size=2, unique=True)
    return st.builds(made, parties, st.tuples(st.integers(2, 4), st.integers(2, 4)), _form(_NAME))


def _field(field: inspect.Field) -> st.SearchStrategy[Any]:
    given = _values(field.type)
    return given if field.required else st.just(field.default) | given
