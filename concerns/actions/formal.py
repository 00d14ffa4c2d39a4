"""The formal routes: each opens a proceeding with its reference, dates and outcome (T15-T21).

Their inner procedure isn't here. What is here is who may start which, on what law and clause, and that a council
makes no finding about a councillor outside the Code process (L2).
"""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns import audit, outbox, plan, policy, queries
from concerns.actions import consent
from concerns.actions.intake import agree_route, lodge
from concerns.actions.proceedings import close_proceedings, open_proceeding
from concerns.actions.verb import PASSING, answer_needed, begin, end_all, look_for_handler, people_as, shut_out, store, verb
from concerns.domain import outcomes
from concerns.enums import Action, Capacity, ConsentKind, EventType, NoticeKind, ProceedingKind, State, WiderCircle
from concerns.models import Concern, Participation
from councils import law as law_layer
from councils import queries as councils
from councils.errors import Refusal
from councils.models import ExternalBody, Person

SESSIONS = ("confidential_session", "no_names")
SERIOUSNESS = ("serious", "gross")


def about_councillor(concern: Concern) -> bool:
    """Whether any subject is a councillor."""
    protocol = concern.protocol_version.protocol
    return any(protocol.side(subject.role) == "councillor" for subject in concern.subjects.all())


def no_finding(concern: Concern, *, on: date) -> law_layer.LawItem | None:
    """The law that bars a finding about these subjects outside the Code process, if it applies."""
    return plan.no_finding_limit(concern.protocol_version.protocol, on=on) if about_councillor(concern) else None


def outcomes_for(concern: Concern, *, on: date) -> tuple[str, ...]:
    """The outcomes that may be recorded from where the concern is."""
    councillor = about_councillor(concern)
    configured = concern.protocol_version.protocol.formal_outcomes
    codes = configured.get("councillor_subject" if councillor else "officer_subject", ())
    return outcomes.allowed(
        codes, state=State(concern.state), about_councillor=councillor, no_finding=no_finding(concern, on=on) is not None
    )


@verb(Action.START_GRIEVANCE, EventType.GRIEVANCE_STARTED)
def start_grievance(
    *, concern_id: UUID, by: Person, now: datetime, reason: str, revision: int | None = None
) -> Concern:
    """T15: the employee's grievance. Its own procedure (``grievances``) brings in who runs it and asks a panel to declare.

    About a councillor it is for support and working arrangements only (L2). Raises Refusal when the panel can't reach its quorum.
    """
    concern = begin(Action.START_GRIEVANCE, concern_id, by=by, now=now, revision=revision)
    words = answer_needed(reason, "reason", _("Say what you ask the panel to look at."))
    limit = no_finding(concern, on=timezone.localdate(now))
    before = concern.state
    concern.start_grievance()
    store(concern, now=now)
    open_proceeding(
        concern, ProceedingKind.GRIEVANCE, by=by, now=now, remit="support_only" if limit else ""
    )
    facts = {"limit": limit.id if limit else ""}
    audit.record(concern, EventType.GRIEVANCE_STARTED, by=by, now=now, from_state=before, facts=facts, reason=words)
    outbox.put(concern, NoticeKind.PROGRESS, to=people_as(concern, Capacity.HANDLER), now=now)
    return concern


@verb(Action.START_DISCIPLINARY, EventType.DISCIPLINARY_STARTED)
def start_disciplinary(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    seriousness: str,
    reason: str,
    subject_told: bool = False,
    told_on: date | None = None,
    told_how: str = "",
    reference: str = "",
    override_reason: str = "",
    revision: int | None = None,
) -> Concern:
    """T16: handed to the disciplinary procedure, which runs outside; the raiser sees status only from here."""
    concern = begin(Action.START_DISCIPLINARY, concern_id, by=by, now=now, revision=revision)
    if seriousness not in SERIOUSNESS:
        raise Refusal(str(_("Choose how serious it is.")), field="seriousness")
    words = answer_needed(reason, "reason", _("Say why it is handed over."))
    _body_decided(concern, by, reference)
    told, how = _told(concern, subject_told, told_on, told_how, now=now)
    consent.cover(concern, ConsentKind.FORMAL, by=by, now=now, override_reason=override_reason)
    before = concern.state
    concern.start_disciplinary()
    store(concern, now=now)
    close_proceedings(concern, by=by, now=now)
    open_proceeding(
        concern, ProceedingKind.DISCIPLINARY, by=by, now=now,
        seriousness=seriousness, reference=reference.strip(),
    )  # fmt: skip
    _make_handler(concern, by, now=now)
    audit.record(
        concern, EventType.DISCIPLINARY_STARTED, by=by, now=now, from_state=before, facts={"seriousness": seriousness, **told},
        reason="\n\n".join(part for part in (words, how) if part),
    )  # fmt: skip
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    if by.pk != concern.raiser_id:
        policy.narrow_to_status(concern, concern.raiser, now=now)
    return concern


