"""The office's desk: who has access to what was referred, what they wrote, and what they recommended."""

import uuid

from django.conf import settings
from django.db import models

from concerns.models import Concern
from concerns.models.encrypted import EncryptedTextField

from .referral import Referral


class ReferralAccess(models.Model):
    """One person of the office and one referral, from when to when. It opens the referral, never the concern.

    It counts only while they hold the post they have it for: ``officer`` with an outside body, else the council's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="access")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    officer = models.ForeignKey("councils.ExternalOfficer", null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_reason = models.CharField(max_length=30, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "person"], condition=models.Q(until__isnull=True), name="access_once"),
            models.CheckConstraint(condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")), name="access_dates"),
        ]


class Entry(models.Model):
    """One answer of the office: written at its desk, or copied from its letter by whoever follows it for the council."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=40)  # a ReferralEvent
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    copied = models.BooleanField(default=False)  # from a letter, by the council's own follower
    on = models.DateField()  # the letter's date, or the day it was written here
    letter = EncryptedTextField(null=True)  # the letter's reference
    grounds = models.JSONField(default=list, blank=True)  # codes
    who = EncryptedTextField(null=True)  # the Independent Person consulted
    words = EncryptedTextField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["at", "id"]


class Measure(models.Model):
    """A measure that the office recommended. The council carries it out, never adds one (E6): a trigger holds that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="measures")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30)
    words = EncryptedTextField(null=True)
    recommended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recommended_at = models.DateTimeField()
    carried_out_on = models.DateField(null=True)
    carried_out_ref = EncryptedTextField(null=True)  # the minute
    carried_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["referral", "number"], name="measure_number_once")]
