"""What the pages show of messages: words for codes, every recipient, the lines at the foot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from correspondence import wording
from correspondence.enums import AudienceRole, Mark
from correspondence.models import Message
from councils.models import Person
from councils.protocol import Protocol


def shown(message: Message, *, reader: Person, protocol: Protocol | None) -> dict[str, Any]:
    """One message with its whole audience; nothing of it is left out for anybody who reads it."""
    rows = list(message.audience.all())
    return {
        "row": message,
        "text": message.body,
        "sender": message.sender.full_name,
        "mine": message.sender_id == reader.pk,
        "to": [row.person.full_name for row in rows if row.role == AudienceRole.TO],
        "copied": [row for row in rows if row.role == AudienceRole.COPIED],
        "lines": [row.line for row in rows if row.line],
        "others": [row for row in rows if row.role != AudienceRole.SENDER],
        "mark": wording.mark_label(message.mark, protocol) if message.mark != Mark.OPEN else "",
        "colour": wording.mark_colour(message.mark, protocol),
        "was": wording.mark_label(message.marking, protocol) if message.unmarked_at else "",
    }


def all_of(messages: Iterable[Message], *, reader: Person, protocol: Protocol | None) -> list[dict[str, Any]]:
    """The messages of a page, oldest first."""
    return [shown(message, reader=reader, protocol=protocol) for message in messages]
