"""The room's words: markings, events, letters. Templates are in the council's vocabulary through their tokens."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from concerns.domain import confidentiality
from correspondence.enums import LetterEvent, LetterKind, LetterState, Mark, MessageEvent, ReportEvent, ReportState
from councils.protocol import Protocol

EVENTS: Mapping[str, Any] = {
    MessageEvent.MESSAGE_SENT: _("A message was sent"),
    MessageEvent.MESSAGE_COPIED: _("A message was copied to somebody else; whoever wrote first was told"),
    MessageEvent.MESSAGE_UNMARKED: _("The marking of a message was taken off"),
    LetterEvent.LETTER_SENT: _("A letter was sent"),
    ReportEvent.REPORT_WRITTEN: _("The report to council was written"),
    ReportEvent.REPORT_SEALED: _("The report to council was made final"),
    ReportEvent.RESOLUTION_RECORDED: _("The resolution to exclude the public was recorded"),
    ReportEvent.REPORT_PRESENTED: _("The meeting had the report"),
}
MARKS: Mapping[str, tuple[Any, Any]] = {
    Mark.OPEN: (_("No marking"), _("The people it is to may speak of it to each other.")),
    Mark.IN_CONFIDENCE: (_("In confidence"), _("Only for the people it is to. It isn't copied to anybody else.")),
    Mark.CONFIDENTIAL: (_("Confidential"), _("Only for the people it is to. It isn't sent on to anybody.")),
    Mark.EXEMPT: (_("Exempt"), _("Left out of the public's right to look at papers.")),
}
BASIC = (Mark.OPEN, Mark.IN_CONFIDENCE, Mark.CONFIDENTIAL)

LETTERS: Mapping[str, tuple[Any, Any]] = {
    LetterKind.ACKNOWLEDGEMENT: (
        _("Your concern has arrived"),
        _(
            "Dear {name},\n\nYour concern {reference} has arrived. It is dealt with under the {protocol}.\n\n"
            "What happens next: {next_step}\n\nOnly the people named on the concern's page can see it. "
            "You find there who they are, and when each of them opened it.\n\nYours sincerely,\n{sender}\n{sender_role}"
        ),
    ),
    LetterKind.INVITATION: (
        _("Invitation to a hearing"),
        _(
            "Dear {name},\n\nYou are invited to a hearing on {hearing_date} at {hearing_time}, {hearing_place}, before {panel}. "
            "It is about: {matter}\n\nYou may bring a companion: somebody you work with, or an official of a trade union. "
            "They may speak for you and confer with you; they may not answer questions in your place. "
            "If your companion can't come that day, propose another time, up to {postpone_by}.\n\n"
            "You get the papers by {papers_by}. If there is anything you need so that you can take part, tell me.\n\n"
            "Yours sincerely,\n{sender}\n{sender_role}"
        ),
    ),
    LetterKind.OUTCOME: (
        _("The outcome"),
        _(
            "Dear {name},\n\nThis is what was decided about {matter}, and why.\n\nDecided by: {decided_by}, on {decided_on}\n\n"
            "{decision}\n\nReasons\n\n{reasons}\n\nAppeal\n\n{appeal_right}\n\n"
            "Yours sincerely,\n{sender}\n{sender_role}"
        ),
    ),
    LetterKind.REFERRAL: (
        _("A matter is referred"),
        _(
            "Dear {name},\n\n{council} refers a matter to {destination}. Paragraph of the code of conduct: {code_paragraph}\n\n"
            "These papers are with it. The cover sheet lists each with its checksum:\n\n{papers}\n\n"
            "Please say that you have it, and by when you expect to assess it.\n\nYours sincerely,\n{sender}\n{sender_role}"
        ),
    ),
    LetterKind.APPEAL: (
        _("Your appeal"),
        _(
            "Dear {name},\n\nYour appeal about {matter} has arrived. Its grounds: {appeal_grounds}\n\n"
            "It is heard by {panel}. None of them took part in the decision. The hearing is on {hearing_date} at {hearing_time}, "
            "{hearing_place}. You may bring a companion, as before.\n\nYours sincerely,\n{sender}\n{sender_role}"
        ),
    ),
    LetterKind.REPORT: (
        _("A matter reported to the council"),
        _(
            "Dear {name},\n\nA minor matter is reported to the council at its meeting on {meeting_date}, as {agenda_item}. "
            "The report makes no finding about anybody.\n\nThe council is told no more than stands in the report.\n\n"
            "Yours sincerely,\n{sender}\n{sender_role}"
        ),
    ),
    LetterKind.CONCILIATION: (
        _("Asked to conciliate"),
        _(
            "Dear {name},\n\nTwo people at {council} have agreed to try to settle a matter between them with your help. "
            "Both agreed that you are told this, and nothing more:\n\n{summary}\n\n"
            "Please write to {sender} to say whether you can help, and later only whether they came to an agreement and on what date; "
            "what was said stays between you and them.\n\nYours sincerely,\n{sender}\n{sender_role}"
        ),
    ),
}
LETTER_STATES: Mapping[str, tuple[Any, Any]] = {
    LetterState.DRAFT: (_("Draft"), _("Being written; only those dealing with it see it.")),
    LetterState.SENT: (_("Sent"), _("Kept as it was sent, with its checksum.")),
}
REPORT_STATES: Mapping[str, tuple[Any, Any]] = {
    ReportState.DRAFT: (_("Draft"), _("Being written.")),
    ReportState.SEALED: (_("Final"), _("As it goes to the meeting.")),
    ReportState.PRESENTED: (_("Presented"), _("The meeting had it, and the minute is recorded.")),
}

CLOSED = _("Nothing can be sent about a concern in this state.")
NOT_DRAFT = _("This letter was sent. It's kept as it is; write another one.")


def heading(kind: str) -> str:
    """A letter's subject line: fixed words."""
    return str(LETTERS[LetterKind(kind)][0])


