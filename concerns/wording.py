"""The words for the codes: states, actions, capacities, events and refusals, all through gettext.

Role names aren't here: they come from the council's own vocabulary.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from concerns.domain.guards import Refused
from concerns.enums import (
    Action,
    Capacity,
    ConsentKind,
    ConsentStatus,
    EventType,
    GlassStatus,
    HandOverReason,
    InformalOver,
    ProceedingKind,
    RedirectReason,
    SaidInPublic,
    State,
    SweepEvent,
    WiderCircle,
)

EXCLUDED = _("This person can't be given access to this concern.")
STALE = _("Somebody changed this concern after you opened the page. Look at what changed, then choose again.")

STATES = {
    State.DRAFT: (_("Being written"), _("Only you can see it.")),
    State.LODGED: (_("Sent, waiting to be taken up"), _("It's with the people named below. Nobody has taken it up yet.")),
    State.NEEDS_HANDLER: (_("Needs somebody to take it"), _("Nobody is there to take it. Somebody free of a connection is being asked to find a person.")),
    State.DIRECT: (_("Being raised privately"), _("The person who raised it is taking it up privately with the other person.")),
    State.INFORMAL: (_("Being settled informally"), _("Someone is trying to settle it by talking.")),
    State.CONCILIATION: (_("In conciliation"), _("A third person is helping both sides.")),
    State.COMPLAINT: (_("Complaint being dealt with"), _("The written complaint is with the officer the protocol names.")),
    State.INVESTIGATION: (_("Being looked into"), _("The facts are being found out.")),
    State.DECIDING: (_("Choosing the formal route"), _("Informal means are over. The next step is chosen from the formal routes.")),
    State.GRIEVANCE: (_("Grievance"), _("A panel is dealing with it as a grievance.")),
    State.DISCIPLINARY: (_("Disciplinary procedure"), _("It was handed to the disciplinary procedure, which runs outside this service.")),
    State.CODE_REFERRAL: (_("With the Code of Conduct process"), _("It was referred as a possible breach of the Code of Conduct.")),
    State.COUNCIL_REPORT: (_("Being reported to the council"), _("It is being reported to a meeting of the council.")),
    State.RESOLVED: (_("Settled"), _("It was settled by agreement.")),
    State.OUTCOME_RECORDED: (_("Outcome recorded"), _("A formal process ended and its outcome is recorded.")),
    State.NO_ACTION: (_("Closed without action"), _("It was closed, with reasons.")),
    State.WITHDRAWN: (_("Withdrawn"), _("The person who raised it withdrew it.")),
    State.REDIRECTED: (_("Shown the right channel"), _("It doesn't belong in this procedure. What was written wasn't kept.")),
}  # fmt: skip

THERE_AGAIN = _("Nobody has it just now. Somebody who had it before is there again, and has only to be chosen.")

# (button, what it means for the people concerned)
ACTIONS = {
    Action.SAVE_DRAFT: (_("Save"), _("Only you can see a draft.")),
    Action.DELETE_DRAFT: (_("Delete this draft"), _("It's gone for good. Nobody else ever saw it.")),
    Action.SUBMIT: (_("Send in private"), _("It goes to the people named, and to nobody else.")),
    Action.REDIRECT: (_("This belongs elsewhere"), _("The right channel is shown and what was written is removed.")),
    Action.NO_HANDLER: (_("Nobody here can take it"), _("Someone free of a connection is asked to find a person.")),
    Action.ASSIGN: (_("Choose who takes it"), _("The person you choose sees the concern. You don't.")),
    Action.TAKE_UP_DIRECTLY: (_("Take it up privately myself"), _("You talk to the other person. Nobody else is told.")),
    Action.ACCEPT: (_("Take it up"), _("You become the person who tries to settle it. The person who raised it is told.")),
    Action.ACCEPT_COMPLAINT: (_("Take up the complaint"), _("You become the person who deals with it. The person who raised it is told.")),
    Action.PASS_ON: (_("Pass it on"), _("It goes to the next person the protocol names. The person who raised it is told who.")),
    Action.SETTLE: (_("It's settled"), _("The concern is closed as settled.")),
    Action.DIRECT_FAILED: (_("Talking didn't settle it"), _("It goes to the next step the protocol names.")),
    Action.CONCILIATE: (_("Bring in a conciliator"), _("A third person helps both sides. They see only a summary the raiser agreed.")),
    Action.INSTIGATE_INVESTIGATION: (_("Start looking into it"), _("Someone is asked to find out the facts.")),
    Action.INFORMAL_OVER: (_("Informal means are over"), _("The formal routes are shown, each with its clause.")),
    Action.STRAIGHT_TO_FORMAL: (_("Go straight to the formal routes"), _("No informal step is taken. The reason is kept.")),
    Action.START_GRIEVANCE: (_("Start a grievance"), _("A panel with nobody connected to it is asked to deal with it.")),
    Action.START_DISCIPLINARY: (_("Hand over to the disciplinary procedure"), _("The person who raised it will see its stage, people and dates, no more.")),
    Action.REFER_CODE: (_("Refer under the Code of Conduct"), _("It leaves the council for the body that decides on conduct of councillors.")),
    Action.FORMAL_CODE_COMPLAINT: (_("Make it a formal Code complaint"), _("It's a formal written complaint that the Code was broken. This can't be taken back.")),
    Action.REPORT_TO_COUNCIL: (_("Report to the council"), _("A minor matter is reported to a meeting, in confidence or without names.")),
    Action.RECORD_OUTCOME: (_("Record the outcome"), _("The concern is closed with this outcome.")),
    Action.SENT_BACK: (_("Sent back to be settled locally"), _("It was returned for a local settlement.")),
    Action.CLOSE_NO_ACTION: (_("Close without action"), _("The person who raised it gets your reasons and is told what else they can do.")),
    Action.WITHDRAW: (_("Withdraw"), _("The concern is closed. The council may still have a duty to act.")),
    Action.REOPEN: (_("Open it again"), _("It goes back to where it was, after a new check for connections.")),
    Action.HAND_OVER: (_("Hand it over"), _("Somebody else takes it. Your access ends. The person who raised it is told.")),
    Action.HOLD: (_("Put on hold"), _("Nothing moves until the date you give.")),
    Action.RELEASE: (_("End the hold"), _("It goes on from where it was.")),
    Action.DECLARE_CONFLICT: (_("I have a connection"), _("Your access ends at once and can't be given back. You needn't say what the connection is.")),
    Action.ASK_CONSENT: (_("Ask the person who raised it"), _("They're asked whether you may bring in someone else.")),
    Action.ANSWER_CONSENT: (_("Answer"), _("You were asked whether the circle may be made wider.")),
    Action.TELL_SUBJECT: (_("Record that the other person was told"), _("Keeps the date. Nothing is sent by this service.")),
    Action.OPEN_SUCCESSOR: (_("Open a case in the council's name"), _("A new case without the person who withdrew, with your reason.")),
    Action.ADD_NOTE: (_("Add a note"), _("Everyone who may read the concern sees it.")),
    Action.ADD_DOCUMENT: (_("Add a file"), _("Everyone who may read the concern can open it.")),
    Action.ADD_WITNESS: (_("Name a witness"), _("A witness can't be the one who deals with it. They aren't told.")),
    Action.MAKE_COPY: (_("Make a copy to show others"), _("Hidden data goes, and what you mark is taken out. The original stays sealed.")),
}  # fmt: skip

CAPACITIES = {
    Capacity.RAISER: _("raised it"),
    Capacity.RECIPIENT: _("receives it"),
    Capacity.HANDLER: _("is dealing with it"),
    Capacity.DECIDER: _("may choose the formal route"),
    Capacity.CANDIDATE: _("asked for the panel (sees stage, people and dates, nothing that was written)"),
    Capacity.PANEL_MEMBER: _("sits on the panel"),
    Capacity.CONVENER: _("runs the panel's procedure (sees stage, people and dates, nothing that was written, unless they read it for another reason)"),
    Capacity.LIAISON: _("link to the outside body"),
    Capacity.MEDIATOR: _("helps both sides to settle (sees stage, dates and the agreed summary)"),
    Capacity.EXCEPTION_HOLDER: _("finds somebody to take it (sees stage, people and dates, nothing that was written)"),
    Capacity.READER: _("may read it"),
    Capacity.STANDBY: _("was told that it waits (sees stage, people and dates, nothing that was written)"),
}

REASONS = {
    "raised_it": _("Raised the concern"),
    "named_by_route": _("Named by the protocol"),
    "accepted": _("Took it up"),
    "conciliates": _("Asked to help both sides to settle"),
    "together": _("It was sent to them together with whoever took it up"),
    "passed_on": _("It was passed on to them"),
    "assigned": _("Chosen because nobody else was free of a connection"),
    "handed_over": _("It was handed over to them"),
    "finds_handler": _("Has to find somebody to take it"),
    "panel": _("Sits on the panel"),
    "referred": _("Follows the referral"),
    "investigates": _("Asked to find out the facts"),
    "successor": _("Opened it in the council's name"),
    "reopened": _("It was opened again"),
    "stands_in": _("Acts for somebody who is away"),
    "break_glass": _("Let in for a time because nobody else could act"),
    "back": _("Whoever they stood in for is back"),
    "given_back": _("It came in while somebody acted for them"),
    "kept_on": _("Goes on with it, and acts for nobody in it any more"),
    "left_council": _("Left the council"),
    "time_over": _("The time ran out"),
    "excluded": _("A connection came to light"),
    "step_done": _("Their step is done"),
    "closed": _("The concern was closed"),
}

SWEPT = {
    SweepEvent.STOOD_IN: _("Somebody acts for a person who is away"),
    SweepEvent.STOOD_DOWN: _("Whoever acted for a person who was away doesn’t any more"),
    SweepEvent.PUT_OUT: _("Somebody who dealt with it left, or a connection came to light; they see nothing of it any more"),
    SweepEvent.NOBODY_LEFT: _("Nobody was left to deal with it; the next person the protocol names was asked"),
    SweepEvent.WAITS: _("Whoever has it is away, and nobody acts for them in this. It goes on when they are back"),
    SweepEvent.THERE_AGAIN: _("Somebody who had it before is there again. Whoever looks for somebody was asked to choose"),
    SweepEvent.NAMED_SINCE: _(
        "Somebody who deals with it was asked, after they took it up, to act for a person it is about. They act for nobody in this, "
        "and were asked to check whether they are still free to deal with it"
    ),
    SweepEvent.GLASS_OPENED: _("Opened for a time to one person, because nobody else could act; another person approved it"),
    SweepEvent.GLASS_ENDED: _("The time for which it was opened is over"),
}
EVENTS = {
    EventType.LODGED: _("Sent in private"),
    EventType.REDIRECTED: _("Shown the right channel; nothing written was kept"),
    EventType.NEEDS_HANDLER: _("Nobody it could go to was there to take it"),
    EventType.ASSIGNED: _("Somebody was chosen to take it"),
    EventType.TAKEN_UP_DIRECTLY: _("Being raised privately with the other person"),
    EventType.ACCEPTED: _("Taken up"),
    EventType.COMPLAINT_ACCEPTED: _("Complaint taken up"),
    EventType.PASSED_ON: _("Passed on to the next step"),
    EventType.SETTLED: _("Settled"),
    EventType.DIRECT_FAILED: _("Talking privately didn't settle it"),
    EventType.CONCILIATION_STARTED: _("Conciliation began"),
    EventType.INVESTIGATION_STARTED: _("Fact finding began"),
    EventType.INFORMAL_OVER: _("Informal means ended"),
    EventType.WENT_STRAIGHT_TO_FORMAL: _("Went straight to the formal routes"),
    EventType.GRIEVANCE_STARTED: _("Grievance started"),
    EventType.DISCIPLINARY_STARTED: _("Handed over to the disciplinary procedure"),
    EventType.CODE_REFERRED: _("Referred under the Code of Conduct"),
    EventType.FORMAL_CODE_COMPLAINT_DECLARED: _("Declared a formal Code complaint"),
    EventType.REPORTED_TO_COUNCIL: _("It was decided to report it to the council"),
    EventType.OUTCOME_RECORDED: _("Outcome recorded"),
    EventType.SENT_BACK: _("Sent back to be settled locally"),
    EventType.CLOSED_NO_ACTION: _("Closed without action"),
    EventType.WITHDRAWN: _("Withdrawn"),
    EventType.REOPENED: _("Opened again"),
    EventType.HANDED_OVER: _("Handed over"),
    EventType.HELD: _("Put on hold"),
    EventType.RELEASED: _("Hold ended"),
    EventType.CONFLICT_DECLARED: _("Somebody stepped out because of a connection"),
    EventType.CONSENT_ASKED: _("Consent was asked"),
    EventType.CONSENT_ANSWERED: _("Consent was answered"),
    EventType.SUBJECT_TOLD: _("The other person was told"),
    EventType.SUCCESSOR_OPENED: _("A case was opened in the council's name"),
    EventType.NOTE_ADDED: _("Note"),
    EventType.DOCUMENT_ADDED: _("File added"),
    EventType.WITNESS_NAMED: _("A witness was named"),
    EventType.COPY_MADE: _("A copy to show others was made of a file"),
}

INFORMAL_OVER = {
    InformalOver.FAILED: _("It was tried and didn't work"),
    InformalOver.NOT_POSSIBLE: _("It isn't possible"),
    InformalOver.NOT_APPROPRIATE: _("It isn't appropriate here"),
}

SAID_IN_PUBLIC = {
    SaidInPublic.NO: _("No"),
    SaidInPublic.MEETING_FOR_PURPOSE: _("Only at a meeting called for this purpose"),
    SaidInPublic.PUBLIC_MEETING: _("Yes, at a meeting open to press and public, or at a committee"),
    SaidInPublic.SOCIAL_MEDIA: _("Yes, on social media or in the media"),
    SaidInPublic.OTHERS: _("Yes, with other people"),
}

REFUSALS = {
    "on_hold": _("It's on hold. End the hold first."),
    "locked_by_code_complaint": _("A formal Code of Conduct complaint was made. It can't be settled inside the council unless it's sent back."),
    "use_accept_complaint": _("This was lodged as a written complaint: use “Take up the complaint”."),
    "use_accept": _("This wasn't lodged as a written complaint."),
    "intake_only": _("Your part is to receive it and pass it on to the next person the protocol names."),
    "chair_alone": _("The chair should not attempt to deal with grievances, performance or line management alone. Pass it on, or another member of the group takes it up."),
    "informal_first": _("Your council wants an informal step first, whatever the concern is about. Nothing formal can start before it."),
    "stage_off": _("Your council's protocol doesn't use this stage."),
    "only_raiser": _("Only the person who raised it can say so."),
    "grievance_is_for_employees": _("A grievance can only be started by an employee."),
    "not_a_route_here": _("Neither your protocol nor the law offers this route here."),
    "discipline_is_for_officers": _("The disciplinary procedure is for employees, not councillors."),
    "members_excluded": _("Your protocol keeps members out of officers' discipline, except on an appeal panel."),
    "not_the_decider": _("The protocol names somebody else to decide this. Hand it over to them."),
    "code_is_for_councillors": _("The Code of Conduct route is for concerns about councillors."),
    "report_is_about_councillors": _("Only a concern about a councillor can be reported to the council."),
    "no_next_step": _("The protocol names no further person after this step."),
    "direct_not_offered": _("The protocol doesn't offer a direct talk for this concern."),
    "investigation_not_named": _("Your protocol provides for this only after a breach of confidence."),
    "already_on_hold": _("It's already on hold."),
    "not_on_hold": _("It isn't on hold."),
    "consent_already_asked": _("You're waiting for an answer already."),
    "nothing_asked": _("You haven't been asked anything."),
    "withdraw_instead": _("It was sent already. You can withdraw it; only somebody who received it can say that it belongs elsewhere."),
    "status_only": _("You see its stage, people and dates from here, not what was written, so you can't add to it."),
    "subject_already_told": _("That's already recorded."),
}  # fmt: skip


def state_label(state: str) -> str:
    """The state in plain words."""
    return str(STATES[State(state)][0])


def refused(why: Refused) -> str:
    """A guard's code as a sentence."""
    return str(REFUSALS[why.code]) % why.params if why.params else str(REFUSALS[why.code])


