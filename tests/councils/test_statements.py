"""Rows written and read with statements that are planned once for a connection."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext

from councils.errors import Refusal
from councils.models import Body, Council, ProtocolVersion
from councils.statements import Question, Statement, columns, insert, read, together, update
from tests.factories.councils import CouncilFactory, ProtocolVersionFactory

pytestmark = pytest.mark.django_db
WITHOUT_CONFIG = ("id", "council", "label", "status", "content_hash")


def _council(council: Council) -> Council:
    asked = Statement("test_council", lambda: f"SELECT {columns(Council, 'k')} FROM councils_council k WHERE k.id = $1")
    return read(Council, iter(asked.ask([council.pk])[0]))


def _body(council: Council, code: str) -> Body:
    return Body(council=council, code=code, name=code.title(), quorum=2, minimum_members=3)


@transaction.atomic
def _write_together(*writes: Callable[[], object]) -> None:
    with together():
        for write in writes:
            write()


def _refuse(words: str) -> None:
    raise Refusal(words)


def test_row_read_equals_the_orms():
    kept = CouncilFactory(name="Council of Two Words", require_mfa=True)
    found = _council(kept)
    assert {f.attname: getattr(found, f.attname) for f in Council._meta.concrete_fields} == {
        f.attname: getattr(Council.objects.get(pk=kept.pk), f.attname) for f in Council._meta.concrete_fields
    }


def test_row_that_was_not_joined_is_none():
    assert read(Council, iter([None] * len(Council._meta.concrete_fields))) is None


def test_field_left_out_is_read_when_asked_for():
    version = ProtocolVersionFactory()
    words = f"SELECT {columns(ProtocolVersion, 'v', *WITHOUT_CONFIG)} FROM councils_protocolversion v WHERE v.id = $1"
    found = read(ProtocolVersion, iter(Statement("test_version", lambda: words).ask([version.pk])[0]), *WITHOUT_CONFIG)
    with CaptureQueriesContext(connection) as asked:
        assert found.config == version.config
    assert len(asked) == 1


def test_inserting_nothing_asks_nothing():
    with CaptureQueriesContext(connection) as asked:
        insert([])
    assert len(asked) == 0


def test_several_rows_are_one_statement():
    council = CouncilFactory()
    with CaptureQueriesContext(connection) as asked:
        insert([_body(council, "hr_panel"), _body(council, "staffing")])
    assert len(asked) == 1
    assert sorted(Body.objects.filter(council=council).values_list("code", "name", "quorum")) == [
        ("hr_panel", "Hr_Panel", 2), ("staffing", "Staffing", 2),
    ]  # fmt: skip


def test_row_that_is_there_stays_only_if_it_may():
    council = CouncilFactory()
    first = _body(council, "hr_panel")
    insert([first])
    again = Body(id=first.pk, council=council, code="hr_panel", name="Another", quorum=3, minimum_members=3)
    insert([again, _body(council, "staffing")], known_may_stay=True)
    assert sorted(Body.objects.filter(council=council).values_list("code", "quorum")) == [("hr_panel", 2), ("staffing", 2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([again])


def test_only_what_changed_is_written():
    council = CouncilFactory(name="Before")
    found = _council(council)
    Council.objects.filter(pk=council.pk).update(kind="parish_council")
    found.name = "After"
    update(found)
    assert Council.objects.values_list("name", "kind").get(pk=council.pk) == ("After", "parish_council")
    found.name = "Before"
    update(found)
    assert Council.objects.get(pk=council.pk).name == "Before"


def test_row_made_by_hand_is_written_whole():
    council = CouncilFactory(name="Before")
    update(Council(id=council.pk, key=council.key, name="After", kind="parish_council", jurisdiction="Wales"))
    assert Council.objects.values_list("name", "kind", "jurisdiction").get(pk=council.pk) == ("After", "parish_council", "Wales")


def test_row_that_is_gone_is_not_written_in_silence():
    council = CouncilFactory()
    found = _council(council)
    Council.objects.filter(pk=council.pk).delete()
    found.name = "After"
    with pytest.raises(DatabaseError, match="could not be written"):
        update(found)


def test_together_writes_in_order_and_counts_rows_at_the_end():
    council = CouncilFactory()
    gone = _council(CouncilFactory())
    Council.objects.filter(pk=gone.pk).delete()
    gone.name = "After"
    with pytest.raises(DatabaseError, match="could not be written"):
        _write_together(lambda: insert([_body(council, "hr_panel")]), lambda: update(gone))
    assert not Body.objects.filter(council=council).exists()
    _write_together(lambda: insert([_body(council, "hr_panel")]))
    assert Body.objects.get(council=council).code == "hr_panel"


def test_error_of_one_of_several_comes_out_and_nothing_stays():
    council = CouncilFactory()
    first = _body(council, "hr_panel")
    with pytest.raises(IntegrityError):
        _write_together(lambda: insert([first]), lambda: insert([first]), lambda: insert([_body(council, "staffing")]))
    assert not Body.objects.filter(council=council).exists()


def test_refusal_inside_comes_out_as_it_is():
    council = CouncilFactory()
    with pytest.raises(Refusal, match="no further"):
        _write_together(lambda: insert([_body(council, "hr_panel")]), partial(_refuse, "no further"))
    assert not Body.objects.filter(council=council).exists()


@pytest.mark.django_db(transaction=True)
def test_together_needs_a_transaction():
    with pytest.raises(RuntimeError, match="transaction"), together():
        pass


@Question
def _asked_again(council: UUID, word: str) -> QuerySet[Body]:
    bodies = Body.objects.filter(council_id=council, name__gte=word).select_related("council").order_by("name")
    return bodies.exclude(code="100%").prefetch_related("memberships")


def test_a_question_gives_what_its_queryset_gives_whatever_the_values(django_assert_num_queries: Any) -> None:
    one, other = CouncilFactory(), CouncilFactory()
    Body.objects.bulk_create([_body(one, "finance"), _body(one, "personnel"), _body(other, "appeals"), _body(other, "o'brien's")])
    for council, word in ((one, "G"), (other, ""), (one, ""), (other, "O'Bri"), (one, "Z%")):
        asked = _asked_again(council=council.pk, word=word)
        assert asked == list(_asked_again.make(council.pk, word))
        assert [body.council for body in asked] == [council] * len(asked)
    with django_assert_num_queries(2), CaptureQueriesContext(connection) as sent:  # the second for what is prefetched
        (body,) = _asked_again(council=one.pk, word="G")
    assert sent.captured_queries[0]["sql"].startswith("EXECUTE ")
    assert (body.name, body.council.name, list(body.memberships.all())) == ("Personnel", one.name, [])


def test_questions_of_one_function_don_t_answer_each_other() -> None:
    council = CouncilFactory()
    Body.objects.bulk_create([_body(council, "finance"), _body(council, "personnel")])

    def of(code: str) -> Question[Body]:
        def those_bodies_of_a_council_that_have_this_code_and_no_other(council: UUID) -> QuerySet[Body]:
            return Body.objects.filter(council_id=council, code=code)

        return Question(those_bodies_of_a_council_that_have_this_code_and_no_other)

    assert [[body.code for body in of(code)(council=council.pk)] for code in ("finance", "personnel")] == [["finance"], ["personnel"]]


def test_a_question_that_forgets_a_value_is_refused() -> None:
    def any_council(council: UUID) -> QuerySet[Body]:
        return Body.objects.all()

    with pytest.raises(ValueError, match="any_council asks nothing with council"):
        Question(any_council)(council=uuid4())


def test_a_question_that_hides_a_value_in_a_list_is_refused() -> None:
    def one_council(council: UUID) -> QuerySet[Body]:
        return Body.objects.filter(council_id=council).annotate(among=RawSQL("%s", [[council]]))

    with pytest.raises(ValueError, match="one_council puts a value into a list of its own"):
        Question(one_council)(council=uuid4())


@pytest.mark.django_db(transaction=True)
def test_statement_that_was_never_prepared_because_of_an_earlier_error_is_prepared_the_next_time() -> None:
    council = CouncilFactory()
    first = _body(council, "hr_panel")
    insert([first])

    def both() -> None:
        connection.connection.execute("SELECT pg_sleep(0.3)")  # so that the error comes after everything was sent
        insert([_body(council, "hr_panel")])  # the code is taken
        insert([_body(council, f"code{number}") for number in range(7)])  # a statement that no other test needs

    with pytest.raises(DatabaseError):
        _write_together(both)
    insert([_body(council, f"code{number}") for number in range(7)])

    assert Body.objects.filter(council=council).count() == 8
