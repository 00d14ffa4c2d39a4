"""Each thing `check` looks for, found where it is and not found where it isn't."""

import copy

import pytest
import yaml

from councils.protocol import ProtocolError, parse, read_yaml, validate
from tests.councils.small_council import KEYS, ROOT, council, rule

CLERK, CHAIR, PANEL, OUTSIDE = "role:proper_officer", "role:chair_of_council", "body:hr_panel", "ext:principal_mo"
GOOD = (
    rule("R1", "councillor", "officer", [CLERK], if_conflicted=[PANEL, OUTSIDE]),
    rule("R2", "councillor", "proper_officer", [CHAIR], if_conflicted=[PANEL, OUTSIDE]),
    rule("R3", "officer", "councillor", [CLERK], if_conflicted=[PANEL, OUTSIDE]),
)


def found(data, level=None):
    return [(p.code, p.path) for p in validate(data) if level in (None, p.level)]


def errors(*rules, **more):
    return found(council(*rules, **more), "error")


def warnings(*rules, **more):
    return [code for code, _path in found(council(*rules, **more), "warning")]


def test_sound_council_has_no_errors():
    assert errors(*GOOD) == []


@pytest.mark.parametrize("key", KEYS)
def test_shipped_councils_have_no_errors(key):
    path = ROOT / "fixtures" / "protocols" / f"{key}.yaml"
    assert found(read_yaml(path.read_bytes(), name=path.name), "error") == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"raiser": "councilor"}, ("unknown_role", "routes[0].raiser")),
        ({"subject": "wizard"}, ("unknown_role", "routes[0].subject")),
        ({"stage": "infromal"}, ("unknown_stage", "routes[0].stage")),
        ({"topics": ["conduct", "weather"]}, ("unknown_topic", "routes[0].topics[1]")),
        ({"mode": "some_of"}, ("unknown_mode", "routes[0].mode")),
        ({"basis": "hearsay"}, ("unknown_basis", "routes[0].basis")),
        ({"steps": [{"to": "role:propper_officer"}]}, ("unknown_token", "routes[0].steps[0].to")),
        ({"steps": [{"to": "proper_officer"}]}, ("unknown_token", "routes[0].steps[0].to")),
        ({"steps": [{"to": "rel:friend_of_subject"}]}, ("unknown_token", "routes[0].steps[0].to")),
        ({"steps": [{"to": "body:hr_panell"}]}, ("unknown_token", "routes[0].steps[0].to")),
        ({"steps": [{"act": "report"}]}, ("missing", "routes[0].steps[0].to")),
        ({"steps": []}, ("no_steps", "routes[0].steps")),
        ({"if_conflicted": ["role:nobody"]}, ("unknown_token", "routes[0].if_conflicted[0]")),
        ({"decided_by": ["the boss"]}, ("unknown_token", "routes[0].decided_by[0]")),
        ({"cites": ["99"]}, ("unknown_clause", "routes[0].cites[0]")),
        ({"id": "R2"}, ("duplicate_rule", "routes[1].id")),
        ({"id": ""}, ("missing", "routes[0].id")),
        ({"may_become": "R9"}, ("unknown_rule", "routes[0].may_become")),
        ({"never": [CLERK]}, ("never_named", "routes[0].never")),
        ({"steps": [{"to": CLERK}, {"to": CLERK}]}, ("repeated_step", "routes[0].steps")),
    ],
)
def test_fault_in_a_rule_is_found_at_its_place(change, expected):
    data = copy.deepcopy(council(*GOOD))
    data["routes"][0].update(change)
    assert expected in found(data, "error")


