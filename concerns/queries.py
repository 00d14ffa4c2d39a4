"""Reads about casework. Each starts from what the person may see; there is no other door to a concern."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    F,
    JSONField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Window,
    prefetch_related_objects,
)
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform

from concerns import plan, policy, rooms
from concerns.casefile import NotVisible
from concerns.domain import guards, routing
from concerns.enums import CLOSED_STATES, Action, Capacity, ConsentStatus, State
from concerns.models import Concern, ConcernSubject, Consent, Notice, Opening, Participation, Witness
from councils import queries as councils
from councils.models import Person, ProtocolVersion
from councils.roles import side_of_role

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
    found = policy.visible_to(person, permission=permission).select_related("narrative")
    witnesses = Witness.objects.filter(concern=OuterRef("pk")).order_by("person__full_name").values("person__full_name")
    found = found.annotate(readable=policy.may_read(person), seen_by=ArraySubquery(witnesses))
    if on is not None:
        found = found.annotate(may_be_out=policy.may_be_out(person, on=on))
    if panels:
        there = RawSQL(rooms.exists(rooms.PANELS), [], output_field=ArrayField(BooleanField()))  # noqa: S611 (fixed words only)
        due = RawSQL(rooms.ALL_DUE[0], [], output_field=JSONField())  # noqa: S611 (fixed words only)
        found = found.annotate(there=there, all_due=due)
    concern = found.filter(pk=concern_id).select_related("council", "protocol_version", "raiser").first()
    if concern is None:
        raise NotVisible
    return concern


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
    theirs = {"concern": OuterRef("concern"), "person": OuterRef("person")}
    opening = Opening.objects.filter(**theirs)
    parts = Participation.objects.filter(concern=concern).select_related("person", "granted_by").order_by("since", "id")
    return list(
        parts.annotate(
            last_opened=Subquery(opening.values("last_at")),
            times_opened=Subquery(opening.values("times")),
            unreached=Exists(Notice.objects.filter(**theirs, failed_at__isnull=False, settled_at__isnull=True)),
        )
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
    consents = Consent.objects.select_related("asked_by")
    prefetch_related_objects(
        [concern],
        Prefetch("subjects", ConcernSubject.objects.select_related("person")),
        Prefetch("consents", consents if reads else consents.defer("wording")),
    )


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


SORTS = {
    "recent": ("-updated_at", "id"),
    "oldest": ("lodged_at", "id"),
    "reference": ("reference", "id"),
    "state": ("state", "-updated_at", "id"),
}


LISTED = (
    "reference", "state", "topic", "raiser", "council", "protocol_version", "updated_at", "lodged_at", "accepted_at", "closed_at",
    "on_hold_until", "check_back_on",
)  # fmt: skip
RAISED_BY = "(SELECT p.full_name FROM councils_person p WHERE p.id = concerns_concern.raiser_id)"
IN_COUNCIL = "(SELECT c.name FROM councils_council c WHERE c.id = concerns_concern.council_id)"
ABOUT = """ARRAY(SELECT p.full_name FROM concerns_concernsubject s JOIN councils_person p ON p.id = s.person_id
    WHERE s.concern_id = concerns_concern.id ORDER BY p.full_name)"""


def listed(found: QuerySet[Concern], person: Person) -> QuerySet[Concern]:
    """What a list shows of each: ``about`` and ``raised_by`` (names), ``in_council``, and whether it is ``readable``.

    By subqueries, which PostgreSQL asks for the page that is cut; joins would be made for every concern before.
    """
    return found.only(*LISTED).annotate(
        about=RawSQL(ABOUT, ()),  # noqa: S611
        raised_by=RawSQL(RAISED_BY, ()),  # noqa: S611
        in_council=RawSQL(IN_COUNCIL, ()),  # noqa: S611
        readable=policy.may_read(person),
    )


def caseload(
    person: Person,
    *,
    search: str = "",
    state: str = "",
    topic: str = "",
    council: str = "",
    sort: str = "recent",
) -> QuerySet[Concern]:
    """The concerns ``person`` may see, filtered; search looks at reference, people on the page, topic and state.

    Each comes with what a list shows of it (``listed``).
    """
    found = listed(policy.visible_to(person), person)
    if state == "open":
        found = found.exclude(state__in=[s.value for s in CLOSED_STATES])
    elif state == "closed":
        found = found.filter(state__in=[s.value for s in CLOSED_STATES])
    elif state:
        found = found.filter(state=state)
    readable = Q(pk__in=policy.visible_to(person, permission=policy.READ).values("pk"))  # a topic is for those who may read
    if topic:
        found = found.filter(readable, topic=topic)
    if council:
        found = found.filter(council__key=council)
    for word in search.replace("\x00", "").split()[:6]:
        match = Q(reference__icontains=word) | Q(raiser__full_name__icontains=word)
        match |= Q(readable, topic__icontains=word.replace("-", "_"))
        about = ConcernSubject.objects.filter(concern=OuterRef("pk"), person__full_name__icontains=word)
        found = found.filter(match | Q(state__icontains=word) | Exists(about))
    return by_due(found) if sort == "due" else found.order_by(*SORTS.get(sort, SORTS["recent"]))


def page_of(found: QuerySet[Concern], number: str | None, *, size: int) -> Page:
    """One page of a caseload, counted and cut in one query; text that is no page gives the first, one too high the last."""
    pages = Paginator(found, size)
    wanted = min(int(number), 10**6) if number and number.isdecimal() and len(number) < 10 else 1
    start = (max(wanted, 1) - 1) * size
    rows = list(found.annotate(matching=Window(Count("*")))[start : start + size])
    if not rows:
        return pages.get_page(wanted)
    pages.__dict__["count"] = rows[0].matching  # the paginator's cached answer
    return Page(rows, max(wanted, 1), pages)


def by_due(found: QuerySet[Concern]) -> QuerySet[Concern]:
    """What is due first at the top, so what is overdue before the rest; each with its ``soonest`` date (``rooms.SOONEST``)."""
    found = found.annotate(soonest=RawSQL(rooms.SOONEST[0], [], output_field=JSONField()))  # noqa: S611 (fixed words only)
    return found.order_by(KeyTextTransform("on", "soonest").asc(nulls_last=True), F("lodged_at").asc(nulls_first=True), "id")


def waiting_for(person: Person) -> QuerySet[Concern]:
    """The concerns in which the next move is this person's."""
    parts = Participation.objects.filter(person=person, until__isnull=True)
    as_recipient = Q(state=State.LODGED, pk__in=parts.filter(capacity=Capacity.RECIPIENT).values("concern_id"))
    as_finder = Q(state=State.NEEDS_HANDLER, pk__in=parts.filter(capacity=Capacity.EXCEPTION_HOLDER).values("concern_id"))
    working = [State.INFORMAL, State.COMPLAINT, State.INVESTIGATION, State.CONCILIATION, State.DECIDING]
    working += [State.GRIEVANCE, State.DISCIPLINARY, State.CODE_REFERRAL, State.COUNCIL_REPORT]
    dealing = parts.filter(capacity__in=[Capacity.HANDLER, Capacity.DECIDER, Capacity.PANEL_MEMBER, Capacity.LIAISON])
    as_handler = Q(state__in=working, pk__in=dealing.values("concern_id"))
    asked = Consent.objects.filter(status=ConsentStatus.ASKED, concern__raiser=person).values("concern_id")
    received = Participation.objects.filter(concern=OuterRef("pk"), capacity=Capacity.RECIPIENT, until__isnull=True)
    with_nobody = Q(state=State.LODGED) & ~Exists(received)  # a talk in private, or a body outside: the raiser's move
    deals = Participation.objects.filter(
        concern=OuterRef("pk"), capacity__in=[Capacity.HANDLER, Capacity.DECIDER], until__isnull=True
    )
    to_choose = Q(state=State.DECIDING) & ~Exists(deals)  # nobody else was named to choose the formal route
    as_raiser = Q(raiser=person) & (Q(state__in=[State.DRAFT, State.DIRECT]) | Q(pk__in=asked) | with_nobody | to_choose)
    as_told = Q(pk__in=parts.filter(capacity=Capacity.STANDBY).values("concern_id"))  # nobody acted, and they were told so
    waiting = listed(policy.visible_to(person), person).filter(as_recipient | as_finder | as_handler | as_raiser | as_told)
    versions = ProtocolVersion.objects.defer("config")
    return by_due(waiting).prefetch_related(Prefetch("protocol_version", versions))
