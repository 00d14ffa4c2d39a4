"""PURE: a calendar of dates that says when, and nothing of what: every title is the same (trust.md #16)."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One date: what tells it from others (never shown as it is) and the day."""

    source: str
    on: date


def uid_of(secret: str, source: str) -> str:
    """The entry's lasting name in one person's feed: another person's feed has another name for the same date."""
    made = hmac.new(secret.encode(), source.encode(), hashlib.sha256).digest()
    return f"{UUID(bytes=made[:16])}@calendar"


def written(entries: Iterable[Entry], *, secret: str, title: str, name: str, now: datetime) -> bytes:
    """The feed as iCalendar text: whole days, one ``title`` for all, no place, no people, no words of any case."""
    calendar = Calendar()
    calendar.add("prodid", "-//Protocol Portal//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in sorted(set(entries), key=lambda entry: (entry.on, entry.source)):
        event = Event()
        event.add("uid", uid_of(secret, entry.source))
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
        event.add("summary", title)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()
