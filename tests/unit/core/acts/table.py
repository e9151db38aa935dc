"""The table of docs/spec/acts.md, made from the catalogue. `python -m tests.unit.core.acts.table` writes it anew."""

from __future__ import annotations

from pathlib import Path

from msgspec import inspect

from safeconduct.core.acts import CATALOGUE, Entry

PAGE = Path(__file__).resolve().parents[4] / "docs" / "spec" / "acts.md"
BEGIN = "<!-- the catalogue begins -->\n"
END = "<!-- the catalogue ends -->\n"
HEAD = "| kind | English · 中文 · اردو | subject | said by | follows | body |\n|---|---|---|---|---|---|\n"


def table() -> str:
    """The catalogue as a Markdown table, in its order."""
    return HEAD + "".join(_row(entry) for entry in CATALOGUE.values())


def _row(entry: Entry) -> str:
    titles = " · ".join(entry.title[language] for language in ("en", "zh", "ur"))
    follows = ", ".join(f"`{kind}`" for kind in entry.follows) or "–"
    fields = ", ".join(_fields(entry)) or "–"
    return f"| `{entry.kind}` | {titles} | {entry.subject} | {entry.speaker} | {follows} | {fields} |\n"


def _fields(entry: Entry) -> list[str]:
    """Field names; one that may be left out has a question mark."""
    body = inspect.type_info(entry.body)
    assert isinstance(body, inspect.StructType)
    return [f"`{field.encode_name}`{'' if field.required else '?'}" for field in body.fields]


def between_marks(page: str) -> str:
    """The part of the page that this file writes."""
    return page.partition(BEGIN)[2].partition(END)[0]


def main() -> None:
    """Write the table into the page."""
    page = PAGE.read_text("utf-8")
    head, tail = page.partition(BEGIN)[0], page.partition(END)[2]
    PAGE.write_text(f"{head}{BEGIN}{table()}{END}{tail}", "utf-8")


if __name__ == "__main__":
    main()
