"""Forms about bodies, outside bodies and disclosed relationships."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils import queries, wording
from councils.forms.people import PersonChoice
from councils.models import OfficerRole, Person, RelationshipKind
from councils.protocol.vocabulary import BODY_CODES, EXTERNAL_CODES
from protocol_portal.widgets import DatePartsField, Radios

UNTIL = _("Leave empty when there is no end in sight.")
BODIES = {
    "hr_panel": _("HR panel (hears grievances)"),
    "appeal_panel": _("Appeal panel"),
    "full_council": _("Full council"),
    "standards_committee": _("Standards committee"),
}


class BodyForm(forms.Form):
    """What kind of body, its name, how many make it able to act."""

    code = forms.ChoiceField(label=_("What it does"), choices=[(code, BODIES[code]) for code in BODY_CODES], widget=Radios)
    name = forms.CharField(label=_("Name"), max_length=160, help_text=_("As the council calls it."))
    quorum = forms.IntegerField(
        label=_("Quorum"),
        min_value=1,
        max_value=99,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )
    minimum_members = forms.IntegerField(
        label=_("Fewest members that may hear a matter"),
        min_value=1,
        max_value=99,
        initial=3,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )


class BodyMemberForm(forms.Form):
    """Who sits on the body, from when, in which part."""

    person = PersonChoice(queryset=Person.objects.none(), label=_("Person"))
    is_chair = forms.BooleanField(label=_("Chairs it"), required=False)
    is_substitute = forms.BooleanField(label=_("Substitute: sits only when a member cannot"), required=False)
    starts_on = DatePartsField(label=_("First day"))
    ends_on = DatePartsField(label=_("Last day"), required=False, help_text=UNTIL)

    def __init__(self, *args: Any, visit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = queries.people_of(visit.council, on=visit.on)


class ExternalBodyForm(forms.Form):
    """Somebody outside the council that matters may go to."""

    code = forms.ChoiceField(
        label=_("What it is"), choices=[(code, wording.token_label(f"ext:{code}", None)) for code in EXTERNAL_CODES], widget=Radios
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    contact = forms.CharField(label=_("Contact"), max_length=254, required=False, help_text=_("An email address or a telephone number."))
    address = forms.CharField(label=_("Postal address"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    starts_on = DatePartsField(label=_("From"), error_name=_("The first day"))
    ends_on = DatePartsField(label=_("Until"), error_name=_("The last day"), required=False, help_text=UNTIL)


class ExternalOfficerForm(forms.Form):
    """Who of an outside body signs in here for what is referred to it."""

    full_name = forms.CharField(label=_("Full name"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("They sign in with it. Several councils may name the same person under the same e-mail.")
    )
    role = forms.ChoiceField(label=_("Part"), choices=OfficerRole.choices, widget=Radios)
    starts_on = DatePartsField(label=_("First day"))
    ends_on = DatePartsField(label=_("Last day"), required=False, help_text=UNTIL)


class OwnRelationshipForm(forms.Form):
    """A relationship of the signed-in person with somebody at the council."""

    person_b = PersonChoice(queryset=Person.objects.none(), label=_("The other person"))
    kind = forms.ChoiceField(label=_("Kind of relationship"), choices=RelationshipKind.choices, widget=Radios)
    starts_on = DatePartsField(label=_("Since"), error_name=_("The date it began"), help_text=_("Roughly is enough."))
    ends_on = DatePartsField(label=_("Until"), error_name=_("The last day"), required=False, help_text=UNTIL)
    disclosed_on = DatePartsField(label=_("Disclosed on"), error_name=_("The date of disclosure"))

    def __init__(self, *args: Any, visit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_b"].queryset = queries.people_of(visit.council, on=visit.on).exclude(pk=visit.person.pk)


class RelationshipForm(OwnRelationshipForm):
    """A relationship between any two people of the council, entered by its administrator."""

    field_order = ("person_a", "person_b", "kind", "disclosed_by", "disclosed_on", "starts_on", "ends_on")
    person_a = PersonChoice(queryset=Person.objects.none(), label=_("One person"))
    disclosed_by = PersonChoice(queryset=Person.objects.none(), label=_("Disclosed by"))

    def __init__(self, *args: Any, visit: Any, **kwargs: Any) -> None:
        super().__init__(*args, visit=visit, **kwargs)
        for name in ("person_a", "person_b", "disclosed_by"):
            self.fields[name].queryset = queries.people_of(visit.council, on=visit.on)
