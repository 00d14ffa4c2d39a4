"""Making reports: what is counted, what is kept of it, and what happens when making one is broken off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from concerns.enums import Action
from councils.actions.people import appoint
from councils.errors import Refusal
from councils.models import Appointment
from councils.rls import as_person, system_work
from reporting import queries, tasks
from reporting.actions import runs
from reporting.domain.periods import of_years
from reporting.domain.suppression import LIMIT, rounded
from reporting.enums import Audience, RunStatus
from reporting.models import ReportRun
from reporting.reports.shown import shown
from tests.concerns.conftest import loaded as loaded  # noqa: PLC0414
from tests.factories.concerns import CANARY, do
from tests.factories.councils import PersonFactory, Town
from tests.reporting.world import AFTER, YEAR, again, asked, at_the_desk, reports, year

COUNCILS = ("weston", "yateley")
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def weston(loaded: dict[str, Town], django_db_blocker: Any) -> Iterator[Town]:
    """Weston with its year of concerns; the file's transaction takes them away again."""
    with django_db_blocker.unblock():
        year(loaded["weston"])
        yield loaded["weston"]


@pytest.fixture
def other(loaded: dict[str, Town]) -> Town:
    return loaded["yateley"]


def table(run: ReportRun, code: str) -> dict[str, int | None]:
    """A table as it is kept: row → number."""
    kept = run.content["tables"][code]
    return dict(zip(kept["rows"], kept["cells"], strict=True))


def test_report_council_numbers_are_rounded_and_small_ones_withheld(weston: Town) -> None:
    (run,) = reports(weston, Audience.COUNCIL)

    assert (run.status, run.steps_done, run.steps) == (RunStatus.DONE, 2, 2)
    assert run.content["total"] == 15  # thirteen
    assert table(run, "kind") == {"officer_about_councillor": None, "councillor_about_officer": None}  # nine and four
    assert {code: number for code, number in table(run, "topic").items() if number} == {"bullying": 5, "conduct": 5}
    assert table(run, "outcome") == {
        "open": 10, "resolved": 5, "outcome_recorded": None, "no_action": None, "withdrawn": None, "redirected": None,
    }  # fmt: skip
    assert table(run, "parts") == {"0": None, "1": None, "2": None, "3": 10}
    assert table(run, "clock:acknowledge") == {"in_time": 5, "late": 10}
    assert table(run, "mark:overdue") == {"yes": 10, "no": 5}
    assert table(run, "mark:handed_over") == {"yes": None, "no": None}
    assert table(run, "access") == dict.fromkeys(("granted", "partly_granted", "refused", "waiting"))


def test_progress_of_none_and_of_thirteen_concerns_is_the_same(weston: Town, other: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}
    go_on = runs.go_on

    def watched(run: ReportRun, *, done: int, now: Any) -> bool:
        held = go_on(run, done=done, now=now)
        run.refresh_from_db(fields=["steps", "steps_done"])
        seen.setdefault(run.council.key, []).append((run.steps_done, run.steps))
        return held

    monkeypatch.setattr(runs, "go_on", watched)
    made = [*reports(weston, Audience.COUNCIL), *reports(other, Audience.COUNCIL)]

    assert seen == {"weston": [(1, 2)], "yateley": [(1, 2)]}
    assert {(run.steps_done, run.steps) for run in made} == {(2, 2)}


def test_progress_has_as_many_pieces_as_the_rounded_number_says() -> None:
    by_number = {number: runs.pieces(number) for number in range(160)}

    assert {pieces for number, pieces in by_number.items() if number <= 52} == {1}
    for number, pieces in by_number.items():  # the same rounded number, the same pieces: nothing is narrowed down
        assert {by_number[other] for other in by_number if rounded(other, LIMIT) == rounded(number, LIMIT)} == {pieces}
    assert (by_number[53], by_number[102], by_number[103]) == (2, 2, 3)


def test_report_people_entered_after_the_period_make_no_side_larger(weston: Town) -> None:
    (before,) = reports(weston, Audience.COUNCIL)
    size = queries.smaller_side(weston.council, YEAR)
    with transaction.atomic():
        with as_person(weston["admin"]):
            for number in range(6):
                for role in ("officer", "councillor"):
                    person = PersonFactory(full_name=f"{role} {number}")
                    appoint(
                        council=weston.council, person=person, role=role, starts_on=YEAR.starts_on, by=weston["admin"], now=AFTER - timedelta(days=1)
                    )
        assert queries.smaller_side(weston.council, YEAR) == size
        assert queries.smaller_side(weston.council, of_years(2026)) >= LIMIT + 1  # of the next year they are part
        (after,) = reports(weston, Audience.MONITORING_OFFICER)
        assert (after.content["is_small"], after.content["tables"]) == (before.content["is_small"], before.content["tables"])
        transaction.set_rollback(True)


