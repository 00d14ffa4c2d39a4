"""From a checked configuration to a Protocol."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from councils.protocol import vocabulary
from councils.protocol.model import (
    ConfidentialityRule,
    Deputy,
    ExceptionRoute,
    Mediator,
    Protocol,
    ReviewRule,
    Route,
    Stage,
    Step,
    Word,
)
from councils.protocol.shaping import as_date, clause_index, condition_of, freeze, listed, mapping, text, tokens, words

_ROUTE_KEYS = frozenset(Route.__dataclass_fields__) | {"raiser", "subject", "stage", "to", "chair_is", "requires"}
_PROTOCOL_KEYS = frozenset(
    "key name kind jurisdiction status vocabulary stages_enabled stages routes topics clauses deputies conflict_rules"
    " confidentiality visibility targets bodies mediators formal_outcomes exception_route external_bodies interpretation"
    " protocol".split()
)
_BODY_LIKE = re.compile(r"(panel|committee|board|council|group|team|public|press)$")
_COUNCILLOR_LIKE = re.compile(r"(chair|mayor|councillor|leader|alderman|sheriff|_member)")
# Where a council has named nobody, someone outside is asked to find a handler; shown as a default.
_DEFAULT_EXCEPTION_ROUTE = ("ext:principal_mo",)
_DEFAULT_EXCEPTION_ROUTE_PRINCIPAL = ("role:chief_executive", "role:monitoring_officer", "ext:independent_person")


def status_of(data: Mapping[str, Any]) -> str:
    """The status a configuration claims; in force only with a body and a date behind it."""
    head = mapping(data.get("protocol"))
    for claimed in (data.get("status"), head.get("status")):
        if text(claimed):
            return text(claimed).lower().replace(" ", "_")
    printed = f"{text(head.get('version'))} {text(mapping(data.get('tracked_changes')).get('document_status'))}".lower()
    if "draft" in printed:
        return "draft"
    if as_date(head.get("in_force_from")) and text(head.get("adopted_by")) and as_date(head.get("adopted_on")):
        return "in_force"
    return "draft"


def role_parents(data: Mapping[str, Any]) -> dict[str, str]:
    """Which kind each role belongs to, the council's own roles included (`vocabulary.<role>.is_a`)."""
    parents = dict(vocabulary.PARENT_OF)
    for code, word in mapping(data.get("vocabulary")).items():
        if not isinstance(code, str) or code in parents or code in vocabulary.BODY_WORDS:
            continue
        kind = text(mapping(word).get("is_a") or mapping(word).get("kind"))
        if kind in ("body", "external") or (not kind and _BODY_LIKE.search(code)):
            continue
        parents[code] = kind or ("councillor" if _COUNCILLOR_LIKE.search(code) else "officer")
    return parents


def parse_words(value: Any) -> dict[str, Word]:
    found: dict[str, Word] = {}
    for code, word in mapping(value).items():
        if isinstance(word, str):
            found[str(code)] = Word(str(code), word.strip())
        elif isinstance(word, Mapping):
            found[str(code)] = Word(
                str(code),
                text(word.get("label")),
                text(word.get("plural")),
                words(word.get("cites")),
                text(word.get("basis")) or "stated",
            )
    return found


def parse_stages(value: Any) -> dict[str, Stage]:
    found: dict[str, Stage] = {}
    for code, entry in mapping(value).items():
        settings = entry if isinstance(entry, Mapping) else {"enabled": entry}
        enabled = settings.get("enabled", True)
        if isinstance(enabled, str):
            word = enabled.strip().lower()
            enabled = "optional" if word == "optional" else word not in ("false", "no", "off")
        found[str(code)] = Stage(
            code=str(code),
            enabled=enabled if isinstance(enabled, str) else bool(enabled),
            cites=words(settings.get("cites")),
            basis=text(settings.get("basis")) or "stated",
            why=text(settings.get("why")),
            legal=text(settings.get("legal")),
            limit_when_subject_is_councillor=bool(settings.get("limit_when_subject_is_councillor")),
            mandatory_when=text(settings.get("mandatory_when")),
            may_be_skipped=settings.get("may_be_skipped") is not False,
            settings=freeze(settings),
        )
    return found


def known_words(data: Mapping[str, Any], parents: Mapping[str, str]) -> dict[str, str]:
    """Every word a `when` may name a role or topic by: its code, the code with spaces, the council's own label."""
    codes = {*parents, *vocabulary.ANYONE, *vocabulary.TOPICS, *(str(topic) for topic in mapping(data.get("topics")))}
    found = {code.replace("_", " "): code for code in codes} | {code: code for code in codes}
    for code, word in parse_words(data.get("vocabulary")).items():
        if code in parents:
            for label in (word.label, *words(mapping(mapping(data.get("vocabulary")).get(code)).get("also"))):
                found.setdefault(label.lower(), code)
    return found


