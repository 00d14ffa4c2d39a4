"""How recipients combine, fall back and run out, on councils made for the purpose."""

from datetime import date

import pytest

from concerns.domain.routing import resolve
from tests.councils.small_council import law, protocol, rule

CLERK, DEPUTY, CHAIR, VICE = "role:proper_officer", "role:deputy_proper_officer", "role:chair_of_council", "role:vice_chair_of_council"
PANEL, OUTSIDE = "body:hr_panel", "ext:principal_mo"
DEPUTIES = [{"principal": "proper_officer", "deputy": "deputy_proper_officer"}]
IN_FORCE = law().in_force("England", date(2026, 11, 22))


def ask(one, raiser="councillor", subject="officer", stage="informal", **more):
    return resolve(one, raiser=raiser, subject=subject, stage=stage, **more)


def test_any_of_keeps_those_left_in_order_and_uses_no_fallback():
    one = protocol(rule("R1", "councillor", "officer", [CLERK, CHAIR, PANEL], if_conflicted=[OUTSIDE]))
    answer = ask(one, conflicted={CLERK}, vacant={CHAIR})
    assert (answer.tokens, answer.fallback_used) == ((PANEL,), False)
    assert [item.token for item in answer.blocked] == [CLERK, CHAIR]


def test_absence_brings_in_the_named_then_the_deputy_then_the_conflict_list():
    one = protocol(rule("R1", "councillor", "officer", [CLERK], if_unavailable=[CHAIR], if_conflicted=[OUTSIDE]), deputies=DEPUTIES)
    assert ask(one, vacant={CLERK}).tokens == (CHAIR, DEPUTY, OUTSIDE)


def test_absence_brings_in_nobody_where_the_rule_says_nobody():
    one = protocol(rule("R1", "councillor", "officer", [CLERK], if_unavailable=[], if_conflicted=[OUTSIDE]), deputies=DEPUTIES)
    assert ask(one, vacant={CLERK}).tokens == (OUTSIDE,)


def test_conflict_never_brings_in_the_deputy():
    one = protocol(rule("R1", "councillor", "officer", [CLERK], if_unavailable=[DEPUTY]), deputies=DEPUTIES)
    answer = ask(one, conflicted={CLERK})
    assert (answer.tokens, answer.needs_handler) == ((), True)
    assert answer.exception_route == (OUTSIDE,)


def test_all_of_replaces_the_missing_one_in_place():
    one = protocol(
        rule("R1", "officer", "councillor", ["rel:line_manager_of_raiser", CLERK], mode="all_of", if_conflicted=[PANEL, OUTSIDE])
    )
    answer = ask(one, "officer", "councillor", conflicted={"rel:line_manager_of_raiser"})
    assert (answer.tokens, answer.fallback_used) == ((PANEL, CLERK), True)
    both = ask(one, "officer", "councillor", conflicted={"rel:line_manager_of_raiser", CLERK})
    assert both.tokens == (PANEL, OUTSIDE)


def test_all_of_never_substitutes_one_already_named():
    one = protocol(rule("R1", "officer", "councillor", [CLERK, PANEL], mode="all_of", if_conflicted=[PANEL]))
    answer = ask(one, "officer", "councillor", conflicted={CLERK})
    assert answer.tokens == (PANEL,)
    assert len(answer.warnings) == 1


def test_sequence_drops_a_step_nobody_can_take_and_says_so():
    one = protocol(rule("R1", "councillor", "officer", [{"to": CHAIR, "act": "report"}, CLERK], mode="sequence"))
    answer = ask(one, conflicted={CHAIR})
    assert (answer.tokens, answer.needs_handler, len(answer.warnings)) == ((CLERK,), False, 1)


def test_never_beats_every_other_list():
    one = protocol(rule("R1", "councillor", "officer", [CLERK], if_conflicted=[DEPUTY, OUTSIDE], never=[DEPUTY]))
    assert ask(one, conflicted={CLERK}).tokens == (OUTSIDE,)


def test_subject_and_raiser_in_single_posts_never_receive():
    one = protocol(rule("R1", "any", "person", [CLERK, CHAIR, OUTSIDE]))
    assert ask(one, "proper_officer", "chair_of_council").tokens == (OUTSIDE,)


