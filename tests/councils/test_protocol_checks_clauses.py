"""Faults of the document itself, found by what the file says of its clauses: each found where it is, and not where it isn't."""

import pytest

from councils.protocol import read_yaml, validate
from tests.councils.small_council import ROOT, council, rule

CLERK, CHAIR, PANEL, OUTSIDE = "role:proper_officer", "role:chair_of_council", "body:hr_panel", "ext:principal_mo"
CLAUSES = [{"number": str(number), "heading": "Concerns", "gist": "Something."} for number in range(1, 6)]
RULES = (
    rule("R1", "councillor", "officer", [CLERK], if_conflicted=[PANEL, OUTSIDE]),
    rule("R2", "councillor", "proper_officer", [CHAIR], if_conflicted=[PANEL, OUTSIDE], basis="inferred"),
    rule("R3", "officer", "councillor", [CLERK], if_conflicted=[PANEL, OUTSIDE]),
)


def said(code, *rules, **more):
    """The findings of one code as (path, clauses)."""
    data = council(*(rules or RULES), **{"clauses": CLAUSES, **more})
    return [(problem.path, problem.cites) for problem in validate(data) if problem.code == code]


def reading(number, to, *, raiser="councillor", subject="officer", **more):
    return {"raiser": raiser, "subject": subject, "to": to, "cites": [number], **more}


def test_clause_that_sends_a_concern_to_its_own_subject_is_listed():
    assert said("sent_to_its_subject", readings=[reading("2", [CLERK])]) == [("readings[0]", ("2",))]
    assert said("sent_to_its_subject", readings=[reading("2", [CLERK, "rel:line_manager_of_subject"])]) == [("readings[0]", ("2",))]


@pytest.mark.parametrize(
    "other", [reading("2", [CLERK, CHAIR]), reading("2", [CHAIR]), reading("2", [CLERK], subject="senior_officer"), reading("2", [PANEL])]
)
def test_clause_with_somebody_else_left_is_no_circle(other):
    assert said("sent_to_its_subject", readings=[other]) == []


def test_message_names_the_rule_used_instead_and_on_what_basis():
    data = council(*RULES, clauses=CLAUSES, readings=[reading("2", [CLERK])])
    (problem,) = [problem for problem in validate(data) if problem.code == "sent_to_its_subject"]
    assert problem.message == "Read in so many words, clause 2 sends a concern about the Clerk to the Clerk."
    assert problem.mend == "Rule R2 is used instead (it follows from the protocol). Let the council say so in its protocol."
    assert str(problem).endswith("(clause 2)")
    assert problem.as_json()["cites"] == ["2"]


def test_clause_that_sends_the_clerks_own_concern_to_the_clerk_is_listed():
    back = reading("3", ["rel:line_manager_of_raiser", CLERK], raiser="officer", subject="councillor")
    assert said("sent_to_its_raiser", readings=[back]) == [("readings[0]", ("3",))]
    assert said("sent_to_its_raiser", readings=[{**back, "to": [CLERK, CHAIR]}]) == []


def test_two_orders_for_the_same_people_are_listed_with_both_clauses():
    chair_only, chair_first = reading("2", [CHAIR]), reading("4", [CHAIR, CLERK], ordered=True)
    assert said("clauses_disagree", readings=[chair_only, chair_first]) == [("readings[1]", ("2", "4"))]
    assert said("clauses_disagree", readings=[chair_first, reading("5", [CLERK, CHAIR], ordered=True)]) == [("readings[1]", ("4", "5"))]


@pytest.mark.parametrize(
    "other",
    [
        reading("4", [CHAIR]),
        reading("4", [CHAIR, CLERK], ordered=True, matter="leak"),
        reading("4", [CLERK], raiser="officer", subject="councillor"),
        reading("4", [CLERK], raiser="officer"),
    ],
)
def test_clauses_about_other_people_or_matters_do_not_disagree(other):
    assert said("clauses_disagree", readings=[reading("2", [CHAIR]), other]) == []


