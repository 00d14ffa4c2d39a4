"""The form that hands over several concerns at once. It parses; the action decides about each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import wording
from concerns.forms.fields import OnePerson, Words
from protocol_portal.widgets import AutocompleteSelect, Checkboxes, Radios


class HandingForm(forms.Form):
    """Which concerns, to whom, and why."""

    concerns = forms.TypedMultipleChoiceField(
        label=_("Which do you hand over?"), widget=Checkboxes(), error_messages={"required": _("Choose at least one")}
    )
    to = OnePerson(
        label=_("Who takes them?"),
        widget=AutocompleteSelect(),
        help_text=_("Somebody who may not take one of them is refused for that one. It stays with you."),
        error_messages={"required": _("Choose who takes them")},
    )
    reason_code = forms.ChoiceField(
        label=_("Why do they change hands?"),
        choices=[(code.value, words) for code, words in wording.HAND_OVER.items()],
        widget=Radios(),
        error_messages={"required": _("Choose why they change hands")},
    )
    override_reason = Words(
        label=_("Why it must go ahead where somebody hasn’t agreed"),
        help_text=_("Where the person who raised it hasn’t agreed to a wider circle, this reason is kept."),
        required=False,
        rows=3,
        max_length=5_000,
    )

    def __init__(self, *args: Any, rows: Iterable[tuple[str, str]], people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["concerns"].choices = list(rows)
        self.fields["to"].offer(people)