def test_misspelling_is_answered_with_the_word_meant():
    data = council(rule("R1", "councillor", "officer", ["role:propper_officer"]))
    (problem,) = [p for p in validate(data) if p.code == "unknown_token"]
    assert problem.mend == "Did you mean “role:proper_officer”?"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"topics": ["bullying", "conduct"]}, {"topics": ["conduct"]}),
        ({"raiser": "any"}, {"raiser": "person"}),
        ({"stage": ["informal", "complaint"]}, {"stage": "complaint"}),
    ],
)
def test_rules_that_fit_equally_well_are_an_error(one, other):
    rules = ({**rule("R1", "councillor", "officer", [CLERK, OUTSIDE]), **one}, {**rule("R2", "councillor", "officer", [PANEL]), **other})
    assert ("ambiguous", "routes[1]") in errors(*rules)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"topics": ["bullying"]}, {}),
        ({"topics": ["bullying"]}, {"topics": ["conduct"]}),
        ({"subject": "proper_officer"}, {}),
        ({"raiser": "leader"}, {}),
        ({"stage": "complaint"}, {}),
    ],
)
def test_rules_that_can_be_told_apart_are_no_error(one, other):
    rules = ({**rule("R1", "councillor", "officer", [PANEL, OUTSIDE]), **one}, {**rule("R2", "councillor", "officer", [PANEL]), **other})
    assert errors(*rules) == []


def test_crossing_rules_are_a_warning():
    crossing = (rule("R1", "chair_of_council", "officer", [CLERK, PANEL]), rule("R2", "councillor", "proper_officer", [PANEL]))
    assert "crossing" in warnings(*crossing)
    assert "crossing" not in warnings(*crossing, rule("R3", "chair_of_council", "proper_officer", [PANEL]))


@pytest.mark.parametrize(
    "wrong",
    [
        rule("R1", "councillor", "proper_officer", [CLERK]),
        rule("R1", "councillor", "proper_officer", [CLERK], if_conflicted=[PANEL]),
        rule("R1", "proper_officer", "councillor", [CLERK]),
        rule("R1", "councillor", "strategic_director", ["rel:director_of_subject"]),
    ],
)
def test_self_referral_is_an_error(wrong):
    assert ("self_referral", "routes[0].steps") in errors(wrong)


def test_private_talk_with_the_subject_is_no_self_referral():
    assert errors(rule("R1", "councillor", "proper_officer", ["party:subject", PANEL])) == []


def test_rule_that_reaches_only_people_under_the_subject_is_a_dead_end():
    deputies = [{"principal": "proper_officer", "deputy": "deputy_proper_officer"}]
    wrong = rule("R1", "councillor", "proper_officer", ["role:deputy_proper_officer", "rel:line_manager_of_subject"])
    assert ("dead_end", "routes[0].steps") in errors(wrong, deputies=deputies)


@pytest.mark.parametrize(
    "deputies",
    [
        [{"principal": "proper_officer", "deputy": "proper_officer"}],
        [
            {"principal": "proper_officer", "deputy": "deputy_proper_officer"},
            {"principal": "deputy_proper_officer", "deputy": "proper_officer"},
        ],
    ],
)
def test_deputies_in_a_circle_are_an_error(deputies):
    assert ("deputy_circle", "deputies[0]") in errors(*GOOD, deputies=deputies)


def test_rule_with_no_way_out_and_short_sequence_are_warnings():
    said = warnings(rule("R1", "councillor", "officer", [CLERK], mode="sequence"))
    assert {"no_way_out", "short_sequence"} <= set(said)


def test_chair_who_must_not_act_alone_is_a_warning():
    said = warnings(rule("R1", "councillor", "officer", [CHAIR, PANEL]), conflict_rules={"chair_alone_on_hr": {"value": "forbidden"}})
    assert "chair_alone" in said


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"status": "in_force", "adopted_on": "2024-01-01"}, "no_adoption_body"),
        ({"status": "in_force", "adopted_by": "Full Council"}, "no_adoption_date"),
        ({"status": "abandoned"}, "unknown_status"),
    ],
)
def test_status_without_ground_is_an_error(head, code):
    assert code in [found_code for found_code, _path in errors(*GOOD, protocol={"title": "P", **head})]


def test_draft_is_a_warning():
    assert "draft" in warnings(*GOOD)


