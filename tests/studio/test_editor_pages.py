"""The editor's pages: a draft is begun, changed, compared, put forward and adopted; two tabs lose nothing; strangers see nothing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from councils import actions as councils
from councils.errors import Refusal
from councils.models import ProtocolStatus, ProtocolVersion
from councils.protocol import LARGEST_FILE, read_yaml
from studio.actions import drafts as actions
from studio.domain.written import as_yaml
from studio.models import Amendment, Decision, DraftStatus, ImportedDocument, ProtocolDraft
from studio.queries.drafts import amendment_record
from tests.councils.views_cast import MOMENT, Place, client, parts, place, today  # noqa: F401
from tests.factories.councils import ProtocolVersionFactory, protocol_file
from tests.matrix.rows_editor import ROUTES

CANARY = "Canary clause words that only the council has"


def url(where: Place, name: str, **kwargs: Any) -> str:
    return reverse(f"studio:{name}", kwargs={"key": where.council.key, **kwargs})


def begun(where: Place, begins_with: str = "in_force", **more: Any) -> ProtocolDraft:
    return actions.start_draft(council=where.council, begins_with=begins_with, by=where.admin, now=MOMENT, **more)


def texts(response: Any) -> str:
    return response.content.decode()


def typed(response: Any, **changed: Any) -> dict[str, Any]:
    """What a browser would send from the page's form, with some answers changed."""
    form, data = response.context["form"], {}
    for name in form.fields:
        value = form[name].value()
        data[name] = "" if value is None else value
    return {name: value for name, value in {**data, **changed}.items() if value is not False}


def test_addresses_answer_each_person_as_the_matrix_says(place: Place) -> None:  # noqa: F811
    draft = begun(place)
    ids: dict[str, dict[str, Any]] = {
        "draft-section": {"section": "rules"},
        "draft-item": {"section": "panels", "item": "0"},
        "draft-item-remove": {"section": "rules", "item": "0"},
        "draft-item-move": {"section": "rules", "item": "0"},
        "decision": {"setting": "AMB-G06"},
    }
    people = {"admin": place.admin, "member": place.clerk, "stranger": place.outsider, "visitor": None}
    browsers = {who: client(person) for who, person in people.items()}
    for route, row in ROUTES.items():
        name = route.partition(":")[2]
        which = {"version": place.version.pk} if name.startswith("version-") else {"draft": draft.pk} if f"{name} ".startswith(("draft ", "draft-", "decision ")) else {}
        which = {} if name in ("draft-start", "draft-file") else which
        page = url(place, name, **which, **ids.get(name, {}))
        for who, wanted in row.items():
            for method, code in zip(("get", "head", "post"), wanted.split(), strict=True):
                answer = getattr(browsers[who], method)(page)
                got = "login" if answer.status_code == 302 and "/login/" in answer["Location"] else str(answer.status_code)
                assert (route, who, method, got) == (route, who, method, code)
    draft.refresh_from_db()
    assert (draft.revision, draft.status) == (0, DraftStatus.OPEN)
    other = ProtocolVersionFactory()
    assert browsers["admin"].get(url(place, "version-export", version=other.pk)).status_code == 404
    with pytest.raises(Refusal, match="Only this council's protocol administrator"):
        actions.discard_draft(draft=draft, revision=0, by=place.outsider, now=MOMENT)


