"""The list of bad input, one by one: a clear message, what was typed is kept, nothing is lost."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from concerns.models import Concern, Event, Narrative
from councils.models import Appointment, Council, ProtocolVersion
from tests.concerns.screens import at
from tests.factories.concerns import by
from tests.fuzz.generate import MEGABYTE
from tests.matrix.cells import address, ask
from tests.matrix.world import BACKEND, World

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def errors_of(answer: Any) -> str:
    assert answer.status_code == 422, answer.status_code
    return str(dict(answer.context["form"].errors))


def post(world: World, who: str, url: str, keep: bool = False, **data: Any) -> Any:
    return ask(world, who, "post", url, data, keep=keep)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("30", "2", "2026"), "real date"), (("", "2", "2026"), "include a day"), (("1", "1", "26"), "4 numbers"), (("1", "1", "10000"), "4 numbers"),
        (("1", "1", "2027"), "same as or before"), (("31", "4", "2025"), "real date"), (("0", "0", "0000"), "real date"), (("x", "y", "zzzz"), "4 numbers"),
    ],
)  # fmt: skip
def test_impossible_date_is_named_and_kept(world: World, parts: tuple[str, str, str], words: str) -> None:
    url = reverse("concerns:new-in", kwargs={"key": "weston"})
    day, month, year = parts
    answer = post(world, "councillor3", url, subjects=str(world.town["officer1"].pk), topic="conduct", said_in_public="no",
                  where_said="Kept words", happened_on_day=day, happened_on_month=month, happened_on_year=year)  # fmt: skip
    assert words in errors_of(answer)
    page = text_of(answer)
    assert "Kept words" in page and (not day or f'value="{day}"' in page) and f'value="{year}"' in page


def test_overlapping_appointment_is_refused_and_kept(world: World) -> None:
    url = reverse("councils:appointment-add", kwargs={"key": "weston"})
    before = Appointment.objects.count()
    answer = post(world, "admin", url, person=str(world.town["clerk"].pk), role="proper_officer", kind="substantive", post_title="Twice a clerk",
                  starts_on_day="1", starts_on_month="2", starts_on_year="2026")  # fmt: skip
    assert errors_of(answer)
    assert "Twice a clerk" in text_of(answer)
    assert Appointment.objects.count() == before


@pytest.mark.parametrize("role", ["mayor", "superuser", "", "protocol_admin\x00", "role:councillor"])
def test_unknown_role_is_refused(world: World, role: str) -> None:
    url = reverse("councils:person-add", kwargs={"key": "weston"})
    answer = post(world, "admin", url, full_name="Nora New", email="nora@weston.example", role=role, starts_on_day="1", starts_on_month="2",
                  starts_on_year="2026")  # fmt: skip
    assert "role" in errors_of(answer)
    assert "Nora New" in text_of(answer)


def test_last_day_before_the_first_is_refused(world: World) -> None:
    row = Appointment.objects.get(person=world.town["officer1"])
    url = reverse("councils:appointment-end", kwargs={"key": "weston", "appointment": row.pk})
    answer = post(world, "admin", url, ends_on_day="1", ends_on_month="1", ends_on_year="0001")
    assert errors_of(answer)
    row.refresh_from_db()
    assert row.ends_on is None


def test_line_manager_from_the_first_day_of_time_is_answered(world: World) -> None:
    town = world.town
    url = reverse("councils:reporting-line", kwargs={"key": "weston", "person": town["officer1"].pk})
    for year in ("0001", "9999"):
        answer = post(world, "admin", url, manager=str(town["clerk"].pk), starts_on_day="1", starts_on_month="1", starts_on_year=year)
        assert answer.status_code in (302, 422), year


def test_person_on_both_sides_is_refused_as_their_own_subject_and_their_own_recipient(world: World) -> None:
    town, draft = world.town, world.cases["draft"]
    url = reverse("concerns:new-in", kwargs={"key": "weston"})
    answer = post(world, "councillor3", url, subjects=str(town["councillor3"].pk), topic="conduct", said_in_public="no")
    assert "subjects" in errors_of(answer)
    written = post(world, "councillor3", address("concerns:draft-writing", draft), what_happened="Typed words", witnesses=str(town["officer1"].pk))
    assert "witnesses" in errors_of(written)  # the subject as a witness
    assert "Typed words" in text_of(written)
    both = ask(world, "officer3", "get", reverse("concerns:new-in", kwargs={"key": "weston"}))
    assert str(town["officer3"].pk) not in text_of(both)


def test_a_person_of_another_council_cant_be_named(world: World) -> None:
    outsider = world.people["outsider"]
    assert outsider is not None
    url = reverse("concerns:new-in", kwargs={"key": "weston"})
    before = Concern.objects.count()
    answer = post(world, "councillor3", url, subjects=str(outsider.pk), topic="conduct", said_in_public="no")
    assert "Choose people from the list" in errors_of(answer)
    assert outsider.full_name not in text_of(answer)
    assert Concern.objects.count() == before


def test_nothing_is_lodged_under_a_draft(world: World) -> None:
    """A council whose protocol is only a draft: the start says so, and the first screen gives no form."""
    from tests.factories.councils import AppointmentFactory, CouncilFactory, PersonFactory, ProtocolVersionFactory

    council: Council = CouncilFactory(key="draftplace", name="Draftplace Council")
    ProtocolVersionFactory(council=council, label="Only a draft")
    member, officer = PersonFactory(), PersonFactory()
    AppointmentFactory(council=council, person=member)
    AppointmentFactory(council=council, person=officer, role="officer")
    browser = Client()
    browser.force_login(member, backend=BACKEND)
    url = reverse("concerns:new-in", kwargs={"key": "draftplace"})
    for answer in (browser.get(url), browser.post(url, {"subjects": str(officer.pk), "topic": "conduct", "said_in_public": "no"})):
        assert answer.status_code == 200
        assert "no protocol in force" in text_of(answer).lower() or "in force" in text_of(answer)
    with by(member):
        assert Concern.objects.count() == 0
    assert ProtocolVersion.objects.get(council=council).status == "DRAFT"


def test_stale_tab_is_told_and_keeps_what_was_typed(world: World) -> None:
    case = world.cases["settled"]
    url = address("concerns:do", case, action="reopen")
    answer = post(world, "clerk", url, revision=str(case.concern.revision - 1), reason="Typed in the old tab")
    assert "changed this concern after you opened the page" in errors_of(answer)
    assert "Typed in the old tab" in text_of(answer)
    again = post(world, "clerk", url, revision=answer.context["form"].data["revision"], reason="Typed in the old tab")
    assert again.status_code == 302


def test_double_submit_is_done_once(world: World) -> None:
    case = world.cases["leaver"]
    url = address("concerns:do", case, action="accept")
    with transaction.atomic():
        first = post(world, "clerk", url, keep=True, revision=str(case.concern.revision))
        second = post(world, "clerk", url, keep=True, revision=str(case.concern.revision))
        assert first.status_code == 302
        assert second.status_code == 409
        assert "data-action" not in text_of(second) or text_of(second)
        with by(world.town["clerk"]):
            assert Event.objects.filter(concern_id=case.pk, type="accepted").count() == 1
        transaction.set_rollback(True)


def test_two_handlers_at_once_one_wins_and_the_other_is_told(world: World) -> None:
    case = world.cases["chair"]  # the line manager and the clerk both have it
    url = address("concerns:do", case, action="accept")
    with transaction.atomic():
        pages = {who: ask(world, who, "get", url) for who in ("clerk", "manager")}
        revision = pages["clerk"].context["form"]["revision"].value()
        won = post(world, "clerk", url, keep=True, revision=str(revision))
        lost = post(world, "manager", url, keep=True, revision=str(revision), note="Mine as well")
        assert (won.status_code, lost.status_code) == (302, 409)
        assert "data-state" in text_of(ask(world, "manager", "get", address("concerns:page", case)))
        with by(world.town["clerk"]):
            assert Event.objects.filter(concern_id=case.pk, type="accepted").count() == 1
        transaction.set_rollback(True)


def test_a_draft_sent_twice_is_sent_once(world: World) -> None:
    draft = world.cases["draft"]
    url = address("concerns:draft-check", draft)
    last = {"formal": "no", "wider_circle": "ask_first", "private_confirmed": "on", "constructive_confirmed": "on"}
    with transaction.atomic():
        first = post(world, "councillor3", url, keep=True, **last)
        second = post(world, "councillor3", url, keep=True, **last)
        assert (first.status_code, second.status_code) == (302, 302)
        assert second["Location"] == at("page", draft.pk)
        with by(world.town["councillor3"]):
            assert Event.objects.filter(concern_id=draft.pk, type="lodged").count() == 1
        transaction.set_rollback(True)


@pytest.mark.parametrize(("who", "case", "step", "field"), [("chair", "running", "add_note", "text"), ("clerk", "settled", "reopen", "reason")])
def test_a_megabyte_of_text_is_refused_in_words_and_given_back(world: World, who: str, case: str, step: str, field: str) -> None:
    answer = post(world, who, address("concerns:do", world.cases[case], action=step), **{field: MEGABYTE})
    assert "characters or fewer" in errors_of(answer)
    assert MEGABYTE.strip() in text_of(answer)


def test_a_megabyte_of_what_happened_is_refused_in_words_and_the_draft_stays(world: World) -> None:
    draft = world.cases["draft"]
    answer = post(world, "councillor3", address("concerns:draft-writing", draft), keep=True, what_happened=MEGABYTE)
    assert "characters or fewer" in errors_of(answer)
    assert MEGABYTE.strip() in text_of(answer)
    with by(world.town["councillor3"]):
        assert Narrative.objects.get(concern_id=draft.pk).what_happened == "kanari-draft-happened"


def test_nul_bytes_are_pointed_out_and_the_rest_is_kept(world: World) -> None:
    answer = post(world, "councillor3", address("concerns:draft-writing", world.cases["draft"]), what_happened="Before\x00after")
    assert "character that can't be kept" in text_of(answer)
    assert "Beforeafter" in text_of(answer)


def test_right_to_left_text_is_kept_to_the_letter_and_can_turn_no_page(world: World) -> None:
    draft, words = world.cases["draft"], "\u202eevil\u202c שלום \u2066x\u2069"
    url = address("concerns:draft-writing", draft)
    with transaction.atomic():
        assert post(world, "councillor3", url, keep=True, what_happened=words).status_code == 302
        page = text_of(ask(world, "councillor3", "get", url))
        assert words in page
        assert 'dir="auto"' in page
        check = text_of(ask(world, "councillor3", "get", address("concerns:draft-check", draft)))
        assert words in check and 'dir="auto"' in check
        transaction.set_rollback(True)


def test_markup_is_shown_as_text(world: World) -> None:
    draft, words = world.cases["draft"], '<script>alert("x")</script>{{ 7|add:7 }}'
    with transaction.atomic():
        post(world, "councillor3", address("concerns:draft-writing", draft), keep=True, what_happened=words)
        raw = ask(world, "councillor3", "get", address("concerns:draft-check", draft)).content.decode()
        assert "<script>alert" not in raw
        assert "&lt;script&gt;" in raw and "{{ 7|add:7 }}" in raw
        transaction.set_rollback(True)


@pytest.mark.parametrize("route", ["draft-who", "draft-writing", "draft-check", "do"])
def test_a_session_that_ended_mid_form_gives_back_what_was_typed(world: World, route: str) -> None:
    case = world.cases["draft"]
    more = {"action": "add_note"} if route == "do" else {}
    url = address(f"concerns:{route}", case, **more)
    typed = {"what_happened": "First line\nsecond line", "where_said": "At the <fair>", "text": "A note\x00 of mine"}
    answer = ask(world, "visitor", "post", url, typed)
    assert answer.status_code == 401
    page = text_of(answer)
    for words in ("First line\nsecond line", "At the <fair>", "A note"):
        assert words in page.replace("\r", "")
    assert case.concern.reference not in page


def test_a_file_that_lies_about_its_kind_is_refused_and_the_text_kept(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    draft = world.cases["draft"]
    url = address("concerns:draft-writing", draft)
    for name, content in (("letter.pdf", b"<script>"), ("x.svg", b"<svg onload=alert(1)>"), ("a.html", b"x"), ("\u202efdp.exe", b"MZ"), ("empty.pdf", b"")):
        answer = ask(world, "councillor3", "post", url, {"what_happened": "Typed beside a file", "files": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422, name
        assert "Typed beside a file" in text_of(answer)
