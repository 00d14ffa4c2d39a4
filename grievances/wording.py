"""The words of a grievance, all through gettext. The employee is never an accuser, the other person never accused."""

from django.utils.translation import gettext_lazy as _

from grievances.enums import (
    CompanionKind,
    Deed,
    FindingCode,
    FlagChoice,
    GrievanceEvent,
    GrievanceState,
    HearingStatus,
    Outside,
    Panel,
    Part,
    Remit,
    SeatStatus,
    Step,
    SupportKind,
)

S = GrievanceState
STALE = _("Somebody changed this grievance after you opened the page. Look at what changed, then choose again.")

STATES = {
    S.SUBMITTED: (_("Submitted"), _("The grievance was made. Whoever runs it asks members of the panel next.")),
    S.PANEL_FORMING: (_("Panel being formed"), _("Members say first whether they have a connection. Nobody is shown anything before that.")),
    S.INVESTIGATING: (_("Facts being found out"), _("Somebody free of a connection finds out the facts for the panel.")),
    S.HEARING_SET: (_("Hearing set"), _("The panel meets the employee, then decides.")),
    S.DECIDED: (_("Decided"), _("The decision went out. The employee may appeal until the day shown.")),
    S.APPEAL_OPEN: (_("Appeal"), _("Other people hear the appeal.")),
    S.APPEAL_DECIDED: (_("Appeal decided"), _("The appeal decision went out. Nothing follows it inside the council.")),
    S.CLOSED: (_("Closed"), _("The procedure has ended.")),
}

# What the state doesn't say by itself: whether the panel sits, and whether the day of its hearing has passed.
SEATED = (_("Panel seated"), _("The panel sits and reads the papers. A hearing is set next."))
SEATED_UNTOLD = (_("Panel seated"), _("The panel sits and reads the papers. The person it is about is told next, then a hearing is set."))
TOO_FEW = (_("Panel too small"), _("Too few are left on the panel. Others are asked first; everything that was written and set stays."))
HEARD = (_("Decision to be made"), _("The day of the hearing has passed. A member of the panel drafts the decision, and another releases it."))
APPEAL_FORMING = (_("Appeal panel being formed"), _("Other people hear the appeal. They say first whether they have a connection."))
APPEAL_SEATED = (_("Appeal panel seated"), _("The appeal panel sits and reads the papers. Its hearing is set next."))
APPEAL_SET = (_("Appeal hearing set"), _("The appeal panel meets the employee, then decides."))
APPEAL_HEARD = (_("Appeal decision to be made"), HEARD[1])


def stands(state: str, *, seated: bool, told: bool, hearing: bool, heard: bool) -> tuple[object, object]:
    """Where a grievance stands, in words, and what that means.

    ``seated``: enough sit on the panel whose turn it is; ``hearing``: its hearing is set; ``heard``: that day has passed.
    """
    if state == S.PANEL_FORMING and seated:
        return SEATED if told else SEATED_UNTOLD
    if state in (S.INVESTIGATING, S.HEARING_SET) and not seated:
        return TOO_FEW
    if state == S.HEARING_SET and heard:
        return HEARD
    if state == S.APPEAL_OPEN:
        return APPEAL_FORMING if not seated else APPEAL_HEARD if heard else APPEAL_SET if hearing else APPEAL_SEATED
    return STATES[S(state)]


