"""Sites, groups and people on the record; a person's name never is."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from safeconduct.core.acts import GroupRegistered, PersonRegistered, SiteRegistered
from safeconduct.core.disclosure import HeldDossier, dossier_commitment
from safeconduct.core.sealing import SALT_BYTES
from safeconduct.edges.cli.desk import Desk, check_option, json_option, passphrase_option, speaks
from safeconduct.edges.cli.dossiers import Dossier, keep_dossier, open_dossier, read_dossier
from safeconduct.edges.cli.inputs import FILE, FOLDER, IDENTIFIER, NAME, OneOf, position, whole
from safeconduct.edges.cli.persons import seal_for_nodes
from safeconduct.edges.cli.plans import Registered
from safeconduct.edges.cli.profiles import read_speaker, speaker_folder
from safeconduct.edges.cli.program import Commands, example
from safeconduct.edges.cli.screen import Screen, line, moment_text, pairs, table
from safeconduct.edges.cli.seam import Assembly
from safeconduct.errors import NotAllowed

_PEOPLE_MAX = 10_000
_E7 = 10_000_000


@click.group(cls=Commands)
def register() -> None:
    """Sites, groups and people that the parties protect."""


@register.command(
    epilog=example('safeconduct register site airport --name "Karachi airport" --district malir --at 24.9065,67.1608')
)
@click.argument("site_id", metavar="ID", type=IDENTIFIER)
@click.option("--name", type=NAME, required=True, help="What people call it.")
@click.option("--district", type=IDENTIFIER, required=True, help="District in which it lies.")
@click.option("--at", "where", metavar="LAT,LON", required=True, help="Position in degrees.")
@check_option
@speaks
def site(desk: Desk, site_id: str, name: str, district: str, where: str, check: bool) -> None:
    """Register a place of departure or arrival.

    Said again, it replaces what was there.
    """
    latitude, longitude = position(where, "--at")
    act = SiteRegistered(name=name, district=district, latitude_e7=latitude, longitude_e7=longitude)
    desk.say(f"site/{site_id}", act, check=check)


@register.command(
    epilog=example('safeconduct register group engineers --label "Unit 7 engineers" --category engineers --people 12')
)
@click.argument("group_id", metavar="ID", type=IDENTIFIER)
@click.option("--label", type=NAME, required=True, help="A label that names nobody.")
@click.option("--category", type=IDENTIFIER, required=True, help="Kind of group, as the agreement uses it.")
@click.option("--people", type=whole(0, _PEOPLE_MAX), required=True, help="How many belong to it.")
@check_option
@speaks
def group(desk: Desk, group_id: str, label: str, category: str, people: int, check: bool) -> None:
    """Register a group of protected people.

    Said again, it replaces what was there.
    """
    desk.say(f"group/{group_id}", GroupRegistered(label=label, category=category, people=people), check=check)


@register.command(
    epilog=example(
        "safeconduct register person p-0417 --group engineers",
        "safeconduct register person p-0417 --group engineers --dossier p-0417.json",
    )
)
@click.argument("person_id", metavar="ID", type=IDENTIFIER)
@click.option("--group", "group_id", type=IDENTIFIER, required=True, help="Group that the person belongs to.")
@click.option("--dossier", type=FILE, metavar="FILE", help='File {"name": …, "papers": […]}; it is asked if left out.')
@click.option("--kept", is_flag=True, help="Let the nodes that the agreement names keep the dossier too, for its time.")
@check_option
@speaks
def person(desk: Desk, person_id: str, group_id: str, dossier: Path | None, kept: bool, check: bool) -> None:
    """Register a person under a pseudonym.

    The name and the papers stay in this actor's folder, encrypted. The record gets a commitment: it says nothing now,
    and can prove later what the dossier said. With --kept, nodes keep it too, as by `safeconduct person seal`.
    """
    speaker = desk.client.speaker
    if speaker.dossier_key is None:
        raise NotAllowed("a person is registered by an actor, whose folder keeps the dossier; got the authority")
    content = read_dossier(dossier)
    salt = desk.assembly.randomness(SALT_BYTES)
    subject = f"person/{person_id}"
    committed = dossier_commitment(subject, HeldDossier(content.encode(), salt))
    if not check:
        # Kept before it is said: a commitment whose dossier is lost can never be opened.
        keep_dossier(desk.assembly, speaker.folder, speaker.dossier_key, subject, content, salt, committed)
    act = PersonRegistered(group=group_id, dossier=committed)
    if check or not kept:
        desk.say(subject, act, check=check)
        return
    said = desk.client.say(subject, act)
    sealed, accepted = seal_for_nodes(desk, subject, None)
    desk.show(
        {"registered": said, "sealed": accepted, "until": sealed.until},
        line(f"said: person.registered of {subject}, entry {said.index} of the log of {said.party}"),
        line(f"kept by {', '.join(copy.party for copy in sealed.copies)} until {moment_text(sealed.until)}"),
    )


@register.command(epilog=example("safeconduct register dossier p-0417 --profile alice"))
@click.argument("person_id", metavar="ID", type=IDENTIFIER)
@click.option("--profile", type=FOLDER, metavar="DIR", help="Folder of the actor who registered the person.")
@passphrase_option
@json_option
@click.pass_obj
def dossier(
    assembly: Assembly, person_id: str, profile: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """Show the dossiers that this actor keeps.

    Each with the commitment that is on the record, and checked against it.
    """
    folder = speaker_folder(assembly, profile)
    speaker = read_speaker(assembly, folder, passphrase_file)
    if speaker.dossier_key is None:
        raise NotAllowed("dossiers are kept by the actor who registered the person, got the authority")
    kept = open_dossier(folder, speaker.dossier_key, f"person/{person_id}")
    Screen(as_json=as_json).show(
        [{"commitment": committed, "name": found.name, "papers": found.papers} for committed, found in kept],
        *(pairs([("commitment", committed), *_dossier_rows(found)]) for committed, found in kept),
    )


def _dossier_rows(found: Dossier) -> list[tuple[str, object]]:
    return [("name", found.name), *(("papers", paper) for paper in found.papers)]


@register.command("list", epilog=example("safeconduct register list site", "safeconduct register list person --json"))
@click.argument("family", metavar="FAMILY", type=OneOf(("site", "group", "person")))
@speaks
def list_(desk: Desk, family: str) -> None:
    """What is registered: site, group or person."""
    rows = desk.client.get(f"/v1/register/{family}", tuple[Registered, ...])
    match family:
        case "site":
            columns: tuple[str, ...] = ("site", "name", "district", "position")
            lines = [
                (row.party, _id(row), *_site_cells(msgspec.json.decode(row.body, type=SiteRegistered))) for row in rows
            ]
        case "group":
            columns = ("group", "label", "category", "people")
            lines = [
                (row.party, _id(row), *_group_cells(msgspec.json.decode(row.body, type=GroupRegistered)))
                for row in rows
            ]
        case _:
            columns = ("person", "group", "dossier", "registered at")
            lines = [(row.party, _id(row), *_person_cells(row)) for row in rows]
    desk.show(rows, table(("party", *columns), lines, title=f"{family}s"))


def _id(row: Registered) -> str:
    return row.subject.partition("/")[2]


def _site_cells(body: SiteRegistered) -> tuple[object, ...]:
    return body.name, body.district, f"{body.latitude_e7 / _E7:.5f},{body.longitude_e7 / _E7:.5f}"


def _group_cells(body: GroupRegistered) -> tuple[object, ...]:
    return body.label, body.category, body.people


def _person_cells(row: Registered) -> tuple[object, ...]:
    body = msgspec.json.decode(row.body, type=PersonRegistered)
    return body.group, body.dossier, moment_text(row.at)
