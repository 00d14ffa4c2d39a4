"""The fixed vocabulary of a grievance: plain enums, no Django. Words for people are in ``grievances.wording``."""

from enum import StrEnum


class GrievanceState(StrEnum):
    """Where the procedure of one grievance stands."""

    SUBMITTED = "SUBMITTED"
    PANEL_FORMING = "PANEL_FORMING"
    INVESTIGATING = "INVESTIGATING"
    HEARING_SET = "HEARING_SET"
    DECIDED = "DECIDED"
    APPEAL_OPEN = "APPEAL_OPEN"
    APPEAL_DECIDED = "APPEAL_DECIDED"
    CLOSED = "CLOSED"


class Remit(StrEnum):
    """What the panel may do with it; the law sets it when it starts, and it never grows."""

    FULL = "full"
    SUPPORT_ONLY = "support_only"  # about a councillor in England: L2 (R (Harvey) v Ledbury Town Council)
    STATUTORY = "statutory"  # about a principal authority's statutory officer: their own process decides (L7, L7W)


class Panel(StrEnum):
    """Which panel somebody sits on, or is asked for."""

    FIRST = "first"
    APPEAL = "appeal"


class SeatStatus(StrEnum):
    """Where one person stands with one panel."""

    ASKED = "asked"  # must declare before anything is shown
    FREE = "free"  # declared that there is no connection
    CONNECTED = "connected"  # declared one: out for good, which one is nobody's business
    AUTOMATIC = "automatic"  # found without asking: never let in
    SEATED = "seated"
    LEFT = "left"  # left it, or the council, before the end
    STOOD_DOWN = "stood_down"  # asked, not needed or no longer able
    DONE = "done"  # sat until the panel's decision went out


class Part(StrEnum):
    """What somebody is to a grievance."""

    RAISER = "raiser"
    CONVENER = "convener"
    CANDIDATE = "candidate"
    MEMBER = "member"
    INVESTIGATOR = "investigator"


class Step(StrEnum):
    """One verb of the procedure."""

    FORM_PANEL = "form_panel"
    DECLARE = "declare"
    SEAT_PANEL = "seat_panel"
    CHOOSE_CHAIR = "choose_chair"
    LEAVE_PANEL = "leave_panel"
    LIST_ALLEGATIONS = "list_allegations"
    INVESTIGATE = "investigate"
    FILE_REPORT = "file_report"
    SET_HEARING = "set_hearing"
    NAME_COMPANION = "name_companion"
    POSTPONE_HEARING = "postpone_hearing"
    DRAFT_DECISION = "draft_decision"
    RELEASE_DECISION = "release_decision"
    APPEAL = "appeal"
    ADMIT_APPEAL = "admit_appeal"
    ASK_OUTSIDE = "ask_outside"
    CLOSE = "close"


class Deed(StrEnum):
    """Verbs beside the machine, on a concern or on a flag."""

    GIVE_SUPPORT = "give_support"
    CONSIDER_FLAG = "consider_flag"


class GrievanceEvent(StrEnum):
    """One fact of a grievance in the concern's trail; each verb leaves one."""

    PANEL_ASKED = "grievance_panel_asked"
    DECLARED = "grievance_declared"
    PANEL_SEATED = "grievance_panel_seated"
    CHAIR_CHOSEN = "grievance_chair_chosen"
    PANEL_LEFT = "grievance_panel_left"
    ALLEGATIONS_LISTED = "grievance_points_listed"
    INVESTIGATOR_APPOINTED = "grievance_investigator"
    REPORT_FILED = "grievance_report_filed"
    HEARING_SET = "grievance_hearing_set"
    COMPANION_NAMED = "grievance_companion"
    HEARING_POSTPONED = "grievance_hearing_postponed"
    DECISION_DRAFTED = "grievance_decision_drafted"
    DECISION_RELEASED = "grievance_decision_released"
    APPEALED = "grievance_appealed"
    APPEAL_ADMITTED = "grievance_appeal_admitted"
    OUTSIDE_ASKED = "grievance_outside_asked"
    CLOSED = "grievance_closed"
    SUPPORT_GIVEN = "grievance_support"
    FLAG_CONSIDERED = "grievance_flag_considered"


class FindingCode(StrEnum):
    """What a panel finds on one point. None exists about a councillor in England."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"


class CompanionKind(StrEnum):
    """Who may accompany a worker by law (Employment Relations Act 1999 s.10); others are for the council's own policy."""

    COLLEAGUE = "colleague"
    UNION = "trade_union_official"
    NOBODY = "nobody"


class HearingStatus(StrEnum):
    """Whether a hearing's date still stands."""

    SET = "set"
    POSTPONED = "postponed"
    HELD = "held"
    ADJOURNED = "adjourned"  # its day passed, and it goes on or is held on another
    REPLACED = "replaced"  # another day was set before this one had come
    CALLED_OFF = "called_off"


class Outside(StrEnum):
    """Where a panel comes from when the council has too few people."""

    SUBSTITUTES = "substitutes"
    PRINCIPAL_AUTHORITY = "principal_authority"
    OTHER_COUNCIL = "other_council"


class SupportKind(StrEnum):
    """Help for the employee that makes no finding about anybody."""

    WORKING_ARRANGEMENTS = "working_arrangements"
    CONTACT = "contact"
    HEALTH = "health"
    TIME_OFF = "time_off"
    OTHER = "other"


class FlagChoice(StrEnum):
    """What follows when a tie comes to light afterwards (A-11). Nothing is ever reversed by itself."""

    REOPEN = "reopen"
    APPEAL = "appeal"
    RECORD = "record"


CURRENT_SEATS = frozenset({SeatStatus.ASKED, SeatStatus.FREE, SeatStatus.SEATED})
CLOSED = GrievanceState.CLOSED
