"""A draft meets the council's own document: what it says of itself is confirmed, and rules are tied to its clauses in one go."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from councils.errors import Refusal
from councils.models import CouncilEvent
from studio.actions import drafts, tying
from studio.actions.set_up import invite_administrator, name_council
from studio.models import ImportedDocument, ProtocolDraft
from studio.queries import set_up as reads
from tests.councils.views_cast import MOMENT, Place, client, parts, place, today  # noqa: F401
from tests.factories.councils import PersonFactory, ProtocolVersionFactory, in_force
from tests.studio.test_editor_pages import begun, texts, typed, url

HEAD = "EXAMPLE TOWN COUNCIL\nOur protocol on working together\nAdopted by Full Council on 3 March 2025 (Minute 24/9)\nNext review: May 2027"
ROWS: list[dict[str, Any]] = [
    {"id": 1, "kind": "other", "number": "", "text": HEAD, "from": []},
    {"id": 2, "kind": "clause", "number": "1", "text": "Talk first.", "from": []},
    {"id": 3, "kind": "clause", "number": "2", "text": "This protocol will be reviewed every two years.", "from": []},
]


def document_of(council: Any, rows: Any = ROWS, **more: Any) -> ImportedDocument:
    facts = {"title": "Ours", "kind": "txt", "content_hash": "a" * 64, "blocks": [], "imported_at": MOMENT, "changed_at": MOMENT, "finished_at": MOMENT}
    return ImportedDocument.objects.create(council=council, rows=rows, **{**facts, **more})


def told(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", texts(response)).split())


@pytest.fixture
def draft(place: Place) -> ProtocolDraft:  # noqa: F811
    """A draft of the plain protocol with the clauses of the council's document."""
    return begun(place, "plain", document=str(document_of(place.council).pk))


def test_what_the_document_says_is_offered_and_nothing_is_set_before_it_is_saved(place: Place, draft: ProtocolDraft) -> None:  # noqa: F811
    browser = client(place.admin)
    page = url(place, "draft-about", draft=draft.pk)
    shown = browser.get(page)
    assert draft.config["protocol"]["title"] == "Protocol on relations between councillors and officers"
    wanted = {
        "title": "Our protocol on working together", "every": 2, "every_clause": "2", "day": date(2027, 5, 31), "day_clause": "hdr",
        "body": "Full Council", "adopted_on": date(2025, 3, 3), "minute": "24/9",
    }  # fmt: skip
    initial = shown.context["form"].initial
    assert {name: initial[name] for name in wanted} == wanted
    assert "2: This protocol will be reviewed every two years." in told(shown) and "Title block: Next review: May 2027" in told(shown)
    assert "Title block: Adopted by Full Council on 3 March 2025 (Minute 24/9)" in told(shown)
    draft.refresh_from_db()
    assert (draft.revision, draft.config["protocol"]["title"]) == (0, "Protocol on relations between councillors and officers")
    assert draft.label == "Protocol on relations between councillors and officers (1), draft of 15 January 2026"

    data = typed(shown, title="Working together", day=False, adopted_on=False, **parts("day", date(2027, 5, 31)), **parts("adopted_on", date(2025, 3, 3)))
    assert browser.post(page, data)["Location"] == url(place, "draft", draft=draft.pk)
    draft.refresh_from_db()
    head = draft.config["protocol"]
    assert (head["title"], draft.label) == ("Working together", "Working together (1), draft of 15 January 2026")
    interval, fixed, event = head["review"]["rules"]
    assert (interval["every"], interval["basis"], interval["cites"]) == ("P2Y", "stated", ["2"])
    assert (fixed["date"], fixed["printed"], fixed["precision"], fixed["cites"]) == ("2027-05-31", "May 2027", "month", ["hdr"])
    assert event["type"] == "event"
    assert head["amendment_record"] == [{"event": "approved", "by": "Full Council", "date": "2025-03-03", "minute_ref": "24/9"}]
    again = browser.get(page).context["form"].initial
    assert (again["title"], again["every"]) == ("Working together", 2)  # what somebody settled, not what was found

    data = typed(browser.get(page), every="", day=False, adopted_on=False, body="", minute="")
    assert browser.post(page, data).status_code == 302
    draft.refresh_from_db()
    assert [rule["type"] for rule in draft.config["protocol"]["review"]["rules"]] == ["event"]


