"""The fixed vocabulary of the clocks: plain enums, no Django."""

from enum import StrEnum


class ObligationKind(StrEnum):
    """What somebody has to do by a day."""

    ACKNOWLEDGE = "acknowledge"
    FIND_HANDLER = "find_handler"
    INFORMAL_REVIEW = "informal_review"
    CONCILIATE = "conciliate"
    CHOOSE_ROUTE = "choose_route"
    CHECK_BACK = "check_back"
    INVESTIGATION_REPORT = "investigation_report"
    HEARING_NOTICE = "hearing_notice"
    HEARING = "hearing"
    DECISION = "decision"
    APPEAL_WINDOW = "appeal_window"
    CHASE_MONITORING_OFFICER = "chase_monitoring_officer"
    COUNCIL_MEETING = "council_meeting"
    LOOK_AGAIN = "look_again"
    SUBJECT_REPLY = "subject_reply"
    ACCESS_REQUEST = "access_request"
    INTERPRETATION = "interpretation"
    HOLD_REVIEW = "hold_review"
    RETENTION_REVIEW = "retention_review"
    PROTOCOL_REVIEW = "protocol_review"
    SUBJECT_ACCESS = "subject_access"
    DATA_COMPLAINT = "data_complaint"
    DATA_BREACH = "data_breach"


class Unit(StrEnum):
    """What a target counts."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    YEARS = "years"
    DATE = "date"  # a day that was set, nothing is counted


class Basis(StrEnum):
    """Who says by when."""

    CLAUSE = "clause"
    LAW = "law"
    COUNCIL = "council"
    DEFAULT = "default"
    AGREED = "agreed"  # set by whoever deals with it, or by agreement


class Moved(StrEnum):
    """Why a live date moved."""

    HOLD = "hold"
    AGREED = "agreed"
    TARGET = "target"
    DAYS_OFF = "days_off"
    COURSE = "course"  # what it counts from was set anew


class ClockEvent(StrEnum):
    """Lines of the trail."""

    EXTENDED = "clock_extended"
    MOVED = "clock_moved"
    ESCALATED = "clock_escalated"
    KEPT = "clock_kept"


class ClockAction(StrEnum):
    """What a person may ask for."""

    EXTEND = "clock_extend"
    SET_TARGETS = "clock_set_targets"
    ESCALATE = "clock_escalate"  # the clock's own: nobody asks for it
