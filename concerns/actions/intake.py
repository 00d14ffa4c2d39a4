"""The raiser's first steps: write a draft nobody else sees, send it in private, or be shown the right channel."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns import audit, outbox, plan, policy, queries
from concerns.actions.verb import answer_needed, begin, end_all, look_for_handler, people_as, place, shut_out, store, verb
from concerns.enums import (
    Action,
    Capacity,
    ConsentKind,
    ConsentStatus,
    EventType,
    NoticeKind,
    RedirectReason,
    SaidInPublic,
    WiderCircle,
)
from concerns.models import Concern, ConcernSubject, Connection, Consent, Narrative, Witness
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Council, Person
from councils.statements import insert, together

CHECK_BACK_DAYS = 14  # how long a private talk may take before the raiser is asked how it went
NO_PROTOCOL = _("Your council has no protocol in force yet, so nothing can be raised here. Ask whoever looks after it.")


def start_draft(*, council: Council, by: Person, now: datetime) -> Concern:
    """Begin a draft of ``by`` in ``council``; only they can see it. Raises Refusal when they hold no role there.

    Not a ``verb``: there is no concern yet to act on, and a draft leaves no event.
    """
    today = timezone.localdate(now)
    role = councils.primary_role(by, council, on=today)
    if role is None or councils.side_of(by, council, on=today) is None:
        raise Refusal(str(_("Only councillors and officers of the council can raise a concern.")))
    if councils.protocol_in_force(council, on=today) is None:
        raise Refusal(str(NO_PROTOCOL))
    concern = Concern(council=council, raiser=by, raiser_role=role, created_at=now, updated_at=now)
    concern.save(force_insert=True)
    policy.grant(concern, by, Capacity.RAISER, reason="raised_it", by=by, now=now, hat=role)
    Narrative.objects.create(concern=concern)
    return concern


@verb(Action.SAVE_DRAFT, None)
def save_draft(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    revision: int | None = None,
    subjects: Collection[Person] | None = None,
    topic: str | None = None,
    happened_on: date | None = None,
    undated: bool = False,
    said_in_public: str | None = None,
    where_said: str | None = None,
    connected: Collection[Person] | None = None,
    witnesses: Collection[Person] | None = None,
    chosen_token: str | None = None,
    what_happened: str | None = None,
    wanted_outcome: str | None = None,
    formal_code_complaint: bool | None = None,
) -> Concern:
    """Keep what is given of a draft; None leaves a part as it is, ``undated`` takes a day away that was given before.

    Raises Refusal for people who can't be subjects.
    """
    concern = begin(Action.SAVE_DRAFT, concern_id, by=by, now=now, revision=revision)
    today = timezone.localdate(now)
    if subjects is not None:
        _set_subjects(concern, subjects, by=by, today=today)
    if topic is not None:
        concern.topic = topic
    if happened_on is not None:
        if happened_on > today:
            raise Refusal(str(_("The date must be today or in the past.")), field="happened_on")
        concern.happened_on = happened_on
    elif undated:
        concern.happened_on = None
    if said_in_public is not None:
        concern.said_in_public = said_in_public
        concern.public_warning_shown = said_in_public not in ("", SaidInPublic.NO, SaidInPublic.MEETING_FOR_PURPOSE)
    if chosen_token is not None:
        concern.chosen_token = chosen_token
    if formal_code_complaint is not None:
        concern.formal_code_complaint = formal_code_complaint
        concern.formal_asked_at = now
    _set_people(concern, Connection, connected, by)
    _set_people(concern, Witness, witnesses, by)
    texts = {"what_happened": what_happened, "wanted_outcome": wanted_outcome, "where_said": where_said}
    if given := {name: text for name, text in texts.items() if text is not None}:
        Narrative.objects.update_or_create(concern=concern, defaults=given)
    store(concern, now=now)
    return concern


def _set_subjects(concern: Concern, subjects: Collection[Person], *, by: Person, today: date) -> None:
    rows = []
    for person in {person.pk: person for person in subjects}.values():
        if person.pk == by.pk:
            raise Refusal(str(_("You can't raise a concern about yourself.")), field="subjects")
        role = plan.subject_role(person, concern.council, on=today)
        if role is None:
            raise Refusal(
                str(_("%(name)s holds no role in this council today.")) % {"name": person.full_name}, field="subjects"
            )
        rows.append(ConcernSubject(concern=concern, person=person, role=role))
    if not rows:
        raise Refusal(str(_("Name the person the concern is about.")), field="subjects")
    concern.subjects.all().delete()
    ConcernSubject.objects.bulk_create(rows)


def _set_people(concern: Concern, model: type[Connection] | type[Witness], people: Collection[Person] | None, by: Person) -> None:
    if people is not None:
        model.objects.filter(concern=concern).delete()
        unique = {person.pk: person for person in people if person.pk != by.pk}
        model.objects.bulk_create([model(concern=concern, person=person) for person in unique.values()])


@verb(Action.DELETE_DRAFT, None)
def delete_draft(*, concern_id: UUID, by: Person, now: datetime) -> None:
    """Delete a draft for good, with everything in it."""
    concern = begin(Action.DELETE_DRAFT, concern_id, by=by, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT delete_my_draft(%s)", [concern.pk])


def lodge(concern: Concern, *, by: Person, now: datetime, formal: bool = False) -> plan.Plan:
    """Pin the protocol, resolve the route and check what every lodging needs. Raises Refusal.

    ``formal``: straight to the formal routes, which may take a topic that the first stage sends elsewhere.
    """
    today = timezone.localdate(now)
    standing = councils.standing(concern.council, on=today)
    version = standing.version
    if version is None:
        raise Refusal(str(NO_PROTOCOL))
    role = standing.primary_role(by)
    if role is None:
        raise Refusal(str(_("You hold no role in this council today, so nothing can be sent.")))
    concern.raiser_role = role
    if not concern.parties:
        raise Refusal(str(_("Name the person the concern is about.")), field="subjects")
    if not concern.topic:
        raise Refusal(str(_("Say what it is about.")), field="topic")
    answer_needed(str(concern.narrative.what_happened or ""), "what_happened", _("Say what happened."))
    planned = partial(plan.for_concern, concern, on=today, subjects=concern.parties, named=concern.named, standing=standing)
    made = planned()
    if formal and made.resolution.redirect is not None:
        made = planned(stage="deciding")
        taken = any(route.id == made.resolution.rule and concern.topic in route.topics for route in made.protocol.routes)
        made = made if taken else planned()
    if made.resolution.redirect is not None:
        raise Refusal(str(made.resolution.redirect))
    concern.protocol_version = version
    concern.stage = made.stage
    concern.rule_id = made.resolution.rule or ""
    concern.mode = made.resolution.mode
    concern.basis = made.resolution.basis
    concern.cites = list(made.resolution.cites)
    concern.route = [step.as_json() for step in made.steps]
    concern.lodged_at = now
    return made


def _confirmed(*, private_confirmed: bool, constructive_confirmed: bool) -> None:
    if not private_confirmed:
        raise Refusal(str(_("Confirm what you said about where this was spoken of.")), field="private_confirmed")
    if not constructive_confirmed:
        raise Refusal(
            str(_("Confirm that it is well founded, constructive and no personal attack.")), field="constructive_confirmed"
        )


def agree_route(concern: Concern, wider_circle: str, *, now: datetime) -> None:
    """Sending is the raiser's consent to the people shown; what they said of a wider circle is kept."""
    if wider_circle not in list(WiderCircle):
        raise Refusal(str(_("Say whether you want to be asked before anyone else sees it.")), field="wider_circle")
    concern.wider_circle = wider_circle
    given = Consent(concern=concern, kind=ConsentKind.ROUTE, status=ConsentStatus.GIVEN, asked_at=now, answered_at=now)
    insert([given])


