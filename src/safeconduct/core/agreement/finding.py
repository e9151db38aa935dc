"""How a duty stands, and why: what the judge of clauses says."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from safeconduct.core.agreement.events import Evidence

# A duty met with less than this share of its time left is a near-breach.
NEAR_SHARE = 10


class Outcome(StrEnum):
    """How an obligation stands."""

    NOT_DUE = "not_due"  # called up, and then nothing more was owed
    PENDING = "pending"
    MET = "met"
    BREACHED = "breached"
    WAIVED = "waived"
    DISPUTED = "disputed"


class Reason(StrEnum):
    """What decided an outcome; `explain.py` has a sentence for each."""

    # must
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    NOT_DONE_YET = "not_done_yet"
    NOT_DONE = "not_done"
    # must, proved by receipt
    NOTICE_IS_OWN = "notice_is_own"
    OFFERED_LATE = "offered_late"
    NOT_RECEIVED_YET = "not_received_yet"
    OFFERED_IN_TIME_NO_RECEIPT = "offered_in_time_no_receipt"
    OFFERED_IN_TIME_RECEIVED_LATE = "offered_in_time_received_late"
    RECEIVED_IN_TIME = "received_in_time"
    # always
    HELD = "held"
    HOLDS_SO_FAR = "holds_so_far"
    DID_NOT_HOLD = "did_not_hold"
    # never
    DID_NOT_HAPPEN = "did_not_happen"
    NOT_HAPPENED_SO_FAR = "not_happened_so_far"
    HAPPENED = "happened"
    # relay
    PASSED_ON = "passed_on"
    HOP_PENDING = "hop_pending"
    HOP_MISSING = "hop_missing"
    HOP_LATE = "hop_late"
    # gap
    NEVER_TOO_LONG = "never_too_long"
    NEXT_DUE = "next_due"
    TOO_LONG = "too_long"
    SILENT_NOW = "silent_now"
    # recur
    PERIOD_KEPT = "period_kept"
    PERIOD_OPEN = "period_open"
    PERIOD_MISSED = "period_missed"
    # count
    COUNT_KEPT = "count_kept"
    COUNT_OPEN = "count_open"
    TOO_MANY = "too_many"
    TOO_FEW = "too_few"
    # equal
    EQUAL = "equal"
    DIFFERS = "differs"
    # one
    ONE_HOLDER = "one_holder"
    ONE_HOLDER_SO_FAR = "one_holder_so_far"
    NO_HOLDER = "no_holder"
    SEVERAL_HOLDERS = "several_holders"
    # whatever the demand
    EXCUSED = "excused"
    GIVEN_UP = "given_up"
    WAIVED = "waived"
    CONTESTED = "contested"


class Finding(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How one obligation stands: what a clause owes on a subject since it was called up.

    agreement: digest of the version that judges. trigger: the statement that called it up. n: which of several of the
    same trigger (the run of a gap, the period of a recurrence); times: of how many periods in a row it tells.
    due_at: the instant that decides or decided. near: met with under a tenth of the time left, or in the grace.
    missing: hops or parties whose word was missing. planned, actual: the values that were compared, or limit and count.
    cured_at: when a breach was made good within its cure. late_word: met by a statement that the creditor's
    side shows to have had only after the due instant. contested: ids of statements on whose truth the verdict hangs.
    look_again_at: when the outcome may change although nobody says anything.
    """

    clause: str
    subject: str
    outcome: Outcome
    owed_by: str
    reason: Reason
    agreement: str
    trigger: Evidence
    n: int = 0
    times: int = 1
    due_at: int | None = None
    happened_at: int | None = None
    near: bool = False
    missing: tuple[str, ...] = ()
    planned: str = ""
    actual: str = ""
    cured_at: int | None = None
    late_word: bool = False
    contested: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    explained: tuple[Evidence, ...] = ()
    look_again_at: int | None = None

    @property
    def key(self) -> tuple[str, str, int]:
        """Tells the obligations of one subject apart."""
        return (self.clause, self.trigger.id, self.n)
