"""One sign-in, several councils: the office sees what was referred to it and nothing else, for as long as the post lasts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from concerns import policy as concern_policy
from concerns.enums import Action, ExclusionKind
from concerns.models import Concern, Document, Event, Narrative, Participation, Proceeding
from councils import actions as councils
from councils.errors import Refusal
from councils.models import Appointment, ExternalOfficer, Person
from councils.rls import system_work
from referrals import policy, queries
from referrals.domain import addressing
from referrals.enums import Step
from referrals.models import Bundle, BundleOpening, Entry, Measure, Referral, ReferralAccess
from tests.concerns.answers import agree_to_conciliation
from tests.factories.concerns import NOW, by, do, lodge, sees
from tests.factories.councils import DisclosedRelationshipFactory, Town, town
from tests.factories.referrals import CODE, latest, referred, sealed, sent, take
from tests.referrals.test_sealing import pdf_text

TODAY = NOW.date()


def officer(email: str = "helena.marsh@authority.example") -> Person:
    return Person.objects.get(email=email)


def on_desk(person: Person) -> set[Any]:
    with by(person):
        found = {row.pk for row in policy.on_desk(person, on=TODAY)}
        assert {row.pk for row in Referral.objects.all()} == found  # both walls hold the same
        return found


def test_one_sign_in_finds_the_referrals_of_two_councils_and_no_others(weston: Town, yateley: Town) -> None:
    in_weston = referred(weston, weston["officer1"], weston["councillor2"], weston["clerk"])
    in_yateley = referred(yateley, yateley["officer1"], yateley["councillor6"], yateley["clerk"])
    elsewhere = referred(weston, weston["officer2"], weston["councillor3"], weston["clerk"])
    mo, deputy = officer(), officer("gareth.quill@authority.example")
    assert on_desk(mo) == set()
    one, two = sent(in_weston, weston["clerk"], to=mo), sent(in_yateley, yateley["clerk"], to=mo)
    sent(elsewhere, weston["clerk"], to=deputy)
    assert on_desk(mo) == {one.pk, two.pk}
    assert len(on_desk(deputy)) == 1


def test_before_it_is_sent_nothing_is_on_the_desk(weston: Town, concern: Concern) -> None:
    sealed(concern, weston["clerk"], addressed_to=officer())
    assert on_desk(officer()) == set()


def test_the_desk_sees_nothing_of_the_concern(weston: Town, concern: Concern) -> None:
    referral = sent(concern, weston["clerk"], to=officer())
    mo = officer()
    assert not sees(mo, concern)
    with by(mo):
        for model in (Concern, Narrative, Document, Event, Participation, Proceeding):
            assert model.objects.count() == 0, model
        assert [row.pk for row in Bundle.objects.all()] == [queries.bundle_of(referral).pk]  # type: ignore[union-attr]
        assert Referral.objects.count() == 1


@pytest.mark.parametrize("who", ["councillor2", "chair", "deputy", "admin", "officer2"])
def test_nobody_else_of_the_council_sees_the_referral(weston: Town, concern: Concern, who: str) -> None:
    referral = sent(concern, weston["clerk"], to=officer())
    with by(weston[who]):
        for model in (Referral, Bundle, BundleOpening, Entry, Measure, ReferralAccess):
            assert model.objects.count() == 0, model
        with pytest.raises(Http404):
            take(Step.ACKNOWLEDGE, referral, weston[who])


def test_access_ends_with_the_post(weston: Town, concern: Concern) -> None:
    mo = officer()
    referral = sent(concern, weston["clerk"], to=mo)
    post = ExternalOfficer.objects.get(person=mo, external_body__council=weston.council)
    councils.end_external_officer(officer=post, ends_on=date(2026, 1, 14), by=None, now=NOW)
    assert on_desk(mo) == set()
    with pytest.raises(Http404):
        take(Step.ACKNOWLEDGE, referral, mo)
    take(Step.READDRESS, referral, weston["clerk"], addressed_to=officer("gareth.quill@authority.example"))
    assert on_desk(officer("gareth.quill@authority.example")) == {referral.pk}


def test_an_inactive_officer_has_no_desk(weston: Town, concern: Concern) -> None:
    mo = officer()
    sent(concern, weston["clerk"], to=mo)
    Person.objects.filter(pk=mo.pk).update(is_active=False)
    mo.refresh_from_db()
    assert not policy.on_desk(mo, on=TODAY).exists()


def test_stepping_aside_ends_access_and_a_deputy_takes_over(weston: Town, concern: Concern) -> None:
    mo, deputy = officer(), officer("gareth.quill@authority.example")
    referral = sent(concern, weston["clerk"], to=mo)
    take(Step.STEP_ASIDE, referral, mo, words="I know them")
    assert on_desk(mo) == set()
    with pytest.raises(Refusal, match="stepped aside"):
        take(Step.READDRESS, referral, weston["clerk"], addressed_to=mo)
    take(Step.READDRESS, referral, weston["clerk"], addressed_to=deputy)
    take(Step.ACKNOWLEDGE, referral, deputy)
    assert on_desk(deputy) == {referral.pk}


def test_an_exclusion_wins_over_the_desk(weston: Town, concern: Concern) -> None:
    mo = officer()
    sent(concern, weston["clerk"], to=mo)
    with by(weston["clerk"]):
        concern_policy.exclude(concern, [mo], ExclusionKind.CONNECTED, by=None, now=NOW)
    with by(mo):
        assert Referral.objects.count() == 0
        assert Bundle.objects.count() == 0


def test_the_councils_own_monitoring_officer_works_at_the_same_desk(auth5c: Town) -> None:
    concern = lodge(auth5c, auth5c["officer1"], auth5c["councillor3"])
    do(Action.ACCEPT_COMPLAINT, concern, auth5c["chiefexecutive"])
    do(Action.REFER_CODE, concern, auth5c["chiefexecutive"], override_reason="x", **CODE)
    referral = sent(concern, auth5c["chiefexecutive"], to=auth5c["mo"])
    assert on_desk(auth5c["mo"]) == {referral.pk}
    assert not sees(auth5c["mo"], concern)
    take(Step.ACKNOWLEDGE, referral, auth5c["mo"])
    held = Appointment.objects.get(person=auth5c["mo"], role="monitoring_officer")
    councils.end_appointment(appointment=held, ends_on=date(2026, 1, 14), by=None, now=NOW)
    with by(auth5c["mo"]):
        assert not policy.on_desk(auth5c["mo"], on=TODAY).exists()
        assert Referral.objects.count() == 0


@pytest.mark.parametrize("conflict", ["relationship", "witness", "connection"])
def test_an_officer_with_a_connection_isnt_let_in(weston: Town, conflict: str) -> None:
    mo = officer()
    more: dict[str, Any] = {}
    if conflict == "relationship":
        DisclosedRelationshipFactory(council=weston.council, person_a=mo, person_b=weston["officer1"])
    concern = referred(weston, weston["officer1"], weston["councillor2"], weston["clerk"], **more)
    with by(weston["clerk"]):
        if conflict == "witness":
            concern.witnesses.create(person=mo)
        if conflict == "connection":
            concern.connections.create(person=mo)
        office = queries.office(concern, latest(concern, weston["clerk"]), on=TODAY)
    assert office.preferred is not None and office.preferred.officer.name == "Gareth Quill"
    with pytest.raises(Refusal, match="connection|part in it"):
        sealed(concern, weston["clerk"], addressed_to=mo)


def test_y_18_a_mediator_of_the_office_is_flagged_and_a_deputy_offered(yateley: Town) -> None:
    clerk = yateley["clerk"]
    concern = lodge(yateley, yateley["officer1"], yateley["councillor6"])
    do(Action.ACCEPT, concern, clerk)
    agree_to_conciliation(concern)
    do(Action.CONCILIATE, concern, clerk, mediator="ext:principal_mo", summary="Shared", other_side_agreed_on=TODAY)
    do(Action.INFORMAL_OVER, concern, clerk, kind="failed", reason="No agreement")
    do(Action.REFER_CODE, concern, clerk, override_reason="x", **CODE)
    with pytest.raises(Refusal, match="acted as mediator"):
        sealed(concern, clerk, addressed_to=officer())
    referral = sealed(concern, clerk, addressed_to=officer("gareth.quill@authority.example"))
    assert referral.officer_mediated
    with by(clerk):
        bundle = queries.bundle_of(referral)
    assert bundle is not None
    assert "The Monitoring Officer acted as mediator in this matter" in pdf_text(bytes(bundle.pdf))
    assert "Gareth Quill, Deputy Monitoring Officer" in pdf_text(bytes(bundle.pdf))
    other = sealed(concern, clerk, other_destination="Monitoring Officer, Elsewhere Council")
    assert (other.destination, other.addressed_to) == ("Monitoring Officer, Elsewhere Council", None)


def test_nobody_gives_themselves_a_desk_and_no_statement_does(weston: Town, concern: Concern) -> None:
    referral = sent(concern, weston["clerk"])
    mo = officer()
    for person, target in ((mo, mo), (weston["clerk"], weston["clerk"]), (weston["councillor2"], weston["councillor2"])):
        with by(person), pytest.raises(DatabaseError), transaction.atomic():
            ReferralAccess.objects.create(
                concern_id=concern.pk, referral_id=referral.pk, person=target, role="monitoring_officer", since=NOW, granted_by=person
            )
    assert on_desk(mo) == set()


def test_the_desk_writes_no_other_line_into_the_trail(weston: Town, concern: Concern) -> None:
    mo = officer()
    sent(concern, weston["clerk"], to=mo)
    for kind, by_id in (("settled", mo.pk), ("referral_sent", weston["clerk"].pk)):
        with by(mo), pytest.raises(DatabaseError), transaction.atomic():
            Event.objects.create(concern_id=concern.pk, type=kind, at=NOW, by_id=by_id, by_name="x")


def test_guessed_ids_find_nothing(weston: Town) -> None:
    with by(officer()):
        for wrong in (uuid4(), None, "", 0):
            with pytest.raises(Http404):
                queries.load_on_desk(wrong, person=officer(), on=TODAY)


@pytest.mark.parametrize("column", ["state = 'CLOSED'", "outcome = 'breach', outcome_on = now(), outcome_reference = 'x'", "concern_id = id"])
def test_no_statement_moves_a_referral_or_writes_a_finding(weston: Town, concern: Concern, column: str) -> None:
    sent(concern, weston["clerk"])
    with by(weston["clerk"]), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE referrals_referral SET {column}")


# --- who comes first (pure) ---------------------------------------------------------------------------------------
HEAD = addressing.Officer(uuid4(), "Helena Marsh", "monitoring_officer")
DEPUTY = addressing.Officer(uuid4(), "Gareth Quill", "deputy_monitoring_officer")
PERSON = addressing.Officer(uuid4(), "Ivy Pendant", "independent_person")


@pytest.mark.parametrize(
    ("conciliations", "expected"),
    [
        ([], set()),
        ([("ext:principal_mo", "")], {HEAD.person_id}),
        ([("ext:principal_mo", "Monitoring Officer, Hart")], {HEAD.person_id}),
        ([("ext:principal_mo", "gareth quill")], {DEPUTY.person_id}),
        ([("ext:independent_person", "Ivy Pendant")], set()),
        ([("ext:conciliator", "Helena Marsh")], {HEAD.person_id}),
        ([("role:monitoring_officer", "")], {HEAD.person_id}),
    ],
)
def test_who_of_the_office_mediated(conciliations: list[tuple[str, str]], expected: set[Any]) -> None:
    assert addressing.mediators([HEAD, DEPUTY, PERSON], conciliations) == expected


def test_the_head_comes_first_then_the_deputy_then_nobody() -> None:
    def preferred(**more: Any) -> str:
        given: dict[str, Any] = {"parties": (), "tied": (), "mediated": (), **more}
        found = addressing.preferred(addressing.addressees([DEPUTY, HEAD, PERSON], **given))
        return found.officer.name if found else ""

    assert preferred() == "Helena Marsh"
    assert preferred(mediated=[HEAD.person_id]) == "Gareth Quill"
    assert preferred(parties=[HEAD.person_id]) == "Gareth Quill"
    assert preferred(tied=[HEAD.person_id], mediated=[DEPUTY.person_id]) == ""


def test_the_ilminster_file_names_the_present_authority(db: None) -> None:
    ilminster = town("ilminster")
    concern = referred(ilminster, ilminster["officer1"], ilminster["councillor6"], ilminster["clerk"])
    referral = sent(concern, ilminster["clerk"], to=officer())
    assert referral.destination == "Monitoring Officer, Somerset Council (demonstration)"


def test_ended_access_is_never_begun_anew(weston: Town, concern: Concern) -> None:
    mo = officer()
    referral = sent(concern, weston["clerk"], to=mo)
    take(Step.STEP_ASIDE, referral, mo)
    for change in ({"until": None}, {"role": "monitoring_officer", "person": weston["clerk"]}):
        for person in (mo, weston["clerk"]):
            with by(person), pytest.raises(DatabaseError), transaction.atomic():
                ReferralAccess.objects.filter(referral=referral).update(**change)
    assert on_desk(mo) == set()


def test_who_of_the_office_may_open_it_is_shown_to_the_council(weston: Town, concern: Concern) -> None:
    """There are no hidden readers: whom the papers were sent to stands on the concern's page."""
    from referrals.actions import open_bundle
    from referrals.views import _shown

    mo = officer()
    referral = sent(concern, weston["clerk"], to=mo)
    bundle = queries.bundle_of
    with by(mo):
        open_bundle(bundle=bundle(referral), part="pdf", by=mo, now=NOW)  # type: ignore[arg-type]
    for reader in ("clerk", "officer1"):
        with by(weston[reader]):
            (row,) = _shown.desks(referral)
            assert (row["row"].person, str(row["role"]), row["opened"]) == (mo, "Monitoring Officer", NOW)


def test_access_isnt_ended_by_somebody_who_only_knows_that_there_is_a_concern(weston: Town, concern: Concern) -> None:
    clerk, knows = weston["clerk"], weston["manager"]
    referral = sent(concern, clerk, to=officer())
    with by(clerk):
        assert concern_policy.can_see(knows, concern)
    with system_work():
        concern_policy.narrow_to_status(concern, knows, now=NOW)
    with by(knows):
        assert concern_policy.can_see(knows, concern) and not concern_policy.can_see(knows, concern, permission=concern_policy.READ)
        assert ReferralAccess.objects.filter(referral=referral).update(until=NOW) == 0
    assert on_desk(officer()) == {referral.pk}
