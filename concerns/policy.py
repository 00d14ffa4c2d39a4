"""May this person see it? May they do it? Who is let in, who is put out. The only importer of guardian.

Access is an explicit, dated, reasoned grant on one concern AND NOT excluded (house rules 4 and 5). Nothing here reads
a job title: triage comes from a route. PostgreSQL holds the same rule a second time (migration 0002).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db.models import BooleanField, Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from guardian.shortcuts import remove_perm

from concerns import rooms, wording
from concerns.domain import guards
from concerns.enums import READING_CAPACITIES, Action, Capacity, ExclusionKind, ProceedingKind, State
from concerns.models import Concern, ConcernUserObjectPermission, Exclusion, Participation
from councils.errors import Refusal
from councils.models import Person
from councils.statements import Statement, insert

VIEW = "concerns.view_concern"
READ = "concerns.read_concern"
C = Capacity
# The states in which a procedure of its own has a say.
ROOM_OF = {
    State.CONCILIATION: ProceedingKind.CONCILIATION, State.GRIEVANCE: ProceedingKind.GRIEVANCE,
    State.DISCIPLINARY: ProceedingKind.DISCIPLINARY, State.CODE_REFERRAL: ProceedingKind.CODE_REFERRAL,
    State.COUNCIL_REPORT: ProceedingKind.COUNCIL_REPORT, State.INVESTIGATION: ProceedingKind.INVESTIGATION,
}  # fmt: skip
# Who may ask for what, by capacity on that concern. docs/permissions.md is generated from this table.
PERMISSIONS: dict[Action, frozenset[Capacity]] = {
    Action.SAVE_DRAFT: frozenset({C.RAISER}),
    Action.DELETE_DRAFT: frozenset({C.RAISER}),
    Action.SUBMIT: frozenset({C.RAISER}),
    Action.REDIRECT: frozenset({C.RAISER, C.RECIPIENT}),
    Action.NO_HANDLER: frozenset({C.RECIPIENT, C.HANDLER}),
    Action.ASSIGN: frozenset({C.EXCEPTION_HOLDER}),
    Action.TAKE_UP_DIRECTLY: frozenset({C.RAISER}),
    Action.ACCEPT: frozenset({C.RECIPIENT}),
    Action.ACCEPT_COMPLAINT: frozenset({C.RECIPIENT}),
    Action.PASS_ON: frozenset({C.RECIPIENT, C.HANDLER}),
    Action.SETTLE: frozenset({C.RAISER, C.HANDLER}),
    Action.DIRECT_FAILED: frozenset({C.RAISER}),
    Action.CONCILIATE: frozenset({C.HANDLER}),
    Action.INSTIGATE_INVESTIGATION: frozenset({C.RECIPIENT, C.HANDLER}),
    Action.INFORMAL_OVER: frozenset({C.RAISER, C.HANDLER}),
    Action.STRAIGHT_TO_FORMAL: frozenset({C.RAISER, C.RECIPIENT}),
    Action.START_GRIEVANCE: frozenset({C.RAISER}),
    Action.START_DISCIPLINARY: frozenset({C.HANDLER, C.DECIDER}),
    Action.REFER_CODE: frozenset({C.RAISER, C.HANDLER, C.DECIDER}),
    Action.FORMAL_CODE_COMPLAINT: frozenset({C.RAISER}),
    Action.REPORT_TO_COUNCIL: frozenset({C.HANDLER, C.DECIDER}),
    Action.RECORD_OUTCOME: frozenset({C.HANDLER, C.LIAISON}),
    Action.SENT_BACK: frozenset({C.LIAISON}),
    Action.CLOSE_NO_ACTION: frozenset({C.HANDLER, C.DECIDER, C.LIAISON}),
    Action.WITHDRAW: frozenset({C.RAISER}),
    Action.REOPEN: frozenset({C.RAISER, C.HANDLER, C.CONVENER}),
    Action.HAND_OVER: frozenset({C.HANDLER, C.CONVENER}),
    Action.HOLD: frozenset({C.HANDLER}),
    Action.RELEASE: frozenset({C.HANDLER}),
    Action.DECLARE_CONFLICT: frozenset(C) - {C.RAISER},
    Action.ASK_CONSENT: frozenset({C.RECIPIENT, C.HANDLER, C.DECIDER}),
    Action.ANSWER_CONSENT: frozenset({C.RAISER}),
    Action.TELL_SUBJECT: frozenset({C.HANDLER, C.CONVENER, C.PANEL_MEMBER}),
    Action.OPEN_SUCCESSOR: frozenset({C.HANDLER}),
    Action.ADD_NOTE: frozenset({C.RAISER, C.RECIPIENT, C.HANDLER, C.DECIDER, C.LIAISON}),
    Action.ADD_DOCUMENT: frozenset({C.RAISER, C.RECIPIENT, C.HANDLER, C.DECIDER, C.LIAISON}),
    Action.ADD_WITNESS: frozenset({C.RAISER, C.HANDLER}),
    Action.MAKE_COPY: frozenset({C.HANDLER, C.DECIDER}),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is allowed, and if not, why in words a caseworker can read."""

    allowed: bool
    why: str = ""

    def __bool__(self) -> bool:
        return self.allowed


