"""The council's steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.base import yes_no
from concerns.forms.fields import Words
from protocol_portal.widgets import Checkboxes, DatePartsField, Radios
from referrals import wording
from referrals.enums import STEPS_PAPER, SentBy, SubjectTold
from referrals.forms.base import ReferralForm

OFFICE, OTHER = "office", "other"


class SealForm(ReferralForm):
    """The papers, to whom, and what whoever complains must know before it leaves."""

    addressed_to = forms.ChoiceField(label=_("To whom is it addressed?"), widget=Radios(), error_messages={"required": _("Choose to whom it is addressed")})
    other_destination = forms.CharField(label=_("Which authority's Monitoring Officer?"), max_length=200, required=False)
    papers = forms.MultipleChoiceField(label=_("Which papers go with it?"), widget=Checkboxes(), required=False)
    letter = Words(label=_("The covering letter"), rows=14, max_length=20_000, required=False)
    identity_warned = forms.BooleanField(
        label=_("Whoever complains knows that the councillor is normally told who complained"),
        required=False,
        help_text=_("Confidentiality can be asked for, with a reason. The office decides; it is granted rarely."),
    )
    confidentiality_asked = yes_no(_("Is confidentiality asked for?"), required=_("Say whether confidentiality is asked for"))
    confidentiality_reason = Words(label=_("Why?"), rows=3, max_length=5_000, required=False)
    subject_told = forms.ChoiceField(
        label=_("Has the councillor been told?"), required=False,
        choices=[(code.value, words) for code, (words, _hint) in wording.TOLD.items()],
        widget=Radios(option_hints={code.value: hint for code, (_words, hint) in wording.TOLD.items()}),
    )  # fmt: skip
    subject_told_reason = Words(label=_("Why is it left to the office?"), rows=3, max_length=5_000, required=False)
    reveals = {
        "addressed_to": {OTHER: ["other_destination"]},
        "confidentiality_asked": {"yes": ["confidentiality_reason"]},
        "subject_told": {SubjectTold.BY_OFFICE.value: ["subject_told_reason"]},
    }

    def offer(self) -> None:
        self.people = {str(person.pk): person for person, _label in self.offers.addressees}
        by_name = [(str(person.pk), label) for person, label in self.offers.addressees]
        self.fields["addressed_to"].choices = [
            *by_name, (OFFICE, _("The office, by letter")), (OTHER, _("Another authority's Monitoring Officer, by letter")),
        ]  # fmt: skip
        self.fields["addressed_to"].initial = by_name[0][0] if by_name else OFFICE
        self.fields["papers"].choices = [(STEPS_PAPER, _("The list of what has been done so far")), *self.offers.papers]
        self.fields["papers"].initial = [value for value, _label in self.fields["papers"].choices]
        self.fields["papers"].help_text = _(
            "What was written is always in it. Papers of a conciliation never are. Of each file a copy without hidden data is made "
            "for this bundle alone, under a name that says nothing of it."
        )
        self.fields["letter"].initial = self.offers.letter
        self.fields["letter"].help_text = _("It is the bundle's first page. {name}, {destination} and {papers} are filled in as the papers are sealed.")
        self.calls = {}
        for number, (value, label) in enumerate(self.offers.papers, 1):
            name = f"called_{number}"
            self.fields[name] = forms.CharField(
                label=_("What shall the office call it?"), max_length=120, required=False,
                help_text=_("“%(name)s” goes in as a numbered document. Add what it is, for example: Minutes of the meeting.") % {"name": label},
            )  # fmt: skip
            self.fields[name].never_optional = True
            self.calls[name] = value
        self.reveals = {**self.reveals, "papers": {value: [name] for name, value in self.calls.items()}}
        for name in ("papers", "letter", "identity_warned", "subject_told", "other_destination", "confidentiality_reason", "subject_told_reason"):
            self.fields[name].never_optional = True
        if not self.offers.must_tell:
            del self.fields["subject_told"], self.fields["subject_told_reason"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        missing = {
            "other_destination": (found.get("addressed_to") == OTHER, _("Say which authority's Monitoring Officer it goes to")),
            "identity_warned": (True, _("Confirm that whoever complains knows that the councillor is normally told who complained")),
            "confidentiality_reason": (found.get("confidentiality_asked") is True, _("Give the reason for asking")),
            "subject_told": (True, _("Say whether the councillor has been told")),
            "subject_told_reason": (found.get("subject_told") == SubjectTold.BY_OFFICE, _("Say why it is left to the office")),
        }
        for name, (needed, words) in missing.items():
            if needed and name in self.fields and not found.get(name) and name not in self.errors:
                self.add_error(name, words)
        return found

    def answers(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        chosen = found.pop("addressed_to")
        found["addressed_to"] = self.people.get(chosen)
        found["other_destination"] = found["other_destination"] if chosen == OTHER else ""
        found["called"] = {value: found.pop(name) for name, value in self.calls.items()}
        return found


class SendForm(ReferralForm):
    """How and when the papers were handed over, where nobody of the office has a desk here."""

    way = forms.ChoiceField(
        label=_("How were the papers handed over?"), widget=Radios(), required=False,
        choices=[(code.value, wording.WAYS[code]) for code in SentBy if code != SentBy.PORTAL],
    )  # fmt: skip
    sent_on = DatePartsField(label=_("When were they handed over?"), error_name=_("The date"), required=False)

    def offer(self) -> None:
        for name in ("way", "sent_on"):
            self.fields[name].never_optional = True
            if self.offers.to_desk:
                del self.fields[name]


class ReaddressForm(ReferralForm):
    addressed_to = forms.ChoiceField(label=_("To whom?"), widget=Radios(), error_messages={"required": _("Choose to whom it is addressed")})

    def offer(self) -> None:
        self.people = {str(person.pk): person for person, _label in self.offers.addressees}
        self.fields["addressed_to"].choices = [(str(person.pk), label) for person, label in self.offers.addressees]

    def answers(self) -> dict[str, Any]:
        return {**self.cleaned_data, "addressed_to": self.people[self.cleaned_data["addressed_to"]]}


class PlainForm(ReferralForm):
    """Nothing to answer."""


class CarryOutForm(ReferralForm):
    carried_out_on = DatePartsField(
        label=_("When was it carried out?"), error_name=_("The date"), error_messages={"required": _("Give the day on which it was carried out")}
    )
    reference = forms.CharField(
        label=_("Where is it recorded?"), max_length=120, help_text=_("The minute or letter."),
        error_messages={"required": _("Give the minute or letter it is recorded in")},
    )  # fmt: skip
