"""Clocks of the studio. Each is a wake-up without arguments: what is due is read from PostgreSQL."""

from celery import shared_task
from django.utils import timezone

from councils.rls import system_work
from studio.actions import invitations, people_import
from studio.actions import proof as actions
from studio.queries import proof as queries

AT_ONCE = 100


@shared_task(name="studio.tasks.send_invitations", ignore_result=True)
def send_invitations() -> None:
    """Send the invitations that are due, one after the other; one that fails waits for its next turn. Old lists of people go."""
    people_import.forget_old(now=timezone.now())
    for _turn in range(AT_ONCE):
        if not invitations.send_next(now=timezone.now()):
            return


@shared_task(name="studio.tasks.rehearse_again", ignore_result=True)
def rehearse_again() -> None:
    """Rehearse every council where people, bodies or the protocol changed, or a new day began; tell what became unsafe, once."""
    now = timezone.now()
    with system_work():
        councils = queries.wanted(on=timezone.localdate(now))
    for council in councils:
        with system_work():
            actions.rehearse(council=council, by=None, now=now)
    with system_work():
        for run in queries.untold():
            actions.tell_what_became_unsafe(run=run, now=now)