@cache
def permission_id(permission: str) -> int:
    """The id of VIEW or READ; fixed once the database is migrated."""
    found = Permission.objects.get(content_type__app_label="concerns", codename=permission.partition(".")[2])
    return found.pk


# The first wall, in words: granted AND NOT excluded AND the grant still holds. For ``me``, who has to be active.
VISIBLE = """
SELECT g.content_object_id FROM concerns_concernuserobjectpermission g WHERE g.user_id = {me} AND g.permission_id = {permission}
    AND g.content_object_id NOT IN (SELECT x.concern_id FROM concerns_exclusion x WHERE x.person_id = {me})
    AND g.content_object_id <> ALL ((SELECT my_void({me}, {permission}))::uuid[])
"""


def visible_to(person: Person, *, permission: str = VIEW) -> QuerySet[Concern]:
    """The concerns ``person`` may know of (or, with ``permission=READ``, read). Empty for strangers.

    Guardian's ``get_objects_for_user`` (no groups, no global permissions, no superuser) would find the same, less the
    exclusions, with two more queries and a poorer plan.
    """
    if not person.is_active:
        return Concern.objects.none()
    wanted = permission_id(permission)
    wall = RawSQL(VISIBLE.format(me="%s", permission="%s"), [person.pk, wanted, person.pk, person.pk, wanted])  # noqa: S611
    return Concern.objects.filter(pk__in=wall)


def may_read(person: Person) -> Exists:
    """For a list of concerns ``person`` may see: whether they may also read each."""
    wanted = permission_id(READ)
    granted = ConcernUserObjectPermission.objects.filter(user=person, permission_id=wanted, content_object=OuterRef("pk"))
    void = RawSQL("SELECT unnest(my_void(%s, %s))", [person.pk, wanted])  # noqa: S611
    return Exists(granted.exclude(content_object_id__in=void))


# Cheap, and rather too often true than too seldom: what it points at is worked out from the whole plan.
HOLDS = "{0}.starts_on <= %s AND ({0}.ends_on IS NULL OR {0}.ends_on >= %s)"
CHANGED = f"""
NOT EXISTS (SELECT 1 FROM councils_appointment a
    WHERE a.person_id = %s AND a.council_id = concerns_concern.council_id AND {HOLDS.format("a")})
OR EXISTS (SELECT 1 FROM councils_appointment a
    WHERE a.person_id = %s AND a.council_id = concerns_concern.council_id AND {HOLDS.format("a")} AND (a.acting_for_id IS NOT NULL
    OR a.starts_on >= (SELECT min(p.since)::date FROM concerns_participation p
        WHERE p.concern_id = concerns_concern.id AND p.person_id = a.person_id AND p.until IS NULL)))
OR EXISTS (SELECT 1 FROM councils_disclosedrelationship t
    WHERE t.council_id = concerns_concern.council_id AND %s IN (t.person_a_id, t.person_b_id) AND {HOLDS.format("t")}
    AND (concerns_concern.raiser_id IN (t.person_a_id, t.person_b_id) OR EXISTS (SELECT 1 FROM concerns_concernsubject s
        WHERE s.concern_id = concerns_concern.id AND s.person_id IN (t.person_a_id, t.person_b_id))))
OR EXISTS (WITH RECURSIVE above(id) AS (
    SELECT r.manager_id FROM councils_reportingline r
        WHERE r.officer_id = %s AND r.council_id = concerns_concern.council_id AND {HOLDS.format("r")}
    UNION SELECT r.manager_id FROM councils_reportingline r JOIN above ON r.officer_id = above.id
        WHERE r.council_id = concerns_concern.council_id AND {HOLDS.format("r")})
    SELECT 1 FROM concerns_concernsubject s JOIN above ON above.id = s.person_id WHERE s.concern_id = concerns_concern.id)
"""  # noqa: S608 (no value is put into the text; they are parameters)


