"""Addresses that a mail server has refused for good."""

from django.conf import settings
from django.db import models


class RefusedMailbox(models.Model):
    """Mail to this person's address comes back. Says nothing of what the mail was about, or when it was sent.

    It holds for the address it was written for: a person with another address is fine until that is refused too.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()

    class Meta:
        default_permissions = ()
