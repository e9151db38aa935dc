"""What parties, roles, sites and groups are called, in the reader's language where the agreement says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from safeconduct.core.acts import GroupRegistered, SiteRegistered, read_act
from safeconduct.core.agreement import Clause, GateItem, PartyTerms, Terms
from safeconduct.edges.console.markup import Html, el
from safeconduct.edges.console.reader import Reader, person
from safeconduct.node import queries
from safeconduct.node.node import Node


@dataclass(frozen=True, slots=True)
class Names:
    """terms: of the agreement that a page is about; None where there is none, and everything goes by its id.

    contents: compartment and variant of what was sealed, by digest, as far as the page has met it.
    """

    node: Node
    reader: Reader
    terms: Terms | None
    contents: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def party(self, party: str) -> Html:
        known: PartyTerms | None = self.terms.party(party) if self.terms is not None else None
        known = known if known is not None else self.node.cards.get(party)
        return self.reader.chosen(known.name) if known is not None and known.name else person(party)

    def role(self, role: str) -> Html:
        known = self.terms.role(role) if self.terms is not None else None
        return self.reader.chosen(known.name) if known is not None else person(role)

    def gate_item(self, item: str) -> Html:
        known = self.item_terms(item)
        return self.reader.chosen(known.name) if known is not None else person(item)

    def item_terms(self, item: str) -> GateItem | None:
        items = self.terms.movement.ready_gate if self.terms is not None else ()
        return next((known for known in items if known.id == item), None)

    def clause(self, clause: str) -> Clause | None:
        clauses = self.terms.clauses if self.terms is not None else ()
        return next((known for known in clauses if known.id == clause), None)

    def site(self, site: str) -> Html:
        act = self._registered(f"site/{site}")
        return el("bdi", act.name) if isinstance(act, SiteRegistered) else person(site)

    def group(self, group: str) -> Html:
        act = self._registered(f"group/{group}")
        return el("bdi", act.label) if isinstance(act, GroupRegistered) else person(group)

    def _registered(self, subject: str) -> object:
        known = queries.registration(self.node, subject)
        return read_act(known.kind, bytes(known.body)) if known is not None else None
