"""From tokens to people: capacities, bodies, several subjects, one person in two places."""

from dataclasses import replace
from datetime import date

import pytest

from concerns.domain.routing import options_for_deciding, resolve_people
from councils.cast import BodyCast, Cast, Holder
from tests.councils.small_council import law, protocol, rule, shipped

DAY = date(2026, 11, 22)
IN_FORCE = law().in_force("England", DAY)


def cast(**changes):
    values = {
        "council_key": "smallton",
        "on": DAY,
        "roles": {
            "proper_officer": (Holder("clerk", "proper_officer"),),
            "deputy_proper_officer": (Holder("deputy", "deputy_proper_officer"),),
            "chair_of_council": (Holder("chair", "chair_of_council"),),
            "vice_chair_of_council": (Holder("vice", "vice_chair_of_council"),),
            "officer": (Holder("ranger", "officer"), Holder("grounds", "officer")),
            "councillor": (Holder("ann", "councillor"), Holder("bob", "councillor")),
        },
        "line_managers": {"ranger": "grounds", "grounds": "clerk", "deputy": "clerk"},
        "bodies": {"hr_panel": BodyCast("hr_panel", ("chair", "ann", "bob"), 2, ("bob",))},
        "externals": {"principal_mo": "Monitoring Officer"},
        "delegates": {"clerk": frozenset({"deputy"})},
    }
    return Cast(**{**values, **changes})


def ask(key, raiser, subjects, stage="informal", people=None, **more):
    return resolve_people(
        shipped(key), people or cast(), raiser_id=raiser[0], raiser_role=raiser[1], subjects=subjects, stage=stage, law=IN_FORCE, **more
    )


def named(answer):
    return [(item.token, item.people) for item in answer.recipients]


def test_each_recipient_comes_with_people_and_their_hat():
    answer = ask("weston", ("ann", "councillor"), (("ranger", "officer"),))
    assert named(answer) == [
        ("role:proper_officer", ("clerk",)),
        ("rel:line_manager_of_subject", ("grounds",)),
        ("role:chair_of_council", ("chair",)),
    ]
    assert answer.recipients[1].capacity == {"grounds": "line_manager"}
    assert answer.needs_handler is False


def test_line_manager_who_is_the_clerk_is_shown_once():
    answer = ask("weston", ("ann", "councillor"), (("grounds", "officer"),))
    assert named(answer) == [("role:proper_officer", ("clerk",)), ("role:chair_of_council", ("chair",))]
    assert answer.recipients[0].also_for == ("rel:line_manager_of_subject",)
    assert answer.addressed("rel:line_manager_of_subject").people == ("clerk",)


def test_same_person_in_two_places_receives_once():
    answer = ask("weston", ("grounds", "officer"), (("ann", "councillor"),))
    assert answer.resolution.tokens == ("rel:line_manager_of_raiser", "role:proper_officer")
    assert answer.people == ("clerk",)


def test_deputy_standing_in_never_receives_a_concern_about_themselves():
    people = cast(
        roles={**cast().roles, "proper_officer": (Holder("deputy", "proper_officer", acting_for="proper_officer"),)}, delegates={}
    )
    answer = ask("weston", ("ann", "councillor"), (("deputy", "deputy_proper_officer"),), people=people)
    assert answer.people == ("clerk", "chair")
    assert ("deputy", "role:proper_officer", "subject") in [(item.person_id, item.token, item.kind) for item in answer.blocked]


def test_deputy_standing_in_wears_that_hat():
    people = cast(roles={**cast().roles, "proper_officer": (Holder("deputy", "deputy_proper_officer", acting_for="proper_officer"),)})
    answer = ask("yateley", ("ann", "councillor"), (("ranger", "officer"),), people=people)
    assert answer.recipients[0].capacity == {"deputy": "deputy_proper_officer for proper_officer"}


def test_absent_clerk_is_replaced_by_the_deputy_the_rule_names():
    people = cast(roles={role: held for role, held in cast().roles.items() if role != "proper_officer"})
    answer = ask("yateley", ("ann", "councillor"), (("ranger", "officer"),), people=people)
    assert named(answer) == [("role:deputy_proper_officer", ("deputy",))]


def test_concern_about_the_clerk_leaves_out_everyone_below():
    answer = ask("weston", ("ann", "councillor"), (("clerk", "proper_officer"),))
    assert answer.people == ("chair",)
    assert {person: conflict.kind for person, conflict in answer.excluded.items()} == {
        "clerk": "subject",
        "deputy": "delegate_of_subject",
        "grounds": "line_managed_by_subject",
        "ranger": "line_managed_by_subject",
    }


def test_body_receives_through_its_unconflicted_members():
    answer = ask("yateley", ("clerk", "proper_officer"), (("chair", "chair_of_council"),))
    assert named(answer)[0] == ("body:hr_panel", ("ann", "bob"))


@pytest.mark.parametrize("quorum", [1, 2])
def test_one_member_is_never_a_body(quorum):
    people = cast(bodies={"hr_panel": BodyCast("hr_panel", ("chair", "ann"), quorum)})
    answer = ask("yateley", ("clerk", "proper_officer"), (("chair", "chair_of_council"),), people=people)
    assert answer.resolution.tokens == ("ext:principal_mo",)
    assert answer.recipients[0].external == "Monitoring Officer"


