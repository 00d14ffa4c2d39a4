"""Guessing, colliding, asking for nothing: what somebody may try who knows the address bar."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.http import Http404

from concerns import casefile, policy, queries
from concerns.models import Concern, Document, Event, Narrative, Participation
from concerns.models.concern import REFERENCE_ALPHABET, new_reference
from councils.models import Person
from tests import seeds
from tests.factories.concerns import by
from tests.fuzz import PARTS
from tests.matrix.cells import STEPS, address, ask, same
from tests.matrix.table import CIRCLES
from tests.matrix.world import World

pytestmark = pytest.mark.django_db


def insiders(case: str) -> set[str]:
    raiser, readers, status = CIRCLES[case]
    return {raiser, *readers, *status} - {""}


def test_two_thousand_guessed_ids_open_nothing(world: World) -> None:
    chance = seeds.chance("guesses")
    real = [case.pk for case in world.cases.values()]
    guesses = [UUID(int=pk.int ^ (1 << chance.randrange(128))) for pk in real for _ in range(60)]  # one bit off a real one
    guesses += [UUID(int=pk.int + chance.choice((-1, 1)) * chance.randrange(1, 2**20)) for pk in real for _ in range(20)]
    guesses += [UUID(int=chance.getrandbits(128)) for _ in range(PARTS["ids"] - len(guesses))]
    tried = 0
    with by(world.town["chair"]):
        assert queries.load(world.cases["running"].pk, person=world.town["chair"])  # the loader does find what is there
        for guess in guesses:
            with pytest.raises(Http404):
                queries.load(guess, person=world.town["chair"])
            tried += 1
    assert tried == PARTS["ids"] == 2_000


def test_loader_and_wall_let_in_exactly_the_circle(world: World) -> None:
    for name, case in world.cases.items():
        for who, person in world.people.items():
            if person is None:
                continue
            inside = who in insiders(name)
            with by(person):
                assert Concern.objects.filter(pk=case.pk).exists() == inside, (who, name)  # the second wall alone
                assert policy.visible_to(person).filter(pk=case.pk).exists() == inside, (who, name)
                if not inside:
                    for model in (Narrative, Document, Participation, Event):
                        assert not model.objects.filter(concern_id=case.pk).exists(), (who, name, model)
                    with pytest.raises(Http404):
                        queries.load(case.pk, person=person)
                    with pytest.raises(Http404):
                        casefile.lock(case.pk, by=person)


@pytest.mark.parametrize("nothing", [None, "", 0, "0", b"", [], False, "None", "../", 1.5, object()])
def test_no_id_is_no_case(world: World, nothing: Any) -> None:
    person = world.town["chair"]
    with by(person):
        with pytest.raises(Http404):
            queries.load(nothing, person=person)
        with pytest.raises(Http404):
            casefile.lock(nothing, by=person)


def test_the_database_without_a_person_shows_no_case(world: World) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for nobody in ("", str(uuid4())):
            cursor.execute("SELECT set_config('portal.person', %s, true)", [nobody])
            for model in (Concern, Narrative, Document, Participation, Event):
                assert model.objects.count() == 0, (nobody, model)


def test_a_reference_is_unique_and_gives_nothing_away(world: World) -> None:
    """It is random, and whoever hits one that is taken learns only that a random draw has to be made again."""
    made = {new_reference() for _ in range(5_000)}
    assert len(made) == 5_000
    assert all(set(reference) <= set(REFERENCE_ALPHABET) | {"-"} and len(reference) == 9 for reference in made)
    unique = {
        (model.__name__, field.name)
        for model in (Concern, Narrative, Document, Participation, Event)
        for field in model._meta.fields
        if field.unique and not field.primary_key and not isinstance(field, models.OneToOneField)
    }
    assert unique == {("Concern", "reference")}
    outsider = world.people["outsider"]
    assert outsider is not None
    taken = world.cases["running"]
    with by(outsider), pytest.raises((IntegrityError, connection.Database.Error)), transaction.atomic():
        Concern(pk=taken.pk, council=taken.concern.council, raiser=outsider, raiser_role="officer", reference=taken.concern.reference,
                created_at=taken.concern.created_at, updated_at=taken.concern.updated_at).save(force_insert=True)  # fmt: skip


def test_no_page_lets_anybody_type_a_reference_or_an_id(world: World) -> None:
    from concerns.forms.steps import FORMS

    for form in FORMS.values():
        assert not {"reference_of", "id", "pk", "concern", "concern_id", "by"} & set(form.base_fields)
    assert len(FORMS) == len(STEPS)


def test_a_document_opens_only_under_its_own_case(world: World) -> None:
    mine, other = world.cases["running"], world.cases["settled"]
    for case, file in ((mine, other.files[0]), (other, mine.files[0])):
        for who in ("chair", "clerk", "councillor6", "councillor7"):
            answer = ask(world, who, "get", f"/concerns/{case.pk}/documents/{file}/")
            assert answer.status_code == 404, (who, case.name)


def test_every_404_is_the_same_page_for_everybody(world: World) -> None:
    case = world.cases["grievance"]
    first = ask(world, "admin", "get", "/no/such/page/")
    assert first.status_code == 404
    for who in ("admin", "operator", "superuser", "councillor8", "outsider", "twoplaces", "former", "clerk"):
        urls = ["/no/such/page/", f"/concerns/{uuid4()}/", f"/concerns/{uuid4()}/do/accept/", "/c/nowhere/", f"/c/nowhere/people/{uuid4()}/"]
        if who not in insiders("grievance"):
            urls += [address("concerns:page", case), address("concerns:do", case, action="add_note"), address("concerns:document", case)]
        for url in urls:
            same(ask(world, who, "get", url), first)


def test_an_account_that_is_switched_off_finds_nothing_from_the_next_request(world: World) -> None:
    person, case = world.town["chair"], world.cases["running"]
    url = address("concerns:page", case)
    assert ask(world, "chair", "get", url).status_code == 200
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_active=False)
        answer = ask(world, "chair", "get", url)
        assert answer.status_code in (302, 404)
        assert case.concern.reference not in answer.content.decode()
        person.is_active = False
        with by(person):
            assert not policy.visible_to(person).exists()
        person.is_active = True
        transaction.set_rollback(True)


def test_a_panel_member_who_declares_a_conflict_is_out_on_the_next_request(world: World) -> None:
    case = world.cases["grievance"]
    url = address("concerns:page", case)
    with transaction.atomic():
        assert ask(world, "councillor2", "get", url).status_code == 200
        done = ask(world, "councillor2", "post", address("concerns:do", case, action="declare_conflict"), keep=True)
        assert done.status_code == 302 and done["Location"] == "/"
        assert ask(world, "councillor2", "get", url).status_code == 404
        assert case.concern.reference not in ask(world, "councillor2", "get", "/").content.decode()
        transaction.set_rollback(True)


def test_those_who_know_only_stage_and_dates_read_nothing_that_anybody_said(world: World) -> None:
    for case, who, reader in (("grievance", "councillor2", "manager"), ("nobody", "vice", "councillor6"), ("discipline", "twoplaces", "clerk")):
        url = address("concerns:page", world.cases[case])
        known, read = (ask(world, name, "get", url).content.decode() for name in (who, reader))
        assert "spoken of in public" in read and "spoken of in public" not in known, case
        assert "Wilma Kanariwitness" in read and "Wilma Kanariwitness" not in known, case
        assert ("It was tried and didn" in read) == (case != "nobody"), case
        assert "It was tried and didn" not in known, case
