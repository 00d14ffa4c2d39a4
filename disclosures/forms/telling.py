"""The forms of those who deal with a concern: what is disclosed, and the end of it; the steps of a disciplinary pointer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.fields import OnePerson, Words
from councils.models import Person
from disclosures import wording
from protocol_portal.widgets import Checkboxes, DatePartsField, Radios


class Revised(forms.Form):
    """Which version of the page the step was chosen on."""

    revision = forms.IntegerField(widget=forms.HiddenInput(), required=False)


class DraftForm(Revised):
    person = OnePerson(label=_("Who is told?"), widget=Radios(), error_messages={"required": _("Choose who is told")})
    kind = forms.ChoiceField(
        label=_("Why are they told?"),
        choices=[(kind.value, words) for kind, (words, _more) in wording.KINDS.items()],
        widget=Radios(),
        error_messages={"required": _("Choose why they are told")},
    )
    text = Words(
        label=_("What is disclosed"),
        rows=12,
        max_length=20_000,
        help_text=_("They see exactly this, and nothing of the concern. Name nobody who need not be named."),
        error_messages={"required": _("Write what is disclosed")},
    )
    copies = forms.TypedMultipleChoiceField(
        label=_("Papers they see"),
        widget=Checkboxes(),
        required=False,
        help_text=_("Copies made for disclosure, without hidden data. They see them as “Paper 1”, “Paper 2”."),
    )
    answer_by = DatePartsField(
        label=_("By when do you ask for an answer?"),
        required=False,
        help_text=_("Needed before a formal step, and where they are told what is said. They may answer later too."),
        error_name=_("The date"),
    )
    basis = forms.ChoiceField(
        label=_("Where does this date come from?"),
        choices=[(basis.value, words) for basis, words in wording.BASES_TO_CHOOSE.items()],
        widget=Radios(),
        required=False,
    )

    def __init__(self, *args: Any, people: Sequence[tuple[Person, str]], copies: Iterable[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].offer(people)
        self.fields["person"].choices = [(str(person.pk), label) for person, label in people]
        papers = [(str(pk), label) for pk, label in copies]
        self.fields["copies"].choices = papers
        if not papers:
            del self.fields["copies"]


class DiscloseForm(Revised):
    names_confirmed = forms.BooleanField(
        label=_("They are meant to be named"), required=False, help_text=_("That you confirmed it is kept.")
    )

    def __init__(self, *args: Any, names: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not names:
            del self.fields["names_confirmed"]


class CloseForm(Revised):
    reply = Words(label=_("A last word to them"), required=False, rows=5, max_length=10_000, help_text=_("They read it. Leave it empty if there is nothing to say."))


class BeganForm(Revised):
    began_on = DatePartsField(
        label=_("When did it begin?"), error_name=_("The date"), error_messages={"required": _("Give the date on which it began")}
    )