def marks(protocol: Protocol | None) -> list[tuple[str, str, str]]:
    """(code, label, meaning) of the markings offered in this council, in its own words where it has any.

    ``exempt`` is a word of principal councils' law: it is offered only where the configuration has it.
    """
    own = {item.code: item for item in confidentiality.markings(protocol)} if protocol else {}
    found = []
    for mark in Mark:
        if mark not in BASIC and mark.value not in own:
            continue
        label, meaning = MARKS[mark]
        found.append((mark.value, own[mark.value].label if mark.value in own else str(label), str(meaning)))
    return found


def mark_label(mark: str, protocol: Protocol | None) -> str:
    """A marking in the council's words; "" for an open message."""
    if mark == Mark.OPEN:
        return ""
    return next((label for code, label, _meaning in marks(protocol) if code == mark), str(MARKS[Mark(mark)][0]))


def mark_colour(mark: str, protocol: Protocol | None) -> str:
    """The tag's colour; the words beside it always say the same."""
    own = {item.code: item.colour for item in confidentiality.markings(protocol)} if protocol else {}
    return TAGS.get(own.get(mark, ""), "yellow")


# A council's colours, as the design system's tags have them.
TAGS = {name: name for name in ("grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow")} | {"pink": "magenta"}

# --- reports to council ------------------------------------------------------------------------------------------
REPORT_PARTS = {
    "agenda_item": _("Item on the agenda"),
    "body": _("Report"),
    "may_be_told": _("What the council may be told"),
}
_BODY = _(
    "A minor matter was raised under the {protocol} and is reported to {council}.\n\nIn general terms it was about: {matter}\n\n"
    "What has been done: {measures}\n\nThe council is asked to note this report. It isn't asked to find that anybody did wrong, "
    "nor to decide on any measure against anybody."
)
_TOLD = _(
    "The council may be told that a minor matter was raised under the {protocol}, that the steps of the protocol were followed, and that the "
    "matter was dealt with.\n\nThe council isn't told who raised it, whom it was about, who was asked about it, nor anything from which "
    "that could be worked out. Questions about it aren't answered at the meeting; members may put them to the {proper_officer} afterwards."
)
REPORTS: Mapping[str, Mapping[str, Any]] = {
    "no_names": {
        "agenda_item": _("To note a report on a matter dealt with under the {protocol}."),
        "body": _BODY,
        "may_be_told": _TOLD,
    },
    "confidential_session": {
        "agenda_item": _(
            "To resolve that the public be excluded from the meeting for the next item, because publicity would harm the public interest "
            "by reason of its confidential nature; then to note a report on a matter dealt with under the {protocol}."
        ),
        "body": _BODY,
        "may_be_told": _TOLD,
    },
}
NEEDS_RESOLUTION = _(
    "A council closes a meeting only by resolution. Record the resolution to exclude the public first (Public Bodies (Admission to Meetings) Act 1960 s.1)."
)
NOT_PRESENTED = _("The meeting hasn't had the report yet. Record the meeting and its minute first.")
NOT_SEALED = _("Make the report final first.")
PRESENTED = _("The meeting had this report. It's kept as it was.")
NOT_YOUR_REPORT = _("Only somebody who deals with the concern prepares its report.")
REPORT_OVER = _("This matter isn't before the council any more.")
