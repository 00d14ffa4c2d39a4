"""Destroying a case takes two persons, its time and nothing that stands against it; and then nothing of it is left anywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from concerns.enums import Action
from concerns.management.commands.rotate_field_keys import encrypted_columns
from concerns.models import Concern
from concerns.models.encrypted import EncryptedBinaryField, decrypt
from councils.errors import Refusal
from councils.models import Council, Person, ProtocolVersion
from councils.rls import system_work
from protocol_portal.trail import digest, proof
from rights import tasks
from rights.actions import access, keeping, purging
from rights.models import Disposal, LegalHold, Seat, Tombstone
from tests.concerns.answers import answers_for
from tests.factories.concerns import NOW, by, do, lodge
from tests.factories.councils import Town
from tests.rights.conftest import COUNCILS, LONG_AGO, Owner, act, closed, disposal_of, keepers

assert COUNCILS
pytestmark = pytest.mark.django_db
KANARI = "kan4ry7"
#: What may still name the case by its id: where its chain ended, that it is gone, and who destroyed it. None has any content.
LEFT = {
    "concerns_trailhead", "concerns_trailanchor", "concerns_trailrenewal", "concerns_erasure", "rights_disposal", "rights_tombstone", "rights_line",
}  # fmt: skip


def of_a_case() -> list[type[models.Model]]:
    """Every table that a concern's rows are in, parents first, by the models' own links."""
    found: list[type[models.Model]] = [Concern]
    again = True
    while again:
        again = False
        for model in apps.get_models():
            names = {field.column for field in model._meta.concrete_fields}
            linked = any(field.related_model in found for field in model._meta.concrete_fields if field.is_relation)
            if model not in found and (linked or "concern_id" in names) and not model._meta.db_table.startswith("concerns_trail"):
                found.append(model)
                again = True
    return found


def plant(case: Concern, person: Person, as_owner: Owner) -> list[models.Model]:
    """A row in every table of the case with a canary in every column that can hold one, past every check and guard."""
    made: dict[type[models.Model], models.Model] = {Concern: case}
    tables = of_a_case()
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for model in tables:
                table = model._meta.db_table
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table])
                for (name,) in cursor.fetchall():
                    cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        waiting = [model for model in tables if model is not Concern]
        while waiting:
            for model in list(waiting):
                needs = {f.related_model for f in model._meta.concrete_fields if f.is_relation and not f.null} & set(waiting) - {model}
                if not needs:
                    made[model] = _row(model, case, person, made)
                    waiting.remove(model)
        Concern.objects.filter(pk=case.pk).update(
            **{f.name: _value(f) for f in Concern._meta.concrete_fields if _holds_words(f) and f.name not in ("state", "reference", "raiser_role", "closed_from")}
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for model in tables:
                cursor.execute(f"ALTER TABLE {model._meta.db_table} ENABLE TRIGGER USER")
    return list(made.values())


def _holds_words(field: models.Field[Any, Any]) -> bool:
    return not field.is_relation and isinstance(field, models.CharField | models.TextField | models.JSONField | EncryptedBinaryField)


def _value(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, EncryptedBinaryField):
        return KANARI.encode() if type(field) is EncryptedBinaryField else KANARI
    if isinstance(field, models.JSONField):
        return {"k": KANARI}
    return KANARI[: field.max_length]


def _row(model: type[models.Model], case: Concern, person: Person, made: dict[type[models.Model], models.Model]) -> models.Model:
    values: dict[str, Any] = {}
    if model is Seat:
        raise AssertionError("seats don't belong to a case")
    for field in model._meta.concrete_fields:
        if field.column == "concern_id":
            values[field.attname] = case.pk
        elif field.is_relation:
            other = field.related_model
            pool = {Person: person.pk, Council: case.council_id, ProtocolVersion: case.protocol_version_id}
            known = made[other].pk if other in made else pool.get(other)
            if known is None and not field.null:
                known = other._default_manager.values_list("pk", flat=True).first()  # type: ignore[union-attr]
            values[field.attname] = known if not field.one_to_one or not model._default_manager.filter(**{field.attname: known}).exists() else None
        elif _holds_words(field):
            values[field.attname] = _value(field)
        elif isinstance(field, models.DateTimeField):
            values[field.attname] = None if field.null else LONG_AGO
        elif isinstance(field, models.DateField):
            values[field.attname] = None if field.null else LONG_AGO.date()
        elif isinstance(field, models.UUIDField) and not field.primary_key and not field.null:
            values[field.attname] = case.pk
        elif isinstance(field, models.IntegerField) and not field.primary_key:
            values[field.attname] = 77
        elif isinstance(field, models.BooleanField):
            values[field.attname] = False
        elif isinstance(field, models.BinaryField):
            values[field.attname] = KANARI.encode()
        elif isinstance(field, models.TimeField):
            values[field.attname] = LONG_AGO.time()
    for field in ("closed_on", "closed_at"):  # nothing that belongs to it is open
        if any(f.name == field for f in model._meta.concrete_fields):
            values[field] = LONG_AGO.date() if field == "closed_on" else LONG_AGO
    if model._meta.pk is not None and model._meta.pk.is_relation and model._default_manager.filter(pk=values[model._meta.pk.attname]).exists():
        row = model._default_manager.get(pk=values[model._meta.pk.attname])
        model._default_manager.filter(pk=row.pk).update(**{k: v for k, v in values.items() if k != model._meta.pk.attname})
        return row
    row = model(**values)
    model._default_manager.bulk_create([row])
    return row


def places_of(words: str, as_owner: Owner) -> dict[str, int]:
    """In which tables the words are found, in any column, decrypted where it is encrypted."""
    found: dict[str, int] = {}
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{words}%"])
            if count := cursor.fetchone()[0]:
                found[table] = count
        for model, columns in encrypted_columns():
            for column in columns:
                cursor.execute(f"SELECT {column} FROM {model._meta.db_table} WHERE {column} IS NOT NULL")
                hits = sum(words.encode() in decrypt(value) for (value,) in cursor.fetchall())
                if hits:
                    found[f"{model._meta.db_table}.{column}"] = hits
    return found


def sound() -> list[str]:
    with system_work():
        return [str(finding) for finding in proof.prove(connection.connection).found]


def test_nothing_of_a_destroyed_case_is_left_in_any_table(town: Town, as_owner: Owner) -> None:
    keepers(town, "clerk", "deputy")
    concern = closed(town, as_owner)
    beside = closed(town, as_owner, raiser="officer2", subject="councillor5")
    disposal = disposal_of(concern)
    planted = plant(concern, town["former"], as_owner)
    before = places_of(KANARI, as_owner)
    tables = {model._meta.db_table for model in of_a_case()}
    wordless = {"concerns_concernuserobjectpermission", "concerns_connection", "concerns_opening", "concerns_witness", "concerns_documentopening",
                "disclosures_paperopening", "grievances_inquiry"}  # fmt: skip
    assert {place.partition(".")[0] for place in before} >= tables - wordless
    assert len(planted) == len(tables) > 40
    with system_work():
        digest.anchor(connection.connection, now=NOW)
        ids = {row._meta.db_table: row.pk for row in planted}

    act(town["clerk"], purging.ask_purge, row_id=disposal.pk)
    act(town["deputy"], purging.purge, row_id=disposal.pk, sure=True)

    assert places_of(KANARI, as_owner) == {}
    left = places_of(str(concern.pk), as_owner)
    assert set(left) <= LEFT, left
    assert places_of(concern.reference, as_owner) == {}
    with as_owner(), connection.cursor() as cursor:
        for table in sorted(tables):
            column = "id" if table not in ("concerns_concern",) else "id"
            model = next(model for model in of_a_case() if model._meta.db_table == table)
            column = model._meta.pk.column  # type: ignore[union-attr]
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [ids[table]])
            assert cursor.fetchone() == (0,), table
        cursor.execute("SELECT count(*) FROM concerns_concernuserobjectpermission WHERE content_object_id = %s", [concern.pk])
        assert cursor.fetchone() == (0,)
    with system_work():
        assert Concern.objects.filter(pk=beside.pk).exists()
        stone = Tombstone.objects.get(pk=concern.pk)
    assert (stone.council_id, stone.closed_year, stone.outcome_class, stone.disposal_id) == (town.council.pk, 2019, "withdrawn", disposal.pk)
    assert [field.name for field in Tombstone._meta.concrete_fields] == [
        "case_id", "council_id", "closed_year", "outcome_class", "disposal_id", "at", "seq", "hash", "renewals", "renewed",
    ]  # fmt: skip


def test_trail_stays_proved_after_a_purge_and_a_false_tombstone_is_found(town: Town, as_owner: Owner) -> None:
    keepers(town, "clerk", "deputy")
    concern, other = closed(town, as_owner), closed(town, as_owner, raiser="officer2", subject="councillor5")
    disposal = disposal_of(concern)
    with system_work():
        digest.anchor(connection.connection, now=NOW)
    assert sound() == []
    act(town["clerk"], purging.ask_purge, row_id=disposal.pk)
    act(town["deputy"], purging.purge, row_id=disposal.pk, sure=True)
    assert sound() == []
    with system_work():
        digest.anchor(connection.connection, now=NOW)
        assert [str(f) for f in proof.prove(connection.connection, council=str(town.council.pk)).found] == []
    # the events of another taken away with a tombstone that nobody's purge wrote
    with transaction.atomic():
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE concerns_event DISABLE TRIGGER USER; DELETE FROM concerns_event WHERE concern_id = %s", [other.pk])
            cursor.execute(
                "INSERT INTO rights_tombstone SELECT h.concern_id, h.council_id, 2019, 'withdrawn', gen_random_uuid(), now(), h.seq, h.hash, h.renewals, h.renewed "
                "FROM concerns_trailhead h WHERE h.concern_id = %s", [other.pk],
            )  # fmt: skip
            cursor.execute("ALTER TABLE concerns_event ENABLE TRIGGER USER")
        assert [line.split(":")[0] for line in sound()] == ["tombstone"]
        transaction.set_rollback(True)
    # the tombstone taken away
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE rights_tombstone DISABLE TRIGGER USER; DELETE FROM rights_tombstone")
        cursor.execute("ALTER TABLE rights_tombstone ENABLE TRIGGER USER")
    assert [line.split(":")[0] for line in sound()] == ["cut"]


def refused(person: Person, action: Any, /, **answers: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act(person, action, **answers)
    return str(caught.value.message)


def test_purge_needs_two_persons_in_the_database_too(town: Town, as_owner: Owner) -> None:
    keepers(town, "clerk", "deputy")
    disposal = disposal_of(closed(town, as_owner))
    act(town["clerk"], purging.ask_purge, row_id=disposal.pk)
    assert refused(town["clerk"], purging.purge, row_id=disposal.pk, sure=True) == "It takes a second person: another records keeper does this."
    assert refused(town["deputy"], purging.purge, row_id=disposal.pk, sure=False) == "Say that you are sure. It can’t be brought back."

    def directly(who: str, by_who: str, asked: str = "asked_by_id") -> None:
        with by(town[who]), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.action', 'x', true)")
            cursor.execute(
                f"UPDATE rights_disposal SET state = 'DONE', asked_by_id = {asked}, done_by_id = %s, done_at = now() WHERE id = %s", [town[by_who].pk, disposal.pk]
            )

    for who, by_who, asked in (("clerk", "clerk", "asked_by_id"), ("clerk", "deputy", "asked_by_id"), ("deputy", "deputy", f"'{town['former'].pk}'")):
        with pytest.raises(DatabaseError, match="it takes two records keepers|rights_purge_by_two"), transaction.atomic():
            directly(who, by_who, asked)
    keeping_row = next(row for row in _keepers(town) if row.person_id == town["clerk"].pk)
    act(town["admin"], keeping.end_keeper, keeper=keeping_row)
    with pytest.raises(DatabaseError, match="it takes two records keepers"), transaction.atomic():
        directly("deputy", "deputy")
    with by(town["deputy"]):
        assert Disposal.objects.get(pk=disposal.pk).state == "ASKED"


def _keepers(town: Town) -> list[Any]:
    from rights import queries

    with system_work():
        return queries.keepers(town.council)


def test_purge_is_refused_on_hold_on_open_proceedings_and_before_its_time(town: Town, as_owner: Owner) -> None:
    keepers(town, "clerk", "deputy")
    concern = closed(town, as_owner)
    disposal = disposal_of(concern)
    week = timezone.localdate(NOW) + timedelta(days=7)

    act(town["clerk"], keeping.place_hold, row_id=disposal.pk, reason="a claim", review_on=week)
    assert refused(town["clerk"], purging.ask_purge, row_id=disposal.pk) == "It is kept for legal reasons: lift the hold first."
    act(town["deputy"], keeping.lift_hold, row_id=disposal.pk, reason="settled")
    with by(town["clerk"]):
        keeping.hold_council(council=town.council, by=town["clerk"], now=NOW, reason="inquiry", review_on=week)
    assert refused(town["clerk"], purging.ask_purge, row_id=disposal.pk) == "It is kept for legal reasons: lift the hold first."
    with by(town["deputy"]):
        keeping.release_council(council=town.council, by=town["deputy"], now=NOW, reason="over")
        assert LegalHold.objects.filter(lifted_at__isnull=True).count() == 0

    with transaction.atomic():
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO concerns_proceeding (id, concern_id, kind, remit, seriousness, session_type, opened_on, outcome) "
                "VALUES (gen_random_uuid(), %s, 'conciliation', '', '', '', '2019-01-01', '')", [concern.pk],
            )  # fmt: skip
        assert refused(town["clerk"], purging.ask_purge, row_id=disposal.pk) == "A procedure that belongs to it is still open."
        transaction.set_rollback(True)

    act(town["clerk"], purging.ask_purge, row_id=disposal.pk)
    act(town["admin"], keeping.set_retention, council=town.council, outcome_class="withdrawn", months=1200)
    assert refused(town["deputy"], purging.purge, row_id=disposal.pk, sure=True) == "Its time isn’t over yet."
    with by(town["deputy"]), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.action', 'x', true), set_config('portal.now', '2200-01-01', true)")  # the clock set ahead
        with pytest.raises(DatabaseError, match="it has to be kept: retention"), transaction.atomic():
            cursor.execute("UPDATE rights_disposal SET state = 'DONE', done_by_id = %s, done_at = now() WHERE id = %s", [town["deputy"].pk, disposal.pk])
    tasks.retire()
    with system_work():
        assert Disposal.objects.get(pk=disposal.pk).state == "ENDED"
        assert Concern.objects.filter(pk=concern.pk).exists()


def test_whoever_deals_with_a_concern_holds_it_and_nobody_else(town: Town, as_owner: Owner) -> None:
    keepers(town, "chair", "deputy")
    clerk, officer = town["clerk"], town["officer1"]
    concern = lodge(town, officer, town["councillor6"])
    do(Action.ACCEPT, concern, clerk, **answers_for(town, Action.ACCEPT, concern, clerk, Random(1)))
    week = {"reason": "a claim", "review_on": timezone.localdate(NOW) + timedelta(days=7)}
    with by(officer), pytest.raises(Refusal, match="Whoever deals with the concern"):
        keeping.hold_concern(concern=concern, by=officer, now=NOW, **week)
    with by(clerk):
        keeping.hold_concern(concern=concern, by=clerk, now=NOW, **week)
        with pytest.raises(Refusal, match="kept longer already"):
            keeping.hold_concern(concern=concern, by=clerk, now=NOW, **week)
    do(Action.WITHDRAW, concern, officer, **answers_for(town, Action.WITHDRAW, concern, officer, Random(1)))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE concerns_concern SET closed_at = %s WHERE id = %s", [LONG_AGO, concern.pk])
    disposal = disposal_of(concern)
    assert refused(town["deputy"], purging.ask_purge, row_id=disposal.pk) == "It is kept for legal reasons: lift the hold first."
    with by(clerk):
        keeping.release_concern(concern=concern, by=clerk, now=NOW, reason="settled")
    act(town["deputy"], purging.ask_purge, row_id=disposal.pk)
    with by(town["councillor1"]):
        assert LegalHold.objects.count() == 0


def test_purge_waits_for_a_request_of_somebody_in_it(town: Town, as_owner: Owner) -> None:
    keepers(town, "clerk", "deputy")
    disposal = disposal_of(closed(town, as_owner))
    asked = act(town["officer1"], access.ask_access, council=town.council)
    assert "answer that first" in refused(town["clerk"], purging.ask_purge, row_id=disposal.pk)
    act(town["officer1"], access.withdraw_access, row_id=asked.pk)
    act(town["clerk"], purging.ask_purge, row_id=disposal.pk)


def test_party_of_the_case_is_never_shown_that_it_is_due(town: Town, as_owner: Owner) -> None:
    keepers(town, "clerk", "deputy", "councillor6", "officer1")
    disposal = disposal_of(closed(town, as_owner))
    seen = {}
    for name in ("clerk", "deputy", "councillor6", "officer1", "admin", "councillor1"):
        with by(town[name]):
            seen[name] = (Disposal.objects.filter(pk=disposal.pk).count(), Seat.objects.filter(about_id=disposal.pk).count())
    assert seen == {"clerk": (1, 2), "deputy": (1, 2), "councillor6": (0, 0), "officer1": (0, 0), "admin": (0, 0), "councillor1": (0, 0)}


def test_retention_follows_the_outcome_and_is_never_shorter_than_a_claim_may_take(town: Town, as_owner: Owner) -> None:
    message = "Enter a whole number of months from 9 to 1200. The shortest leaves time for a claim to a tribunal."
    assert refused(town["admin"], keeping.set_retention, council=town.council, outcome_class="resolved", months=8) == message
    recent = closed(town, as_owner, at=datetime.now(UTC) - timedelta(days=300))
    tasks.retire()
    with system_work():
        assert Disposal.objects.count() == 0
    act(town["admin"], keeping.set_retention, council=town.council, outcome_class="withdrawn", months=9)
    disposal = disposal_of(recent)
    assert disposal.outcome_class == "withdrawn"
    with system_work(), connection.cursor() as cursor:
        cursor.execute("SELECT outcome_class, months FROM rights_retentionrule WHERE council_id = %s ORDER BY 1", [town.council.pk])
        assert cursor.fetchall() == [("draft", 12), ("formal", 72), ("no_action", 12), ("redirected", 12), ("resolved", 12), ("withdrawn", 9)]
        cursor.execute("UPDATE concerns_concern SET closed_from = 'GRIEVANCE', closed_at = '2020-02-29T12:00Z' WHERE id = %s", [recent.pk])
        cursor.execute("SELECT rights_due(%s)", [recent.pk])
        assert cursor.fetchone() == (date(2026, 2, 28),)


def test_case_that_goes_on_in_another_is_kept_with_it(town: Town, as_owner: Owner) -> None:
    old, new = closed(town, as_owner), closed(town, as_owner, raiser="officer1", subject="councillor6", at=datetime.now(UTC))
    tasks.retire()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE concerns_concern SET successor_of_id = %s WHERE id = %s", [old.pk, new.pk])
        cursor.execute("SELECT rights_due(a.id) = rights_due(b.id) FROM concerns_concern a, concerns_concern b WHERE a.id = %s AND b.id = %s", [old.pk, new.pk])
        assert cursor.fetchone() == (True,)


