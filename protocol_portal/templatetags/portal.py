"""Template filters every page may use: the council's own words, clause links."""

from __future__ import annotations

from typing import Any

from django import template

from councils import own_words, wording

register = template.Library()


@register.filter
def role_label(role: str, protocol: Any = None) -> str:
    """`{{ role|role_label:protocol }}`: the council's own word for a role."""
    return wording.role_label(role, protocol or None)


@register.filter
def token_label(token: str, protocol: Any = None) -> str:
    """`{{ token|token_label:protocol }}`: a recipient token in words."""
    return wording.token_label(token, protocol or None)


@register.filter
def clause_label(ref: str, protocol: Any = None) -> str:
    """`{{ ref|clause_label:protocol }}`: how a clause is named on screen."""
    return wording.clause_label(ref, protocol or None)


@register.filter
def topic_label(code: str) -> str:
    """`{{ code|topic_label }}`: a topic in words."""
    return wording.topic_label(code)


@register.filter
def stage_label(code: str) -> str:
    """`{{ code|stage_label }}`: a stage in words."""
    return wording.stage_label(code)


@register.filter
def own_words_of(text: Any, protocol: Any = None) -> Any:
    """`{{ line|own_words_of:protocol }}`: a sentence of ours; the names and phrases in it that are the protocol's are marked as English."""
    return own_words.among(text, protocol or None)


@register.filter
def all_own_words(text: Any) -> Any:
    """`{{ protocol.title|all_own_words }}`: words that the council wrote, marked as English on a page in another language."""
    return own_words.whole(text)


@register.filter
def source_label(basis: str) -> str:
    """`{{ basis|source_label }}`: where a rule comes from."""
    return wording.source_label(basis)


@register.filter
def law_kind(kind: str) -> str:
    """`{{ item.kind|law_kind }}`: Law, Court decision, Code or Practice."""
    return str(wording.LAW_KINDS.get(kind, kind))


@register.filter
def clause_id(ref: str) -> str:
    """An HTML id for a clause: "11.3(d)" becomes "clause-11.3-d"."""
    kept = "".join(letter if letter.isalnum() or letter == "." else "-" for letter in str(ref))
    return "clause-" + kept.strip("-")


@register.simple_tag
def published_answers(council: Any) -> dict[str, Any]:
    """`{% published_answers council as answered %}`: the answers published without names, by clause."""
    from information import queries

    return queries.by_clause(queries.published_in(council))


@register.filter
def at(found: dict[str, Any], key: str) -> Any:
    """`{{ answered|at:clause.ref }}`: what is kept under a key, or nothing."""
    return found.get(key, ())


@register.filter
def any_change(rows: Any) -> bool:
    """Whether one of a summary list's rows can be changed, so that the list needs a column for it."""
    return any(row.get("href") for row in rows or ())


@register.simple_tag
def route_map(protocol: Any, council: Any, today: Any) -> Any:
    """`{% route_map protocol council today as map %}`: who hears what, as pictures and in words."""
    from councils import law_layer
    from studio.reports.maps import route_map_of

    return route_map_of(protocol, law_layer.in_force(council.jurisdiction, today))


@register.simple_tag
def review_calendar(council: Any, today: Any) -> Any:
    """`{% review_calendar council today as calendar %}`: the review dates of a council as a picture, or nothing."""
    from studio.reports import calendar

    return calendar.review_calendar(council, on=today)
