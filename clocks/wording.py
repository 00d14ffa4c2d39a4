"""The words for the codes of the clocks, all through gettext."""

from django.utils.translation import gettext_lazy as _

from clocks.enums import Basis, ClockEvent, Moved, ObligationKind, Unit

KINDS = {
    ObligationKind.ACKNOWLEDGE: _("A concern is taken up"),
    ObligationKind.FIND_HANDLER: _("Somebody is found to take it"),
    ObligationKind.INFORMAL_REVIEW: _("The informal step is looked at again"),
    ObligationKind.CONCILIATE: _("Conciliation is looked at again"),
    ObligationKind.CHOOSE_ROUTE: _("The formal route is chosen"),
    ObligationKind.CHECK_BACK: _("The talk in private is asked about"),
    ObligationKind.INVESTIGATION_REPORT: _("The investigator’s report"),
    ObligationKind.HEARING_NOTICE: _("Notice of a hearing is given"),
    ObligationKind.HEARING: _("A hearing"),
    ObligationKind.DECISION: _("A decision"),
    ObligationKind.APPEAL_WINDOW: _("The time to appeal ends"),
    ObligationKind.CHASE_MONITORING_OFFICER: _("The Monitoring Officer is asked how it stands"),
    ObligationKind.COUNCIL_MEETING: _("A meeting of the council"),
    ObligationKind.LOOK_AGAIN: _("It is looked at again"),
    ObligationKind.SUBJECT_REPLY: _("The other person’s reply"),
    ObligationKind.ACCESS_REQUEST: _("A request to see papers is answered"),
    ObligationKind.INTERPRETATION: _("A question about the protocol is answered"),
    ObligationKind.HOLD_REVIEW: _("A hold ends"),
    ObligationKind.RETENTION_REVIEW: _("What is kept is reviewed"),
    ObligationKind.PROTOCOL_REVIEW: _("The protocol is reviewed"),
    ObligationKind.SUBJECT_ACCESS: _("Somebody’s own data is given to them"),
    ObligationKind.DATA_COMPLAINT: _("A complaint about data is acknowledged"),
    ObligationKind.DATA_BREACH: _("The Information Commissioner is told of a breach"),
}

EVENTS = {
    ClockEvent.EXTENDED: _("Both sides agreed to a later date"),
    ClockEvent.MOVED: _("A date moved"),
    ClockEvent.KEPT: _("Somebody who is kept out of this changed how the council counts days. What is due here stays as it was"),
    ClockEvent.ESCALATED: _("Nobody had acted by the date, so it went on to the next person, if one was left"),
}

REASONS = {"silence": _("Nobody had acted by the date")}

BASES = {
    Basis.CLAUSE: _("said by your protocol"),
    Basis.LAW: _("said by law"),
    Basis.COUNCIL: _("set by your council, not by the protocol"),
    Basis.DEFAULT: _("this service’s usual time, not set by the protocol: your council can set its own"),
    Basis.AGREED: _("set or agreed by the people on it"),
}
MOVES = {
    Moved.HOLD: _("it was on hold"),
    Moved.AGREED: _("both sides agreed"),
    Moved.TARGET: _("your council changed how long it may take"),
    Moved.DAYS_OFF: _("bank holidays or the council’s days of closure changed"),
    Moved.COURSE: _("what it is counted from changed"),
}
WHY_OFF = {"bank_holiday": _("bank holiday"), "closure": _("the council’s office is closed")}
UNITS = {
    Unit.WORKING_DAYS: (_("%(n)s working day"), _("%(n)s working days")),
    Unit.CALENDAR_DAYS: (_("%(n)s day"), _("%(n)s days")),
    Unit.MONTHS: (_("%(n)s month"), _("%(n)s months")),
    Unit.YEARS: (_("%(n)s year"), _("%(n)s years")),
}
WHO = {
    "raiser": _("the person who raised it"),
    "recipient": _("whoever receives it"),
    "handler": _("whoever deals with it"),
    "decider": _("whoever may choose the formal route"),
    "liaison": _("whoever follows it with the outside body"),
    "convener": _("whoever runs the panel’s procedure"),
    "panel_member": _("the panel"),
    "exception_holder": _("whoever finds somebody to take it"),
    "reader": _("whoever finds out the facts"),
}
STALE = _("Somebody changed this after you opened the page. Look at what changed, then try again.")
EXTENSION_REFUSED = {
    "not_yours": _("Only whoever deals with it or decides on it can record more time."),
    "over": _("Nothing is due here any more."),
    "law": _("The law sets this date, so it can’t be moved by agreement."),
    "not_this": _("This date isn’t moved by agreement. Change what it comes from instead."),
    "on_hold": _("It is on hold, and its clock has stopped. End the hold first."),
}
TARGETS = {
    "acknowledge_concern": _("Take up a concern, or pass it on"),
    "find_handler": _("Find somebody to take it when nobody named is free"),
    "informal_review": _("Look again at the informal step"),
    "conciliation_review": _("Look again at conciliation"),
    "choose_route": _("Choose a formal route, or close without action"),
    "grievance_meeting": _("Hold the first meeting about a grievance"),
    "hearing_notice": _("Notice of a hearing, before it"),
    "companion_postponement": _("Move a hearing when the companion can’t come"),
    "decision_after_hearing": _("Decide after a hearing"),
    "appeal_window": _("Appeal against a decision"),
    "chase_mo_acknowledgement": _("Ask the Monitoring Officer who hasn’t acknowledged a complaint"),
    "chase_mo_assessment": _("Ask the Monitoring Officer how the assessment stands"),
    "chase_ombudsman_wales": _("Ask the Ombudsman how it stands"),
    "papers_request": _("Decide on a request to see papers"),
    "interpretation": _("Answer a question about what the protocol means"),
    "look_again": _("Look again where nothing else is due"),
}
