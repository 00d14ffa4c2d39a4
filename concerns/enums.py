"""The fixed vocabulary of casework: plain enums, no Django, so that the pure layers can use them.

Words shown to people live in ``concerns.wording``; these are the codes stored in the database.
"""

from enum import StrEnum


class State(StrEnum):
    """What kind of process is running for a concern."""

    DRAFT = "DRAFT"
    LODGED = "LODGED"
    NEEDS_HANDLER = "NEEDS_HANDLER"
    DIRECT = "DIRECT"
    INFORMAL = "INFORMAL"
    CONCILIATION = "CONCILIATION"
    COMPLAINT = "COMPLAINT"
    INVESTIGATION = "INVESTIGATION"
    DECIDING = "DECIDING"
    GRIEVANCE = "GRIEVANCE"
    DISCIPLINARY = "DISCIPLINARY"
    CODE_REFERRAL = "CODE_REFERRAL"
    COUNCIL_REPORT = "COUNCIL_REPORT"
    RESOLVED = "RESOLVED"
    OUTCOME_RECORDED = "OUTCOME_RECORDED"
    NO_ACTION = "NO_ACTION"
    WITHDRAWN = "WITHDRAWN"
    REDIRECTED = "REDIRECTED"


CLOSED_STATES = frozenset({State.RESOLVED, State.OUTCOME_RECORDED, State.NO_ACTION, State.WITHDRAWN, State.REDIRECTED})
OPEN_STATES = frozenset(State) - CLOSED_STATES
FORMAL_STATES = frozenset({State.GRIEVANCE, State.DISCIPLINARY, State.CODE_REFERRAL, State.COUNCIL_REPORT})


class Action(StrEnum):
    """One verb a person may ask for on one concern. The T-numbers are those of the state machine."""

    SAVE_DRAFT = "save_draft"
    DELETE_DRAFT = "delete_draft"
    SUBMIT = "submit"  # T01
    REDIRECT = "redirect"  # T02
    NO_HANDLER = "no_handler"  # T03
    ASSIGN = "assign"  # T04
    TAKE_UP_DIRECTLY = "take_up_directly"  # T05
    ACCEPT = "accept"  # T06
    ACCEPT_COMPLAINT = "accept_complaint"  # T07
    PASS_ON = "pass_on"  # T08
    SETTLE = "settle"  # T09
    DIRECT_FAILED = "direct_failed"  # T10
    CONCILIATE = "conciliate"  # T11
    INSTIGATE_INVESTIGATION = "instigate_investigation"  # T12
    INFORMAL_OVER = "informal_over"  # T13
    STRAIGHT_TO_FORMAL = "straight_to_formal"  # T14
    START_GRIEVANCE = "start_grievance"  # T15
    START_DISCIPLINARY = "start_disciplinary"  # T16
    REFER_CODE = "refer_code"  # T17
    FORMAL_CODE_COMPLAINT = "formal_code_complaint"  # T18
    REPORT_TO_COUNCIL = "report_to_council"  # T19
    RECORD_OUTCOME = "record_outcome"  # T20
    SENT_BACK = "sent_back"  # T21
    CLOSE_NO_ACTION = "close_no_action"  # T22
    WITHDRAW = "withdraw"  # T23
    REOPEN = "reopen"  # T24
    HAND_OVER = "hand_over"  # T25
    HOLD = "hold"  # T26
    RELEASE = "release"  # T26
    DECLARE_CONFLICT = "declare_conflict"
    ASK_CONSENT = "ask_consent"
    ANSWER_CONSENT = "answer_consent"
    TELL_SUBJECT = "tell_subject"
    OPEN_SUCCESSOR = "open_successor"
    ADD_NOTE = "add_note"
    ADD_DOCUMENT = "add_document"
    ADD_WITNESS = "add_witness"
    MAKE_COPY = "make_copy"


class Capacity(StrEnum):
    """Why a person is on a concern. Receiving, handling, deciding and reading are separate grants."""

    RAISER = "raiser"
    RECIPIENT = "recipient"
    HANDLER = "handler"
    DECIDER = "decider"
    CANDIDATE = "candidate"  # asked for a panel: must declare before anything is shown
    PANEL_MEMBER = "panel_member"  # seated, and reads
    CONVENER = "convener"  # runs a panel's procedure, unseen content
    LIAISON = "liaison"
    MEDIATOR = "mediator"  # helps both sides to settle: stage, dates and the agreed summary
    EXCEPTION_HOLDER = "exception_holder"
    READER = "reader"
    STANDBY = "standby"  # told that it waits because nobody acted: sees that it exists, its stage and its dates


# Capacities that read what was written. The others see that it exists, its stage and its dates.
READING_CAPACITIES = frozenset(
    {
        Capacity.RAISER, Capacity.RECIPIENT, Capacity.HANDLER, Capacity.DECIDER, Capacity.PANEL_MEMBER, Capacity.LIAISON,
        Capacity.READER,
    }
)