def parse_steps(value: Any, known: Mapping[str, str]) -> tuple[Step, ...]:
    found: list[Step] = []
    for entry in listed(value):
        step = entry if isinstance(entry, Mapping) else {"to": entry}
        condition, note = condition_of(step, known)
        for token in tokens(step.get("to", step.get("who"))):
            found.append(
                Step(
                    token=token,
                    act=text(step.get("act")),
                    label=text(step.get("label")),
                    note=text(step.get("note")),
                    when=note,
                    condition=condition,
                    optional=step.get("optional") is True,
                    preferred=step.get("preferred") is True,
                    limit=text(step.get("limit")),
                    cites=words(step.get("cites")),
                    basis=text(step.get("basis")),
                    legal=text(step.get("legal")),
                    as_stage=text(step.get("as")),
                    decided_by=tokens(step.get("decided_by")),
                )
            )
    return tuple(found)


def parse_route(data: Mapping[str, Any], known: Mapping[str, str], *, override: bool = False) -> Route:
    """One rule. A `when_subject_is_<role>: {…}` block becomes the same rule with those parts replaced."""
    overrides: list[tuple[str, Route]] = []
    if not override:
        for key, block in data.items():
            if isinstance(key, str) and key.startswith("when_subject_is_") and isinstance(block, Mapping):
                overrides.append((key.removeprefix("when_subject_is_"), parse_route({**data, **block}, known, override=True)))
    steps = parse_steps(data.get("steps") if data.get("steps") is not None else data.get("to"), known)
    mode = text(data.get("mode")) or ("any_of" if len(steps) > 1 else "all_of")
    return Route(
        id=text(data.get("id")),
        raisers=words(data.get("raiser")) or ("any",),
        subjects=words(data.get("subject")) or ("person",),
        stages=words(data.get("stage")),
        mode=mode,
        steps=steps,
        topics=frozenset(words(data.get("topics") if data.get("topics") is not None else data.get("topic"))),
        strength=text(data.get("strength")) or "should",
        basis=text(data.get("basis")) or "stated",
        cites=words(data.get("cites")),
        if_unavailable=tokens(data["if_unavailable"]) if data.get("if_unavailable") is not None else None,
        if_conflicted=tokens(data.get("if_conflicted")),
        never=tokens(data.get("never")),
        never_why=text(data.get("never_why")),
        requires=words(data.get("requires")),
        decided_by=tokens(data.get("decided_by")),
        then_if_unresolved=tokens(data.get("then_if_unresolved")),
        then=tokens(data.get("then")),
        also_when=MappingProxyType({str(fact): tokens(to) for fact, to in mapping(data.get("also_when")).items()}),
        overrides=tuple(overrides),
        skip_first_step_when=frozenset(words(data.get("skip_first_step_when"))),
        chair_intake_only=text(data.get("chair_is")) == "intake_only",
        redirect=text(data.get("redirect")),
        guard=text(data.get("guard")),
        kind=text(data.get("kind")),
        may_become=text(data.get("may_become")),
        joint_duty=text(data.get("joint_duty")),
        note=text(data.get("note")),
        locks=words(data.get("locks")),
        exclude_viewers=tuple(freeze(item if isinstance(item, Mapping) else {"who": item}) for item in listed(data.get("exclude_viewers"))),
        settings=freeze({key: value for key, value in data.items() if key not in _ROUTE_KEYS}),
    )


def parse_deputies(value: Any) -> tuple[Deputy, ...]:
    found: list[Deputy] = []
    for entry in listed(value):
        item = mapping(entry)
        for deputy in words(item.get("deputy")):
            found.append(
                Deputy(
                    principal=text(item.get("principal")).removeprefix("role:"),
                    deputy=deputy.removeprefix("role:"),
                    basis=text(item.get("basis")) or "stated",
                    cites=words(item.get("cites")),
                    when=text(item.get("when")),
                )
            )
    return tuple(found)


def parse_confidentiality(value: Any) -> tuple[ConfidentialityRule, ...]:
    found: list[ConfidentialityRule] = []
    for entry in listed(value):
        item = mapping(entry)
        found.append(
            ConfidentialityRule(
                id=text(item.get("id")),
                rule=text(item.get("rule")),
                strength=text(item.get("strength")) or "should",
                software=text(item.get("software")) or "prompt",
                about=text(item.get("about") or item.get("applies_to")),
                exceptions=tuple(word for word in words(item.get("exceptions")) if word != "none"),
                cites=words(item.get("cites")),
                marking=freeze(mapping(item.get("marking"))),
                reason_required=bool(item.get("reason_required_with_marking") or item.get("reason_required")),
                disclosure_line=text(item.get("disclosure_line")),
            )
        )
    return tuple(found)


def parse_review(value: Any) -> tuple[ReviewRule, ...]:
    return tuple(
        ReviewRule(
            id=text(item.get("id")),
            type=text(item.get("type")),
            date=as_date(item.get("date")),
            every=text(item.get("every")),
            counted_from=text(item.get("counted_from")),
            gives=as_date(item.get("gives")),
            event=text(item.get("event")),
            basis=text(item.get("basis")) or "stated",
            cites=words(item.get("cites")),
            note=text(item.get("note")),
            printed=text(item.get("printed")),
        )
        for item in map(mapping, listed(mapping(value).get("rules")))
    )


