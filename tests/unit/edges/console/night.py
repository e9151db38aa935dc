"""A night at two duty desks, in one process: what the console's tests and pictures look at.

The host's node is asked at 22:03 UTC. There is a movement in every phase, one that is silent, a notice that has
stopped on its way, an exception under a name, two sides that acted at once, and a peer that was lost at 21:40.
"""

from __future__ import annotations

import asyncio
from functools import cache
from importlib import resources

import msgspec

from safeconduct.core.acts import (
    Act,
    Escort,
    GroupRegistered,
    MovementAborted,
    MovementAcknowledged,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementCancelled,
    MovementChanged,
    MovementCheckedIn,
    MovementClosed,
    MovementDeparted,
    MovementExcepted,
    MovementRefused,
    MovementRelayed,
    MovementRequested,
    People,
    Plan,
    Route,
    SiteRegistered,
    Timing,
)
from safeconduct.core.agreement import PartyTerms, Terms, fill_template, read_folder
from safeconduct.core.statement import digest, encode
from safeconduct.node import sync
from safeconduct.node.node import Node
from safeconduct.testing.federation import Federation, card_of
from safeconduct.testing.memory import StepClock

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

# 2027-01-15T22:03:00Z: 03:03 in one capital, 06:03 in the other.
NOW = 1_800_050_580_000

_NAMES = {
    "host": {"en": "Host State", "zh": "东道国", "ur": "میزبان ریاست"},
    "sending": {"en": "Sending State", "zh": "派遣国", "ur": "بھیجنے والی ریاست"},
}
CHAIN = ("embassy_desk", "ministry_desk", "province_desk", "district_desk", "unit_commander")
_SITES = {
    "airport": ("Jinnah terminal, hall C", "malir", 248_934_000, 671_600_000),
    "port": ("Port Qasim power plant", "bin-qasim", 247_600_000, 673_300_000),
    "dam": ("Upper dam, camp 2", "kohistan", 354_100_000, 732_100_000),
    "hostel": ("Engineers' hostel", "malir", 249_000_000, 671_900_000),
}


def named_card(party: str) -> PartyTerms:
    """A test party's card with its name in every language."""
    return msgspec.structs.replace(card_of(party), name=_NAMES[party])


def template_terms() -> Terms:
    """The shipped template, agreed between the two parties."""
    folder = resources.files("safeconduct.core.agreement") / "template" / "host_sending"
    files = {"agreement.yaml": (folder / "agreement.yaml").read_text("utf-8")}
    for path in (folder / "clauses").iterdir():
        files[f"clauses/{path.name}"] = path.read_text("utf-8")
    return read_folder(fill_template(files, [named_card(party) for party in _NAMES], "night"))


