"""A council with every kind of case and every kind of person, each secret with a canary of its own in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from concerns import plan, queries
from concerns.actions import intake, papers
from concerns.enums import Action, SaidInPublic, State, WiderCircle
from concerns.models import Concern
from councils.models import Person
from tests.factories.concerns import NOW, by, do
from tests.factories.councils import (
    AppointmentFactory,
    CouncilFactory,
    PersonFactory,
    ProtocolVersionFactory,
    Town,
    in_force,
)
from tests.factories.kept import towns

CANARY = re.compile(r"kanari-([a-z]+)-([a-z]+)", re.IGNORECASE)
AWAY = datetime(2025, 8, 11, 12, 0, tzinfo=UTC)  # the deputy stands in for the clerk from the 4th to the 22nd
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def canary(case: str, name: str) -> str:
    """The secret planted in one field of one case."""
    return f"kanari-{case}-{name}"


@dataclass
class Case:
    """One concern of the world. ``files`` are its documents' ids."""

    name: str
    concern: Concern
    files: list[Any] = field(default_factory=list)

    @property
    def pk(self) -> Any:
        return self.concern.pk


@dataclass
class World:
    """``people`` by name (None is a visitor), ``cases`` by name, ``clients`` signed in once."""

    town: Town
    people: dict[str, Person | None]
    cases: dict[str, Case]
    clients: dict[str, Client] = field(default_factory=dict)

    def sign_in(self) -> None:
        """Give everybody a browser; each has been used once, so that no later answer sets the session's cookie."""
        for name, person in self.people.items():
            self.clients[name] = browser = Client()
            if person is not None:
                browser.force_login(person, backend=BACKEND)
                browser.get(reverse("privacy"))

    def client(self, name: str) -> Client:
        """That person's browser."""
        return self.clients[name]


def _extra(where: Town) -> dict[str, Person | None]:
    """Those whom the demonstration doesn't have."""
    council = where.council
    other = CouncilFactory(key="otherplace", name="Otherplace Council")
    in_force(ProtocolVersionFactory(council=other, label="Otherplace 2025"))
    people = {
        "leaver": PersonFactory(full_name="Lester Leaver", email="leaver@weston.example"),
        "double": PersonFactory(full_name="Dora Double", email="double@weston.example"),
        "twoplaces": PersonFactory(full_name="Tina Twoplaces", email="two@weston.example"),
        "outsider": PersonFactory(full_name="Oscar Outsider", email="out@otherplace.example"),
        "operator": PersonFactory(full_name="Opal Operator", email="op@portal.example", is_operator=True),
        "superuser": PersonFactory(full_name="Sue Superuser", email="su@portal.example", is_superuser=True, is_operator=True),
        "witness": PersonFactory(full_name="Wilma Kanariwitness", email="witness@weston.example"),
    }
    AppointmentFactory(council=council, person=people["leaver"], ends_on=date(2026, 1, 10))
    AppointmentFactory(council=council, person=people["double"], role="protocol_admin")
    AppointmentFactory(council=council, person=people["double"], role="councillor")
    AppointmentFactory(council=council, person=people["twoplaces"], role="councillor")
    AppointmentFactory(council=other, person=people["twoplaces"], role="protocol_admin")
    AppointmentFactory(council=council, person=people["witness"], role="officer")
    AppointmentFactory(council=other, person=people["outsider"], role="proper_officer")
    return {**people, "visitor": None}