def _coded(value: Any) -> Mapping[str, Any]:
    """A mapping by code, from a mapping or from a list of `{code: …}`."""
    if isinstance(value, Mapping):
        return freeze({str(code): mapping(item) or {"name": item} for code, item in value.items()})
    return freeze({text(mapping(item).get("code")): item for item in listed(value) if text(mapping(item).get("code"))})


def _exception_route(value: Any, kind: str) -> ExceptionRoute:
    if value is None:
        principal = kind.startswith(vocabulary.PRINCIPAL_KINDS)
        return ExceptionRoute(_DEFAULT_EXCEPTION_ROUTE_PRINCIPAL if principal else _DEFAULT_EXCEPTION_ROUTE, named=False)
    item = mapping(value)
    to = tokens(item.get("steps") if item.get("steps") is not None else item.get("to", item.get("who"))) if item else tokens(value)
    return ExceptionRoute(to, text(item.get("basis")) or "stated", words(item.get("cites")))


def route_tokens(route: Route) -> tuple[str, ...]:
    """Every token a rule can lead to."""
    found = [step.token for step in route.steps]
    found += [*(route.if_unavailable or ()), *route.if_conflicted, *route.never, *route.then_if_unresolved, *route.then]
    for extra in route.also_when.values():
        found += extra
    for _role, other in route.overrides:
        found += route_tokens(other)
    return tuple(dict.fromkeys(found))


def build(data: Mapping[str, Any]) -> Protocol:
    """The Protocol of one council's configuration (already unwrapped and checked)."""
    head = mapping(data.get("protocol"))
    parents = role_parents(data)
    vocabulary_words = parse_words(data.get("vocabulary"))
    known_codes = known_words(data, parents)
    routes = tuple(parse_route(item, known_codes) for item in listed(data.get("routes")) if isinstance(item, Mapping))
    mediators = tuple(
        Mediator(
            text(mapping(item).get("who")) if isinstance(item, Mapping) else text(item),
            text(mapping(item).get("label")),
            text(mapping(item).get("basis")) or "default",
            words(mapping(item).get("cites")),
        )
        for item in listed(data.get("mediators"))
    )
    exception_route = _exception_route(data.get("exception_route"), text(data.get("kind")))
    roles = {role for role in parents if role != "person"}
    clauses = clause_index(data.get("clauses"))
    deputies = parse_deputies(data.get("deputies"))
    used = {token for route in routes for token in route_tokens(route)} | set(exception_route.to)
    used |= {mediator.token for mediator in mediators} | {f"role:{entry.deputy}" for entry in deputies}
    known = {f"role:{role}" for role in roles} | set(vocabulary.REL_TOKENS) | set(vocabulary.PROC_TOKENS)
    known |= {f"body:{code}" for code in vocabulary.BODY_CODES} | {f"ext:{code}" for code in vocabulary.EXTERNAL_CODES}
    known |= {vocabulary.PARTY_SUBJECT}
    review = mapping(head.get("review"))
    return Protocol(
        key=text(data.get("key")),
        name=text(data.get("name")) or text(data.get("key")),
        kind=text(data.get("kind")) or "town_council",
        jurisdiction=text(data.get("jurisdiction")) or "England",
        status=status_of(data),
        title=text(head.get("title")),
        version=text(head.get("version")),
        words=MappingProxyType(vocabulary_words),
        stages=MappingProxyType(parse_stages(data.get("stages_enabled", data.get("stages")))),
        routes=routes,
        topics=MappingProxyType({str(topic): words(cites) for topic, cites in mapping(data.get("topics")).items()}),
        clauses=MappingProxyType(clauses),
        deputies=deputies,
        conflict_rules=freeze(mapping(data.get("conflict_rules"))),
        confidentiality=parse_confidentiality(data.get("confidentiality")),
        visibility=freeze(mapping(data.get("visibility"))),
        targets=freeze(mapping(data.get("targets"))),
        bodies=_coded(data.get("bodies")),
        mediators=mediators,
        formal_outcomes=MappingProxyType({str(k): words(v) for k, v in mapping(data.get("formal_outcomes")).items()}),
        exception_route=exception_route,
        review_rules=parse_review(review),
        review_body=text(mapping(review.get("body")).get("value") if isinstance(review.get("body"), Mapping) else review.get("body")),
        external_bodies=_coded(data.get("external_bodies")),
        interpretation=freeze(mapping(data.get("interpretation"))),
        adoption=freeze(head),
        settings=freeze({key: value for key, value in data.items() if key not in _PROTOCOL_KEYS}),
        roles=frozenset(roles),
        parents=MappingProxyType(parents),
        tokens=frozenset(known | used),
    )