def test_report_few_people_stay_few_whatever_is_entered_before_it_is_asked_for(weston: Town) -> None:
    with transaction.atomic():
        with system_work():
            officers = Appointment.objects.filter(council=weston.council, side="officer")
            officers.filter(acting_for__isnull=False).delete()
            few = list(dict.fromkeys(officers.order_by("pk").values_list("person_id", flat=True)))[:3]
            officers.exclude(person_id__in=few).delete()
        for number in range(5):
            with as_person(weston["admin"]):
                person = PersonFactory(full_name=f"Invented {number}")
                appoint(council=weston.council, person=person, role="officer", starts_on=YEAR.starts_on, by=weston["admin"], now=AFTER)
        assert queries.smaller_side(weston.council, YEAR) == 3
        (run,) = reports(weston, Audience.COUNCIL)
        assert run.content["is_small"]
        assert {cell for code in ("kind", "topic", "route", "stage") for cell in run.content["tables"][code]["cells"]} == {None}
        transaction.set_rollback(True)


def test_report_clauses_follow_from_the_rules_that_are_shown(weston: Town) -> None:
    (run,) = reports(weston, Audience.COUNCIL)
    rules = {code: number for code, number in table(run, "route").items() if number}
    cites = {route.id: route.cites for route in weston.version.protocol.routes}

    assert list(rules.values()) == [10]
    assert run.content["cited"] == [[ref, 10] for ref in cites[next(iter(rules))]]
    assert not {ref for ref, _number in run.content["cited"]} & {*run.content["seldom"], *run.content["unnamed"]}


def test_report_rule_for_one_post_has_no_row_and_no_mark_of_its_own(loaded: dict[str, Town]) -> None:
    protocol = loaded["yateley"].version.protocol
    rows = queries.by_rule(protocol)

    assert (rows["Y-R02"], rows["Y-R05"]) == ("Y-R01", "Y-R04")  # about the clerk, by the clerk
    assert {rule for rule, row in rows.items() if rule == row} == {"Y-R01", "Y-R03", "Y-R04", "Y-R06", "Y-R07", "Y-R08", "Y-R09"}
    assert not {"Y-R02", "Y-R05"} & set(queries.rows([protocol], YEAR).routes)


def test_report_monitoring_officer_sees_the_numbers_that_the_council_sees(weston: Town) -> None:
    council, officer = reports(weston, Audience.COUNCIL, Audience.MONITORING_OFFICER)

    assert council.content["tables"] == officer.content["tables"]


def test_report_public_shows_less_and_no_rule(weston: Town) -> None:
    (run,) = reports(weston, Audience.PUBLIC)

    assert run.content["total"] == 20
    assert set(run.content["tables"]) == {"parts", "kind", "topic", "stage", "outcome", "clock:acknowledge", "mark:overdue", "access"}
    assert [number for kept in run.content["tables"].values() for number in kept["cells"] if number is not None] == []
    assert "amendments" not in run.content and "findings" not in run.content


def test_report_nothing_of_a_concern_is_kept(weston: Town) -> None:
    made = reports(weston)
    kept = json.dumps([run.content for run in made])

    assert CANARY not in kept
    with system_work():
        from concerns.models import Concern

        for reference, pk in Concern.objects.filter(council=weston.council).values_list("reference", "pk"):
            assert reference not in kept and str(pk) not in kept
    assert [person.full_name for person in weston.people.values() if person.full_name in kept] == []


def test_report_no_concerns_says_so_and_shows_no_number(other: Town) -> None:
    (run,) = reports(other, Audience.COUNCIL)

    assert run.status == RunStatus.DONE
    assert run.content["total"] is None
    assert {cell for kept in run.content["tables"].values() for cell in kept["cells"]} == {None}
    assert run.content["withheld"]["tables"] == run.content["withheld"]["of_tables"]


def test_report_what_happens_after_the_period_changes_nothing(weston: Town) -> None:
    (before,) = reports(weston, Audience.COUNCIL)
    with system_work():
        pk = queries.concerns(weston.council, YEAR)
    open_ones = list(year_open(weston, pk))
    with transaction.atomic():
        for concern in open_ones:
            do(Action.WITHDRAW, concern.pk, concern.raiser, now=AFTER + timedelta(days=1), reason="x")
        (after,) = reports(weston, Audience.MONITORING_OFFICER)
        assert after.content["tables"] == before.content["tables"]
        transaction.set_rollback(True)


def year_open(town: Town, pks: list[Any]) -> list[Any]:
    """The concerns of the year that are still waiting."""
    from concerns.models import Concern

    with system_work():
        return list(Concern.objects.filter(pk__in=pks, state="LODGED").select_related("raiser"))


