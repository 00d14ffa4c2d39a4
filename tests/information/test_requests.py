"""Requests as they run: who finds them, who never decides, what isn't revealed, and what is told to somebody who gets it wrong."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from concerns.enums import State
from concerns.models import Exclusion, Notice
from councils import actions as councils
from councils.errors import Refusal
from councils.models import Appointment
from councils.rls import system_work
from information.actions.verbs import ACTIONS
from information.enums import RequestAction, RequestKind, RequestState
from information.models import AccessDecision, AccessRequest, Line
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import CANARY, NOW, by, lodge, sees
from tests.factories.councils import (
    AppointmentFactory,
    CouncilFactory,
    DisclosedRelationshipFactory,
    PersonFactory,
    Town,
)
from tests.information.steps import HOW, TODAY, ask, do, draft, fresh, page, seats, those_who_see, trail

A, S = RequestAction, RequestState
COUNCILS = ("weston", "auth5c", "alsager")
pytestmark = pytest.mark.django_db
RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[2-9B-DF-HJ-NP-TV-Z]{4}-[2-9B-DF-HJ-NP-TV-Z]{4}|csrfmiddlewaretoken.*?>")


def asked(town: Town, **answers: object) -> AccessRequest:
    return ask(town, **{"justification": f"{CANARY} why", **answers})


def refused(town: Town, who: str, request: AccessRequest) -> AccessRequest:
    return do(A.REFUSE, request, town[who], ground="roving_commission", reason=f"{CANARY} reason")


def test_request_is_between_the_requester_and_who_decides(weston: Town) -> None:
    request = asked(weston)
    assert those_who_see(weston, request) == {"councillor1", "clerk"}
    assert trail(request, weston["clerk"]) == ["request_asked"]


def test_words_are_encrypted_at_rest(weston: Town, as_owner: object) -> None:
    from django.db import connection

    asked(weston)
    with as_owner(), connection.cursor() as cursor:  # type: ignore[operator]
        cursor.execute("SELECT document, justification, purpose FROM information_accessrequest")
        assert all(value is not None and CANARY.encode() not in bytes(value) for row in cursor.fetchall() for value in row)


def test_notices_name_nobody_and_no_request(weston: Town, as_owner: object) -> None:
    asked(weston)
    with as_owner():  # type: ignore[operator]
        assert list(Notice.objects.filter(concern__isnull=True).values_list("person__full_name", "kind")) == [(weston["clerk"].full_name, "needs_you")]


@pytest.mark.parametrize("reference", ["theirs", "nobody's", "none"])
def test_asking_about_a_concern_never_tells_whether_there_is_one(weston: Town, reference: str) -> None:
    """Three requests alike but for the reference: of a concern about the clerk, of none, and without one."""
    concern = lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council")
    given = {"theirs": concern.reference, "nobody's": "BCDF-2345", "none": ""}[reference]
    request = asked(weston, kind=RequestKind.CONCERN, concern_reference=given)
    text = page(request, weston["councillor1"])
    plain = asked(weston, kind=RequestKind.CONCERN, concern_reference="ZZZZ-9999")
    other = page(plain, weston["councillor1"]).replace("ZZZZ-9999", given or "None")
    assert RANDOM.sub("", text) == RANDOM.sub("", other)
    for name in ("clerk", "chair"):
        assert weston[name].full_name not in text
    # whoever it is about doesn't decide, nor their deputy
    assert seats(weston, request) == ({"chair": "determiner"} if reference == "theirs" else {"clerk": "determiner"})
    assert those_who_see(weston, request) == {"councillor1", "chair" if reference == "theirs" else "clerk"}


@pytest.mark.parametrize("typed", ["{0}", " {1} ", "{2}"])
def test_reference_is_understood_however_it_is_typed(weston: Town, typed: str) -> None:
    concern = lodge(weston, weston["councillor3"], weston["clerk"], chosen_token="role:chair_of_council")
    ways = (concern.reference, concern.reference.lower(), concern.reference.replace("-", " "))
    request = asked(weston, kind=RequestKind.CONCERN, concern_reference=typed.format(*ways))
    assert "clerk" not in seats(weston, request)


def test_screens_before_and_after_a_decision_about_a_concern_name_nobody_to_the_requester(weston: Town) -> None:
    request = asked(weston, kind=RequestKind.CONCERN, concern_reference="BCDF-2345")
    do(A.REFUSE, request, weston["clerk"], ground="not_said", reason="We never say")
    text = page(request, weston["councillor1"])
    assert "We never say" in text
    assert "isn’t said to anybody" in text
    assert weston["clerk"].full_name not in text
    assert weston["clerk"].full_name in page(request, weston["clerk"])
    again = asked(weston, kind=RequestKind.CONCERN)
    with pytest.raises(Refusal, match="Choose the ground"):
        do(A.REFUSE, again, weston["clerk"], ground="not_held", reason="There is none")


def test_requester_never_decides_even_as_clerk(weston: Town) -> None:
    """A councillor who stands in for the clerk asks: it goes to somebody else."""
    Appointment.objects.filter(council=weston.council, role="proper_officer").update(ends_on=TODAY - timedelta(days=1))
    councils.appoint(
        council=weston.council, person=weston["councillor2"], role="acting_proper_officer", kind="councillor_acting_unpaid", starts_on=TODAY,
        ends_on=TODAY + timedelta(days=30), unpaid=True, vacancy_reason="Vacancy", by=None, now=NOW,
    )  # fmt: skip
    request = ask(weston, "councillor2", justification="For my work")
    assert "councillor2" not in seats(weston, request)
    assert request.state == S.WITH_DETERMINER
    other = ask(weston, "councillor1", justification="For my work")
    assert "councillor2" in seats(weston, other)


def test_somebody_close_to_the_requester_doesnt_decide(weston: Town) -> None:
    DisclosedRelationshipFactory(council=weston.council, person_a=weston["councillor1"], person_b=weston["clerk"])
    assert "clerk" not in seats(weston, asked(weston))


def test_connection_that_comes_later_closes_the_decision(weston: Town) -> None:
    request = asked(weston)
    DisclosedRelationshipFactory(council=weston.council, person_a=weston["councillor1"], person_b=weston["clerk"])
    with pytest.raises(Refusal, match="You have a connection with it"):
        do(A.GRANT, request, weston["clerk"], how=HOW)
    assert fresh(request, weston["clerk"]).state == S.WITH_DETERMINER
    do(A.PASS_ON, request, weston["clerk"])
    assert "clerk" not in seats(weston, request)
    assert "clerk" not in those_who_see(weston, request)
    assert len(seats(weston, request)) >= 1


def test_passed_on_request_goes_along_the_exception_route_and_then_outside(weston: Town) -> None:
    request = asked(weston)
    seen = []
    for _turn in range(6):
        held = seats(weston, request)
        if not held:
            break
        seen.append(sorted(held))
        for name in list(held):
            if name in seats(weston, request):
                do(A.PASS_ON, request, weston[name])
    assert seen[0] == ["clerk"]
    assert "Nobody here is free to decide it. Ask outside" in page(request, weston["councillor1"])
    with pytest.raises(Refusal, match="still nobody here"):
        do(A.SEND_AGAIN, request, weston["councillor1"])


def test_determiner_who_left_sees_nothing_and_it_can_be_sent_again(weston: Town) -> None:
    request = asked(weston)
    with pytest.raises(Refusal, match="with somebody who can decide it"):
        do(A.SEND_AGAIN, request, weston["councillor1"])
    Appointment.objects.filter(council=weston.council, person=weston["clerk"]).update(ends_on=TODAY - timedelta(days=1))
    assert those_who_see(weston, request) == {"councillor1"}
    do(A.SEND_AGAIN, request, weston["councillor1"])
    assert seats(weston, request) == {"deputy": "determiner"}


def test_requester_who_left_may_look_and_close_and_no_more(weston: Town) -> None:
    request = do(A.GRANT, asked(weston), weston["clerk"], how=HOW)
    Appointment.objects.filter(council=weston.council, person=weston["councillor1"]).update(ends_on=TODAY - timedelta(days=1))
    with pytest.raises(Refusal, match="You hold no post"):
        do(A.RECEIVE, request, weston["councillor1"], accepted=True)
    assert do(A.CLOSE, request, weston["councillor1"]).state == S.CLOSED


def test_assistant_director_may_refuse_and_not_grant(auth5c: Town) -> None:
    request = asked(auth5c, directorate="Place")
    assert seats(auth5c, request) == {"director1": "determiner", "assistantdirector": "refuser"}
    with pytest.raises(Refusal, match="for somebody else"):
        do(A.GRANT, request, auth5c["assistantdirector"], how=HOW)
    request = refused(auth5c, "assistantdirector", request)
    do(A.ASK_REVIEW, request, auth5c["councillor1"], review_words="Please look again")
    assert seats(auth5c, request)["chiefexecutive"] == "reviewer"


def test_partly_granted_shows_the_part_the_reason_and_how_only_after_the_purpose(auth5c: Town) -> None:
    request = asked(auth5c, directorate="People")
    answers = {"covers": "Pages one to three", "how": HOW, "ground": "exempt", "reason": "The rest is exempt"}
    for missing, words in (("covers", "which part"), ("how", "how they can see it"), ("ground", "Choose the ground"), ("reason", "actual reason")):
        with pytest.raises(Refusal, match=words):
            do(A.PARTLY_GRANT, request, auth5c["director2"], **{**answers, missing: " "})
    request = do(A.PARTLY_GRANT, request, auth5c["director2"], **answers)
    text = page(request, auth5c["councillor1"])
    assert "Pages one to three" in text
    assert "The rest is exempt" in text
    assert HOW not in text
    do(A.RECEIVE, request, auth5c["councillor1"], accepted=True)
    assert HOW in page(request, auth5c["councillor1"])
    with pytest.raises(Refusal, match="accepted the purpose already"):
        do(A.RECEIVE, request, auth5c["councillor1"], accepted=True)
    assert do(A.ASK_REVIEW, request, auth5c["councillor1"], review_words="I need the rest too").state == S.REVIEW_ASKED


def test_determiner_can_ask_for_more_and_it_comes_back_to_them(weston: Town) -> None:
    request = do(A.ASK_JUSTIFICATION, asked(weston), weston["clerk"], justification_asked="Which committee?")
    assert request.state == S.JUSTIFICATION_NEEDED
    assert "Which committee?" in page(request, weston["councillor1"])
    request = do(A.JUSTIFY, request, weston["councillor1"], justification="The planning one")
    assert (request.state, seats(weston, request)) == (S.WITH_DETERMINER, {"clerk": "determiner"})
    assert "The planning one" in page(request, weston["clerk"])
    assert f"{CANARY} why" in page(request, weston["clerk"])


def test_database_refuses_a_decision_on_ones_own_a_second_one_and_one_without_a_reason(weston: Town) -> None:
    request = asked(weston)

    def write(who: str, **more: object) -> None:
        with transaction.atomic(), by(weston[who]):
            AccessDecision.objects.create(
                **{"request": request, "stage": "determination", "outcome": "granted", "decided_by": weston[who], "decided_at": NOW, **more}
            )

    for who, more in (("councillor1", {}), ("councillor2", {}), ("clerk", {"outcome": "refused"}), ("clerk", {"stage": "review"})):
        with pytest.raises(DatabaseError):
            write(who, **more)
    do(A.GRANT, request, weston["clerk"], how=HOW)
    with pytest.raises(DatabaseError):
        write("clerk")
    for change in ({"outcome": "refused"}, {"reason": "Changed"}):
        with pytest.raises(DatabaseError), transaction.atomic(), by(weston["clerk"]):
            AccessDecision.objects.filter(request=request).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic(), by(weston["clerk"]):
        Line.objects.filter(about_id=request.pk).delete()


def test_what_was_asked_stays_as_it_was_asked(weston: Town) -> None:
    request = asked(weston)
    for change in ({"document": "Something else"}, {"purpose": "Another"}, {"marks": ["exempt"]}, {"notes": [{"code": "x"}]}):
        with pytest.raises(DatabaseError), transaction.atomic(), by(weston["councillor1"]):
            AccessRequest.objects.filter(pk=request.pk).update(**change)
    with pytest.raises(Refusal):
        do(A.SAVE, request, weston["councillor1"], document="Something else")


def test_officers_and_those_who_look_after_the_portal_dont_ask(weston: Town) -> None:
    for who in ("officer1", "admin"):
        with pytest.raises(Refusal, match="Only councillors"):
            draft(weston, who)


def test_nothing_is_asked_where_no_protocol_is_in_force() -> None:
    council, person = CouncilFactory(), PersonFactory()
    AppointmentFactory(council=council, person=person)
    town = Town(council=council, draft=None, version=None, people={"member": person})  # type: ignore[arg-type]
    kept = draft(town, "member")
    with pytest.raises(Refusal, match="no protocol in force"):
        do(A.ASK, kept, person)
    assert fresh(kept, person).state == S.DRAFT
    with frozen():
        answer = client_of(person).get(reverse("information:new-in", kwargs={"key": council.key}))
    assert "no protocol in force, so nobody is named to decide" in html.unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"kind": "", "document": "x"}, "Say what kind of papers you ask to see"),
        ({"kind": "made-up", "document": "x"}, "Choose one of the options on this page"),
        ({"kind": "document", "document": "  "}, "Say what you ask to see"),
        ({"kind": "document", "document": "x", "marks": ["made-up"]}, "Choose one of the options on this page"),
        ({"kind": "document", "document": "x" * 10_001}, "must be 10000 characters or fewer"),
        ({"kind": "document", "document": "a\x00b"}, "holds a character that can't be kept"),
        ({"kind": "concern", "document": "x", "concern_reference": "y" * 41}, "The reference must be 40 characters or fewer"),
    ],
)
def test_bad_answer_is_said_and_what_was_typed_is_kept(weston: Town, answers: dict[str, object], error: str) -> None:
    with frozen():
        answer = client_of(weston["councillor1"]).post(reverse("information:new-in", kwargs={"key": "weston"}), answers)
    assert answer.status_code == 422
    text = html.unescape(answer.content.decode())
    assert error in text
    typed = str(answers["document"]).replace("\x00", "").strip()
    assert typed[:200] in text
    with by(weston["councillor1"]):
        assert AccessRequest.objects.count() == 0


def test_stale_tab_and_second_press_are_told_and_change_nothing(weston: Town) -> None:
    with frozen():
        member, clerk = client_of(weston["councillor1"]), client_of(weston["clerk"])
        request = asked(weston)
        step = reverse("information:do", kwargs={"request_id": request.pk, "action": "refuse"})
        old = {"ground": "roving_commission", "reason": "My own words", "revision": request.revision}
        member.post(reverse("information:do", kwargs={"request_id": request.pk, "action": "close"}), {"revision": request.revision})
        late = clerk.post(step, old)
        assert late.status_code == 409
        assert "It stands at: Closed." in html.unescape(late.content.decode())
        request = asked(weston)
        do(A.ASK_JUSTIFICATION, request, weston["clerk"], justification_asked="Which?")
        do(A.JUSTIFY, request, weston["councillor1"], justification="This one")
        step = reverse("information:do", kwargs={"request_id": request.pk, "action": "refuse"})
        late = clerk.post(step, {**old, "revision": request.revision})
        assert late.status_code == 422
        assert "Somebody changed this after you opened the page" in html.unescape(late.content.decode())
        assert "My own words" in late.content.decode()
        again = clerk.post(step, {**old, "revision": late.context["form"].data["revision"]})
        assert again.status_code == 302
        assert clerk.post(step, old).status_code == 409
        assert fresh(request, weston["clerk"]).state == S.REFUSED


def test_sent_draft_is_not_sent_twice(weston: Town) -> None:
    with frozen():
        member = client_of(weston["councillor1"])
        kept = draft(weston, justification="Because")
        url = reverse("information:draft-send", kwargs={"request_id": kept.pk})
        first = member.post(url, {"interest": "none", "purpose": "For my work", "revision": str(kept.revision)})
        second = member.post(url, {"interest": "none", "purpose": "For my work", "revision": str(kept.revision)})
    assert first.url == second.url == reverse("information:page", kwargs={"request_id": kept.pk})
    assert trail(kept, weston["councillor1"]) == ["request_asked"]


def test_admin_and_other_members_find_nothing_of_it(weston: Town) -> None:
    request = asked(weston)
    with frozen():
        for who in ("admin", "councillor2", "officer1", "former"):
            client = client_of(weston[who])
            assert client.get(reverse("information:page", kwargs={"request_id": request.pk})).status_code == 404
            for name in ("information:list", "concerns:home", "concerns:list"):
                text = client.get(reverse(name)).content.decode()
                assert CANARY not in text
                assert request.reference not in text
                assert str(request.pk) not in text


def test_running_concern_stays_as_it_is_when_its_papers_are_asked_for(weston: Town) -> None:
    concern = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:proper_officer")
    asked(weston, kind=RequestKind.CONCERN, concern_reference=concern.reference)
    with by(weston["councillor3"]):
        concern.refresh_from_db()
    assert concern.state == State.LODGED


def test_councillor_who_stands_in_for_a_connected_clerk_learns_no_reference(alsager: Town) -> None:
    """The clerk raised it, so councillors decide instead; the reference would tell them that there is a concern, and whose."""
    concern = lodge(alsager, alsager["clerk"], alsager["councillor5"])
    request = asked(alsager, kind=RequestKind.CONCERN, concern_reference=concern.reference)
    assert set(seats(alsager, request)) >= {"councillor2", "councillor3"}
    assert "clerk" not in seats(alsager, request)
    address = reverse("information:page", kwargs={"request_id": request.pk})
    with frozen():
        told = {name for name in ("councillor1", "councillor2", "councillor3")
                if concern.reference in client_of(alsager[name]).get(address).content.decode()}  # fmt: skip
    assert told == {name for name in ("councillor1", "councillor2", "councillor3") if name == "councillor1" or sees(alsager[name], concern)}
    assert "councillor2" not in told


def test_nobody_tells_from_the_words_that_all_who_decide_have_a_part_in_the_concern(weston: Town) -> None:
    member, pages, told = weston["councillor1"], [], []
    for number, everybody in enumerate((False, True)):
        concern = lodge(weston, weston[f"councillor{number + 2}"], weston["officer1"], chosen_token="role:proper_officer")
        if everybody:
            with system_work():
                known = set(Exclusion.objects.filter(concern=concern).values_list("person_id", flat=True))
                out = [person for person in weston.people.values() if person.pk not in known and person not in (member, concern.raiser)]
                Exclusion.objects.bulk_create(Exclusion(concern=concern, person=person, kind="connected", since=NOW) for person in out)
        request = ask(weston, kind="concern", concern_reference=concern.reference, justification="For my work")
        assert request.state == (S.ASKED if everybody else S.WITH_DETERMINER)
        with frozen():
            reader = client_of(member)
            texts = [reader.get(url).content.decode() for url in (reverse("information:page", args=[request.pk]), reverse("information:list"))]
        step = do(A.SEND_AGAIN, request, member)
        told.append(step.kind)
        pages.append([RANDOM.sub("", text) for text in texts])
    assert pages[0][0] == pages[1][0]
    assert "Nobody here" not in pages[1][0] + pages[1][1] and "Ask outside" not in pages[1][0]
    assert told == ["concern", "concern"]


def test_draft_changed_in_another_tab_isnt_sent_unseen(weston: Town) -> None:
    with frozen():
        member = client_of(weston["councillor1"])
        kept = draft(weston, justification="Because")
        url = reverse("information:draft-send", kwargs={"request_id": kept.pk})
        with by(weston["councillor1"]):
            ACTIONS[A.SAVE](request_id=kept.pk, by=weston["councillor1"], now=NOW, document="Something else")
        late = member.post(url, {"interest": "none", "purpose": "For my work", "revision": str(kept.revision)})
        assert late.status_code == 422 and "Somebody changed this after you opened the page." in late.content.decode()
        assert fresh(kept, weston["councillor1"]).state == S.DRAFT
        now = member.post(url, {"interest": "none", "purpose": "For my work", "revision": late.context["form"].data["revision"]})
    assert now.status_code == 302 and fresh(kept, weston["councillor1"]).state == S.WITH_DETERMINER