def test_wrong_answers_about_the_document_are_kept_and_refused(place: Place, draft: ProtocolDraft) -> None:  # noqa: F811
    browser, page = client(place.admin), url(place, "draft-about", draft=draft.pk)
    good = typed(browser.get(page), day=False, adopted_on=False)
    for words, wrong in {
        "Enter the title of the protocol": {"title": ""},
        "Enter a number of years from 1 to 10, or leave it empty": {"every": "11"},
        "Enter the day it was adopted, or leave the body and the minute empty.": {},
        "It can’t have been adopted on a day that is still to come.": parts("adopted_on", date(2026, 1, 16)),
        "The day of the review must be a real date": {"day_day": "31", "day_month": "2", "day_year": "2027"},
        "There is no clause 1. Check its number": {"revision": "0", "every_clause": "1"},
    }.items():
        if "every_clause" in wrong:
            drafts.change_draft(draft=draft, revision=0, section="clauses", key="0", item={"number": "7", "heading": "A"}, by=place.admin, now=MOMENT)
            with pytest.raises(Refusal, match=words):
                tying.confirm_about(draft=draft, revision=1, title="T", every=2, every_clause="1", by=place.admin, now=MOMENT)
            continue
        answer = browser.post(page, {**good, **wrong, "minute": "kept 7"})
        assert (answer.status_code, words in told(answer), 'value="kept 7"' in texts(answer)) == (422, True, True), words
    other = begun(place, "plain")
    assert browser.get(url(place, "draft-about", draft=other.pk)).status_code == 404


def test_taking_clauses_and_beginning_with_a_document_lead_to_what_it_says(place: Place) -> None:  # noqa: F811
    document, browser = document_of(place.council), client(place.admin)
    later = begun(place, "plain")
    shown = browser.get(url(place, "draft-clauses", draft=later.pk))
    assert shown.context["form"]["document"].value() == str(document.pk)
    answer = browser.post(url(place, "draft-clauses", draft=later.pk), {"revision": "0", "document": str(document.pk)})
    assert answer["Location"] == url(place, "draft-about", draft=later.pk)
    answer = browser.post(url(place, "draft-start"), {"begins_with": "plain", "document": str(document.pk)})
    newest = ProtocolDraft.objects.exclude(pk=later.pk).get()
    assert answer["Location"] == url(place, "draft-about", draft=newest.pk)
    start = browser.get(f"{url(place, 'draft-start')}?document={document.pk}")
    assert start.context["form"]["document"].value() == str(document.pk)
    assert f"{url(place, 'draft-start')}?document={document.pk}" in texts(browser.get(url(place, "import", document=document.pk)))


def test_set_up_asks_what_the_document_says_and_its_adoption_begins_with_it(place: Place) -> None:  # noqa: F811
    operator = PersonFactory(is_operator=True)
    row = invite_administrator(email="new@brook.example", full_name="New Clerk", by=operator, now=MOMENT)
    row = name_council(set_up=row, name="Brook Town Council", jurisdiction="England", words={}, by=row.person, now=MOMENT)
    document, browser = document_of(row.council), client(row.person)
    steps = {name: reverse(f"studio:set-up{name}", kwargs={"set_up": row.pk}) for name in ("", "-protocol")}
    second = document_of(row.council, content_hash="b" * 64, title="Older")
    for one in (document, second):
        chosen = browser.get(f"{steps['-protocol']}?document={one.pk}").context["form"]["source"].value()
        assert chosen == f"document:{one.pk}"
    assert browser.get(f"{steps['-protocol']}?document=nonsense").status_code == 200
    after = reverse("studio:import", kwargs={"key": row.council.key, "document": document.pk})
    assert f"{steps['-protocol']}?document={document.pk}" in texts(browser.get(after))
    answer = browser.post(steps["-protocol"], {"source": f"document:{document.pk}"})
    draft = ProtocolDraft.objects.get(council=row.council)  # noqa: F811
    page = reverse("studio:draft-about", kwargs={"key": row.council.key, "draft": draft.pk})
    assert answer["Location"] == page
    assert reads.adoption_said(row.council) == {}
    data = typed(browser.get(page), day=False, adopted_on=False, **parts("adopted_on", date(2025, 3, 3)))
    assert browser.post(page, data)["Location"] == steps[""]
    assert reads.adoption_said(row.council) == {"approving_body": "Full Council", "approved_on": date(2025, 3, 3), "minute_ref": "24/9"}
    draft.refresh_from_db()
    assert draft.config["protocol"]["title"] == "Our protocol on working together"
    assert page in texts(browser.get(steps["-protocol"]))
    assert client(place.admin).get(page).status_code == 404


