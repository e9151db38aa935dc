"""Text stays text, whoever wrote it; markup is made in one place."""

from __future__ import annotations

import pytest

from safeconduct.edges.console.markup import Html, el, join, say


@pytest.mark.parametrize(
    ("content", "markup"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("a & b", "<p>a &amp; b</p>"),
        (7, "<p>7</p>"),
        (None, "<p></p>"),
        (el("b", "<i>"), "<p><b>&lt;i&gt;</b></p>"),
        (("a", ["<", el("i", "b")], None), "<p>a&lt;<i>b</i></p>"),
    ],
)
def test_only_markup_made_here_passes_unescaped(content: object, markup: str) -> None:
    assert str(el("p", content)) == markup  # type: ignore[arg-type]  # the table's column has several types


@pytest.mark.parametrize(
    ("value", "markup"),
    [
        ('"><script>', '<p title="&quot;&gt;&lt;script&gt;"></p>'),
        ("it's", '<p title="it&#x27;s"></p>'),
        (True, "<p title></p>"),
        (False, "<p></p>"),
        (None, "<p></p>"),
        (3, '<p title="3"></p>'),
    ],
)
def test_an_attribute_cannot_be_left_by_its_value(value: str | int | None, markup: str) -> None:
    assert str(el("p", title=value)) == markup


def test_underscores_in_names_become_hyphens() -> None:
    assert str(el("td", class_="a", data_label="b")) == '<td class="a" data-label="b"></td>'


@pytest.mark.parametrize("name", ["style", "onclick", "onload", "on", "a b", "a=b", ""])
def test_what_the_policy_forbids_is_no_attribute(name: str) -> None:
    with pytest.raises(ValueError, match="attribute"):
        el("p", **{name: "x"})


@pytest.mark.parametrize("name", ["p onclick", "", "<b", "p/"])
def test_an_element_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="element"):
        el(name)


@pytest.mark.parametrize("link", ["/", "/logs", "/movements/m-1?lang=ur", "#s-host-3", "?lang=zh"])
def test_a_link_leads_into_this_server(link: str) -> None:
    assert str(el("a", href=link)) == f'<a href="{link}"></a>'


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "https://elsewhere.example/",
        "data:text/html,x",
        " /logs",
        "/a b",
        "/a\nb",
        "",
    ],
)
def test_a_link_never_leads_out_of_this_server(link: str) -> None:
    with pytest.raises(ValueError, match="link"):
        el("a", href=link)


def test_a_sentence_takes_markup_and_text_for_its_parts() -> None:
    assert str(say("{a} & {b}", {"a": el("b", "x"), "b": "<y>"})) == "<b>x</b> &amp; &lt;y&gt;"


def test_a_sentence_without_one_of_its_parts_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        say("{a} and {b}", {"a": "x"})


def test_pieces_that_are_empty_are_left_out_of_a_row() -> None:
    assert str(join("a", None, Html(""), el("i"), between=" · ")) == "a · <i></i>"
