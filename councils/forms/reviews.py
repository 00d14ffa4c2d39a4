"""Forms about the review of the protocol."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from councils import review_words
from councils.models import OccasionKind, ProtocolReview, ProtocolVersion, ReviewResult
from councils.protocol.reviewing import counting
from councils.reviews import Standing
from protocol_portal.widgets import DatePartsField, Radios

NOT_DUE = "none"
MISSING = {"author": _("Enter the author."), "origin": _("Enter the origin of the change."), "changed_by": _("Enter who changed it.")}


class OccasionForm(forms.Form):
    """What happened, when, and why."""

    kind = forms.ChoiceField(label=_("What happened"), widget=Radios)
    happened_on = DatePartsField(label=_("When it happened"), error_name=_("The day it happened"), help_text=_("A review is due on this day."))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False,
        help_text=_("Needed when the council wants a review sooner. Name nobody and no concern: everybody at the council reads this."),
    )  # fmt: skip

    def __init__(self, *args: Any, stands: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {row.event for row in stands.dates if row.event} | {OccasionKind.SOONER_IF_REQUIRED.value}
        self.fields["kind"].choices = [(code, words) for code, words in OccasionKind.choices if code in named]


class ReviewDateForm(forms.Form):
    """The day the council set, and the minute that says so."""

    review_on = DatePartsField(label=_("Next review on"), error_name=_("The day of the next review"))
    minute_ref = forms.CharField(label=_("Minute"), max_length=200, help_text=_("The number of the minute that records it."))


class OpenReviewForm(forms.Form):
    """For which of the dates, and since when."""

    due_on = forms.TypedChoiceField(
        label=_("Which date is it for?"), widget=Radios, coerce=lambda value: None if value == NOT_DUE else date.fromisoformat(value), empty_value=None
    )
    opened_on = DatePartsField(label=_("Opened on"), error_name=_("The day it was opened"))

    def __init__(self, *args: Any, stands: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = {row.on: f"{date_format(row.on, 'j F Y')}: {review_words.why(row)}" for row in reversed(counting(stands.dates)) if row.on}
        choices = [(day.isoformat(), words) for day, words in sorted(days.items())]
        self.fields["due_on"].choices = [*choices, (NOT_DUE, _("None of them: the council reviews it anyway"))]
        if not days:
            self.fields["due_on"].initial = NOT_DUE


class ConcludeForm(forms.Form):
    """What came of it, with the minute; and what the protocol's amendment record asks for when it is changed."""

    result = forms.ChoiceField(label=_("What came of it"), choices=ReviewResult.choices, widget=Radios)
    concluded_on = DatePartsField(label=_("Concluded on"), error_name=_("The day it was concluded"))
    body = forms.CharField(
        label=_("Reviewed by"), max_length=200, help_text=_("The council or the committee."), error_messages={"required": _("Enter the body that reviewed it")}
    )
    minute_ref = forms.CharField(label=_("Minute"), max_length=200, help_text=_("The number of the minute that records it."))
    author = forms.CharField(label=_("Author of the change"), max_length=200, required=False, help_text=_("Only when the protocol is changed."))
    origin = forms.CharField(
        label=_("Origin of the change"), max_length=300, required=False, help_text=_("Only when it is changed. For example: new Code of Conduct.")
    )
    changed_by = forms.CharField(label=_("Changed by"), max_length=200, required=False, help_text=_("Only when it is changed: who made the change."))
    new_version = forms.ModelChoiceField(
        label=_("New version"), queryset=ProtocolVersion.objects.none(), required=False, empty_label=_("Not loaded yet"),
        help_text=_("Only when it is changed, and the new text is loaded already."),
    )  # fmt: skip
    next_on = DatePartsField(
        label=_("Next review on"), error_name=_("The day of the next review"), required=False,
        help_text=_("Only when the council set a day of its own. Otherwise the protocol’s rules say when."),
    )  # fmt: skip

    def __init__(self, *args: Any, review: ProtocolReview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ProtocolVersion.objects.filter(council=review.council_id).exclude(pk=review.version_id).defer("config")
        self.fields["new_version"].queryset = rows.order_by("-created_at")

    def clean(self) -> dict[str, Any]:
        """What the amendment record asks for is asked for at once, not one after the other."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("result") == ReviewResult.CHANGED:
            for name, words in MISSING.items():
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return given