class Night:
    """A federation with the template in force, driven through the story."""

    def __init__(self, *, start: int = NOW - 30 * HOUR) -> None:
        self.clock = StepClock(start)
        self.federation = Federation(clock=self.clock)
        for party in _NAMES:
            for store in self.federation.stores.values():
                store.put_card(party, encode(named_card(party)))
        self.plans: dict[str, Plan] = {}

    async def __aenter__(self) -> Night:
        await self.federation.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.federation.__aexit__()

    @property
    def host(self) -> Node:
        return self.federation.node("host")

    async def agree(self) -> None:
        await self.federation.agree(template_terms())
        for site, (name, district, latitude, longitude) in _SITES.items():
            act = SiteRegistered(name=name, district=district, latitude_e7=latitude, longitude_e7=longitude)
            await self.say("host/host_registrar", f"site/{site}", act)
        group = GroupRegistered(label="Turbine crew 4", category="engineers", people=14)
        await self.say("sending/sending_registrar", "group/g4", group)
        await self.share()

    async def say(self, actor: str, subject: str, act: Act) -> None:
        await self.federation.say(actor, subject, act)

    async def share(self) -> None:
        """Both nodes visit each other and say their receipts."""
        await self.federation.sync()
        self.clock.advance(1_100)
        for node in self.federation.links.nodes.values():
            await sync.say_receipts(node)
        await self.federation.sync()

    def until(self, instant: int) -> None:
        self.clock.advance(max(0, instant - self.clock.now()))

    # --- a movement, step by step -------------------------------------------------------------------------------------

    async def request(
        self, movement: str, opens: int, *, origin: str = "airport", to: str = "port", hours: int = 2, count: int = 12
    ) -> None:
        """opens: when its window opens, relative to NOW."""
        earliest = NOW + opens
        plan = Plan(
            route=Route(origin=origin, destination=to, districts=("malir", "bin-qasim")),
            timing=Timing(earliest=earliest, latest=earliest + hours * HOUR, review_by=earliest - 2 * HOUR),
            people=People(group="g4", count=count),
            escort=Escort(carrying_vehicles=2, protection_level="b6", escort_vehicles=3),
            purpose="shift change of the turbine crew",
        )
        self.plans[movement] = plan
        await self.say("sending/journey_manager", f"movement/{movement}", MovementRequested(plan=plan))

    async def pass_on(self, movement: str, hops: int) -> None:
        """The notice goes down the chain; at the end the unit that acts acknowledges."""
        for place, role in enumerate(CHAIN[:hops]):
            party = "sending" if role == "embassy_desk" else "host"
            await self.share()
            await self.say(f"{party}/{role}", f"movement/{movement}", MovementAcknowledged(role=role))
            if place + 1 < len(CHAIN):
                relayed = MovementRelayed(role=role, to_role=CHAIN[place + 1])
                await self.say(f"{party}/{role}", f"movement/{movement}", relayed)

    async def approve(self, movement: str, *actors: str) -> None:
        await self.share()
        for actor in actors or ("host/district_approver", "sending/approver"):
            approved = MovementApproved(plan=digest(self.plans[movement]))
            await self.say(actor, f"movement/{movement}", approved)
        await self.share()

    async def attest(self, movement: str, item: str, *actors: str, heads: int | None = None) -> None:
        for actor in actors:
            await self.say(actor, f"movement/{movement}", MovementAttested(item=item, holds=True, heads=heads))

    async def make_ready(self, movement: str) -> None:
        await self.attest(movement, "vehicle_protection", "sending/convoy_leader", "host/escort_lead")
        await self.attest(movement, "radio_check", "sending/convoy_leader", "host/escort_lead")
        count = self.plans[movement].people.count
        await self.attest(movement, "head_count", "host/site_guard", "sending/convoy_leader", heads=count)
        await self.attest(movement, "sweep", "host/sweep_lead")
        await self.share()

    async def depart(self, movement: str) -> None:
        await self.make_ready(movement)
        heads = self.plans[movement].people.count
        await self.say("host/escort_lead", f"movement/{movement}", MovementDeparted(heads=heads))
        await self.share()

    async def check_in(self, movement: str, note: str | None = None) -> None:
        here = MovementCheckedIn(latitude_e7=248_120_000, longitude_e7=672_450_000, note=note)
        await self.say("sending/driver", f"movement/{movement}", here)
        await self.share()

    async def arrive(self, movement: str) -> None:
        heads = self.plans[movement].people.count
        await self.say("sending/convoy_leader", f"movement/{movement}", MovementArrived(heads=heads))
        await self.share()


async def whole_night(night: Night) -> None:
    """The story, up to NOW."""
    await night.agree()
    await _day_before(night)
    await _evening(night)
    await _last_minutes(night)


async def _day_before(night: Night) -> None:
    await night.request("m-101", -5 * HOUR, to="dam")
    await night.pass_on("m-101", 5)
    await night.approve("m-101")
    await night.request("m-102", -3 * HOUR)
    await night.approve("m-102")
    await night.request("m-103", -1 * HOUR, origin="hostel", to="airport")
    await night.pass_on("m-103", 5)
    await night.approve("m-103")
    await night.request("m-104", -6 * HOUR)
    await night.say("sending/journey_manager", "movement/m-104", MovementCancelled(reason="flight moved to the 17th"))
    await night.request("m-105", -7 * HOUR, to="dam")
    await night.share()
    await night.say("host/district_approver", "movement/m-105", MovementRefused(reason="road closed by a landslide"))
    await night.request("m-106", -2 * HOUR, origin="hostel")
    await night.request("m-107", -4 * HOUR, origin="port", to="hostel", count=9)
    await night.pass_on("m-107", 5)
    await night.approve("m-107")
    await night.request("m-108", 40 * MINUTE, origin="hostel", to="port")
    await night.pass_on("m-108", 5)
    await night.approve("m-108")


