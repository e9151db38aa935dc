"""What can be said by filling in a form that the agreement declares: patrols, meetings, certificates, handovers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from safeconduct.core.acts.words import Act, Text
from safeconduct.core.statement import INTEGER_MAX

# Named like a kind of act; the word before the dot is the kind of subject that it is about.
FormId = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,20}\.[a-z][a-z0-9_]{0,39}\Z")]
_Field = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}\Z")]
_Number = Annotated[int, msgspec.Meta(ge=-INTEGER_MAX, le=INTEGER_MAX)]
FieldValue = bool | _Number | Text | Annotated[tuple[Text, ...], msgspec.Meta(max_length=64)]

# What reports may be about. `movement` needs one that was requested; the others come into being by being reported on.
FORM_SUBJECTS = (
    "movement", "site", "group", "person", "post", "guard", "vehicle", "unit", "meeting", "project", "district",
    "incident", "company", "threat",
)  # fmt: skip


class FormFiled(Act, frozen=True, kw_only=True):
    """A report on the subject, by a form of the agreement in force, with every field that the form asks."""

    form: FormId
    fields: Annotated[Mapping[_Field, FieldValue], msgspec.Meta(max_length=24)]


FormAct = FormFiled
