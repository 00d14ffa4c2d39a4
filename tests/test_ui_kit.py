"""The form renderer and the frame: markup that assistive technology needs, words that say what to do, nothing inline."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string

from protocol_portal.widgets import AutocompleteSelect, Checkboxes, DatePartsField, Radios

TEMPLATES = Path(settings.BASE_DIR) / "templates"


class Everything(forms.Form):
    """One field of each kind."""

    reveals = {"kind": {"other": ["why"]}}
    email = forms.EmailField(label="Email address", help_text="We write to it")
    full_name = forms.CharField(label="Full name", max_length=10)
    password = forms.CharField(label="Password", widget=forms.PasswordInput(attrs={"placeholder": "Password"}), required=False)
    happened = DatePartsField(label="Date it happened")
    until = DatePartsField(label="End date", required=False)
    story = forms.CharField(label="What happened?", widget=forms.Textarea, max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=[("one", "One"), ("other", "Other")], widget=Radios(option_hints={"one": "The usual"}))
    why = forms.CharField(label="Why", required=False)
    days = forms.MultipleChoiceField(label="Days", choices=[("mon", "Monday"), ("tue", "Tuesday")], widget=Checkboxes)
    who = forms.ChoiceField(label="Who", choices=[("", "Choose"), ("1", "Ann")], widget=AutocompleteSelect)
    agree = forms.BooleanField(label="I agree")
    paper = forms.FileField(label="Paper")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def bound(query: str) -> Everything:
    return Everything(QueryDict(query))


def date_form(query: str) -> forms.Form:
    class OneDate(forms.Form):
        when = DatePartsField(label="Start date", earliest=date(2020, 1, 1), latest=date(2030, 12, 31))

    return OneDate(QueryDict(query))


def test_label_hint_and_error_are_tied_to_the_input():
    html = str(bound(""))
    field = re.search(r'<input type="email"[^>]*>', html)
    assert field
    assert 'aria-describedby="id_email-hint id_email-error"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert '<label class="govuk-label govuk-label--s" for="id_email">Email address</label>' in html
    assert '<div id="id_email-hint" class="govuk-hint">We write to it</div>' in html


def test_required_messages_say_what_to_do():
    errors = {name: messages[0] for name, messages in bound("").errors.items()}
    assert errors == {
        "email": "Enter an email address",
        "full_name": "Enter the full name",
        "happened": "Enter the date it happened",
        "story": "Enter an answer: What happened?",
        "kind": "Choose the kind",
        "days": "Choose the days",
        "who": "Choose who",
        "agree": "Tick the box to go on: I agree",
        "paper": "Choose a file",
    }


def test_a_form_s_own_message_is_kept():
    class Own(forms.Form):
        name = forms.CharField(error_messages={"required": "Say who"})

    assert Own({}).errors == {"name": ["Say who"]}


def test_too_long_says_how_long_it_may_be():
    assert bound("full_name=abcdefghijk").errors["full_name"] == ["Full name must be 10 characters or fewer"]


def test_what_was_typed_is_kept_when_it_is_wrong():
    html = str(
        bound("full_name=abcdefghijk&email=nonsense&story=%3Cb%3E&kind=other&who=1&happened_day=31&happened_month=2&happened_year=2024")
    )
    assert 'value="abcdefghijk"' in html
    assert 'value="nonsense"' in html
    assert "&lt;b&gt;</textarea>" in html
    assert re.search(r'value="other" checked', html)
    assert '<option value="1" selected>' in html
    for part, value in (("day", "31"), ("month", "2"), ("year", "2024")):
        assert re.search(rf'name="happened_{part}"[^>]*value="{value}"', html)


@pytest.mark.parametrize(
    ("query", "message", "target"),
    [
        ("when_day=1&when_month=2", "Start date must include a year", "id_when_year"),
        ("when_month=2&when_year=2024", "Start date must include a day", "id_when_day"),
        ("when_year=2024", "Start date must include a day and month", "id_when_day"),
        ("when_day=1", "Start date must include a month and year", "id_when_month"),
        ("when_day=31&when_month=2&when_year=2024", "Start date must be a real date", "id_when_day"),
        ("when_day=0&when_month=1&when_year=2024", "Start date must be a real date", "id_when_day"),
        ("when_day=1&when_month=13&when_year=2024", "Start date must be a real date", "id_when_day"),
        ("when_day=x&when_month=y&when_year=2024", "Start date must be a real date", "id_when_day"),
        ("when_day=1&when_month=1&when_year=24", "Start date: the year must have 4 numbers", "id_when_year"),
        ("when_day=1&when_month=1&when_year=%D9%A2%D9%A0%D9%A2%D9%A4", "Start date: the year must have 4 numbers", "id_when_year"),
        ("when_day=1&when_month=1&when_year=0000", "Start date must be a real date", "id_when_day"),
        ("when_day=%00&when_month=1&when_year=2024", "Start date must be a real date", "id_when_day"),
        ("when_day=1&when_month=1&when_year=2019", "Start date must be the same as or after 1 January 2020", "id_when_day"),
        ("when_day=1&when_month=1&when_year=2031", "Start date must be the same as or before 31 December 2030", "id_when_day"),
        ("", "Enter the start date", "id_when_day"),
    ],
)
def test_a_wrong_date_says_what_is_wrong_and_where(query, message, target):
    form = date_form(query)
    assert form.errors == {"when": [message]}
    assert form["when"].error_target == target
    assert f'href="#{target}">{message}</a>' in render_to_string("components/error_summary.html", {"form": form})


@pytest.mark.parametrize(
    "typed",
    ["when_day=3&when_month=5&when_year=2024", "when_day=03&when_month=may&when_year=2024", "when_day=+3+&when_month=May&when_year=2024"],
)
def test_a_date_may_be_typed_in_figures_or_with_the_month_s_name(typed):
    form = date_form(typed)
    assert form.is_valid()
    assert form.cleaned_data == {"when": date(2024, 5, 3)}


def test_an_optional_date_left_empty_is_none_and_says_optional():
    form = bound("")
    form.full_clean()
    assert form.cleaned_data["until"] is None
    assert "End date (optional)</legend>" in str(form)


def test_only_the_missing_part_of_a_date_is_marked():
    html = str(date_form("when_day=1&when_month=2"))
    marked = re.findall(r'<input class="[^"]*govuk-input--error[^"]*" id="([^"]+)"', html)
    assert marked == ["id_when_year"]


def test_an_initial_date_fills_the_three_boxes():
    class OneDate(forms.Form):
        when = DatePartsField()

    html = str(OneDate(initial={"when": date(2026, 3, 27)}))
    assert re.findall(r'name="when_(\w+)"[^>]*value="(\d+)"', html) == [("day", "27"), ("month", "3"), ("year", "2026")]


def test_radios_are_in_a_fieldset_with_a_legend_hints_and_a_revealed_field():
    html = str(Everything())
    assert '<legend class="govuk-fieldset__legend govuk-fieldset__legend--s">Kind</legend>' in html
    assert '<div id="id_kind_0-item-hint" class="govuk-hint govuk-radios__hint">The usual</div>' in html
    assert 'aria-describedby="id_kind_0-item-hint"' in html
    assert 'data-aria-controls="conditional-id_kind_1"' in html
    assert html.count('name="why"') == 1
    assert html.index('id="conditional-id_kind_1"') < html.index('name="why"')
    assert '<label class="govuk-label govuk-label--s" for="id_why">Why</label>' in html


def test_a_question_that_is_the_page_gets_the_heading():
    class OneQuestion(forms.Form):
        page_heading = "kind"
        kind = forms.ChoiceField(label="Which kind?", choices=[("a", "A")], widget=Radios)

    assert '<h1 class="govuk-fieldset__heading">Which kind?</h1>' in str(OneQuestion())


def test_a_long_answer_counts_its_characters_and_is_not_cut_off_by_the_browser():
    html = str(Everything())
    assert 'data-module="govuk-character-count" data-maxlength="200"' in html
    area = re.search(r"<textarea[^>]*>", html)
    assert area
    assert "maxlength" not in area[0]
    assert 'aria-describedby="id_story-info"' in area[0]


def test_the_type_ahead_is_an_ordinary_select():
    select = re.search(r"<select[^>]*>", str(Everything()))
    assert select
    assert 'data-module="autocomplete"' in select[0]
    assert 'name="who"' in select[0]


def test_placeholders_are_not_used_as_labels():
    assert "placeholder" not in str(Everything())


def test_the_error_summary_links_every_error_to_a_control_that_is_there():
    form = bound("")
    html = str(form)
    summary = render_to_string("components/error_summary.html", {"form": form})
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert len(targets) == 9
    assert [target for target in targets if f'id="{target}"' not in html] == []
    assert "There is a problem" in summary


def test_errors_of_the_whole_form_are_in_the_summary():
    form = bound("")
    form.add_error(None, "Two people cannot hold this post")
    assert "<li>Two people cannot hold this post</li>" in render_to_string("components/error_summary.html", {"form": form})


def test_the_page_title_begins_with_error_only_when_there_is_one():
    assert "<title>Error: " in render_to_string("base.html", {"form": bound("")})
    assert "<title>Error: " not in render_to_string("base.html", {"form": Everything()})


def test_the_frame_stands_without_any_context():
    html = render_to_string("500.html")
    assert '<html lang="en-gb"' in html
    assert '<a href="#main-content" class="govuk-skip-link"' in html
    assert 'id="main-content"' in html


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_has_inline_script_style_or_handler(path):
    text = path.read_text()
    if "email" in path.relative_to(TEMPLATES).parts or "report" in path.relative_to(TEMPLATES).parts:
        return
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
