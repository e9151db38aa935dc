"""Where the reason goes that somebody types into a page before what is sensitive is shown: onto the record."""

from __future__ import annotations

from collections.abc import Callable

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from safeconduct.core.acts import Look
from safeconduct.edges.http.gate import AnyRequest, Gate, read_form, require_own_page
from safeconduct.errors import InputInvalid
from safeconduct.node import reasons
from safeconduct.node.node import Node

_HEADERS = {"cache-control": "no-store"}
_LOOKS: dict[str, Look] = {"knew": "knew", "pack": "pack"}


def looking(
    node: Node, gate: Gate, address_of: Callable[[str], str], page_of: Callable[[Look, str], str]
) -> HTTPRouteHandler:
    """POST /reasons: what, movement and reason of a page's form. page_of: the page that the look leads to."""

    @post("/reasons", status_code=303, include_in_schema=False)
    async def reason(request: AnyRequest) -> Redirect:
        require_own_page(request, address_of)
        form = await read_form(request.receive)
        viewer = gate.sitter(request)
        look, movement_id = _LOOKS.get(form.get("what", "")), form.get("movement", "")
        if look is None:
            raise InputInvalid(f"expected what is looked at, one of {', '.join(_LOOKS)}, got another")
        reasons.require_looker(node, viewer, look)
        gate.require_fresh(request)
        await reasons.note_reason(node, viewer, look, movement_id, form.get("reason", ""))
        return Redirect(page_of(look, movement_id), status_code=303, headers=_HEADERS)

    return reason
