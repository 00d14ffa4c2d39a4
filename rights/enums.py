"""The fixed vocabulary of data rights: plain enums, no Django."""

from enum import StrEnum


class Kind(StrEnum):
    """What a matter is: a case to destroy, a request for one's own data, a complaint about data, a breach."""

    DISPOSAL = "disposal"
    ACCESS = "access"
    COMPLAINT = "complaint"
    BREACH = "breach"


class OutcomeClass(StrEnum):
    """How a concern ended, or that it was never sent, as far as it says how long it is kept."""

    RESOLVED = "resolved"
    NO_ACTION = "no_action"
    WITHDRAWN = "withdrawn"
    REDIRECTED = "redirected"
    FORMAL = "formal"
    DRAFT = "draft"  # its writer's alone; it goes by itself


ENDED_AS = tuple(outcome for outcome in OutcomeClass if outcome != OutcomeClass.DRAFT)


class DisposalState(StrEnum):
    """Where the destruction of one case stands."""

    DUE = "DUE"
    ASKED = "ASKED"
    DONE = "DONE"
    ENDED = "ENDED"


class AccessState(StrEnum):
    """Where a person's request for their own data stands."""

    RECEIVED = "RECEIVED"
    CLARIFYING = "CLARIFYING"
    GATHERING = "GATHERING"
    PREPARING = "PREPARING"
    PREPARED = "PREPARED"
    RELEASED = "RELEASED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class ComplaintState(StrEnum):
    """Where a complaint about data stands."""

    RECEIVED = "RECEIVED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ANSWERED = "ANSWERED"


class BreachState(StrEnum):
    """Where a breach stands."""

    REPORTED = "REPORTED"
    ASSESSED = "ASSESSED"
    CLOSED = "CLOSED"


class Risk(StrEnum):
    """How a breach may touch people: it decides who has to be told."""

    UNLIKELY = "unlikely"
    RISK = "risk"
    HIGH = "high"


class Verdict(StrEnum):
    """What becomes of one item of what was gathered."""

    GIVE = "give"
    WITHHOLD = "withhold"


class Ground(StrEnum):
    """Why an item is withheld: the exemptions of the Data Protection Act 2018, Schedule 2."""

    OTHER_PERSON = "other_person"
    PRIVILEGE = "privilege"
    REFERENCE = "reference"
    MANAGEMENT = "management"
    NEGOTIATION = "negotiation"
    PROTECTIVE = "protective"


class Source(StrEnum):
    """Where an item comes from."""

    ACCOUNT = "account"
    POSTS = "posts"
    PARTS = "parts"
    CONCERN = "concern"
    WRITTEN = "written"
    MESSAGE = "message"
    LETTER = "letter"
    DISCLOSURE = "disclosure"
    FILE = "file"
    PAPERS = "papers"
    QUESTION = "question"
    UNTOLD = "untold"


class Step(StrEnum):
    """Every verb of the room."""

    NAME_KEEPER = "rights_name_keeper"
    END_KEEPER = "rights_end_keeper"
    SET_RETENTION = "rights_set_retention"
    PLACE_HOLD = "rights_place_hold"
    LIFT_HOLD = "rights_lift_hold"
    OPEN_DISPOSAL = "rights_open_disposal"
    END_DISPOSAL = "rights_end_disposal"
    DROP_DRAFT = "rights_drop_draft"
    ASK_PURGE = "rights_ask_purge"
    DECLINE_PURGE = "rights_decline_purge"
    PURGE = "rights_purge"
    ASK_ACCESS = "rights_ask_access"
    CLARIFY = "rights_clarify"
    ANSWER_CLARIFICATION = "rights_answer_clarification"
    EXTEND = "rights_extend"
    GATHER = "rights_gather"
    COLLECT = "rights_collect"
    DECIDE_ITEM = "rights_decide_item"
    OPEN_FILE = "rights_open_file"
    PREPARE = "rights_prepare"
    SEND_BACK = "rights_send_back"
    RELEASE = "rights_release"
    FETCH = "rights_fetch"
    REFUSE_ACCESS = "rights_refuse_access"
    WITHDRAW_ACCESS = "rights_withdraw_access"
    COMPLAIN = "rights_complain"
    ACKNOWLEDGE = "rights_acknowledge"
    ANSWER_COMPLAINT = "rights_answer_complaint"
    REPORT_BREACH = "rights_report_breach"
    ASSESS_BREACH = "rights_assess_breach"
    CLOSE_BREACH = "rights_close_breach"


class LineType(StrEnum):
    """What a line of the trail tells."""

    OPENED = "opened"
    HELD = "held"
    HOLD_LIFTED = "hold_lifted"
    PURGE_ASKED = "purge_asked"
    PURGE_DECLINED = "purge_declined"
    PURGED = "purged"  # written by the database itself
    ENDED = "ended"
    CLARIFICATION_ASKED = "clarification_asked"
    CLARIFIED = "clarified"
    EXTENDED = "extended"
    GATHER_ASKED = "gather_asked"
    GATHERED = "gathered"
    ITEM_DECIDED = "item_decided"
    FILE_OPENED = "file_opened"
    PREPARED = "prepared"
    SENT_BACK = "sent_back"
    RELEASED = "released"
    FETCHED = "fetched"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    ASSESSED = "assessed"
    CLOSED = "closed"
