"""The day as the demo replays it: who says what, when, and what the record must answer.

A list of steps, as data, so that it is run over real nodes by `runner.py` and in one process by its test. Published
reports give the day, the hour, the two ends of the road and the swept road that stayed open; every person, desk,
group, house and request here is made up, and so is who told whom.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec

from safeconduct.core.acts import (
    Act,
    Escort,
    FieldValue,
    FormFiled,
    GroupRegistered,
    MovementAcknowledged,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementCancelled,
    MovementChanged,
    MovementCheckedIn,
    MovementClosed,
    MovementDeparted,
    MovementRefused,
    MovementRelayed,
    MovementRequested,
    People,
    PersonRegistered,
    Plan,
    Route,
    SiteRegistered,
    Timing,
)
from safeconduct.core.statement import digest
from safeconduct.edges.cli.demo.roads import Drive
from safeconduct.edges.cli.demo.words import Words

HOST, SENDING = "host", "sending"

# 5 October 2024, 00:00 in Pakistan, in ms since 1970 UTC.
_FIFTH_MIDNIGHT = 1_728_068_400_000

AFTERNOON = "movement/afternoon-transfer"
MORNING = "movement/morning-run"
NIGHT = "movement/night-desk"
EVENING = "movement/evening-convoy"
NEXT = "movement/asked-again"
MOVEMENTS = (AFTERNOON, MORNING, NIGHT, EVENING, NEXT)

# What these two agreed instead of the template's numbers: a desk passes a notice on within a quarter of an hour.
AGREED = ("hop_ack=PT15M",)

# Actor → the roles that it is enrolled with. No names of people: a desk is called by what it does. The night desk of
# the sending side is one made-up person with two hats, because small teams have such.
CAST: dict[str, tuple[str, ...]] = {
    "host/duty-officer": ("duty_officer",),
    "host/ministry-desk": ("ministry_desk",),
    "host/province-desk": ("province_desk",),
    "host/district-desk": ("district_desk",),
    "host/district-approver": ("district_approver",),
    "host/unit-commander": ("unit_commander",),
    "host/escort-lead": ("escort_lead",),
    "host/site-guard": ("site_guard",),
    "host/sweep-lead": ("sweep_lead",),
    "host/clearance-officer": ("clearance_officer",),
    "host/registrar": ("host_registrar",),
    "sending/journey-manager": ("journey_manager",),
    "sending/approver": ("approver",),
    "sending/convoy-leader": ("convoy_leader",),
    "sending/embassy-desk": ("embassy_desk",),
    "sending/transport": ("transport_contractor",),
    "sending/registrar": ("sending_registrar",),
    "sending/night-desk": ("journey_manager", "approver"),
}

# The notice chain of the agreement's template, with the actor who sits at each desk.
CHAIN = (
    ("embassy_desk", "sending/embassy-desk"),
    ("ministry_desk", "host/ministry-desk"),
    ("province_desk", "host/province-desk"),
    ("district_desk", "host/district-desk"),
    ("unit_commander", "host/unit-commander"),
)


def pkt(day: int, hour: int, minute: int = 0, second: int = 0) -> int:
    """A moment of October 2024 by the clock in Karachi, as ms since 1970 UTC."""
    return _FIFTH_MIDNIGHT + ((((day - 5) * 24 + hour) * 60 + minute) * 60 + second) * 1_000


class Scene(NamedTuple):
    """A heading: words of this key."""

    at: int
    key: str


class Say(NamedTuple):
    """An actor says something. refused: code with which the record must refuse it; comment: key of words after it."""

    at: int
    actor: str
    subject: str
    act: Act
    refused: str | None = None
    comment: str | None = None


class Again(NamedTuple):
    """A copy of the last envelope that `actor` sent about `subject` is sent once more; it must not be taken."""

    at: int
    actor: str
    subject: str
    comment: str


class Look(NamedTuple):
    """What the boards show of a movement now, on both nodes. facts: what must be seen there."""

    at: int
    subject: str
    phase: str
    comment: str | None = None
    consent_missing: tuple[str, ...] | None = None
    open_items: tuple[str, ...] | None = None
    not_relayed: tuple[str, ...] | None = None


class Seal(NamedTuple):
    """An actor seals a compartment of a movement's order; text: key of the words that it says."""

    at: int
    actor: str
    subject: str
    compartment: str
    text: str
    comment: str


class Open(NamedTuple):
    """An actor opens a compartment. refused: code with which the record must refuse it; comment: key of words."""

    at: int
    actor: str
    subject: str
    compartment: str
    refused: str | None
    comment: str