def changed_for(person: str, on: str) -> str:
    """The words of ``may_be_out`` for a query that names ``concerns_concern``: ``person`` and ``on`` are SQL of its own."""
    who, days = person, (on, on)
    return CHANGED % (who, *days, who, *days, who, *days, who, *days, *days)


def may_be_out(person: Person, *, on: date) -> RawSQL:
    """For a concern ``person`` may see: whether a post, tie or reporting line may put them out since they were let in."""
    who, days = person.pk, (on, on)
    values = (who, *days, who, *days, who, *days, who, *days, *days)
    return RawSQL(CHANGED, values, output_field=BooleanField())  # noqa: S611


# The same for one concern, for those who may see nothing of it: they are most who ask for an address that isn't theirs.
SEES = Statement("concern_sees", lambda: f"{VISIBLE.format(me='$1', permission='$2')} AND g.content_object_id = $3")


def sees(person: Person, concern_id: UUID, *, permission: str = VIEW) -> bool:
    """Whether ``person`` may know of (or read) the concern of that id, if there is one."""
    return person.is_active and bool(SEES.ask([person.pk, permission_id(permission), concern_id]))


def can_see(person: Person, concern: Concern, *, permission: str = VIEW) -> bool:
    """Whether ``person`` may know of (or read) this one concern."""
    return sees(person, concern.pk, permission=permission)


def capacities(person: Person, concern: Concern) -> frozenset[Capacity]:
    """The capacities ``person`` has on ``concern`` now; none when they can't see it."""
    if not can_see(person, concern):
        return frozenset()
    rows = Participation.objects.filter(concern=concern, person=person, until__isnull=True).values_list("capacity", flat=True)
    return frozenset(Capacity(value) for value in rows)


def can(
    person: Person, action: Action, concern: Concern, *, facts: guards.Facts, held: frozenset[Capacity] | None = None
) -> Decision:
    """Whether ``person`` may do ``action`` on ``concern`` now; ``held`` saves a query when the caller knows it.

    Checks, in order: a capacity that carries the action, a legal step of the machine, and the guards that need no
    answer from the person. The words of a refusal are shown as they are.
    """
    held = capacities(person, concern) if held is None else held
    if not held & PERMISSIONS[action]:
        return Decision(False, wording.not_your_part(action, PERMISSIONS[action]))
    if not guards.legal(action, facts):
        return Decision(False, wording.not_from_here(action, concern.state))
    refused = guards.refusal(action, facts, held)
    if refused is not None:
        return Decision(False, wording.refused(refused))
    objection = rooms.objection(concern, ROOM_OF.get(concern.state), action, person=person)
    return Decision(not objection, objection)


