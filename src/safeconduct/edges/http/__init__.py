"""The JSON API of a node: routes, sessions, errors, and a server that bounds what it reads."""

from safeconduct.edges.http.challenges import Challenges
from safeconduct.edges.http.description import description
from safeconduct.edges.http.entrance import entrance, exits
from safeconduct.edges.http.events import Events
from safeconduct.edges.http.gate import Connection, Gate
from safeconduct.edges.http.limits import CONNECTIONS_MAX, IDLE_SECONDS_MAX, STOP_SECONDS_MAX
from safeconduct.edges.http.looking import looking
from safeconduct.edges.http.passkeys import Ceremonies, passkey_host, passkey_routes
from safeconduct.edges.http.protocol import BoundedHttp
from safeconduct.edges.http.refusals import error_handlers
from safeconduct.edges.http.routes import Api, api_routes
from safeconduct.edges.http.sessions import Sessions

__all__ = [
    "CONNECTIONS_MAX",
    "IDLE_SECONDS_MAX",
    "STOP_SECONDS_MAX",
    "Api",
    "BoundedHttp",
    "Ceremonies",
    "Challenges",
    "Connection",
    "Events",
    "Gate",
    "Sessions",
    "api_routes",
    "description",
    "entrance",
    "error_handlers",
    "exits",
    "looking",
    "passkey_host",
    "passkey_routes",
]