def test_competing_review_dates_are_a_warning():
    rules = [
        {"id": "V1", "type": "fixed_date", "date": "2027-06-30", "basis": "stated"},
        {"id": "V2", "type": "interval", "every": "P4Y", "gives": "2028-10-14", "basis": "stated"},
        {"id": "V3", "type": "event", "event": "new_administration", "basis": "stated"},
    ]
    (problem,) = [p for p in validate(council(*GOOD, protocol={"title": "P", "review": {"rules": rules}})) if p.code == "competing_reviews"]
    assert "30 June 2027, 14 October 2028 (every 4 years), new administration" in problem.message
    assert "no_review_date" in warnings(*GOOD)
    every = [{"id": "V1", "type": "interval", "every": "P2Y", "counted_from": "adopted_on", "basis": "stated"}]
    assert "no_review_date" not in {p.code for p in validate(council(*GOOD, protocol={"title": "P", "review": {"rules": every}}))}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"vocabulary": {}}, "no_hr_group"),
        ({"principal_authority": {"name_in_seed": None}}, "unnamed_monitoring_officer"),
        ({"mediators": [{"who": "ext:conciliator", "note": "or the Standards Board"}]}, "standards_board"),
        ({"exception_route": []}, "no_exception_route"),
        ({"clauses": [{"number": "1", "heading": "H", "deleted": True}]}, "deleted_clause"),
    ],
)
def test_set_up_is_remarked_on(more, code):
    assert code in warnings(*GOOD, **more)


@pytest.mark.parametrize(
    ("visibility", "code"), [({"hidden_watchers": "allowed"}, "hidden_watchers"), ({"admin_sees_content": True}, "admin_sees_content")]
)
def test_hidden_readers_cannot_be_configured(visibility, code):
    assert code in [found_code for found_code, _path in errors(*GOOD, visibility=visibility)]


def test_schema_speaks_plainly():
    data = council(*GOOD, kind=7, targets={"acknowledge_after_working_days": "three"})
    said = {p.path: p.message for p in validate(data) if p.code == "wrong_shape"}
    assert said["kind"] == "7 should be text."
    assert said["targets.acknowledge_after_working_days"] == '"three" should be a whole number.'


@pytest.mark.parametrize("wrap", [lambda one: {"council": one}, lambda one: {"schema_version": 1, "councils": [one]}])
def test_wrapped_council_is_read(wrap):
    assert parse(wrap(council(*GOOD))).key == "smallton"


def test_wrapped_council_names_the_whole_path():
    data = {"councils": [council(rule("R1", "wizard", "officer", [CLERK, OUTSIDE]))]}
    assert ("unknown_role", "councils[0].routes[0].raiser") in found(data)


def test_parse_refuses_errors_and_lets_warnings_pass():
    with pytest.raises(ProtocolError) as refused:
        parse(council(rule("R1", "wizard", "officer", [CLERK, OUTSIDE])))
    assert [problem.code for problem in refused.value.problems] == ["unknown_role"]
    assert parse(council(*GOOD)).status == "draft"


def test_parsed_protocol_cannot_be_changed():
    one = parse(council(*GOOD))
    with pytest.raises(AttributeError):
        one.key = "other"
    with pytest.raises(TypeError):
        one.conflict_rules["x"] = 1


def test_same_configuration_through_json_is_the_same_protocol():
    path = ROOT / "fixtures" / "protocols" / "weston.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    from councils.protocol.checking import plain

    one, other = parse(data), parse(plain(data))
    assert one.routes == other.routes
    assert [rule.due for rule in one.review_rules] == [rule.due for rule in other.review_rules]


@pytest.mark.parametrize(
    ("key", "status"), [("weston", "in_force"), ("auth5c", "draft"), ("yateley", "in_force"), ("ilminster", "in_force")]
)
def test_status_follows_what_the_document_says(key, status):
    path = ROOT / "fixtures" / "protocols" / f"{key}.yaml"
    data = read_yaml(path.read_bytes(), name=path.name)
    assert parse(data).status == status