def not_from_here(action: Action, state: str) -> str:
    """Why a step isn't open from this state."""
    return str(_("This isn't possible while the concern is at “%(state)s”.")) % {"state": state_label(state)}


def not_your_part(action: Action, capacities: Iterable[Capacity]) -> str:
    """Why this person isn't the one to do it."""
    who = str(_(" or ")).join(sorted(str(CAPACITIES[c]) for c in capacities))
    return str(_("Only somebody who %(who)s can do this.")) % {"who": who}


# --- what the screens say beside the codes ----------------------------------------------------------------------
WIDER_CIRCLE = {
    WiderCircle.ASK_FIRST: (_("Ask me first"), _("Nobody beyond the people shown sees it unless I agree.")),
    WiderCircle.MAY_PASS_ON: (_("You may pass it on"), _("Whoever deals with it may bring in others the protocol names. I'm told who.")),
}  # fmt: skip

CONSENTS = {
    ConsentKind.ROUTE: _("Sending it to the people shown"),
    ConsentKind.WIDER_CIRCLE: _("Letting somebody else see it"),
    ConsentKind.CONCILIATION: _("Bringing in a conciliator"),
    ConsentKind.FORMAL: _("Taking it to a formal route"),
}
CONSENT_STATUS = {
    ConsentStatus.ASKED: _("asked, no answer yet"),
    ConsentStatus.GIVEN: _("agreed"),
    ConsentStatus.REFUSED: _("not agreed"),
    ConsentStatus.OVERRIDDEN: _("gone ahead without it, with a reason"),
    ConsentStatus.LAPSED: _("no longer needed"),
}

