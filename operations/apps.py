"""App configuration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    """What whoever runs the portal looks at."""

    name = "operations"
    verbose_name = _("Operations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The worker says that it lives on its own, and each tick says when beat sent it."""
        from celery import signals

        from operations import actions
        from operations.enums import SENT_AT, TICK

        def alive(**_more: Any) -> None:
            actions.worker_lives(now=timezone.now())

        def stamp(sender: str = "", headers: dict[str, Any] | None = None, **_more: Any) -> None:
            if sender == TICK and headers is not None:
                headers[SENT_AT] = timezone.now().isoformat()

        signals.heartbeat_sent.connect(alive, weak=False, dispatch_uid="operations.alive")
        signals.before_task_publish.connect(stamp, weak=False, dispatch_uid="operations.stamp")
