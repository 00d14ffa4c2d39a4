"""One form per step. Field names are the names of the action's own answers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from concerns.forms.fields import OnePerson, Words
from councils.models import Person
from grievances import wording
from grievances.enums import CompanionKind, FlagChoice, Outside, Panel, Step, SupportKind
from grievances.models import Allegation, Decision
from protocol_portal.widgets import AutocompleteSelect, Checkboxes, DatePartsField, Radios

People = Collection[tuple[Person, str]]
Pairs = Collection[tuple[str, str]]


@dataclass(frozen=True)
class Offers:
    """What the forms choose from, worked out for this grievance, this person and this day."""

    revision: int
    people: People = ()
    panel: Panel = Panel.FIRST
    size: int = 3
    outcomes: Pairs = ()
    points: Collection[Allegation] = ()
    findings: Pairs = ()
    documents: Pairs = ()
    draft: Decision | None = None
    earliest: str = ""
    latest: str = ""
    away: str = ""
    place: str = ""
    at: str = ""
    stands: bool = False  # a hearing is set whose day hasn't passed
    written: dict[str, Any] = field(default_factory=dict)


class StepForm(forms.Form):
    """What every step brings: which version of the page it was chosen on."""

    revision = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = offers
        self.fields["revision"].initial = offers.revision
        self.offer()

    def offer(self) -> None:
        """Fill in the choices."""

    def answers(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return dict(self.cleaned_data)


class TimeField(forms.Field):
    """A time of day as people write it: 10, 10:30, 10.30, 2pm."""

    WRITTEN = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?", re.IGNORECASE)
    widget = forms.TextInput

    def to_python(self, value: Any) -> time | None:
        """The time, None when empty; raises ValidationError for anything else."""
        text = str(value or "").strip()
        if not text:
            return None
        match = self.WRITTEN.fullmatch(text)
        if match:
            hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
            if half:
                hour = hour % 12 + (12 if half == "pm" else 0) if 1 <= hour <= 12 else 99
            if hour < 24 and minute < 60:
                return time(hour, minute)
        raise ValidationError(_("Write the time as 10:30 or 2pm"), code="invalid")


class PlainForm(StepForm):
    """Nothing to answer."""


class DeclareForm(StepForm):
    free = forms.TypedChoiceField(
        label=_("Do you have a connection with anybody in this case?"),
        choices=[("yes", _("I have no connection")), ("no", _("I have a connection"))],
        widget=Radios(option_hints={"no": _("You are out of it at once, for good. You needn't say what the connection is; the others see only that you have one.")}),
        coerce=lambda value: value == "yes",
        empty_value=None,
        help_text=_("Family, friendship, business, line of management, something you saw, or a part you had in it before."),
        error_messages={"required": _("Say whether you have a connection")},
    )


class SeatForm(StepForm):
    people = forms.MultipleChoiceField(
        label=_("Who sits on the panel?"), widget=Checkboxes(), error_messages={"required": _("Choose who sits on the panel")}
    )
    reason = Words(label=_("Reason, if it is needed"), required=False, rows=3, max_length=5_000, help_text=_(
        "Needed when fewer sit than the panel should have, and when somebody who sat before would hear the appeal. The Acas Code asks for others “wherever possible”: it is a code, not law."))

    def offer(self) -> None:
        self.fields["people"].choices = [(str(person.pk), label) for person, label in self.offers.people]

    def answers(self) -> dict[str, Any]:
        """The persons chosen."""
        chosen = set(self.cleaned_data["people"])
        people = [person for person, _label in self.offers.people if str(person.pk) in chosen]
        return {**self.cleaned_data, "people": people}


class ChairForm(StepForm):
    person = OnePerson(label=_("Who chairs the panel?"), widget=Radios(), error_messages={"required": _("Choose who chairs the panel")})

    def offer(self) -> None:
        self.fields["person"].people = {str(person.pk): person for person, _label in self.offers.people}
        self.fields["person"].choices = [(str(person.pk), label) for person, label in self.offers.people]


class LeaveForm(StepForm):
    connected = forms.TypedChoiceField(
        label=_("Why do you leave?"), widget=Radios(), choices=[("no", _("I can't go on")), ("yes", _("I have a connection"))],
        coerce=lambda value: value == "yes", error_messages={"required": _("Say why you leave")},
    )  # fmt: skip
    reason = Words(label=_("Anything the others should know"), required=False, rows=3, max_length=5_000)


class PointsForm(StepForm):
    points = Words(
        label=_("The points, one on each line"), rows=8, max_length=20_000,
        help_text=_("Write what the employee says, as short as you can. Each point gets a finding of its own."),
        error_messages={"required": _("List at least one point, each on a line of its own")},
    )  # fmt: skip

    def offer(self) -> None:
        self.fields["points"].initial = "\n".join(point.text for point in self.offers.points)

    def answers(self) -> dict[str, Any]:
        """The points as a list."""
        return {**self.cleaned_data, "points": self.cleaned_data["points"].splitlines()}


class InvestigateForm(StepForm):
    person = OnePerson(
        label=_("Who finds out the facts?"), widget=AutocompleteSelect(), error_messages={"required": _("Choose who finds out the facts")},
        help_text=_("Only people free of a connection are offered, and nobody who was asked for the panel."),
    )  # fmt: skip
    reason = Words(label=_("What has to be found out"), required=False, rows=4, max_length=10_000)

    def offer(self) -> None:
        self.fields["person"].offer(self.offers.people)


class ReportForm(StepForm):
    text = Words(label=_("The report"), required=False, rows=12)
    document = forms.ChoiceField(label=_("Or the file it is in"), required=False)

    def offer(self) -> None:
        if not self.offers.documents:
            del self.fields["document"]
            return
        self.fields["document"].choices = [("", _("None")), *self.offers.documents]


class HearingForm(StepForm):
    held_on = DatePartsField(label=_("Day"), error_name=_("The day"), error_messages={"required": _("Give the day")})
    at = TimeField(label=_("Time"), error_messages={"required": _("Give the time")}, help_text=_("For example, 10:30"))
    place = forms.CharField(label=_("Place"), max_length=300, error_messages={"required": _("Say where it is held")})

    without = forms.BooleanField(label=_("It is held although somebody is away that day"), required=False)
    reason = Words(
        label=_("Why is another day set?"), rows=3, max_length=5_000, error_messages={"required": _("Say why another day is set")},
        help_text=_("For example, the date was written wrongly, somebody is ill, or the council is closed that day."),
    )  # fmt: skip

    def offer(self) -> None:
        self.fields["place"].initial, self.fields["at"].initial = self.offers.place, self.offers.at
        if not self.offers.stands:
            del self.fields["reason"]
        self.fields["held_on"].help_text = self.offers.earliest
        self.offer_absences()

    def offer_absences(self) -> None:
        """Who is away when; nothing to say where nobody is."""
        if self.offers.away:
            self.fields["without"].help_text = self.offers.away
        else:
            del self.fields["without"]


class PostponeForm(HearingForm):
    reason = Words(
        label=_("Reason, if it is later than the law asks for"), required=False, rows=3, max_length=5_000,
        help_text=_("Within five working days the employee has a right to it. Later than that only if the employee agrees; say why."),
    )  # fmt: skip

    def offer(self) -> None:
        self.fields["place"].initial, self.fields["at"].initial = self.offers.place, self.offers.at
        self.fields["held_on"].help_text = self.offers.latest
        self.offer_absences()


class CompanionForm(StepForm):
    kind = forms.ChoiceField(
        label=_("Who comes with you?"), widget=Radios(), choices=[(k.value, wording.COMPANIONS[k]) for k in CompanionKind],
        error_messages={"required": _("Choose who comes with you")},
    )  # fmt: skip
    name = forms.CharField(label=_("Their name"), max_length=200, required=False, help_text=_("Needed unless you come alone."))


class DecisionForm(StepForm):
    outcome = forms.ChoiceField(label=_("Outcome"), widget=Radios(), error_messages={"required": _("Choose an outcome from the list")})
    reasons = Words(label=_("Reasons"), rows=10, error_messages={"required": _("Give the panel's reasons")})
    recommendations = Words(
        label=_("Recommendations"), required=False, rows=5,
        help_text=_("What the council is asked to do: support for the employee, working arrangements, training offered."),
    )  # fmt: skip

    def offer(self) -> None:
        self.fields["outcome"].choices = list(self.offers.outcomes)
        draft = self.offers.draft
        if draft is not None:
            for name in ("outcome", "reasons", "recommendations"):
                self.fields[name].initial = getattr(draft, name)
        before = dict(self.offers.written)
        if self.offers.findings:
            for point in self.offers.points:
                self.fields[f"finding_{point.number}"] = forms.ChoiceField(
                    label=_("%(number)d. %(text)s") % {"number": point.number, "text": point.text}, choices=list(self.offers.findings),
                    widget=Radios(), initial=before.get(point.pk), error_messages={"required": _("Say what the panel finds on each point")},
                )  # fmt: skip
            self.order_fields([*(f"finding_{point.number}" for point in self.offers.points), "outcome", "reasons", "recommendations"])

    def answers(self) -> dict[str, Any]:
        """The findings by point."""
        kept = {name: value for name, value in self.cleaned_data.items() if not name.startswith("finding_")}
        found: dict[UUID, str] = {}
        if self.offers.findings:
            found = {point.pk: self.cleaned_data[f"finding_{point.number}"] for point in self.offers.points}
        return {**kept, "findings": found}


class AppealForm(StepForm):
    grounds = Words(
        label=_("Why do you appeal?"), rows=8, help_text=_("Those who hear the appeal read this, with the decision."),
        error_messages={"required": _("Say why you appeal")},
    )  # fmt: skip


class AdmitForm(StepForm):
    reason = Words(label=_("Why it is heard although the time has passed"), rows=4, max_length=5_000, error_messages={"required": _("Give the reason")})


class OutsideForm(StepForm):
    where = forms.ChoiceField(
        label=_("Who is asked?"), choices=[(k.value, wording.OUTSIDE[k][0]) for k in Outside],
        widget=Radios(option_hints={k.value: wording.OUTSIDE[k][1] for k in Outside}), error_messages={"required": _("Choose who is asked")},
    )  # fmt: skip
    note = Words(label=_("Note"), required=False, rows=3, max_length=5_000)


class CloseForm(StepForm):
    reference = forms.CharField(
        label=_("Minute, letter or reference"), max_length=80,
        help_text=_("Where the outcome is recorded, for example a minute of the panel."),
        error_messages={"required": _("Give the minute, letter or reference it is recorded in")},
    )  # fmt: skip


FORMS: dict[Step, type[StepForm]] = {
    Step.FORM_PANEL: PlainForm,
    Step.DECLARE: DeclareForm,
    Step.SEAT_PANEL: SeatForm,
    Step.CHOOSE_CHAIR: ChairForm,
    Step.LEAVE_PANEL: LeaveForm,
    Step.LIST_ALLEGATIONS: PointsForm,
    Step.INVESTIGATE: InvestigateForm,
    Step.FILE_REPORT: ReportForm,
    Step.SET_HEARING: HearingForm,
    Step.NAME_COMPANION: CompanionForm,
    Step.POSTPONE_HEARING: PostponeForm,
    Step.DRAFT_DECISION: DecisionForm,
    Step.RELEASE_DECISION: PlainForm,
    Step.APPEAL: AppealForm,
    Step.ADMIT_APPEAL: AdmitForm,
    Step.ASK_OUTSIDE: OutsideForm,
    Step.CLOSE: CloseForm,
}


class SupportForm(StepForm):
    kind = forms.ChoiceField(
        label=_("What kind of help?"), widget=Radios(), choices=[(k.value, wording.SUPPORT[k]) for k in SupportKind],
        error_messages={"required": _("Choose what kind of help it is")},
    )  # fmt: skip
    text = Words(
        label=_("What would help, or what is given"), rows=5, max_length=10_000,
        help_text=_("Everyone who may read the concern sees this. Say nothing here about whether anybody did wrong."),
        error_messages={"required": _("Say what would help, or what is given")},
    )  # fmt: skip


class FlagForm(StepForm):
    choice = forms.ChoiceField(
        label=_("What follows?"), choices=[(k.value, wording.FLAG[k][0]) for k in FlagChoice],
        widget=Radios(option_hints={k.value: wording.FLAG[k][1] for k in FlagChoice}), error_messages={"required": _("Choose what follows")},
    )  # fmt: skip
    reason = Words(label=_("Reason"), rows=5, max_length=10_000, error_messages={"required": _("Give the reason. It is kept")})