def test_reading_of_an_unknown_role_token_or_clause_is_an_error():
    wrong = {"raiser": "wizard", "subject": "officer", "to": ["role:wizard"], "cites": ["99"]}
    assert said("unknown_role", readings=[wrong]) == [("readings[0].raiser", ("99",))]
    assert said("unknown_token", readings=[wrong]) == [("readings[0].to", ("99",))]
    assert said("unknown_clause", readings=[wrong]) == [("readings[0].cites[0]", ("99",))]


KEEPS_OUT = rule(
    "R1", "councillor", "officer", ["party:subject", OUTSIDE], exclude_viewers=[{"who_code": "other_officers", "cites": ["4"]}], cites=["3"]
)
DISCIPLINE = rule("R4", "any", "officer", ["proc:disciplinary"], stage="deciding", decided_by=[CLERK], cites=["5"])


def test_officer_kept_out_by_one_clause_and_needed_by_another_is_listed():
    assert said("kept_out_but_needed", KEEPS_OUT, *RULES[1:], DISCIPLINE) == [("routes[3]", ("4", "5"))]
    assert said("kept_out_but_needed", *RULES, DISCIPLINE) == []
    assert said("kept_out_but_needed", KEEPS_OUT, *RULES[1:], {**DISCIPLINE, "decided_by": [PANEL]}) == []


def test_sides_that_are_treated_differently_are_listed():
    assert said("sides_differ", KEEPS_OUT, *RULES[1:]) == [("routes[2]", ("4", "1"))]
    assert said("sides_differ", KEEPS_OUT, RULES[1], rule("R3", "officer", "councillor", [CHAIR, OUTSIDE])) == []


def test_clause_that_relies_on_a_struck_passage_is_listed():
    leaning = {**CLAUSES[1], "relies_on": [{"clause": "1", "for": "the schedule"}]}
    struck = {**CLAUSES[0], "struck": ["the schedule"]}
    assert said("relies_on_struck", clauses=[struck, leaning]) == [("clauses[1].relies_on[0]", ("2", "1"))]
    assert said("relies_on_struck", clauses=[{**CLAUSES[0], "deleted": True}, leaning]) == [("clauses[1].relies_on[0]", ("2", "1"))]
    assert said("relies_on_struck", clauses=[{**CLAUSES[0], "struck": ["a comma"]}, leaning]) == []
    assert said("relies_on_struck", clauses=[CLAUSES[0], leaning]) == []


def test_clause_that_relies_on_one_that_is_not_there_is_an_error():
    leaning = {**CLAUSES[1], "relies_on": [{"clause": "77"}]}
    assert said("unknown_clause", clauses=[CLAUSES[0], leaning]) == [("clauses[1].relies_on[0]", ("2", "77"))]


def test_part_of_a_clause_may_rely_on_something_struck_too():
    parts = [{"ref": "2(a)", "relies_on": [{"clause": "1"}]}]
    clauses = [{**CLAUSES[0], "struck": ["all of it"]}, {**CLAUSES[1], "parts": parts}]
    assert said("relies_on_struck", clauses=clauses) == [("clauses[1].parts[0].relies_on[0]", ("2(a)", "1"))]


@pytest.mark.parametrize(("supplied", "found"), [(False, [("clauses[0].refers_to[0]", ("1",))]), (True, [])])
def test_document_that_was_not_supplied_is_listed(supplied, found):
    clauses = [{**CLAUSES[0], "refers_to": [{"document": "the standards protocol", "supplied": supplied}]}]
    assert said("missing_document", clauses=clauses) == found


IN_FORCE = {"title": "P", "status": "in_force", "adopted_by": "Full Council", "adopted_on": "2024-01-01", "adoption": {"body": "Full Council"}}


def test_version_table_left_empty_is_listed():
    table = {"amendment_record_fields": ["date", "version"]}
    assert said("empty_version_table", protocol={**IN_FORCE, **table, "amendment_record": []}) == [("protocol.amendment_record", ("hdr",))]
    assert said("no_version_table", protocol={**IN_FORCE, **table, "amendment_record": []}) == []
    filled = {**IN_FORCE, **table, "amendment_record": [{"version": "1", "date": "2024-01-01"}]}
    assert said("empty_version_table", protocol=filled) == []
    assert said("no_version_table", protocol=IN_FORCE) == [("protocol.amendment_record", ("hdr",))]
    assert said("no_version_table", protocol={"title": "P", "status": "draft"}) == []


