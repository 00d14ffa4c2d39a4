"""Reads about grievances. Each starts from the concern that the person may see; there is no other door."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from concerns import casefile, policy
from concerns import queries as concern_queries
from concerns.casefile import NotVisible
from concerns.enums import Capacity, State
from concerns.models import Concern, DocumentOpening, Opening, Participation
from councils.errors import Refusal
from councils.models import Person
from grievances import plan, wording
from grievances.domain import machine
from grievances.domain.feasibility import Candidate, Picture, feasibility
from grievances.enums import FindingCode, GrievanceState, HearingStatus, Panel, Remit, SeatStatus
from grievances.models import Allegation, Decision, Grievance, Hearing, Inquiry, PanelSeat, TieFlag


@dataclass(slots=True)
class Held:
    """A grievance as one person finds it today: its rows, who could sit, and what the machine looks at."""

    grievance: Grievance
    concern: Concern
    person: Person
    today: date
    pool: plan.Pool
    seats: list[PanelSeat]
    standing: machine.Standing
    reads: bool = False
    hearings: list[Hearing] = field(default_factory=list)
    inquiry: Inquiry | None = None
    draft: Decision | None = None

    @property
    def panel(self) -> Panel:
        """The panel whose turn it is."""
        return self.standing.panel

    @property
    def parts(self) -> frozenset[machine.Part]:
        """What the person is to it."""
        return machine.parts(self.standing, self.person.pk)

    @property
    def hearing(self) -> Hearing | None:
        """The date that stands."""
        return next((h for h in self.hearings if h.status == HearingStatus.SET and h.panel == self.panel), None)

    @property
    def shut(self) -> Hearing | None:
        """The date that stands, where it is still to come and the council's office is closed that day by now."""
        found = self.hearing if self.standing.stands(self.today) else None
        return found if found is not None and found.held_on in plan.closures(self.concern) else None

    def seat_of(self, person_id: UUID, panel: Panel | None = None) -> PanelSeat | None:
        """A person's row of a panel (the one whose turn it is)."""
        which = panel or self.panel
        return next((seat for seat in self.seats if seat.person_id == person_id and seat.panel == which), None)

    def picture(self) -> Picture:
        """Who is left, needed now and kept for an appeal."""
        rows = {(seat.person_id, seat.panel): seat for seat in self.seats}
        candidates = self.pool.candidates(rows)
        known = {(c.person, c.panel) for c in candidates}
        candidates += [
            Candidate(seat.person_id, Panel.FIRST, SeatStatus(seat.status), seat.is_substitute)
            for seat in self.seats
            if (seat.person_id, seat.panel) not in known and seat.panel == Panel.FIRST
        ]
        s = self.standing
        return feasibility(
            candidates, s.out, quorum=s.quorum, size=s.size, appeal_quorum=s.appeal_quorum, appeal_size=s.appeal_size
        )


def load(grievance_id: UUID, *, person: Person, today: date, lock: bool = False, revision: int | None = None) -> Held:
    """The grievance, if ``person`` may know of its concern. Raises NotVisible, the same for absent and forbidden.

    With ``lock`` the concern's row and its own stay locked until the transaction ends; Refusal when ``revision`` is stale.
    """
    if not isinstance(grievance_id, UUID):
        raise NotVisible
    concern_id = Grievance.objects.filter(pk=grievance_id).values_list("concern_id", flat=True).first()
    if concern_id is None:
        raise NotVisible
    if lock:
        concern = casefile.lock(concern_id, by=person)
        grievance = Grievance.objects.select_for_update(of=("self",)).filter(pk=grievance_id).first()
    else:
        concern = concern_queries.load(concern_id, person=person)
        grievance = Grievance.objects.filter(pk=grievance_id).first()
    if grievance is None:
        raise NotVisible
    if revision is not None and revision != grievance.revision:
        raise Refusal(str(wording.STALE))
    return held(grievance, concern, person=person, today=today)


