"""Breaking the glass: access for a time when nobody free of a connection can act. Asked by one, approved by another.

The portal looks itself, between the two and after them, whether it may be: nobody who asks learns from the answer
whether a reference exists. Migration adds the walls and the guards: who may change what, and that no access is given
without an approval by somebody else that is still in force.
"""

import uuid

from django.conf import settings
from django.db import models

from concerns.enums import GlassStatus
from councils.models import Council

from .concern import Concern
from .encrypted import EncryptedTextField


class BreakGlass(models.Model):
    """One request for access to the concern of one reference."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, null=True, related_name="+")  # once the portal has looked
    status = models.CharField(max_length=12, choices=[(s.value, s.value) for s in GlassStatus], default=GlassStatus.ASKED.value)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = EncryptedTextField()
    hours = models.PositiveSmallIntegerField()
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shown_at = models.DateTimeField(null=True)  # to the approver
    answered_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(null=True)
    opened_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["asker"], condition=models.Q(concern__isnull=False), name="glass_asker")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(asker=models.F("approver")), name="glass_two_people"),
            models.CheckConstraint(condition=models.Q(hours__gte=1, hours__lte=168), name="glass_a_week_at_most"),
            models.CheckConstraint(
                condition=~models.Q(status=GlassStatus.OPEN.value)
                | models.Q(
                    concern__isnull=False, answered_at__isnull=False, opened_at__isnull=False, expires_at__isnull=False
                ),
                name="glass_open_approved",
            ),
            models.UniqueConstraint(
                fields=["concern", "asker"], condition=models.Q(status=GlassStatus.OPEN.value), name="glass_open_once"
            ),
        ]
