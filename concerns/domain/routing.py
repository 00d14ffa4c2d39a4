"""Who hears a concern: the rule of the protocol that fits, and the recipients left after conflicts and vacancies.

`resolve` works on recipient tokens (roles and relations); `resolve_people` on the people who hold them today.
"""

from concerns.domain.recipients import (
    Addressed,
    BlockedPerson,
    PeopleResolution,
    options_for_deciding,
    resolve_people,
)
from concerns.domain.resolution import Blocked, Recipient, Resolution
from concerns.domain.resolver import resolve
from councils.protocol.matching import candidates, matching_rule

__all__ = [
    "Addressed",
    "Blocked",
    "BlockedPerson",
    "PeopleResolution",
    "Recipient",
    "Resolution",
    "candidates",
    "matching_rule",
    "options_for_deciding",
    "resolve",
    "resolve_people",
]