async def _evening(night: Night) -> None:
    night.until(NOW - 5 * HOUR + 10 * MINUTE)
    await night.depart("m-101")
    night.until(NOW - 4 * HOUR + 5 * MINUTE)
    await night.depart("m-107")
    for _ in range(3):
        night.clock.advance(14 * MINUTE)
        await night.check_in("m-101")
        await night.check_in("m-107")
    night.clock.advance(12 * MINUTE)
    await night.arrive("m-101")
    await night.say(
        "host/escort_lead", "movement/m-107", MovementAborted(reason="bridge at km 31 is down, turned back")
    )
    night.until(NOW - 3 * HOUR + 10 * MINUTE)
    await night.depart("m-102")
    await night.share()
    for _ in range(4):
        night.clock.advance(13 * MINUTE)
        await night.check_in("m-102", "all well")
    await night.arrive("m-102")
    await night.say("sending/journey_manager", "movement/m-102", MovementClosed(note="no complaints"))
    await night.share()


async def _last_minutes(night: Night) -> None:
    night.until(NOW - 58 * MINUTE)
    await night.depart("m-103")
    night.until(NOW - 55 * MINUTE)
    await night.request("m-109", 26 * HOUR, to="dam", count=30)
    await night.pass_on("m-109", 2)
    await night.request("m-110", 5 * HOUR, origin="port", to="airport")
    await night.pass_on("m-110", 3)
    await night.approve("m-110", "host/district_approver")
    night.until(NOW - 47 * MINUTE)
    await night.check_in("m-103", "through the toll gate")
    night.until(NOW - 33 * MINUTE)
    await night.check_in("m-103")
    await night.attest("m-108", "vehicle_protection", "sending/convoy_leader", "host/escort_lead")
    await night.attest("m-108", "radio_check", "host/escort_lead")
    excepted = MovementExcepted(item="radio_check", reason="set 2 has no battery; two satellite phones are on board")
    await night.say("sending/security_manager", "movement/m-108", excepted)
    await night.attest("m-108", "head_count", "host/site_guard", heads=11)
    await night.share()
    await _at_once(night)
    night.until(NOW - 23 * MINUTE)
    await night.share()
    night.federation.links.cut = {("host", "sending"), ("sending", "host")}
    night.until(NOW - 4 * MINUTE)
    await night.attest("m-108", "sweep", "host/sweep_lead")
    night.until(NOW)
    await night.federation.sync()


async def _at_once(night: Night) -> None:
    """The sending side changes a plan and the host refuses it before it hears of that; both cancel and approve."""
    await night.request("m-111", 8 * HOUR, origin="dam", to="airport", count=5)
    await night.share()
    plan = night.plans["m-111"]
    moved = msgspec.structs.replace(plan.timing, earliest=plan.timing.earliest + HOUR)
    later = msgspec.structs.replace(plan, timing=moved)
    changed = MovementChanged(plan=later, reason="second bus comes an hour later")
    await night.say("sending/journey_manager", "movement/m-111", changed)
    night.clock.advance(2_000)
    await night.say("host/district_approver", "movement/m-111", MovementApproved(plan=digest(plan)))
    await night.request("m-112", 6 * HOUR, origin="port", to="dam", count=3)
    await night.share()
    await night.say("sending/journey_manager", "movement/m-112", MovementCancelled(reason="crew is <b>ill</b> & stays"))
    night.clock.advance(2_000)
    await night.say("host/district_approver", "movement/m-112", MovementApproved(plan=digest(night.plans["m-112"])))
    await night.share()


@cache
def told() -> Night:
    """The whole night, told once. Its nodes write no more; what they know can be looked at."""

    async def tell() -> Night:
        async with Night() as night:
            await whole_night(night)
        return night

    return asyncio.run(tell())
