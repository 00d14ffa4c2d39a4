"""Forms about absence and the end of terms. They parse; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.actions.absences import deputies_for
from councils.forms.people import PersonChoice
from councils.models import Person
from councils.queries import people_of
from protocol_portal.widgets import AutocompleteSelect, Checkboxes, DatePartsField


class AbsenceForm(forms.Form):
    """Who is away, from when until when, and who acts. Without ``for_others`` it is about oneself."""

    person = PersonChoice(queryset=Person.objects.none(), label=_("Who is away"))
    starts_on = DatePartsField(label=_("First day away"), help_text=_("For example, 27 3 2026"))
    ends_on = DatePartsField(
        label=_("Last day away"), required=False, help_text=_("Leave empty when nobody knows yet. You can enter it later.")
    )
    deputy = PersonChoice(
        queryset=Person.objects.none(),
        label=_("Who acts"),
        required=False,
        widget=AutocompleteSelect(),
        help_text=_(
            "They receive what comes in, and what is being dealt with, except what concerns them. Leave empty for nobody: then, from the "
            "first day away, somebody else is found for all of it. It can be taken back until the end of its first day."
        ),
    )

    def __init__(self, *args: Any, visit: Any, for_others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = people_of(visit.council, on=visit.on)
        if for_others:
            self.fields["person"].queryset = here
            self.fields["deputy"].queryset = here
            return
        del self.fields["person"]
        named = deputies_for(visit.person, visit.council, on=visit.on)
        choice = here.exclude(pk=visit.person.pk)
        self.fields["deputy"].queryset = choice.filter(pk__in=[person.pk for person in named]) if named else choice


class TermsForm(forms.Form):
    """Which councillors' terms end, and on which day."""

    people = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(),
        label=_("Whose term ends"),
        widget=Checkboxes(),
        error_messages={"required": _("Choose at least one councillor")},
    )
    ends_on = DatePartsField(label=_("Last day"), help_text=_("That day still counts. In an election it is the fourth day after the poll."))

    def __init__(self, *args: Any, visit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people_of(visit.council, on=visit.on).filter(
            appointments__council=visit.council, appointments__side="councillor", appointments__acting_for=None
        ).distinct()
