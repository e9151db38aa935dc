"""Information on the command line: shared, opened, passed on by consent, made into a twin, recalled and confirmed."""

from __future__ import annotations

from typing import Any

import pytest

from safeconduct.node import custody, items
from tests.unit.edges.cli.office import Office

WORDS = (
    *(
        "--title",
        "a van at gate 2",
        "--text",
        "It waits there every morning until nine.",
        "--source",
        "Rashid, a baker",
    ),
    *("--place", "24.8949,67.1580=gate 2", "--at", "2024-10-05T06:20Z"),
)
SHARED = (*WORDS, "--to", "sending/approver", "--caveat", "amber", "--yes")


def settle(office: Office) -> None:
    """Let both nodes do what they do by themselves."""
    for node in list(office.links.nodes.values()):
        node.custody_at = node.items_at = 0
        office.loop.run_until_complete(custody.keep_custody(node))
        office.loop.run_until_complete(items.keep_items(node))
    office.sync()


def share(office: Office, *words: str, by: str = "duty") -> str:
    settle(office)
    said: Any = office.must("item", "share", *(words or SHARED), "--json", *office.by(by)).json()
    office.sync()
    settle(office)
    return str(said["subject"]).removeprefix("item/")


def item(office: Office, *words: str) -> tuple[int, str]:
    answer = office.run("item", *words)
    return answer.code, answer.err or answer.out


@pytest.mark.slow
def test_an_item_is_shared_listed_opened_and_told_to_nobody_else(office: Office) -> None:
    """ITEM-13, ITEM-14, ITEM-15"""
    name = share(office)
    row = next(r for r in office.must("item", "list", "--json", *office.by("approver")).json() if name in r["subject"])
    assert (row["caveat"], row["shared_by"], row["standing"]) == ("amber", "host/duty", "shown")
    assert "TLP:AMBER" in office.must("item", "show", name, *office.by("approver")).out
    opened = office.must("item", "open", name, *office.by("approver")).out
    assert ("Rashid, a baker" in opened, "24.89490,67.15800 gate 2" in opened) == (True, True)
    for who in ("security", "embassy", "escort"):
        assert item(office, "open", name, *office.by(who)) == (1, f"safeconduct: no item 'item/{name}' here\n")
        assert item(office, "show", "i-none", *office.by(who)) == (1, "safeconduct: no item 'item/i-none' here\n")
        assert name not in office.must("item", "list", *office.by(who)).out


@pytest.mark.slow
def test_it_is_passed_on_when_the_originator_lets_it(office: Office) -> None:
    """REC-106 to REC-108"""
    inside = share(office, *WORDS, "--to", "duty_officer", "--caveat", "amber", "--yes", by="security")
    early = item(office, "pass", inside, "--to", "escort_lead", *office.by("duty"))
    assert early == (1, "safeconduct: the originator has not let the actor pass it on to escort_lead\n")
    office.must("item", "ask", inside, "--to", "escort_lead", "--reason", "he drives there", *office.by("duty"))
    settle(office)
    assert "1 ask to pass it on" in office.must("item", "list", *office.by("security")).out
    office.must("item", "allow", inside, "--asker", "host/duty", "--to", "escort_lead", *office.by("security"))
    settle(office)
    office.must("item", "pass", inside, "--to", "escort_lead", *office.by("duty"))
    assert "It waits there" in office.must("item", "open", inside, *office.by("escort")).out
    assert "passed" in office.must("item", "show", inside, *office.by("duty")).out
    refused = item(
        office,
        *("refuse", inside, "--asker", "host/duty", "--to", "escort_lead", "--reason", "too late"),
        *office.by("security"),
    )
    # Its node has not heard of the passing on, and so it is taken back.
    assert refused[0] == 0
    settle(office)
    assert item(office, "open", inside, *office.by("escort"))[0] == 1


