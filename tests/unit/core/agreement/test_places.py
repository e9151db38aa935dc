"""A plain value at its path."""

from __future__ import annotations

from safeconduct.core.agreement.places import At


def test_what_is_inside_has_its_path() -> None:
    """AG-2: so that a problem can be told where it is."""
    root = At({"roles": [{"id": "unit"}, {"id": 3}], "name": "small"}, ())
    roles = list(root["roles"])
    assert [role["id"].path for role in roles] == [("roles", 0, "id"), ("roles", 1, "id")]
    assert [role["id"].text for role in roles] == ["unit", None]
    assert (root["name"].text, root["name"].value) == ("small", "small")


def test_of_what_is_not_there_there_is_nothing() -> None:
    """AG-2"""
    root = At({"name": "small"}, ())
    assert root["roles"] == At(None, ("roles",))
    assert root["name"]["en"] == At(None, ("name", "en"))
    assert list(root["name"]) == []
