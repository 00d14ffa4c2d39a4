"""When each part was last heard of, and what the last tick counted. No row has anything to do with a case."""

from django.db import models


class Heartbeat(models.Model):
    """One part of the portal: ``worker`` or ``beat``."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    count = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()


class Figure(models.Model):
    """What the last tick counted, for whoever may not count it themselves."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
