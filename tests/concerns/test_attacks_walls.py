"""What the second wall keeps even from somebody who is on the concern."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from concerns import policy
from concerns.enums import Capacity
from concerns.models import ConcernUserObjectPermission, Narrative
from tests.factories.concerns import NOW, by, lodge
from tests.factories.councils import town

pytestmark = pytest.mark.django_db


def test_what_was_written_can_not_be_deleted_once_it_is_sent() -> None:
    weston = town("weston")
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    for name in ("councillor3", "chair"):
        with by(weston[name]), connection.cursor() as cursor:
            cursor.execute("DELETE FROM concerns_narrative WHERE concern_id = %s", [concern.pk])
            assert cursor.rowcount == 0
    with by(weston["councillor3"]):
        assert Narrative.objects.filter(concern=concern).count() == 1


def test_somebody_who_knows_only_that_it_exists_can_not_let_themselves_read() -> None:
    weston = town("weston")
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    with by(weston["councillor3"]):
        policy.grant(concern, weston["vice"], Capacity.EXCEPTION_HOLDER, reason="finds_handler", by=None, now=NOW)
    read = policy.permission_id(policy.READ)
    with by(weston["vice"]):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            ConcernUserObjectPermission.objects.create(content_object=concern, user=weston["vice"], permission_id=read)
        assert not policy.can_see(weston["vice"], concern, permission=policy.READ)
        policy.grant(concern, weston["councillor5"], Capacity.HANDLER, reason="assigned", by=weston["vice"], now=NOW)
    with by(weston["councillor5"]):
        assert policy.can_see(weston["councillor5"], concern, permission=policy.READ)


def test_a_body_larger_than_any_form_is_refused_before_it_is_read(client) -> None:  # noqa: ANN001
    answer = client.post("/accounts/login/", data=b"", content_type="application/x-www-form-urlencoded", CONTENT_LENGTH=str(4 * 1024 * 1024))
    assert answer.status_code == 413
