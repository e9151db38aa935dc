"""uvicorn's fast HTTP/1.1 protocol with the bounds that it leaves to a proxy, which a node may not have."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from safeconduct.edges.http.limits import HEAD_BYTES_MAX, HEAD_SECONDS_MAX


class BoundedHttp(HttpToolsProtocol):
    """Closes connections whose request head is too long, or is not complete in time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_bytes = 0
        self._in_head = True
        self._head_ended = False
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._be_patient()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_patience()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_in_head = self._in_head
        if was_in_head and self._patience is None:
            self._be_patient()
        self._head_ended = False
        super().data_received(data)
        # Only where all of it belongs to one head: a piece that ends one may bring along a large body, whole.
        if was_in_head and not self._head_ended and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self.send_400_response(f"expected at most {HEAD_BYTES_MAX} bytes before the body, got more")

    def on_message_begin(self) -> None:
        if self._patience is None:
            self._be_patient()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._head_ended = True
        self._head_bytes = 0
        self._end_patience()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head = True
        super().on_message_complete()

    def _be_patient(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS_MAX, self._lose_patience)

    def _end_patience(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _lose_patience(self) -> None:
        self._patience = None
        if not self.transport.is_closing():
            self.transport.close()
