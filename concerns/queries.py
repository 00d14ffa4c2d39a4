"""Reads about casework. Each starts from what the person may see; there is no other door to a concern."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    BooleanField,
    Exists,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import RawSQL

from concerns import plan, policy, rooms
from concerns.casefile import NotVisible
from concerns.domain import guards, routing
from concerns.enums import Action, Capacity, ConsentStatus, State
from concerns.models import (
    Concern,
    ConcernSubject,
    Consent,
    Document,
    Event,
    Notice,
    Opening,
    Participation,
    Proceeding,
    Witness,
)
from councils import queries as councils
from councils.models import Absence, Person
from councils.roles import side_of_role
from councils.statements import Question

# A transition's method name is its action, but for these.
METHOD_OF = {Action.FORMAL_CODE_COMPLAINT: "formal_code_complaint_received"}
ACTION_OF = {method: action for action, method in METHOD_OF.items()}


def load(concern_id: UUID, *, person: Person, permission: str = policy.VIEW, on: date | None = None, panels: bool = False) -> Concern:
    """The concern, if ``person`` may know of it (or read it). Raises NotVisible, the same for absent and forbidden.

    With it come whether it is ``readable``, what was written, the witnesses' names (``seen_by``), and with a day
    (``on``) whether they ``may_be_out`` by then, with ``panels`` also which rooms have something on it (``there``) and ``all_due`` (``rooms.ALL_DUE``).
    """
    if not isinstance(concern_id, UUID):
        raise NotVisible
    if not panels and not policy.sees(person, concern_id, permission=permission):  # the page with panels saves the statement
        raise NotVisible  # before the long question is put together
    asked = _loading(permission, dated=on is not None, panels=panels)
    concern = next(iter(asked(me=person.pk, concern=concern_id, **({} if on is None else {"on": on}))), None)
    if concern is None or not person.is_active:
        raise NotVisible
    return concern


@cache
def _loading(permission: str, *, dated: bool, panels: bool) -> Question[Concern]:
    """The question ``load`` asks, of each kind."""

    def undated(me: UUID, concern: UUID) -> QuerySet[Concern]:
        found = policy.visible_to(Person(pk=me), permission=permission)
        witnesses = Witness.objects.filter(concern=OuterRef("pk")).order_by("person__full_name").values("person__full_name")
        found = found.annotate(readable=policy.may_read(Person(pk=me)), seen_by=ArraySubquery(witnesses))
        if panels:
            there = RawSQL(rooms.exists(rooms.PANELS), [], output_field=ArrayField(BooleanField()))  # noqa: S611 (fixed words only)
            due = RawSQL(rooms.ALL_DUE[0], [], output_field=JSONField())  # noqa: S611 (fixed words only)
            found = found.annotate(there=there, all_due=due)
        return found.filter(pk=concern).select_related("council", "protocol_version", "raiser", "narrative")

    def on_a_day(me: UUID, concern: UUID, on: date) -> QuerySet[Concern]:
        return undated(me, concern).annotate(may_be_out=policy.may_be_out(Person(pk=me), on=on))

    return Question(on_a_day if dated else undated)


def there_for_me() -> list[bool]:
    """Of each room in ``rooms.WAITING`` and ``rooms.DOORS``: whether it holds anything for the person set. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {rooms.exists([*rooms.WAITING, *rooms.DOORS])}")
        return list(cursor.fetchone()[0])


@dataclass(slots=True)
class CircleRow:
    """One person on the circle: in which capacities, since when, why, and whether they opened it."""

    person: Person
    parts: list[Participation] = field(default_factory=list)
    last_opened: datetime | None = None
    times_opened: int = 0

    @property
    def reads(self) -> bool:
        return any(part.reads for part in self.parts)

    @property
    def is_current(self) -> bool:
        return any(part.until is None for part in self.parts)


def parts_of(concern: Concern) -> list[Participation]:
    """Everyone's parts in ``concern``, earliest first, with when they opened it and whether a notice failed to reach them."""
    return _parts(concern=concern.pk)


@Question
def _parts(concern: UUID) -> QuerySet[Participation]:
    theirs = {"concern": OuterRef("concern"), "person": OuterRef("person")}
    opening = Opening.objects.filter(**theirs)
    parts = Participation.objects.filter(concern_id=concern).select_related("person", "granted_by").order_by("since", "id")
    return parts.annotate(
        last_opened=Subquery(opening.values("last_at")),
        times_opened=Subquery(opening.values("times")),
        unreached=Exists(Notice.objects.filter(**theirs, failed_at__isnull=False, settled_at__isnull=True)),
    )


def circle(concern: Concern, parts: Iterable[Participation] | None = None) -> list[CircleRow]:
    """Everyone who can see ``concern`` or could, earliest first, with who opened it when; from ``parts_of`` it."""
    rows: dict[UUID, CircleRow] = {}
    for part in parts_of(concern) if parts is None else parts:
        opened = (part.last_opened, part.times_opened or 0)  # type: ignore[attr-defined]
        row = rows.setdefault(part.person_id, CircleRow(part.person, [], *opened))
        row.parts.append(part)
    return list(rows.values())


