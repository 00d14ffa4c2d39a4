"""The fixed vocabulary of the subject's side: plain codes, worded in ``disclosures.wording``."""

from enum import StrEnum


class Kind(StrEnum):
    """Why the subject is told something."""

    TOLD = "told"
    BEFORE_FORMAL_STEP = "before_formal_step"
    ALLEGATIONS = "allegations"
    OUTCOME = "outcome"


class DisclosureState(StrEnum):
    """Where one disclosure to one person stands."""

    DRAFTED = "DRAFTED"
    DISCLOSED = "DISCLOSED"
    OPENED = "OPENED"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


class Basis(StrEnum):
    """Where a wanted answer-by date comes from."""

    SET_HERE = "set_here"
    PROTOCOL = "protocol"
    PROCEDURE = "procedure"
    AGREED = "agreed"


class Companion(StrEnum):
    """Who comes along (Employment Relations Act 1999 s.10; others as the council's policy allows)."""

    COLLEAGUE = "colleague"
    UNION = "trade_union_official"
    OTHER = "other"


class DisclosureAction(StrEnum):
    """One verb on the subject's side, or beside it."""

    DRAFT_DISCLOSURE = "draft_disclosure"
    DISCARD_DISCLOSURE = "discard_disclosure"
    DISCLOSE = "disclose"
    CLOSE_DISCLOSURE = "close_disclosure"
    OPEN_DISCLOSURE = "open_disclosure"
    ANSWER_DISCLOSURE = "answer_disclosure"
    ADD_SUBJECT_PAPER = "add_subject_paper"
    NAME_COMPANION = "name_companion"
    PROCEDURE_BEGAN = "procedure_began"
    PROCEDURE_OVER = "procedure_over"


class DisclosureEvent(StrEnum):
    """What these verbs leave in the concern's trail. The subject's own are written by the database (migration 0002)."""

    DISCLOSED = "disclosed"
    CLOSED = "disclosure_closed"
    OPENED = "disclosure_opened"
    ANSWERED = "disclosure_answered"
    PAPER_ADDED = "subject_paper_added"
    COMPANION_NAMED = "companion_named"
    PROCEDURE_BEGAN = "disciplinary_began"
    PROCEDURE_OVER = "disciplinary_over"


class PointerState(StrEnum):
    """Where the disciplinary procedure stands, which runs outside: how far, never what is said in it."""

    HANDED_OVER = "HANDED_OVER"
    IN_PROGRESS = "IN_PROGRESS"
    OUTCOME_RECORDED = "OUTCOME_RECORDED"
    CLOSED = "CLOSED"
