"""The addresses of a file's copies, for every person of the matrix's world: the row holds, and nobody else's secret is there."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from concerns.actions import copies
from concerns.models import DisclosedCopy
from tests.factories.concerns import by
from tests.matrix.cells import ask, canaries, check_title, plain, references, same
from tests.matrix.conftest import world
from tests.matrix.rows_documents import ROUTES
from tests.matrix.table import METHODS, kind_of
from tests.matrix.world import Case, World

__all__ = ["world"]
pytestmark = pytest.mark.django_db
# case: who deals with it now, and so may make copies
HANDLERS: dict[str, set[str]] = {
    "grievance": {"clerk", "manager"}, "referral": {"clerk"}, "discipline": {"clerk"}, "running": {"chair"}, "settled": {"clerk"},
    "clerk": set(),
}  # fmt: skip


def addresses(case: Case, copy: Any) -> dict[str, str]:
    mine = {"concern": case.pk, "document": case.files[0]}
    return {"concerns:copy-new": reverse("concerns:copy-new", kwargs=mine), "concerns:copy": reverse("concerns:copy", kwargs={**mine, "copy": copy})}


def held(who: str, case: str) -> str:
    kind = kind_of(who, case)
    return "handler" if who in HANDLERS[case] else kind


@pytest.mark.parametrize("name", list(HANDLERS))
def test_copies_answer_each_person_as_the_row_says(world: World, name: str) -> None:
    case = world.cases[name]
    maker = next(iter(sorted(HANDLERS[name])), None)
    with transaction.atomic():
        copy: Any = uuid4()
        if maker:
            person = world.people[maker]
            with by(person):
                copy = copies.make_copy(concern_id=case.pk, by=person, now=timezone.now(), document_id=case.files[0]).pk
        for route, url in addresses(case, copy).items():
            if route == "concerns:copy" and not maker:
                continue
            none = addresses(Case("none", type(case.concern)(id=uuid4()), [uuid4()]), uuid4())[route]
            nowhere = {method: ask(world, "outsider", method, none) for method in METHODS}
            for who in world.people:
                kind = held(who, name)
                for method, wanted in zip(METHODS, ROUTES[route][kind].split(), strict=True):
                    answer = ask(world, who, method, url)
                    where = f"{who} · {method} {url}"
                    if wanted == "login":
                        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={url}"), where
                    else:
                        assert answer.status_code == int(wanted), where
                    if wanted == "404":
                        same(answer, nowhere[method])
                    if kind == "visitor" and wanted == "401":
                        assert plain(answer) == plain(ask(world, who, method, none))
                    inside = kind in ("handler", "raiser", "reads")
                    assert canaries(answer) <= ({name} if inside else set()), where
                    assert references(world, answer) <= ({name} if inside else set()), where
                    assert answer["Cache-Control"] == "no-store, private", where
                    check_title(world, answer)
        transaction.set_rollback(True)


def test_a_copy_opens_only_under_its_own_file_and_case(world: World) -> None:
    case, other = world.cases["running"], world.cases["settled"]
    person = world.people["chair"]
    with transaction.atomic():
        with by(person):
            copy = copies.make_copy(concern_id=case.pk, by=person, now=timezone.now(), document_id=case.files[0])
            assert DisclosedCopy.objects.count() == 1
        for concern, document in ((case.pk, other.files[0]), (other.pk, case.files[0]), (other.pk, other.files[0]), (case.pk, uuid4())):
            url = reverse("concerns:copy", kwargs={"concern": concern, "document": document, "copy": copy.pk})
            assert ask(world, "chair", "get", url).status_code == 404
        url = reverse("concerns:copy", kwargs={"concern": case.pk, "document": case.files[0], "copy": copy.pk})
        assert ask(world, "chair", "get", url).status_code == 200
        transaction.set_rollback(True)
