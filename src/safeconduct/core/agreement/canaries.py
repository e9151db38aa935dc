"""What an agreement says of copies that differ by recipient."""

from __future__ import annotations

from collections.abc import Collection

from safeconduct.core.agreement.clauses import Terms


def whole_roles(terms: Terms) -> tuple[str, ...]:
    """The roles to which a compartment that may name slots opens whole: whoever holds one gets a copy. Sorted."""
    agreed = terms.canaries.compartments if terms.canaries is not None else ()
    opened = [release for known in terms.compartments if known.id in agreed for release in known.releases]
    return tuple(sorted({release.role for release in opened if release.variant == "exact"}))


def on_panel(terms: Terms, roles: Collection[str]) -> bool:
    """Whether holders of these roles are of the joint panel."""
    return terms.canaries is not None and any(role in terms.canaries.panel for role in roles)