class Kill(NamedTuple):
    """The party's node is killed, without warning."""

    at: int
    party: str


class Restart(NamedTuple):
    """The party's node is started again and catches up."""

    at: int
    party: str


Step = Scene | Say | Again | Look | Seal | Open | Kill | Restart

START = pkt(5, 8, 30)
# By the agreement two hours before the window.
RENDEZVOUS_OPENS = pkt(6, 13, 30)
WHEELS = pkt(6, 15, 44)
EVENING_ASKED = pkt(6, 22, 36)
EVENING_OPENS = pkt(6, 22, 56)
END = pkt(6, 23, 30)

_DISTRICTS = ("karachi-east", "malir")
_GUARDS = 12
_STATUS: dict[str, FieldValue] = {"status": "engineer", "protected_by": "this agreement and the law of the host"}
_CHECK_IN_EVERY_S = 300
# Of the drive, in seconds after wheels moved: both lie between two check-ins.
_KILLED_AFTER_S = 17 * 60
_BACK_AFTER_S = 32 * 60


def _plan(
    words: Words, purpose: str, *, origin: str, destination: str, window: tuple[int, int], review_by: int, people: int
) -> Plan:
    return Plan(
        route=Route(origin=origin, destination=destination, districts=_DISTRICTS),
        timing=Timing(earliest=window[0], latest=window[1], review_by=review_by),
        people=People(group="engineers", count=people, manifest=_digest(f"MADE UP: manifest of {people}")),
        escort=Escort(carrying_vehicles=2, protection_level="b6", escort_vehicles=3),
        purpose=words[purpose],
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def afternoon_plan(words: Words) -> Plan:
    """Twelve people, in daylight, asked for a day and more ahead."""
    return _plan(
        words,
        "purpose_afternoon",
        origin="jinnah-terminal",
        destination="power-plant",
        window=(pkt(6, 15, 30), pkt(6, 16, 30)),
        review_by=pkt(6, 13, 30),
        people=12,
    )


def changed_plan(words: Words) -> Plan:
    """Two more people, one more vehicle: people and escort are other than approved; route and window are not."""
    plan = afternoon_plan(words)
    people = People(group="engineers", count=14, manifest=_digest("MADE UP: manifest of 14"))
    escort = Escort(carrying_vehicles=3, protection_level="b6", escort_vehicles=4)
    return msgspec.structs.replace(plan, people=people, escort=escort)


def evening_plan(words: Words) -> Plan:
    """Twenty people, late in the evening, asked for twenty minutes ahead."""
    return _plan(
        words,
        "purpose_evening",
        origin="jinnah-terminal",
        destination="power-plant",
        window=(EVENING_OPENS, pkt(6, 23, 26)),
        review_by=pkt(6, 23, 10),
        people=20,
    )


def registered(words: Words, drive: Drive) -> tuple[Say, ...]:
    """Sites, groups and people, before anything moves. People are pseudonyms with commitments to sealed papers."""
    here, there = drive.line[0], drive.line[-1]
    sites = [
        ("host/registrar", "site/jinnah-terminal", "site_terminal", here),
        ("sending/registrar", "site/power-plant", "site_plant", there),
        ("sending/registrar", "site/guest-house", "site_house", drive.position(drive.seconds - 300)),
    ]
    said = [
        Say(
            START,
            actor,
            subject,
            SiteRegistered(
                name=words[name],
                district="malir",
                latitude_e7=position.latitude_e7,
                longitude_e7=position.longitude_e7,
            ),
        )
        for actor, subject, name, position in sites
    ]
    group = GroupRegistered(label=words["group_label"], category="engineers", people=42)
    said.append(Say(START, "sending/registrar", "group/engineers", group))
    for number in (1, 2, 3):
        dossier = _digest(f"MADE UP: sealed papers of traveller {number}")
        act = PersonRegistered(group="engineers", dossier=dossier)
        said.append(Say(START, "sending/registrar", f"person/traveller-{number}", act))
        # Engineers are no diplomats: what protects them is said, not assumed.
        status = FormFiled(form="person.status_stated", fields=_STATUS)
        said.append(Say(START, "sending/registrar", f"person/traveller-{number}", status))
    return tuple(said)


def day(words: Words, drive: Drive) -> tuple[Step, ...]:
    """Every step from the morning of 5 October on, in order of time."""
    steps = [
        *_asked_in_time(words),
        *_changed(words),
        *_sealed(),
        *_tricks(words),
        *_nobody_reviewed(),
        *_gate(),
        *_under_way(drive),
        *_closed(words),
        *_evening(words),
        *_asked_again(words),
    ]
    return tuple(sorted(steps, key=lambda step: step.at))


def _chain(subject: str, times: tuple[int, ...], *, last_relay: str | None = None) -> list[Say]:
    """Each desk acknowledges and passes on; the unit only acknowledges. last_relay: desk at which the chain stops."""
    said: list[Say] = []
    for place, at in enumerate(times):
        role, actor = CHAIN[place]
        said.append(Say(at, actor, subject, MovementAcknowledged(role=role)))
        if place + 1 == len(CHAIN) or role == last_relay:
            break
        said.append(Say(at, actor, subject, MovementRelayed(role=role, to_role=CHAIN[place + 1][0])))
    return said


def _filed(at: int, actor: str, form: str, **fields: FieldValue) -> Say:
    """A report about the afternoon's movement by a form of the agreement."""
    return Say(at, actor, AFTERNOON, FormFiled(form=f"movement.{form}", fields=fields))


def _asked_in_time(words: Words) -> list[Step]:
    times = (pkt(5, 10, 5), pkt(5, 10, 18), pkt(5, 10, 31), pkt(5, 10, 43), pkt(5, 10, 55))
    morning = _plan(
        words,
        "purpose_morning",
        origin="guest-house",
        destination="jinnah-terminal",
        window=(pkt(6, 11), pkt(6, 12)),
        review_by=pkt(6, 9),
        people=6,
    )
    return [
        Scene(pkt(5, 10), "scene_asked"),
        Say(pkt(5, 10), "sending/journey-manager", AFTERNOON, MovementRequested(plan=afternoon_plan(words))),
        *_chain(AFTERNOON, times),
        Look(pkt(5, 11, 41), AFTERNOON, "requested", "relayed_to_the_last", not_relayed=()),
        Say(
            pkt(5, 11, 42),
            "sending/convoy-leader",
            AFTERNOON,
            MovementDeparted(heads=12),
            "is_requested",
            "acknowledged_is_not_approved",
        ),
        Say(pkt(5, 10, 30), "sending/journey-manager", MORNING, MovementRequested(plan=morning), None, "morning_asked"),
        _filed(
            pkt(5, 12),
            "sending/journey-manager",
            "risk_assessed",
            grade="high",
            travellers_informed=True,
            contact_tested=True,
        ),
        Say(pkt(5, 14), "host/district-approver", AFTERNOON, MovementApproved(plan=digest(afternoon_plan(words)))),
        *(
            _filed(pkt(5, 14, 30 + 5 * place), "host/unit-commander", "district_accepted", district=district)
            for place, district in enumerate(_DISTRICTS)
        ),
        Say(pkt(5, 14, 10), "sending/approver", AFTERNOON, MovementApproved(plan=digest(afternoon_plan(words)))),
        Look(pkt(5, 14, 11), AFTERNOON, "approved", "both_approved", consent_missing=()),
    ]


def _changed(words: Words) -> list[Step]:
    plan = changed_plan(words)
    approval = MovementApproved(plan=digest(plan))
    return [
        Scene(pkt(5, 16), "scene_changed"),
        Say(
            pkt(5, 16),
            "sending/journey-manager",
            AFTERNOON,
            MovementChanged(plan=plan, reason=words["reason_changed"]),
        ),
        Look(pkt(5, 16, 1), AFTERNOON, "requested", "change_voids", consent_missing=(HOST, SENDING)),
        Again(pkt(5, 16, 5), "sending/approver", AFTERNOON, "replayed"),
        Say(pkt(5, 16, 20), "sending/approver", AFTERNOON, approval),
        # The unit that acts has the change too, not only those who approve it.
        Say(pkt(5, 16, 30), "host/unit-commander", AFTERNOON, MovementAcknowledged(role="unit_commander")),
        Say(pkt(5, 17), "host/district-approver", AFTERNOON, approval),
        Look(pkt(5, 17, 1), AFTERNOON, "approved", "approved_again", consent_missing=()),
        *(
            _filed(
                pkt(5, 18, place),
                "host/clearance-officer",
                "permit_issued",
                district=district,
                permit=f"made-up-{place + 1}",
                valid_to=pkt(7, 0),
            )
            for place, district in enumerate(_DISTRICTS)
        ),
    ]


def _sealed() -> list[Step]:
    """Where they will meet is deposited the day before, and known two hours before, to whoever must be there."""
    return [
        Scene(pkt(5, 19), "scene_sealed"),
        Seal(pkt(5, 19), "sending/journey-manager", AFTERNOON, "rendezvous", "rendezvous_text", "sealed_for_both"),
        Open(pkt(5, 23, 10), "host/escort-lead", AFTERNOON, "rendezvous", "before_release", "not_yet"),
        Scene(RENDEZVOUS_OPENS + 60_000, "scene_opened"),
        Open(RENDEZVOUS_OPENS + 60_000, "host/sweep-lead", AFTERNOON, "rendezvous", None, "opened_on_both"),
    ]


def _tricks(words: Words) -> list[Step]:
    plan = _plan(
        words,
        "purpose_night",
        origin="guest-house",
        destination="power-plant",
        window=(pkt(7, 22), pkt(7, 23)),
        review_by=pkt(7, 20),
        people=2,
    )
    approval = MovementApproved(plan=digest(plan))
    desk = "sending/night-desk"
    return [
        Scene(pkt(5, 21), "scene_tricks"),
        Say(pkt(5, 21), desk, NIGHT, MovementRequested(plan=plan)),
        Say(pkt(5, 21, 1), desk, NIGHT, approval, "own_request", "own_request"),
        Say(pkt(5, 21, 2), "host/district-desk", NIGHT, approval, "role_may_not", "desk_may_not"),
        Say(pkt(5, 21, 5), "sending/journey-manager", NIGHT, MovementCancelled(reason=words["reason_cancelled"])),
    ]


def _nobody_reviewed() -> list[Step]:
    late = MovementDeparted(heads=6)
    return [
        Scene(pkt(6, 9, 5), "scene_lapsed"),
        Look(pkt(6, 9, 5), MORNING, "lapsed", "nobody_reviewed", consent_missing=(HOST, SENDING)),
        Say(pkt(6, 11, 2), "sending/convoy-leader", MORNING, late, "is_lapsed", "never_drifts"),
    ]


def _heads(count: int) -> MovementAttested:
    return MovementAttested(item="head_count", holds=True, heads=count)


def _gate() -> list[Step]:
    radio = MovementAttested(item="radio_check", holds=True)
    vehicles = MovementAttested(item="vehicle_protection", holds=True)
    sweep = MovementAttested(item="sweep", holds=True)
    leader, lead = "sending/convoy-leader", "host/escort-lead"
    return [
        Scene(pkt(6, 14, 30), "scene_gate"),
        *(
            _filed(
                pkt(6, 14, 10 + number),
                "sending/transport",
                "vehicle_certified",
                vehicle=f"coaster-{number}",
                certificate=_digest(f"MADE UP: certificate of coaster {number}"),
                level=6,
                blast_tested=True,
                valid_to=pkt(30, 0),
            )
            for number in (1, 2, 3)
        ),
        _filed(
            pkt(6, 14, 20), "host/unit-commander", "escort_rostered", guards=_GUARDS, roster=_digest("MADE UP: roster")
        ),
        Say(pkt(6, 14, 30), lead, AFTERNOON, vehicles),
        Say(pkt(6, 14, 34), leader, AFTERNOON, vehicles),
        Say(pkt(6, 15, 2), "host/sweep-lead", AFTERNOON, sweep),
        Say(pkt(6, 15, 5), lead, AFTERNOON, radio),
        Say(pkt(6, 15, 5), leader, AFTERNOON, radio),
        Say(pkt(6, 15, 12), "host/site-guard", AFTERNOON, _heads(13)),
        Say(pkt(6, 15, 14), leader, AFTERNOON, _heads(14)),
        _filed(pkt(6, 15, 6), "host/duty-officer", "briefed", language="zh", note=_digest("MADE UP: briefing note")),
        _filed(pkt(6, 15, 8), leader, "briefing_understood"),
        _filed(pkt(6, 15, 17), leader, "escort_counted", guards=_GUARDS),
        _filed(pkt(6, 15, 18), lead, "escort_taken_over", unit="unit-7"),
        _filed(pkt(6, 15, 19), leader, "command_taken", holder="convoy-leader"),
        Look(pkt(6, 15, 15), AFTERNOON, "approved", "heads_differ", open_items=("head_count",)),
        Say(pkt(6, 15, 21), "host/site-guard", AFTERNOON, _heads(14)),
        Look(pkt(6, 15, 22), AFTERNOON, "approved", "gate_green", open_items=()),
        Say(pkt(6, 15, 36), leader, AFTERNOON, MovementDeparted(heads=14), "gate_open", "sweep_stale"),
        Say(pkt(6, 15, 41), "host/sweep-lead", AFTERNOON, sweep),
    ]


def _under_way(drive: Drive) -> list[Step]:
    """The drive: a check-in every five minutes, by the escort lead while the sending node is down."""
    steps: list[Step] = [
        Scene(WHEELS, "scene_drive"),
        Say(WHEELS, "sending/convoy-leader", AFTERNOON, MovementDeparted(heads=14)),
    ]
    events: list[tuple[int, Step | None]] = [
        (_KILLED_AFTER_S, Kill(WHEELS + _KILLED_AFTER_S * 1_000, SENDING)),
        (_BACK_AFTER_S, Restart(WHEELS + _BACK_AFTER_S * 1_000, SENDING)),
        *((second, None) for second in range(_CHECK_IN_EVERY_S, drive.seconds, _CHECK_IN_EVERY_S)),
    ]
    for second, event in sorted(events, key=lambda item: item[0]):
        if event is not None:
            steps.append(event)
            continue
        is_down = _KILLED_AFTER_S < second < _BACK_AFTER_S
        here = drive.position(second)
        act = MovementCheckedIn(latitude_e7=here.latitude_e7, longitude_e7=here.longitude_e7, note=drive.near(second))
        actor = "host/escort-lead" if is_down else "sending/convoy-leader"
        steps.append(Say(WHEELS + second * 1_000, actor, AFTERNOON, act))
    arrived = WHEELS + drive.seconds * 1_000
    return [
        *steps,
        Scene(arrived, "scene_arrived"),
        Say(arrived, "sending/convoy-leader", AFTERNOON, MovementArrived(heads=14)),
    ]


def _closed(words: Words) -> list[Step]:
    closing = MovementClosed(note=words["note_closed"])
    return [
        _filed(
            pkt(6, 16, 50),
            "sending/registrar",
            "presence_told",
            place="power-plant",
            station="made-up-station",
            people=14,
        ),
        _filed(
            pkt(6, 16, 55),
            "sending/convoy-leader",
            "driver_hours",
            driver="driver-1",
            driving_minutes=95,
            duty_minutes=400,
        ),
        Say(pkt(6, 17, 10), "sending/journey-manager", AFTERNOON, closing),
        Look(pkt(6, 17, 11), AFTERNOON, "closed", "closed"),
    ]


def _evening(words: Words) -> list[Step]:
    plan = evening_plan(words)
    times = (pkt(6, 22, 38), pkt(6, 22, 40), pkt(6, 22, 43))
    swept = MovementAttested(item="sweep", holds=True)
    return [
        Scene(EVENING_ASKED, "scene_evening"),
        Say(EVENING_ASKED, "sending/journey-manager", EVENING, MovementRequested(plan=plan), None, "asked_late"),
        *_chain(EVENING, times, last_relay="province_desk"),
        Say(pkt(6, 22, 46), "host/sweep-lead", EVENING, swept),
        Say(pkt(6, 22, 48), "sending/approver", EVENING, MovementApproved(plan=digest(plan))),
        Look(
            pkt(6, 22, 50),
            EVENING,
            "requested",
            "not_relayed",
            consent_missing=(HOST,),
            not_relayed=("province_desk", "district_desk", "unit_commander"),
        ),
        Say(
            pkt(6, 22, 57), "sending/convoy-leader", EVENING, MovementDeparted(heads=20), "is_requested", "does_not_go"
        ),
        Say(
            pkt(6, 22, 59),
            "host/district-approver",
            EVENING,
            MovementRefused(reason=words["reason_refused"]),
        ),
        Look(pkt(6, 23, 0), EVENING, "refused", "stands_still"),
    ]


def _asked_again(words: Words) -> list[Step]:
    plan = _plan(
        words,
        "purpose_next",
        origin="guest-house",
        destination="power-plant",
        window=(pkt(8, 6, 30), pkt(8, 7, 30)),
        review_by=pkt(8, 4, 30),
        people=20,
    )
    times = (pkt(6, 23, 12), pkt(6, 23, 15), pkt(6, 23, 18), pkt(6, 23, 21))
    return [
        Scene(pkt(6, 23, 10), "scene_next"),
        Say(pkt(6, 23, 10), "sending/journey-manager", NEXT, MovementRequested(plan=plan)),
        *_chain(NEXT, times),
        Look(pkt(6, 23, 22), NEXT, "requested", "next_waits", not_relayed=("unit_commander",)),
    ]
