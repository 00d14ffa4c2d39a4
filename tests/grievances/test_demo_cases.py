"""The demonstration's invented grievances: as far as they say, once, and never in production."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from councils.rls import system_work
from grievances import queries
from grievances.enums import GrievanceState as S
from grievances.enums import Step
from grievances.models import Grievance, Hearing
from grievances.views.next import next_for
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import by
from tests.grievances.course import TODAY

COUNCILS = ("ilminster",)
pytestmark = pytest.mark.django_db


def standing() -> dict[str, S]:
    with system_work():
        rows = Grievance.objects.select_related("concern__raiser")
        return {row.concern.raiser.email.partition("@")[0]: S(row.state) for row in rows}


def test_the_demonstration_stands_where_it_says_and_is_begun_once(ilminster) -> None:
    with frozen():  # Thursday 15 January 2026
        call_command("demo_cases")
        assert standing() == {"officer1": S.HEARING_SET, "officer3": S.DECIDED}
        call_command("demo_cases")
        with system_work():
            heard = {h.grievance.state: (h.held_on.isoformat(), h.status) for h in Hearing.objects.select_related("grievance")}
            until = Grievance.objects.get(state=S.DECIDED).appeal_until.isoformat()
            rows = {row.concern.raiser_id: row.pk for row in Grievance.objects.select_related("concern")}
        assert heard == {S.HEARING_SET: ("2026-01-14", "set"), S.DECIDED: ("2026-01-12", "held")}
        assert until == "2026-01-21" and len(rows) == 2
        first, second = (rows[ilminster[name].pk] for name in ("officer1", "officer3"))
        waits = {}
        for name, pk in (("councillor3", first), ("councillor2", first), ("officer3", second)):
            with by(ilminster[name]):
                waits[name] = [str(words) for words, _day in next_for(queries.load(pk, person=ilminster[name], today=TODAY))]
        assert waits == {"councillor3": ["Draft the decision"], "councillor2": ["Draft the decision"], "officer3": ["Read the decision; you may appeal"]}
        assert "Grievance: Decision to be made" in client_of(ilminster["councillor3"]).get(f"/grievances/{first}/").content.decode()
        draft = client_of(ilminster["councillor3"]).get(f"/grievances/{first}/do/{Step.DRAFT_DECISION}/").content.decode()
        assert "The weekend duties fell to one person" in draft
        for name in ("officer2", "councillor4", "admin", "councillor6"):  # the other person, a tie, nobody
            assert client_of(ilminster[name]).get(f"/grievances/{first}/").status_code == 404


def test_invented_cases_are_refused_in_production(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="does not run in production"):
        call_command("demo_cases")
    assert standing() == {}
