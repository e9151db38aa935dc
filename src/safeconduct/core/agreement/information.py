"""What the roles that an agreement's terms for information name must be allowed to say."""

from __future__ import annotations

from collections.abc import Mapping

# List of roles → the kinds that each of them says.
INFORMATION_KINDS: Mapping[str, tuple[str, ...]] = {
    "share": ("item.shared",),
    "consent": ("item.onward_allowed", "item.onward_refused"),
    "recall": ("item.recalled",),
    "propose": ("release.proposed", "release.withdrawn"),
    "sign": ("release.signed", "release.refused"),
}