def test_report_trend_is_made_of_what_earlier_reports_show(weston: Town) -> None:
    reports(weston, Audience.COUNCIL, period=of_years(2024))
    (run,) = reports(weston, Audience.COUNCIL)

    assert run.content["trend"] == [{"starts_on": "2024-04-01", "total": None}, {"starts_on": "2025-04-01", "total": 15}]
    trend = shown(run).trend
    assert ([(row.label, row.number) for row in trend.rows], trend.hidden) == ([("2025 to 2026", 15)], ("2024 to 2025",))


def test_ask_period_that_isnt_over_is_refused(weston: Town) -> None:
    with pytest.raises(Refusal, match="Choose one of the periods offered"):
        asked(weston, Audience.COUNCIL, period=of_years(2026))


def test_ask_somebody_who_isnt_the_administrator_is_refused(weston: Town) -> None:
    with as_person(weston["clerk"]), pytest.raises(Refusal, match="Only an administrator"):
        runs.ask(council=weston.council, by=weston["clerk"], now=AFTER, period=YEAR, audiences=["council"])


def test_ask_twice_keeps_the_report_that_is_there(weston: Town) -> None:
    (first,) = reports(weston, Audience.COUNCIL)
    (second,) = reports(weston, Audience.COUNCIL)

    assert (second.pk, second.finished_at, second.content) == (first.pk, first.finished_at, first.content)


def test_worker_killed_half_way_another_begins_anew_after_the_lease(weston: Town) -> None:
    (run,) = asked(weston, Audience.COUNCIL)
    with system_work():
        dead = runs.claim(now=AFTER)
        assert dead.pk == run.pk
        assert runs.go_on(dead, done=1, now=AFTER)
        assert runs.claim(now=AFTER + runs.LEASE - timedelta(seconds=1)) is None
    assert (again(weston, run).status, again(weston, run).steps_done) == (RunStatus.RUNNING, 1)

    with system_work():
        living = runs.claim(now=AFTER + runs.LEASE)
    assert (living.pk, living.attempts, living.steps_done) == (run.pk, 2, 0)
    with at_the_desk():
        assert tasks.make(living)
    with system_work():
        assert not runs.go_on(dead, done=1, now=AFTER)
        assert not runs.finish(dead, [], now=AFTER)
    assert again(weston, run).content["total"] == 15


def test_report_broken_off_three_times_has_failed_and_can_be_asked_for_again(weston: Town) -> None:
    (run,) = asked(weston, Audience.COUNCIL)
    with system_work():
        for number in range(4):
            assert (runs.claim(now=AFTER + number * runs.LEASE) is None) == (number == 3)
    assert again(weston, run).status == RunStatus.FAILED

    (made,) = reports(weston, Audience.COUNCIL)

    assert (made.pk, made.status) == (run.pk, RunStatus.DONE)


def test_make_reports_takes_every_report_that_waits(weston: Town, other: Town) -> None:
    waiting = [*asked(weston), *asked(other, Audience.PUBLIC)]
    with at_the_desk():
        tasks.make_reports()

    with system_work():
        assert set(ReportRun.objects.filter(pk__in=[run.pk for run in waiting]).values_list("status", flat=True)) == {"DONE"}


def test_wall_person_of_another_council_finds_no_report(weston: Town, other: Town) -> None:
    (run,) = reports(weston, Audience.PUBLIC)

    with as_person(other["clerk"]):
        assert not ReportRun.objects.filter(pk=run.pk).exists()
    assert not ReportRun.objects.filter(pk=run.pk).exists()


def test_wall_administrator_writes_no_content_and_changes_no_report(weston: Town) -> None:
    (run,) = asked(weston, Audience.COUNCIL)
    with as_person(weston["admin"]), pytest.raises(DatabaseError), transaction.atomic():
        ReportRun.objects.filter(pk=run.pk).update(status="DONE", content={}, finished_at=timezone.now())
    (made,) = reports(weston, Audience.COUNCIL)
    with as_person(weston["admin"]):
        assert ReportRun.objects.filter(pk=made.pk).update(attempts=9) == 0
        assert ReportRun.objects.filter(pk=made.pk)._raw_delete(ReportRun.objects.db) == 0
    with system_work(), pytest.raises(DatabaseError, match="kept as it was made"), transaction.atomic():
        ReportRun.objects.filter(pk=made.pk).update(content={})


def test_wall_second_report_of_a_period_for_a_reader_cant_be_kept(weston: Town) -> None:
    (run,) = asked(weston, Audience.COUNCIL)
    run.pk = None
    with as_person(weston["admin"]), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor():
        run.save(force_insert=True)
