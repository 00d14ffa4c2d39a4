"""Somebody's own data: all of it, nobody else's, released by a second person, and never a concern they may not know of."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from concerns.domain.naming import names_in
from councils.errors import Refusal
from councils.models import Person
from councils.rls import system_work
from rights import dues, tasks
from rights.actions import access
from rights.domain.redaction import MARK, without_names
from rights.models import ExportItem, Seat, SubjectRequest
from tests.factories.concerns import CANARY, by, lodge
from tests.factories.councils import Town
from tests.rights.conftest import COUNCILS, act, keepers

assert COUNCILS
pytestmark = pytest.mark.django_db


def gathered(town: Town, who: str, keeper: str) -> SubjectRequest:
    asked = act(town[who], access.ask_access, council=town.council)
    act(town[keeper], access.gather, row_id=asked.pk)
    tasks.look()
    return asked


def items(town: Town, keeper: str, asked: SubjectRequest) -> list[ExportItem]:
    with by(town[keeper]):
        return list(ExportItem.objects.filter(request=asked))


def decide(town: Town, keeper: str, asked: SubjectRequest, **answers: Any) -> None:
    for item in items(town, keeper, asked):
        if not item.verdict:
            act(town[keeper], access.decide_item, row_id=asked.pk, item=item, **{"verdict": "give", **answers})


def refused(person: Person, action: Any, /, **answers: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act(person, action, **answers)
    return str(caught.value.message)


def test_answer_holds_what_they_wrote_and_nobody_elses_name(town: Town) -> None:
    keepers(town, "clerk", "deputy")
    subject, other = town["councillor6"], town["councillor2"]
    story = f"{CANARY}: {subject.full_name} shouted at me. {other.full_name.split()[-1]} saw it; write to {other.email}."
    lodge(town, town["officer1"], subject, text=story, witnesses=[other])
    asked = gathered(town, "officer1", "clerk")
    decide(town, "clerk", asked)
    act(town["clerk"], access.prepare, row_id=asked.pk)
    assert refused(town["clerk"], access.release, row_id=asked.pk, sure=True) == "It takes a second person: another records keeper does this."
    done = act(town["deputy"], access.release, row_id=asked.pk, sure=True)
    content = act(town["officer1"], access.fetch, row=done)
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert sorted(archive.namelist()) == ["your-data.json", "your-data.pdf"]
    told = json.loads(archive.read("your-data.json"))
    words = json.dumps(told, ensure_ascii=False)
    assert f"{CANARY}: {MARK} {MARK} shouted at me. {MARK} saw it; write to {MARK}" in words
    assert town["officer1"].email in words
    for person in town.people.values():
        if person.pk != town["officer1"].pk:
            assert person.full_name not in words and person.email not in words, person
    assert archive.read("your-data.pdf")[:5] == b"%PDF-"
    with by(town["clerk"]):
        assert SubjectRequest.objects.get(pk=asked.pk).state == "RELEASED"


def test_subject_who_was_not_told_learns_nothing(town: Town) -> None:
    keepers(town, "clerk", "deputy")
    concern = lodge(town, town["officer1"], town["councillor6"])
    asked = gathered(town, "councillor6", "clerk")
    found = items(town, "clerk", asked)
    (untold,) = [item for item in found if item.source == "untold"]
    assert (untold.verdict, untold.ground, str(untold.body or "")) == ("withhold", "protective", "")
    assert all(CANARY not in str(item.body) for item in found)
    assert "haven’t been told" in refused(town["clerk"], access.decide_item, row_id=asked.pk, item=untold, verdict="give")
    with by(town["clerk"]), pytest.raises(DatabaseError, match="rights_item_untold_is_withheld"), transaction.atomic():
        ExportItem.objects.filter(pk=untold.pk).update(verdict="give")
    decide(town, "clerk", asked)
    act(town["clerk"], access.prepare, row_id=asked.pk)
    content = act(town["councillor6"], access.fetch, row=act(town["deputy"], access.release, row_id=asked.pk, sure=True))
    with_nothing = act(town["councillor1"], access.ask_access, council=town.council)
    archive = zipfile.ZipFile(io.BytesIO(content))
    told = json.loads(archive.read("your-data.json"))
    assert concern.reference not in content.decode("latin-1") and CANARY not in json.dumps(told)
    assert [row["kind"] for row in told["items"]] == ["Your account", "What you hold here"]  # as for somebody nothing was said of
    # and whoever asked sees neither items nor who deals with it
    with by(town["councillor6"]):
        assert (ExportItem.objects.count(), Seat.objects.count()) == (0, 0)
        assert SubjectRequest.objects.filter(pk=with_nothing.pk).count() == 0


def test_party_to_a_case_with_them_neither_sees_nor_releases_it(town: Town) -> None:
    keepers(town, "clerk", "deputy", "councillor6", "officer1")
    lodge(town, town["officer1"], town["councillor6"])
    asked = act(town["officer1"], access.ask_access, council=town.council)
    seen = {}
    for name in ("clerk", "deputy", "councillor6", "officer1", "admin"):
        with by(town[name]):
            seen[name] = (SubjectRequest.objects.filter(pk=asked.pk).count(), Seat.objects.filter(about_id=asked.pk).count())
    assert seen == {"clerk": (1, 2), "deputy": (1, 2), "councillor6": (0, 0), "officer1": (1, 0), "admin": (0, 0)}
    # a concern raised meanwhile puts a records keeper out at once
    lodge(town, town["councillor2"], town["deputy"], witnesses=[town["officer1"]])
    with by(town["deputy"]):
        assert SubjectRequest.objects.filter(pk=asked.pk).count() == 0
    assert refused(town["officer1"], access.gather, row_id=asked.pk) == "This step isn’t yours."


def test_database_holds_the_second_person_too(town: Town) -> None:
    keepers(town, "clerk", "deputy")
    asked = gathered(town, "officer1", "clerk")
    with by(town["officer1"]), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.action', 'x', true)")
        with pytest.raises(DatabaseError, match="nobody answers their own request"), transaction.atomic():
            cursor.execute("UPDATE rights_subjectrequest SET state = 'PREPARED', prepared_by_id = %s WHERE id = %s", [town["officer1"].pk, asked.pk])
        with pytest.raises(DatabaseError, match="nobody answers their own request"), transaction.atomic():
            cursor.execute("UPDATE rights_subjectrequest SET package = 'x' WHERE id = %s", [asked.pk])
    with system_work(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rights_exportitem WHERE request_id = %s", [asked.pk])
        assert cursor.fetchone()[0] >= 2
    decide(town, "clerk", asked)
    act(town["clerk"], access.prepare, row_id=asked.pk)
    for who in ("clerk", "officer1"):
        with by(town[who]), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.action', 'x', true)")
            with pytest.raises(DatabaseError, match="another records keeper|own request"), transaction.atomic():
                cursor.execute("UPDATE rights_subjectrequest SET state = 'RELEASED', released_by_id = %s WHERE id = %s", [town[who].pk, asked.pk])
    act(town["deputy"], access.release, row_id=asked.pk, sure=True)
    with by(town["deputy"]), pytest.raises(DatabaseError, match="stays as it was found"), transaction.atomic():
        ExportItem.objects.filter(request=asked).update(verdict="withhold", ground="privilege")


def test_month_runs_from_receipt_stands_still_for_a_question_and_is_lengthened_once(town: Town) -> None:
    keepers(town, "clerk", "deputy")
    asked = act(town["officer1"], access.ask_access, council=town.council, now=datetime(2026, 1, 30, 12, tzinfo=UTC))
    assert dues.access_due(asked, date(2026, 2, 1)) == date(2026, 3, 2)  # no 30 February: the last, a Saturday, then Monday
    act(town["clerk"], access.clarify, row_id=asked.pk, question="Which year?", now=datetime(2026, 2, 2, 12, tzinfo=UTC))
    answered = act(town["officer1"], access.answer_clarification, row_id=asked.pk, answer="2025", now=datetime(2026, 2, 6, 12, tzinfo=UTC))
    assert dues.access_due(answered, date(2026, 2, 6)) == date(2026, 3, 6)
    late = datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert refused(town["clerk"], access.extend, row_id=asked.pk, reason="much", now=late).startswith("The first month is over")
    longer = act(town["clerk"], access.extend, row_id=asked.pk, reason="much", now=late - timedelta(days=3))
    assert dues.access_due(longer, date(2026, 3, 6)) == date(2026, 5, 5)  # 30 April, and four days on; a bank holiday on the 4th
    assert refused(town["clerk"], access.extend, row_id=asked.pk, reason="more", now=late - timedelta(days=3)) == "More time was taken already."
    with system_work():
        (due,) = dues.dues(asked.pk, date(2026, 3, 6))[1]  # type: ignore[index]
    assert (due.kind, due.due_on, set(due.owners)) == ("subject_access", date(2026, 5, 5), {town["clerk"].pk, town["deputy"].pk})


def test_copy_given_out_goes_with_its_case_and_after_ninety_days(town: Town) -> None:
    keepers(town, "clerk", "deputy")
    asked = gathered(town, "officer2", "clerk")
    decide(town, "clerk", asked)
    act(town["clerk"], access.prepare, row_id=asked.pk)
    act(town["deputy"], access.release, row_id=asked.pk, sure=True)
    with system_work():
        SubjectRequest.objects.filter(pk=asked.pk).update(closed_at=datetime.now(UTC) - timedelta(days=91))
    tasks.retire()
    with by(town["officer2"]):
        kept = SubjectRequest.objects.get(pk=asked.pk)
        assert (kept.package, kept.state, len(kept.sha256)) == (None, "RELEASED", 64)
    assert refused(town["officer2"], access.fetch, row=kept) == "It isn’t kept any more. Ask again if you need it."


@pytest.mark.parametrize(
    ("text", "names", "own", "left"),
    [
        ("Ann O’Neill planned it", ["Ann O'Neill"], "", f"{MARK} {MARK} planned it"),
        ("mrs Smith-Jones and I", ["Jane Smith-Jones"], "", f"mrs {MARK} and I"),
        ("It may be that May said so", ["May Hall"], "", f"It may be that {MARK} said so"),
        ("Ann Smith told Joan Smith", ["Joan Smith"], "Ann Smith", f"Ann Smith told {MARK} Smith"),
        ("Ask j.doe@x.example about K7QF-2M9X", [], "", f"Ask {MARK} about {MARK}"),
        ("S.m.i.t.h was there", ["Jo Smith"], "", f"{MARK} was there"),
        ("Jo said so to Jo's friend Ng, also to NG", ["Jo Ng"], "", f"{MARK} said so to {MARK} friend {MARK}, also to {MARK}"),
        ("Do as we do, Mr Po", ["Mr Al Po"], "", f"Do as we do, Mr {MARK}"),
        ("Jo told Ed", ["Ed Jones"], "Jo Smith", f"Jo told {MARK}"),
        ("Sia\u0302n and Smi\u00adth, S\u200bmith", ["Siân Smith"], "", f"{MARK} and {MARK}, {MARK}"),
    ],
)  # fmt: skip
def test_names_are_taken_out_as_a_reader_would_find_them(text: str, names: list[str], own: str, left: str) -> None:
    assert without_names(text, names, own=own)[0] == left


def test_seat_is_told_once(town: Town) -> None:
    keepers(town, "clerk", "deputy")
    act(town["officer1"], access.ask_access, council=town.council)
    tasks.look()
    tasks.look()
    with system_work(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM concerns_notice WHERE concern_id IS NULL AND person_id IN (%s, %s)", [town["clerk"].pk, town["deputy"].pk])
        assert cursor.fetchone() == (2,)


@pytest.mark.parametrize("text", ["ab." * 16_000, "Jo-" * 16_000, "a\u0301" * 24_000, "x" * 50_000])
def test_long_word_is_searched_for_names_at_once(text: str) -> None:
    began = perf_counter()
    without_names(text, ["Jo Ng", "Siân Smith"])
    names_in(text, ["Jo Ng", "Siân Smith"])
    assert perf_counter() - began < 3
