"""Forms about people: account, appointment, last day, line manager. They parse; the actions decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue
from django.utils.translation import gettext_lazy as _

from councils import wording
from councils.models import Appointment, AppointmentKind, Person
from councils.roles import COUNCILLOR_ROLES, LABELS, OFFICER_ROLES, ROLE_CODES
from protocol_portal.widgets import AutocompleteSelect, DatePartsField, Radios, RowChoiceField

UNTIL = _("Leave empty when there is no end in sight.")
POST_HINT = _("As printed on the council’s list, for example Parks Manager.")


class PeopleByName(ModelChoiceIterator):
    """People by name; two of one name are told apart by their addresses, for a type-ahead goes by what it shows."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        people = list(self.queryset)
        often = Counter(person.full_name for person in people)
        for person in people:
            label = f"{person.full_name} ({person.email})" if often[person.full_name] > 1 else person.full_name
            yield (ModelChoiceIteratorValue(self.field.prepare_value(person), person), label)


class PersonChoice(RowChoiceField):
    """One person out of a set; a type-ahead when JavaScript runs."""

    widget = AutocompleteSelect
    iterator = PeopleByName
    default_error_messages = {
        "required": _("Choose a person"),
        "invalid_choice": _("Choose a person from the list"),
    }


class AppointmentChoice(RowChoiceField):
    """An appointment to stand in for: who, in which role."""

    protocol: Any = None

    def label_from_instance(self, obj: Appointment) -> str:
        return f"{obj.person.full_name} – {wording.role_label(obj.role, self.protocol)}"


def people_known(visit: Any) -> QuerySet[Person]:
    """Everybody who has or had a post here."""
    return Person.objects.filter(appointments__council=visit.council).distinct().order_by("full_name")


class AddPersonForm(forms.Form):
    """Who, and the post they start with."""

    full_name = forms.CharField(label=_("Full name"), max_length=200)
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("Their own address, not a shared mailbox: links to set a password go there."),
    )
    role = forms.ChoiceField(label=_("Role"), error_messages={"required": _("Choose a role")})
    post_title = forms.CharField(label=_("Post"), max_length=160, required=False, help_text=POST_HINT)
    starts_on = DatePartsField(label=_("First day"), help_text=_("For example, 27 3 2026"))
    ends_on = DatePartsField(label=_("Last day"), required=False, help_text=UNTIL)

    def __init__(self, *args: Any, visit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(visit.protocol)


class AppointmentForm(forms.Form):
    """Who, which role, of which kind, from when until when."""

    reveals = {
        "kind": {
            AppointmentKind.DEPUTY_ACTING: ["acting_for"],
            AppointmentKind.COUNCILLOR_ACTING_UNPAID: ["vacancy_reason"],
        }
    }
    person = PersonChoice(queryset=Person.objects.none(), label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), error_messages={"required": _("Choose a role")})
    kind = forms.ChoiceField(
        label=_("Kind of appointment"),
        choices=[
            (AppointmentKind.SUBSTANTIVE, _("Holds the post")),
            (AppointmentKind.DEPUTY_ACTING, _("Deputy, standing in for somebody")),
            (AppointmentKind.COUNCILLOR_ACTING_UNPAID, _("Councillor acting as an officer, unpaid")),
        ],
        initial=AppointmentKind.SUBSTANTIVE,
        widget=Radios(
            option_hints={
                AppointmentKind.SUBSTANTIVE: _("The usual case."),
                AppointmentKind.DEPUTY_ACTING: _("Stands in while somebody is away. The absent person receives nothing new meanwhile."),
                AppointmentKind.COUNCILLOR_ACTING_UNPAID: _("Only while the post is vacant, without pay, and with a last day."),
            }
        ),
    )
    acting_for = AppointmentChoice(queryset=Appointment.objects.none(), label=_("Whose place they act in"), required=False)
    vacancy_reason = forms.CharField(label=_("Why the post is vacant"), max_length=300, required=False)
    starts_on = DatePartsField(label=_("First day"), help_text=_("For example, 27 3 2026"))
    ends_on = DatePartsField(label=_("Last day"), required=False, help_text=UNTIL)
    directorate = forms.CharField(label=_("Directorate"), max_length=120, required=False)
    post_title = forms.CharField(label=_("Post"), max_length=160, required=False, help_text=POST_HINT)
    politically_restricted = forms.BooleanField(label=_("The post is politically restricted"), required=False)

    def __init__(self, *args: Any, visit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_known(visit)
        self.fields["role"].choices = role_choices(visit.protocol)
        principals = Appointment.objects.filter(council=visit.council, kind=AppointmentKind.SUBSTANTIVE)
        acting_for = self.fields["acting_for"]
        acting_for.protocol = visit.protocol
        acting_for.queryset = principals.exclude(ends_on__lt=visit.on).select_related("person").order_by("person__full_name")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if kind != AppointmentKind.DEPUTY_ACTING:
            data["acting_for"] = None
        elif not data.get("acting_for") and "acting_for" not in self.errors:
            self.add_error("acting_for", _("Choose whose place they act in"))
        if kind == AppointmentKind.COUNCILLOR_ACTING_UNPAID:
            data["unpaid"] = True
            if not data.get("vacancy_reason") and "vacancy_reason" not in self.errors:
                self.add_error("vacancy_reason", _("Enter why the post is vacant"))
            if not data.get("ends_on") and "ends_on" not in self.errors:
                self.add_error("ends_on", _("Enter a last day: a councillor may act as an officer only for a time"))
        else:
            data["vacancy_reason"] = ""
        return data


class EndForm(forms.Form):
    """A last day."""

    ends_on = DatePartsField(label=_("Last day"), help_text=_("That day still counts."))


class ReportingLineForm(forms.Form):
    """A line manager from a day on; nobody is an answer too."""

    manager = PersonChoice(
        queryset=Person.objects.none(), label=_("Line manager"), required=False, help_text=_("Leave empty when they report to nobody.")
    )
    starts_on = DatePartsField(label=_("From"), error_name=_("The first day"))

    def __init__(self, *args: Any, visit: Any, officer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = (
            Person.objects.filter(appointments__council=visit.council, appointments__side="officer")
            .exclude(pk=officer.pk)
            .distinct()
            .order_by("full_name")
        )


def role_choices(protocol: Any) -> list[tuple[str, Any]]:
    """Roles in the council's own words, councillors and officers apart."""

    def named(codes: Any) -> list[tuple[str, str]]:
        return [(code, wording.role_label(code, protocol)) for code in codes]

    others = [code for code in ROLE_CODES if code not in COUNCILLOR_ROLES and code not in OFFICER_ROLES]
    return [
        ("", _("Choose")),
        (_("Councillors"), named(code for code in COUNCILLOR_ROLES if code in LABELS)),
        (_("Officers"), named(code for code in OFFICER_ROLES if code in LABELS)),
        (_("In this portal"), named(others)),
    ]
