"""Forms of a council's set-up. They parse; the actions decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from councils.forms.people import PersonChoice
from councils.models import Council, Jurisdiction, Person
from councils.roles import LABELS
from protocol_portal.widgets import DatePartsField, Radios
from studio.setup.wording import ASKED, CODE_NAME

KINDS = {
    "town_council": _("Town council"),
    "parish_council": _("Parish council"),
    "community_council": _("Community council"),
    "city_council": _("City council with parish powers"),
    "principal_authority": _("County, district, borough or unitary council"),
}
WORDS = {
    "proper_officer": (_("The head of your staff"), LABELS["proper_officer"], _("Such as Clerk, Town Clerk, Chief Officer.")),
    "deputy_proper_officer": (_("Their deputy"), LABELS["deputy_proper_officer"], ""),
    "chair_of_council": (_("Whoever chairs the council"), LABELS["chair_of_council"], _("Such as Chairman, Mayor.")),
    "vice_chair_of_council": (_("Their deputy in the chair"), LABELS["vice_chair_of_council"], ""),
    "hr_panel": (_("The councillors who deal with staff matters"), _("Staffing Panel"), _("Such as Personnel Committee, HR Panel.")),
    "appeal_panel": (_("The councillors who hear an appeal"), _("Appeal Panel"), ""),
    "full_council": (_("The whole council"), _("Full Council"), ""),
    CODE_NAME: (_("The rules of conduct for councillors"), _("Code of Conduct"), ""),
}
FIRST_WORDS = {"proper_officer": _("Clerk"), "deputy_proper_officer": _("Deputy Clerk")}
START = _("Start")


class InviteForm(forms.Form):
    """Who sets the council up: somebody asked by e-mail, or the operator."""

    reveals = {"who": {"invite": ["full_name", "email"]}}
    who = forms.ChoiceField(
        label=_("Who sets it up?"), choices=[("invite", _("Somebody of the council, asked by e-mail")), ("me", _("I do it myself"))], initial="invite", widget=Radios,
    )  # fmt: skip
    full_name = forms.CharField(label=_("Their full name"), max_length=200, required=False)
    email = forms.EmailField(label=_("Their e-mail address"), max_length=254, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.pop("who", "") == "me":
            return {"email": "", "full_name": ""}
        if not data.get("full_name") and "full_name" not in self.errors:
            self.add_error("full_name", _("Enter their full name"))
        if not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter their e-mail address"))
        return data


class CouncilForm(forms.Form):
    """The council, its principal authority, and its words."""

    hide_optional = True

    name = forms.CharField(label=_("Name of the council"), max_length=200, help_text=_("In full, such as Little Example Town Council."))
    key = forms.SlugField(
        label=_("Short name in addresses (optional)"), max_length=40, required=False,
        help_text=_("Small letters, digits and hyphens. Leave empty to have it made from the name. It can’t be changed later."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind of council"), choices=list(KINDS.items()), widget=Radios, initial="town_council")
    jurisdiction = forms.ChoiceField(label=_("Country"), choices=Jurisdiction.choices, widget=Radios, initial=Jurisdiction.ENGLAND)
    principal = forms.CharField(
        label=_("Whose Monitoring Officer deals with the Code of Conduct (optional)"), max_length=200, required=False, help_text=_("The county, unitary or district council, by name."),
    )  # fmt: skip

    def __init__(self, *args: Any, council: Council | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if council is not None:
            del self.fields["key"]
        for code in ASKED:
            label, otherwise, hint = WORDS[code]
            self.fields[f"word_{code}"] = forms.CharField(
                label=label, max_length=120, required=False, initial=FIRST_WORDS.get(code, otherwise), help_text=hint
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {name: value for name, value in data.items() if not name.startswith("word_")} | {
            "words": {code: data.get(f"word_{code}", "") for code in ASKED},
        }


class SourceForm(forms.Form):
    """What the protocol begins with."""

    source = forms.ChoiceField(label=_("Begin with"), widget=Radios, error_messages={"required": _("Choose what the protocol begins with")})

    def __init__(self, *args: Any, sources: Iterable[tuple[str, Any, Any]], chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(sources)
        self.fields["source"].choices = [(code, label) for code, label, _hint in rows]
        self.fields["source"].widget.option_hints = {code: hint for code, _label, hint in rows}
        self.fields["source"].initial = chosen if chosen in {code for code, _label, _hint in rows} else rows[0][0]


class PartsForm(forms.Form):
    """Who is who: one field for each part that has nobody yet. All may stay empty."""

    hide_optional = True

    def __init__(self, *args: Any, missing: Any, people: Any, councillors: Any, officers: Any, heads: Iterable[Any], principal: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = missing
        nobody = _("Nobody yet")
        for code, label in missing.roles:
            among = councillors if code in ("chair_of_council", "vice_chair_of_council", "leader") else officers
            self.fields[f"role_{code}"] = PersonChoice(queryset=among, label=label, required=False, empty_label=nobody)
        for code, label, quorum, fewest in missing.bodies:
            self.fields[f"body_{code}"] = forms.ModelMultipleChoiceField(
                queryset=councillors, label=label, required=False, widget=forms.CheckboxSelectMultiple,
                help_text=_("At least %(fewest)s members; %(quorum)s of them have to be there. An appeal is heard by others than the grievance.")
                % {"fewest": fewest, "quorum": quorum},
            )  # fmt: skip
            self.fields[f"chair_{code}"] = PersonChoice(
                queryset=councillors, label=_("Chair of “%s”") % label, required=False, empty_label=_("Chosen later")
            )
        if missing.outside:
            self.fields["outside_name"] = forms.CharField(
                label=_("Monitoring Officer outside the council"), max_length=200, required=False, initial=_("Monitoring Officer, %s") % principal if principal else "",
                help_text=_("The office, not the person: complaints under the Code of Conduct go there, sealed."),
            )  # fmt: skip
            self.fields["outside_contact"] = forms.CharField(
                label=_("Their e-mail address or telephone number"), max_length=254, required=False
            )
        first = next(iter(heads), None)
        for person in missing.officers[:60]:
            self.fields[f"manager_{person.pk}"] = PersonChoice(
                queryset=officers.exclude(pk=person.pk), label=_("Line manager of %s") % person.full_name, required=False, empty_label=nobody, initial=first,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        by_id: dict[Any, Person] = {person.pk: person for person in self.missing.officers}
        found: dict[str, Any] = {"roles": {}, "bodies": {}, "outside": {}, "managers": {}}
        for code, _label in self.missing.roles:
            found["roles"][code] = data.get(f"role_{code}")
        for code, *_rest in self.missing.bodies:
            found["bodies"][code] = (list(data.get(f"body_{code}") or ()), data.get(f"chair_{code}"))
        if data.get("outside_name"):
            found["outside"] = {"name": data["outside_name"], "contact": data.get("outside_contact", "")}
        for pk, person in by_id.items():
            found["managers"][person] = data.get(f"manager_{pk}")
        return found


class RehearsedForm(forms.Form):
    """That it was looked at."""

    seen = forms.BooleanField(label=_("I have looked at what the rehearsal found"))


class AdoptForm(forms.Form):
    """Which body adopted the protocol, when, by which minute, and from when it applies."""

    approving_body = forms.CharField(label=_("Body that adopted it"), max_length=200, help_text=_("For example, Full Council."))
    approved_on = DatePartsField(label=_("Date of the meeting"), help_text=_("For example, 27 3 2026"))
    minute_ref = forms.CharField(label=_("Minute"), max_length=200, help_text=_("As it is numbered in the minutes, such as 2026/47."))
    in_force_from = DatePartsField(label=_("In force from"), error_name=_("The date it comes into force"))