def gather(concern: Concern, *, reads: bool) -> None:
    """Fetch whom ``concern`` is about and its consents, once for everything a page asks of them."""
    for related, rows in (("subjects", _subjects(concern=concern.pk)), ("consents", (_consents if reads else _asked)(concern=concern.pk))):
        kept = getattr(concern, related).all()
        kept._result_cache, kept._prefetch_done = rows, True
        concern.__dict__.setdefault("_prefetched_objects_cache", {})[related] = kept


@Question
def _subjects(concern: UUID) -> QuerySet[ConcernSubject]:
    return ConcernSubject.objects.filter(concern_id=concern).select_related("person")


@Question
def _consents(concern: UUID) -> QuerySet[Consent]:
    return Consent.objects.filter(concern_id=concern).select_related("asked_by")


@Question
def _asked(concern: UUID) -> QuerySet[Consent]:
    return _consents.make(concern).defer("wording")


def timeline(concern: Concern, *, reads: bool) -> list[Event]:
    """What happened on ``concern``, the latest first; what was written only for those who may read."""
    return (_events if reads else _events_without_words)(concern=concern.pk)


@Question
def _events(concern: UUID) -> QuerySet[Event]:
    return Event.objects.filter(concern_id=concern).order_by("-at", "-id")


@Question
def _events_without_words(concern: UUID) -> QuerySet[Event]:
    return _events.make(concern).defer("reason")


def proceedings(concern: Concern, *, summary: bool) -> list[Proceeding]:
    """The formal procedures and outside help of ``concern``, with what was agreed where it may be read."""
    return (_proceedings if summary else _proceedings_without_summary)(concern=concern.pk)


@Question
def _proceedings(concern: UUID) -> QuerySet[Proceeding]:
    return Proceeding.objects.filter(concern_id=concern).select_related("external_body", "opened_by")


@Question
def _proceedings_without_summary(concern: UUID) -> QuerySet[Proceeding]:
    return _proceedings.make(concern).defer("summary")


@Question
def documents(concern: UUID) -> QuerySet[Document]:
    """The files of a concern, without what is in them."""
    return Document.objects.filter(concern_id=concern).defer("content").select_related("added_by")


def action_of(method: str) -> str:
    """The action a transition's method belongs to."""
    return ACTION_OF[method].value if method in ACTION_OF else method


def legal_actions(concern: Concern) -> frozenset[Action]:
    """The steps the machine allows from where ``concern`` is."""
    names = {step.name for step in concern.get_available_state_transitions()}  # type: ignore[attr-defined]
    return frozenset(ACTION_OF.get(name) or Action(name) for name in names if name != "hold_or_release")


def deciding(concern: Concern, subject_roles: Iterable[str], *, on: date) -> list[routing.Resolution]:
    """What the pinned protocol and today's law offer once informal means are over, for each role of a subject."""
    protocol = concern.protocol_version.protocol
    law = plan.law_in_force(protocol, on=on)
    return [
        routing.resolve(
            protocol, raiser=concern.raiser_role, subject=role, stage="deciding", topic=concern.topic or None, law=law, on=on
        )
        for role in subject_roles
    ]


def facts(
    concern: Concern, person: Person, parts: Iterable[Participation], *, today: date, subjects: Iterable[ConcernSubject] | None = None
) -> guards.Facts:
    """What the guards look at, for ``person`` with these current ``parts`` on ``concern``; ``subjects`` saves a query."""
    mine = [part for part in parts if part.person_id == person.pk and part.until is None]
    roles = [subject.role for subject in (concern.subjects.all() if subjects is None else subjects)]
    if concern.protocol_version_id is None:
        sides = frozenset(side for role in roles if (side := side_of_role(role)))
        return guards.Facts(state=State(concern.state), legal=legal_actions(concern), subject_sides=sides)
    protocol = concern.protocol_version.protocol
    offers = deciding(concern, roles, on=today)
    tokens = frozenset(token for offer in offers for token in (*offer.tokens, *offer.then, *(r.token for r in offer.by_law)))
    step = concern.route[concern.step] if concern.step < len(concern.route) else {}
    pending = any(consent.status == ConsentStatus.ASKED for consent in concern.consents.all())
    hats = {part.hat for part in mine} | {part.acting_for for part in mine}
    receiving = [part for part in mine if part.capacity == Capacity.RECIPIENT]
    alone = protocol.chair_alone == "forbidden"
    discipline = protocol.conflict_rules.get("members_excluded_from_officer_discipline") or {}
    return guards.Facts(
        state=State(concern.state),
        legal=legal_actions(concern),
        stage=concern.stage,
        topic=concern.topic,
        raiser_side=protocol.side(concern.raiser_role),
        subject_sides=frozenset(protocol.side(role) for role in roles),
        stages_on=frozenset(code for code in ("informal", "complaint", "conciliation") if protocol.stage_enabled(code)),
        formal_tokens=tokens,
        is_decider=_is_decider(concern, person, mine, offers),
        direct_offered=direct_offered(concern),
        reads=any(part.reads for part in mine),
        intake_only=bool(receiving) and all(_intake_only(concern, part) for part in receiving),
        may_skip_informal=protocol.may_skip_informal,
        chair_alone_forbidden=alone,
        is_chair="chair_of_council" in hats or (alone and bool(receiving) and _is_chair(concern, person, today)),
        hr_matter=protocol.side(concern.raiser_role) == "officer" or concern.topic in HR_TOPICS
        or "officer" in {protocol.side(role) for role in roles},
        has_next_step=bool(next_tokens(concern)),
        investigation_named=step.get("act") == "instigate_investigation",
        locked=concern.internal_routes_locked,
        on_hold=concern.on_hold_until is not None and today < concern.on_hold_until,
        consent_pending=pending,
        subject_told=concern.subject_told_on is not None,
        members_excluded=bool(discipline.get("enabled"))
        and any(protocol.side(hat) == "councillor" for hat in hats if hat)
        and not set(roles) & set(discipline.get("except_subjects") or ()),
    )  # fmt: skip