# (button, what it means)
STEPS = {
    Step.FORM_PANEL: (_("Ask members to declare"), _("Each says whether they have a connection before anything is shown to them.")),
    Step.DECLARE: (_("Say whether you have a connection"), _("You are shown nothing before you answer. You needn't say what the connection is.")),
    Step.SEAT_PANEL: (_("Seat the panel"), _("Those you choose can read the concern from now on. Only somebody who said they have no connection can be chosen.")),
    Step.CHOOSE_CHAIR: (_("Choose the panel's chair"), _("The panel chooses its chair from those who sit.")),
    Step.LEAVE_PANEL: (_("Leave the panel"), _("Your access ends at once.")),
    Step.LIST_ALLEGATIONS: (_("List the points"), _("The panel decides on each point by itself.")),
    Step.INVESTIGATE: (_("Appoint an investigator"), _("They can read the concern until their report is filed, and tell only the panel what they find.")),
    Step.FILE_REPORT: (_("File the report"), _("The panel reads it. Your access ends.")),
    Step.SET_HEARING: (_("Set the hearing"), _("The employee is told the date and may bring a companion.")),
    Step.NAME_COMPANION: (_("Name a companion"), _("You have the right to bring one person who works with you, or a trade union official.")),
    Step.POSTPONE_HEARING: (_("Move the hearing"), _("The companion can't come: it moves to a time that suits the employee.")),
    Step.DRAFT_DECISION: (_("Draft the decision"), _("Only the panel sees a draft. Another member releases it.")),
    Step.RELEASE_DECISION: (_("Release the decision"), _("The employee gets it, and it can't be changed after that. It takes somebody other than the one who drafted it.")),
    Step.APPEAL: (_("Appeal"), _("People who weren't on the panel hear it, wherever possible.")),
    Step.ADMIT_APPEAL: (_("Admit the late appeal"), _("It is heard although the time had passed. Your reason is kept.")),
    Step.ASK_OUTSIDE: (_("Record that a panel is asked for outside"), _("Nothing is sent by this service. Once the council has named people, add them as substitutes of the body and ask them to declare.")),
    Step.CLOSE: (_("Close the grievance"), _("The outcome is recorded on the concern and the concern is closed.")),
}  # fmt: skip
#: a step's name once it was taken and can be taken anew
AGAIN = {
    Step.CHOOSE_CHAIR: _("Choose another chair"),
    Step.LIST_ALLEGATIONS: _("Change the points"),
    Step.DRAFT_DECISION: _("Change the draft of the decision"),
    Step.NAME_COMPANION: _("Name another companion"),
    Step.SET_HEARING: _("Set another day for the hearing"),
}
#: and what it means then, where that is something else
MEANS_AGAIN = {
    Step.SET_HEARING: _("The date was wrong, or it isn't held that day. Notice is given anew, and everybody who takes part is told."),
}
#: what the form's button says where that isn't the step's own name
BUTTONS = {
    Step.FORM_PANEL: _("Ask them"),
    Step.DECLARE: _("Save my answer"),
    Step.CHOOSE_CHAIR: _("Save"),
    Step.LIST_ALLEGATIONS: _("Save the points"),
    Step.INVESTIGATE: _("Appoint them"),
    Step.NAME_COMPANION: _("Save"),
    Step.DRAFT_DECISION: _("Save the draft"),
    Step.APPEAL: _("Send the appeal"),
    Step.ASK_OUTSIDE: _("Save"),
}
DEEDS = {
    Deed.GIVE_SUPPORT: (_("Support for the employee"), _("Help that finds nothing about anybody. No lock closes it, and it goes on beside a Code complaint.")),
    Deed.CONSIDER_FLAG: (_("A connection came to light afterwards"), _("Nothing is reversed by itself. Say what follows, and why.")),
}

PARTS = {
    Part.RAISER: _("raised it"),
    Part.CONVENER: _("runs the procedure"),
    Part.CANDIDATE: _("has to declare"),
    Part.MEMBER: _("sits on the panel"),
    Part.INVESTIGATOR: _("finds out the facts"),
}
PANELS = {Panel.FIRST: _("Panel"), Panel.APPEAL: _("Appeal panel")}
SEATS = {
    SeatStatus.ASKED: _("asked, hasn't declared yet"),
    SeatStatus.FREE: _("declared no connection"),
    SeatStatus.CONNECTED: _("has a connection"),
    SeatStatus.AUTOMATIC: _("has a connection"),
    SeatStatus.SEATED: _("sits on the panel"),
    SeatStatus.LEFT: _("left the panel"),
    SeatStatus.STOOD_DOWN: _("not needed any more"),
    SeatStatus.DONE: _("sat until the decision"),
}
FINDINGS = {
    FindingCode.UPHELD: _("Upheld"),
    FindingCode.PARTLY_UPHELD: _("Partly upheld"),
    FindingCode.NOT_UPHELD: _("Not upheld"),
}
COMPANIONS = {
    CompanionKind.COLLEAGUE: _("Somebody I work with"),
    CompanionKind.UNION: _("A trade union official"),
    CompanionKind.NOBODY: _("Nobody: I come alone"),
}
#: the same to whoever organises the hearing
COMPANIONS_SHOWN = {
    CompanionKind.COLLEAGUE: _("Somebody the employee works with"),
    CompanionKind.UNION: _("A trade union official"),
    CompanionKind.NOBODY: _("Nobody comes along"),
}
HEARINGS = {
    HearingStatus.SET: _("set"),
    HearingStatus.POSTPONED: _("moved"),
    HearingStatus.HELD: _("held"),
    HearingStatus.ADJOURNED: _("adjourned to another day"),
    HearingStatus.REPLACED: _("replaced"),
    HearingStatus.CALLED_OFF: _("called off"),
}
OUTSIDE = {
    Outside.SUBSTITUTES: (_("Appoint substitutes"), _("The council names more members or substitutes of the body; your administrator adds them.")),
    Outside.PRINCIPAL_AUTHORITY: (_("Ask the principal authority"), _("Its officers can find members for a panel, or an independent person.")),
    Outside.OTHER_COUNCIL: (_("Ask another council"), _("A neighbouring council or the county association can lend a panel.")),
}
SUPPORT = {
    SupportKind.WORKING_ARRANGEMENTS: _("Other working arrangements"),
    SupportKind.CONTACT: _("Who is in contact with whom, and how"),
    SupportKind.HEALTH: _("Health and counselling"),
    SupportKind.TIME_OFF: _("Time off"),
    SupportKind.OTHER: _("Something else"),
}
FLAG = {
    FlagChoice.REOPEN: (_("Open the case again"), _("People who weren't involved look at it anew.")),
    FlagChoice.APPEAL: (_("Have an appeal heard by others"), _("The case is opened again and a panel of people who weren't involved is formed.")),
    FlagChoice.RECORD: (_("Record that it was considered"), _("The decision stands, with your reason on record.")),
}
REMITS = {
    Remit.FULL: "",
    Remit.SUPPORT_ONLY: _("This panel can agree support and working arrangements for the employee. It makes no finding about a councillor and sets no sanction: only the Code of Conduct process can."),
    Remit.STATUTORY: _("The law gives this officer a process of their own. This panel can agree support and working arrangements, and point to that process."),
}
BASIS = {
    "council": _("set by your council, not by the protocol"),
    "practice": _("common practice elsewhere, not in your protocol"),
    "statute": _("law"),
    "code": _("Acas Code: code, not law"),
}

