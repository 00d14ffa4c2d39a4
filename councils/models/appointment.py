"""Who holds which role in which council from when until when, and who reports to whom.

Beyond the constraints declared here, migration 0002 adds exclusion constraints (built-in range types only, no
extension) that no form can talk round:
- appointment_no_overlap: the same person, role, kind and council never twice on one day;
- appointment_single_holder: clerk, chair and the other offices of one have one substantive holder on any day;
- appointment_one_side: nobody is councillor and officer in one council on one day, save a councillor acting unpaid;
- reporting_one_manager: one manager per officer and council on any day.
Two triggers refuse circles: deputies standing in for each other, and officers managing each other.
"""

from __future__ import annotations

from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from councils.models.absence import Absence
from councils.models.council import Council
from councils.models.dated import Dated, dates_in_order
from councils.models.person import Person
from councils.roles import ADMIN_ROLE, COUNCILLOR_ROLES, LABELS, OFFICER_ROLES, ROLE_CODES


class AppointmentKind(models.TextChoices):
    SUBSTANTIVE = "substantive", _("Substantive")
    DEPUTY_ACTING = "deputy_acting", _("Deputy acting for someone")
    COUNCILLOR_ACTING_UNPAID = "councillor_acting_unpaid", _("Councillor acting as an officer, unpaid")


NO_DEPUTY_CIRCLE = """
IF NEW.acting_for_id IS NULL THEN RETURN NEW; END IF;
IF (SELECT council_id FROM councils_appointment WHERE id = NEW.acting_for_id) IS DISTINCT FROM NEW.council_id THEN
    RAISE EXCEPTION 'appointment_acting_for_same_council' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'appointment_acting_for_same_council';
END IF;
IF EXISTS (
    WITH RECURSIVE chain(person_id) AS (
        SELECT person_id FROM councils_appointment WHERE id = NEW.acting_for_id
        UNION
        SELECT p.person_id
        FROM chain c
        JOIN councils_appointment a ON a.person_id = c.person_id AND a.council_id = NEW.council_id
            AND a.kind = 'deputy_acting' AND a.id <> NEW.id
            AND daterange(a.starts_on, a.ends_on, '[]') && daterange(NEW.starts_on, NEW.ends_on, '[]')
        JOIN councils_appointment p ON p.id = a.acting_for_id
    )
    SELECT 1 FROM chain WHERE person_id = NEW.person_id
) THEN
    RAISE EXCEPTION 'appointment_no_deputy_circle' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'appointment_no_deputy_circle';
END IF;
RETURN NEW;
"""

NO_MANAGER_CIRCLE = """
IF EXISTS (
    WITH RECURSIVE chain(person_id) AS (
        SELECT NEW.manager_id
        UNION
        SELECT r.manager_id
        FROM chain c
        JOIN councils_reportingline r ON r.officer_id = c.person_id AND r.council_id = NEW.council_id AND r.id <> NEW.id
            AND daterange(r.starts_on, r.ends_on, '[]') && daterange(NEW.starts_on, NEW.ends_on, '[]')
    )
    SELECT 1 FROM chain WHERE person_id = NEW.officer_id
) THEN
    RAISE EXCEPTION 'reporting_no_circle' USING ERRCODE = 'check_violation', CONSTRAINT = 'reporting_no_circle';
END IF;
RETURN NEW;
"""


class Appointment(Dated):
    """A person's role in a council. A deputy acting holds the principal's role in the principal's place."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="appointments", verbose_name=_("council"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=40, choices=tuple(LABELS.items()))
    kind = models.CharField(_("kind"), max_length=30, choices=AppointmentKind.choices, default=AppointmentKind.SUBSTANTIVE)
    acting_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="acted_by", verbose_name=_("acting for")
    )
    absence = models.ForeignKey(
        Absence, models.PROTECT, null=True, blank=True, related_name="cover", verbose_name=_("because of the absence")
    )
    made_at = models.DateTimeField(_("made"), null=True, editable=False)  # not before it was known of
    directorate = models.CharField(_("directorate"), max_length=120, blank=True, default="")
    post_title = models.CharField(_("post"), max_length=160, blank=True, default="")
    advises_members = models.BooleanField(_("advises councillors"), default=True)
    politically_restricted = models.BooleanField(_("politically restricted post"), default=False)
    unpaid = models.BooleanField(_("unpaid"), default=False)
    vacancy_reason = models.CharField(_("why the post is vacant"), max_length=300, blank=True, default="")
    side = models.GeneratedField(
        expression=Case(
            When(role__in=COUNCILLOR_ROLES, then=Value("councillor")),
            When(role__in=OFFICER_ROLES, then=Value("officer")),
            default=Value(""),
        ),
        output_field=models.CharField(max_length=12),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("council", "role", "starts_on")
        indexes = (models.Index(fields=("person", "starts_on"), name="appointment_person_idx"),)
        constraints = (
            dates_in_order("appointment_dates_in_order"),
            models.CheckConstraint(condition=Q(role__in=ROLE_CODES), name="appointment_role_known"),
            models.CheckConstraint(condition=Q(kind__in=AppointmentKind.values), name="appointment_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="deputy_acting", acting_for__isnull=False)
                | (~Q(kind="deputy_acting") & Q(acting_for__isnull=True)),
                name="appointment_deputy_acts_for_someone",
            ),
            models.CheckConstraint(
                condition=Q(acting_for__isnull=True) | ~Q(acting_for=F("id")), name="appointment_not_for_itself"
            ),
            models.CheckConstraint(
                condition=~Q(kind="councillor_acting_unpaid")
                | (Q(unpaid=True, ends_on__isnull=False, role__in=OFFICER_ROLES) & ~Q(vacancy_reason="")),
                name="appointment_acting_councillor_unpaid_dated_reasoned",
            ),
            models.CheckConstraint(condition=~Q(role=ADMIN_ROLE) | Q(kind="substantive"), name="appointment_admin_substantive"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="appointment_no_deputy_circle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=NO_DEPUTY_CIRCLE,
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"


class ReportingLine(Dated):
    """An officer's line manager, dated: it is read on the day a step is taken."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="reporting_lines", verbose_name=_("council"))
    officer = models.ForeignKey(Person, models.PROTECT, related_name="reports_to", verbose_name=_("officer"))
    manager = models.ForeignKey(Person, models.PROTECT, related_name="manages", verbose_name=_("line manager"))

    class Meta:
        verbose_name = _("reporting line")
        verbose_name_plural = _("reporting lines")
        ordering = ("council", "officer", "starts_on")
        constraints = (
            dates_in_order("reporting_dates_in_order"),
            models.CheckConstraint(condition=~Q(officer=F("manager")), name="reporting_not_to_oneself"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="reporting_no_circle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=NO_MANAGER_CIRCLE,
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer} → {self.manager}"