def test_draft_goes_from_the_version_in_force_to_the_next_one_in_force(place: Place) -> None:  # noqa: F811
    browser = client(place.admin)
    answer = browser.post(url(place, "draft-start"), {"begins_with": "in_force"})
    draft = ProtocolDraft.objects.get(council=place.council)
    assert (answer.status_code, answer["Location"], draft.base) == (302, url(place, "draft", draft=draft.pk), place.version)
    page = url(place, "draft-item", draft=draft.pk, section="times", item="only")
    answer = browser.post(page, typed(browser.get(page), acknowledge_after_working_days="4"))
    assert answer["Location"] == url(place, "draft", draft=draft.pk)
    draft.refresh_from_db()
    assert (draft.config["targets"]["acknowledge_after_working_days"], draft.revision, draft.changed_by) == (4, 1, place.admin)
    shown = texts(browser.get(url(place, "draft-differences", draft=draft.pk)))
    assert "<del>3</del><br>" in shown
    assert "<ins>4</ins>" in shown
    assert "stay under the version they were raised under" in shown
    answer = browser.post(url(place, "draft-put-forward", draft=draft.pk), {"revision": "1", "what": "One more day to acknowledge."})
    assert answer["Location"] == reverse("councils:protocol-versions", kwargs={"key": place.council.key})
    version = ProtocolVersion.objects.get(council=place.council, status=ProtocolStatus.DRAFT)
    assert version.config["protocol"]["adopted_by"] is None
    assert Amendment.objects.get(version=version).what == "One more day to acknowledge."
    day = date(2026, 1, 14)
    approve = reverse("councils:protocol-approve", kwargs={"key": place.council.key, "version": version.pk})
    browser.post(approve, {"approving_body": "Full Council", "minute_ref": "17/26", **parts("approved_on", day)})
    force = reverse("councils:protocol-force", kwargs={"key": place.council.key, "version": version.pk})
    browser.post(force, parts("in_force_from", day))
    standing = dict(ProtocolVersion.objects.filter(council=place.council).values_list("pk", "status"))
    assert standing == {version.pk: "IN_FORCE", place.version.pk: "SUPERSEDED"}
    lines = amendment_record(place.council)
    assert [(line.body, line.minute_ref, line.what) for line in lines[:2]] == [
        ("Full Council", "17/26", "One more day to acknowledge."), ("Full Council", "Minute 1", ""),
    ]  # fmt: skip
    record = texts(browser.get(url(place, "record")))
    assert record.index("17/26") < record.index("Minute 1")
    assert "One more day to acknowledge." in texts(browser.get(url(place, "version-differences", version=version.pk)))


def test_second_tab_is_told_and_keeps_what_was_typed(place: Place) -> None:  # noqa: F811
    draft, browser = begun(place), client(place.admin)
    page = url(place, "draft-item", draft=draft.pk, section="title", item="only")
    first, second = browser.get(page), browser.get(page)
    assert browser.post(page, typed(first, protocol_title="From the first window")).status_code == 302
    answer = browser.post(page, typed(second, protocol_title="From the second window"))
    assert answer.status_code == 422
    assert "Somebody changed the draft since you opened this page" in texts(answer)
    assert 'value="From the second window"' in texts(answer)
    draft.refresh_from_db()
    assert draft.config["protocol"]["title"] == "From the first window"


def test_rule_is_added_moved_detailed_and_taken_out(place: Place) -> None:  # noqa: F811
    draft, browser = begun(place, "plain"), client(place.admin)
    new = url(place, "draft-item", draft=draft.pk, section="rules", item="new")
    blank = typed(browser.get(new))
    bad = browser.post(new, {**blank, "id": "N 1", "cites": "99.9"})
    assert bad.status_code == 422
    assert "There is no clause 99.9." in texts(bad)
    assert 'value="99.9"' in texts(bad)
    rule = {"id": "N1", "raiser": "officer", "subject": "chair_of_council", "stage": "informal", "mode": "first_available", "basis": "stated"}
    rule |= {"steps": ["", "body:hr_panel", "ext:principal_mo", ""], "cites": "3.2, title block"}
    assert browser.post(new, {**blank, **rule}).status_code == 302
    draft.refresh_from_db()
    found = draft.config["routes"][-1]
    assert (found["steps"], found["cites"]) == ([{"to": "body:hr_panel"}, {"to": "ext:principal_mo"}], ["3.2", "hdr"])
    assert (found["raiser"], found["subject"], found["stage"]) == (["officer"], ["chair_of_council"], ["informal"])
    last = str(len(draft.config["routes"]) - 1)
    step = url(place, "draft-item", draft=draft.pk, section="step", item=f"{last}-1")
    assert browser.post(step, typed(browser.get(step), label="the district's officer")).status_code == 302
    browser.post(url(place, "draft-item-move", draft=draft.pk, section="rules", item=last), {"revision": "2", "to": "up"})
    draft.refresh_from_db()
    assert draft.config["routes"][-2]["id"] == "N1"
    assert draft.config["routes"][-2]["steps"][1] == {"to": "ext:principal_mo", "label": "the district's officer"}
    listed = texts(browser.get(url(place, "draft-section", draft=draft.pk, section="rules")))
    assert "N1: An Officer about the Chair of the Council" in listed
    at = str(len(draft.config["routes"]) - 2)
    gone = browser.post(url(place, "draft-item-remove", draft=draft.pk, section="rules", item=at), {"revision": "3"})
    assert gone.status_code == 302
    draft.refresh_from_db()
    assert "N1" not in [route["id"] for route in draft.config["routes"]]
    assert browser.get(url(place, "draft-item", draft=draft.pk, section="rules", item="999")).status_code == 404
    assert browser.get(url(place, "draft-section", draft=draft.pk, section="nonsense")).status_code == 404


