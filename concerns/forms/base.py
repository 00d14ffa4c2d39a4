"""What the forms of the steps share: what they choose from, and the answers more than one of them asks for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.enums import ConsentKind
from concerns.forms.fields import Words
from concerns.forms.raising import People
from protocol_portal.widgets import DatePartsField, Radios

Pairs = Collection[tuple[str, str]]
READ_BY_ALL = _("Everyone who may read the concern sees this, the person who raised it included.")
TOLD = {"subject_told", "told_on", "told_how"}
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


@dataclass(frozen=True)
class Offers:
    """What the forms choose from, worked out for this concern, this person and this day."""

    today: date
    revision: int
    people: People = ()
    next_steps: Pairs = ()
    mediators: Pairs = ()
    outcomes: Pairs = ()
    agreed: Collection[str] = field(default_factory=frozenset)  # what the raiser agreed to already
    is_raiser: bool = False
    subject_told: bool = False
    reopen_needs_evidence: bool = False
    kind_only: bool = False  # of an outcome: nothing in words


def yes_no(label: Any, *, required: str = "", hints: dict[str, Any] | None = None) -> forms.TypedChoiceField:
    """Radios for yes and no; gives True, False or None."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        widget=Radios(option_hints=hints),
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=bool(required),
        error_messages={"required": required} if required else {},
    )


class StepForm(forms.Form):
    """What every step brings: which version of the page it was chosen on."""

    revision = forms.IntegerField(widget=forms.HiddenInput(), required=False)
    consent: ConsentKind | None = None  # what the raiser must have agreed to, or be overridden

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = offers
        self.fields["revision"].initial = offers.revision
        if self.consent and ("override_reason" in self.fields) and (offers.is_raiser or self.consent in offers.agreed):
            del self.fields["override_reason"]
        if offers.subject_told:
            for name in TOLD & set(self.fields):
                del self.fields[name]
        self.offer()

    def offer(self) -> None:
        """Fill in the choices."""

    def answers(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return dict(self.cleaned_data)


def override() -> Words:
    """Why it goes ahead although the raiser hasn't agreed."""
    words = Words(
        label=_("Why it must go ahead although they haven't agreed"),
        help_text=_("The person who raised it hasn't agreed to this yet. You can ask them first. If it can't wait, your reason is kept."),
        required=False,
        rows=3,
        max_length=5_000,
    )  # fmt: skip
    words.never_optional = True  # the action needs it unless the raiser agrees meanwhile
    return words


def told() -> forms.BooleanField:
    """That the other side knows."""
    return forms.BooleanField(
        label=_("The person it is about has been told in another way"),
        required=False,
        help_text=_("Always before a formal step. Here you tell them by a disclosure, on the concern’s page."),
    )


def told_on() -> DatePartsField:
    """When they were told."""
    return DatePartsField(label=_("When were they told?"), error_name=_("The date"), required=False)


def told_how() -> forms.CharField:
    """How they were told."""
    return forms.CharField(
        label=_("How were they told?"), max_length=200, required=False, help_text=_("For example, in a meeting, or by letter.")
    )