def test_deputies_of_the_subject_are_out_at_any_depth():
    deputies = [*DEPUTIES, {"principal": "deputy_proper_officer", "deputy": "assistant_director"}]
    one = protocol(rule("R1", "councillor", "officer", [DEPUTY, "role:assistant_director", OUTSIDE]), deputies=deputies)
    assert ask(one, "councillor", "proper_officer").tokens == (OUTSIDE,)
    assert ask(one, "councillor", "officer").tokens == (DEPUTY, "role:assistant_director", OUTSIDE)


def test_head_of_staff_has_no_line_manager():
    one = protocol(rule("R1", "councillor", "officer", ["rel:line_manager_of_subject", CHAIR]))
    assert ask(one, subject="proper_officer").tokens == (CHAIR,)
    assert ask(one, subject="officer").tokens == ("rel:line_manager_of_subject", CHAIR)
    assert ask(one, subject="proper_officer", held={"rel:line_manager_of_subject"}).tokens == ("rel:line_manager_of_subject", CHAIR)


@pytest.mark.parametrize(
    ("raiser", "subject", "topic", "expected"),
    [
        ("councillor", "officer", None, "PLAIN"),
        ("chair_of_council", "officer", None, "CHAIR"),
        ("councillor", "proper_officer", None, "CLERK"),
        ("chair_of_council", "proper_officer", None, "CLERK"),
        ("chair_of_council", "proper_officer", "bullying", "TOPIC"),
        ("councillor", "deputy_proper_officer", "conduct", "PLAIN"),
    ],
)
def test_most_specific_rule_wins(raiser, subject, topic, expected):
    one = protocol(
        rule("ANY", "any", "person", [OUTSIDE]),
        rule("PLAIN", "councillor", "officer", [CLERK]),
        rule("CHAIR", "chair_of_council", "officer", [CLERK]),
        rule("CLERK", "councillor", "proper_officer", [CHAIR]),
        rule("TOPIC", "any", "person", [PANEL], topics=["bullying"]),
    )
    assert ask(one, raiser, subject, topic=topic).rule == expected


def test_equal_rules_use_the_first_and_say_so():
    one = protocol(rule("R1", "councillor", "officer", [CLERK]), rule("R2", "councillor", "officer", [CHAIR]))
    answer = ask(one)
    assert answer.rule == "R1"
    assert "R1, R2" in answer.warnings[0]


def test_steps_for_one_subject_only_are_left_out_for_others():
    steps = [CLERK, {"to": PANEL, "when": "subject is proper_officer"}, {"to": OUTSIDE, "when": "the matter is serious"}]
    one = protocol(rule("R1", "councillor", "officer", steps))
    assert ask(one, subject="officer").tokens == (CLERK, OUTSIDE)
    assert ask(one, subject="proper_officer").tokens == (PANEL, OUTSIDE)


def test_override_for_a_subject_replaces_those_parts_of_the_rule():
    one = protocol(
        rule(
            "R1", "councillor", "officer", ["proc:disciplinary"], stage="deciding", decided_by=[CLERK],
            when_subject_is_proper_officer={"decided_by": [PANEL], "cites": ["hdr"]},
        )
    )  # fmt: skip
    assert (ask(one, stage="deciding").decided_by, ask(one, stage="deciding").cites) == ((CLERK,), ("1",))
    clerk = ask(one, subject="proper_officer", stage="deciding")
    assert (clerk.decided_by, clerk.cites) == ((PANEL,), ("hdr",))


def test_stage_switched_off_needs_a_handler_and_says_why():
    one = protocol(rule("R1", "councillor", "officer", [CLERK]), stages_enabled={"informal": {"enabled": False}})
    answer = ask(one)
    assert (answer.rule, answer.tokens, answer.needs_handler) == ("R1", (), True)
    assert [item.token for item in answer.blocked] == ["stage:informal"]


def test_optional_stage_is_open():
    one = protocol(rule("R1", "councillor", "officer", [CLERK]), stages_enabled={"informal": {"enabled": "optional"}})
    assert ask(one).tokens == (CLERK,)


