from __future__ import annotations

import pytest

from safeconduct.core.agreement.limits import NESTING_MAX
from safeconduct.core.agreement.tree import BEGIN, Mark, Value, read_json, read_yaml

GOT = "expected text (quoted if need be) or an integer, got "
INTEGER = f"{GOT}an integer in another notation or of over 15 digits: "


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: b", {"a": "b"}),
        ("a: 12\nb: -3\nc: 0", {"a": 12, "b": -3, "c": 0}),
        ("a: '12'\nb: \"no\"\nc: '2024-01-01'\nd: ''", {"a": "12", "b": "no", "c": "2024-01-01", "d": ""}),
        ("- a\n- [b, c]\n- {d: e}", ["a", ["b", "c"], {"d": "e"}]),
        ("a: >-\n  b\n  c\n\n  d", {"a": "b c\nd"}),
        ("a: |-\n  b\n  c", {"a": "b\nc"}),
        ("# said by nobody\na: b # nor this", {"a": "b"}),
        ("zh: 出行\nur: نقل و حرکت\nen: 😀", {"zh": "出行", "ur": "نقل و حرکت", "en": "😀"}),
        ("'a b': c", {"a b": "c"}),
        ("", None),
        ("--- \na: b\n...\n", {"a": "b"}),
    ],
)
def test_yaml_of_mappings_lists_texts_and_integers_is_read(text: str, value: Value) -> None:
    """AG-3"""
    tree = read_yaml(text)
    assert (tree.value, tree.problems) == (value, [])


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("a: b\na: c", (2, 1), "expected each key once, got 'a' again"),
        ("x:\n  a: b\n  c: d\n  a: b", (4, 3), "expected each key once, got 'a' again"),
        ("'a': b\na: c", (2, 1), "expected each key once, got 'a' again"),
        ("a: &x b", (1, 4), "expected a value without an anchor, got &x"),
        ("a: &x [b]", (1, 4), "expected a value without an anchor, got &x"),
        ("a: b\nc: *x", (2, 4), "expected the value written out, got the alias *x"),
        ("a: b\n*x : c", (2, 1), "expected the value written out, got the alias *x"),
        ("a: !!str b", (1, 4), "expected a value without a tag, got tag:yaml.org,2002:str"),
        ("a: !!python/name:os", (1, 4), "expected a value without a tag, got tag:yaml.org,2002:python/name:os"),
        ("a: ! b", (1, 4), "expected a value without a tag, got !"),
        ("a: 1.5", (1, 4), GOT + "a fraction: '1.5'"),
        ("a: .inf", (1, 4), GOT + "a fraction: '.inf'"),
        ("a: 1e3", None, ""),
        ("a: 1.0e+3", (1, 4), GOT + "a fraction: '1.0e+3'"),
        ("a: 2024-01-01", (1, 4), GOT + "a date: '2024-01-01'"),
        ("a: 2024-01-01T10:00:00Z", (1, 4), GOT + "a date: '2024-01-01T10:00:00Z'"),
        ("a: no", (1, 4), GOT + "a truth value: 'no'"),
        ("a: true", (1, 4), GOT + "a truth value: 'true'"),
        ("a:", (1, 3), GOT + "nothing: ''"),
        ("a: ~", (1, 4), GOT + "nothing: '~'"),
        ("a: null", (1, 4), GOT + "nothing: 'null'"),
        ("a: 0x1f", (1, 4), INTEGER + "'0x1f'"),
        ("a: 010", (1, 4), INTEGER + "'010'"),
        ("a: 1_000", (1, 4), INTEGER + "'1_000'"),
        ("a: 12:30", (1, 4), INTEGER + "'12:30'"),
        ("a: +1", (1, 4), INTEGER + "'+1'"),
        ("a: 9999999999999999", (1, 4), INTEGER + "'9999999999999999'"),
        ("a: =", (1, 4), GOT + "a default key: '='"),
        ("a: b\n<<: {c: d}", (2, 1), GOT + "a merge key: '<<'"),
        ("on: b", (1, 1), GOT + "a truth value: 'on'"),
        ("a: b\n7: c", (2, 1), "expected a word as a key, got 7"),
        ("a: b\n[c, [d]]: e", (2, 1), "expected a word as a key, got a collection"),
        ("a: b\n---\nc: d", (2, 1), "expected one document, got a second"),
        ("a: b\nc", (2, 2), "expected YAML, got a problem: could not find expected ':'"),
        ("a: b: c", (1, 5), "expected YAML, got a problem: mapping values are not allowed here"),
        ("a: 'b", (1, 6), "expected YAML, got a problem: found unexpected end of stream"),
        ("a:\n\t- b", (2, 1), "expected YAML, got a problem: found character '\\t' that cannot start any token"),
        ("a: b\nc: \x07", (2, 4), "expected text, got the character 0x0007"),
        ("[" * 40, (1, 13), f"expected at most {NESTING_MAX} levels, got more"),
        ("- " * 40, (1, 25), f"expected at most {NESTING_MAX} levels, got more"),
    ],
)  # fmt: skip
def test_a_trap_of_yaml_is_a_problem_at_its_place(text: str, place: tuple[int, int] | None, problem: str) -> None:
    """AG-2, AG-3, AG-4"""
    assert read_yaml(text).problems == ([] if place is None else [(Mark(*place), problem)])


