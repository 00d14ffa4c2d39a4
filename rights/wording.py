"""The words for the codes of data rights, all through gettext."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rights.enums import (
    AccessState,
    BreachState,
    ComplaintState,
    DisposalState,
    Ground,
    Kind,
    LineType,
    OutcomeClass,
    Risk,
    Source,
    Step,
    Verdict,
)

NOT_YOURS = _("This step isn’t yours.")
NOT_FROM_HERE = _("That can’t be done now: it is “%(state)s”.")
SECOND_PERSON = _("It takes a second person: another records keeper does this.")
HELD_ALREADY = _("It is kept longer already.")
NOT_HELD = _("There is no hold on this case.")
EXTENDED_ALREADY = _("More time was taken already.")
NOT_ALL_DECIDED = _("Decide about every item first.")
#: What stands against destroying a case; the codes are the database's (migration 0002).
KEPT: Mapping[str, Any] = {
    "gone": _("There is nothing left to destroy."),
    "open": _("The case was opened again."),
    "retention": _("Its time isn’t over yet."),
    "hold": _("It is kept for legal reasons: lift the hold first."),
    "proceeding": _("A procedure that belongs to it is still open."),
    "access": _("Somebody who is in it has asked for their data: answer that first. Destroying it now would be an offence."),
}
KINDS = {
    Kind.DISPOSAL: _("A case whose time is over"),
    Kind.ACCESS: _("A request for one’s own data"),
    Kind.COMPLAINT: _("A complaint about data"),
    Kind.BREACH: _("A data breach"),
}
OUTCOMES = {
    OutcomeClass.RESOLVED: _("Settled informally"),
    OutcomeClass.NO_ACTION: _("Closed with nothing done"),
    OutcomeClass.WITHDRAWN: _("Withdrawn by whoever raised it"),
    OutcomeClass.REDIRECTED: _("Redirected: nothing that was written is kept"),
    OutcomeClass.FORMAL: _("Ended in a formal procedure"),
    OutcomeClass.DRAFT: _("Begun and never sent, counted from its last change"),
}
STATES: Mapping[Kind, Mapping[str, tuple[Any, Any]]] = {
    Kind.DISPOSAL: {
        DisposalState.DUE: (_("Due"), _("Its time is over; nobody has asked to destroy it")),
        DisposalState.ASKED: (_("Waits for a second person"), _("One records keeper asked; another destroys it or not")),
        DisposalState.DONE: (_("Destroyed"), _("Nothing of it is left but that it was there")),
        DisposalState.ENDED: (_("Not due any more"), _("It was opened again, or is kept longer")),
    },
    Kind.ACCESS: {
        AccessState.RECEIVED: (_("Received"), _("The month runs")),
        AccessState.CLARIFYING: (_("Waits for you to say more"), _("The clock stands still until whoever asked says what they mean")),
        AccessState.GATHERING: (_("Being gathered"), _("The portal finds what it holds")),
        AccessState.PREPARING: (_("Being prepared"), _("A records keeper decides about each item")),
        AccessState.PREPARED: (_("Waits for a second person"), _("Another records keeper looks at it and releases it")),
        AccessState.RELEASED: (_("Ready to fetch"), _("Whoever asked can fetch it for 90 days")),
        AccessState.REFUSED: (_("Refused"), _("With reasons, and the way to complain")),
        AccessState.WITHDRAWN: (_("Withdrawn"), _("Whoever asked doesn’t want it any more")),
    },
    Kind.COMPLAINT: {
        ComplaintState.RECEIVED: (_("Received"), _("To be acknowledged within 30 days")),
        ComplaintState.ACKNOWLEDGED: (_("Acknowledged"), _("It is looked into")),
        ComplaintState.ANSWERED: (_("Answered"), _("What was found and is done")),
    },
    Kind.BREACH: {
        BreachState.REPORTED: (_("Reported"), _("Nobody has looked yet at what it may do to people")),
        BreachState.ASSESSED: (_("Assessed"), _("Who has to be told is told")),
        BreachState.CLOSED: (_("Closed"), _("Everybody who had to be told was, or it is written why not")),
    },
}
#: What a state means for whoever asked.
OWN_MEANS: Mapping[str, Any] = {
    AccessState.RECEIVED: _("The council has a month to answer"),
    AccessState.CLARIFYING: _("The council needs to know what you mean; the clock stands still until you say"),
    AccessState.GATHERING: _("The council is finding what it keeps of you"),
    AccessState.PREPARING: _("Somebody looks at what may be given"),
    AccessState.PREPARED: _("A second person looks at it before you get it"),
    AccessState.RELEASED: _("You can fetch it for 90 days"),
    AccessState.REFUSED: _("You see why below, and how to complain"),
    AccessState.WITHDRAWN: _("You can ask again at any time"),
}
COLOURS = {
    "DUE": "yellow", "ASKED": "orange", "DONE": "grey", "ENDED": "grey", "RECEIVED": "blue", "CLARIFYING": "purple", "GATHERING": "blue",
    "PREPARING": "blue", "PREPARED": "orange", "RELEASED": "green", "REFUSED": "red", "WITHDRAWN": "grey", "ACKNOWLEDGED": "blue",
    "ANSWERED": "green", "REPORTED": "red", "ASSESSED": "orange", "CLOSED": "grey",
}  # fmt: skip
#: Step -> what the button says, what it means.
STEPS = {
    Step.ASK_PURGE: (_("Ask for it to be destroyed"), _("Another records keeper has to agree, and does it. Nothing is destroyed yet.")),
    Step.DECLINE_PURGE: (_("Don’t destroy it now"), _("It stays as it is. It can be asked again.")),
    Step.PURGE: (
        _("Destroy it for good"),
        _("Everything of the case is destroyed: what was written, files, names, letters, and everybody’s right to see it. It can’t be brought back, not from a backup either."),
    ),
    Step.PLACE_HOLD: (_("Keep it for legal reasons"), _("Nobody can destroy it until the hold is lifted, for example while there is a claim or an inquiry.")),
    Step.LIFT_HOLD: (_("Lift the hold"), _("It can be destroyed again once its time is over.")),
    Step.CLARIFY: (_("Ask what they mean"), _("The clock stands still until they answer. Ask only if you can’t answer without it.")),
    Step.ANSWER_CLARIFICATION: (_("Say what you mean"), _("The clock goes on when you have sent it.")),
    Step.EXTEND: (_("Take two months more"), _("Only where there is much or it is hard, and only within the first month. They are told why.")),
    Step.GATHER: (_("Have everything gathered"), _("The portal finds what it holds of them, with the names of others taken out. It takes a minute.")),
    Step.PREPARE: (_("Hand it to a second person"), _("Another records keeper looks at every item and releases it, or sends it back.")),
    Step.SEND_BACK: (_("Send it back"), _("Whoever prepared it decides again.")),
    Step.RELEASE: (_("Release it"), _("They can fetch what is given from now on. It can’t be taken back.")),
    Step.REFUSE_ACCESS: (_("Refuse it"), _("Only where it is plainly unfounded or far too much. They read why, and how they can complain.")),
    Step.WITHDRAW_ACCESS: (_("Withdraw your request"), _("You can ask again at any time.")),
    Step.ACKNOWLEDGE: (_("Acknowledge it"), _("The law gives 30 days. Say when they will hear what was found.")),
    Step.ANSWER_COMPLAINT: (_("Answer it"), _("Say what was found and what is done.")),
    Step.ASSESS_BREACH: (_("Assess it"), _("Write down how it may touch people, what is done, and who was told.")),
    Step.CLOSE_BREACH: (_("Close it"), _("Everybody who had to be told was, or it is written why not.")),
}
EVENTS = {
    LineType.OPENED: _("It came in"), LineType.HELD: _("It is kept for legal reasons"), LineType.HOLD_LIFTED: _("The hold was lifted"),
    LineType.PURGE_ASKED: _("Its destruction was asked for"), LineType.PURGE_DECLINED: _("It wasn’t destroyed for now"),
    LineType.PURGED: _("It was destroyed"), LineType.ENDED: _("It isn’t due any more"), LineType.CLARIFICATION_ASKED: _("It was asked what is meant"),
    LineType.CLARIFIED: _("They said what they mean"), LineType.EXTENDED: _("Two months more were taken"), LineType.GATHER_ASKED: _("It is being gathered"),
    LineType.GATHERED: _("It was gathered"), LineType.ITEM_DECIDED: _("An item was decided"), LineType.FILE_OPENED: _("A file was opened"), LineType.PREPARED: _("It was handed to a second person"),
    LineType.SENT_BACK: _("It was sent back"), LineType.RELEASED: _("It was released"), LineType.FETCHED: _("It was fetched"),
    LineType.REFUSED: _("It was refused"), LineType.WITHDRAWN: _("It was withdrawn"), LineType.ACKNOWLEDGED: _("It was acknowledged"),
    LineType.ANSWERED: _("It was answered"), LineType.ASSESSED: _("It was assessed"), LineType.CLOSED: _("It was closed"),
}  # fmt: skip
SOURCES = {
    Source.ACCOUNT: _("Your account"), Source.POSTS: _("What you hold here"), Source.PARTS: _("Your parts in concerns"),
    Source.CONCERN: _("A concern"), Source.WRITTEN: _("What you wrote"), Source.MESSAGE: _("A message"), Source.LETTER: _("A letter"),
    Source.DISCLOSURE: _("What you were told"), Source.FILE: _("A file"), Source.PAPERS: _("A request to see papers"),
    Source.QUESTION: _("A question about the protocol"), Source.UNTOLD: _("Something they haven’t been told of"),
}  # fmt: skip
VERDICTS = {Verdict.GIVE: _("Given"), Verdict.WITHHOLD: _("Withheld")}
GROUNDS = {
    Ground.OTHER_PERSON: _("It is about somebody else too, or shows who said it (paragraph 16)"),
    Ground.PRIVILEGE: _("Legal advice or proceedings (paragraph 19)"),
    Ground.REFERENCE: _("A reference given in confidence (paragraph 24)"),
    Ground.MANAGEMENT: _("Management planning (paragraph 22)"),
    Ground.NEGOTIATION: _("Negotiations with them (paragraph 23)"),
    Ground.PROTECTIVE: _("It would harm looking into the matter (paragraph 7)"),
}
RISKS = {
    Risk.UNLIKELY: _("A risk to people is unlikely"),
    Risk.RISK: _("There is a risk to people: the Information Commissioner is told within 72 hours"),
    Risk.HIGH: _("The risk to people is high: they are told too, without delay"),
}
LEFT_OUT = _(
    "Other people’s names, and what would show who said something, are taken out. What the law doesn’t let us give, or lets us keep back, may be "
    "missing; this sentence stands in every answer, so nothing follows from it about you."
)
RIGHTS = (
    _("Something is wrong or incomplete: ask the council to correct it."),
    _("You think something should not be kept: ask the council to delete it, or to stop using it."),
    _("You aren’t content with this answer: complain to the council. You hear within 30 days that it came."),
    _("You can also complain to the Information Commissioner at ico.org.uk, or go to court."),
)


def too_many(contact: str) -> str:
    """That the form takes no more for now, and what to do instead; ``contact``: what the council says of how it is reached."""
    said = _gettext("Too many complaints were sent in the last hour, so this one wasn’t. Nothing that you wrote is lost: it is still below.")
    where = _gettext("Write to the council instead: %(contact)s.") % {"contact": contact} if contact else _gettext("Write to the council at its usual address instead.")
    return f"{said} {where} " + _gettext("You can also try again in an hour, or complain to the Information Commissioner at ico.org.uk.")


def state_label(kind: Kind, state: str) -> str:
    """A state in words."""
    return str(STATES[kind][state][0])


def months_label(months: int) -> str:
    """A number of months in years where it is whole years."""
    if months % 12 == 0:
        years = months // 12
        return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}
    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
