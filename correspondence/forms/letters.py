"""Starting, editing and sending a letter."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.fields import OnePerson, Revision, Words
from correspondence import wording
from correspondence.enums import LetterKind
from councils.models import Person
from protocol_portal.widgets import AutocompleteSelect, Radios

Marks = Collection[tuple[str, str, str]]


class StartForm(forms.Form):
    """What kind of letter, and to whom."""

    kind = forms.ChoiceField(label=_("Which letter?"), widget=Radios(), error_messages={"required": _("Choose a letter")})
    to_person = OnePerson(
        label=_("To somebody with an account here"), widget=AutocompleteSelect(), required=False,
        help_text=_("They are told that there is something to look at, and find the letter in the portal."),
    )  # fmt: skip
    to_name = forms.CharField(
        label=_("Or to somebody without one: their name"), required=False, max_length=200, help_text=_("You print the letter and post it.")
    )
    to_address = Words(label=_("Their address"), required=False, rows=4, max_length=1_000)

    def __init__(self, *args: Any, people: Iterable[tuple[Person, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, wording.LETTERS[kind][0]) for kind in LetterKind]  # type: ignore[attr-defined]
        self.fields["to_person"].offer(people)  # type: ignore[attr-defined]
        self.hide_optional = True

    def clean(self) -> dict[str, Any]:
        """One recipient, not two."""
        found = super().clean() or self.cleaned_data
        if found.get("to_person") and (found.get("to_name") or "").strip():
            self.add_error("to_name", _("A letter is to one person. Choose somebody, or give a name, not both."))
        return found

    def answers(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return dict(self.cleaned_data)


class EditForm(forms.Form):
    """The words of a draft."""

    revision = Revision()
    to_name = forms.CharField(label=_("Name"), max_length=200, error_messages={"required": _("Give the name of the person it is to")})
    to_address = Words(label=_("Address"), required=False, rows=4, max_length=1_000)
    body = Words(label=_("Letter"), rows=18, max_length=20_000, error_messages={"required": _("Write the letter")})
    marking = forms.ChoiceField(label=_("Marking"), widget=Radios(), error_messages={"required": _("Choose a marking")})

    def __init__(self, *args: Any, has_account: bool, marks: Marks, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["marking"].choices = [(code, label) for code, label, _meaning in marks]  # type: ignore[attr-defined]
        if has_account:
            del self.fields["to_name"], self.fields["to_address"]

    def answers(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return dict(self.cleaned_data)


class RevisionForm(forms.Form):
    """Nothing to answer, but from which version of the page."""

    revision = Revision()

    def answers(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return dict(self.cleaned_data)
