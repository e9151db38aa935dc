from __future__ import annotations

from safeconduct.core.record.scenario_form import formed


def test_what_is_read_by_hand_has_a_stand_in() -> None:
    """AG-120"""
    book = {
        "scenario": "x",
        "plans": [],
        "agreement": {"template": "host_sending", "parameters": {"notice_lead": "P7D"}},
        "steps": [{"what": "movement.closed", "fields": {}, "seen_by": {}}, "a word"],
        "mutations": [{"name": "one", "from": 1, "to": 2}],
    }
    assert formed(book) == {  # type: ignore[arg-type]  # a tree of plain values
        "scenario": "x",
        "plans": "read by hand",
        "agreement": {"template": "host_sending", "parameters": "read by hand"},
        "steps": [{"what": "movement.closed", "fields": "read by hand", "seen_by": "read by hand"}, "a word"],
        "mutations": [{"name": "one", "from": "read by hand", "to": "read by hand"}],
    }