REOPEN_DAYS = 28  # where a council has set nothing; shown as a default
HR_TOPICS = frozenset({"performance", "employment", "conduct"})


def _is_chair(concern: Concern, person: Person, today: date) -> bool:
    """Whether the person is the Chair today, whatever they receive it as: one member of a panel may be the Chair."""
    return any(held.role == "chair_of_council" for held in councils.roles_of(person, concern.council, on=today))


def referral_is_mandatory(concern: Concern, *, on: date) -> bool:
    """Whether a declared formal complaint must go to the Code's process and closes the internal routes."""
    stage = concern.protocol_version.protocol.stages.get("code_of_conduct")
    if stage is not None and stage.mandatory_when:
        return True
    return any(offer.locks for offer in deciding(concern, [subject.role for subject in concern.subjects.all()], on=on))


def _intake_only(concern: Concern, part: Participation) -> bool:
    return any(item["token"] == part.token and item.get("intake_only") for item in concern.route)


def _is_decider(
    concern: Concern, person: Person, mine: list[Participation], offers: Iterable[routing.Resolution]
) -> bool:
    """Whether the deciding rule names this person, by the token or the hat they are on the concern with."""
    named = {token for offer in offers for token in offer.decided_by}
    named |= {token for offer in offers for recipient in offer.to for token in recipient.decided_by}
    if not named:  # the document names nobody: whoever is dealing with it decides (AMB-G05)
        return any(part.capacity in (Capacity.HANDLER, Capacity.DECIDER) for part in mine)
    if "raiser" in named and person.pk == concern.raiser_id:
        return True
    if "handler" in named and any(part.capacity == Capacity.HANDLER for part in mine):
        return True
    return any(part.token in named or f"role:{part.hat}" in named or f"role:{part.acting_for}" in named for part in mine)


def next_tokens(concern: Concern) -> list[str]:
    """The recipients it may go to next by its own route, in order; empty when the route ends here."""
    route, here = concern.route, concern.step
    if concern.mode == "sequence":
        following = route[here + 1 : here + 2]
    elif concern.mode == "first_available":
        following = route[here + 1 :]
    elif concern.mode == "any_of":
        following = [item for index, item in enumerate(route) if index != here]
    else:
        following = [item for item in route if item["later"] and route.index(item) != here]
    return [item["token"] for item in following]


def current_token(concern: Concern) -> str:
    """The recipient it is with now, as the protocol's token."""
    return concern.route[concern.step]["token"] if concern.step < len(concern.route) else ""


def away(concern: Concern, *, on: date) -> dict[UUID, date | None]:
    """Who of the council is away that day, and their last day away, if there is one."""
    rows = Absence.objects.current(on).filter(council=concern.council_id, person__in=Participation.objects.filter(
        concern=concern, until__isnull=True).values("person_id"))
    return dict(rows.values_list("person_id", "ends_on"))


def with_raiser(concern: Concern) -> bool:
    """Whether a sent concern waits for the raiser: the next step is a talk in private, or a body outside the portal."""
    token = current_token(concern)
    return concern.state == State.LODGED and (token == plan.PARTY_SUBJECT or token.startswith("ext:"))


def reopen_window_open(concern: Concern, *, today: date) -> bool:
    """Whether it may still be opened again without new evidence; the council sets the days."""
    if concern.closed_at is None:
        return False
    configured = concern.protocol_version.config.get("reopen_window_days") if concern.protocol_version_id else None
    days = configured.get("value") if isinstance(configured, dict) else configured
    return today <= concern.closed_at.date() + timedelta(days=int(days or REOPEN_DAYS))


def direct_offered(concern: Concern) -> bool:
    """Whether the route says the raiser may, or is next to, take it up with the other person."""
    if concern.mode == "any_of":
        return any(item["token"] == plan.PARTY_SUBJECT for item in concern.route)
    return current_token(concern) == plan.PARTY_SUBJECT
