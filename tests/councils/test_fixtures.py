"""The shipped configuration holds together: shape, references, tokens, law."""

import copy
import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROTOCOLS = ROOT / "fixtures" / "protocols"
CLAUSES = {"weston": 59, "auth5c": 47, "yateley": 31, "alsager": 65, "ilminster": 55}
PARTS = {"weston": 40, "auth5c": 28, "yateley": 24, "alsager": 24, "ilminster": 60}
KEYS = tuple(CLAUSES)
TOKEN = re.compile(r"^(role|rel|party|body|ext|proc):(.*)$")
RELATIONS = {
    "line_manager_of_subject",
    "line_manager_of_raiser",
    "director_of_subject",
    "director_of_raiser",
    "director_holding_document",
}
PROCEDURES = {"grievance", "disciplinary", "code_of_conduct"}


def plain(value: Any) -> Any:
    """The same data as JSON would hold it: dates become ISO strings."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def load(path: Path) -> dict[str, Any]:
    return plain(yaml.safe_load(path.read_text(encoding="utf-8")))


COUNCILS = {key: load(PROTOCOLS / f"{key}.yaml") for key in KEYS}
LAW = load(ROOT / "fixtures" / "law.yaml")
SCENARIOS = load(ROOT / "tests" / "data" / "scenarios.yaml")["scenarios"]
SCHEMA = json.loads((PROTOCOLS / "schema.json").read_text(encoding="utf-8"))


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, f"{path}.{key}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from walk(item, f"{path}[{place}]")


def references(council: dict[str, Any]) -> list[str]:
    found = [clause["number"] for clause in council["clauses"]]
    return found + [part["ref"] for clause in council["clauses"] for part in clause.get("parts", [])]


def errors(council: dict[str, Any]) -> list[str]:
    found = jsonschema.Draft202012Validator(SCHEMA).iter_errors(council)
    return sorted(error.json_path for error in found)


def test_schema_is_itself_valid() -> None:
    assert jsonschema.Draft202012Validator.check_schema(SCHEMA) is None
    outside = [item for _, item in walk(SCHEMA) if isinstance(item, dict) and not item.get("$ref", "#").startswith("#")]
    assert outside == []


def test_one_fixture_per_council_and_no_other() -> None:
    assert sorted(path.stem for path in PROTOCOLS.glob("*.yaml")) == sorted(KEYS)
    assert {key: council["key"] for key, council in COUNCILS.items()} == {key: key for key in KEYS}


@pytest.mark.parametrize("key", KEYS)
def test_fixture_matches_the_schema(key: str) -> None:
    assert errors(COUNCILS[key]) == []


@pytest.mark.parametrize("key", KEYS)
def test_clauses_and_parts_are_all_there_once(key: str) -> None:
    clauses = COUNCILS[key]["clauses"]
    assert len(clauses) == CLAUSES[key]
    assert sum(len(clause.get("parts", [])) for clause in clauses) == PARTS[key]
    refs = references(COUNCILS[key])
    assert sorted(refs) == sorted(set(refs))


@pytest.mark.parametrize("key", KEYS)
def test_clauses_carry_a_short_gist_and_never_the_text(key: str) -> None:
    for clause in COUNCILS[key]["clauses"]:
        for item in [clause, *clause.get("parts", [])]:
            assert not {"text", "source_text"} & set(item), item
            assert 1 <= len(item["gist"].split()) <= 25, item


def test_deleted_clauses_keep_their_number() -> None:
    deleted = {key: [c["number"] for c in council["clauses"] if c.get("deleted")] for key, council in COUNCILS.items()}
    assert deleted == {"weston": [], "auth5c": ["1.2", "1.3"], "yateley": [], "alsager": [], "ilminster": []}
    assert [c["number"] for c in COUNCILS["auth5c"]["clauses"] if c["status"] == "deleted"] == ["1.2", "1.3"]


@pytest.mark.parametrize("key", KEYS)
def test_every_cite_is_a_clause_of_that_council(key: str) -> None:
    council = COUNCILS[key]
    known = {*references(council), "hdr"}
    cited = [(path, ref) for path, value in walk(council) if re.search(r"cites$", path) for ref in value]
    cited += [(f".topics.{topic}", ref) for topic, refs in council["topics"].items() for ref in refs]
    assert len(cited) > 100
    assert [(path, ref) for path, ref in cited if ref not in known] == []


@pytest.mark.parametrize("key", KEYS)
def test_every_token_is_known_and_every_body_declared(key: str) -> None:
    council = COUNCILS[key]
    roles = set(SCHEMA["$defs"]["role"]["anyOf"][0]["enum"]) - {"any", "anyone", "person"}
    known = {
        "role": roles,
        "rel": RELATIONS,
        "party": {"subject"},
        "body": {body["code"] for body in council["bodies"]},
        "ext": {body["code"] for body in council["external_bodies"]},
        "proc": PROCEDURES,
    }
    matches = [(path, TOKEN.match(value)) for path, value in walk(council) if isinstance(value, str)]
    used = [(path, match.group(1), match.group(2)) for path, match in matches if match and " " not in match.group(0)]
    assert len(used) > 20
    assert [(path, kind, code) for path, kind, code in used if code not in known[kind]] == []


@pytest.mark.parametrize("key", KEYS)
def test_route_ids_are_unique_and_basis_is_said(key: str) -> None:
    routes = COUNCILS[key]["routes"]
    ids = [route["id"] for route in routes]
    assert ids == list(dict.fromkeys(ids))
    assert [route["id"] for route in routes if "basis" not in route or not route.get("cites")] == []


@pytest.mark.parametrize("key", KEYS)
def test_exception_route_and_bodies_are_labelled_as_defaults(key: str) -> None:
    council = COUNCILS[key]
    assert council["exception_route"]["basis"] == "default"
    assert len(council["exception_route"]["to"]) >= 2
    bodies = {body["code"]: body for body in council["bodies"]}
    assert {"appeal_panel", "full_council"} <= set(bodies)
    assert [code for code, body in bodies.items() if body["quorum"] > body["minimum_members"]] == []
    assert bodies["appeal_panel"]["minimum_members"] == 3
    assert council["targets"]["set_by"] == "council"
    assert council["targets"]["acknowledge_after_working_days"] == 3
    assert council["targets"]["informal_review_after_working_days"] == 10


def test_hr_panel_exists_where_members_deal_with_staff_matters() -> None:
    panels = {key: [b for b in council["bodies"] if b["code"] == "hr_panel"] for key, council in COUNCILS.items()}
    assert panels["auth5c"] == []
    found = {key: (p[0]["quorum"], p[0]["minimum_members"], p[0]["chair_alone"]) for key, p in panels.items() if p}
    assert found == {
        "weston": (2, 3, "warn"),
        "yateley": (2, 3, "forbidden"),
        "alsager": (2, 3, "warn"),
        "ilminster": (2, 3, "forbidden"),
    }


def test_only_the_draft_protocol_is_not_in_force() -> None:
    status = {key: council["protocol"]["status"] for key, council in COUNCILS.items()}
    assert status == dict.fromkeys(KEYS, "in_force") | {"auth5c": "draft"}
    assert COUNCILS["auth5c"]["protocol"]["adoption"] is None
    adopted = {key: council["protocol"]["adoption"] for key, council in COUNCILS.items() if key != "auth5c"}
    assert {key: (a["date"], a["minute_ref"]) for key, a in adopted.items()} == {
        "weston": ("2024-10-14", None),
        "yateley": ("2021-02-15", None),
        "alsager": (None, None),
        "ilminster": ("2023-01-17", None),
    }
    assert adopted["alsager"]["year"] == 2019
    assert [key for key, a in adopted.items() if not a["note"]] == []


@pytest.mark.parametrize("key", KEYS)
def test_settings_start_on_one_of_their_choices(key: str) -> None:
    settings = COUNCILS[key]["settings"]
    assert [item["id"] for item in settings if item["default"] not in item["choices"]] == []
    ids = [item["id"] for item in settings]
    assert ids == list(dict.fromkeys(ids))


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        (("routes", 0, "mode"), "anyof", "$.routes[0].mode"),
        (("routes", 0, "steps", 0, "to"), "role:Town Clerk", "$.routes[0].steps[0].to"),
        (("routes", 0, "raiser"), "councilor", "$.routes[0].raiser"),
        (("routes", 0, "basis"), "guessed", "$.routes[0].basis"),
        (("routes", 0, "steps"), [], "$.routes[0].steps"),
        (("visibility", "hidden_watchers"), "allowed", "$.visibility.hidden_watchers"),
        (("visibility", "admin_sees_content"), True, "$.visibility.admin_sees_content"),
        (("jurisdiction",), "Scotland", "$.jurisdiction"),
        (("protocol", "adoption"), None, "$.protocol.adoption"),
        (("protocol", "in_force_from"), "14 October 2024", "$.protocol.in_force_from"),
    ],
)
def test_schema_refuses_a_wrong_value(place: tuple[Any, ...], value: Any, expected: str) -> None:
    council = copy.deepcopy(COUNCILS["weston"])
    target = council
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    assert errors(council) == [expected]


def test_schema_allows_keys_it_does_not_know() -> None:
    council = copy.deepcopy(COUNCILS["yateley"])
    council["local_remarks"] = {"anything": ["goes"]}
    council["routes"][0]["remark"] = "ours"
    assert errors(council) == []


def test_law_ids_are_unique_and_refer_to_each_other() -> None:
    items = [item["id"] for item in LAW["items"]]
    details = [item["id"] for item in LAW["details"]]
    assert items == list(dict.fromkeys(items))
    assert details == list(dict.fromkeys(details))
    assert {ref for item in LAW["items"] for ref in item["details"]} <= set(details)
    assert set(details) == {
        *(f"E{n}" for n in range(1, 9)),
        *(f"W{n}" for n in range(1, 5)),
        *(f"A{n}" for n in range(1, 7)),
        *(f"M{n}" for n in range(1, 4)),
        *(f"D{n}" for n in range(1, 8)),
        *("P1", "P2", "Q1", "Q2", "Q3", "B1", "B2", "B3", "X1"),
    }


def test_law_that_has_not_commenced_is_off_and_the_rest_is_dated() -> None:
    entries = [*LAW["items"], *LAW["details"]]
    off = [item["id"] for item in entries if item["commenced"] is not True]
    assert sorted(off) == ["A6", "E4", "L11", "L12", "L13", "Q2"]
    undated = [item["id"] for item in entries if item["commenced"] and item["from"] is None and not item.get("from_note")]
    assert undated == []
    for item in entries:
        assert item["from"] is None or re.fullmatch(r"\d{4}-\d{2}-\d{2}", item["from"]), item["id"]
        assert item["kind"] in LAW["kinds"], item["id"]
        assert item["jurisdiction"] in {"England", "Wales", "both"}, item["id"]


def test_law_items_carry_the_rule_the_engine_acts_on() -> None:
    assert {item["id"]: item["rule"] for item in LAW["items"] if item["commenced"]} == {
        "L1": "code_route_always",
        "L1W": "code_route_ombudsman",
        "L2": "no_finding_about_councillor",
        "L3": "standards_board_ended",
        "L4": "companion",
        "L4C": "fair_hearing",
        "L5": "personal_data",
        "L6": "closing_a_meeting",
        "L7": "statutory_officers_england",
        "L7W": "statutory_officers_wales",
        "L8": "whistleblowing_redirect",
        "L9": "support_never_locked",
        "L10": "accessibility",
        "E3": "no_suspension",
    }


def test_law_defaults_that_the_law_fixes_cannot_be_edited() -> None:
    fixed = {item["code"]: item["value"] for item in LAW["defaults"] if item["editable"] == "no"}
    assert fixed == {"access_request": 1, "data_breach": 72, "wales_meeting_note": 7}


@pytest.mark.parametrize("key", KEYS)
def test_legal_marks_in_a_protocol_are_law_items(key: str) -> None:
    known = {item["id"] for item in LAW["items"]}
    marks = [value for path, value in walk(COUNCILS[key]) if re.search(r"\.(legal|limit)$", path) and isinstance(value, str)]
    assert marks != []
    assert set(marks) <= known


def test_scenarios_point_at_rules_and_clauses_that_exist() -> None:
    assert len(SCENARIOS) == 58
    assert sum("check" in scenario for scenario in SCENARIOS) == 24
    for scenario in SCENARIOS:
        council = COUNCILS[scenario["council"]]
        assert set(scenario["cites"]) <= {*references(council), "hdr"}, scenario["id"]
        if "check" in scenario:
            check = scenario["check"]
            route = next(route for route in council["routes"] if route["id"] == check["route"])
            assert (route["mode"], route["stage"]) == (check["mode"], check["stage"]), scenario["id"]
            assert [s["to"] for s in route["steps"] if not s.get("optional")] == check["to"], scenario["id"]


def test_no_fixture_names_where_it_came_from() -> None:
    files = [*PROTOCOLS.iterdir(), ROOT / "fixtures" / "law.yaml"]
    assert [path.name for path in files if re.search(r"\bseeds?\b|source_file|\.txt\b", path.read_text(encoding="utf-8"))] == []
