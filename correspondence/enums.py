"""The fixed vocabulary of messages, letters and reports to council: plain enums, no Django."""

from enum import StrEnum


class MessageAction(StrEnum):
    """What a person may do with messages on a concern."""

    SEND_MESSAGE = "send_message"
    COPY_MESSAGE = "copy_message"
    UNMARK_MESSAGE = "unmark_message"


class MessageEvent(StrEnum):
    """What each leaves in the concern's trail."""

    MESSAGE_SENT = "message_sent"
    MESSAGE_COPIED = "message_copied"
    MESSAGE_UNMARKED = "message_unmarked"


class LetterAction(StrEnum):
    """What a person may do with letters on a concern."""

    DRAFT_LETTER = "draft_letter"
    EDIT_LETTER = "edit_letter"
    SEND_LETTER = "send_letter"
    DISCARD_LETTER = "discard_letter"


class LetterEvent(StrEnum):
    """What is left in the concern's trail; a draft leaves nothing."""

    LETTER_SENT = "letter_sent"


class ReportAction(StrEnum):
    """What a person may do with a report to council."""

    WRITE_REPORT = "write_report"
    SEAL_REPORT = "seal_report"
    RECORD_RESOLUTION = "record_resolution"
    PRESENT_REPORT = "present_report"


class ReportEvent(StrEnum):
    """What each leaves in the concern's trail."""

    REPORT_WRITTEN = "report_written"
    REPORT_SEALED = "report_sealed"
    RESOLUTION_RECORDED = "resolution_recorded"
    REPORT_PRESENTED = "report_presented"


class Mark(StrEnum):
    """How a message or letter is marked. ``exempt`` is a word of principal councils and offered only where configured (M2)."""

    OPEN = "open"
    IN_CONFIDENCE = "in_confidence"
    CONFIDENTIAL = "confidential"
    EXEMPT = "exempt"


class AudienceRole(StrEnum):
    """Why a person is in a message's audience. There is no fourth."""

    SENDER = "sender"
    TO = "to"
    COPIED = "copied"


class LetterKind(StrEnum):
    """Letters with a template of their own."""

    ACKNOWLEDGEMENT = "acknowledgement"
    INVITATION = "invitation"
    OUTCOME = "outcome"
    REFERRAL = "referral"
    APPEAL = "appeal"
    REPORT = "report"
    CONCILIATION = "conciliation"


class LetterState(StrEnum):
    """A letter is a draft until it is sent, and then it never changes."""

    DRAFT = "DRAFT"
    SENT = "SENT"


class ReportState(StrEnum):
    """A report to council is written, sealed as it goes to the meeting, and then presented."""

    DRAFT = "DRAFT"
    SEALED = "SEALED"
    PRESENTED = "PRESENTED"
