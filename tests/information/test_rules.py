"""The five shipped protocols and the pure answers drawn from them: who decides, on what terms, who reviews, who answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from concerns.domain.naming import names_in
from councils.cast import BodyCast, Cast, Holder
from information.domain import determination, presumptions
from information.domain.rules import access_rules, interpretation, review_of
from information.enums import Interest, RequestKind
from tests.councils.small_council import shipped

KEYS = ("weston", "auth5c", "yateley", "alsager", "ilminster")
TOWNS = ("weston", "yateley", "alsager", "ilminster")


def cast(**more: Any) -> Cast:
    """A town: clerk, deputy, two officers, chair, vice-chair and three members who make up the HR panel."""
    roles = {
        "proper_officer": ["clerk"], "deputy_proper_officer": ["deputy"], "officer": ["clerk", "deputy", "o1", "o2"],
        "chair_of_council": ["chair"], "vice_chair_of_council": ["vice"], "councillor": ["m1", "m2", "m3", "asker", "chair", "vice"],
        **more.pop("roles", {}),
    }  # fmt: skip
    sides = {pk: "officer" if role in ("officer",) else "councillor" for role in ("officer", "councillor") for pk in roles.get(role, ())}
    return Cast(
        council_key="town", on=date(2026, 1, 15), roles={role: tuple(Holder(pk, role) for pk in found) for role, found in roles.items() if found},
        bodies={"hr_panel": BodyCast("hr_panel", ("m1", "m2", "m3"), 2)}, externals={"principal_mo": "The MO"}, sides=sides, **more,
    )  # fmt: skip


def authority(**more: Any) -> Cast:
    """A principal authority: head of paid service, two directors, an assistant, a Monitoring Officer and a deputy."""
    roles = {
        "chief_executive": ["ce"], "strategic_director": ["place", "people"], "assistant_director": ["ad"], "monitoring_officer": ["mo"],
        "deputy_monitoring_officer": ["dmo"], "councillor": ["asker"], **more.pop("roles", {}),
    }  # fmt: skip
    return Cast(
        council_key="authority", on=date(2026, 1, 15), roles={r: tuple(Holder(pk, r) for pk in found) for r, found in roles.items() if found},
        externals={"independent_person": "The IP"}, **more,
    )  # fmt: skip


HELD = determination.Held("People", None, {"Place": "place", "People": "people"}, {"People": ("ad",)})


@pytest.mark.parametrize(
    ("key", "determiner", "adviser", "presumed", "barred", "reviews"),
    [
        ("weston", "role:proper_officer", "", ["own_committee"], ["roving_commission"], [("", "")]),
        (
            "auth5c", "rel:director_holding_document", "role:monitoring_officer", ["meeting_business", "own_committee", "scrutiny_remit"],
            ["roving_commission", "pecuniary_interest", "professional_capacity", "other_group_papers", "officer_personal_details", "exempt"],
            [("strategic_director assistant_director", "role:chief_executive"), ("chief_executive", "role:monitoring_officer")],
        ),
        ("yateley", "role:proper_officer", "", [], [], [("", "")]),
        ("alsager", "role:officer", "role:proper_officer", ["own_committee"], [], [("officer", "role:proper_officer"), ("proper_officer", "")]),
        ("ilminster", "role:proper_officer", "", ["own_committee"], ["roving_commission"], [("", "")]),
    ],
)  # fmt: skip
def test_rules_are_read_from_each_protocol(key: str, determiner: str, adviser: str, presumed: list[str], barred: list[str], reviews: Any) -> None:
    rules = access_rules(shipped(key))
    assert rules.enabled is (key != "yateley")
    assert (rules.determiner, rules.adviser) == (determiner, adviser)
    assert [term.code for term in rules.presumed] == presumed
    assert [term.code for term in rules.barred] == barred
    assert [(" ".join(rule.decided_by), rule.token) for rule in rules.reviews] == reviews
    refs = {ref for term in (*rules.presumed, *rules.barred, *rules.justified, *rules.needed) for ref in term.cites} | set(rules.purpose_cites)
    assert refs <= set(shipped(key).clauses)


def test_purpose_and_rights_carry_their_clauses() -> None:
    assert {key: access_rules(shipped(key)).purpose_cites for key in KEYS} == {
        "weston": ("7.4",), "auth5c": ("9.12",), "yateley": ("7.9",), "alsager": ("55",), "ilminster": ("INFO.5",),
    }  # fmt: skip
    assert [term.words for term in access_rules(shipped("auth5c")).rights] == [
        "Freedom of Information Act 2000", "Environmental Information Regulations 2004",
    ]  # fmt: skip


@pytest.mark.parametrize("key", TOWNS)
def test_clerk_decides_in_every_town_unless_they_have_a_part(key: str) -> None:
    rules, protocol = access_rules(shipped(key)), shipped(key)
    people = cast()
    desk = determination.determine(rules, protocol, people, out=determination.kept_out(people, requester="asker"))
    assert (desk.ids, desk.decided_as) == ({"clerk"}, "proper_officer")
    out = determination.kept_out(cast(delegates={"clerk": frozenset({"deputy"})}), requester="asker", parties=["clerk"])
    assert out == {"asker", "clerk", "deputy"}
    other = determination.determine(rules, protocol, people, out=out)
    assert not other.ids & out
    expected = {"weston": {"chair"}, "yateley": {"m1", "m2", "m3"}, "alsager": {"m1", "m2", "m3"}, "ilminster": {"m1", "m2", "m3"}}
    assert (other.ids, other.decided_as, other.basis) == (expected[key], "proper_officer", "default")


@pytest.mark.parametrize("key", TOWNS)
def test_vacant_clerk_is_stood_in_for_and_an_empty_council_points_outside(key: str) -> None:
    rules, protocol = access_rules(shipped(key)), shipped(key)
    desk = determination.determine(rules, protocol, cast(roles={"proper_officer": []}), out={"asker"})
    assert desk.ids == {"deputy"}
    everyone = {"clerk", "deputy", "chair", "vice", "m1", "m2", "m3", "o1", "o2", "asker"}
    desk = determination.determine(rules, protocol, cast(), out=everyone)
    assert (desk.people, desk.outside) == ((), "principal_mo")


def test_any_officer_holding_it_decides_and_the_clerk_settles_the_dispute() -> None:
    rules, protocol = access_rules(shipped("alsager")), shipped("alsager")
    desk = determination.determine(rules, protocol, cast(), out={"asker"}, held=determination.Held(holder="o1"))
    assert (desk.ids, desk.decided_as) == ({"o1"}, "officer")
    found = determination.reviewer(rules, protocol, cast(), decided_as="officer", out={"asker", "o1"})
    assert found is not None
    assert (found.ids, found.final, found.cites) == ({"clerk"}, True, ("53",))
    desk = determination.determine(rules, protocol, cast(), out={"asker"}, held=determination.Held(holder="clerk"))
    assert desk.decided_as == "proper_officer"
    assert determination.reviewer(rules, protocol, cast(), decided_as="proper_officer", out={"asker", "clerk"}) is None
    # the officer who holds it has a part in it: it goes where requests are directed to
    desk = determination.determine(rules, protocol, cast(), out={"asker", "o1"}, held=determination.Held(holder="o1"))
    assert desk.ids == {"clerk"}


@pytest.mark.parametrize("key", ["weston", "ilminster", "yateley"])
def test_where_no_reviewer_is_stated_none_is_invented(key: str) -> None:
    rules, protocol = access_rules(shipped(key)), shipped(key)
    assert determination.reviewer(rules, protocol, cast(), decided_as="proper_officer", out={"asker", "clerk"}) is None


def test_director_of_the_directorate_decides_and_the_assistant_may_refuse() -> None:
    rules, protocol = access_rules(shipped("auth5c")), shipped("auth5c")
    desk = determination.determine(rules, protocol, authority(), out={"asker"}, held=HELD)
    assert (desk.ids, desk.decided_as, [one.person_id for one in desk.refusers], desk.cites) == ({"people"}, "strategic_director", ["ad"], ("9.5",))
    # a directorate without a director, and one nobody named: the head of paid service
    for name in ("Legal", ""):
        held = determination.Held(name, None, HELD.directors, HELD.assistants)
        desk = determination.determine(rules, protocol, authority(), out={"asker"}, held=held)
        assert (desk.ids, desk.decided_as, desk.refusers) == ({"ce"}, "chief_executive", ())
    # the director has a part in it
    desk = determination.determine(rules, protocol, authority(), out={"asker", "people"}, held=HELD)
    assert (desk.ids, desk.decided_as, desk.refusers) == ({"ce"}, "strategic_director", ())


@pytest.mark.parametrize(
    ("decided_as", "out", "reviewer", "final"),
    [
        ("strategic_director", {"people"}, {"ce"}, True),
        ("assistant_director", {"ad"}, {"ce"}, True),
        ("chief_executive", {"ce"}, {"mo"}, True),
        ("strategic_director", {"people", "ce"}, {"mo"}, True),  # decided by the head of paid service in the director's place
        ("chief_executive", {"ce", "mo"}, {"dmo"}, True),  # the exception route, never the one who decided
    ],
)
def test_reviewer_is_whom_the_protocol_names_and_never_who_decided(decided_as: str, out: set[str], reviewer: set[str], final: bool) -> None:
    rules, protocol = access_rules(shipped("auth5c")), shipped("auth5c")
    found = determination.reviewer(rules, protocol, authority(), decided_as=decided_as, out=out | {"asker"})
    assert found is not None
    assert (found.ids, found.final) == (reviewer, final)
    assert not found.ids & out


def test_related_to_the_requester_is_kept_out() -> None:
    people = cast(relationships=frozenset({frozenset(("asker", "clerk"))}))
    assert determination.kept_out(people, requester="asker") == {"asker", "clerk"}


def test_a_body_below_its_quorum_decides_nothing() -> None:
    assert determination.behind(cast(), "body:hr_panel", {"m1", "m2"}) == ()
    assert len(determination.behind(cast(), "body:hr_panel", {"m1"})) == 2


def _notes(key: str, **given: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    found = presumptions.notes(access_rules(shipped(key)), claims=given.get("claims", ()), marks=given.get("marks", ()), interest=given.get("interest", "none"))
    return [(note.kind, note.code, note.cites) for note in found]


@pytest.mark.parametrize(
    ("key", "given", "wanted"),
    [
        ("weston", {"claims": ["own_committee"]}, [("presumed", "own_committee", ("7.4",))]),
        ("weston", {"marks": ["third_party_personal"]}, [("justify", "third_party_personal", ("7.4",))]),
        ("ilminster", {"marks": ["third_party_personal"]}, [("justify", "third_party_personal", ("INFO.5",))]),
        ("yateley", {"marks": ["third_party_personal"]}, [("justify", "third_party_personal", ())]),
        ("alsager", {"claims": ["own_committee"]}, [("right", "own_committee", ("51",))]),
        ("alsager", {}, [("need", "need_to_know", ("52(1)",))]),
        ("alsager", {"claims": ["own_committee"], "marks": ["exempt"]}, [("right", "own_committee", ("51",)), ("bar", "exempt", ("52(2)",))]),
        ("auth5c", {"marks": ["other_group_papers"]}, [("bar", "other_group_papers", ("9.7",))]),
        ("auth5c", {"marks": ["officer_personal_details"]}, [("bar", "officer_personal_details", ("9.6",))]),
        ("auth5c", {"interest": Interest.PECUNIARY}, [("bar", "pecuniary_interest", ("9.8",))]),
        ("alsager", {"claims": ["own_committee"], "interest": Interest.PECUNIARY}, [("right", "own_committee", ("51",)), ("advise", "own_interest", ("54(2)",))]),
        ("weston", {"interest": Interest.OTHER}, [("advise", "own_interest", ())]),
        ("weston", {"claims": ["made_up"], "marks": ["made_up"]}, []),
    ],
)  # fmt: skip
def test_protocol_speaks_of_the_request_with_its_clauses(key: str, given: dict[str, Any], wanted: Any) -> None:
    assert _notes(key, **given) == wanted


@pytest.mark.parametrize("key", KEYS)
def test_justification_is_needed_for_other_peoples_details_or_without_a_presumption(key: str) -> None:
    rules = access_rules(shipped(key))

    def needs(claims: Any = (), marks: Any = ()) -> bool:
        return presumptions.needs_justification(presumptions.notes(rules, claims=claims, marks=marks, interest="none"))

    assert needs() is True
    assert needs(marks=["third_party_personal"]) is True
    if rules.presumed:
        assert needs(claims=["own_committee"]) is False
        assert needs(claims=["own_committee"], marks=["third_party_personal"]) is True


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("kind", list(RequestKind))
def test_grounds_are_the_protocols_then_our_own(key: str, kind: RequestKind) -> None:
    rules = access_rules(shipped(key))
    found = presumptions.notes(rules, claims=[], marks=[], interest="none")
    codes = [ground.code for ground in presumptions.grounds(rules, found, kind=kind)]
    assert len(codes) == len(set(codes))
    assert [term.code for term in rules.barred] == codes[: len(rules.barred)]
    assert ("not_said" in codes, "not_held" in codes) == ((True, False) if kind == RequestKind.CONCERN else (False, True))
    assert codes[-1] == "other"


def test_a_right_leaves_no_ground_about_need() -> None:
    rules = access_rules(shipped("alsager"))
    found = presumptions.notes(rules, claims=["own_committee"], marks=[], interest="none")
    codes = {ground.code: ground.cites for ground in presumptions.grounds(rules, found, kind="document")}
    assert "need_not_shown" not in codes
    assert codes["exempt"] == ("52(2)",)
    assert "not_as_claimed" in codes


@pytest.mark.parametrize(
    ("key", "marks"),
    [
        ("weston", ("third_party_personal",)), ("yateley", ("third_party_personal",)), ("ilminster", ("third_party_personal",)),
        ("alsager", ("third_party_personal", "exempt")),
        ("auth5c", ("third_party_personal", "other_group_papers", "officer_personal_details", "exempt")),
    ],
)  # fmt: skip
def test_form_offers_what_the_protocol_speaks_of(key: str, marks: tuple[str, ...]) -> None:
    assert presumptions.marks_offered(access_rules(shipped(key))) == marks


@pytest.mark.parametrize(
    ("key", "named", "answered_by"),
    [
        ("weston", (), "clerk"), ("weston", ("clerk",), "deputy"), ("weston", ("clerk", "deputy"), "principal_mo"),
        ("alsager", (), "clerk"), ("alsager", ("clerk",), "principal_mo"),
        ("yateley", ("clerk",), "m1 m2 m3"), ("ilminster", ("clerk",), "m1 m2 m3"),
    ],
)  # fmt: skip
def test_question_goes_to_the_clerk_or_instead_of_them(key: str, named: tuple[str, ...], answered_by: str) -> None:
    desk = determination.answerer(interpretation(shipped(key)), cast(), asker="asker", named=named)
    assert desk.outside == answered_by or " ".join(sorted(desk.ids)) == answered_by


def test_question_in_a_principal_authority_goes_to_the_monitoring_officer() -> None:
    rule = interpretation(shipped("auth5c"))
    assert determination.answerer(rule, authority(), asker="asker", named=()).ids == {"mo"}
    assert determination.answerer(rule, authority(), asker="mo", named=()).ids == {"ce"}


def test_review_rule_of_a_role_that_no_rule_names_is_none() -> None:
    assert review_of(access_rules(shipped("auth5c")), shipped("auth5c"), "monitoring_officer") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ask Mrs Holloway", ("Holloway",)), ("ask holloway", ("holloway",)), ("HOLLOWAY's view", ("HOLLOWAY",)),
        ("Margaret may", ("Margaret",)), ("margaret may", ()), ("Write to m.h@weston.example today", ("m.h@weston.example",)),
        ("See K7QF-2M9X", ("K7QF-2M9X",)), ("The Town Clerk decides", ()), ("Ho llowayish", ()), ("José said", ("Jose",)),
        ("O’Neill agreed", ("O'Neill",)), ("A well-known rule", ()),
    ],
)  # fmt: skip
def test_names_are_found_however_they_are_written(text: str, found: tuple[str, ...]) -> None:
    assert names_in(text, ["Margaret Holloway", "Cllr José Neto", "Áine O'Neill"]) == found