@pytest.mark.parametrize("text", ["? " * 40, "? [" * 20_000, "a: b\n? [" + "[" * 40])
def test_nesting_in_a_key_ends_at_the_same_bound(text: str) -> None:
    """AG-4"""
    problems = [problem for _, problem in read_yaml(text).problems]
    assert problems == [
        "expected a word as a key, got a collection",
        f"expected at most {NESTING_MAX} levels, got more",
    ]


def test_the_reading_goes_on_after_a_problem() -> None:
    """AG-2"""
    tree = read_yaml("a: 1.5\nb: yes\nc: d\n[e]: {f: g}\nh: *i\nj: k")
    assert (tree.value, [at.line for at, _ in tree.problems]) == (
        {"a": None, "b": None, "c": "d", "h": None, "j": "k"},
        [1, 2, 4, 5],
    )


def test_what_stands_under_a_refused_key_is_passed_over() -> None:
    """AG-3"""
    tree = read_yaml("a: b\na:\n  c: [d, {e: f}]\ng: h\n? {x: [y]}\n: {z: w}\ni: j")
    assert (tree.value, [at.line for at, _ in tree.problems]) == ({"a": "b", "g": "h", "i": "j"}, [2, 5])


def test_a_second_document_adds_nothing() -> None:
    """AG-3"""
    assert read_yaml("a: b\n---\nc: [d, *e]\n---\nf").value == {"a": "b"}


def test_every_value_has_the_place_of_its_key_or_its_own() -> None:
    """AG-2"""
    tree = read_yaml("\na:\n  b: c\n  d:\n    - e\n    - {f: g}\n")
    assert tree.places == {
        (): Mark(2, 1),
        ("a",): Mark(2, 1),
        ("a", "b"): Mark(3, 3),
        ("a", "d"): Mark(4, 3),
        ("a", "d", 0): Mark(5, 7),
        ("a", "d", 1): Mark(6, 7),
        ("a", "d", 1, "f"): Mark(6, 8),
    }


@pytest.mark.parametrize(
    ("text", "value"), [('{"a":1}', {"a": 1}), ('{"a":1}\n', {"a": 1}), ('{"a":["出行"]}', {"a": ["出行"]})]
)
def test_a_card_is_canonical_json(text: str, value: Value) -> None:
    """AG-5"""
    tree = read_json(text)
    assert (tree.value, tree.problems) == (value, [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1}', "expected the one canonical encoding (sorted keys, no spaces), got another"),
        ('{"a":1}\n\n', "expected the one canonical encoding (sorted keys, no spaces), got another"),
        ('{"a":1,"a":1}', "expected the one canonical encoding (sorted keys, no spaces), got another"),
        ('{"a":1.5}', "no floating point in signed bytes, got one at $.a"),
        ("[]", "expected a JSON object, got list"),
        ("", "expected JSON, got Input data was truncated"),
    ],
)
def test_another_card_is_a_problem_at_its_beginning(text: str, problem: str) -> None:
    """AG-5"""
    tree = read_json(text)
    assert (tree.value, tree.problems) == (None, [(BEGIN, f"expected canonical JSON, got a problem: {problem}")])


def test_text_with_a_lone_surrogate_is_a_problem_too() -> None:
    """AG-5"""
    assert len(read_json('{"a":"\ud800"}').problems) == 1
