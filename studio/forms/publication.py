"""The form about a council's public pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.models import Council
from protocol_portal.widgets import Checkboxes, Radios
from studio.models import ImportedDocument


class PublicationForm(forms.Form):
    """Who may read it, whose names are on it, whom to ask, whose words."""

    is_public = forms.TypedChoiceField(
        label=_("Who may read the adopted protocol?"),
        choices=[("yes", _("Everybody who has its address, without signing in")), ("no", _("Only people who are signed in"))],
        coerce=lambda value: value == "yes",
        widget=Radios,
    )
    named_roles = forms.MultipleChoiceField(
        label=_("Which offices are shown with the name of whoever holds them?"),
        required=False,
        widget=Checkboxes,
        help_text=_("Nobody is named unless you choose it here. A later holder of the office is shown in the same way, so tell them."),
    )
    contact = forms.CharField(
        label=_("Whom to ask"),
        required=False,
        max_length=200,
        help_text=_("One line for the noticeboard: the council office’s telephone number, address or email. No private numbers."),
    )
    document = forms.ModelChoiceField(
        label=_("The council’s own words"),
        queryset=ImportedDocument.objects.none(),
        required=False,
        empty_label=_("Show the clauses in short, in our words"),
        help_text=_("A document you brought and checked. Clauses with the same number then show its words."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, council: Council, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named_roles"].choices = roles
        self.fields["document"].queryset = ImportedDocument.objects.filter(council=council, finished_at__isnull=False)
