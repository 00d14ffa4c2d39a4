"""What people write never reaches PostgreSQL as written, and its keys can be changed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import StringIO
from random import Random
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection

from concerns.enums import Action
from concerns.management.commands.rotate_field_keys import encrypted_columns
from concerns.models import Concern
from concerns.models.encrypted import UnreadableField, cipher
from tests.concerns.answers import agree_to_conciliation, answers_for
from tests.concerns.casework import trail
from tests.factories.concerns import CANARY, by, do, lodge
from tests.factories.councils import Town

COUNCILS = ("yateley",)
Owner = Callable[[], AbstractContextManager[None]]


def live(yateley: Town) -> Concern:
    """A concern with the canary in every field that somebody types into, through a conciliation and a referral."""
    officer, clerk = yateley["officer1"], yateley["clerk"]
    concern = lodge(yateley, officer, yateley["councillor6"], sending={"skip_direct_reason": f"{CANARY} skip"})
    agree_to_conciliation(concern)
    for action, person in (
        (Action.ACCEPT, clerk), (Action.ADD_NOTE, clerk), (Action.ADD_DOCUMENT, officer), (Action.MAKE_COPY, clerk), (Action.TELL_SUBJECT, clerk),
        (Action.ASK_CONSENT, clerk), (Action.ANSWER_CONSENT, officer), (Action.HOLD, clerk), (Action.RELEASE, clerk),
        (Action.CONCILIATE, clerk), (Action.INFORMAL_OVER, clerk), (Action.REFER_CODE, officer),
        (Action.HOLD, clerk),
    ):  # fmt: skip
        do(action, concern, person, **answers_for(yateley, action, concern, person, Random(1)))
    return concern


def dump(as_owner: Owner) -> str:
    """Every row of every table, bytes included, as text."""
    found = []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def raw(as_owner: Owner) -> dict[tuple[str, str], list[bytes]]:
    """The stored bytes of every encrypted column."""
    found: dict[tuple[str, str], list[bytes]] = {}
    with as_owner(), connection.cursor() as cursor:
        for model, columns in encrypted_columns():
            for column in columns:
                cursor.execute(f"SELECT {column} FROM {model._meta.db_table} WHERE {column} IS NOT NULL")
                found[model._meta.db_table, column] = [bytes(row[0]) for row in cursor.fetchall()]
    return found


def test_nothing_written_is_in_the_database_as_written(yateley: Town, as_owner: Owner) -> None:
    concern = live(yateley)
    text = dump(as_owner)
    assert str(concern.pk) in text
    assert CANARY not in text
    assert CANARY.encode().hex() not in text
    assert {key for key, values in raw(as_owner).items() if not values and key[0].startswith("concerns_")} <= {
        ("concerns_narrative", "where_said"),
        ("concerns_proceeding", "reference"),
        ("concerns_proceeding", "minute_ref"),
        ("concerns_breakglass", "reason"),  # written in tests/concerns/test_glass.py
        ("concerns_breakglass", "answer"),
    }


def test_rotation_writes_every_value_with_the_new_key(yateley: Town, as_owner: Owner, settings: Any) -> None:
    concern = live(yateley)
    old, before = list(configured.PORTAL_FIELD_KEYS), raw(as_owner)
    new = Fernet.generate_key().decode()
    settings.PORTAL_FIELD_KEYS = [new, *old]
    said = StringIO()
    call_command("rotate_field_keys", batch=3, stdout=said)
    assert "The other keys can be taken away." in said.getvalue()
    settings.PORTAL_FIELD_KEYS = [new]
    after = raw(as_owner)
    assert {key: len(values) for key, values in after.items()} == {key: len(values) for key, values in before.items()}
    for values in after.values():
        for value in values:
            Fernet(new).decrypt(value)
    with by(yateley["officer1"]):
        assert Concern.objects.get(pk=concern.pk).narrative.what_happened == f"{CANARY} what happened"
    assert any(CANARY in event.reason for event in trail(concern))


def test_without_the_old_key_it_stops_and_says_what_to_do(yateley: Town, as_owner: Owner, settings: Any) -> None:
    live(yateley)
    before = raw(as_owner)
    settings.PORTAL_FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="Put the key it was written with back into the list"):
        call_command("rotate_field_keys", stdout=StringIO())
    assert raw(as_owner) == before


def test_a_value_of_an_unknown_key_is_told_plainly(yateley: Town, settings: Any) -> None:
    concern = lodge(yateley, yateley["officer1"], yateley["councillor6"])
    settings.PORTAL_FIELD_KEYS = [Fernet.generate_key().decode()]
    with by(yateley["officer1"]), pytest.raises(UnreadableField, match="PORTAL_FIELD_KEYS"):
        assert Concern.objects.get(pk=concern.pk).narrative.what_happened


def test_keys_are_apart_from_the_secret_key(settings: Any) -> None:
    token = cipher().encrypt(b"x")
    settings.SECRET_KEY = "another one altogether"
    assert cipher().decrypt(token) == b"x"
    assert configured.SECRET_KEY not in configured.PORTAL_FIELD_KEYS


@pytest.mark.django_db
def test_encrypted_fields_cannot_be_searched() -> None:
    from django.core.exceptions import FieldError

    from concerns.models import Narrative

    with pytest.raises(FieldError):
        list(Narrative.objects.filter(what_happened__contains="x"))
