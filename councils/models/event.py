"""What was changed about a council, when and by whom. Append-only, without foreign keys, never read to decide."""

from __future__ import annotations

from uuid import uuid4

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class CouncilEventKind(models.TextChoices):
    COUNCIL_ADDED = "council_added", _("Council added")
    COUNCIL_CHANGED = "council_changed", _("Council changed")
    PERSON_ADDED = "person_added", _("Person added")
    APPOINTED = "appointed", _("Appointed")
    APPOINTMENT_ENDED = "appointment_ended", _("Appointment ended")
    ABSENCE_BOOKED = "absence_booked", _("Absence booked")
    ABSENCE_CHANGED = "absence_changed", _("Absence changed")
    ABSENCE_CANCELLED = "absence_cancelled", _("Absence cancelled")
    REPORTING_LINE_SET = "reporting_line_set", _("Reporting line set")
    BODY_CREATED = "body_created", _("Body created")
    BODY_MEMBER_SET = "body_member_set", _("Body membership set")
    RELATIONSHIP_DISCLOSED = "relationship_disclosed", _("Relationship disclosed")
    RELATIONSHIP_ENDED = "relationship_ended", _("Relationship ended")
    EXTERNAL_BODY_SET = "external_body_set", _("External body set")
    EXTERNAL_OFFICER_SET = "external_officer_set", _("Officer of an outside body set")
    CLOSURE_ADDED = "closure_added", _("Days of closure added")
    CLOSURE_REMOVED = "closure_removed", _("Days of closure removed")
    PROTOCOL_LOADED = "protocol_loaded", _("Protocol loaded")
    PROTOCOL_APPROVED = "protocol_approved", _("Protocol approved")
    PROTOCOL_IN_FORCE = "protocol_in_force", _("Protocol brought into force")
    PROTOCOL_SUPERSEDED = "protocol_superseded", _("Protocol superseded")
    PROTOCOL_DEMONSTRATED = "protocol_demonstrated", _("Protocol adopted for demonstration")
    REVIEW_OCCASION = "review_occasion", _("Occasion for a review recorded")
    REVIEW_DATE_SET = "review_date_set", _("Review date set by the council")
    REVIEW_OPENED = "review_opened", _("Review of the protocol opened")
    REVIEW_CONCLUDED = "review_concluded", _("Review of the protocol concluded")


class CouncilEvent(models.Model):
    """One line of a council's own record of changes. The runtime role may insert and read, never alter."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.UUIDField(_("council"), null=True)
    at = models.DateTimeField(_("when"))
    by_id = models.UUIDField(_("by"), null=True)
    by_name = models.CharField(_("by"), max_length=200)
    kind = models.CharField(_("what"), max_length=40, choices=CouncilEventKind.choices)
    detail = models.JSONField(_("detail"), default=dict)
    # the database's, whatever is given: its place in the council's chain, like that of a concern's events
    seq = models.PositiveIntegerField("seq", default=0, editable=False)
    prev_hash = models.CharField("prev_hash", max_length=64, blank=True, default="", editable=False)
    hash = models.CharField("hash", max_length=64, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("council event")
        verbose_name_plural = _("council events")
        ordering = ("-at", "id")
        indexes = (models.Index(fields=("council", "-at"), name="council_event_idx"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=CouncilEventKind.values), name="council_event_kind_known"),
        )
        triggers = (pgtrigger.Protect(name="council_event_append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()}"
