"""The day as one static page without scripts: pictures and tables that can be kept, printed and handed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from safeconduct.core.agreement import Outcome, Terms, explain
from safeconduct.edges.cli.demo import pictures
from safeconduct.edges.cli.demo.inquiry import Expected, Seen
from safeconduct.edges.cli.demo.roads import Drive, Net
from safeconduct.edges.cli.demo.scenario import AFTERNOON, HOST, MOVEMENTS, SENDING
from safeconduct.edges.cli.demo.timeline import Names
from safeconduct.edges.cli.demo.words import Words

_STYLE = """
:root { color-scheme: light dark; --ink: #1b2430; --paper: #fff; --faint: #8a94a3; --rule: #d8dee6; --host: #0b7285;
  --sending: #a61e8c; --good: #2b8a3e; --bad: #c92a2a; --warn: #e8a33d; --down: #e0313133; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --paper: #14181e; --faint: #8a94a3; --rule: #323a46;
  --host: #3bc9db; --sending: #e599f7; --good: #69db7c; --bad: #ff8787; --warn: #ffc078; } }
body { font: 15px/1.5 system-ui, "Noto Sans", "Noto Nastaliq Urdu", "Noto Sans SC", sans-serif; color: var(--ink);
  background: var(--paper); max-width: 1000px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; border-bottom: 1px solid var(--rule); }
.made-up { border-inline-start: 4px solid var(--warn); padding-inline-start: .8rem; }
svg { width: 100%; height: auto; direction: ltr; } svg text { fill: var(--ink); font-size: 12px; }
svg .tick, svg .clock { fill: var(--faint); font-size: 11px; } svg .name { font-weight: 600; }
svg .inside { fill: #fff; font-size: 11px; } svg .grid { stroke: var(--rule); }
svg .lane { stroke-width: 2; opacity: .35; } svg .lane.host { stroke: var(--host); }
svg .lane.sending { stroke: var(--sending); } svg .dot.host, svg text.host { fill: var(--host); }
svg .dot.sending, svg text.sending { fill: var(--sending); } svg .arrow { stroke: var(--good); fill: var(--good); }
svg .arrow.late { stroke: var(--bad); fill: var(--bad); } svg .down { fill: var(--down); }
svg .phase { fill: #4c6ef5; } svg .approved { fill: #2f9e44; } svg .under_way { fill: #e8590c; }
svg .arrived { fill: #1098ad; } svg .closed { fill: #868e96; } svg .refused { fill: #c92a2a; }
svg .cancelled, svg .lapsed { fill: #adb5bd; } svg .road { fill: none; stroke: var(--rule); stroke-width: 3; }
svg .driven { fill: none; stroke: #e8590c; stroke-width: 4; stroke-linejoin: round; } svg .end { fill: var(--ink); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: start; padding: .25rem .6rem .25rem 0;
  border-bottom: 1px solid var(--rule); vertical-align: top; }
.met { color: var(--good); } .breached { color: var(--bad); font-weight: 600; } .not_due { color: var(--faint); }
li.no { color: var(--bad); font-weight: 600; } code { overflow-wrap: anywhere; }
"""


def page(
    words: Words,
    names: Names,
    terms: Terms,
    seen: Mapping[str, Seen],
    *,
    net: Net,
    drive: Drive,
    outage: tuple[int, int],
    checks: Sequence[Expected],
) -> str:
    """The whole page as HTML."""
    pages = seen[HOST].pages
    direction = "rtl" if words.language == "ur" else "ltr"
    parts = [
        f"<h1>{escape(words['title'])}</h1>",
        f"<p>{escape(words['published'])}</p>",
        f'<p class="made-up">{escape(words["made_up"])}</p>',
        _section(words["day_to_scale"], pictures.days(words, names, pages, outage)),
        _section(
            words["who_had_what"],
            f"<p>{escape(words['not_to_scale'])}</p>" + pictures.sequence(words, names, pages, outage),
        ),
        _section(words["way_driven"], pictures.way(words, net, drive, pages[AFTERNOON])),
        _section(words["q_clauses"], _clauses(words, names, terms, seen) + f"<p>{escape(words['utc_note'])}</p>"),
        _section(words["q_same"], _same(names, seen) + _checks(checks)),
    ]
    return (
        f'<!doctype html><html lang="{words.language}" dir="{direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(words["title"])}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


def _section(title: str, body: str) -> str:
    return f"<h2>{escape(title)}</h2>{body}"


def _clauses(words: Words, names: Names, terms: Terms, seen: Mapping[str, Seen]) -> str:
    rows = []
    for subject in MOVEMENTS:
        both = zip(seen[HOST].pages[subject].findings, seen[SENDING].pages[subject].findings, strict=True)
        for host, sending in both:
            if host.outcome == sending.outcome == Outcome.NOT_DUE:
                continue
            cells = "".join(
                f'<td class="{finding.outcome}">{escape(words[f"outcome_{finding.outcome}"])}</td>'
                for finding in (host, sending)
            )
            sentence = escape(explain(terms, host, words.language))
            rows.append(f"<tr><td>{escape(names.movement(subject))}</td>{cells}<td>{sentence}</td></tr>")
    heads = (words["col_movement"], names.party(HOST), names.party(SENDING), words["col_clause"])
    return f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>{''.join(rows)}</table>"


def _same(names: Names, seen: Mapping[str, Seen]) -> str:
    rows = (
        f"<tr><td>{escape(names.party(party))}</td><td><code>{escape(one.health.digest)}</code></td></tr>"
        for party, one in seen.items()
    )
    return f"<table>{''.join(rows)}</table>"


def _checks(checks: Sequence[Expected]) -> str:
    # In English on every page: they are for whoever mends the demo.
    items = (f'<li class="{"yes" if c.holds else "no"}">{escape(c.what)}</li>' for c in checks)
    return f'<ul lang="en" dir="ltr">{"".join(items)}</ul>'