class EventType(StrEnum):
    """One fact in the trail. Each action on a lodged concern leaves exactly one; a draft leaves none, it is the raiser's."""

    LODGED = "lodged"
    REDIRECTED = "redirected"
    NEEDS_HANDLER = "needs_handler"
    ASSIGNED = "assigned"
    TAKEN_UP_DIRECTLY = "taken_up_directly"
    ACCEPTED = "accepted"
    COMPLAINT_ACCEPTED = "complaint_accepted"
    PASSED_ON = "passed_on"
    SETTLED = "settled"
    DIRECT_FAILED = "direct_failed"
    CONCILIATION_STARTED = "conciliation_started"
    INVESTIGATION_STARTED = "investigation_started"
    INFORMAL_OVER = "informal_over"
    WENT_STRAIGHT_TO_FORMAL = "went_straight_to_formal"
    GRIEVANCE_STARTED = "grievance_started"
    DISCIPLINARY_STARTED = "disciplinary_started"
    CODE_REFERRED = "code_referred"
    FORMAL_CODE_COMPLAINT_DECLARED = "formal_code_complaint_declared"
    REPORTED_TO_COUNCIL = "reported_to_council"
    OUTCOME_RECORDED = "outcome_recorded"
    SENT_BACK = "sent_back"
    CLOSED_NO_ACTION = "closed_no_action"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    HANDED_OVER = "handed_over"
    HELD = "held"
    RELEASED = "released"
    CONFLICT_DECLARED = "conflict_declared"
    CONSENT_ASKED = "consent_asked"
    CONSENT_ANSWERED = "consent_answered"
    SUBJECT_TOLD = "subject_told"
    SUCCESSOR_OPENED = "successor_opened"
    NOTE_ADDED = "note_added"
    DOCUMENT_ADDED = "document_added"
    WITNESS_NAMED = "witness_named"
    COPY_MADE = "copy_made"


class Scan(StrEnum):
    """What the virus scanner said of a file."""

    NOT_SCANNED = "not_scanned"  # no scanner is set up, or it couldn't be reached yet
    CLEAN = "clean"
    INFECTED = "infected"  # kept sealed; nobody can open it


class NoticeKind(StrEnum):
    """Kinds of notice. Every kind is sent with the same fixed words; the kind never leaves the database."""

    RECEIVED = "received"
    PROGRESS = "progress"
    NEEDS_YOU = "needs_you"
    CLOSED = "closed"
    ACCESS_ENDED = "access_ended"
    REMINDER = "reminder"
    PROTOCOL_REVIEW = "protocol_review"
    PROTOCOL_UNSAFE = "protocol_unsafe"


class ProceedingKind(StrEnum):
    """Formal procedures, and the outside helper of a conciliation."""

    CONCILIATION = "conciliation"
    INVESTIGATION = "investigation"
    GRIEVANCE = "grievance"
    DISCIPLINARY = "disciplinary"
    CODE_REFERRAL = "code_referral"
    COUNCIL_REPORT = "council_report"


class SaidInPublic(StrEnum):
    """Where the matter has already been spoken of."""

    NO = "no"
    MEETING_FOR_PURPOSE = "meeting_for_purpose"
    PUBLIC_MEETING = "public_meeting"
    SOCIAL_MEDIA = "social_media"
    OTHERS = "others"


class InformalOver(StrEnum):
    """Why informal means end (three kinds)."""

    FAILED = "failed"
    NOT_POSSIBLE = "not_possible"
    NOT_APPROPRIATE = "not_appropriate"


class WiderCircle(StrEnum):
    """What the raiser said on lodging about moving the concern beyond the people the protocol names."""

    ASK_FIRST = "ask_first"
    MAY_PASS_ON = "may_pass_on"


class ConsentKind(StrEnum):
    """What a consent covers."""

    ROUTE = "route"
    WIDER_CIRCLE = "wider_circle"
    CONCILIATION = "conciliation"
    FORMAL = "formal"


class ConsentStatus(StrEnum):
    """Where a consent stands."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    OVERRIDDEN = "overridden"
    LAPSED = "lapsed"


class ExclusionKind(StrEnum):
    """Why a person may never see or touch this concern."""

    SUBJECT = "subject"
    DELEGATE_OF_SUBJECT = "delegate_of_subject"
    LINE_MANAGED = "line_managed_by_subject"
    RELATIONSHIP = "relationship"
    WITNESS = "witness"
    CONNECTED = "connected"
    DECLARED = "declared"
    DELEGATE = "delegate"


class RedirectReason(StrEnum):
    """Why this is not a member-officer concern."""

    NOT_MEMBER_OFFICER = "not_member_officer"
    EMPLOYMENT = "employment"
    PROTECTED_DISCLOSURE = "protected_disclosure"
    POLICE = "police"
    PUBLIC_COMPLAINT = "public_complaint"


class HandOverReason(StrEnum):
    """Why a concern changes hands."""

    APPOINTMENT_CHANGED = "appointment_changed"
    ABSENCE = "absence"
    CONFLICT = "conflict"
    TO_DECIDER = "to_decider"


class SweepEvent(StrEnum):
    """What the sweep leaves in the trail: nobody did it, the day came."""

    STOOD_IN = "stood_in"  # somebody acts for a person who is away
    STOOD_DOWN = "stood_down"  # that person is back
    PUT_OUT = "put_out"  # a post ended, or a connection came to light
    NOBODY_LEFT = "nobody_left"
    WAITS = "waits_until_back"  # nobody acts for whoever has it, and they are back soon
    THERE_AGAIN = "there_again"  # who was away when somebody had to be found
    NAMED_SINCE = "named_deputy_since"  # who deals with it was asked to act for somebody it is about
    GLASS_OPENED = "break_glass_opened"
    GLASS_ENDED = "break_glass_ended"


class SweepAction(StrEnum):
    """What the sweep and breaking the glass do, as PostgreSQL is told."""

    TEND = "tend"
    ASK_GLASS = "ask_break_glass"
    ANSWER_GLASS = "answer_break_glass"
    END_GLASS = "end_break_glass"
    LOOK_AT_GLASS = "look_at_break_glass"


LONGEST_GLASS_HOURS = 168


class GlassStatus(StrEnum):
    """Where a request to break the glass stands."""

    ASKED = "ASKED"  # the portal has to look first
    WAITING = "WAITING"  # with the other person
    DECLINED = "DECLINED"
    APPROVED = "APPROVED"  # the portal looks again, and opens it
    OPEN = "OPEN"
    REFUSED = "REFUSED"  # it may not be
    ENDED = "ENDED"