def test_no_rule_is_no_guess():
    answer = ask(protocol(rule("R1", "councillor", "officer", [CLERK])), "officer", "councillor")
    assert (answer.rule, answer.tokens, answer.needs_handler) == (None, (), True)
    assert len(answer.blocked) == 1


def test_same_side_is_redirected():
    answer = ask(protocol(rule("R1", "councillor", "officer", [CLERK])), "councillor", "councillor")
    assert "between councillors and officers" in answer.redirect


def test_code_route_exists_by_law_where_the_protocol_is_silent():
    one = protocol(rule("R1", "councillor", "officer", [CLERK]))
    answer = ask(one, "officer", "councillor", "deciding", law=IN_FORCE)
    assert (answer.rule, answer.tokens, answer.basis) == ("L1", ("proc:code_of_conduct",), "statute")
    assert ask(one, "officer", "councillor", "deciding").needs_handler is True


def test_code_route_is_added_by_law_beside_the_rule():
    one = protocol(
        rule("R1", "officer", "councillor", ["proc:grievance"], stage="deciding"),
        stages_enabled={"grievance": True, "code_of_conduct": False},
    )
    answer = ask(one, "officer", "councillor", "deciding", law=IN_FORCE)
    assert answer.tokens == ("proc:grievance", "proc:code_of_conduct")
    assert (answer.to[1].basis, answer.to[1].legal) == ("statute", "L1")


def test_wales_uses_its_own_law():
    one = protocol(rule("R1", "councillor", "officer", [CLERK]), jurisdiction="Wales")
    answer = ask(one, "officer", "councillor", "deciding", law=law().in_force("Wales", date(2026, 11, 22)))
    assert answer.rule == "L1W"


def test_law_of_a_day_before_it_began_does_not_apply():
    one = protocol(rule("R1", "councillor", "officer", [CLERK]))
    assert ask(one, "officer", "councillor", "deciding", law=law().items, on=date(2001, 1, 1)).needs_handler is True


def test_chair_alone_forbidden_is_skipped_unless_only_receiving():
    forbidden = {"chair_alone_on_hr": {"value": "forbidden"}}
    handling = protocol(rule("R1", "councillor", "officer", [CHAIR, VICE, PANEL], mode="first_available"), conflict_rules=forbidden)
    assert ask(handling).tokens == (PANEL,)
    intake = protocol(
        rule("R1", "councillor", "officer", [CHAIR, CLERK], mode="sequence", chair_is="intake_only"), conflict_rules=forbidden
    )
    assert ask(intake).tokens == (CHAIR, CLERK)
    only = protocol(rule("R1", "councillor", "officer", [CHAIR], mode="all_of", if_conflicted=[PANEL]), conflict_rules=forbidden)
    assert ask(only).tokens == (PANEL,)


def test_only_a_private_talk_left_names_who_comes_next():
    one = protocol(rule("R1", "councillor", "proper_officer", ["party:subject", CHAIR], if_conflicted=[VICE, OUTSIDE]))
    answer = ask(one, subject="proper_officer", conflicted={CHAIR})
    assert (answer.tokens, answer.then_if_unresolved) == (("party:subject",), (VICE, OUTSIDE))


def test_json_keeps_the_promised_keys_in_order():
    keys = list(ask(protocol(rule("R1", "councillor", "officer", [CLERK]))).as_json())
    assert keys[:9] == ["rule", "mode", "to", "fallback_used", "cites", "basis", "warnings", "blocked", "needs_handler"]


@pytest.mark.parametrize(
    ("raiser", "subject", "to"),
    [("any", "person", CLERK), (["councillor", "leader"], ["officer"], CLERK), ("councillor", "officer", [CLERK])],
)
def test_rules_may_be_written_in_several_ways(raiser, subject, to):
    written = {"id": "R1", "raiser": raiser, "subject": subject, "stage": ["informal", "complaint"], "steps": to}
    assert ask(protocol(written)).tokens == (CLERK,)
    assert ask(protocol(written, stages_enabled={"informal": True, "complaint": "yes"}), stage="complaint").tokens == (CLERK,)


