"""Councils the portal has never met, as files and nothing else: checked, rehearsed, asked, loaded, and lived under."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from concerns.domain.routing import resolve
from concerns.enums import Action, State
from concerns.plan import entry_stage
from councils import actions, models
from councils.protocol import parse, read_yaml, validate
from councils.protocol.parsing import build
from councils.rehearsal import rehearse
from tests.councils.small_council import ROOT, law
from tests.factories.concerns import NOW, do, lodge, those_who_see
from tests.factories.councils import Town, in_force

FOLDER = ROOT / "tests" / "data" / "councils"
KINDS = ("parish", "district", "community")
DAY = date(2026, 11, 22)
CLERK, CHAIR, VICE, PANEL = "role:proper_officer", "role:chair_of_council", "role:vice_chair_of_council", "body:hr_panel"
HEAD, OFFICER = "role:chief_executive", "role:monitoring_officer"
DIRECTOR = "rel:director_of_subject"
CHAMPION, PEOPLE, JOINT, OUTSIDE = "role:own_member_champion", "role:own_head_of_people", "body:joint_committee", "ext:un_llais"
CODE, GRIEVANCE = "proc:code_of_conduct", "proc:grievance"


def config(kind: str) -> dict[str, Any]:
    path = FOLDER / f"{kind}.yaml"
    return read_yaml(path.read_bytes(), name=path.name)


@pytest.mark.parametrize("kind", KINDS)
def test_file_of_an_unknown_council_has_no_errors(kind: str) -> None:
    assert [str(problem) for problem in validate(config(kind)) if problem.level == "error"] == []


def warned(kind: str) -> set[str]:
    return {problem.code for problem in validate(config(kind))}


def test_warnings_fit_the_kind_of_council() -> None:
    assert {"no_hr_group", "unnamed_monitoring_officer"} <= warned("parish")
    assert not {"no_hr_group", "unnamed_monitoring_officer"} & warned("district")
    assert not {"no_hr_group", "unnamed_monitoring_officer"} & warned("community")


def test_own_role_nobody_can_be_appointed_to_is_said() -> None:
    assert {problem.path for problem in validate(config("district")) if problem.code == "own_role"} == {
        "vocabulary.own_member_champion",
        "vocabulary.own_head_of_people",
    }


def test_group_for_staff_matters_is_the_body_that_hears_grievances_whatever_its_code() -> None:
    town = {**config("district"), "kind": "town_council", "routes": config("community")["routes"]}
    (found,) = [problem for problem in validate(town) if problem.code in ("no_hr_group", "hr_group_not_delegated")]
    assert (found.code, found.path) == ("hr_group_not_delegated", "bodies.joint_committee.delegated")
    assert "Joint Staff Committee" in found.message


@pytest.mark.parametrize(("kind", "ok"), [("parish", False), ("district", True), ("community", True)])
def test_rehearsal_finds_what_is_missing_and_only_that(kind: str, ok: bool) -> None:
    protocol = parse(config(kind))
    report = rehearse(protocol, resolve=resolve, law=law().in_force(protocol.jurisdiction, DAY))
    assert report.ok is ok


def test_parish_is_safe_once_it_names_who_finds_a_handler() -> None:
    data = config("parish")
    data["exception_route"] = {"basis": "stated", "to": ["ext:principal_mo"], "cites": ["3"]}
    data["routes"][0]["if_conflicted"] = ["ext:principal_mo"]
    assert rehearse(parse(data), resolve=resolve).ok is True


@pytest.mark.parametrize(
    ("kind", "raiser", "subject", "stage", "more", "answer"),
    [
        ("parish", "councillor", "proper_officer", "informal", {}, ("C-1", (CHAIR,))),
        ("parish", "councillor", "officer", "informal", {"conflicted": {CLERK}}, ("C-2", (CHAIR,))),
        ("parish", "proper_officer", "chair_of_council", "informal", {}, ("C-3", ("ext:principal_mo",))),
        ("parish", "chair_of_council", "proper_officer", "informal", {}, ("C-1", ())),
        ("parish", "officer", "councillor", "deciding", {}, ("L1", (CODE,))),
        ("district", "councillor", "officer", "informal", {"vacant": {HEAD}}, ("V-R1", (DIRECTOR,))),
        ("district", "councillor", "deputy_chief_executive", "informal", {"vacant": {HEAD}}, ("V-R1", (DIRECTOR,))),
        ("district", "councillor", "chief_executive", "informal", {}, ("V-R2", (OFFICER, JOINT))),
        ("district", "officer", "own_member_champion", "informal", {}, ("V-R3", (OFFICER, PEOPLE))),
        ("district", "own_head_of_people", "councillor", "informal", {}, ("V-R3", (CHAMPION, OFFICER))),
        ("district", "councillor", "monitoring_officer", "complaint", {}, ("V-R4", (JOINT,))),
        ("district", "officer", "councillor", "deciding", {}, ("V-R5", (CODE, GRIEVANCE))),
        ("community", "councillor", "officer", "informal", {"conflicted": {CLERK}}, ("LL-1", (VICE, PANEL))),
        ("community", "chair_of_council", "proper_officer", "informal", {}, ("LL-2", (VICE, PANEL))),
        ("community", "officer", "councillor", "informal", {"topic": "parch"}, ("LL-4", (PANEL,))),
        ("community", "proper_officer", "chair_of_council", "informal", {}, ("LL-3", (OUTSIDE,))),
        ("community", "officer", "councillor", "deciding", {}, ("LL-5", (CODE,))),
    ],
)
def test_unknown_council_answers_by_its_own_rules(
    kind: str, raiser: str, subject: str, stage: str, more: dict[str, Any], answer: tuple[str, tuple[str, ...]]
) -> None:
    protocol = parse(config(kind))
    found = resolve(protocol, raiser=raiser, subject=subject, stage=stage, law=law().in_force(protocol.jurisdiction, DAY), **more)
    assert (found.rule, found.tokens) == answer


@pytest.mark.parametrize(
    ("change", "topic", "stage"),
    [
        ({}, None, "complaint"),
        ({"first_stage": "informal"}, None, "informal"),
        ({"first_stage": None}, None, "informal"),
        ({"stages_enabled": {"informal": {"enabled": True}, "complaint": {"enabled": False}}}, None, "informal"),
        ({"routes": [*config("district")["routes"], {**config("district")["routes"][2], "id": "V-R9", "topics": ["bullying"]}]}, "bullying", "informal"),
        ({"routes": [*config("district")["routes"], {**config("district")["routes"][2], "id": "V-R9", "topics": ["bullying"]}]}, "conduct", "complaint"),
    ],
)  # fmt: skip
def test_concern_begins_where_the_protocol_says(change: dict[str, Any], topic: str | None, stage: str) -> None:
    protocol = build({**config("district"), **change})
    assert entry_stage(protocol, raiser_role="officer", subject_roles=["councillor"], topic=topic) == stage


def people(key: str, roles: dict[str, str], lines: dict[str, str], bodies: dict[str, list[str]]) -> dict[str, Any]:
    """A people file in short: name → role, officer → manager, body → members (the first presides)."""
    mail = {name: f"{name}@{key}.example" for name in roles}
    return {
        "council": key,
        "people": [
            {
                "name": name.title(),
                "email": mail[name],
                "roles": [{"role": role, "from": date(2024, 5, 7)} for role in words.split()],
                **({"manager": mail[lines[name]]} if name in lines else {}),
            }
            for name, words in roles.items()
        ],
        "bodies": [
            {"code": code, "name": code, "quorum": 2, "minimum_members": 3, "from": date(2024, 5, 7), "members": [mail[n] for n in names]}
            for code, names in bodies.items()
        ],
    }


def loaded(kind: str, roles: dict[str, str], lines: dict[str, str] | None = None, bodies: dict[str, list[str]] | None = None) -> Town:
    draft = actions.load_protocol(config(kind), by=None, now=NOW, source_name=f"{kind}.yaml")
    version = draft if draft.status == models.ProtocolStatus.IN_FORCE else in_force(draft)
    made = actions.load_people(people(draft.council.key, roles, lines or {}, bodies or {}), by=None, now=NOW, source_name="people.yaml")
    return Town(made.council, draft, version, {mail.partition("@")[0]: person for mail, person in made.people.items()})


@pytest.mark.django_db
def test_parish_with_only_a_clerk_is_lived_under() -> None:
    parish = loaded("parish", {"clerk": "proper_officer", "ann": "councillor", "bob": "councillor", "chair": "councillor chair_of_council"})
    concern = lodge(parish, parish["ann"], parish["clerk"])
    assert (concern.state, concern.rule_id) == (State.LODGED, "C-1")
    assert those_who_see(parish, concern) == {"ann", "chair"}
    do(Action.ACCEPT, concern, parish["chair"])
    assert do(Action.SETTLE, concern, parish["chair"], summary="Settled.", raiser_agrees=True).state == State.RESOLVED
    about_the_chair = lodge(parish, parish["clerk"], parish["chair"])
    assert those_who_see(parish, about_the_chair) == {"clerk"}


@pytest.mark.django_db
def test_district_with_two_deputies_and_a_joint_committee_is_lived_under() -> None:
    district = loaded(
        "district",
        {
            "head": "chief_executive", "deputy1": "deputy_chief_executive", "deputy2": "deputy_chief_executive",
            "monitor": "monitoring_officer", "planner": "officer",
            "ann": "councillor", "bob": "councillor", "cat": "councillor", "dan": "councillor",
        },
        {"planner": "head", "deputy1": "head", "deputy2": "head"},
        {"joint_committee": ["bob", "cat", "dan"]},
    )  # fmt: skip
    concern = lodge(district, district["planner"], district["ann"])
    assert (concern.rule_id, concern.stage) == ("V-R4", "complaint")
    assert those_who_see(district, concern) == {"planner", "bob", "cat", "dan"}


@pytest.mark.django_db
def test_file_that_says_it_is_in_force_is_loaded_in_force_and_lived_under_in_its_own_words() -> None:
    for _time in range(2):
        call_command("protocol", "load", str(FOLDER / "community.yaml"))
    assert models.ProtocolVersion.objects.get(council__key="llanfelin").status == models.ProtocolStatus.IN_FORCE
    community = loaded(
        "community",
        {"clerk": "proper_officer", "ann": "councillor", "bob": "councillor", "chair": "councillor chair_of_council", "cat": "councillor"},
        bodies={"hr_panel": ["bob", "cat", "ann"]},
    )
    concern = lodge(community, community["ann"], community["clerk"])
    assert those_who_see(community, concern) == {"ann", "chair"}
    assert concern.rule_id == "LL-2"
