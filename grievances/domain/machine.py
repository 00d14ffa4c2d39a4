"""PURE: the machine of a grievance. What it stands at, which step is open to whom and why not, and what a step makes of it.

The actions ask ``refusal`` with what they read from the database, and a test compares what they wrote with ``after``;
the random walks of the tests run on the same two.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from grievances.domain import ledbury
from grievances.enums import CURRENT_SEATS, FindingCode, Panel, Part, Remit, SeatStatus, Step
from grievances.enums import GrievanceState as S

BEFORE: Final = frozenset({S.PANEL_FORMING, S.INVESTIGATING, S.HEARING_SET})
SITTING: Final = BEFORE | {S.APPEAL_OPEN}
STATES: Final[dict[Step, frozenset[S]]] = {
    Step.FORM_PANEL: SITTING | {S.SUBMITTED},
    Step.DECLARE: SITTING,
    Step.SEAT_PANEL: frozenset({S.PANEL_FORMING, S.APPEAL_OPEN}),
    Step.CHOOSE_CHAIR: SITTING,
    Step.LEAVE_PANEL: SITTING,
    Step.LIST_ALLEGATIONS: BEFORE,
    Step.INVESTIGATE: frozenset({S.PANEL_FORMING, S.INVESTIGATING}),
    Step.FILE_REPORT: BEFORE,
    Step.SET_HEARING: BEFORE | {S.APPEAL_OPEN},
    Step.NAME_COMPANION: SITTING,
    Step.POSTPONE_HEARING: SITTING,
    Step.DRAFT_DECISION: frozenset({S.HEARING_SET, S.APPEAL_OPEN}),
    Step.RELEASE_DECISION: frozenset({S.HEARING_SET, S.APPEAL_OPEN}),
    Step.APPEAL: frozenset({S.DECIDED}),
    Step.ADMIT_APPEAL: frozenset({S.DECIDED}),
    Step.ASK_OUTSIDE: frozenset({S.SUBMITTED, S.PANEL_FORMING, S.APPEAL_OPEN}),
    Step.CLOSE: frozenset({S.DECIDED, S.APPEAL_DECIDED}),
}
PERMISSIONS: Final[dict[Step, frozenset[Part]]] = {
    Step.FORM_PANEL: frozenset({Part.CONVENER}),
    Step.DECLARE: frozenset({Part.CANDIDATE}),
    Step.SEAT_PANEL: frozenset({Part.CONVENER}),
    Step.CHOOSE_CHAIR: frozenset({Part.MEMBER}),
    Step.LEAVE_PANEL: frozenset({Part.MEMBER}),
    Step.LIST_ALLEGATIONS: frozenset({Part.MEMBER}),
    Step.INVESTIGATE: frozenset({Part.MEMBER, Part.CONVENER}),
    Step.FILE_REPORT: frozenset({Part.INVESTIGATOR}),
    Step.SET_HEARING: frozenset({Part.CONVENER, Part.MEMBER}),
    Step.NAME_COMPANION: frozenset({Part.RAISER}),
    Step.POSTPONE_HEARING: frozenset({Part.CONVENER, Part.MEMBER}),
    Step.DRAFT_DECISION: frozenset({Part.MEMBER}),
    Step.RELEASE_DECISION: frozenset({Part.MEMBER}),
    Step.APPEAL: frozenset({Part.RAISER}),
    Step.ADMIT_APPEAL: frozenset({Part.CONVENER}),
    Step.ASK_OUTSIDE: frozenset({Part.CONVENER}),
    Step.CLOSE: frozenset({Part.CONVENER}),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One person and one panel."""

    person: Any
    panel: Panel
    status: SeatStatus
    chairs: bool = False
    sat: bool = False  # was seated at some time


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the machine looks at."""

    state: S
    raiser: Any
    subjects: frozenset[Any]
    quorum: int = 2
    size: int = 3
    appeal_quorum: int = 2
    appeal_size: int = 3
    remit: Remit = Remit.FULL
    convener: Any = None
    out: frozenset[Any] = frozenset()  # may not sit: a connection found without asking, or no post any more
    no_chair: frozenset[Any] = frozenset()  # may sit, may not chair the panel
    seats: tuple[Seat, ...] = ()
    resumes: S | None = None
    points: int = 0
    investigator: Any = None
    reported: bool = False
    hearing: date | None = None  # the date that stands, of the panel that sits
    drafter: Any = None
    found: frozenset[FindingCode] = frozenset()
    outcome: str = ""
    outcomes: tuple[str, ...] = ("resolved",)
    overlap: bool = False
    appeal_until: date | None = None
    appeal_asked: bool = False
    told: bool = True  # everybody it is about was told, or there is nobody of the council to tell
    paused: bool = False  # the concern itself waits: on hold, or somebody is being found

    @property
    def panel(self) -> Panel:
        """The panel whose turn it is."""
        return Panel.APPEAL if self.state in (S.APPEAL_OPEN, S.APPEAL_DECIDED) else Panel.FIRST

    @property
    def needed(self) -> int:
        """Its quorum; never one alone."""
        return max(2, self.quorum if self.panel == Panel.FIRST else self.appeal_quorum)

    @property
    def full_size(self) -> int:
        """How many it should be."""
        return max(self.needed, self.size if self.panel == Panel.FIRST else self.appeal_size)

    def with_status(self, *statuses: SeatStatus, panel: Panel | None = None) -> frozenset[Any]:
        """The people of a panel (the one whose turn it is) in these statuses."""
        which = panel or self.panel
        return frozenset(seat.person for seat in self.seats if seat.panel == which and seat.status in statuses)

    @property
    def seated(self) -> frozenset[Any]:
        """Who sits now and may."""
        return self.with_status(SeatStatus.SEATED) - self.out

    @property
    def fallen(self) -> frozenset[Any]:
        """Who sits by the rows, and may no longer: a post ended, a tie came to light."""
        return self.with_status(SeatStatus.SEATED) & self.out

    @property
    def free(self) -> frozenset[Any]:
        """Who declared free and may be seated."""
        return self.with_status(SeatStatus.FREE) - self.out

    @property
    def sat_first(self) -> frozenset[Any]:
        """Who sat on the first panel at any time."""
        return frozenset(seat.person for seat in self.seats if seat.panel == Panel.FIRST and seat.sat)

    @property
    def quorate(self) -> bool:
        """Whether those who sit can act."""
        return len(self.seated) >= self.needed

    def stands(self, today: date) -> bool:
        """Whether a hearing is set whose day hasn't passed: another day for it needs a reason."""
        return self.hearing is not None and self.hearing >= today

    @property
    def must_tell(self) -> bool:
        """Whether the person it is about has to be told next: the panel sits, and no hearing is set before they know."""
        return not self.told and self.quorate and self.state in BEFORE | {S.APPEAL_OPEN}

    @property
    def chair(self) -> Any:
        """Who chairs the panel, if it chose somebody."""
        return next((s.person for s in self.seats if s.panel == self.panel and s.chairs and s.status == SeatStatus.SEATED), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person said, as far as a guard asks."""

    people: frozenset[Any] = frozenset()
    person: Any = None
    free: bool = False
    reason: bool = False  # gave one
    found: frozenset[FindingCode] = frozenset()
    each: bool = True  # every point has its finding
    outcome: str = ""
    on: date | None = None
    until: date | None = None
    asked: frozenset[Any] = field(default_factory=frozenset)  # form_panel: who is asked


NOTHING: Final = Answer()


def parts(s: Standing, person: Any) -> frozenset[Part]:
    """What ``person`` is to it now."""
    held = set()
    if person == s.raiser:
        held.add(Part.RAISER)
    if s.convener is not None and person == s.convener:
        held.add(Part.CONVENER)
    if person in s.with_status(SeatStatus.ASKED):
        held.add(Part.CANDIDATE)
    if person in s.seated:
        held.add(Part.MEMBER)
    if s.investigator is not None and person == s.investigator:
        held.add(Part.INVESTIGATOR)
    return frozenset(held)


def closed(step: Step, s: Standing, person: Any, today: date) -> str:
    """Why ``step`` isn't open to ``person`` before they have answered anything; "" when it is."""
    if not parts(s, person) & PERMISSIONS[step]:
        return "not_your_part"
    if s.state not in STATES[step]:
        return "not_from_here"
    if s.paused and step not in (Step.DECLARE, Step.LEAVE_PANEL):
        return "paused"
    check = _CLOSED.get(step)
    return check(s, person, today) if check else ""


def refusal(step: Step, s: Standing, person: Any, today: date, answer: Answer = NOTHING) -> str:
    """Like ``closed``, and what is wrong with the answer."""
    code = closed(step, s, person, today)
    check = _REFUSED.get(step)
    return code or (check(s, person, today, answer) if check else "")


def _first(*pairs: tuple[bool, str]) -> str:
    return next((code for wrong, code in pairs if wrong), "")


def _day_to_come(s: Standing, today: date, over: str) -> str:
    return _first((s.hearing is None, "no_hearing"), (not s.stands(today), over))


def _no_panel(s: Standing) -> tuple[bool, str]:
    return (not s.quorate, "no_panel")


_CLOSED = {
    Step.FORM_PANEL: lambda s, p, t: _first((s.state in (S.INVESTIGATING, S.HEARING_SET) and s.quorate, "panel_stands")),
    Step.SEAT_PANEL: lambda s, p, t: _first((s.panel == Panel.APPEAL and s.drafter is not None, "decision_drafted"), (not s.free, "nobody_free")),
    Step.CHOOSE_CHAIR: lambda s, p, t: _first(_no_panel(s), (not s.seated - s.no_chair, "nobody_chairs")),
    Step.LIST_ALLEGATIONS: lambda s, p, t: _first((s.remit != Remit.FULL, "no_points_here"), (s.drafter is not None, "decision_drafted")),
    Step.INVESTIGATE: lambda s, p, t: _first(_no_panel(s), (s.investigator is not None, "investigator_there"), (s.reported, "report_there")),
    Step.SET_HEARING: lambda s, p, t: _first(
        _no_panel(s), (not s.told, "subject_untold"), (s.drafter is not None, "decision_drafted"),
        (s.investigator is not None and not s.reported, "report_missing")
    ),
    Step.NAME_COMPANION: lambda s, p, t: _day_to_come(s, t, "hearing_over"),
    Step.POSTPONE_HEARING: lambda s, p, t: _day_to_come(s, t, "hearing_day_over") or _first((s.drafter is not None, "decision_drafted")),
    Step.DRAFT_DECISION: lambda s, p, t: _first(
        _no_panel(s), (s.hearing is None, "no_hearing"), (s.hearing is not None and s.hearing > t, "hearing_ahead"),
        (s.chair is None, "no_chair"), (s.remit == Remit.FULL and not s.points, "no_points"),
    ),
    Step.RELEASE_DECISION: lambda s, p, t: _first(
        _no_panel(s), (s.drafter is None, "nothing_drafted"), (p == s.drafter, "two_people"), (s.drafter not in s.seated, "drafter_gone"),
        (s.remit != Remit.FULL and ledbury.makes_finding(s.outcome, s.found), "no_finding_here"),
    ),
    Step.APPEAL: lambda s, p, t: _first((s.appeal_asked, "appeal_asked")),
    Step.ADMIT_APPEAL: lambda s, p, t: _first((not s.appeal_asked, "no_appeal_asked")),
    Step.CLOSE: lambda s, p, t: _first((s.state == S.DECIDED and s.appeal_until is not None and t <= s.appeal_until, "window_open")),
}  # fmt: skip


def _seat(s: Standing, person: Any, today: date, a: Answer) -> str:
    chosen = a.people | s.seated
    overlapping = chosen & s.sat_first if s.panel == Panel.APPEAL else frozenset()
    new = s.free - s.sat_first
    return _first(
        (not a.people, "choose_people"),
        (bool(chosen & ({s.raiser} | s.subjects | s.out)), "has_connection"),
        (bool(a.people - s.free), "not_declared"),
        (len(chosen) < s.needed, "too_few"),
        (bool(overlapping) and len((new | s.seated) - s.sat_first) >= s.needed, "appeal_must_be_separate"),
        (bool(overlapping) and bool(new) and not chosen - s.sat_first, "one_new_member"),
        (bool(overlapping) and not a.reason, "separation_needs_reason"),
        (len(chosen) < s.full_size and not a.reason, "smaller_needs_reason"),
    )


def _decision(s: Standing, person: Any, today: date, a: Answer) -> str:
    return _first(
        (bool(a.found - set(ledbury.findings(s.remit))), "no_finding_here"),
        (a.outcome not in s.outcomes or (s.remit != Remit.FULL and ledbury.makes_finding(a.outcome, ())), "choose_outcome"),
        (s.remit == Remit.FULL and not a.each, "find_on_each"),
        (not a.reason, "give_reasons"),
    )


_REFUSED = {
    Step.FORM_PANEL: lambda s, p, t, a: _first((not a.asked, "nobody_to_ask"), (bool(a.asked & ({s.raiser} | s.subjects | s.out)), "has_connection")),
    Step.SEAT_PANEL: _seat,
    Step.CHOOSE_CHAIR: lambda s, p, t, a: _first((a.person not in s.seated, "not_on_panel"), (a.person in s.no_chair, "may_not_chair")),
    Step.INVESTIGATE: lambda s, p, t, a: _first(
        (a.person is None, "choose_person"),
        (a.person in {s.raiser, *s.subjects, *s.out} or any(seat.person == a.person and seat.status in CURRENT_SEATS for seat in s.seats), "not_investigator"),
    ),
    Step.DRAFT_DECISION: _decision,
    Step.ADMIT_APPEAL: lambda s, p, t, a: _first((not a.reason, "give_reason")),
    Step.POSTPONE_HEARING: lambda s, p, t, a: _first((a.on is None, "give_date")),
    Step.SET_HEARING: lambda s, p, t, a: _first((a.on is None, "give_date"), (s.stands(t) and not a.reason, "give_reason")),
}  # fmt: skip


# --- what a step makes of it ------------------------------------------------------------------------------------
def _with(s: Standing, people: frozenset[Any], panel: Panel, status: SeatStatus) -> tuple[Seat, ...]:
    """The seats with these people's rows of that panel at ``status``."""
    sits = status == SeatStatus.SEATED
    return tuple(
        replace(x, status=status, sat=x.sat or sits, chairs=x.chairs and sits) if x.panel == panel and x.person in people else x
        for x in s.seats
    )


def without(s: Standing, person: Any, status: SeatStatus) -> Standing:
    """It, once ``person`` has nothing to do with it any more; the panel falls back when too few are left."""
    ended = {SeatStatus.ASKED: status, SeatStatus.FREE: status, SeatStatus.SEATED: status}
    seats = tuple(
        replace(x, status=ended.get(x.status, x.status), chairs=x.chairs and x.status not in ended) if x.person == person else x for x in s.seats
    )
    runs, finds = s.convener == person, s.investigator == person
    s = replace(s, seats=seats, convener=None if runs else s.convener, investigator=None if finds else s.investigator)
    if status in (SeatStatus.CONNECTED, SeatStatus.AUTOMATIC):
        s = replace(s, out=s.out | {person})
    return settled(s)


def settled(s: Standing) -> Standing:
    """Back to forming the panel when those who sit can't act; what was going on is kept for later."""
    if s.state in (S.INVESTIGATING, S.HEARING_SET) and not s.quorate:
        return replace(s, state=S.PANEL_FORMING, resumes=s.state)
    return s


def after(step: Step, s: Standing, person: Any, today: date, a: Answer = NOTHING) -> Standing:
    """It, after ``person`` took ``step``. Only for a step that ``refusal`` lets through."""
    do = _AFTER.get(step)
    return do(s, person, today, a) if do else s


def was_told(s: Standing) -> Standing:
    """It, once everybody it is about was told: by a disclosure, or in another way that is on record."""
    return replace(s, told=True)


def _form(s: Standing, person: Any, today: date, a: Answer) -> Standing:
    for who in sorted(s.fallen, key=str):
        s = without(s, who, SeatStatus.LEFT)
    known = {seat.person for seat in s.seats if seat.panel == s.panel}
    asked = tuple(Seat(who, s.panel, SeatStatus.ASKED) for who in sorted(a.asked - known, key=str))
    return settled(replace(s, state=S.PANEL_FORMING if s.state == S.SUBMITTED else s.state, seats=s.seats + asked))


def _declare(s: Standing, person: Any, today: date, a: Answer) -> Standing:
    if not a.free:
        return without(s, person, SeatStatus.CONNECTED)
    return replace(s, seats=_with(s, frozenset({person}), s.panel, SeatStatus.FREE))


def _seated(s: Standing, person: Any, today: date, a: Answer) -> Standing:
    overlap = s.overlap or (s.panel == Panel.APPEAL and bool(a.people & s.sat_first))
    state = s.state if s.state == S.APPEAL_OPEN else s.resumes or S.PANEL_FORMING
    return replace(s, seats=_with(s, a.people, s.panel, SeatStatus.SEATED), state=state, resumes=None, overlap=overlap)


def _chair(s: Standing, person: Any, today: date, a: Answer) -> Standing:
    return replace(s, seats=tuple(replace(x, chairs=x.person == a.person) if x.panel == s.panel else x for x in s.seats))


def _release(s: Standing, person: Any, today: date, a: Answer) -> Standing:
    first = s.panel == Panel.FIRST
    ended = {SeatStatus.SEATED: SeatStatus.DONE, SeatStatus.ASKED: SeatStatus.STOOD_DOWN, SeatStatus.FREE: SeatStatus.STOOD_DOWN}
    seats = tuple(replace(x, status=ended.get(x.status, x.status)) if x.panel == s.panel else x for x in s.seats)
    return replace(
        s, seats=seats, state=S.DECIDED if first else S.APPEAL_DECIDED, hearing=None, drafter=None, investigator=None,
        appeal_until=a.until if first else s.appeal_until,
    )  # fmt: skip


def _appeal(s: Standing, person: Any, today: date, a: Answer) -> Standing:
    late = s.appeal_until is None or today > s.appeal_until
    return replace(s, appeal_asked=True, state=s.state if late else S.APPEAL_OPEN, found=s.found if late else frozenset())


def _hearing(s: Standing, person: Any, today: date, a: Answer) -> Standing:
    return replace(s, hearing=a.on, state=s.state if s.state == S.APPEAL_OPEN else S.HEARING_SET)


def ended(s: Standing) -> Standing:
    """It, once the concern was withdrawn or took another route."""
    over = {SeatStatus.SEATED: SeatStatus.LEFT, SeatStatus.ASKED: SeatStatus.STOOD_DOWN, SeatStatus.FREE: SeatStatus.STOOD_DOWN}
    return replace(
        s, state=S.CLOSED, seats=tuple(replace(x, status=over.get(x.status, x.status), chairs=False) for x in s.seats), hearing=None,
        investigator=None,
    )  # fmt: skip


_AFTER = {
    Step.FORM_PANEL: _form,
    Step.DECLARE: _declare,
    Step.SEAT_PANEL: _seated,
    Step.CHOOSE_CHAIR: _chair,
    Step.LEAVE_PANEL: lambda s, p, t, a: without(s, p, SeatStatus.CONNECTED if a.reason else SeatStatus.LEFT),
    Step.LIST_ALLEGATIONS: lambda s, p, t, a: replace(s, points=s.points + 1),
    Step.INVESTIGATE: lambda s, p, t, a: replace(s, investigator=a.person, state=S.INVESTIGATING),
    Step.FILE_REPORT: lambda s, p, t, a: replace(s, investigator=None, reported=True),
    Step.SET_HEARING: _hearing,
    Step.POSTPONE_HEARING: lambda s, p, t, a: replace(s, hearing=a.on),
    Step.DRAFT_DECISION: lambda s, p, t, a: replace(s, drafter=p, found=a.found, outcome=a.outcome),
    Step.RELEASE_DECISION: _release,
    Step.APPEAL: _appeal,
    Step.ADMIT_APPEAL: lambda s, p, t, a: replace(s, state=S.APPEAL_OPEN, found=frozenset()),
    Step.CLOSE: lambda s, p, t, a: replace(s, state=S.CLOSED),
}
