"""A person who can sign in. Who they are for a council is in their appointments, never here."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Trim
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def normal_email(email: str) -> str:
    """Takes an e-mail address as typed; returns it as stored: trimmed and lower case."""
    return email.strip().lower()


class PersonManager(BaseUserManager["Person"]):
    """Creates people; looks them up by e-mail however it was typed."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Takes an e-mail and a password (None: cannot sign in by password); returns the saved person."""
        if not email or not email.strip():
            raise ValueError("A person needs an e-mail address.")
        person = self.model(email=normal_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """Takes an e-mail and a password; returns a saved operator (administration screens, no case content)."""
        fields.setdefault("full_name", normal_email(email))
        return self.create_user(email, password, is_operator=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=normal_email(username or ""))


class Person(AbstractBaseUser, PermissionsMixin):
    """One human being, however many roles in however many councils. `is_operator` opens the administration screens."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("full name"), max_length=200)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_operator = models.BooleanField(_("may use the administration screens"), default=False)
    date_joined = models.DateTimeField(_("added"), default=timezone.now)
    language = models.CharField(_("language"), max_length=10, blank=True, default="", db_default="")  # of pages and mail; empty: the browser's

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("full_name", "email")
        constraints = (
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_lower"),
            models.CheckConstraint(condition=~models.Q(email=""), name="person_has_email"),
            models.CheckConstraint(
                condition=~models.Q(full_name="") & models.Q(full_name=Trim("full_name")), name="person_has_name"
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_staff(self) -> bool:
        """Django's administration site asks this; operators only."""
        return self.is_operator

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def clean(self) -> None:
        """Puts the e-mail in the form it is stored in."""
        self.email = normal_email(self.email)
