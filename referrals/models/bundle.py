"""The sealed bundle: what exactly was referred, whole, hashed and unchangeable; and who opened it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from concerns.models import Concern
from concerns.models.encrypted import EncryptedBinaryField, EncryptedTextField

from .referral import Referral


class Bundle(models.Model):
    """Papers as one PDF and as a ZIP. Written once; a trigger refuses every change and removal.

    ``seal`` is the SHA-256 of the manifest, which holds the SHA-256 of each paper.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="bundles")
    number = models.PositiveSmallIntegerField()  # sealing again before it is sent makes another
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seal = models.CharField(max_length=64)
    manifest = EncryptedTextField(null=True)  # JSON: the papers' names, sizes and hashes
    pdf_sha256 = models.CharField(max_length=64)
    pdf = EncryptedBinaryField()
    zip_sha256 = models.CharField(max_length=64)
    zip = EncryptedBinaryField()
    # The files it was made from, in the order of its papers: a virus may be found in one of them later.
    documents = ArrayField(models.UUIDField(), default=list)

    class Meta:
        default_permissions = ()
        ordering = ["sealed_at", "id"]
        constraints = [models.UniqueConstraint(fields=["referral", "number"], name="bundle_number_once")]


class BundleOpening(models.Model):
    """One opening of a bundle: who, when, and what of it. Added to only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="openings")
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="openings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    part = models.CharField(max_length=10)  # "pdf" or "zip"

    class Meta:
        default_permissions = ()
        ordering = ["at", "id"]
