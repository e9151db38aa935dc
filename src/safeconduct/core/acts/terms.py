"""What can be said about the agreement itself. Signing it is a joint act: proposed by one, signed by every other."""

from __future__ import annotations

from safeconduct.core.acts.words import Act
from safeconduct.core.statement import Count, Digest


class AgreementProposed(Act, frozen=True, kw_only=True):
    """A text is put forward. digest, size: of its canonical bytes, which travel as a blob."""

    digest: Digest
    size: Count


class AgreementSigned(Act, frozen=True, kw_only=True):
    """The party's authority agrees to the text with this digest."""

    digest: Digest


TermsAct = AgreementProposed | AgreementSigned
