"""Names and times in the language of a paper."""

from __future__ import annotations

import msgspec
import pytest

from safeconduct.edges.papers.blocks import Run
from safeconduct.edges.papers.speaker import Speaker, code, foreign
from safeconduct.errors import InputInvalid
from tests.unit.edges.papers.sample import DAY, SINCE, UNTIL, finding, terms, versions

EN, ZH, UR = (Speaker(language, versions()) for language in ("en", "zh", "ur"))


def test_a_language_of_no_text_is_refused() -> None:
    english = msgspec.structs.replace(terms(), languages=("en",))
    with pytest.raises(InputInvalid, match=r"language of the agreement \(en\), got zh"):
        Speaker("zh", {**versions(), english.digest: english})


def test_dates_are_written_as_the_language_writes_them() -> None:
    assert [s.date(SINCE) for s in (EN, ZH, UR)] == ["1 October 2026", "2026年10月1日", "1 اکتوبر 2026"]
    assert EN.short_date(SINCE) == "1 October"
    assert EN.instant(SINCE + 3_600_000) == "1 October 2026 01:00 UTC"
    assert EN.instant(10**16) == f"{10**16} ms" == EN.date(10**16)


def test_a_period_of_whole_days_names_its_last_day() -> None:
    assert EN.period(SINCE, UNTIL) == "1 October 2026 to 31 December 2026"
    assert EN.period(SINCE, SINCE + DAY // 2) == "1 October 2026 00:00 UTC to 1 October 2026 12:00 UTC"


def test_what_is_put_into_a_sentence_in_urdu_keeps_its_direction() -> None:
    assert UR.say("part_count", part="x", n=3) == "\u2068x\u2069: \u20683\u2069"
    assert EN.say("part_count", part="x", n=3) == "x: 3"
    assert "\u206601:00 UTC\u2069" in UR.instant(SINCE + 3_600_000)
    assert (UR.mirrored, EN.mirrored) == (True, False)


def test_names_are_those_of_the_agreement_or_the_ids() -> None:
    assert (ZH.party("host"), ZH.role("unit"), ZH.title()) == ("内政厅", "角色unit", "出行协议，第1版")
    assert UR.role("unit") == "\u2068ذمہ داری unit\u2069"
    assert (ZH.party("nobody"), ZH.role("nobody")) == ("nobody", "nobody")
    assert ZH.clause_title("T-1", terms().digest) == "及时通知"
    assert (ZH.clause_title("T-9", terms().digest), ZH.clause_title("T-1", "0" * 64)) == ("", "")


def test_names_are_those_of_the_latest_version_that_knows_them() -> None:
    newer = msgspec.structs.replace(terms(), version=2, title=dict.fromkeys(terms().languages, "new"), roles=())
    speaker = Speaker("en", {**versions(), newer.digest: newer})
    assert (speaker.title(), speaker.role("unit")) == ("new, version 2", "role unit")


def test_a_finding_is_told_by_the_agreement_that_judged_it() -> None:
    assert ["T-1" in speaker.sentence(finding("met")) for speaker in (EN, ZH, UR)] == [True] * 3


def test_what_people_wrote_is_marked_with_the_language_of_its_letters() -> None:
    assert foreign("late", "en") == Run("late")
    assert foreign("迟到", "en") == Run("迟到", language="zh")
    assert foreign("تاخیر 迟到", "zh") == Run("تاخیر 迟到", language="ur")
    assert code("m-1") == Run("m-1", "code")
