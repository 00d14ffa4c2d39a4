"""A message on a concern and everybody who can read it. Both are written once, in one transaction, and never changed."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from concerns.models import Concern
from concerns.models.encrypted import EncryptedTextField
from correspondence.enums import AudienceRole, Mark

PERSON = settings.AUTH_USER_MODEL


class Message(models.Model):
    """Words of one person to others about a concern. Only its audience reads it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="messages")
    sender = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    body = EncryptedTextField(null=True)
    marking = models.CharField(max_length=20, default=Mark.OPEN.value)
    covers = EncryptedTextField(null=True)  # what of it is in confidence
    why = EncryptedTextField(null=True)
    unmarked_at = models.DateTimeField(null=True)
    unmarked_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    in_reply_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replies")
    sent_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)  # the database's own clock, by trigger

    class Meta:
        default_permissions = ()
        ordering = ["sent_at", "id"]
        indexes = [models.Index(fields=["concern", "sent_at"], name="message_of_concern")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(marking=Mark.OPEN.value) | models.Q(covers__isnull=False, why__isnull=False),
                name="marking_says_what_and_why",
            ),
        ]

    @property
    def mark(self) -> Mark:
        """The marking in force: open once it was taken off."""
        return Mark.OPEN if self.unmarked_at else Mark(self.marking)


class Audience(models.Model):
    """One person who can read a message. Appended, never changed; there is no row that the other readers don't see."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="audience")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    outside = models.BooleanField(default=False)  # not on the concern: reads this message and nothing else
    exception = models.CharField(max_length=40, blank=True)  # the protocol's exception that allowed the copy
    reason = EncryptedTextField(null=True)
    line = EncryptedTextField(null=True)  # as it stands at the foot of the message
    disclosed_to_first = models.BooleanField(default=False)  # whoever wrote first was told
    effective_at = models.DateTimeField()  # from when they read it: a later copy waits until the first writer could see it
    opened_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["added_at", "role", "id"]
        indexes = [models.Index(fields=["person"], name="audience_person")]
        constraints = [
            models.UniqueConstraint(fields=["message", "person"], name="audience_once"),
            models.CheckConstraint(condition=models.Q(role__in=[r.value for r in AudienceRole]), name="audience_role"),
            models.CheckConstraint(condition=models.Q(effective_at__gte=models.F("added_at")), name="copy_not_before_told"),
        ]
