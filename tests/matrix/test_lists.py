"""Home, list, search, filters, order: each person meets exactly their own cases, and nothing hints at another."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.matrix.cells import ask, canaries, everything, references
from tests.matrix.table import CIRCLES, RAISERS, SUBJECTS
from tests.matrix.world import World, canary

pytestmark = pytest.mark.django_db
TYPED = re.compile(r'(value="[^"]*"|search=[^"&]*)')


def mine(who: str, *, readable: bool = False) -> set[str]:
    """The cases ``who`` may know of (or read), by the table."""
    return {
        case
        for case, (raiser, readers, status) in CIRCLES.items()
        if who in (raiser, *readers, *(() if readable else status))
    }


def listed(world: World, who: str, **query: str) -> tuple[set[str], Any]:
    """The cases on the list, with the answer. Fails when a secret is on it."""
    answer = ask(world, who, "get", f"/concerns/?{urlencode(query)}")
    assert answer.status_code == 200
    return references(world, answer), answer


def everybody(world: World) -> list[str]:
    return [who for who in world.people if who != "visitor"]


def test_home_shows_each_person_their_own_cases(world: World) -> None:
    for who in everybody(world):
        answer = ask(world, who, "get", "/")
        assert references(world, answer) <= mine(who), who
        raised = {case for case, raiser in RAISERS.items() if raiser == who and case != "draft"}
        assert references(world, answer) >= raised & mine(who), who
        assert canaries(answer) == set(), who


def test_home_of_somebody_without_cases_names_nobody_else(world: World) -> None:
    for who in everybody(world):
        if mine(who):
            continue
        text = everything(ask(world, who, "get", "/"))
        for name, person in world.people.items():
            assert name == who or person is None or person.full_name not in text, (who, name)


def test_home_lists_a_recipients_new_cases_as_waiting(world: World) -> None:
    answer = ask(world, "chair", "get", "/")
    assert {"clerk", "acting", "several", "passed"} <= references(world, answer)
    assert references(world, ask(world, "vice", "get", "/")) == {"nobody"}


def test_list_shows_each_person_exactly_their_own_cases_and_counts_no_other(world: World) -> None:
    for who in everybody(world):
        found, answer = listed(world, who)
        assert found == mine(who), who
        assert answer.context["count"] == len(mine(who)), who
        assert canaries(answer) == set(), who


@pytest.mark.parametrize("sort", ["recent", "oldest", "reference", "state", "", "raiser", "narrative__what_happened", "-id"])
def test_list_in_any_order_shows_exactly_ones_own(world: World, sort: str) -> None:
    for who in everybody(world):
        assert listed(world, who, sort=sort)[0] == mine(who), who


def test_list_by_stage_shows_ones_own_of_that_stage(world: World) -> None:
    for state in ("LODGED", "GRIEVANCE", "DISCIPLINARY", "DRAFT", "RESOLVED"):
        of_it = {case.name for case in world.cases.values() if case.concern.state == state}
        for who in everybody(world):
            assert listed(world, who, state=state)[0] == mine(who) & of_it, (who, state)


def test_list_by_topic_shows_only_cases_one_may_read(world: World) -> None:
    topics = {case.name: case.concern.topic for case in world.cases.values()}
    for topic in ("conduct", "bullying"):
        of_it = {name for name, about in topics.items() if about == topic and name != "redirected"}
        for who in everybody(world):
            assert listed(world, who, topic=topic)[0] == mine(who, readable=True) & of_it, (who, topic)
            assert listed(world, who, search=topic)[0] == mine(who, readable=True) & of_it, (who, topic)


def test_list_by_council_shows_ones_own(world: World) -> None:
    assert listed(world, "twoplaces", council="otherplace")[0] == set()
    assert listed(world, "twoplaces", council="weston")[0] == {"discipline"}
    assert listed(world, "outsider", council="weston")[0] == set()


def test_search_by_reference_finds_only_ones_own(world: World) -> None:
    people = everybody(world)
    for turn, case in enumerate(world.cases.values()):
        for who in {*CIRCLES[case.name][1], RAISERS[case.name], *SUBJECTS[case.name], *people[turn % 5 :: 5]}:
            answer = ask(world, who, "get", f"/concerns/?search={case.concern.reference}")
            assert answer.context["count"] == (1 if case.name in mine(who) else 0), (who, case.name)


def test_search_by_a_subjects_or_raisers_name_finds_only_ones_own(world: World) -> None:
    for name in ("officer1", "clerk", "leaver"):
        person = world.people[name]
        assert person is not None
        about = {case for case in CIRCLES if name in SUBJECTS[case] or RAISERS[case] == name}
        for who in everybody(world):
            found = ask(world, who, "get", "/concerns/?" + urlencode({"search": person.full_name}))
            assert found.context["count"] == len(about & mine(who)), (who, name)


@pytest.mark.parametrize("field", ["happened", "wanted", "where", "filename", "file", "hold", "note", "question", "reason", "summary"])
def test_search_never_looks_into_what_was_written(world: World, field: str) -> None:
    for case, who in (("settled", "clerk"), ("running", "chair"), ("grievance", "manager"), ("grievance", "councillor2"), ("clerk", "clerk")):
        answer = ask(world, who, "get", f"/concerns/?search={canary(case, field)}")
        assert answer.context["count"] == 0, (who, case, field)


def test_search_for_a_case_of_others_answers_like_one_for_nothing(world: World) -> None:
    secret = world.cases["grievance"]
    for who in ("councillor8", "councillor4", "councillor5", "deputy", "admin", "outsider", "chair", "witness", "superuser"):
        for query in (
            {"search": secret.concern.reference}, {"search": "Grievance"}, {"state": "GRIEVANCE"}, {"search": str(secret.pk)},
        ):  # fmt: skip
            nothing = {name: "QQQQ-QQQQ" if name == "search" else "COUNCIL_REPORT" for name in query}
            there, nowhere = listed(world, who, **query)[1], listed(world, who, **nothing)[1]
            assert there.context["count"] == nowhere.context["count"] == 0, (who, query)
            assert there.context["page_obj"].paginator.num_pages == nowhere.context["page_obj"].paginator.num_pages
            if "search" in query:
                assert TYPED.sub("", there.content.decode()) == TYPED.sub("", nowhere.content.decode()), (who, query)


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=999999999999999999999", "page=x", "page=" + "9" * 5000, "sort=%27", "state=%2527", "council=../weston",
     "topic=%E2%80%AE", "search=%25", "search=_", "search=%5C", "search=" + "a" * 5000, "search=%ED%A0%80", "state=open&state=closed",
     "search=" + "+".join("abcdefghij"), "search=%F0%9F%92%A9", "nothing=1", "page=%D9%A1"],
)  # fmt: skip
def test_list_with_a_strange_query_shows_no_more_than_ones_own(world: World, query: str) -> None:
    for who in ("councillor3", "outsider", "chair"):
        answer = ask(world, who, "get", f"/concerns/?{query}")
        assert answer.status_code == 200, (who, query)
        assert references(world, answer) <= mine(who), (who, query)


def test_no_number_on_any_page_counts_what_one_may_not_see(world: World) -> None:
    """The whole start page and list of a stranger are the same whether sixteen cases exist or none."""
    from concerns.models import Concern
    from tests.factories.concerns import by

    person = world.people["councillor1"]
    assert person is not None
    with by(person):
        assert Concern.objects.count() == len(mine("councillor1")) == 1
    for url in ("/", "/concerns/"):
        pages = {who: everything(ask(world, who, "get", url)) for who in ("officer1", "deputy")}
        shown = {who: text.replace(world.town[who].full_name, "") for who, text in pages.items()}
        token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|[a-z-]*csrf[a-z]*=[^;]*;[^\n]*|Content-Length: \d+')
        assert token.sub("", shown["officer1"]) == token.sub("", shown["deputy"]), url
