"""Lodging a concern against five bare inserts.

Lodging: the action behind "Send", from a finished draft, with the transaction that names the person. It checks, resolves
the route for today's people, pins the protocol, shuts out whoever has a conflict, grants, records and notifies.
Bare: the same transaction with five rows of the same kinds (concern, narrative, grant, event, notice) written by the ORM,
as a role without row security, with none of that.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle

from django.contrib.auth.models import Permission
from django.db import transaction

from concerns.actions import intake
from concerns.enums import EventType, NoticeKind, SaidInPublic, WiderCircle
from concerns.models import Concern, ConcernUserObjectPermission, Event, Narrative, Notice
from councils.models import Person
from councils.rls import as_person, set_person
from tests.bench.load import FREE_ROLE, NOW, Size
from tests.bench.measure import WARM_UP, medians, ratio
from tests.bench.place import Place
from tests.factories.councils import Town, town

ROUNDS = 60
RAISERS = [f"councillor{n}" for n in range(1, 9)]  # turn by turn: nobody raises sixty concerns
GOAL = 2.0
TEXT = "What happened, in a paragraph or so. " * 8


def run(place: Place, size: Size) -> list[tuple[str, float, float, bool]]:
    """Takes where to run and at which size; returns the one figure."""
    with place.at(size):
        weston = town("weston", now=NOW)
        raisers = cycle([weston[name] for name in RAISERS])
        drafts = iter([_draft(weston, raiser) for raiser, _ in zip(raisers, range(WARM_UP + ROUNDS), strict=False)])
        version = weston.version

    view = Permission.objects.using("default")

    def lodge() -> None:
        with place.at(size):
            _lodge(next(drafts))

    def bare() -> None:
        with place.at(size, FREE_ROLE):
            _bare(weston, version.pk, permission)

    with place.at(size):
        permission = view.get(codename="view_concern").pk
    took = medians(rounds=ROUNDS, lodge=lodge, bare=bare)
    return [ratio("lodging_vs_five_inserts", took["lodge"] / took["bare"], GOAL)]


def _draft(weston: Town, raiser: Person) -> Concern:
    with as_person(raiser):
        concern = intake.start_draft(council=weston.council, by=raiser, now=NOW)
        return intake.save_draft(
            concern_id=concern.pk, by=raiser, now=NOW, subjects=[weston["officer1"]], topic="conduct", happened_on=NOW.date(),
            said_in_public=SaidInPublic.NO, where_said="", chosen_token="role:chair_of_council", what_happened=TEXT,
            wanted_outcome=TEXT,
        )  # fmt: skip


def _lodge(draft: Concern) -> None:
    raiser = draft.raiser
    with transaction.atomic():
        set_person(raiser.pk)
        intake.submit(
            concern_id=draft.pk, by=raiser, now=NOW + timedelta(hours=1), wider_circle=WiderCircle.ASK_FIRST,
            private_confirmed=True, constructive_confirmed=True,
        )  # fmt: skip


def _bare(weston: Town, version: object, permission: int) -> None:
    raiser, chair = weston["councillor3"], weston["chair"]
    with transaction.atomic():
        concern = Concern.objects.create(
            council=weston.council, raiser=raiser, raiser_role="councillor", topic="conduct", created_at=NOW, updated_at=NOW
        )
        Narrative.objects.create(concern=concern, what_happened=TEXT, wanted_outcome=TEXT)
        ConcernUserObjectPermission.objects.create(content_object=concern, user=raiser, permission_id=permission)
        Event.objects.create(concern_id=concern.pk, type=EventType.LODGED, at=NOW, by_id=raiser.pk, by_name=raiser.full_name)
        Notice.objects.create(concern=concern, person=chair, kind=NoticeKind.RECEIVED, created_at=NOW, due_at=NOW)