# What the channel is called, and what the person does next.
CHANNELS = {
    RedirectReason.NOT_MEMBER_OFFICER: (
        _("Not between a councillor and an officer"),
        _("Between councillors: it belongs under the councillors' Code of Conduct, with the Monitoring Officer. Between officers: speak to your line manager, or use the council's grievance procedure."),
    ),
    RedirectReason.EMPLOYMENT: (
        _("Your own employment"),
        _("Pay, hours and terms, or a problem between officers: speak to your line manager, or use the council's grievance procedure. A trade union or Acas can advise you. Don't take it to a councillor."),
    ),
    RedirectReason.PROTECTED_DISCLOSURE: (
        _("Wrongdoing in the public interest (whistleblowing)"),
        _("Use your council's whistleblowing procedure, its auditor, or a prescribed person for the subject. The law protects workers who do. Protect, a charity, gives free advice."),
    ),
    RedirectReason.POLICE: (
        _("A crime, or somebody in danger"),
        _("Ring 999 in an emergency, otherwise 101. Telling the police needs nobody's permission."),
    ),
    RedirectReason.PUBLIC_COMPLAINT: (
        _("A complaint by a member of the public"),
        _("Point them to the council's complaints procedure. This service is for councillors and officers only."),
    ),
}  # fmt: skip