def test_group_for_staff_matters_needs_a_decision():
    named = {"hr_panel": {"label": "Staffing Group", "cites": ["2"]}}
    body = {"code": "hr_panel", "label": "Staffing Group", "cites": ["3"]}
    assert said("hr_group_not_delegated", vocabulary=named, bodies=[body]) == [("bodies.hr_panel.delegated", ("3", "2"))]
    assert said("hr_group_not_delegated", vocabulary=named, bodies=[{**body, "delegated": {"minute_ref": "24/7"}}]) == []
    assert said("no_hr_group", vocabulary={"hr_panel": {"label": "Staffing Group", "basis": "default"}}) == [("vocabulary.hr_panel", ("1",))]


def test_authority_that_is_only_described_leaves_its_officer_unnamed():
    described = {"name_in_document": "the principal council", "cites": ["4"]}
    stages = {"informal": {"enabled": True}, "code_of_conduct": {"enabled": True, "cites": ["5"]}}
    told = said("unnamed_monitoring_officer", *RULES, principal_authority={**described, "named": False}, stages_enabled=stages)
    assert told == [("principal_authority", ("4",))]
    assert said("unnamed_monitoring_officer", principal_authority=described, stages_enabled=stages) == []


def test_abolished_body_is_listed():
    word = {"own_board": {"label": "Board", "kind": "body", "abolished": "2012-04-01", "cites": ["5"]}}
    assert said("abolished_body", vocabulary=word) == [("vocabulary.own_board", ("5",))]
    assert said("abolished_body", vocabulary={"own_board": {"label": "Board", "kind": "body"}}) == []


KNOWN = {
    "yateley": {("sent_to_its_subject", ("9.3",)), ("hr_group_not_delegated", ("9.2",)), ("unnamed_monitoring_officer", ("9.2",))},
    "ilminster": {
        ("clauses_disagree", ("REL.4(4)", "WRONG-C.1")),
        ("unnamed_monitoring_officer", ("WRONG-O.1", "WRONG-O.3")),
        ("missing_document", ("OFF.4(6)",)),
    },
    "weston": {
        ("competing_reviews", ("hdr", "1.4")),
        ("empty_version_table", ("hdr",)),
        ("no_hr_group", ("11.3(d)", "6.2", "3.7", "11.4", "11.2")),
        ("unnamed_monitoring_officer", ("11.4", "1.2", "2.4")),
    },
    "alsager": {
        ("sides_differ", ("61(4)", "63")),
        ("kept_out_but_needed", ("61(4)", "62", "8")),
        ("clauses_disagree", ("61", "61(3)", "32")),
        ("no_hr_group", ("61(3)", "61(4)", "38")),
    },
    "auth5c": {("draft", ("hdr",)), ("standards_board", ("13.2",)), ("relies_on_struck", ("12.1", "9.1"))},
}


@pytest.mark.parametrize("key", sorted(KNOWN))
def test_known_defects_of_the_shipped_protocols_are_listed_with_their_clauses(key):
    problems = validate(read_yaml((ROOT / "fixtures" / "protocols" / f"{key}.yaml").read_bytes(), name=f"{key}.yaml"))
    assert KNOWN[key] - {(problem.code, problem.cites) for problem in problems} == set()
    assert [problem.code for problem in problems if problem.level == "error"] == []
    assert [problem.path for problem in problems if not problem.cites] == []


def test_all_three_review_dates_are_named():
    problems = validate(read_yaml((ROOT / "fixtures" / "protocols" / "weston.yaml").read_bytes(), name="weston.yaml"))
    (problem,) = [problem for problem in problems if problem.code == "competing_reviews"]
    dates = "30 June 2027 (title block), 14 October 2028 (every 4 years, 1.4, title block), new administration (title block)"
    assert problem.message == f"More than one review is due: {dates}. The earliest counts."