def _body_decided(concern: Concern, by: Person, reference: str) -> None:
    """A member acts for a group only on its decision: one person is never the group (Chair not alone)."""
    parts = Participation.objects.filter(concern=concern, person=by, until__isnull=True)
    if any(part.token.startswith("body:") for part in parts) and not reference.strip():
        raise Refusal(
            str(_("The group decides this, not one of its members. Give the minute or note of its decision.")), field="reference"
        )


def _told(concern: Concern, subject_told: bool, told_on: date | None, told_how: str, *, now: datetime) -> tuple[dict[str, str], str]:
    """Always before a formal step (AMB-G06): by a disclosure, or in another way, with the day and how. What to keep of it."""
    if concern.subject_told_on is not None:
        return {}, ""
    if not subject_told:
        raise Refusal(
            str(_("The other person must be told before a formal step. Confirm that they were, or tell them first.")),
            field="subject_told",
        )
    if told_on is None:
        raise Refusal(str(_("Give the date on which they were told.")), field="told_on")
    if told_on > timezone.localdate(now):
        raise Refusal(str(_("The date must be today or in the past.")), field="told_on")
    how = answer_needed(told_how, "told_how", _("Say how they were told."))
    concern.subject_told_on = told_on
    return {"told_on": told_on.isoformat()}, how


def _make_handler(concern: Concern, by: Person, *, now: datetime) -> None:
    """Whoever takes a formal step looks after it from there."""
    if by.pk != concern.raiser_id and by not in people_as(concern, Capacity.HANDLER):
        policy.grant(concern, by, Capacity.HANDLER, reason="accepted", by=by, now=now)


def _destination(concern: Concern, *, on: date) -> tuple[ExternalBody | None, str]:
    """Where a Code complaint goes on that day: an outside body, or the council's own Monitoring Officer."""
    protocol = concern.protocol_version.protocol
    rules = law_layer.rules_of(plan.law_in_force(protocol, on=on))
    wales = "code_route_ombudsman" in rules
    if not wales and councils.has_own_monitoring_officer(concern.council, on=on):
        return None, protocol.label("monitoring_officer")
    body = councils.external_body(concern.council, "ombudsman_wales" if wales else "principal_mo", on=on)
    if body is None:
        raise Refusal(
            str(_("No Monitoring Officer's office is recorded for today. Ask your administrator to add it, then try again."))
        )
    return body, body.name


def _open_referral(
    concern: Concern, *, by: Person, now: datetime, code_paragraph: str, official_capacity: bool
) -> None:
    """The referral's proceeding, and who follows it for the council: the handler, else the raiser.

    Whoever decides on it gets what is referred to them, sealed, and never a part in the concern (referrals).
    """
    body, name = _destination(concern, on=timezone.localdate(now))
    open_proceeding(
        concern, ProceedingKind.CODE_REFERRAL, by=by, now=now, external_body=body,
        destination=name, code_paragraph=code_paragraph, official_capacity=official_capacity,
    )  # fmt: skip
    followers = people_as(concern, Capacity.HANDLER) or ([by] if by.pk != concern.raiser_id else [])
    followers = followers or [concern.raiser]
    for person in followers:
        policy.grant(concern, person, Capacity.LIAISON, reason="referred", by=by, now=now)
    tell = [*followers, concern.raiser]
    outbox.put(concern, NoticeKind.RECEIVED, to=[person for person in tell if person.pk != by.pk], now=now)