@pytest.mark.parametrize(
    "when", ["subject is proper_officer", "the subject is the Clerk", "subject is a proper officer", {"subject": "proper_officer"}]
)
def test_condition_is_understood_as_people_write_it(when):
    one = protocol(rule("R1", "councillor", "officer", [OUTSIDE, {"to": PANEL, "when": when}]))
    assert ask(one).tokens == (OUTSIDE,)
    assert ask(one, subject="proper_officer").tokens == (OUTSIDE, PANEL)


@pytest.mark.parametrize("when", ["subject is absent", "not resolved", "subject is proper_officer and the matter is serious"])
def test_condition_software_cannot_decide_stays_a_note(when):
    answer = ask(protocol(rule("R1", "councillor", "officer", [OUTSIDE, {"to": PANEL, "when": when}])))
    assert (answer.tokens, answer.to[1].when) == ((OUTSIDE, PANEL), when)


def test_members_stay_out_of_discipline_where_the_protocol_says():
    rules = {
        "members_excluded_from_officer_discipline": {"enabled": True, "except_body": "appeal_panel", "except_subjects": ["chief_executive"]}
    }
    deciding = rule("R1", "any", "officer", [PANEL, "body:appeal_panel", CHAIR, CLERK], stage="deciding")
    one = protocol(deciding, conflict_rules=rules)
    assert ask(one, "officer", "officer", "deciding").tokens == ("body:appeal_panel", CLERK)
    assert ask(one, "officer", "chief_executive", "deciding").tokens == (PANEL, "body:appeal_panel", CHAIR, CLERK)


def test_rule_that_redirects_says_so_itself():
    one = protocol(rule("R1", "officer", "officer", ["rel:line_manager_of_raiser"], redirect="See the handbook."))
    answer = ask(one, "officer", "officer", topic="employment")
    assert (answer.rule, answer.redirect) == ("R1", "See the handbook.")


def test_wales_leaves_the_clerks_own_complaint_out_of_local_resolution():
    one = protocol(rule("R1", "officer", "councillor", [OUTSIDE]), jurisdiction="Wales")
    items = law().in_force("Wales", date(2026, 11, 22))
    assert len(ask(one, "proper_officer", "councillor", law=items).warnings) == 1
    assert ask(one, "officer", "councillor", law=items).warnings == ()


def test_nobody_instead_may_be_said_in_a_word():
    one = protocol(rule("R1", "councillor", "officer", [CLERK], if_unavailable="none", if_conflicted=[OUTSIDE]), deputies=DEPUTIES)
    assert ask(one, vacant={CLERK}).tokens == (OUTSIDE,)


def test_those_who_decide_are_never_a_party():
    steps = [{"to": "proc:disciplinary", "decided_by": ["rel:line_manager_of_subject", CLERK]}]
    one = protocol(rule("R1", "councillor", "officer", steps, stage="deciding"))
    plain, clerk = ask(one, stage="deciding"), ask(one, subject="proper_officer", stage="deciding")
    assert plain.decided_by == plain.to[0].decided_by == ("rel:line_manager_of_subject", CLERK)
    assert (clerk.decided_by, clerk.to[0].decided_by, len(clerk.warnings)) == ((), (), 1)


def test_deputy_comes_in_only_when_nobody_of_the_list_is_left():
    line = "rel:line_manager_of_subject"
    one = protocol(rule("R1", "councillor", "officer", [CLERK, line, CHAIR], if_unavailable=[DEPUTY, PANEL]), deputies=DEPUTIES)
    answer = ask(one, vacant={CLERK})
    assert (answer.tokens, answer.fallback_used) == ((line, CHAIR), False)
    assert ask(one, vacant={line}).tokens == (CLERK, CHAIR)
    nobody = ask(one, vacant={CLERK, line, CHAIR})
    assert (nobody.tokens, nobody.fallback_used) == ((DEPUTY, PANEL), True)


def test_deputy_takes_no_place_where_the_rule_says_nobody():
    one = protocol(rule("R1", "councillor", "officer", [CLERK, CHAIR], if_unavailable=[]), deputies=DEPUTIES)
    assert (ask(one, vacant={CLERK}).tokens, ask(one, vacant={CLERK}).fallback_used) == ((CHAIR,), False)
