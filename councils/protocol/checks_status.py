"""What a configuration says of itself: citations, adoption, review dates, words the law has overtaken, missing groups."""

from collections.abc import Iterator, Mapping
from typing import Any

from councils.protocol import vocabulary as v
from councils.protocol.findings import TITLE_BLOCK, Findings, path_of
from councils.protocol.model import Protocol, ReviewRule
from councils.protocol.parsing import route_tokens
from councils.protocol.reviewing import period
from councils.protocol.shaping import as_date, listed, mapping, text
from councils.protocol.shaping import words as text_list
from councils.protocol.words import _


def check(protocol: Protocol, data: Mapping[str, Any], findings: Findings) -> None:
    """Add what is wrong with citations, adoption, review and the council's own set-up to the findings."""
    _check_cites(protocol, data, findings)
    _check_clauses(data, findings)
    _check_adoption(protocol, data, findings)
    _check_review(protocol, data, findings)
    _check_setup(protocol, data, findings)
    _check_topics(protocol, findings)
    _check_own_roles(protocol, findings)


def _cites(value: Any, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in ("clauses", "settings") and not path:
                continue
            if (str(key).endswith("cites") or path == ("topics",)) and isinstance(item, (list, str)):
                for position, ref in enumerate(listed(item)):
                    yield (*path, key, position), text(ref)
            else:
                yield from _cites(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _cites(item, (*path, position))


def _check_cites(protocol: Protocol, data: Mapping[str, Any], findings: Findings) -> None:
    if not protocol.clauses:
        findings.warning(
            "no_clauses",
            "clauses",
            _("The file lists no clauses, so its citations cannot be checked."),
            _("List each clause with its number and heading."),
        )
        return
    for path, ref in _cites(data):
        if ref == TITLE_BLOCK:
            continue
        clause = protocol.clauses.get(ref)
        if clause is not None:
            if clause.deleted:
                message = _("Clause {ref} is deleted in this version.").format(ref=ref)
                findings.warning("deleted_clause", path_of(path), message, cites=(ref,))
            continue
        if any(other.startswith((f"{ref}.", f"{ref}(")) for other in protocol.clauses):
            continue
        findings.error(
            "unknown_clause",
            path_of(path),
            _("There is no clause {ref}.").format(ref=ref),
            _("Cite a clause from the list, or “hdr” for the title block."),
            cites=(ref,),
        )


def _check_clauses(data: Mapping[str, Any], findings: Findings) -> None:
    seen: dict[str, str] = {}
    for index, item in enumerate(listed(data.get("clauses"))):
        entries = [("number", mapping(item))] + [("ref", mapping(part)) for part in listed(mapping(item).get("parts"))]
        for key, entry in entries:
            ref = text(entry.get(key))
            if ref and ref in seen:
                message = _("Clause {ref} is listed twice.").format(ref=ref)
                findings.error("duplicate_clause", f"clauses[{index}]", message, _("Keep one of them."), cites=(ref,))
            seen[ref] = ref


def _check_adoption(protocol: Protocol, data: Mapping[str, Any], findings: Findings) -> None:
    head = mapping(data.get("protocol"))
    adoption = mapping(head.get("adoption"))
    printed = mapping(head.get("adopted_on"))
    body = text(head.get("adopted_by")) or text(adoption.get("body"))
    dated = as_date(head.get("adopted_on")) or as_date(adoption.get("date")) or adoption.get("year") or printed.get("printed")
    if protocol.status not in v.STATUSES:
        findings.error(
            "unknown_status", "protocol.status", _("There is no status “{word}”.").format(word=protocol.status), ", ".join(v.STATUSES)
        )
    if protocol.status in ("in_force", "approved"):
        if not body:
            findings.error(
                "no_adoption_body",
                "protocol.adopted_by",
                _("It says it is in force, but not which body adopted it."),
                _("Name the body, or set the status to draft."),
            )
        if not dated:
            findings.error(
                "no_adoption_date",
                "protocol.adopted_on",
                _("It says it is in force, but not when it was adopted."),
                _("Give the date, or set the status to draft."),
            )
        elif not as_date(head.get("adopted_on")) and not as_date(adoption.get("date")):
            message, mend = _("The day of adoption is not known."), _("Enter the minute and the day.")
            findings.warning("adoption_day_unknown", "protocol.adopted_on", message, mend, cites=(TITLE_BLOCK,))
    elif protocol.status == "draft":
        findings.warning(
            "draft",
            "protocol.status",
            _("This protocol is a draft: it can be tried out, but nothing can be lodged under it."),
            _("Enter the adopting body and date, then bring it into force."),
            cites=(TITLE_BLOCK,),
        )


def _check_review(protocol: Protocol, data: Mapping[str, Any], findings: Findings) -> None:
    rules = [rule for rule in protocol.review_rules if rule.basis != "default"]
    dated = sorted({rule.due for rule in protocol.review_rules if rule.due is not None})
    place = "protocol.review.rules"
    if not dated and not any(rule.type == "event" or period(rule.every) for rule in rules):
        findings.warning("no_review_date", place, _("The protocol sets no review date."), _("Let the council set one."))
    elif not rules:
        findings.warning("no_review_date", place, _("The protocol sets no review cycle; a default is used."), _("Let the council set one."))
    events = [rule for rule in protocol.review_rules if rule.type == "event" and rule.event]
    if len(dated) > 1 or (dated and events):
        dates = sorted((rule for rule in protocol.review_rules if rule.due is not None), key=lambda rule: str(rule.due))
        competing = [*dates, *(rule for rule in events if rule.due is None)]
        findings.warning(
            "competing_reviews",
            place,
            _("More than one review is due: {dates}. The earliest counts.").format(dates=", ".join(map(_review_words, competing))),
            _("Let the council settle which one it means."),
            cites=[ref for rule in competing for ref in rule.cites],
        )
    for index, rule in enumerate(protocol.review_rules):
        if rule.type == "interval" and not rule.every:
            findings.warning(
                "no_interval", f"{place}[{index}].every", _("The review interval is not set."), _("Let the council set one, such as every four years (P4Y).")
            )
    head = mapping(data.get("protocol"))
    approved, reviewed = text(head.get("adopted_by")), protocol.review_body
    if approved and reviewed and approved.casefold() != reviewed.casefold() and approved.casefold() != protocol.name.casefold():
        findings.warning(
            "review_body",
            "protocol.review.body",
            _("{approved} adopted it, but {reviewed} reviews it.").format(approved=approved, reviewed=reviewed),
        )


def _review_words(rule: ReviewRule) -> str:
    """One competing review: its day or occasion, how it comes about, and where that is said."""
    parts = [f"{rule.due.day} {rule.due:%B %Y}" if rule.due else rule.event.replace("_", " ")]
    if rule.type == "interval" and rule.every:
        years = rule.every.removeprefix("P").removesuffix("Y")
        parts.append(_("every year") if years == "1" else _("every {count} years").format(count=years) if years.isdigit() else rule.every)
    if rule.basis == "default":
        parts.append(_("a default"))
    parts += [_("title block") if ref == TITLE_BLOCK else ref for ref in rule.cites]
    return f"{parts[0]} ({', '.join(parts[1:])})" if len(parts) > 1 else parts[0]


def _texts(value: Any, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if path or key != "clauses":
                yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _texts(item, (*path, position))
    elif isinstance(value, str):
        yield path, value


def _check_hr_group(protocol: Protocol, data: Mapping[str, Any], findings: Findings) -> None:
    """A group for staff matters: none named, or one that is only meant to be there. It is the body that hears a grievance."""
    hears = mapping(mapping(data.get("proceedings")).get("grievance")).get("body")
    code = str(hears or "body:hr_panel").removeprefix("body:")
    group = protocol.words.get(code)
    body = mapping(protocol.bodies.get(code))
    basis = group.basis if group is not None else body.get("basis")
    if (group is None or not group.label) and not body or basis == "default":
        findings.warning(
            "no_hr_group",
            f"vocabulary.{code}",
            _("No group of councillors is delegated to deal with staff matters."),
            _("Let the council appoint one."),
            cites=[ref for rule in protocol.routes if f"body:{code}" in route_tokens(rule) for ref in rule.cites],
        )
        return
    if body and not mapping(body.get("delegated")).get("minute_ref"):
        findings.warning(
            "hr_group_not_delegated",
            f"bodies.{code}.delegated",
            _("The protocol wants staff matters delegated to {group}, but no decision that does so is entered.").format(
                group=group.label if group is not None and group.label else body.get("label") or protocol.label(code)
            ),
            _("Let the council appoint the group, and enter the minute; until then these routes lead to nobody."),
            cites=(*text_list(body.get("cites")), *(group.cites if group is not None else ())),
        )


def _where_the_officer_acts(protocol: Protocol, authority: Mapping[str, Any]) -> tuple[str, ...]:
    """The clauses that speak of the Monitoring Officer or of the Code, for want of better ones."""
    cites = text_list(authority.get("cites"))
    if not cites and (word := protocol.words.get("monitoring_officer")):
        cites = word.cites
    if not cites and "code_of_conduct" in protocol.stages:
        cites = protocol.stages["code_of_conduct"].cites
    return cites


def _check_setup(protocol: Protocol, data: Mapping[str, Any], findings: Findings) -> None:
    principal = protocol.has_own_officer
    if not principal:
        _check_hr_group(protocol, data, findings)
    authority = mapping(data.get("principal_authority"))
    named = authority.get("name_in_seed") or authority.get("name_in_document") or authority.get("name")
    if authority.get("named") is False:
        named = ""
    uses_officer = any("ext:principal_mo" in route_tokens(rule) for rule in protocol.routes)
    if not principal and protocol.jurisdiction == "England" and not named and (uses_officer or "code_of_conduct" in protocol.stages):
        findings.warning(
            "unnamed_monitoring_officer",
            "principal_authority",
            _("The protocol does not say whose Monitoring Officer is meant."),
            _("Name the principal authority and confirm the contact every year."),
            cites=_where_the_officer_acts(protocol, authority),
        )
    for path, words in _texts(data):
        if "standards board" in words.casefold() or path[-1] == "standards_board":
            findings.warning(
                "standards_board",
                path_of(path),
                _("The Standards Board for England was abolished in 2012."),
                _("Send Code matters to the principal authority's Monitoring Officer."),
            )
    if isinstance(mapping(data.get("vocabulary")).get("standards_board"), Mapping) and not findings.has("vocabulary.standards_board.label"):
        findings.warning(
            "standards_board",
            "vocabulary.standards_board",
            _("The Standards Board for England was abolished in 2012."),
            _("Send Code matters to the principal authority's Monitoring Officer."),
        )
    watchers = protocol.visibility.get("hidden_watchers")
    if watchers not in (None, "forbidden", False):
        findings.error("hidden_watchers", "visibility.hidden_watchers", _("Hidden readers cannot be allowed."), _("Write “forbidden”."))
    if protocol.visibility.get("admin_sees_content") is True:
        findings.error(
            "admin_sees_content", "visibility.admin_sees_content", _("An administrator never sees what a concern says."), _("Write false.")
        )
    if not protocol.exception_route.to:
        findings.warning(
            "no_exception_route",
            "exception_route",
            _("Nobody is named to find a handler when a rule runs out."),
            _("Name at least one recipient outside the council."),
        )
    if protocol.jurisdiction not in v.JURISDICTIONS:
        findings.error(
            "unknown_jurisdiction",
            "jurisdiction",
            _("There is no jurisdiction “{word}”.").format(word=protocol.jurisdiction),
            ", ".join(v.JURISDICTIONS),
        )


def _check_own_roles(protocol: Protocol, findings: Findings) -> None:
    """Roles of the council's own: rules may name them, and the portal keeps no appointments to them."""
    for role in sorted(protocol.roles - set(v.PARENT_OF)):
        findings.warning(
            "own_role",
            f"vocabulary.{role}",
            _("“{word}” is a role of this council's own: rules may name it, but the portal can't appoint anybody to it yet.").format(
                word=protocol.label(role)
            ),
            _("Name a known role beside it, or the recipient is always away."),
        )


def _check_topics(protocol: Protocol, findings: Findings) -> None:
    for topic in protocol.topics:
        if topic not in v.TOPICS:
            findings.warning("own_topic", f"topics.{topic}", _("“{word}” is a topic of this council's own.").format(word=topic))
