"""What stands around every page: who you are, how the logs stand, how fresh this is."""

from __future__ import annotations

import msgspec

from safeconduct.edges.console.markup import Content, Html, el, join
from safeconduct.edges.console.names import Names
from safeconduct.edges.console.reader import Reader, person, short
from safeconduct.edges.console.shapes import shape
from safeconduct.edges.console.words import DIRECTIONS, LANGUAGES
from safeconduct.node import queries, sight
from safeconduct.node.access import Sitting, Viewer
from safeconduct.node.node import Node
from safeconduct.node.queries import LogPage

# A page without scripts reloads itself this often: a check-in clock is counted in minutes.
RELOAD_SECONDS = 60

# In the query of a page that has reloaded itself: nobody was there.
RELOAD = "reload"
_TEXTS = ("live", "not_live", "session_ended", "session_locked", "session_locks_soon", "session_ends_soon")

_PAGES = (("/", "board"), ("/items", "information"), ("/logs", "logs"), ("/agreement", "agreement"))
_MARKS = ("/marks", "marks")


class View(msgspec.Struct, frozen=True, kw_only=True):
    """One page's own part.

    title: text for the browser's tab. attention: how many rows want a person. has_passkeys: whether it asks for one.
    is_still: somebody writes in it, so it is not replaced while it is open.
    """

    title: str
    body: Html
    status: int = 200
    attention: int = 0
    has_passkeys: bool = False
    is_still: bool = False


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page is: its path, its query without the language, and the addresses of the assets.

    marks: whether the page of sealed marks is offered, which is for those alone who are told of them.
    """

    path: str
    query: str
    style: str
    script: str
    passkeys: str
    icon: str
    marks: bool = False


def live_part(node: Node, viewer: Viewer, reader: Reader, view: View, *, replay: bool) -> Html:
    """What changes while somebody looks: the script fetches it anew and puts it in place of the old one."""
    names = Names(node, reader, node.terms())
    sees_all = sight.sees_all(node, viewer)
    return el(
        "div",
        _banners(node, reader, replay=replay),
        el(
            "section",
            el("h2", reader.word("both_logs"), class_="unseen"),
            *(_log_at_a_glance(node, names, log, sees_all=sees_all) for log in queries.logs(node)),
            class_="logs",
        ),
        _main(view),
        id="live",
        data_title=_title(view),
        data_still=view.is_still,
    )


def document(  # what a page is made of
    reader: Reader,
    viewer: Viewer,
    sitting: Sitting | None,
    place: Place,
    live: Html,
    tag: str,
    party: Html,
    view: View,
) -> Html:
    """A whole page for somebody who has a session."""
    header = el(
        "header",
        el("a", reader.word("skip"), href="#content", class_="skip"),
        el("p", el("span", "safeconduct", class_="brand"), " ", el("strong", party), class_="party"),
        _navigation(reader, place),
        _languages(reader, place),
    )
    freshness = el(
        "p",
        el("span", reader.say("as_of", time=el("span", reader.instant(reader.now, seconds=True), id="as-of"))),
        el("span", reader.word("connecting"), id="contact", role="status", data_state="connecting"),
        el("span", reader.word("utc"), " ", el("span", id="your-clock", data_label=reader.word("your_clock"))),
        el("span", reader.say("you_are", actor=el("a", person(viewer.actor), href="/you"))),
        _until(reader, sitting) if sitting is not None else None,
        el("noscript", reader.word("no_script")),
        class_="freshness",
    )
    footer = el("footer", el("p", reader.word("principle")))
    return _html(reader, place, _title(view), header, freshness, live, footer, tag=tag, of=view)


def _until(reader: Reader, sitting: Sitting) -> Html:
    """Until when the session runs. The script says so in words, some time before it locks or ends."""
    return el(
        "span",
        reader.say("session_until", time=reader.instant(sitting.ends)),
        id="session",
        role="status",
        data_locks=sitting.locks,
        data_ends=sitting.ends,
    )


def plain_document(reader: Reader, place: Place, view: View) -> Html:
    """A page for somebody who has no session: nothing of what the node knows is on it."""
    header = el(
        "header",
        el("p", el("span", "safeconduct", class_="brand"), class_="party"),
        _languages(reader, place),
    )
    return _html(reader, place, view.title, header, _main(view), of=view)


def _html(reader: Reader, place: Place, title: str, *body: Html, of: View, tag: str | None = None) -> Html:
    is_live = tag is not None
    again = f"{place.path}?{place.query}&{RELOAD}=1" if place.query else f"{place.path}?{RELOAD}=1"
    refresh = el("meta", http_equiv="refresh", content=f"{RELOAD_SECONDS}; url={again}")
    script = el("script", src=place.script, defer=True) if is_live else None
    passkeys = el("script", src=place.passkeys, defer=True) if of.has_passkeys else None
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", title),
        el("link", rel="icon", type="image/svg+xml", href=place.icon),
        el("link", rel="stylesheet", href=place.style),
        el("noscript", refresh) if is_live and not of.is_still else None,
        script,
        passkeys,
    )
    texts = {f"data_{key}": reader.word(key) for key in _TEXTS} if is_live else {}
    whole = el(
        "html",
        head,
        el("body", *body, **texts),
        lang="zh-Hans" if reader.language == "zh" else reader.language,
        dir=reader.direction,
        data_tag=tag,
        data_now=reader.now,
        data_ages=reader.ages(),
    )
    return join(Html("<!doctype html>"), whole)


def _main(view: View) -> Html:
    return el("main", view.body, id="content", tabindex=-1)


def _title(view: View) -> str:
    count = f"({view.attention}) " if view.attention else ""
    return f"{count}{view.title} · safeconduct"


def _navigation(reader: Reader, place: Place) -> Html:
    links = (
        el("a", reader.word(key), href=path, aria_current="page" if path == place.path else None)
        for path, key in (*_PAGES, *([_MARKS] if place.marks else []))
    )
    return el("nav", links, aria_label=reader.word("pages"), class_="pages")


def _languages(reader: Reader, place: Place) -> Html:
    links = (
        el(
            "a",
            name,
            href=f"?{place.query}&lang={language}" if place.query else f"?lang={language}",
            lang=language,
            dir=DIRECTIONS[language],
            hreflang=language,
            aria_current="true" if language == reader.language else None,
        )
        for language, name in LANGUAGES.items()
    )
    return el("nav", links, aria_label=reader.word("languages"), class_="languages")


def _banners(node: Node, reader: Reader, *, replay: bool) -> Html:
    return join(
        _banner("replay", reader.word("replay")) if replay else None,
        _halted(reader, node.halted) if node.halted is not None else None,
    )


def _halted(reader: Reader, why: str) -> Html:
    account = el("bdi", why, lang="en", dir="ltr", class_="block")
    return _banner("halted", el("strong", reader.word("halted")), account)


def _banner(kind: str, *content: Content) -> Html:
    return el("p", shape("warning"), el("span", content), class_=f"banner {kind}", role="alert")


def _log_at_a_glance(node: Node, names: Names, log: LogPage, *, sees_all: bool) -> Html:
    """How a log stands; its size, and what follows that, for whoever is shown everything alone."""
    reader = names.reader
    is_ours = log.party == node.party
    heading = reader.word("our_log") if is_ours else reader.say("log_of", party=names.party(log.party))
    if not sees_all:
        at_hand = el("p", reader.word("log_at_hand")) if is_ours else el("p", contact(names, log))
        return el("div", el("h3", heading), at_hand, class_="log")
    receipts = join(
        *(_receipt(node, names, log, by, given) for by, given in log.receipts.items()), between=Html("<br>")
    )
    return el(
        "div",
        el("h3", heading),
        el("p", reader.say("entries", n=log.size), " · ", reader.say("root", root=short(log.root))),
        el("p", receipts),
        None if is_ours else el("p", contact(names, log)),
        class_="log",
    )


def _receipt(node: Node, names: Names, log: LogPage, by: str, given: tuple[int, int] | None) -> Html:
    reader = names.reader
    is_ours = by == node.party
    if given is None:
        return reader.say("receipt_none_ours" if is_ours else "receipt_none", party=names.party(by))
    size, seconds = given
    age = reader.age(seconds * 1_000)
    text = reader.say("receipt_ours" if is_ours else "receipt", party=names.party(by), age=age)
    if size >= log.size:
        return text
    behind = el("span", reader.say("receipt_behind", n=log.size - size), class_="behind")
    return join(text, behind, between=" · ")


def contact(names: Names, log: LogPage) -> Html:
    """How it stands with the peer whose log it is."""
    reader = names.reader
    party = names.party(log.party)
    if log.forked:
        return _contact("alarm", "unequal", reader.say("forked", party=party))
    if log.reached_at is None:
        return _contact("warn", "bar", reader.say("never_reached", party=party))
    age = reader.age(log.reached_at)
    if log.problem is None:
        return _contact("calm", "disc", reader.say("reached", party=party, age=age))
    if reader.now - log.reached_at > UNREACHED_AFTER_MS:
        when = reader.instant(log.reached_at)
        return _contact("alarm", "cross", reader.say("unreached", party=party, time=when, age=age))
    problem = el("bdi", log.problem, lang="en", dir="ltr")
    return _contact("warn", "warning", reader.say("log_refused", party=party, problem=problem))


# A node asks its peers every few seconds (node/limits.py POLL_MS); one missed visit is no outage.
UNREACHED_AFTER_MS = 15_000


def _contact(tone: str, picture: str, text: Html) -> Html:
    return el("span", shape(picture), el("span", text), class_=f"contact {tone}")
