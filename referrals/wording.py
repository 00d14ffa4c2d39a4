"""The words for a referral's codes, all through gettext."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from referrals.enums import Ground, MeasureKind, Outcome, Paper, ReferralEvent, SentBy, State, Step, SubjectTold

STALE = _("Somebody recorded something after you opened the page. Look at what changed, then choose again.")

STATES: dict[str, tuple[Any, Any]] = {
    State.PREPARED: (_("Being prepared"), _("Nothing has left the council. The papers are chosen and sealed, then sent.")),
    State.SENT: (_("Sent"), _("The sealed papers are with the office that decides. It hasn't acknowledged them yet.")),
    State.ACKNOWLEDGED: (_("Acknowledged"), _("The office says that it has it.")),
    State.ASSESSING: (_("Being assessed"), _("The office looks at whether there is something to investigate.")),
    State.SENT_BACK: (_("Sent back for a local settlement"), _("The office asks the council to settle it informally.")),
    State.UNDER_INVESTIGATION: (_("Under investigation"), _("The office investigates.")),
    State.OUTCOME_RECEIVED: (_("Outcome received"), _("The office has answered.")),
    State.CLOSED: (_("Closed"), _("Nothing more happens on this referral.")),
}

# (button, what it means)
STEPS: dict[Step, tuple[Any, Any]] = {
    Step.SEAL: (_("Choose and seal the papers"), _("The papers you choose are put into one bundle that can't be changed afterwards.")),
    Step.SEND: (_("Record it as sent"), _("From now on the office has it, and only its answer moves it on.")),
    Step.ACKNOWLEDGE: (_("Acknowledge"), _("The council and the person who raised it see that the office has it.")),
    Step.START_ASSESSING: (_("Start assessing"), _("The question is whether there is something to investigate.")),
    Step.CONSULT: (_("Record the Independent Person's view"), _("It must be sought and weighed before an investigated allegation is decided. It may be sought earlier.")),
    Step.WEIGH: (_("Say whether it is serious or repeated"), _("In Wales a local settlement is for low-level matters only. What you answer is recorded, and either of them closes that way (W3).")),
    Step.ASK_LOCAL: (_("Ask for a local settlement"), _("It goes back to the council to be settled informally. It can be referred again.")),
    Step.INVESTIGATE: (_("Take it to investigation"), _("There is something to investigate.")),
    Step.RECORD_FINDING: (_("Record the outcome"), _("It's recorded once and can't be changed. The council may carry out what is recommended and add nothing.")),
    Step.TAKE_BACK: (_("Take it back to settle it locally"), _("Informal means are open again inside the council.")),
    Step.TAKE_OVER: (_("Close the concern with this outcome"), _("The office's outcome becomes the concern's outcome, as it is.")),
    Step.CARRY_OUT: (_("Record that it was carried out"), _("Only what the office recommended can be recorded here.")),
    Step.PREPARE_AGAIN: (_("Prepare it again"), _("A new referral begins, with papers of its own.")),
    Step.READDRESS: (_("Address it to somebody else"), _("Another officer of the office gets the same sealed papers.")),
    Step.STEP_ASIDE: (_("I can't take this"), _("You have a connection, or can't act in it. Your access ends at once. The council addresses it to somebody else.")),
}  # fmt: skip
# The same step when it is copied from the office's letter.
COPIED: dict[Step, Any] = {
    Step.ACKNOWLEDGE: _("Record that it was acknowledged"),
    Step.START_ASSESSING: _("Record that it is being assessed"),
    Step.CONSULT: _("Record the Independent Person's view"),
    Step.ASK_LOCAL: _("Record that a local settlement is asked for"),
    Step.INVESTIGATE: _("Record that it is being investigated"),
    Step.RECORD_FINDING: _("Record the outcome from the letter"),
}

EVENTS: dict[ReferralEvent, Any] = {
    ReferralEvent.SEALED: _("Papers sealed for the Code referral"),
    ReferralEvent.SENT: _("Sealed papers sent to the office that decides"),
    ReferralEvent.ACKNOWLEDGED: _("Acknowledged by the office"),
    ReferralEvent.ASSESSING: _("The office began its assessment"),
    ReferralEvent.CONSULTED: _("The Independent Person's view was recorded"),
    ReferralEvent.WEIGHED: _("Recorded whether the matter is serious or repeated"),
    ReferralEvent.LOCAL_ASKED: _("The office asked for a local settlement"),
    ReferralEvent.INVESTIGATING: _("The office began an investigation"),
    ReferralEvent.FINDING: _("The office recorded its outcome"),
    ReferralEvent.CARRIED_OUT: _("A recommended measure was carried out"),
    ReferralEvent.PREPARED_AGAIN: _("The referral is prepared again"),
    ReferralEvent.STEPPED_ASIDE: _("An officer of the office stepped aside"),
    ReferralEvent.READDRESSED: _("Addressed to another officer of the office"),
}

WAYS: dict[SentBy, Any] = {
    SentBy.PORTAL: _("in this service"),
    SentBy.POST: _("by post"),
    SentBy.SECURE_MAIL: _("by secure e-mail"),
    SentBy.BY_HAND: _("by hand"),
}
TOLD: dict[SubjectTold, tuple[Any, Any]] = {
    SubjectTold.TOLD: (_("The councillor has been told"), _("Always before a formal step.")),
    SubjectTold.BY_OFFICE: (_("The office is asked to tell the councillor"), _("For example when confidentiality is asked for. Say why.")),
}
GROUNDS: dict[Ground, Any] = {
    Ground.CAPACITY: _("They weren't acting as a councillor"),
    Ground.NOT_COUNCILLOR_THEN: _("They weren't a councillor at the time"),
    Ground.NO_PRIMA_FACIE: _("No breach of the Code even if it is all true"),
    Ground.PUBLIC_INTEREST: _("The public interest"),
    Ground.TOO_OLD: _("It happened long ago (some offices don't take what is over twelve months old)"),
    Ground.ALREADY_DEALT_WITH: _("It was dealt with already"),
    Ground.TRIVIAL: _("It is trivial, or tit for tat"),
    Ground.NOT_ENOUGH_INFORMATION: _("There isn't enough information"),
    Ground.LOCAL_BETTER: _("It can be put right by talking"),
    Ground.SERIOUS: _("It is serious enough to be investigated"),
}
OUTCOMES: dict[str, Any] = {
    Outcome.NO_FURTHER_ACTION: _("No further action"),
    Outcome.NO_BREACH: _("The Code wasn't broken"),
    Outcome.BREACH: _("The Code was broken"),
    Outcome.PSOW_NOT_INVESTIGATED: _("The Ombudsman doesn't investigate it"),
    Outcome.PSOW_NO_EVIDENCE: _("The Ombudsman found no evidence of a breach"),
    Outcome.PSOW_NO_ACTION: _("The Ombudsman found that no action is needed"),
    Outcome.PSOW_TO_COMMITTEE: _("The Ombudsman sent it to the standards committee"),
    Outcome.PSOW_TO_PANEL: _("The Ombudsman sent it to the Adjudication Panel for Wales"),
}
MEASURES: dict[str, Any] = {
    MeasureKind.CENSURE: _("Censure"),
    MeasureKind.APOLOGY: _("Apology"),
    MeasureKind.TRAINING: _("Training"),
    MeasureKind.COMMITTEE_CHANGE: _("Change on committees"),
    MeasureKind.OTHER: _("Something else"),
}
PAPERS: dict[str, Any] = {
    Paper.LETTER: _("Covering letter"),
    Paper.WRITTEN: _("What was written"),
    Paper.STEPS: _("What has been done so far"),
    Paper.DOCUMENT: _("Document"),
}
OFFICERS: dict[str, Any] = {
    "monitoring_officer": _("Monitoring Officer"),
    "deputy_monitoring_officer": _("Deputy Monitoring Officer"),
    "independent_person": _("Independent Person"),
}
PARTS: dict[str, Any] = {"pdf": _("as one PDF"), "zip": _("as a ZIP file"), "rest": _("without the file in which a virus was found")}
VIRUS = _(
    "A virus was found in a file after it was sealed into this bundle. The bundle can't be opened any more as it is. "
    "The other papers can be: as a ZIP file without that file. Ask the council for the file itself."
)
NO_VIRUS = _("Nothing is left out of this bundle. Download it whole.")
SEAL_AGAIN = _("A virus was found in a file of this bundle after it was sealed. Seal the papers again without it.")
MEDIATED = _("The Monitoring Officer acted as mediator in this matter")
BARS: dict[str, Any] = {
    "party": _("has a part in it themselves, or stepped aside"),
    "tie": _("has a connection with somebody in it"),
    "mediated": _("acted as mediator in this matter"),
}

REASONS: dict[str, Any] = {}
_REFUSED: dict[str, Any] = {
    "not_from_here": _("This isn't open where the referral stands now (%(state)s)."),
    "desk_writes": _("Somebody of the office works on it in this service and records it there."),
    "not_sealed": _("Nothing is sealed yet. Choose and seal the papers first."),
    "no_independent_person": _("The Ombudsman doesn't consult an Independent Person; that is the law in England."),
    "taken_already": _("The concern has moved on already."),
    "take_back_first": _("The office asked for a local settlement. Take it back first; it can be referred again later."),
    "no_finding": _("There is no outcome to act on."),
    "clerks_own": _("In Wales a local settlement isn't for the Clerk's own complaint (W3)."),
    "not_weighed": _("In Wales a local settlement is for low-level matters only. Say first whether the matter is serious or repeated (W3)."),
    "serious": _("In Wales a local settlement isn't for a serious matter (W3). It's recorded that this one is."),
    "repeated": _("In Wales a local settlement isn't for a matter that was raised before (W3). It's recorded that this one was."),
    "only_wales": _("That is asked in Wales only."),
    "in_public": _("In Wales a local settlement isn't for what was said in public (W3)."),
}


def state_label(state: str) -> str:
    """A state in words."""
    return str(STATES[State(state)][0])


def refused(code: str, state: str) -> str:
    """Why a step is closed. Takes a code of ``referrals.domain.course``."""
    if code == "not_yours":
        return _now("This step is for the other side.")
    return str(_REFUSED[code]) % {"state": state_label(state)}


def day(value: date) -> str:
    """A day as people write it."""
    return date_format(value, "j F Y")


def acknowledged(on: date, name: str) -> str:
    """What a second acknowledgement is told."""
    words = _now("It was acknowledged already, on %(day)s, recorded by %(name)s. Nothing more is needed.")
    return words % {"day": day(on), "name": name}
