"""The replay as people read it in a terminal: the clock in Karachi, who said what, whose receipt proves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from safeconduct.core.acts import (
    CATALOGUE,
    Act,
    CompartmentSealed,
    FormFiled,
    GroupRegistered,
    MovementApproved,
    MovementArrived,
    MovementAttested,
    MovementCancelled,
    MovementChanged,
    MovementCheckedIn,
    MovementDeparted,
    MovementRefused,
    MovementRelayed,
    MovementRequested,
    SiteRegistered,
    kind_of,
)
from safeconduct.core.agreement import Terms
from safeconduct.edges.cli.demo.scenario import CAST
from safeconduct.edges.cli.demo.words import PKT_OFFSET_MS, Words
from safeconduct.node.queries import MovementRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLOURS = {"host": "cyan", "sending": "magenta"}
# Below this many columns a time column would leave too little for the text.
_NARROW = 60
# More open gate items than this are counted instead of named.
_NAMED_MAX = 1


class Names:
    """What parties, actors, gate items and movements are called in the reader's language."""

    def __init__(self, words: Words, terms: Terms) -> None:
        self._words, self._terms = words, terms

    def party(self, party: str) -> str:
        return self._words[f"party_{party}"]

    def role(self, role: str) -> str:
        found = self._terms.role(role)
        return found.name[self._words.language] if found is not None else role

    def actor(self, actor: str) -> str:
        """The party and the roles of an actor; its name within the party when it has none."""
        party, name = actor.split("/", 1)
        roles = " + ".join(self.role(role) for role in CAST.get(actor, ()))
        return f"{self.party(party)} · {roles or name}"

    def act(self, act: Act) -> str:
        known = self._terms.form(act.form) if isinstance(act, FormFiled) else None
        if known is not None:
            return known.name[self._words.language]
        return self.title(kind_of(act))

    def title(self, kind: str) -> str:
        """What a kind of act is called."""
        return CATALOGUE[kind].title[self._words.language]

    def compartment(self, compartment: str) -> str:
        found = self._terms.compartment(compartment)
        return found.name[self._words.language] if found is not None else compartment

    def sentence(self, act: Act) -> str:
        """An act's title with what it adds."""
        detail = self.detail(act)
        return self._words.say("with_detail", act=self.act(act), detail=detail) if detail else self.act(act)

    def item(self, item: str) -> str:
        found = next((i for i in self._terms.movement.ready_gate if i.id == item), None)
        return found.name[self._words.language] if found is not None else item

    def clause(self, clause: str) -> str:
        """A clause's number and title."""
        found = next((c for c in self._terms.clauses if c.id == clause), None)
        return f"{clause} {found.title[self._words.language]}" if found is not None else clause

    def movement(self, subject: str) -> str:
        return self._words[subject.removeprefix("movement/")]

    def detail(self, act: Act) -> str:
        """What an act adds to its title; empty when its title says all."""
        words = self._words
        match act:
            case MovementRequested() | MovementChanged():
                timing = act.plan.timing
                return words.say(
                    "d_plan",
                    people=act.plan.people.count,
                    earliest=words.moment(timing.earliest),
                    latest=words.moment(timing.latest),
                    review=words.moment(timing.review_by),
                )
            case MovementRelayed():
                return self.role(act.to_role)
            case CompartmentSealed():
                return self.compartment(act.compartment)
            case MovementApproved():
                return words.say("d_approved", digest=act.plan[:8])
            case MovementAttested(heads=None):
                return words.say("d_holds" if act.holds else "d_holds_not", item=self.item(act.item))
            case MovementAttested():
                return words.say("d_heads", item=self.item(act.item), heads=act.heads)
            case MovementDeparted() | MovementArrived():
                return words.say("d_people", heads=act.heads)
            case MovementCheckedIn():
                return words.say("d_near", place=act.note)
            case MovementRefused() | MovementCancelled():
                return act.reason
            case SiteRegistered():
                return act.name
            case GroupRegistered():
                return act.label
            case _:
                return ""


class Receipt(NamedTuple):
    """When the other party had a statement, by its own word on the record (ms) and by its cosignature (s)."""

    by: str
    said_at: int | None
    cosigned_at: int | None


def day_of(at: int) -> str:
    """`2024-10-06`, by the calendar in Karachi."""
    return (_EPOCH + timedelta(milliseconds=at + PKT_OFFSET_MS)).date().isoformat()