def _code_answers(code_paragraph: str, official_capacity: bool) -> str:
    paragraph = answer_needed(
        code_paragraph, "code_paragraph", _("Say which paragraph of the Code of Conduct was broken, as you see it.")
    )
    if not official_capacity:
        raise Refusal(
            str(_("The Code applies only when a councillor acts as one. Confirm that they did.")), field="official_capacity"
        )
    return paragraph


@verb(Action.REFER_CODE, EventType.CODE_REFERRED)
def refer_code(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    code_paragraph: str,
    official_capacity: bool,
    reason: str = "",
    override_reason: str = "",
    revision: int | None = None,
) -> Concern:
    """T17: to the body that decides on councillors' conduct (England: Localism Act 2011 s.28; Wales: the Ombudsman)."""
    concern = begin(Action.REFER_CODE, concern_id, by=by, now=now, revision=revision)
    paragraph = _code_answers(code_paragraph, official_capacity)
    consent.cover(concern, ConsentKind.FORMAL, by=by, now=now, override_reason=override_reason)
    before = concern.state
    concern.refer_code()
    store(concern, now=now)
    close_proceedings(concern, by=by, now=now)
    _open_referral(concern, by=by, now=now, code_paragraph=paragraph, official_capacity=official_capacity)
    audit.record(concern, EventType.CODE_REFERRED, by=by, now=now, from_state=before, reason=reason.strip())
    end_all(concern, {Capacity.RECIPIENT}, by=by, now=now, reason="step_done")
    return concern


@verb(Action.FORMAL_CODE_COMPLAINT, EventType.FORMAL_CODE_COMPLAINT_DECLARED)
def formal_code_complaint(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    declared: bool,
    code_paragraph: str,
    official_capacity: bool,
    revision: int | None = None,
) -> Concern:
    """T18: the raiser declares a formal written complaint that the Code was broken. One direction only.

    Where the council's protocol says so it locks every internal route; support for the employee stays open.
    """
    concern = begin(Action.FORMAL_CODE_COMPLAINT, concern_id, by=by, now=now, revision=revision)
    if not declared:
        raise Refusal(str(_("Confirm that this is a formal written complaint.")), field="declared")
    paragraph = _code_answers(code_paragraph, official_capacity)
    before = concern.state
    made = None
    if before == State.DRAFT:
        concern.formal_code_complaint = True
        made = lodge(concern, by=by, now=now)
        agree_route(concern, WiderCircle.ASK_FIRST, now=now)
    concern.formal_code_complaint = True
    concern.formal_asked_at = now
    concern.internal_routes_locked = queries.referral_is_mandatory(concern, on=timezone.localdate(now))
    concern.on_hold_until = concern.hold_reason = None
    concern.formal_code_complaint_received()
    store(concern, now=now)
    close_proceedings(concern, by=by, now=now)
    if made is not None:
        shut_out(concern, made, by=by, now=now)
    _open_referral(concern, by=by, now=now, code_paragraph=paragraph, official_capacity=official_capacity)
    facts = {"locked": concern.internal_routes_locked}
    audit.record(concern, EventType.FORMAL_CODE_COMPLAINT_DECLARED, by=by, now=now, from_state=before, facts=facts)
    end_all(concern, {Capacity.RECIPIENT}, by=by, now=now, reason="step_done")
    return concern


@verb(Action.REPORT_TO_COUNCIL, EventType.REPORTED_TO_COUNCIL)
def report_to_council(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    session_type: str,
    meeting_on: date | None,
    minor: bool = False,
    subject_told: bool = False,
    told_on: date | None = None,
    told_how: str = "",
    override_reason: str = "",
    revision: int | None = None,
) -> Concern:
    """T19: a minor matter goes to a council meeting, in confidential session or without names. No finding is made (L2)."""
    concern = begin(Action.REPORT_TO_COUNCIL, concern_id, by=by, now=now, revision=revision)
    if not minor:
        raise Refusal(str(_("Only a minor matter can be reported. Confirm that it is minor.")), field="minor")
    if session_type not in SESSIONS:
        raise Refusal(
            str(_("A report to a public meeting publishes the concern. Choose a confidential session, or no names.")),
            field="session_type",
        )
    if meeting_on is None:
        raise Refusal(str(_("Give the date of the meeting.")), field="meeting_on")
    told, how = _told(concern, subject_told, told_on, told_how, now=now)
    consent.cover(concern, ConsentKind.FORMAL, by=by, now=now, override_reason=override_reason)
    before = concern.state
    concern.report_to_council()
    store(concern, now=now)
    open_proceeding(
        concern, ProceedingKind.COUNCIL_REPORT, by=by, now=now,
        session_type=session_type, meeting_on=meeting_on, seriousness="minor", remit="no_finding",
    )  # fmt: skip
    _make_handler(concern, by, now=now)
    facts = {"session_type": session_type, "meeting_on": meeting_on.isoformat(), **told}
    audit.record(concern, EventType.REPORTED_TO_COUNCIL, by=by, now=now, from_state=before, facts=facts, reason=how)
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    return concern


