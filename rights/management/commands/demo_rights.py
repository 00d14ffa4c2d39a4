"""`manage.py demo_rights`: records keepers for each demonstration council, and a schedule under which something is due.

Done once a council, through the portal's own steps, as its administrator. Refuses to run in production.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.models import Concern
from councils.models import Appointment, Council, Person
from councils.rls import as_person, system_work
from councils.roles import ADMIN_ROLE, precedence
from rights import queries
from rights.actions import keeping, retiring
from rights.enums import OutcomeClass

KEEPERS = 3
SHORT = (OutcomeClass.RESOLVED, OutcomeClass.NO_ACTION, OutcomeClass.WITHDRAWN)
DUE = 5  # so many of the invented concerns, the oldest, are due to be destroyed


class Command(BaseCommand):
    help = "Name records keepers for the demonstration councils, once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError in production."""
        if settings.PRODUCTION:
            raise CommandError(_("This is for a demonstration only."))
        now = timezone.now()
        with system_work():
            councils = [council for council in Council.objects.filter(is_demo=True).order_by("key") if not queries.keepers(council)]
        for council in councils:
            with system_work():
                posts = list(Appointment.objects.current(timezone.localdate(now)).filter(council=council).select_related("person"))
                closed = Concern.objects.filter(council=council, closed_at__isnull=False).order_by("closed_at").values_list("closed_at", flat=True)[:DUE]
                oldest = [timezone.localdate(at) for at in closed]
            admin = next((post.person for post in posts if post.role == ADMIN_ROLE), None)
            in_post = sorted((post for post in posts if post.side), key=lambda post: (precedence(post.role), post.person.full_name))
            people: list[Person] = list({post.person_id: post.person for post in in_post}.values())[:KEEPERS]
            today = timezone.localdate(now)
            since = (today.year - oldest[-1].year) * 12 + today.month - oldest[-1].month - (today.day < oldest[-1].day) if oldest else 0
            months = max(queries.least_months(), since)
            with as_person(admin):
                for person in people:
                    keeping.name_keeper(council=council, person=person, by=admin, now=now)
                for outcome in SHORT:
                    keeping.set_retention(
                        council=council, outcome_class=outcome, months=months, minute_ref=_("Demonstration"), by=admin, now=now
                    )
            self.stdout.write(f"{council.key}: {len(people)}")
        with system_work():
            retiring.look_at_all(now=now)
