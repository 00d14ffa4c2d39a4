"""The protocol in words: recipients, modes, sources, clauses, law."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.template.loader import render_to_string

from councils import review_words, wording
from councils.protocol import parse, reviewing
from tests.councils.views_cast import place, today  # noqa: F401
from tests.factories.councils import protocol_file


@pytest.fixture(scope="module")
def weston():
    return parse(protocol_file("weston"))


@pytest.fixture(scope="module")
def ilminster():
    return parse(protocol_file("ilminster"))


def rule(protocol, rule_id):
    (found,) = [route for route in protocol.routes if route.id == rule_id]
    return wording.route_in_words(found, protocol)


def test_any_of_says_that_the_raiser_chooses_and_where_it_comes_from(weston):
    words = rule(weston, "W-R01")
    assert words.title == "A Member about an Officer"
    assert words.mode == "Any one of these; the person raising it chooses"
    assert [step.words for step in words.recipients] == [
        "The Town Clerk",
        "The line manager of the person it is about",
        "The Town Mayor",
        "Another appointed Officer",
    ]
    assert words.recipients[3].notes[0] == "only once the council has appointed somebody"
    assert words.instead == ("If none of them is there: the Deputy Town Clerk.",)
    assert (words.source, words.is_default) == ("Your protocol says so", False)


def test_stand_ins_for_a_conflict_are_said_as_the_engine_uses_them(weston, ilminster):
    assert rule(weston, "W-R02").instead[0].startswith("If none of them is free of a conflict: any one of: ")
    assert rule(ilminster, "I-R01").instead[0].startswith("If one of them is the subject or has a conflict: ")


def test_all_of_says_both(weston):
    assert rule(weston, "W-R03").mode == "Both of these, together"


def test_first_available_is_ordered_and_a_default_says_so(weston):
    words = rule(weston, "W-R04")
    assert words.mode == "The first of these who is in post, present and has no conflict"
    assert words.is_ordered
    assert (words.source, words.is_default) == ("Default – not in your protocol", True)
    assert words.instead == ("If nobody on the list is free, the portal asks for a handler to be named. It never guesses.",)


def test_sequence_opens_step_by_step(ilminster):
    words = rule(ilminster, "I-R01")
    assert words.mode == "In this order; the next step opens when the one before is done"
    assert [step.words for step in words.recipients] == ["The Chair", "The Proper Officer (Clerk)"]


def test_who_never_receives_it_is_said_with_the_reason(weston):
    assert "Never: the Deputy Town Clerk, because the deputy is line-managed by the subject (3.7)." in rule(weston, "W-R02").instead


def test_a_redirect_keeps_nothing(weston):
    words = rule(weston, "W-R08")
    assert words.mode == "The portal points to"
    assert words.redirect.startswith("Not a member-officer concern")


@pytest.mark.parametrize(
    ("mode", "names", "sentence"),
    [
        ("any_of", ["A", "B", "C"], "any one of: A, B or C"),
        ("all_of", ["A", "B"], "both of: A and B"),
        ("all_of", ["A", "B", "C"], "all of: A, B and C"),
        ("sequence", ["A", "B", "C"], "first A, then B, then C"),
        ("first_available", ["A", "B"], "the first who is free of: A or B"),
        ("any_of", ["A"], "A"),
        ("any_of", [], ""),
    ],
)
def test_modes_as_sentences(mode, names, sentence):
    assert wording.mode_sentence(mode, names) == sentence


def test_an_assigned_reference_reads_as_its_display_form(ilminster):
    assert wording.clause_label("INTRO.1", ilminster) == "Introduction, paragraph 1"
    assert wording.clause_label("REL.4(4)", ilminster) == "The Relationship: General, paragraph 4 (4)"


def test_notes_use_the_display_form_too(ilminster):
    assert wording.with_clause_labels("as INTRO.1 says; INTRO.10 doesn't", ilminster) == (
        f"as Introduction, paragraph 1 says; {wording.clause_label('INTRO.10', ilminster)} doesn't"
    )


def test_a_printed_reference_stays_as_printed(weston):
    assert (wording.clause_label("11.3(d)", weston), wording.clause_label("hdr", weston)) == ("11.3(d)", "title block")


def test_roles_read_in_the_council_s_words_and_in_ours_without_one(weston):
    assert wording.role_label("proper_officer", weston) == "Town Clerk"
    assert wording.role_label("role:chair_of_council", weston) == "Town Mayor"
    assert wording.role_label("proper_officer", None) == "Clerk (Proper Officer)"
    assert wording.role_label("protocol_admin", weston) == "Protocol administrator"


def test_every_cited_clause_is_on_the_page(place):  # noqa: F811
    html = place.get(place.member, "protocol").content.decode()
    cited = set(re.findall(r'href="#(clause-[^"]+)"', html)) - {"clause-hdr"}
    there = set(re.findall(r'id="(clause-[^"]+)"', html))
    assert cited
    assert cited - there == set()


def test_ids_on_the_page_are_unique(place):  # noqa: F811
    html = place.get(place.member, "protocol").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted({one for one in ids if ids.count(one) > 1}) == []


def test_the_page_shows_adoption_and_standing(place):  # noqa: F811
    html = place.get(place.member, "protocol").content.decode()
    assert "by Full Council on 1 January 2025" in html
    assert "Minute: Minute 1" in html
    assert ">In force</strong>" in html


def test_law_is_tagged_for_what_it_is_and_what_is_not_in_force_is_off(place):  # noqa: F811
    html = place.get(place.member, "protocol").content.decode()
    law = html[html.index('id="law"') :]
    now, _heading, off = law.partition("Not yet in force – switched off</h3>")
    assert {tag for tag in ("Law", "Court decision", "Code") if f">{tag}</strong>" in now} == {"Law", "Court decision", "Code"}
    assert "Announced reform of the standards regime" in off
    assert "Announced reform of the standards regime" not in now
    assert "In Wales, Code complaints go to the Ombudsman" not in law


def test_review_every_so_many_years_has_the_day_counted_from_its_adoption():
    rules = [{"id": "V1", "type": "interval", "every": "P2Y", "counted_from": "adopted_on", "basis": "stated"}]
    own = parse({**protocol_file("weston"), "protocol": {"title": "P", "review": {"rules": rules}}})
    said = []
    for adopted in (date(2026, 9, 9), None):
        dates = [(row, review_words.why(row)) for row in reviewing.schedule(own, adopted_on=adopted)]
        said.append(render_to_string("councils/protocol_review.html", {"review": dates, "protocol": own, "today": date(2026, 11, 22)}))
    assert re.findall(r"<li>(.*?)</li>", said[0]) == ["9 September 2028"]
    assert re.findall(r"<li>(.*?)</li>", said[1]) == ["Every 2 years, counted from its adoption."]