@verb(Action.SUBMIT, EventType.LODGED)
def submit(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    revision: int | None = None,
    wider_circle: str = "",
    private_confirmed: bool = False,
    constructive_confirmed: bool = False,
    skip_direct_reason: str = "",
) -> Concern:
    """T01: send it to the people the protocol names, and shut out everyone with a conflict.

    any_of: the one the raiser chose. all_of: everyone. sequence and first_available: the first. Where nobody is left
    it waits at NEEDS_HANDLER; it is never guessed. Raises Refusal on the field to mend.
    """
    concern = begin(Action.SUBMIT, concern_id, by=by, now=now, revision=revision)
    _confirmed(private_confirmed=private_confirmed, constructive_confirmed=constructive_confirmed)
    made = lodge(concern, by=by, now=now)
    if concern.formal_code_complaint and queries.referral_is_mandatory(concern, on=timezone.localdate(now)):
        raise Refusal(
            str(_("You said that this is a formal written complaint, so it has to go to the Monitoring Officer. Send it as that.")),
            field="formal_code_complaint",
        )
    first = _first_steps(concern, made, skip_direct_reason)
    with together():
        agree_route(concern, wider_circle, now=now)
        if first and first[0].is_direct:
            return _go_direct(concern, made, by=by, now=now, event=EventType.LODGED)
        concern.submit()
        store(concern, now=now)
        shut_out(concern, made, by=by, now=now)
        _tell(concern, made, first, skip_direct_reason, by=by, now=now)
    return concern


