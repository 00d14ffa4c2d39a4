"""Forms about a council's records: who keeps them, for how long, and what people ask or tell."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from concerns.forms.fields import Revision, Words
from councils.forms.people import PersonChoice
from councils.models import Person
from protocol_portal.widgets import DatePartsField
from rights.models import RetentionRule

LONGEST = 10_000


class KeeperForm(forms.Form):
    """Who."""

    person = PersonChoice(label=_("Who keeps the records?"), queryset=Person.objects.none())

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class NothingForm(forms.Form):
    """Nothing to fill in."""


class RetentionForm(forms.Form):
    """How long, and who decided it."""

    revision = Revision()
    months = forms.IntegerField(
        label=_("For how many months after its close?"), help_text=_("12 is one year, 72 are six years."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
        error_messages={"required": _("Enter a number of months."), "invalid": _("Enter a whole number of months.")},
    )  # fmt: skip
    minute_ref = forms.CharField(label=_("By which minute?"), required=False, max_length=120, help_text=_("For example: Full council, 12 May 2026, minute 44."))

    def __init__(self, *args: Any, rule: RetentionRule, **kwargs: Any) -> None:
        super().__init__(*args, initial={"revision": rule.revision, "months": rule.months, "minute_ref": rule.minute_ref}, **kwargs)


class HoldForm(forms.Form):
    """Why something is kept, and when somebody looks again."""

    reason = Words(label=_("Why does it have to be kept?"), rows=4, max_length=LONGEST, error_messages={"required": _("Say why it has to be kept.")})
    review_on = DatePartsField(label=_("When is it looked at again?"), help_text=_("Within a year. The hold stays until somebody lifts it."), earliest=None)


class LiftForm(forms.Form):
    """Why it isn't needed any more."""

    reason = Words(label=_("Why isn’t the hold needed any more?"), rows=4, max_length=LONGEST, error_messages={"required": _("Say why it isn’t needed any more.")})


class AskForm(forms.Form):
    """What of one's data."""

    scope = Words(
        label=_("Is there something in particular you would like to have?"), rows=4, max_length=LONGEST, required=False,
        help_text=_("Leave it empty to have everything. Being exact brings the answer sooner."),
    )  # fmt: skip


class ComplaintForm(forms.Form):
    """What was done wrong with somebody's data."""

    text = Words(
        label=_("What was done with your data?"), rows=8, max_length=LONGEST, help_text=_("Say what happened, and what you would like the council to do."),
        error_messages={"required": _("Say what was done with your data, and what you would like to happen.")},
    )  # fmt: skip
    against = PersonChoice(
        label=_("Is it about one of these people?"), queryset=Person.objects.none(), required=False, empty_label=_("No"),
        help_text=_("They deal with complaints about data. Whoever you name doesn’t see this one."),
    )  # fmt: skip
    name = forms.CharField(label=_("Your name"), max_length=200, error_messages={"required": _("Enter your name.")})
    contact = forms.CharField(
        label=_("How can you be reached?"), max_length=300, help_text=_("An e-mail address or a postal address."),
        error_messages={"required": _("Say how you can be reached: an e-mail address or a postal address.")},
    )  # fmt: skip

    def __init__(self, *args: Any, keepers: QuerySet[Person] | None, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["name"], self.fields["contact"]
        if keepers is None:
            del self.fields["against"]
        else:
            self.fields["against"].queryset = keepers


class BreachForm(forms.Form):
    """What happened to data, and since when somebody knows."""

    what = Words(
        label=_("What happened?"), rows=6, max_length=LONGEST,
        help_text=_("For example: a letter went to the wrong address. Say what kind of data it was. Name no concern and nobody in it."),
        error_messages={"required": _("Say what happened. Name no concern and nobody in it.")},
    )  # fmt: skip
    aware_on = DatePartsField(label=_("When did somebody first notice it?"), required=False, help_text=_("Leave empty for just now. The law counts 72 hours from then."))