HAND_OVER = {
    HandOverReason.APPOINTMENT_CHANGED: _("My post changed or ends"),
    HandOverReason.ABSENCE: _("I'll be away"),
    HandOverReason.CONFLICT: _("I have a connection"),
    HandOverReason.TO_DECIDER: _("The protocol names somebody else to decide the next step"),
}

PROCEEDINGS = {
    ProceedingKind.CONCILIATION: _("Conciliation"),
    ProceedingKind.INVESTIGATION: _("Fact finding"),
    ProceedingKind.GRIEVANCE: _("Grievance"),
    ProceedingKind.DISCIPLINARY: _("Disciplinary procedure"),
    ProceedingKind.CODE_REFERRAL: _("Code of Conduct referral"),
    ProceedingKind.COUNCIL_REPORT: _("Report to the council"),
}
SERIOUSNESS = {"serious": _("Serious"), "gross": _("Gross misconduct may be found"), "minor": _("Minor")}
SESSIONS = {"confidential_session": _("In a confidential session"), "no_names": _("Without names")}

OUTCOMES = {
    "resolved": _("Settled by agreement"),
    "agreed": _("The two sides came to an agreement"),
    "not_agreed": _("The two sides came to no agreement"),
    "conciliated": _("Settled by conciliation"),
    "no_case": _("There is no case to answer"),
    "not_upheld": _("Not upheld"),
    "upheld_management_action": _("Upheld; management action taken"),
    "management_action": _("Management action taken"),
    "disciplinary_outcome_recorded": _("The disciplinary procedure ended; its outcome is kept there"),
    "reported_to_council_minor": _("Reported to the council as a minor matter"),
    "dealt_with_under_standing_orders": _("Dealt with under standing orders"),
    "grievance_informal_only_closed": _("Closed with support and working arrangements only"),
    "grievance_upheld": _("The grievance was upheld"),
    "grievance_partly_upheld": _("The grievance was partly upheld"),
    "grievance_not_upheld": _("The grievance wasn't upheld"),
    "statutory_process": _("Left to the process the law gives this officer"),
    "support_only_closed": _("Closed with support and working arrangements only"),
    "referred_standards": _("Referred to the standards process"),
    "code_no_breach": _("The Code wasn't broken"),
    "code_breach_found": _("The Code was broken"),
    "mo_no_further_action": _("The Monitoring Officer takes no further action"),
    "mo_informal_resolution": _("The Monitoring Officer settled it informally"),
    "mo_no_breach": _("The Monitoring Officer found no breach"),
    "mo_breach_found": _("The Monitoring Officer found a breach"),
    "psow_not_investigated": _("The Ombudsman doesn't investigate it"),
    "psow_no_evidence": _("The Ombudsman found no evidence of a breach"),
    "psow_no_action": _("The Ombudsman found that no action is needed"),
    "psow_to_committee": _("The Ombudsman sent it to the standards committee"),
    "psow_to_panel": _("The Ombudsman sent it to the Adjudication Panel for Wales"),
    "no_action": _("No action, with reasons"),
    "withdrawn": _("Withdrawn"),
    "sent_back": _("Sent back for a local settlement"),
}


def outcome_label(code: str) -> str:
    """An outcome in words; an unknown code in plain letters."""
    return str(OUTCOMES.get(code) or code.replace("_", " ").capitalize())

GLASS = {
    GlassStatus.ASKED: _("The portal looks whether it may be. This takes a minute or two."),
    GlassStatus.WAITING: _("It waits for the other person."),
    GlassStatus.DECLINED: _("The other person declined."),
    GlassStatus.APPROVED: _("Approved. The portal looks once more, then opens it. This takes a minute or two."),
    GlassStatus.OPEN: _("It is open to whoever asked, until the time runs out or one of you ends it."),
    GlassStatus.REFUSED: _(
        "It can’t be opened this way: there is no such concern, or somebody can act in it, or one of the two of you is kept from it."
    ),
    GlassStatus.ENDED: _("It is over."),
}