def require(
    person: Person, action: Action, concern: Concern, *, facts: guards.Facts, held: frozenset[Capacity] | None = None
) -> None:
    """Like ``can``, but raises Refusal with the reason."""
    decision = can(person, action, concern, facts=facts, held=held)
    if not decision:
        raise Refusal(decision.why)


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody let in, with the role code they act in and the one they stand in for."""

    person: Person
    hat: str = ""
    acting_for: str = ""


def grant(
    concern: Concern,
    person: Person,
    capacity: Capacity,
    *,
    reason: str,
    by: Person | None,
    now: datetime,
    cites: Iterable[str] = (),
    hat: str = "",
    acting_for: str = "",
    token: str = "",
) -> None:
    """Let ``person`` onto ``concern`` in ``capacity`` from ``now``; the same grant twice is one grant.

    Raises Refusal when the person is excluded (PostgreSQL refuses too).
    """
    grant_all(concern, [Entrant(person, hat, acting_for)], capacity, reason=reason, by=by, now=now, cites=cites, token=token)


def grant_all(
    concern: Concern,
    entrants: Iterable[Entrant],
    capacity: Capacity,
    *,
    reason: str,
    by: Person | None,
    now: datetime,
    cites: Iterable[str] = (),
    token: str = "",
    out: Collection[UUID] | None = None,
) -> None:
    """Like ``grant``, for everybody behind one recipient; three statements however many they are.

    Raises Refusal when one of them is excluded; then nobody is let in. ``out`` are all who are excluded from the concern,
    where the caller holds its lock and has looked; PostgreSQL looks again either way.
    """
    entering = {entrant.person.pk: entrant for entrant in entrants}
    if not entering:
        return
    if Exclusion.objects.filter(concern=concern, person__in=entering).exists() if out is None else not entering.keys().isdisjoint(out):
        raise Refusal(str(wording.EXCLUDED))
    reads = capacity in READING_CAPACITIES
    kept = list(cites)
    insert(
        [
            ConcernUserObjectPermission(content_object=concern, user_id=pk, permission_id=permission_id(permission))
            for pk in entering
            for permission in ((VIEW, READ) if reads else (VIEW,))
        ],
        known_may_stay=True,
    )
    insert(
        [
            Participation(
                concern=concern, person_id=pk, capacity=capacity, hat=entrant.hat, acting_for=entrant.acting_for, token=token,
                reads=reads, reason=reason, cites=kept, since=now, granted_by=by,
            )
            for pk, entrant in entering.items()
        ],
        known_may_stay=True,
    )  # fmt: skip


def end(
    concern: Concern, person: Person, *, by: Person | None, now: datetime, reason: str, only: Capacity | None = None
) -> None:
    """End ``person``'s part in ``concern`` (or one capacity of it). What remains decides what they may still see.

    Do this last in an action when it ends the actor's own access: from then on PostgreSQL shows them nothing.
    """
    current = Participation.objects.filter(concern=concern, person=person, until__isnull=True)
    ending = current if only is None else current.filter(capacity=only)
    left = list(current.exclude(pk__in=ending.values_list("pk", flat=True)).values_list("reads", flat=True)) if only else []
    if not left:
        rooms.settle(leaving={person.pk})
    ending.update(until=now, ended_by=by, ended_reason=reason)
    if not any(left):
        remove_perm(READ, person, concern)
    if not left:
        remove_perm(VIEW, person, concern)


def narrow_to_status(concern: Concern, person: Person, *, now: datetime) -> None:
    """From now on ``person`` sees only that the concern exists, its stage and dates (T16)."""
    Participation.objects.filter(concern=concern, person=person, until__isnull=True).update(reads=False)
    remove_perm(READ, person, concern)


def exclude(
    concern: Concern, people: Iterable[Person], kind: ExclusionKind, *, by: Person | None, now: datetime
) -> None:
    """Exclude persons from ``concern`` for good. A trigger ends whatever access they had."""
    exclude_all(concern, [(person, kind) for person in people], by=by, now=now)


def exclude_all(
    concern: Concern, people: Iterable[tuple[Person, ExclusionKind]], *, by: Person | None, now: datetime
) -> None:
    """Like ``exclude``, each for their own reason. Who was excluded already stays so, as it was recorded then."""
    rows = [Exclusion(concern=concern, person=person, kind=kind, since=now, by=by) for person, kind in people]
    rooms.settle(leaving={row.person_id for row in rows})
    insert(rows, known_may_stay=True)


def grants_of(concern: Concern) -> QuerySet[ConcernUserObjectPermission]:
    """The grants in force on ``concern``."""
    return ConcernUserObjectPermission.objects.filter(content_object=concern)
