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
from protocol_portal.widgets import Radios

Pairs = Collection[tuple[str, str]]
READ_BY_ALL = _("Everyone who may read the concern sees this, the person who raised it included.")
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
        if "subject_told" in self.fields and offers.subject_told:
            del self.fields["subject_told"]
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
        label=_("The person it is about has been told"), required=False, help_text=_("Always before a formal step.")
    )