def held(grievance: Grievance, concern: Concern, *, person: Person, today: date) -> Held:
    """Everything about it that ``person`` may see."""
    pool = plan.pool_of(concern, on=today)
    seats = list(PanelSeat.objects.filter(grievance=grievance).select_related("person"))
    parts = list(Participation.objects.filter(concern=concern, until__isnull=True))
    hearings = list(Hearing.objects.filter(grievance=grievance))
    inquiry = Inquiry.objects.filter(grievance=grievance).select_related("investigator").order_by("-appointed_at").first()
    panel = Panel.APPEAL if grievance.state in (GrievanceState.APPEAL_OPEN, GrievanceState.APPEAL_DECIDED) else Panel.FIRST
    draft = Decision.objects.filter(grievance=grievance, panel=panel, released_at__isnull=True).first()
    out = set(pool.out)
    for seat in seats:
        if seat.status in (SeatStatus.CONNECTED, SeatStatus.AUTOMATIC):
            out.add(seat.person_id)
    subjects = frozenset(subject.person_id for subject in concern.subjects.all())
    standing = machine.Standing(
        state=GrievanceState(grievance.state),
        raiser=concern.raiser_id,
        subjects=subjects,
        quorum=grievance.quorum,
        size=grievance.size,
        appeal_quorum=grievance.appeal_quorum,
        appeal_size=grievance.appeal_size,
        remit=Remit(grievance.remit),
        convener=_convener(concern, parts, person),
        out=frozenset(out),
        no_chair=pool.no_chair,
        seats=tuple(
            machine.Seat(s.person_id, Panel(s.panel), SeatStatus(s.status), s.is_chair, s.since is not None) for s in seats
        ),
        resumes=GrievanceState(grievance.resumes) if grievance.resumes else None,
        points=Allegation.objects.filter(grievance=grievance).count(),
        investigator=inquiry.investigator_id if inquiry and inquiry.until is None else None,
        reported=Inquiry.objects.filter(grievance=grievance, filed_at__isnull=False).exists(),
        hearing=next((h.held_on for h in hearings if h.status == HearingStatus.SET and h.panel == panel), None),
        drafter=draft.drafted_by_id if draft else None,
        found=frozenset(FindingCode(f.code) for f in draft.findings.all()) if draft else frozenset(),
        outcome=draft.outcome if draft else "",
        outcomes=plan.outcomes_of(concern, Remit(grievance.remit), on=today),
        overlap=grievance.overlap,
        appeal_until=grievance.appeal_until,
        appeal_asked=grievance.appeal_asked_on is not None,
        told=concern.subject_told_on is not None or not subjects,
        paused=concern.state != State.GRIEVANCE or (concern.on_hold_until is not None and today < concern.on_hold_until),
    )
    reads = any(part.reads for part in parts if part.person_id == person.pk)
    return Held(grievance, concern, person, today, pool, seats, standing, reads, hearings, inquiry, draft)


def _convener(concern: Concern, parts: list[Participation], person: Person) -> UUID | None:
    """Who runs it: whoever was given that part, else whoever deals with the concern; never the raiser."""
    for capacity in (Capacity.CONVENER, Capacity.HANDLER):
        found = [p.person_id for p in sorted(parts, key=lambda p: (p.since, str(p.pk))) if p.capacity == capacity]
        found = [pk for pk in found if pk != concern.raiser_id]
        if found:
            return person.pk if person.pk in found else found[0]
    return None


def running(concern: Concern) -> Grievance | None:
    """The grievance of a concern that hasn't ended, if there is one."""
    return Grievance.objects.filter(concern=concern).exclude(state=GrievanceState.CLOSED).first()


def latest(concern: Concern) -> Grievance | None:
    """The last grievance of a concern, ended or not."""
    return Grievance.objects.filter(concern=concern).order_by("-opened_on", "closed_on").last() or None


@dataclass(frozen=True, slots=True)
class Opened:
    """What one member of the panel has opened."""

    person: Person
    last_at: object
    times: int
    files: int


def openings(held: Held) -> list[Opened]:
    """Who of the panel opened the concern's papers, when last, how often; and how many of its files."""
    found = []
    for seat in held.seats:
        if seat.since is None or (seat.panel != held.panel and seat.status != SeatStatus.DONE):
            continue
        row = Opening.objects.filter(concern=held.concern, person=seat.person).first()
        files = DocumentOpening.objects.filter(document__concern=held.concern, person=seat.person).values("document").distinct().count()
        found.append(Opened(seat.person, row.last_at if row else None, row.times if row else 0, files))
    return found


def flag(flag_id: UUID, *, person: Person) -> TieFlag:
    """The flag, if ``person`` was asked to consider it and may still know of the case. Raises NotVisible otherwise."""
    if not isinstance(flag_id, UUID):
        raise NotVisible
    mine = TieFlag.objects.filter(pk=flag_id, told=person, concern__in=policy.visible_to(person))
    found = mine.select_related("person", "relationship", "concern").first()
    if found is None:
        raise NotVisible
    return found
