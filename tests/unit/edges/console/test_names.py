"""Everybody and every place goes by its name where one is known, and by its id where not."""

from __future__ import annotations

import pytest

from safeconduct.edges.console.names import Names
from safeconduct.edges.console.reader import Reader
from tests.unit.edges.console.night import NOW, told


def names(*, with_terms: bool = True) -> Names:
    node = told().host
    return Names(node, Reader("ur", NOW), node.terms() if with_terms else None)


@pytest.mark.parametrize(
    ("what", "id_", "markup"),
    [
        ("party", "host", "<bdi>میزبان ریاست</bdi>"),
        ("party", "press", '<bdi dir="ltr">press</bdi>'),
        ("role", "driver", "<bdi>ڈرائیور</bdi>"),
        ("role", "cook", '<bdi dir="ltr">cook</bdi>'),
        ("gate_item", "sweep", "<bdi>خروجی راستے کی تلاشی</bdi>"),
        ("gate_item", "prayer", '<bdi dir="ltr">prayer</bdi>'),
        ("site", "dam", "<bdi>Upper dam, camp 2</bdi>"),
        ("site", "moon", '<bdi dir="ltr">moon</bdi>'),
        ("group", "g4", "<bdi>Turbine crew 4</bdi>"),
        ("group", "g5", '<bdi dir="ltr">g5</bdi>'),
    ],
)
def test_a_name_where_one_is_known(what: str, id_: str, markup: str) -> None:
    assert str(getattr(names(), what)(id_)) == markup


@pytest.mark.parametrize(
    ("what", "id_", "markup"),
    [
        ("party", "host", "<bdi>میزبان ریاست</bdi>"),
        ("role", "driver", '<bdi dir="ltr">driver</bdi>'),
        ("gate_item", "sweep", '<bdi dir="ltr">sweep</bdi>'),
    ],
)
def test_without_an_agreement_cards_still_name_the_parties(what: str, id_: str, markup: str) -> None:
    assert str(getattr(names(with_terms=False), what)(id_)) == markup