def test_body_below_its_quorum_cannot_act():
    people = cast(bodies={"hr_panel": BodyCast("hr_panel", ("chair", "ann", "bob"), 3)}, externals={})
    answer = ask("yateley", ("clerk", "proper_officer"), (("chair", "chair_of_council"),), people=people)
    assert (answer.needs_handler, answer.people) == (True, ())


@pytest.mark.parametrize("tie", ["relationship", "witness", "connected"])
def test_tied_chair_is_replaced_by_the_vice_chair(tie):
    people = cast(relationships=frozenset({frozenset({"chair", "ranger"})})) if tie == "relationship" else cast()
    more = {} if tie == "relationship" else {"witnesses" if tie == "witness" else tie: frozenset({"chair"})}
    answer = ask("ilminster", ("ann", "councillor"), (("ranger", "officer"),), people=people, **more)
    assert named(answer) == [("role:vice_chair_of_council", ("vice",)), ("role:proper_officer", ("clerk",))]
    assert ("chair", tie) in [(item.person_id, item.kind) for item in answer.blocked]


def test_several_subjects_are_all_left_out():
    subjects = (("ranger", "officer"), ("grounds", "officer"), ("deputy", "deputy_proper_officer"))
    answer = ask("weston", ("ann", "councillor"), subjects)
    assert answer.subject_role == "deputy_proper_officer"
    assert answer.people == ("clerk", "chair")
    assert not {"ranger", "grounds", "deputy"} & set(answer.people)


def test_most_closely_ruled_subject_chooses_the_rule():
    answer = ask("weston", ("ann", "councillor"), (("ranger", "officer"), ("clerk", "proper_officer")))
    assert (answer.resolution.rule, answer.people) == ("W-R02", ("chair",))


def test_appointed_officer_appears_once_somebody_is_appointed():
    people = cast(roles={**cast().roles, "appointed_officer": (Holder("listener", "appointed_officer"),)})
    answer = ask("weston", ("ann", "councillor"), (("ranger", "officer"),), people=people)
    assert "listener" in answer.people


def test_nobody_left_names_the_exception_holders():
    one = protocol(
        rule("R1", "councillor", "officer", ["role:proper_officer"]),
        exception_route={"to": ["role:proper_officer", "role:chair_of_council"], "basis": "default"},
    )
    answer = resolve_people(
        one, cast(), raiser_id="ann", raiser_role="councillor", subjects=(("ranger", "officer"),), stage="informal", connected={"clerk"}
    )
    assert answer.needs_handler is True
    assert [item.people for item in answer.exception_holders] == [("chair",)]


def test_clerk_with_a_line_manager_of_their_own_has_one():
    one = protocol(rule("R1", "councillor", "proper_officer", ["rel:line_manager_of_subject", "role:chair_of_council"]))
    people = cast(line_managers={"clerk": "boss"})
    answer = resolve_people(
        one, people, raiser_id="ann", raiser_role="councillor", subjects=(("clerk", "proper_officer"),), stage="informal"
    )
    assert answer.people == ("boss", "chair")


def test_mediator_is_chosen_later_and_needs_no_entry():
    answer = ask("yateley", ("ranger", "officer"), (("ann", "councillor"),), "conciliation", people=cast(externals={}))
    assert answer.resolution.tokens == ("ext:principal_mo", "ext:independent_person", "ext:conciliator")


def test_deciding_offers_procedures_without_people():
    answer = options_for_deciding(
        shipped("weston"), cast(), raiser_id="ranger", raiser_role="officer", subjects=(("ann", "councillor"),), law=IN_FORCE
    )
    assert named(answer) == [("proc:code_of_conduct", ()), ("proc:grievance", ())]


def test_no_subject_is_refused():
    with pytest.raises(ValueError, match="at least one subject"):
        ask("weston", ("ann", "councillor"), ())


def test_an_officer_whom_the_document_names_for_this_post_receives_although_line_managed_by_it():
    """001 sends a complaint about the Chief Executive to the Monitoring Officer, who often reports to them."""
    roles = {
        "chief_executive": (Holder("ce", "chief_executive"),),
        "monitoring_officer": (Holder("mo", "monitoring_officer"),),
        "councillor": (Holder("raiser", "councillor"),),
    }
    people = Cast("any", DAY, roles=roles, line_managers={"mo": "ce", "planner": "ce"})
    asked = {"raiser_id": "raiser", "raiser_role": "councillor", "subjects": (("ce", "chief_executive"),), "stage": "complaint"}
    answer = resolve_people(shipped("auth5c"), people, **asked)
    assert answer.people == ("mo",)
    assert "mo" not in answer.excluded
    assert answer.excluded["planner"].kind == "line_managed_by_subject"
    related = replace(people, relationships=frozenset({frozenset({"mo", "ce"})}))
    assert resolve_people(shipped("auth5c"), related, **asked).people == ()
