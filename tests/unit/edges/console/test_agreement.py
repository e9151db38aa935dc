"""The agreement's text is shown as it was rendered; what a party wrote into it stays text."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from safeconduct.core.acts import AgreementProposed
from safeconduct.core.statement import encode
from safeconduct.edges.console.agreement import agreement, markdown
from safeconduct.edges.console.reader import Reader
from safeconduct.node import commands
from safeconduct.testing.federation import Federation, small_terms
from tests.unit.edges.console.night import NOW, told


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("# Title", "<h2>Title</h2>"),
        ("## Parties", "<h3>Parties</h3>"),
        ("### NTC-1 Notice", "<h4>NTC-1 Notice</h4>"),
        ("plain", "<p>plain</p>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("- **Host** (host)\n  - key", '<ul><li><strong>Host</strong> (host)</li><li class="inner">key</li></ul>'),
        ("> a\n> b\n\nc", "<blockquote><bdi>a\nb</bdi></blockquote><p>c</p>"),
        ("> # not a heading", "<blockquote><bdi># not a heading</bdi></blockquote>"),
        ("# <script>", "<h2>&lt;script&gt;</h2>"),
        ("- **<b>** (<i>)", "<ul><li><strong>&lt;b&gt;</strong> (&lt;i&gt;)</li></ul>"),
        ("[a](javascript:alert(1)) ![x](y) <http://z>", "<p>[a](javascript:alert(1)) ![x](y) &lt;http://z&gt;</p>"),
        ("", ""),
    ],
)
def test_markdown_becomes_markup_and_text_stays_text(text: str, markup: str) -> None:
    assert str(markdown(text)) == markup


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("In force, version 1", "Agreement on the joint protection", "signed by", "NTC-1")),
        ("zh", ("现行协议，第 1 版", "关于共同保护平民及其出行的协议", "签署方", "NTC-1")),
        ("ur", ("نافذ معاہدہ، نسخہ 1", "شہریوں اور ان کی نقل و حرکت", "دستخط", "NTC-1")),
    ],
)
def test_the_agreement_in_force_is_read_in_the_readers_language(language: str, words: tuple[str, ...]) -> None:
    markup = str(agreement(told().host, Reader(language, NOW)).body)
    assert [word for word in words if word not in markup] == []


def _page(language: str, *, agreed: bool, amended: bool = False) -> str:
    async def tell() -> str:
        async with Federation() as federation:
            if agreed:
                terms = await federation.agree()
                if amended:
                    text = msgspec.structs.replace(terms, version=2, previous=terms.digest)
                    commands.put_text(federation.node("host"), encode(text))
                    proposal = AgreementProposed(digest=text.digest, size=len(encode(text)))
                    await federation.say("host/authority", "agreement", proposal)
            elif amended:
                text = small_terms(federation.cards.values())
                commands.put_text(federation.node("host"), encode(text))
                proposal = AgreementProposed(digest=text.digest, size=len(encode(text)))
                await federation.say("host/authority", "agreement", proposal)
            return str(agreement(federation.node("host"), Reader(language, NOW)).body)

    return asyncio.run(tell())


def test_without_an_agreement_the_page_says_what_to_do() -> None:
    markup = _page("en", agreed=False)
    assert ("No agreement is in force" in markup, "safeconduct agreement sign" in markup) == (True, True)


def test_a_text_in_another_language_is_shown_and_marked_as_such() -> None:
    markup = _page("ur", agreed=True)
    assert 'lang="en" dir="ltr" class="terms"' in markup


@pytest.mark.parametrize("agreed", [False, True], ids=["the first", "an amendment"])
def test_what_is_proposed_says_whose_signature_it_waits_for(agreed: bool) -> None:
    markup = _page("en", agreed=agreed, amended=True)
    assert "waits for the signature of <bdi>Sending</bdi>" in markup


@pytest.mark.parametrize(
    ("line", "markup"),
    [
        ("- **lead**: 7 days", "<li><strong>lead</strong>: 7 days</li>"),
        ("- where `a < b`; then", '<li>where <code dir="ltr">a &lt; b</code>; then</li>'),
        ("- a party wrote \\`x\\` and \\<b>", "<li>a party wrote `x` and &lt;b&gt;</li>"),
        ("  - `` a ` b ``", '<li class="inner"><code dir="ltr"> a ` b </code></li>'),
    ],
)
def test_code_is_shown_as_code_and_what_a_party_wrote_stays_text(line: str, markup: str) -> None:
    """AG-37"""
    assert markup in str(markdown(line))
