"""The peer protocol: signed requests, the routes that peers ask, and the client that asks them."""

from safeconduct.edges.wire.client import HttpPeers
from safeconduct.edges.wire.replays import Replays
from safeconduct.edges.wire.server import Federation, federation_routes
from safeconduct.edges.wire.signatures import ACTOR_TAG, NODE_TAG, Names, RequestCheck, Signer
from safeconduct.edges.wire.turnstile import Turnstile

__all__ = [
    "ACTOR_TAG",
    "NODE_TAG",
    "Federation",
    "HttpPeers",
    "Names",
    "Replays",
    "RequestCheck",
    "Signer",
    "Turnstile",
    "federation_routes",
]
