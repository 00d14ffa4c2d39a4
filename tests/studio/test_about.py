"""What a document says of itself, which clause is which, and checks in plain words: no database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from concerns.domain.targets import target
from councils.protocol import validate
from studio.domain import heading
from studio.domain.matching import matched, renumbered
from studio.domain.starting import with_clauses
from studio.editing.describing import reading
from studio.editing.problems import problems_of
from studio.editing.spoken import spoken
from studio.editing.ties import tied, untied
from studio.importing import splitting, text
from studio.importing.about import About, about, day_in
from studio.queries.sources import PLAIN, shape_config
from tests.factories.councils import protocol_file

HEAD = "BROOK TOWN COUNCIL\nCouncillor and Officer Protocol\n"
BODY = "\n1. Purpose\n\n1.1 It is for everybody.\n\n1.2 Staff performance is reviewed annually.\n\n2. Keeping it\n\n2.1 %s\n\n2.2 Talk first.\n"


def found_in(said: str, head: str = "") -> About:
    return about(splitting.split(text.read((HEAD + head + BODY % said).encode()).blocks))


def test_title_is_the_line_that_calls_itself_a_protocol() -> None:
    assert found_in("Nothing.").title == "Councillor and Officer Protocol"
    assert about([{"id": 1, "kind": "other", "text": "OUR COUNCIL\nMEMBER AND OFFICER PROTOCOL"}]).title == "Member and officer protocol"
    assert about([{"id": 1, "kind": "clause", "number": "1", "text": "A protocol"}]) == About()


@pytest.mark.parametrize(
    ("said", "years"),
    [
        ("This protocol will be reviewed annually.", 1),
        ("This protocol shall be reviewed every 2 years.", 2),
        ("The protocol is reviewed every 4years by Full Council.", 4),
        ("This document will be reviewed every three (3) years.", 3),
        ("A review of this policy takes place every other year.", 2),
        ("This protocol must be reviewed at intervals of not more than 24 months.", 2),
        ("There is a four-yearly review of this protocol.", 4),
        ("This protocol was last reviewed in May 2020, annually since.", 0),
        ("This protocol is reviewed every 18 months.", 0),
        ("The pay of officers is reviewed every two years.", 0),
    ],
)
def test_interval_of_a_review_is_found_with_its_clause(said: str, years: int) -> None:
    found = found_in(said).interval
    assert (found.years, found.ref, found.words) == (years, "2.1", said) if years else found is None


def test_day_of_a_review_and_last_adoption_are_found_before_the_clauses() -> None:
    found = found_in("It holds.", "Adopted by Full Council on 3rd March 2023 (Minute 23/9)\nReviewed and approved by Finance & Policy Committee 15.07.25\nNext review: May 2027\n")
    assert found.fixed is not None and (found.fixed.day, found.fixed.printed, found.fixed.precision, found.fixed.ref) == (date(2027, 5, 31), "May 2027", "month", "hdr")
    assert found.interval is None
    assert found.adoption is not None and (found.adoption.body, found.adoption.day, found.adoption.minute) == ("Finance & Policy Committee", date(2025, 7, 15), "")
    assert [said.minute for said in found.adopted] == ["23/9", ""]
    one = found_in("It holds.", "Adopted: Full Council, 3 March 2023\nMinute no. 23/9\n").adoption
    assert one is not None and (one.body, one.minute) == ("Full Council", "23/9")
    breath = found_in("It holds.", "Adopted by Full Council on 9 September 2026, minute 88/26. The Council will review this Protocol every two years.")
    assert (breath.fixed, breath.interval.years if breath.interval else 0) == (None, 2)  # the day is the adoption's
    none = found_in("The council has adopted a code.")
    assert (none.adopted, none.reviews) == ((), ())


def test_day_is_read_as_people_write_it_and_an_impossible_one_is_none() -> None:
    days = {"1 May 2027": "2027-05-01", "May 1st, 2027": "2027-05-01", "01/05/27": "2027-05-01", "Sept 2027": "2027-09-30", "in 2027": "2027-12-31"}
    assert {words: str(day_in(words)[0]) for words in days} == days
    assert day_in("31.02.2027 and 99/99/2027") == (None, "", "")


def test_clauses_without_a_printed_number_match_by_place_or_by_their_headings_word() -> None:
    own = [("INTRODUCTION.1", "INTRODUCTION, paragraph 1"), ("Background.2", ""), ("REL.1", ""), ("9.3", ""), ("PRESS.1", "PRESS AND MEDIA, paragraph 1"), ("GENERAL.1", "")]
    known = [("INTRO.1", ""), ("BACK.2", ""), ("9.3.", ""), ("MEDIA.1", "Talk — Press and media, paragraph 1"), ("GEN.1", ""), ("GENE.1", ""), ("RE.1", "")]
    assert matched(own, known) == {"INTRODUCTION.1": "INTRO.1", "Background.2": "BACK.2", "9.3": "9.3.", "PRESS.1": "MEDIA.1"}  # GENERAL could be two, RE is too short
    two = matched([("OFFICERS.1", ""), ("OFFICE.1", "")], [("OFF.1", "")])
    assert two == {}


def test_taken_clauses_keep_the_numbers_the_rules_cite_unless_the_document_prints_one() -> None:
    config = protocol_file("ilminster")
    own = [
        {"number": "INTRODUCTION.1", "heading": "INTRODUCTION", "ref_assigned": True, "gist": "Why", "parts": [{"ref": "INTRODUCTION.1(1)", "gist": "One"}]},
        {"number": "BACKGROUND.1", "heading": "BACKGROUND", "gist": "Printed like this"},
    ]
    clauses = with_clauses(config, own)["clauses"]
    assert [clause["number"] for clause in clauses] == ["INTRO.1", "BACKGROUND.1"]
    assert clauses[0]["parts"][0]["ref"] == "INTRO.1(1)"
    assert own[0]["number"] == "INTRODUCTION.1"
    assert renumbered(own, []) == own


def test_reviews_are_put_in_the_place_of_defaults_and_never_of_other_passages() -> None:
    plain = with_clauses(shape_config(PLAIN), [{"number": "1", "heading": "A"}])
    for rule in plain["protocol"]["review"]["rules"]:
        rule.pop("cites", None)
        rule["basis"] = "default"
    made = heading.reviewed(plain, every=2, every_cites="1", day=date(2027, 5, 31), printed={"printed": "May 2027", "precision": "month"})
    rules = made["protocol"]["review"]["rules"]
    assert rules[0] == {"id": "PLAIN-REV1", "type": "interval", "every": "P2Y", "counted_from": "adopted_on", "basis": "stated", "cites": ["1"]}
    assert rules[1] == {"id": "REV1", "type": "fixed_date", "date": "2027-05-31", "printed": "May 2027", "precision": "month", "basis": "default"}
    assert [rule["type"] for rule in rules] == ["interval", "fixed_date", "event"]
    assert [rule["type"] for rule in heading.reviewed(plain)["protocol"]["review"]["rules"]] == ["event"]
    weston = protocol_file("weston")
    same = heading.reviewed(weston, every=4, every_cites="1.4", day=date(2027, 6, 30), day_cites="hdr")
    written = weston["protocol"]["review"]["rules"]
    assert sorted(map(str, same["protocol"]["review"]["rules"])) == sorted(map(str, written))


def test_everything_that_rests_on_no_clause_is_listed_and_tied() -> None:
    own = [{"number": "1", "heading": "Talk", "gist": "Talk first."}]
    config = with_clauses({**shape_config(PLAIN)}, own)
    config["routes"] = [{**route, "basis": "default", "cites": []} for route in config["routes"]]
    config["vocabulary"] = {code: {"label": word["label"]} for code, word in sorted(config["vocabulary"].items())}
    config["stages_enabled"] = {"informal": True, "conciliation": {"enabled": True, "basis": "default"}}
    parts = untied(config, reading(config))
    by_code = {section.code: ties for section, ties in parts}
    assert parts[0][0].code == "rules" and len(by_code["rules"]) == len(config["routes"])
    assert by_code["rules"][0].says == "Clerk"
    assert [(tie.key, tie.says) for tie in by_code["stages"]] == [("informal", "Does your protocol have this stage?: Yes"), ("conciliation", "Does your protocol have this stage?: Yes")]
    said = {tie.key: (tie.title, tie.says) for tie in by_code["words"]}
    assert said["hr_panel"] == ("The councillors who deal with staff matters", "Your word for it: Staffing Panel")
    assert list(said)[:3] == ["councillor", "officer", "chair_of_council"]
    days = {tie.field.name: tie for tie in by_code["times"]}
    acknowledge = days["acknowledge_after_working_days_cites"]
    assert (acknowledge.title, acknowledge.says) == ("Acknowledge a concern", "3")
    chosen = [(by_code["rules"][1], "1"), (by_code["stages"][0], "1"), (acknowledge, "1")]
    made = tied(config, chosen)
    assert (made["routes"][1]["cites"], made["routes"][1]["basis"]) == (["1"], "stated")
    assert made["routes"][0] == config["routes"][0]
    assert made["stages_enabled"]["informal"] == {"enabled": True, "cites": ["1"], "basis": "stated"}
    left = {tie.control for _section, ties in untied(made, reading(made)) for tie in ties}
    assert not left & {tie.control for tie, _ref in chosen}
    assert not [problem for problem in validate(made) if problem.level == "error" and "_cites" in problem.path]
    broken = tied(config, [(acknowledge, "77")])
    assert "There is no clause 77." in [problem.message for problem in validate(broken)]


def test_target_with_clauses_of_its_own_is_the_protocols_and_the_others_stay_defaults() -> None:
    written = {"basis": "default", "acknowledge_after_working_days": 3, "informal_review_after_working_days": 12, "acknowledge_after_working_days_cites": ["9.3"]}
    found = target("acknowledge_concern", own={}, written=written, shipped=None)
    assert (found.days, found.basis, found.cites) == (3, "clause", ("9.3",))
    assert target("informal_review", own={}, written=written, shipped=None).basis == "council"
    assert target("acknowledge_concern", own={"acknowledge_concern": 4}, written=written, shipped=None).basis == "council"


@pytest.mark.parametrize("name", ["alsager", "auth5c", "ilminster", "weston", "yateley"])
def test_no_check_of_a_real_protocol_is_told_in_a_files_codes(name: str) -> None:
    config = protocol_file(name)
    told = [(one.message, one.mend) for one in problems_of(config)]
    assert told
    raw = [words for pair in told for words in pair if any("_" in word or word.startswith(("role:", "body:", "ext:", "rel:", "routes[")) for word in words.split())]
    assert raw == []


def test_codes_of_a_file_are_said_in_the_councils_words_and_typing_errors_stay() -> None:
    protocol = reading(protocol_file("weston"))
    said: dict[str, Any] = {
        "Add a stand-in (“if_conflicted”).": "Add a stand-in (“If one of them is a party or has a conflict”).",
        "body:hr_panel is named twice.": f"{wording('body:hr_panel', protocol)} is named twice.",
        "when a chair_of_council is named": "when a Town Mayor is named",
        "Use all_of, or name the next step.": "Use “All of them together”, or name the next step.",
        "The id X is already used by routes[0].": f"The id X is already used by rule {protocol.routes[0].id}.",
        "There is no role “propper_officer”.": "There is no role “propper_officer”.",
        "such as every four years (P4Y).": "such as every four years.",
        "role:nobody_at_all": "role:nobody_at_all",
    }
    assert {raw: spoken(raw, protocol) for raw in said} == said


def wording(token: str, protocol: Any) -> str:
    from councils.wording import token_label

    return token_label(token, protocol)