@pytest.mark.slow
def test_a_recall_is_confirmed_by_name_and_the_holders_are_listed(office: Office) -> None:
    """ITEM-30 to ITEM-32, REC-111, REC-112"""
    name = share(office, *WORDS, "--to", "duty_officer", "--caveat", "amber_strict", "--yes", by="security")
    office.must("item", "open", name, *office.by("duty"))
    settle(office)
    assert item(office, "recall", name, "--reason", "r", "--by", "+200d", "--yes", *office.by("security"))[0] == 1
    office.must("item", "recall", name, "--reason", "not so", "--by", "+24h", "--yes", *office.by("security"))
    listed = office.must("item", "holders", name, *office.by("security")).out
    assert ("host/duty " in listed, "not confirmed yet: host" in listed) == (True, True)
    settle(office)
    settle(office)
    assert item(office, "open", name, *office.by("duty"))[0] == 1
    assert "recalled, not so" in office.must("item", "list", *office.by("duty")).out
    office.must("item", "confirm", name, "--yes", *office.by("duty"))
    settle(office)
    page = office.must("item", "holders", name, "--json", *office.by("security")).json()
    assert (page["unconfirmed"], [h["confirmed"] for h in page["holders"]]) == ([], [True, False])
    assert item(office, "holders", name, *office.by("duty"))[0] == 1


@pytest.mark.slow
def test_a_twin_is_checked_shared_and_found_by_its_originator_alone(office: Office) -> None:
    """ITEM-20, ITEM-23 to ITEM-28"""
    elsewhere = ("--title", "a truck", "--source", "Rashid", "--place", "30.1,70.2", "--at", "2024-10-03T11:20Z")
    name = share(office, *elsewhere, "--to", "sending/approver", "--caveat", "red", "--yes", by="security")
    words = ("--title", "vehicle seen", "--metres", "2000", "--minutes", "1440", "--to", "duty_officer")
    code, said = item(office, "check", name, "--text", "Rashid saw it.", *words, *office.by("security"))
    assert (code, "source named" in said) == (1, True)
    assert item(office, "check", name, "--text", "Keep away.", *words, *office.by("security"))[0] == 0
    made = office.must(
        *("item", "twin", name, "--text", "Keep away.", *words, "--caveat", "green", "--yes", "--json"),
        *office.by("security"),
    ).json()
    settle(office)
    twin = str(made["subject"]).removeprefix("item/")
    opened = office.must("item", "open", twin, "--json", *office.by("duty")).json()["content"]
    assert ("source" in opened, opened["text"], opened["places"][0].get("name")) == (False, "Keep away.", None)
    (derived,) = office.must("item", "holders", name, "--json", *office.by("security")).json()["derived"]
    assert (derived["subject"], derived["is_twin"]) == (f"item/{twin}", True)
    foreign = item(office, "twin", twin, *words, "--caveat", "green", "--yes", *office.by("duty"))
    assert (foreign[0], "expected an item of host" in foreign[1]) == (2, True)


@pytest.mark.slow
def test_what_is_made_from_an_item_says_so_on_it(office: Office) -> None:
    """ITEM-33, REC-109"""
    name = share(office, *WORDS, "--to", "duty_officer", "--caveat", "amber", "--yes", by="security")
    derived = ("--title", "a warning", "--to", "duty_officer", "--made-from", name, "--yes")
    looser = item(office, "share", *derived, "--caveat", "green", *office.by("duty"))
    assert (looser[0], "is not green" in looser[1]) == (1, True)
    office.must("item", "share", *derived, "--caveat", "amber", *office.by("duty"))
    settle(office)
    (made,) = office.must("item", "holders", name, "--json", *office.by("security")).json()["derived"]
    assert (made["by"], made["is_twin"], made["shared"]) == ("host/duty", False, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--title", "t", "--to", "nobody", "--caveat", "amber"), "expected a role of the agreement or an actor"),
        (("--title", "t", "--to", "approver", "--caveat", "orange"), "expected one of clear, green, amber"),
        (("--title", "t" * 201, "--to", "approver", "--caveat", "amber"), "expected what an item can say"),
        (("--title", "t", "--to", "approver", "--caveat", "amber", "--until", "+3d"), "expected a day such as"),
        (("--title", "t", "--to", "approver", "--caveat", "amber", "--text", "a", "--file", "b"), "got both"),
    ],
)
def test_what_cannot_be_shared_is_told_before_anything_is_said(
    office: Office, words: tuple[str, ...], message: str
) -> None:
    """ITEM-1"""
    code, said = item(office, "share", *words, "--yes", *office.by("duty"))
    assert (code, message in said) == (2, True), said


def test_sharing_is_asked_about_with_the_level_and_whom_it_goes_to(office: Office) -> None:
    settle(office)
    words = ("item", "share", *WORDS, "--to", "approver", "--caveat", "amber_strict", *office.by("duty"))
    answer = office.run(*words, typed="n\n")
    assert (answer.code, "TLP:AMBER+STRICT" in answer.err, "with approver" in answer.err) == (1, True, True)
