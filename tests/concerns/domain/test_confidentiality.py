"""What the five protocols say of privacy, as the forms ask it."""

import pytest

from concerns.domain import confidentiality
from tests.councils.small_council import KEYS, protocol, rule, shipped

SILENT = protocol(rule("R1", "councillor", "officer", ["role:proper_officer"]))


@pytest.mark.parametrize(
    ("key", "cites"),
    [
        ("weston", ("3.4", "6.2", "11.3(c)")),
        ("auth5c", ("13.3",)),
        ("yateley", ("7.3", "7.4")),
        ("alsager", ("61(2)",)),
        ("ilminster", ("REL.3", "REL.4(3)")),
    ],
)
def test_said_in_public_warns_with_the_clauses(key, cites):
    assert confidentiality.said_in_public(shipped(key)).cites == cites


def test_meeting_called_for_it_is_excepted_only_where_the_protocol_says():
    excepted = [key for key in KEYS if confidentiality.said_in_public(shipped(key), meeting_called_for_it=True) is None]
    assert excepted == ["auth5c"]
    assert [key for key in KEYS if confidentiality.asks_about_called_meetings(shipped(key))] == ["auth5c"]


def test_silent_protocol_has_nothing_to_say_and_copies_nothing():
    assert confidentiality.said_in_public(SILENT) is None
    copying = confidentiality.copying(SILENT)
    assert (copying.is_allowed, copying.basis) == (False, "default")


@pytest.mark.parametrize(
    ("key", "allowed", "line"), [("weston", False, ""), ("auth5c", True, ""), ("ilminster", True, "CC councillor {name}")]
)
def test_copying_follows_the_protocol(key, allowed, line):
    copying = confidentiality.copying(shipped(key))
    assert (copying.is_allowed, copying.disclosure_line) == (allowed, line)


def test_markings_carry_label_and_colour():
    (marking,) = confidentiality.markings(shipped("auth5c"))
    assert (marking.code, marking.colour) == ("exempt", "pink")


def test_subject_is_told_when_the_council_says():
    assert confidentiality.telling_the_subject(shipped("ilminster")).code == "when_step_opens"
    assert confidentiality.telling_the_subject(SILENT).basis == "default"


def test_disclosed_relationship_binds_only_where_stated():
    assert [key for key in KEYS if confidentiality.relationships_exclude(shipped(key)) == "enforce"] == ["alsager"]


def test_confirmations_follow_the_rule():
    assert len(confidentiality.checks_before_submitting(SILENT, ("private", "no_personal_attack", "unheard_of"))) == 2