class Timeline:
    """Prints as things happen. Every method takes moments as ms since 1970 UTC."""

    def __init__(self, console: Console, words: Words) -> None:
        self.console = console
        self.words = words
        self._day = ""

    def title(self) -> None:
        """What this is, what is published and what is made up."""
        self.console.print(Text(self.words["title"], style="bold"))
        self.console.print(Text(self.words["published"]))
        self.console.print(Text(self.words["made_up"], style="yellow"))

    def scene(self, key: str, at: int | None = None) -> None:
        """A heading, with the day when it is another."""
        heading = self.words[key]
        if at is not None:
            day, self._day = self._day, day_of(at)
            heading = f"{self.words.moment(at)} PKT  {heading}"
            if day != self._day:
                heading = f"{self._day} {heading}"
        self.console.print()
        if self.is_narrow:
            self.console.print(Text(heading, style="bold"))
        else:
            self.console.print(Rule(Text(heading, style="bold"), align="left", style="dim"))

    def command(self, line: str) -> None:
        """A command that anybody could type to do the same."""
        self.console.print(Text(f"$ safeconduct {line}", style="dim"))

    def said(self, at: int, names: Names, actor: str, act: Act) -> None:
        """A statement that took effect."""
        self._line(at, _who(names, actor), " ", names.sentence(act))

    def opened(self, at: int, names: Names, actor: str, compartment: str, text: str) -> None:
        """A compartment that opened, and what it says."""
        words = self.words
        what = words.say("with_detail", act=names.title("compartment.opened"), detail=names.compartment(compartment))
        self._line(at, _who(names, actor), " ", what)
        self._line(None, Text(f"└ ✉ {text}", style="green"))

    def refused(self, at: int, names: Names, actor: str, title: str, code: str, account: str) -> None:
        """A statement that the record refused, with the reason that its author heard."""
        no = Text(f" ✗ {title}, {self.words['refused']} ({code}): {account}", style="red")
        self._line(at, _who(names, actor), no)

    def receipts(self, names: Names, receipts: Sequence[Receipt]) -> None:
        """What proves that the statements just made were delivered."""
        for receipt in receipts:
            party = names.party(receipt.by)
            if receipt.said_at is None:
                self._line(None, Text(f"└ {self.words.say('not_received', party=party)}", style="yellow"))
            else:
                at = self.words.moment(receipt.said_at)
                self._line(None, Text(f"└ ✓ {self.words.say('received_by', party=party, at=at)}", style="green"))

    def board(self, names: Names, row: MovementRow) -> None:
        """A movement's line on the board, the same on both nodes."""
        words = self.words
        none = words["nothing"]
        items = [names.item(item) for item in row.open_items]
        gate = words.listed(items) if len(items) <= _NAMED_MAX else words.say("items", count=len(items))
        text = words.say(
            "board",
            movement=names.movement(row.subject),
            phase=words[f"phase_{row.phase}"],
            consent=words.listed(names.party(party) for party in row.consent_missing) or none,
            gate=gate or none,
            chain=names.role(row.not_relayed[0]) if row.not_relayed else words["at_the_end"],
            breaches=words.listed(row.breaches) or none,
        )
        self._line(None, Text(f"▤ {text}", style="blue"))

    def comment(self, key: str, **facts: object) -> None:
        """What to notice."""
        self._line(None, Text(self.words.say(key, **facts), style="italic"))

    def warning(self, text: str) -> None:
        """Something that went down or went wrong."""
        self._line(None, Text(f"! {text}", style="bold red"))

    def plain(self, text: str, style: str = "") -> None:
        """A line outside of the clock."""
        self.console.print(Text(text, style=style))

    @property
    def is_narrow(self) -> bool:
        """Whether there is room for a few words a line only."""
        return self.console.width < _NARROW

    def show(self, what: RenderableType) -> None:
        """A table."""
        self.console.print(what)

    def _line(self, at: int | None, *parts: Text | str) -> None:
        text = Text()
        for part in parts:
            text.append_text(part if isinstance(part, Text) else Text(part))
        clock = self.words.moment(at) if at is not None else ""
        if self.is_narrow:
            self.console.print(Text.assemble((f"{clock} " if clock else "  ", "bold"), text))
            return
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=8, no_wrap=True, style="bold")
        grid.add_column(overflow="fold")
        grid.add_row(clock, text)
        self.console.print(grid)


def _who(names: Names, actor: str) -> Text:
    return Text(names.actor(actor), style=_COLOURS.get(actor.split("/", 1)[0], ""))
