"""The API describes itself."""

from __future__ import annotations

from typing import Any

from tests.unit.edges.asking import Asking, asking


async def described(a: Asking) -> Any:
    return (await a.ask("GET", "/schema")).json()


def test_every_route_has_a_description_of_its_own() -> None:
    """WIRE-50, WIRE-56"""

    async def scenario(a: Asking) -> None:
        operations = [
            (path, operation)
            for path, methods in (await described(a))["paths"].items()
            for operation in methods.values()
        ]
        assert len(operations) > 20
        assert [path for path, operation in operations if not operation.get("description")] == []

    asking(scenario)


def test_both_ways_to_prove_who_asks_are_described() -> None:
    """WIRE-50"""

    async def scenario(a: Asking) -> None:
        schema = await described(a)
        assert sorted(schema["components"]["securitySchemes"]) == ["session", "signature"]

    asking(scenario)


def test_the_body_of_a_statement_is_described_in_both_forms() -> None:
    """WIRE-55"""

    async def scenario(a: Asking) -> None:
        body = (await described(a))["paths"]["/v1/statements"]["post"]["requestBody"]
        assert sorted(body["content"]) == ["application/json", "application/x-ndjson"]

    asking(scenario)


def test_no_page_with_other_peoples_scripts_is_served() -> None:
    """WIRE-50: a description is data; whoever wants pictures brings a viewer."""

    async def scenario(a: Asking) -> None:
        pages = [
            await a.ask("GET", path) for path in ("/schema", "/schema/", "/schema/openapi.json", "/schema/swagger")
        ]
        assert [(page.status_code, "<script" in page.text) for page in pages] == [
            (200, False), (200, False), (200, False), (404, False),
        ]  # fmt: skip

    asking(scenario)