def test_problem_may_stand_in_a_draft_but_is_not_put_forward(place: Place) -> None:  # noqa: F811
    draft, browser = begun(place, "plain"), client(place.admin)
    broken = {**draft.config["routes"][1], "steps": [{"to": "role:proper_officer"}]}
    actions.change_draft(draft=draft, revision=0, section="rules", key="1", item=broken, by=place.admin, now=MOMENT)
    page = texts(browser.get(url(place, "draft", draft=draft.pk)))
    assert f"Rule {broken['id']}: A concern about the Clerk goes only to the Clerk." in page
    ahead = texts(browser.get(url(place, "draft-put-forward", draft=draft.pk)))
    assert "These must be mended first:" in ahead and 'name="what"' not in ahead
    assert url(place, "draft-item", draft=draft.pk, section="rules", item="1") in page
    answer = browser.post(url(place, "draft-put-forward", draft=draft.pk), {"revision": "1", "what": "Nothing much."})
    assert answer.status_code == 422
    assert "The draft has 1 problem that must be mended first." in texts(answer)
    assert ProtocolVersion.objects.filter(council=place.council, status="DRAFT").count() == 0
    draft.refresh_from_db()
    assert draft.status == DraftStatus.OPEN


def test_own_document_brings_its_clauses_and_stands_beside_the_form(place: Place) -> None:  # noqa: F811
    rows = [{"kind": "heading", "text": "Complaints", "level": 1}, {"kind": "clause", "number": "1.1", "text": CANARY}]
    document = ImportedDocument.objects.create(
        council=place.council, title="Ours", kind="txt", content_hash="a" * 64, blocks=[], rows=rows, imported_at=MOMENT, changed_at=MOMENT
    )
    browser = client(place.admin)
    start = url(place, "draft-start")
    chosen = []
    for at in (start, f"{start}?document={document.pk}"):
        radios = re.findall(r'<input[^>]*name="begins_with"[^>]*>', browser.get(at).content.decode())
        chosen.append([re.findall(r'value="(\w+)"', radio)[0] for radio in radios if " checked" in radio])
    assert chosen == [["in_force"], ["plain"]]  # another's rules would cite clauses that aren't in it
    browser.post(start, {"begins_with": "plain", "document": str(document.pk)})
    draft = ProtocolDraft.objects.get(council=place.council)
    assert [clause["number"] for clause in draft.config["clauses"]] == ["1.1"]
    assert {route["basis"] for route in draft.config["routes"]} == {"default"}
    page = texts(browser.get(url(place, "draft-item", draft=draft.pk, section="rules", item="0")))
    assert CANARY in page
    assert "No clause is tied to this." in page
    assert "9 not in your protocol" in texts(browser.get(url(place, "draft", draft=draft.pk)))
    foreign = ImportedDocument.objects.create(
        council=ProtocolVersionFactory().council, title="Theirs", kind="txt", content_hash="b" * 64, blocks=[], rows=rows, imported_at=MOMENT, changed_at=MOMENT
    )
    with pytest.raises(Refusal, match="Choose one of this council's documents"):
        begun(place, "plain", document=str(foreign.pk))
    later = begun(place, "plain")
    take = url(place, "draft-clauses", draft=later.pk)
    assert browser.post(take, {"revision": "0", "document": str(foreign.pk)}).status_code == 422
    assert browser.post(take, {"revision": "0", "document": str(document.pk)}).status_code == 302
    later.refresh_from_db()
    assert ([clause["number"] for clause in later.config["clauses"]], later.document) == (["1.1"], document)
    assert "There is no clause 3.1." in texts(browser.get(url(place, "draft", draft=later.pk)))