def _tell(concern: Concern, made: plan.Plan, first: tuple[plan.Step, ...], skip_direct_reason: str, *, by: Person, now: datetime) -> None:
    """Let in those it starts with, record it and queue their notices."""
    out = {*concern.named["excluded"], *(person.pk for person, _kind in made.shut_out)} - {concern.raiser_id}
    told: list[Person] = []
    for step in first:
        told += place(concern, step, Capacity.RECIPIENT, reason="named_by_route", by=by, now=now, out=out)
    facts = {
        "mode": concern.mode,
        "to": [step.token for step in first],
        "said_in_public": concern.said_in_public,
        "warning_shown": concern.public_warning_shown,
        "skipped_direct": bool(skip_direct_reason),
        "basis": concern.basis,
    }
    if not told and not any(step.outside for step in first):
        look_for_handler(concern, made, by=by, now=now)
        facts["needs_handler"] = True
    audit.record(
        concern, EventType.LODGED, by=by, now=now, from_state="DRAFT", cites=concern.cites, facts=facts,
        reason=skip_direct_reason, parts=concern.mine,
    )  # fmt: skip
    outbox.put(concern, NoticeKind.RECEIVED, to=told, now=now)


def _first_steps(concern: Concern, made: plan.Plan, skip_direct_reason: str) -> tuple[plan.Step, ...]:
    """With whom it starts; sets ``concern.step``."""
    main = [step for step in made.steps if not step.later]
    if not main:
        return ()
    beyond = next((step for step in made.steps[1:] if step.seats or step.outside), None)
    only_direct = main[0].is_direct and (concern.mode == "sequence" or len(main) == 1)
    if only_direct and skip_direct_reason.strip() and beyond is not None:
        concern.step = made.steps.index(beyond)
        return (beyond,)
    if concern.mode == "any_of":
        chosen = main[0] if len(main) == 1 else made.step(concern.chosen_token)
        if chosen is None:
            raise Refusal(str(_("Choose who it goes to.")), field="chosen_token")
        concern.step = made.steps.index(chosen)
        return (chosen,)
    if concern.mode == "all_of":
        concern.step = 0
        return tuple(main)
    concern.step = 0
    return (main[0],)


def _go_direct(concern: Concern, made: plan.Plan, *, by: Person, now: datetime, event: EventType) -> Concern:
    """The raiser talks to the other person; the portal keeps their note and asks later how it went."""
    before = concern.state
    concern.take_up_directly()
    concern.check_back_on = timezone.localdate(now) + timedelta(days=CHECK_BACK_DAYS)
    store(concern, now=now)
    shut_out(concern, made, by=by, now=now)
    facts = {"check_back_on": concern.check_back_on.isoformat(), "to": [plan.PARTY_SUBJECT]}
    audit.record(concern, event, by=by, now=now, from_state=before, cites=concern.cites, facts=facts)
    return concern


@verb(Action.TAKE_UP_DIRECTLY, EventType.TAKEN_UP_DIRECTLY)
def take_up_directly(*, concern_id: UUID, by: Person, now: datetime, revision: int | None = None) -> Concern:
    """T05: from LODGED, when the route's next step is a talk with the other person."""
    concern = begin(Action.TAKE_UP_DIRECTLY, concern_id, by=by, now=now, revision=revision)
    if concern.state == "DRAFT":
        raise Refusal(str(_("Send it first: choose the private talk as where it goes.")))
    made = plan.for_concern(concern, on=timezone.localdate(now))
    concern.step = next((i for i, s in enumerate(concern.route) if s["token"] == plan.PARTY_SUBJECT), concern.step)
    _go_direct(concern, made, by=by, now=now, event=EventType.TAKEN_UP_DIRECTLY)
    outbox.put(concern, NoticeKind.ACCESS_ENDED, to=people_as(concern, Capacity.RECIPIENT), now=now)
    end_all(concern, {Capacity.RECIPIENT}, by=by, now=now, reason="step_done")
    return concern


@verb(Action.REDIRECT, EventType.REDIRECTED)
def redirect(
    *, concern_id: UUID, by: Person, now: datetime, reason_code: str, revision: int | None = None
) -> Concern:
    """T02: it isn't a member-officer concern. The right channel is shown; nothing written is kept, nor who it was about."""
    concern = begin(Action.REDIRECT, concern_id, by=by, now=now, revision=revision)
    if reason_code not in list(RedirectReason):
        raise Refusal(str(_("Choose where it belongs.")), field="reason_code")
    before = concern.state
    concern.redirect()
    concern.topic = concern.said_in_public = concern.chosen_token = concern.rule_id = ""
    concern.happened_on = None
    concern.route, concern.cites = [], []
    concern.closed_at = now
    store(concern, now=now)
    audit.record(concern, EventType.REDIRECTED, by=by, now=now, from_state=before, facts={"reason": reason_code})
    if by.pk != concern.raiser_id:
        outbox.put(concern, NoticeKind.CLOSED, to=concern.raiser, now=now)
    others = [p for p in _others(concern) if p.pk != by.pk]
    for person in [*others, *([by] if by.pk != concern.raiser_id else [])]:
        policy.end(concern, person, by=by, now=now, reason="closed")
    return concern


def _others(concern: Concern) -> list[Person]:
    parts = concern.participations.filter(until__isnull=True).exclude(person_id=concern.raiser_id).select_related("person")
    return list({part.person_id: part.person for part in parts}.values())
