"""The words for the codes of the subject's side."""

from django.utils.translation import gettext_lazy as _

from disclosures.enums import Basis, Companion, DisclosureEvent, DisclosureState, Kind, PointerState

KINDS = {
    Kind.TOLD: (_("For information"), _("You are told that something is being talked about.")),
    Kind.BEFORE_FORMAL_STEP: (_("Before a formal step"), _("A formal step may be taken. You are told before it is.")),
    Kind.ALLEGATIONS: (_("What is said, to answer"), _("You are told what is said, so that you can answer it.")),
    Kind.OUTCOME: (_("What came of it"), _("You are told what came of it.")),
}
NEXT = {
    Kind.TOLD: _("Whoever deals with it goes on looking for a way to settle it. Nothing has been found against you."),
    Kind.BEFORE_FORMAL_STEP: _("Whoever deals with it decides on the next step after the date given here, or once you have answered. Nothing has been found against you."),
    Kind.ALLEGATIONS: _("Your answer is read before anything is decided. Nothing has been found against you."),
    Kind.OUTCOME: _("You need do nothing. You can answer if you want to say something about it."),
}
NEXT_CLOSED = _("This was closed. Nothing more is asked of you here, and you can go on reading it.")
STATES = {
    DisclosureState.DRAFTED: (_("Being drafted"), _("Only those who deal with the concern see it.")),
    DisclosureState.DISCLOSED: (_("Disclosed, not opened yet"), _("The person can see it and was sent a message.")),
    DisclosureState.OPENED: (_("Opened, no answer yet"), _("The person has had it before them.")),
    DisclosureState.ANSWERED: (_("Answered"), _("The answer is there to read.")),
    DisclosureState.CLOSED: (_("Closed"), _("Nothing more is wanted; the person can go on reading it.")),
}
# The same to the person themselves.
MINE = {
    DisclosureState.DISCLOSED: _("New"),
    DisclosureState.OPENED: _("Not answered yet"),
    DisclosureState.ANSWERED: _("You have answered"),
    DisclosureState.CLOSED: _("Closed"),
}
BASES = {
    Basis.SET_HERE: _("set by whoever deals with it"),
    Basis.PROTOCOL: _("set by the council’s protocol"),
    Basis.PROCEDURE: _("set by the council’s procedure"),
    Basis.AGREED: _("agreed with you"),
}
BASES_TO_CHOOSE = {
    Basis.SET_HERE: _("I set it"),
    Basis.PROTOCOL: _("The protocol sets it"),
    Basis.PROCEDURE: _("The council’s procedure sets it"),
    Basis.AGREED: _("It was agreed with the person"),
}
COMPANIONS = {
    Companion.COLLEAGUE: _("Someone I work with"),
    Companion.UNION: _("A trade union official"),
    Companion.OTHER: _("Somebody else, if the council’s policy allows it"),
}
COMPANIONS_TOLD = {
    Companion.COLLEAGUE: _("somebody they work with"),
    Companion.UNION: _("a trade union official"),
    Companion.OTHER: _("somebody else: see whether the council’s policy allows it"),
}
EVENTS = {
    DisclosureEvent.DISCLOSED: _("Something was disclosed to the person it is about"),
    DisclosureEvent.CLOSED: _("The disclosure was closed"),
    DisclosureEvent.OPENED: _("They opened what was disclosed"),
    DisclosureEvent.ANSWERED: _("They answered"),
    DisclosureEvent.PAPER_ADDED: _("They added a paper"),
    DisclosureEvent.COMPANION_NAMED: _("They named a companion"),
    DisclosureEvent.PROCEDURE_BEGAN: _("The disciplinary procedure began"),
    DisclosureEvent.PROCEDURE_OVER: _("The disciplinary procedure is over"),
}
POINTER = {
    PointerState.HANDED_OVER: (_("Handed over"), _("It was handed to the disciplinary procedure, which has not begun.")),
    PointerState.IN_PROGRESS: (_("In progress"), _("The procedure is running outside this service.")),
    PointerState.OUTCOME_RECORDED: (_("Outcome recorded"), _("Its kind of outcome is recorded; an appeal may still run.")),
    PointerState.CLOSED: (_("Over"), _("Nothing more happens in it.")),
}
REFUSED = {
    "only_outcome": _("The concern is closed. Only what came of it can still be disclosed."),
    "not_taken_up": _("Nobody has taken the concern up yet, so nothing is disclosed."),
    "on_hold": _("The concern is on hold. Release it first, then disclose."),
    "date_needed": _("Give the date by which you ask for an answer."),
    "date_past": _("The date must be after today."),
    "basis_needed": _("Choose where the date comes from."),
    "closed": _("It is closed already."),
    "not_disclosed": _("It hasn't been disclosed yet. Discard the draft instead."),
    "time_left": _("They have been given time to answer, and it isn't over. Wait for the answer or for the date."),
}
NAMED = {
    "raiser": _("the person who raised it"),
    "witness": _("a witness"),
    "subject": _("another person it is about"),
}
NOT_YOURS = _("Only whoever deals with the concern, decides on it or sits on its panel can do this.")
STALE = _("Somebody changed this after you opened the page. Look at what changed, then choose again.")
GONE = _("This draft was disclosed or discarded meanwhile.")
