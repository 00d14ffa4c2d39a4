"""Small conversions that let a configuration be written in the ways people write it: one word or a list, and so on."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from councils.protocol.model import NO_CONDITION, Clause, Condition

_PARTY_IS = re.compile(
    r"^\s*(?:if\s+)?(?:the\s+)?(subject|raiser|topic)\s*(?:is|==|=|:)\s*(not\s+)?(?:(?:a|an|the)\s+)?([a-z][a-z0-9_ ]*?)[\s.]*$",
    re.IGNORECASE,
)
_NOBODY = frozenset({"none", "nobody", "null"})


def freeze(value: Any) -> Any:
    """The same data with nothing in it that can be changed."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: freeze(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item) for item in value)
    if isinstance(value, (set, frozenset)):
        return frozenset(value)
    return value


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def listed(value: Any) -> list[Any]:
    """A list, whatever was written: nothing, one thing, or a list."""
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return list(value)
    return [value]


def words(value: Any) -> tuple[str, ...]:
    """A tuple of words from one word or a list of them."""
    return tuple(text(item) for item in listed(value) if isinstance(item, (str, int, float)) and not isinstance(item, bool))


def tokens(value: Any) -> tuple[str, ...]:
    """Recipient tokens from a token, a list of tokens, a `{to: …}`, or a list of those."""
    found: list[str] = []
    for item in listed(value):
        if isinstance(item, Mapping):
            found.extend(tokens(item.get("to", item.get("who"))))
        elif isinstance(item, str) and item.strip().lower() not in _NOBODY:
            found.append(item.strip())
    return tuple(found)


def text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def as_date(value: Any) -> date | None:
    """A date from a date, an ISO string or a `{date: …}`; None where there is none."""
    if isinstance(value, Mapping):
        value = value.get("date")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip()[:10])
        except ValueError:
            return None
    return None


def condition_of(step: Mapping[str, Any], known: Mapping[str, str]) -> tuple[Condition, str]:
    """What software can decide of a step's `when`, and the words it cannot. `known` maps words to roles and topics.

    `when: subject is proper_officer`, `when: {subject: …}`, `when_subject: …` and `when_subject_is: …` are decided;
    any other text is the council's own words and stays a note.
    """
    subject = list(words(step.get("when_subject"))) + list(words(step.get("when_subject_is")))
    raiser = list(words(step.get("when_raiser"))) + list(words(step.get("when_raiser_is")))
    topics = list(words(step.get("when_topic"))) + list(words(step.get("when_topics")))
    subject_not = list(words(step.get("unless_subject")))
    raiser_not = list(words(step.get("unless_raiser")))
    for key in step:
        if isinstance(key, str) and key.startswith("when_subject_is_") and step[key]:
            subject.append(key.removeprefix("when_subject_is_"))
    note = ""
    when = step.get("when")
    if isinstance(when, Mapping):
        subject += words(when.get("subject"))
        raiser += words(when.get("raiser"))
        topics += words(when.get("topic")) + words(when.get("topics"))
        note = text(when.get("note"))
    elif isinstance(when, str):
        match = _PARTY_IS.match(when)
        kind = known.get(match.group(3).lower().strip(), "") if match else ""
        if match and kind:
            party, negative = match.group(1).lower(), match.group(2)
            if party == "topic":
                topics.append(kind)
            elif party == "subject":
                (subject_not if negative else subject).append(kind)
            else:
                (raiser_not if negative else raiser).append(kind)
        else:
            note = when.strip()
    condition = Condition(tuple(subject), tuple(subject_not), tuple(raiser), tuple(raiser_not), tuple(topics))
    return (NO_CONDITION if condition.is_empty else condition), note


def clause_index(value: Any) -> dict[str, Clause]:
    """Every clause and part by its reference; `hdr` is always there (the title block has no number)."""
    found: dict[str, Clause] = {}
    for item in listed(value):
        if not isinstance(item, Mapping):
            continue
        number = text(item.get("number", item.get("ref")))
        heading = text(item.get("heading"))
        if number:
            found[number] = Clause(
                ref=number,
                display=text(item.get("display")) or number,
                heading=heading,
                gist=text(item.get("gist") or item.get("text")),
                deleted=bool(item.get("deleted")) or text(item.get("status")) == "deleted",
                ref_assigned=bool(item.get("ref_assigned")),
            )
        for part in listed(item.get("parts")):
            if isinstance(part, Mapping) and text(part.get("ref")):
                ref = text(part.get("ref"))
                found[ref] = Clause(
                    ref=ref,
                    display=text(part.get("display")) or ref,
                    heading=heading,
                    gist=text(part.get("gist") or part.get("text")),
                    deleted=bool(part.get("deleted") or item.get("deleted")),
                    ref_assigned=bool(part.get("ref_assigned")),
                    parent=number,
                )
    return found


def unwrap(data: Mapping[str, Any], *, key: str = "") -> Mapping[str, Any]:
    """One council's configuration from a file that may wrap it as `council:` or `councils: [one]`.

    `key` picks one council of several. Raises LookupError, with the keys there are, when it cannot be told which, or none is it.
    """
    if isinstance(data.get("council"), Mapping):
        return unwrap({"councils": [data["council"]]}, key=key)
    if key and "councils" not in data:
        return unwrap({"councils": [data]}, key=key)
    if "councils" in data and "routes" not in data:
        councils = data["councils"]
        if isinstance(councils, Mapping):
            councils = [{"key": name, **mapping(item)} for name, item in councils.items()]
        choices = [item for item in listed(councils) if isinstance(item, Mapping)]
        if key:
            choices = [item for item in choices if text(item.get("key")) == key]
        if len(choices) != 1:
            raise LookupError(", ".join(text(item.get("key")) for item in listed(councils) if isinstance(item, Mapping)))
        return choices[0]
    return data


def unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