def _draft(
    where: Town,
    name: str,
    raiser: Person,
    subjects: Person | Iterable[Person],
    *,
    topic: str = "conduct",
    token: str | None = None,
    now: datetime = NOW,
    connected: Iterable[Person] | None = None,
    witnesses: Iterable[Person] | None = None,
) -> Case:
    """A draft with a canary in each answer, and a file with canaries in its name and content."""
    named = [subjects] if isinstance(subjects, Person) else list(subjects)
    mine: dict[str, Any] = {"by": raiser, "now": now}
    with by(raiser):
        concern = intake.start_draft(council=where.council, **mine)
        mine["concern_id"] = concern.pk
        intake.save_draft(
            **mine, subjects=named, topic=topic, happened_on=now.date(), said_in_public=SaidInPublic.OTHERS,
            where_said=canary(name, "where"), what_happened=canary(name, "happened"), wanted_outcome=canary(name, "wanted"),
            chosen_token=token, connected=connected, witnesses=witnesses,
        )  # fmt: skip
        file = papers.add_document(**mine, name=f"{canary(name, 'filename')}.txt", content=canary(name, "file").encode())
        return Case(name, queries.load(concern.pk, person=raiser), [file.pk])


def _sent(where: Town, name: str, raiser: Person, subjects: Person | Iterable[Person], *, wider: str = WiderCircle.ASK_FIRST, **more: Any) -> Case:
    case = _draft(where, name, raiser, subjects, **more)
    now = more.get("now", NOW)
    with by(raiser):
        made = plan.for_concern(queries.load(case.pk, person=raiser), on=now.date())
        if made.resolution.mode == "any_of" and not more.get("token") and made.steps:
            intake.save_draft(concern_id=case.pk, by=raiser, now=now, chosen_token=made.steps[0].token)
        case.concern = intake.submit(
            concern_id=case.pk, by=raiser, now=now, wider_circle=wider, private_confirmed=True, constructive_confirmed=True
        )
    return case


