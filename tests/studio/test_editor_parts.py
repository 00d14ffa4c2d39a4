"""A protocol as forms, as words and as a file: nothing is lost, nothing is made up. No database."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from councils.errors import Refusal
from councils.protocol import LARGEST_FILE, ProtocolFileError, parse, read_yaml, validate
from councils.protocol.checking import plain
from studio.domain.deciding import decided, settings_of
from studio.domain.differences import differences
from studio.domain.parts import moved, put
from studio.domain.starting import next_version, of_model, unadopted
from studio.domain.written import as_yaml, unknown_keys
from studio.editing.changing import with_item, without_item
from studio.editing.describing import changes, described, entries, reading, section_of
from studio.editing.fields import SINGLE
from studio.editing.gaps import CHOICES, choice_label
from studio.editing.problems import problems_of
from studio.editing.sections import SECTIONS, STEP
from studio.forms.drafts import ItemForm

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FILES = {path.stem: path for path in (*(FIXTURES / "protocols").glob("*.yaml"), FIXTURES / "shapes" / "plain.yaml")}


@cache
def _config(key: str) -> dict[str, Any]:
    found: dict[str, Any] = plain(read_yaml(FILES[key].read_bytes(), name=key))
    return found


def config(key: str) -> dict[str, Any]:
    return copy.deepcopy(_config(key))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path


@pytest.mark.parametrize("key", sorted(FILES))
def test_file_written_and_read_again_is_the_same_to_the_byte(key: str) -> None:
    written = as_yaml(_config(key))
    again = read_yaml(written, name=key)
    assert again == _config(key)
    assert as_yaml(again) == written
    assert as_yaml(dict(reversed(again.items()))) == written  # the order of keys says nothing
    assert unknown_keys(again) == []


def posted(form: ItemForm) -> dict[str, Any]:
    """What a browser sends when nobody touched the form."""
    data: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if hasattr(field, "earliest"):
            data |= {f"{name}_{part}": str(getattr(value, part)) if value else "" for part in ("day", "month", "year")}
        elif isinstance(value, bool):
            data |= {name: "on"} if value else {}
        else:
            data[name] = "" if value is None else value
    return data


@pytest.mark.parametrize("key", ["weston", "auth5c", "ilminster"])
def test_form_sent_in_untouched_leaves_every_item_exactly_as_it_was(key: str) -> None:
    found, protocol, seen = _config(key), reading(_config(key)), 0
    steps = [step for route in found["routes"] for step in route["steps"]]
    items = [(section, item) for section in SECTIONS for _key, item in entries(section, found)] + [(STEP, step) for step in steps]
    for section, item in items:
        blank = ItemForm(section=section, item=item, protocol=protocol, revision=3)
        form = ItemForm(posted(blank), section=section, item=item, protocol=protocol, revision=3)
        assert form.is_valid(), (section.code, item, form.errors)
        assert form.item() == item, section.code
        seen += 1
    assert seen > 100


def test_changed_part_is_the_only_one_that_changes() -> None:
    route = config("yateley")["routes"][1]
    changed = put(put(route, "mode", "choice", "first_available"), "steps", "steps", ["body:hr_panel", "ext:principal_mo"])
    assert changed == {**route, "mode": "first_available", "steps": [route["steps"][1], {"to": "ext:principal_mo"}]}
    assert put(route, "skip_first_step_when", "many", []) == {key: value for key, value in route.items() if key != "skip_first_step_when"}
    assert put({"body": {"value": "Full Council", "cites": ["1"]}}, "body", "text", "Staff Panel") == {"body": {"value": "Staff Panel", "cites": ["1"]}}
    assert put({}, "subject_is_told.code", "choice", "at_lodging") == {"subject_is_told": {"code": "at_lodging"}}
    assert put({"enabled": True}, "enabled", "truth", "optional") == {"enabled": "optional"}
    assert put({"enabled": True, "why": "x"}, "enabled", "truth", "false") == {"enabled": False, "why": "x"}
    assert moved(["a", "b", "c"], 1, -1) == ["b", "a", "c"]
    assert moved(["a", "b"], 1, 1) == ["a", "b"]


def test_every_difference_is_named_and_standing_is_none() -> None:
    before = _config("weston")
    assert changes(before, before) == ()
    assert changes(before, unadopted(before)) == ()
    standing = {("protocol", part) for part in ("status", "adoption", "adopted_on", "adopted_by", "in_force_from")}
    every = [path for path in leaves(before) if path[:2] not in standing and "next_due" not in path and "gives" not in path]
    was = described(before)
    for path in every[3 :: len(every) // 20]:
        after = copy.deepcopy(before)
        place = after
        for part in path[:-1]:
            place = place[part]
        value = place[path[-1]]
        place[path[-1]] = (not value) if isinstance(value, bool) else value + 1 if isinstance(value, int) else "something else"
        assert differences(was, described(after)), path


def test_differences_say_in_words_what_was_who_is_and_which_clauses() -> None:
    before = config("plain")
    after = copy.deepcopy(before)
    after["routes"][0]["steps"] = [{"to": "role:deputy_proper_officer"}]
    after["routes"].append({**after["routes"][1], "id": "NEW-1", "subject": "deputy_proper_officer", "cites": ["3.2"]})
    del after["clauses"][0]
    found = {section.title: section for section in changes(before, after)}
    assert set(found) == {"Rules: who hears what", "Clauses"}
    rule, new = found["Rules: who hears what"].changes
    assert (rule.kind, rule.title) == ("changed", "PLAIN-R01: A Councillor about an Officer – First step, in private")
    assert [(part.label, part.before, part.after) for part in rule.parts] == [("Who hears it", "Clerk", "Deputy Clerk")]
    assert rule.cites == ("3.1", "3.4")
    assert (new.kind, new.cites) == ("added", ("3.2",))
    assert [(change.kind, change.cites) for change in found["Clauses"].changes] == [("removed", ("1.1",))]
    swapped = {**before, "routes": [before["routes"][1], before["routes"][0], *before["routes"][2:]]}
    assert [(section.title, section.changes, section.is_reordered) for section in changes(before, swapped)] == [("Rules: who hears what", (), True)]


def test_bodies_written_by_code_are_edited_as_the_others() -> None:
    by_code = {"bodies": {"hr_panel": {"label": "Staffing Panel", "quorum": 2}}}
    found = with_item(by_code, "panels", "0", {"code": "hr_panel", "label": "Staffing Panel", "quorum": 3})
    assert found == {"bodies": [{"code": "hr_panel", "label": "Staffing Panel", "quorum": 3}]}
    assert without_item(by_code, "panels", "0") == {"bodies": []}
    with pytest.raises(Refusal, match="isn't there any more"):
        with_item(by_code, "panels", "7", {})
    with pytest.raises(Refusal, match="isn't there any more"):
        without_item(by_code, "words", "hr_panel")


def test_labels_of_a_section_tell_its_fields_apart() -> None:
    for section in (*SECTIONS, STEP):
        labels = [str(field.label) for field in section.fields]
        assert len(set(labels)) == len(labels), section.code
        assert len({field.control for field in section.fields}) == len(labels), section.code


def test_problem_leads_to_the_form_that_mends_it() -> None:
    broken = config("plain")
    broken["routes"][2]["mode"] = "whoever"
    broken["protocol"]["review"]["rules"][1].pop("event")
    broken["exception_route"]["to"] = []
    places = {(found.section, found.key) for found in problems_of(broken) if found.is_error}
    assert places == {("rules", "2"), ("reviews", "1"), ("nobody", "only")}
    assert section_of("bodies[1].quorum") == ("panels", "1")
    assert section_of("bodies.hr_panel.delegated") == ("panels", "")
    assert section_of("vocabulary.hr_panel.label") == ("words", "hr_panel")
    assert section_of("party_groups.cites[0]") == ("", "")
    assert {section.kind for section in SECTIONS if section.code in ("title", "nobody", "told", "times")} == {SINGLE}


def test_next_version_is_adopted_by_nobody_and_remembers_the_one_before() -> None:
    before = config("weston")
    after = next_version(before)
    head = after["protocol"]
    assert (head["status"], head["adopted_on"], head["adopted_by"], head["adoption"]) == ("draft", None, None, None)
    assert "in_force_from" not in head
    assert [line["date"] for line in head["amendment_record"]] == ["2024-10-14"]
    assert [rule.get("gives") for rule in head["review"]["rules"]] == [None] * len(head["review"]["rules"])
    assert before == _config("weston")
    assert next_version(config("yateley"))["protocol"]["version"] == "4"
    assert [problem for problem in validate(after) if problem.level == "error"] == []
    assert parse(after).status == "draft"


def test_model_with_own_clauses_rests_on_none_until_tied() -> None:
    own = [{"number": "7", "heading": "Complaints", "gist": "How to complain."}]
    draft = of_model(config("yateley"), key="anytown", name="Anytown Council", jurisdiction="England", clauses=own)
    assert (draft["key"], draft["name"], draft["clauses"]) == ("anytown", "Anytown Council", own)
    assert [path for path in leaves(draft) if "cites" in path] == []
    assert {route["basis"] for route in draft["routes"]} == {"default"}
    assert draft["protocol"]["amendment_record"] == []
    assert [one.id for one in settings_of(draft) if one.cites] == []
    assert [problem for problem in validate(draft) if problem.level == "error"] == []
    whole = of_model(config("yateley"), key="anytown", name="Anytown Council", jurisdiction="England")
    assert whole["clauses"] == _config("yateley")["clauses"]
    assert "Hart" not in as_yaml(whole)


def test_plain_protocol_needs_no_mending() -> None:
    assert [problem.code for problem in validate(_config("plain")) if problem.level == "error"] == []


def setting(key: str, name: str) -> Any:
    return next(one for one in settings_of(_config(key)) if one.key == name)


RECORD = {"body": "Full Council", "on": "2026-01-05", "minute_ref": "44/26"}


def test_decision_changes_the_rules_it_is_about() -> None:
    who, told, panel = (setting("weston", name) for name in ("fallback.clerk_about_chair", "tell_subject", "hr_panel.minimum_members"))
    found, changed = decided(_config("weston"), who, {"choice": "panel_then_mo", **RECORD})
    steps = [[step["to"] for step in route["steps"]] for route in found["routes"] if route["raiser"] == "proper_officer" and route["subject"] == "chair_of_council"]
    assert (changed, steps[0]) == (True, ["body:hr_panel", "ext:principal_mo"])
    found, changed = decided(found, told, {"choice": "with_raiser_consent", **RECORD})
    assert (changed, parse(found).visibility["subject_is_told"]["code"]) == (True, "with_raiser_consent")
    found, changed = decided(found, panel, {"choice": "5", **RECORD})
    assert (changed, parse(found).bodies["hr_panel"]["minimum_members"]) == (True, 5)
    now = {one.key: one for one in settings_of(found)}
    assert (now["tell_subject"].choice, now["tell_subject"].minute_ref, now["tell_subject"].body) == ("with_raiser_consent", "44/26", "Full Council")
    assert now["anonymous"].choice == ""
    assert [problem for problem in validate(found) if problem.level == "error"] == []


def test_decision_for_what_applies_already_changes_no_rule() -> None:
    before = _config("yateley")
    found, changed = decided(before, setting("yateley", "y.first_recipient_officers"), {"choice": "proper_officer", **RECORD})
    assert changed is False
    assert found["routes"] == before["routes"]
    there, _changed = decided(before, setting("yateley", "y.skip_informal"), {"choice": "no", **RECORD})
    assert parse(there).may_skip_informal is False
    back, changed = decided(there, next(one for one in settings_of(there) if one.key == "y.skip_informal"), {"choice": "yes_with_reason", **RECORD})
    assert (changed, parse(back).may_skip_informal) == (True, True)


def test_decision_the_portal_cannot_act_on_is_kept_and_changes_nothing() -> None:
    before = _config("weston")
    one = setting("weston", "anonymous")
    found, changed = decided(before, one, {"choice": "sealed_identity", **RECORD})
    assert (one.is_acted_on, changed) == (False, False)
    assert {key: value for key, value in found.items() if key != "settings"} == {key: value for key, value in before.items() if key != "settings"}


def test_every_choice_of_the_shipped_protocols_has_words() -> None:
    bare = {choice for key in FILES for one in settings_of(_config(key)) for choice in one.choices if choice not in CHOICES and choice not in one.labels}
    assert {choice for choice in bare if not choice.isdigit()} == set()
    assert choice_label("32_always", setting("alsager", "a.clerk_first").labels) == "Always clause 32"


def test_decision_on_one_clause_changes_the_rules_that_rest_on_it() -> None:
    found, changed = decided(_config("yateley"), setting("yateley", "y.9_3"), {"choice": "never", **RECORD})
    assert (changed, found["routes"][1]["skip_first_step_when"]) == (True, [])
    found, changed = decided(_config("yateley"), setting("yateley", "y.clerk_as_leak"), {"choice": "principal_mo", **RECORD})
    assert (changed, found["routes"][8]["if_conflicted"]) == (True, ["ext:principal_mo"])
    found, changed = decided(_config("yateley"), setting("yateley", "y.disciplinary_decider"), {"choice": "hr_panel", **RECORD})
    assert (changed, found["routes"][7]["decided_by"]) == (True, ["body:hr_panel"])
    found, changed = decided(_config("weston"), setting("weston", "w.copies"), {"choice": "disclosed_only", **RECORD})
    assert (changed, [rule["exceptions"] for rule in found["confidentiality"] if "9.1" in rule["cites"] and "exceptions" in rule]) == (
        True, [["exceptional_with_disclosure"]],
    )  # fmt: skip
    assert [problem for problem in validate(found) if problem.level == "error"] == []


def test_unknown_key_is_named_with_what_was_meant() -> None:
    wrong = config("plain")
    wrong["rotues"] = []
    wrong["routes"][0]["if_conflict"] = []
    wrong["routes"][0]["steps"][0]["frobnicate"] = 1
    assert sorted(unknown_keys(wrong)) == [
        "At the top: there is no key “rotues”. Did you mean “routes”?",
        "routes[0].steps[0]: there is no key “frobnicate”. Take it out.",
        "routes[0]: there is no key “if_conflict”. Did you mean “if_conflicted”?",
    ]


def test_bomb_and_huge_file_are_refused_in_words() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(8))
    with pytest.raises(ProtocolFileError, match="would unfold to more than"):
        read_yaml(bomb, name="bomb.yaml")
    with pytest.raises(ProtocolFileError, match="larger than 2 MB"):
        read_yaml(b"#" * (LARGEST_FILE + 1), name="big.yaml")