EVENTS = {
    GrievanceEvent.PANEL_ASKED: _("Members of the panel were asked to declare"),
    GrievanceEvent.DECLARED: _("A member of the panel declared"),
    GrievanceEvent.PANEL_SEATED: _("The panel was seated"),
    GrievanceEvent.CHAIR_CHOSEN: _("The panel chose its chair"),
    GrievanceEvent.PANEL_LEFT: _("Somebody left the panel"),
    GrievanceEvent.ALLEGATIONS_LISTED: _("The points were listed"),
    GrievanceEvent.INVESTIGATOR_APPOINTED: _("An investigator was appointed"),
    GrievanceEvent.REPORT_FILED: _("The investigator's report was filed"),
    GrievanceEvent.HEARING_SET: _("The hearing was set"),
    GrievanceEvent.COMPANION_NAMED: _("The employee said who comes with them"),
    GrievanceEvent.HEARING_POSTPONED: _("The hearing was moved"),
    GrievanceEvent.DECISION_DRAFTED: _("A decision was drafted"),
    GrievanceEvent.DECISION_RELEASED: _("The decision went out"),
    GrievanceEvent.APPEALED: _("An appeal was lodged"),
    GrievanceEvent.APPEAL_ADMITTED: _("The late appeal was admitted"),
    GrievanceEvent.OUTSIDE_ASKED: _("A panel was asked for outside"),
    GrievanceEvent.CLOSED: _("The grievance was closed"),
    GrievanceEvent.SUPPORT_GIVEN: _("Support for the employee was recorded"),
    GrievanceEvent.FLAG_CONSIDERED: _("A connection that came to light was considered"),
}
REASONS = {
    "candidate": _("Asked whether they have a connection, before anything is shown"),
    "convenes": _("Runs the procedure: panel, dates, letters"),
    "finds_facts": _("Finds out the facts for the panel"),
    "panel_decided": _("The panel's decision went out"),
    "panel_left": _("Left the panel"),
    "report_filed": _("The report was filed"),
    "tie_flagged": _("Has to consider a connection that came to light"),
}