def _cases(w: Town, people: dict[str, Any]) -> list[Case]:
    """Sixteen cases, one of each shape. Comments say what is peculiar."""
    witness, clerk, chair, manager = people["witness"], w["clerk"], w["chair"], w["manager"]
    CHAIR, CLERK = "role:chair_of_council", "role:proper_officer"
    cases = [
        _draft(w, "draft", w["councillor3"], w["officer1"], token=CLERK, witnesses=[witness]),
        _sent(w, "clerk", w["councillor3"], clerk, token=CHAIR, witnesses=[witness]),
        _sent(w, "chair", w["officer2"], chair),
        # while the clerk, who is the subject, is away and the deputy stands in
        _sent(w, "acting", w["councillor4"], clerk, token=CHAIR, now=AWAY),
        # whoever raised it has left the council since
        _sent(w, "leaver", people["leaver"], w["officer1"], token=CLERK, now=NOW - timedelta(days=10)),
        # about the administrator, who is a councillor too
        _sent(w, "double", w["officer3"], people["double"]),
    ]  # fmt: skip

    # councillor4 of the panel is related to the raiser; councillor5 declares a conflict
    case = _sent(w, "grievance", w["officer2"], w["councillor8"], topic="bullying", witnesses=[witness])
    do(Action.ACCEPT, case.concern, manager, note=canary("grievance", "note"))
    do(Action.INFORMAL_OVER, case.concern, manager, kind="failed", reason=canary("grievance", "over"))
    case.concern = do(Action.START_GRIEVANCE, case.concern, w["officer2"], reason=canary("grievance", "asked"))
    do(Action.DECLARE_CONFLICT, case.concern, w["councillor5"])
    cases.append(case)

    # nobody on the route is free of a connection: the vice-chair has to find somebody
    cases.append(_sent(w, "nobody", w["councillor6"], w["deputy"], connected=[chair, clerk], witnesses=[witness], now=AWAY))

    # held and released, consent asked and answered, a conciliator's summary, notes, a paper, then settled
    case = _sent(w, "settled", w["councillor7"], w["officer1"], token=CLERK)
    do(Action.ACCEPT, case.concern, clerk, note=canary("settled", "accepted"))
    do(Action.HOLD, case.concern, clerk, until=date(2026, 2, 1), reason=canary("settled", "hold"))
    do(Action.RELEASE, case.concern, clerk, note=canary("settled", "release"))
    do(Action.ASK_CONSENT, case.concern, clerk, kind="conciliation", wording=canary("settled", "question"))
    do(Action.ANSWER_CONSENT, case.concern, w["councillor7"], agree=True, words=canary("settled", "answer"))
    mediator = case.concern.protocol_version.protocol.mediators[0].token
    do(Action.CONCILIATE, case.concern, clerk, mediator=mediator, summary=canary("settled", "summary"),
       mediator_name=canary("settled", "mediator"), other_side_agreed_on=date(2026, 1, 14))  # fmt: skip
    do(Action.ADD_NOTE, case.concern, w["councillor7"], text=canary("settled", "text"))
    case.concern = do(Action.SETTLE, case.concern, clerk, summary=canary("settled", "outcome"), raiser_agrees=True)
    cases.append(case)

    # referred as a breach of the Code, with a reason and against the raiser's silence
    case = _sent(w, "referral", w["officer3"], w["councillor2"])
    do(Action.ACCEPT, case.concern, clerk)
    do(Action.INFORMAL_OVER, case.concern, clerk, kind="failed", reason=canary("referral", "over"))
    case.concern = do(Action.REFER_CODE, case.concern, clerk, code_paragraph=canary("referral", "paragraph"), official_capacity=True,
                      reason=canary("referral", "reason"), override_reason=canary("referral", "override"))  # fmt: skip
    cases.append(case)

    cases.append(_sent(w, "several", w["councillor3"], [w["officer1"], manager, w["deputy"]], token=CHAIR))

    # shown another channel: nothing that was written stays
    case = _draft(w, "redirected", w["councillor1"], w["officer3"], token=CLERK)
    case.concern = do(Action.REDIRECT, case.concern, w["councillor1"], reason_code="police")
    cases.append(case)

    # the clerk had it and passed it on
    case = _sent(w, "passed", w["councillor5"], w["officer3"], token=CLERK, wider=WiderCircle.MAY_PASS_ON)
    case.concern = do(Action.PASS_ON, case.concern, clerk, token=CHAIR, note=canary("passed", "note"))
    cases.append(case)

    # handed to the disciplinary procedure: whoever raised it sees stage and dates from then on
    case = _sent(w, "discipline", people["twoplaces"], w["officer1"], token=CLERK, witnesses=[witness])
    do(Action.ACCEPT, case.concern, clerk)
    do(Action.INFORMAL_OVER, case.concern, clerk, kind="failed", reason=canary("discipline", "over"))
    case.concern = do(Action.START_DISCIPLINARY, case.concern, clerk, seriousness="serious", reason=canary("discipline", "reason"),
                      subject_told=True, told_on=date(2026, 1, 14), told_how="In a meeting", reference="D-1", override_reason=canary("discipline", "override"))  # fmt: skip
    cases.append(case)

    # running: on hold, a question to the raiser open, papers of the handler's
    case = _sent(w, "running", w["councillor6"], w["officer2"], token=CHAIR)
    do(Action.ACCEPT, case.concern, chair)
    do(Action.ASK_CONSENT, case.concern, chair, kind="wider_circle", wording=canary("running", "question"))
    paper = do(Action.ADD_DOCUMENT, case.concern, chair, name=f"{canary('running', 'papername')}.txt",
               content=canary("running", "paper").encode())  # fmt: skip
    case.files.append(paper.pk)
    case.concern = do(Action.HOLD, case.concern, chair, until=date(2026, 2, 1), reason=canary("running", "hold"))
    cases.append(case)

    # withdrawn, with words
    case = _sent(w, "withdrawn", w["councillor2"], w["officer3"], token=CLERK)
    case.concern = do(Action.WITHDRAW, case.concern, w["councillor2"], reason=canary("withdrawn", "reason"))
    cases.append(case)
    assert case.concern.state == State.WITHDRAWN
    return cases


def build() -> World:
    """Weston with its people, sixteen cases, another council, and those who look on. Inside a transaction."""
    where = towns(("weston",))["weston"]
    extra = _extra(where)
    people: dict[str, Person | None] = {**where.people, **extra}
    world = World(where, people, {case.name: case for case in _cases(where, extra)})
    world.sign_in()
    return world
