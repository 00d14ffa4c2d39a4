"""Every form, given thousands of wrong answers: it never breaks, and it gives back what was typed."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms

from concerns import wording
from concerns.enums import Action
from concerns.forms import base, raising, steps
from concerns.forms.copying import CopyForm
from concerns.forms.listing import FilterForm
from councils.forms import bodies, people, protocol
from disclosures.forms import telling, told
from tests import seeds
from tests.fuzz import PARTS
from tests.fuzz.generate import answers, as_post
from tests.matrix.world import World

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 15)
ROUNDS = PARTS["forms"]


def makers(world: World) -> list[Callable[[Any], forms.Form]]:
    """Each form as its view makes it."""
    town = world.town
    some = [(town[f"councillor{n}"], f"Councillor {n}") for n in range(1, 9)]
    visit: Any = SimpleNamespace(council=town.council, person=town["admin"], on=TODAY, protocol=town.version.protocol)
    offers = base.Offers(
        today=TODAY, revision=4, people=some, next_steps=[("role:chair_of_council", "Chair"), ("role:proper_officer", "Clerk")],
        mediators=[("ext:conciliator", "Conciliator")], outcomes=[("no_case", "No case")], reopen_needs_evidence=True,
    )  # fmt: skip
    topics, said = [("conduct", "Conduct"), ("bullying", "Bullying")], list(wording.SAID_IN_PUBLIC)
    assert said
    made: list[Callable[[Any], forms.Form]] = [
        lambda data: raising.CouncilForm(data, councils=[("weston", "Weston"), ("auth5c", "5c")]),
        lambda data: raising.WhoForm(data, people=some, topics=topics, today=TODAY, caution="<b>", called_meetings=True),
        lambda data: raising.WhereForm(data, ways=[("a", "A", "hint"), ("b", "B", "hint")], people=some),
        lambda data: raising.WritingForm(data, people=some),
        lambda data: raising.WritingForm(data, people=some, finished=False),
        lambda data: raising.SendForm(data, ask_formal=True, ask_direct=True, kept_private=True, straight=False),
        lambda data: raising.SendForm(data, ask_formal=False, ask_direct=False, kept_private=False, straight=True),
        raising.ElsewhereForm,
        lambda data: FilterForm(data, topics=topics, councils=[("weston", "Weston"), ("auth5c", "5c")]),
        lambda data: people.AddPersonForm(data, visit=visit),
        lambda data: people.AppointmentForm(data, visit=visit),
        people.EndForm,
        lambda data: people.ReportingLineForm(data, visit=visit, officer=town["officer1"]),
        bodies.BodyForm,
        lambda data: bodies.BodyMemberForm(data, visit=visit),
        bodies.ExternalBodyForm,
        lambda data: bodies.OwnRelationshipForm(data, visit=visit),
        lambda data: bodies.RelationshipForm(data, visit=visit),
        told.AnswerForm,
        told.CompanionForm,
        lambda data: telling.DraftForm(data, people=some, copies=[("a", "A copy"), ("b", "Another")]),
        lambda data: telling.DiscloseForm(data, names=True),
        telling.CloseForm,
        telling.BeganForm,
        protocol.ApproveForm,
        protocol.BringIntoForceForm,
    ]
    made += [lambda data, form=form: form(data, offers=offers) for form in steps.FORMS.values()]  # type: ignore[misc]
    assert len(steps.FORMS) == len(Action) - 4  # a draft's three, and the copy's, which stands beside a file
    made += [lambda data, kind=kind: CopyForm(data, media_type=kind) for kind in ("application/pdf", "image/png", "text/plain")]  # type: ignore[misc]
    return made


def shown_again(form: forms.Form, typed: Any) -> None:
    """Each text that was typed is in the page again, but for characters that a page can't hold."""
    page = html.unescape(str(form))
    for name, field in form.fields.items():
        if not isinstance(field, forms.CharField) or name == "revision" or name not in typed:
            continue
        text = typed[name].replace("\x00", "").replace("\r", "")
        assert text.strip() in page.replace("\r", ""), (type(form).__name__, name)


def test_forms_take_any_answers_and_give_them_back(world: World) -> None:
    chance = seeds.chance("forms")
    strangers = [str(person.pk) for person in world.people.values() if person is not None]
    made = makers(world)
    tried = wrong = 0
    for number in range(ROUNDS):
        make = made[number % len(made)]
        data = as_post(answers(chance, make(None), strangers))
        form = make(data)
        valid = form.is_valid()
        tried += 1
        wrong += not valid
        if valid:
            assert all("\x00" not in value for value in form.cleaned_data.values() if isinstance(value, str))
        elif number % 10 == 3:
            shown_again(form, data)
    assert tried == ROUNDS
    assert wrong > ROUNDS / 4  # most of it is wrong, and some of it right
    assert wrong < ROUNDS
