"""The state machine, written out by hand from its definition: state × action × capacity, legal or refused; and in the database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from django.db import DatabaseError, connection, transaction
from django_fsm import TransitionNotAllowed

from concerns import policy
from concerns.domain import guards
from concerns.enums import Action, Capacity, State
from concerns.models import Concern, allowed_pairs
from tests.concerns.casework import fresh
from tests.factories.concerns import NOW, by, do, draft, lodge
from tests.factories.councils import Town

COUNCILS = ("weston",)
TABLE = yaml.safe_load((Path(__file__).resolve().parents[1] / "data" / "transitions.yaml").read_text(encoding="utf-8"))
STATES = [state.value for state in State]
REOPENED = set(STATES) - {"DRAFT", "RESOLVED", "OUTCOME_RECORDED", "NO_ACTION", "WITHDRAWN", "REDIRECTED"}


def row(action: str) -> dict[str, list[str]]:
    return TABLE["actions"][action]


def test_table_names_every_action_state_and_capacity() -> None:
    assert set(TABLE["actions"]) == {action.value for action in Action}
    assert {state for item in TABLE["actions"].values() for state in item["from"]} <= set(STATES)
    assert {who for item in TABLE["actions"].values() for who in item["who"]} <= {capacity.value for capacity in Capacity}


@pytest.mark.parametrize("state", STATES)
def test_fsm_offers_exactly_the_steps_of_the_table(state: str) -> None:
    from concerns.queries import legal_actions

    concern = Concern(state=state, remembered_state="INFORMAL", closed_from="INFORMAL")
    moving = {name for name, item in TABLE["actions"].items() if item.get("to") and state in item["from"]}
    assert {action.value for action in legal_actions(concern)} - {"hand_over"} == moving
    assert any(step.name == "hand_over" for step in concern.get_available_state_transitions()) == (state in row("hand_over")["from"])


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("state", STATES)
def test_state_by_action_by_capacity(state: str, action: Action) -> None:
    """Through the same question the buttons ask, with every other guard out of the way."""
    from concerns.queries import legal_actions

    concern = Concern(state=state, remembered_state="INFORMAL", closed_from="INFORMAL")
    expected = row(action.value)
    for capacity in Capacity:
        # whatever depends on the case is set so that it doesn't stand in the way
        facts = guards.Facts(
            state=State(state), legal=legal_actions(concern), stage="complaint" if action == Action.ACCEPT_COMPLAINT else "informal",
            raiser_side="officer", subject_sides=frozenset({"officer" if action == Action.START_DISCIPLINARY else "councillor"}),
            stages_on=frozenset({"informal", "complaint", "conciliation"}),
            formal_tokens=frozenset({"proc:grievance", "proc:disciplinary", "proc:code_of_conduct", "body:full_council"}),
            is_decider=True, direct_offered=True, has_next_step=True, investigation_named=True,
            on_hold=action == Action.RELEASE, consent_pending=action == Action.ANSWER_CONSENT,
        )  # fmt: skip
        allowed = bool(policy.can(None, action, concern, facts=facts, held=frozenset({capacity})))  # type: ignore[arg-type]
        alone = [state, capacity.value] in expected.get("but_not", [])
        wanted = state in expected["from"] and capacity.value in expected["who"] and not alone
        assert allowed == wanted, capacity


def test_a_person_without_a_part_may_do_nothing() -> None:
    for state in STATES:
        concern = Concern(state=state, remembered_state="INFORMAL", closed_from="INFORMAL")
        facts = guards.Facts(state=State(state), legal=frozenset(Action))
        for action in Action:
            assert not policy.can(None, action, concern, facts=facts, held=frozenset())  # type: ignore[arg-type]


def pairs_of_the_table() -> set[tuple[str, str]]:
    found = set()
    for item in TABLE["actions"].values():
        for target in item.get("to", []):
            for source in item["from"]:
                found.add((source, target))
    return found


def test_code_and_table_allow_the_same_pairs() -> None:
    assert set(allowed_pairs()) == pairs_of_the_table()


@pytest.mark.django_db
def test_database_allows_the_same_pairs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'guard_concern'")
        (source,) = cursor.fetchone()
    held = set(re.findall(r"\('([A-Z_]+)', '([A-Z_]+)'\)", source))
    assert held == {pair for pair in pairs_of_the_table() if pair[0] != pair[1]} | {p for p in held if p[0] == p[1]}
    assert {p for p in held if p[0] == p[1]} <= {("LODGED", "LODGED")}


def test_state_is_refused_by_assignment_and_by_an_illegal_step() -> None:
    concern = Concern()
    with pytest.raises(AttributeError):
        concern.state = State.INFORMAL
    with pytest.raises(TransitionNotAllowed):
        concern.accept()


def test_update_raw_sql_and_constructor_are_refused_outside_an_action(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    bad = [
        lambda: Concern.objects.filter(pk=concern.pk).update(state=State.INFORMAL),
        lambda: _sql("UPDATE concerns_concern SET state = 'RESOLVED', closed_at = now() WHERE id = %s", [concern.pk]),
        lambda: Concern(pk=concern.pk, **_columns(concern), state=State.INFORMAL).save(force_update=True),
        lambda: Concern(**_columns(concern), state=State.LODGED).save(force_insert=True),
        lambda: _sql("UPDATE concerns_concern SET raiser_id = %s WHERE id = %s", [weston["chair"].pk, concern.pk]),
        lambda: _sql("UPDATE concerns_concern SET protocol_version_id = %s WHERE id = %s", [weston.draft.pk, concern.pk])
        if weston.draft != weston.version
        else _sql("UPDATE concerns_concern SET protocol_version_id = NULL WHERE id = %s", [concern.pk]),
    ]
    with by(weston["councillor3"]):
        for attempt in bad:
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()
    assert fresh(concern).state == State.LODGED


def _columns(concern: Concern) -> dict[str, object]:
    names = ("council", "raiser", "raiser_role", "protocol_version", "lodged_at", "created_at", "updated_at")
    return {name: getattr(concern, name) for name in names} | {"closed_at": None}


def _sql(statement: str, values: list[object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_even_inside_an_action_no_step_is_jumped(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    with by(weston["councillor3"]):
        _sql("SELECT set_config('portal.action', 'settle', true)", [])
        with pytest.raises(DatabaseError, match="no step leads from LODGED to RESOLVED"), transaction.atomic():
            _sql("UPDATE concerns_concern SET state = 'RESOLVED', closed_at = now() WHERE id = %s", [concern.pk])


def test_the_mark_of_an_action_ends_with_it(weston: Town) -> None:
    concern = draft(weston, weston["councillor3"], weston["officer1"])
    do(Action.SAVE_DRAFT, concern, weston["councillor3"], wanted_outcome="x", now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('portal.action', true), '')")
        assert cursor.fetchone() == ("",)