def test_file_comes_back_as_it_was_taken_and_a_bad_one_leaves_nothing(place: Place) -> None:  # noqa: F811
    browser = client(place.admin)
    draft = begun(place, "plain")
    taken = browser.get(url(place, "draft-export", draft=draft.pk))
    assert taken["Content-Disposition"] == 'attachment; filename="anytown.yaml"'
    draft.delete()
    bring = url(place, "draft-file")
    assert browser.post(bring, {"file": SimpleUploadedFile("p.yaml", taken.content)}).status_code == 302
    back = ProtocolDraft.objects.get(council=place.council)
    assert browser.get(url(place, "draft-export", draft=back.pk)).content == taken.content
    back.delete()
    config = read_yaml(taken.content, name="p")
    bad = {
        "There is no key": as_yaml({**config, "rotues": []}),
        "would unfold to more than": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)),
        "larger than 2 MB": "#" * (LARGEST_FILE + 5),
        "is the protocol of “weston”": as_yaml(protocol_file("weston")),
        "isn&#x27;t written as a protocol is": as_yaml({**config, "routes": "none"}),
        "is empty": "",
    }
    for words, content in bad.items():
        answer = browser.post(bring, {"file": SimpleUploadedFile("p.yaml", content.encode())})
        assert answer.status_code == 422, words
        assert words.casefold() in texts(answer).casefold(), words
    assert ProtocolDraft.objects.filter(council=place.council).count() == 0


def test_decision_is_recorded_for_good_and_changes_the_draft(place: Place) -> None:  # noqa: F811
    draft, browser = begun(place), client(place.admin)
    listed = texts(browser.get(url(place, "decisions")))
    assert "Not settled by your protocol" in listed
    page = url(place, "decision", draft=draft.pk, setting="AMB-G06")
    answer = browser.post(page, {"revision": "0", "choice": "at_lodging", "body": "Full Council", "minute_ref": "", **parts("decided_on", date(2026, 1, 5))})
    assert answer.status_code == 422
    data = {"revision": "0", "choice": "at_lodging", "body": "Full Council", "minute_ref": "44/26", **parts("decided_on", date(2026, 1, 5))}
    assert browser.post(page, {**data, **parts("decided_on", date(2026, 2, 1))}).status_code == 422
    assert browser.post(page, data).status_code == 302
    draft.refresh_from_db()
    assert draft.config["visibility"]["subject_is_told"]["code"] == "at_lodging"
    row = Decision.objects.get(council=place.council)
    assert (row.key, row.choice, row.body, row.minute_ref, row.decided_on, row.recorded_by) == (
        "tell_subject", "at_lodging", "Full Council", "44/26", date(2026, 1, 5), place.admin,
    )  # fmt: skip
    assert "by Full Council, 5 January 2026, minute 44/26" in texts(browser.get(url(place, "decisions")))
    assert "44/26" in texts(browser.get(url(place, "record")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('portal_app', 'studio_decision', 'UPDATE'), has_table_privilege('portal_app', 'studio_decision', 'INSERT')")
        assert cursor.fetchone() == (False, True)


def test_draft_put_forward_is_taken_back_until_it_is_approved(place: Place) -> None:  # noqa: F811
    draft, browser = begun(place, "plain"), client(place.admin)
    version = actions.put_forward(draft=draft, revision=0, what="A new text.", by=place.admin, now=MOMENT)
    assert browser.get(url(place, "draft-item", draft=draft.pk, section="rules", item="0")).status_code == 404
    assert browser.post(url(place, "draft-reopen", draft=draft.pk), {"revision": "1"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.version, ProtocolVersion.objects.filter(pk=version.pk).count()) == (DraftStatus.OPEN, None, 0)
    version = actions.put_forward(draft=draft, revision=2, what="A new text.", by=place.admin, now=MOMENT)
    councils.approve_protocol(version=version, approving_body="Full Council", approved_on=date(2026, 1, 10), minute_ref="9", by=place.admin, now=MOMENT)
    same = begun(place, "plain")
    with pytest.raises(Refusal, match="This text is there already"):
        actions.put_forward(draft=same, revision=0, what="The same.", by=place.admin, now=MOMENT)
    with pytest.raises(Refusal, match="approved already"):
        actions.reopen_draft(draft=draft, revision=3, by=place.admin, now=MOMENT)