REFUSALS = {
    "not_your_part": _("This isn't for your part in the grievance."),
    "not_from_here": _("This isn't possible while the grievance is where it is."),
    "paused": _("The concern waits just now, so the grievance does too."),
    "decision_drafted": _("A decision is drafted already."),
    "panel_stands": _("The panel sits. Others are asked only when too few are left."),
    "nobody_free": _("Nobody who is left has said that they have no connection. Ask members to declare first, or ask outside."),
    "no_panel": _("Too few sit on the panel. It has to be quorate first."),
    "nobody_chairs": _("Nobody who sits may chair the panel: the chair of the council doesn't. Seat another member."),
    "no_points_here": _("This panel makes no findings, so there are no points to find on. It can agree support."),
    "investigator_there": _("Somebody is finding out the facts already."),
    "report_there": _("The report is there already."),
    "subject_untold": _("The person it is about hasn’t been told yet. A member of the panel, or whoever deals with the concern, tells them first. Or record that they were told in another way."),
    "report_missing": _("The investigator's report isn't filed yet. Wait for it."),
    "no_hearing": _("No hearing is set. Set one first."),
    "hearing_over": _("The hearing was held already."),
    "hearing_day_over": _("The hearing’s day has passed. If it wasn’t held then, or has to go on, set another day."),
    "members_away": _("Too many of the panel are away that day: fewer than its quorum would be there. Choose another day."),
    "hearing_ahead": _("The hearing hasn't been held yet. Draft the decision afterwards."),
    "no_chair": _("The panel hasn't chosen its chair yet. Do that first."),
    "no_points": _("The points aren't listed yet. List them first: each gets a finding."),
    "nothing_drafted": _("Nothing is drafted yet."),
    "two_people": _("You drafted it. Another member of the panel releases it."),
    "drafter_gone": _("Whoever drafted it is no longer on the panel. Draft it anew; another member releases it then."),
    "no_finding_here": _("No finding can be made here. The panel can agree support and working arrangements."),
    "appeal_asked": _("You have appealed already."),
    "no_appeal_asked": _("Nobody has asked for a late appeal."),
    "window_open": _("The employee can still appeal. Close it after the last day for that."),
    "choose_people": _("Choose who sits on the panel."),
    "has_connection": _("Somebody you chose isn't available. Choose from the list."),
    "not_declared": _("Everybody must declare first that they have no connection. Choose from the list."),
    "too_few": _("That is fewer than the quorum. Choose more members, or ask others to declare."),
    "appeal_must_be_separate": _("Enough people who weren't on the panel are free. Choose from them: an appeal is heard by others."),
    "one_new_member": _("At least one member must be somebody who wasn't on the panel."),
    "separation_needs_reason": _("An appeal is heard by others wherever possible. Say why that isn't possible here."),
    "smaller_needs_reason": _("That is fewer than the panel should have. Say why."),
    "nobody_to_ask": _("Nobody is left to ask. The council must appoint substitutes, or ask outside."),
    "not_on_panel": _("Choose somebody who sits on the panel."),
    "may_not_chair": _("The chair of the council doesn't chair this panel. Choose another member."),
    "choose_person": _("Choose somebody from the list."),
    "not_investigator": _("That person can't do it. Choose somebody from the list."),
    "choose_outcome": _("Choose an outcome from the list."),
    "find_on_each": _("Say what the panel finds on each point."),
    "give_reasons": _("Give the panel's reasons."),
    "give_reason": _("Give the reason."),
    "give_date": _("Give the date."),
    "hearing_past": _("That day has passed. Choose a day that is still to come."),
    "hearing_weekend": _("That is a Saturday or Sunday. Choose a working day."),
    "hearing_bank_holiday": _("That is a bank holiday. Choose a working day."),
    "hearing_closure": _("The council's office is closed on that day. Choose a working day."),
    "hearing_far": _("That is more than a year away. Check the year, or choose an earlier day."),
    "hearing_short_notice": _("That leaves too little notice. Choose a later day."),
    "postponed_earlier": _("A hearing that is moved for the companion can't be earlier, or on the same day. Choose a later day."),
    "postponed_far": _("That is later than the law asks for. Choose an earlier day, or give the reason below if the employee agrees."),
}  # fmt: skip
#: which field of the form a refusal belongs to
FIELDS = {
    "choose_people": "people", "has_connection": "people", "not_declared": "people", "too_few": "people", "appeal_must_be_separate": "people",
    "one_new_member": "people", "separation_needs_reason": "reason", "smaller_needs_reason": "reason", "not_on_panel": "person",
    "may_not_chair": "person", "choose_person": "person", "not_investigator": "person", "choose_outcome": "outcome",
    "give_reasons": "reasons", "give_reason": "reason", "give_date": "held_on", "hearing_past": "held_on", "hearing_weekend": "held_on",
    "hearing_bank_holiday": "held_on", "hearing_far": "held_on", "hearing_closure": "held_on", "hearing_short_notice": "held_on", "members_away": "held_on", "postponed_earlier": "held_on",
    "postponed_far": "reason",
}  # fmt: skip
WARNINGS = {
    "too_few_now": _("Too few are free of a connection to reach the quorum."),
    "smaller_now": _("The panel would be smaller than it should be. That needs a reason."),
    "seat_fewer_for_appeal": _("If the full number sits now, too few are left to hear an appeal. Seat only the quorum, or appoint substitutes now."),
    "too_few_for_appeal": _("Too few would be left to hear an appeal. Appoint substitutes or ask outside before it comes to that."),
}


def refused(code: str) -> str:
    """A guard's code as a sentence."""
    return str(REFUSALS[code])