@verb(Action.RECORD_OUTCOME, EventType.OUTCOME_RECORDED)
def record_outcome(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    outcome: str,
    reference: str,
    summary: str = "",
    revision: int | None = None,
) -> Concern:
    """T20: a formal process ended. The outcome is one of the council's own that the law lets it record here."""
    concern = begin(Action.RECORD_OUTCOME, concern_id, by=by, now=now, revision=revision)
    today = timezone.localdate(now)
    if outcome not in outcomes_for(concern, on=today) and not outcomes.is_answer(State(concern.state), outcome):
        limit = no_finding(concern, on=today)
        if limit is not None and concern.state != State.CODE_REFERRAL:
            raise Refusal(
                str(_("The council can't record a finding about a councillor here (%(source)s).")) % {"source": limit.source},
                field="outcome",
            )
        raise Refusal(str(_("Choose an outcome from the list.")), field="outcome")
    if concern.state == State.DISCIPLINARY and summary.strip():
        raise Refusal(str(_("Only the kind of outcome is kept of a disciplinary procedure. Take the text out.")), field="summary")
    evidence = answer_needed(reference, "reference", _("Give the minute, letter or reference it is recorded in."))
    before = concern.state
    conclude(concern, outcome=outcome, reference=evidence, by=by, now=now)
    audit.record(
        concern, EventType.OUTCOME_RECORDED, by=by, now=now, from_state=before, facts={"outcome": outcome},
        reason=summary.strip(),
    )  # fmt: skip
    tell_and_let_go(concern, by=by, now=now)
    return concern


def conclude(concern: Concern, *, outcome: str, reference: str, by: Person, now: datetime) -> None:
    """The concern ends with ``outcome`` (T20). A procedure's own last step calls it, with its own event."""
    concern.record_outcome()
    concern.outcome = outcome
    concern.closed_at = now
    concern.internal_routes_locked = False
    store(concern, now=now)
    close_proceedings(concern, by=by, now=now, outcome=outcome, minute_ref=reference[:80])


def tell_and_let_go(concern: Concern, *, by: Person, now: datetime) -> None:
    """Tell those who stay, then end the parts that end with it. Last."""
    everyone = {person.pk: person for person in [concern.raiser, *people_as(concern, Capacity.HANDLER, Capacity.LIAISON)]}
    outbox.put(concern, NoticeKind.CLOSED, to=[person for person in everyone.values() if person.pk != by.pk], now=now)
    end_all(concern, PASSING - {Capacity.READER}, by=by, now=now, reason="closed")


@verb(Action.SENT_BACK, EventType.SENT_BACK)
def sent_back(*, concern_id: UUID, by: Person, now: datetime, note: str, revision: int | None = None) -> Concern:
    """T21: the Monitoring Officer asks for a local settlement; the internal routes open again."""
    concern = begin(Action.SENT_BACK, concern_id, by=by, now=now, revision=revision)
    words = answer_needed(note, "note", _("Say what was asked for, and where it is written."))
    before = concern.state
    concern.sent_back()
    concern.internal_routes_locked = False
    store(concern, now=now)
    close_proceedings(concern, by=by, now=now, outcome="sent_back")
    audit.record(concern, EventType.SENT_BACK, by=by, now=now, from_state=before, reason=words)
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    if not people_as(concern, Capacity.HANDLER):
        made = plan.for_concern(concern, on=timezone.localdate(now))
        look_for_handler(concern, made, by=by, now=now)
    end_all(concern, {Capacity.LIAISON}, by=by, now=now, reason="step_done")
    return concern