def test_everything_without_a_clause_is_tied_in_one_go_with_one_line_on_record(place: Place, draft: ProtocolDraft) -> None:  # noqa: F811
    browser, page = client(place.admin), url(place, "draft-ties", draft=draft.pk)
    shown = browser.get(page)
    form = shown.context["form"]
    controls = [name for name in form.fields if name != "revision"]
    assert {name.partition("-")[0] for name in controls} >= {"rules", "stages", "topics", "times", "reviews", "nobody"}
    before = len(controls)
    assert f"{before} things are not in your protocol" in texts(shown)
    assert "2: This protocol will be reviewed every two years." in texts(shown)
    empty = browser.post(page, typed(shown))
    assert (empty.status_code, "Choose a clause for at least one of them." in texts(empty)) == (422, True)
    chosen = {"rules-0-cites": "1", "rules-2-cites": "1", "reviews-0-cites": "2", "times-only-acknowledge_after_working_days_cites": "1"}
    answer = browser.post(page, typed(shown, **chosen))
    assert answer["Location"] == page
    draft.refresh_from_db()
    config = draft.config
    assert [(route["cites"], route["basis"]) if route.get("cites") else route["basis"] for route in config["routes"][:3]] == [(["1"], "stated"), "default", (["1"], "stated")]
    assert config["protocol"]["review"]["rules"][0]["cites"] == ["2"]
    assert (config["targets"]["acknowledge_after_working_days_cites"], config["targets"]["basis"]) == (["1"], "default")
    assert draft.revision == 1
    events = CouncilEvent.objects.filter(council=place.council.pk, detail__what="clauses_tied")
    assert [(event.detail["count"], event.detail["draft"], event.by_id) for event in events] == [(4, str(draft.pk), place.admin.pk)]
    after = browser.get(page)
    assert "4 clauses are tied." in texts(after)
    assert len(after.context["form"].fields) - 1 == before - 4


def test_tying_from_a_second_window_keeps_what_was_chosen_and_changes_nothing(place: Place, draft: ProtocolDraft) -> None:  # noqa: F811
    browser, page = client(place.admin), url(place, "draft-ties", draft=draft.pk)
    first = browser.get(page)
    assert browser.post(page, typed(first, **{"rules-0-cites": "1"})).status_code == 302
    answer = browser.post(page, typed(first, **{"rules-1-cites": "2", "stages-informal-cites": "1"}))
    assert answer.status_code == 422 and "Somebody changed the draft since you opened this page" in texts(answer)
    assert re.search(r'name="rules-1-cites".*?<option value="2" selected>', texts(answer), re.DOTALL)
    assert re.search(r"<details[^>]* open>[^<]*<summary[^>]*><span[^>]*>Stages", texts(answer))
    forged = browser.post(page, typed(browser.get(page), **{"rules-1-cites": "77"}))
    assert forged.status_code == 422
    with pytest.raises(Refusal, match="There is no clause 77"):
        tying.tie_clauses(draft=draft, revision=1, ties={"rules-1-cites": "77"}, by=place.admin, now=MOMENT)
    with pytest.raises(Refusal, match="isn't there any more"):
        tying.tie_clauses(draft=draft, revision=1, ties={"rules-99-cites": "1"}, by=place.admin, now=MOMENT)
    with pytest.raises(Refusal, match="Only this council's protocol administrator"):
        tying.tie_clauses(draft=draft, revision=1, ties={"rules-1-cites": "1"}, by=place.outsider, now=MOMENT)
    draft.refresh_from_db()
    assert (draft.revision, draft.config["routes"][1].get("cites")) == (1, None)
    assert CouncilEvent.objects.filter(council=place.council.pk, detail__what="clauses_tied").count() == 1


def test_who_to_go_to_says_which_rules_are_not_in_the_councils_document(place: Place) -> None:  # noqa: F811
    config = dict(place.version.config)
    first = [route for route in config["routes"] if "informal" in str(route["stage"])]
    page = reverse("studio:public-notice", kwargs={"key": place.council.key})
    stated = told(client(None).get(page)).count("Default – not in your protocol")
    assert stated == sum(route.get("basis") not in ("stated", "inferred", "statute") for route in first)
    config["routes"] = [{**route, "basis": "default"} for route in config["routes"]]
    other = in_force(ProtocolVersionFactory(config=config))
    page = reverse("studio:public-notice", kwargs={"key": other.council.key})
    shown = client(None).get(page)
    assert told(shown).count("Default – not in your protocol") == len(first) > stated
    with translation.override("cy"):  # gives back the language of the other tests
        welsh = client(None).get(page, headers={"accept-language": "cy"})
    assert told(welsh).count("Rhagosodiad – nid yn eich protocol") == len(first)


def test_pages_of_a_draft_name_the_other_drafts_and_their_place_in_the_menu(place: Place, draft: ProtocolDraft) -> None:  # noqa: F811
    browser = client(place.admin)
    page = url(place, "rehearsal-draft", draft=draft.pk)
    alone = browser.get(page)
    assert "Other drafts:" not in texts(alone)
    assert f'href="{url(place, "rehearsal")}" aria-current="page"' in texts(alone)
    assert f"{alone.context['played']:,} cases were played." in texts(alone)
    other = begun(place, "plain")
    assert other.label == f"{draft.label} – 2"
    with_title = tying.confirm_about(draft=other, revision=0, title="Ours", by=place.admin, now=MOMENT)
    assert with_title.label == "Ours (1), draft of 15 January 2026"
    shown = texts(browser.get(page))
    assert "Other drafts:" in shown and shown.count(url(place, "rehearsal-draft", draft=other.pk)) == 1
    assert f'href="{page}"' not in shown
    assert "Drafts:" in texts(browser.get(url(place, "check"))) and "Other drafts:" not in texts(browser.get(url(place, "check")))
