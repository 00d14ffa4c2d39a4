"""What is wrong with a configuration: its shape (JSON Schema), then what its parts say about each other."""

import datetime
import functools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema

from councils.protocol import checks_clauses, checks_routes, checks_status
from councils.protocol.checks_routes import suggest
from councils.protocol.findings import Findings, path_of
from councils.protocol.model import Problem
from councils.protocol.parsing import build
from councils.protocol.shaping import listed, text, unwrap
from councils.protocol.words import _

SCHEMA_FILE = Path(__file__).resolve().parents[2] / "fixtures" / "protocols" / "schema.json"
# Parts of a rule that the checks below explain better than a schema can.
_EXPLAINED_BELOW = frozenset(
    "raiser subject stage topics mode basis to steps if_unavailable if_conflicted never then then_if_unresolved"
    " decided_by principal deputy also_when locks".split()
)
# A configuration without these can still be asked; one without a key or rules cannot.
_MAY_BE_MISSING = frozenset({"name", "jurisdiction", "protocol", "stages_enabled", "clauses", "kind", "title"})


@functools.cache
def _schema() -> "jsonschema.Draft202012Validator | None":
    try:
        return jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
    except OSError:
        return None


def plain(value: Any, key: str = "") -> Any:
    """The data as JSON would hold it: dates as text, clause references as text, keys as text."""
    if isinstance(value, Mapping):
        return {str(name): plain(item, str(name)) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, key) for item in value]
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if key in ("cites", "number", "ref") and isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value


def validate(data: Any, *, file: str = "", key: str = "") -> list[Problem]:
    """Everything wrong with a configuration, errors first, each with its place and how to mend it.

    `key` picks one council of a file that holds several. Never raises for what a file may hold.
    """
    findings = Findings(file)
    if not isinstance(data, Mapping):
        findings.error("not_a_mapping", "", _("A protocol configuration is a mapping of keys such as “key” and “routes”."))
        return findings.sorted()
    try:
        council = unwrap(data, key=key)
    except LookupError as error:
        keys = str(error) or _("none")
        findings.error(
            "several_councils",
            "councils",
            _("The file does not hold the council “{key}”; it holds: {keys}.").format(key=key, keys=keys)
            if key
            else _("The file must hold exactly one council; it holds: {keys}.").format(keys=keys),
            _("Keep one council in a file."),
        )
        return findings.sorted()
    if council is not data:
        findings.prefix = "council." if isinstance(data.get("council"), Mapping) else "councils[0]."
    council = plain(council)
    _check_shape(council, findings)
    if not listed(council.get("routes")):
        return findings.sorted()
    protocol = build(council)
    checks_routes.check(protocol, council, findings)
    checks_status.check(protocol, council, findings)
    checks_clauses.check(protocol, council, findings)
    findings.with_clauses(council)
    return findings.sorted()


def _check_shape(council: Mapping[str, Any], findings: Findings) -> None:
    for name in ("key", "routes"):
        if not council.get(name):
            findings.error("missing", name, _("“{name}” is missing.").format(name=name), _("Add it."))
    for name, kind, words in (
        ("routes", list, _("a list of rules")),
        ("clauses", list, _("a list of clauses")),
        ("vocabulary", Mapping, _("a mapping of words")),
        ("topics", Mapping, _("a mapping of topics")),
        ("stages_enabled", Mapping, _("a mapping of stages")),
    ):
        if council.get(name) is not None and not isinstance(council[name], kind):
            findings.error("wrong_shape", name, _("This should be {kind}.").format(kind=words))
    for index, route in enumerate(listed(council.get("routes"))):
        if not isinstance(route, Mapping):
            findings.error("wrong_shape", f"routes[{index}]", _("A rule is a mapping with raiser, subject, stage and steps."))
    schema = _schema()
    if schema is None:
        return
    for error in schema.iter_errors(council):
        _explain(error, council, findings)


def _explain(error: "jsonschema.ValidationError", council: Mapping[str, Any], findings: Findings) -> None:
    parts = list(error.absolute_path)
    path = path_of(parts)
    if any(part in _EXPLAINED_BELOW for part in parts[2:3]) and parts[0] in ("routes", "deputies"):
        return
    if any(problem.path == findings.prefix + path for problem in findings.problems):
        return
    if error.validator == "required":
        instance: Any = error.instance
        missing = [name for name in listed(error.validator_value) if name not in instance]
        for name in missing:
            place = f"{path}.{name}" if path else str(name)
            if not findings.has(place) and not (parts[:1] == ["routes"] and name in _EXPLAINED_BELOW):
                add = findings.warning if name in _MAY_BE_MISSING else findings.error
                add("missing", place, _("“{name}” is missing.").format(name=name), _("Add it."))
        return
    if error.context:
        deeper = min(error.context, key=lambda inner: (-len(inner.absolute_path), str(inner.message)))
        if len(deeper.absolute_path) > len(error.absolute_path):
            _explain(deeper, council, findings)
            return
    message, mend = _words_for(error)
    findings.error("wrong_shape", path, message, mend)


def _type_words(name: str) -> str:
    return {
        "string": _("text"),
        "object": _("a mapping"),
        "array": _("a list"),
        "boolean": _("true or false"),
        "integer": _("a whole number"),
        "number": _("a number"),
        "null": _("empty"),
    }.get(name, name)


def _words_for(error: "jsonschema.ValidationError") -> tuple[str, str]:
    shown = _shorten(error.instance)
    value: Any = error.validator_value
    explain: Mapping[str, Callable[[], tuple[str, str]]] = {
        "type": lambda: (
            _("{value} should be {kind}.").format(value=shown, kind=_(" or ").join(_type_words(str(name)) for name in listed(value))),
            _("Text that looks like a number or a date needs quotation marks."),
        ),
        "enum": lambda: (
            _("{value} is not one of the words allowed here.").format(value=shown),
            suggest(text(error.instance), map(text, value)),
        ),
        "const": lambda: (_("This must be {value}.").format(value=_shorten(value)), ""),
        "pattern": lambda: (
            _("{value} is not written the way this needs.").format(value=shown),
            _("Use lower-case words joined by underscores, dates as YYYY-MM-DD, tokens as “role:proper_officer”."),
        ),
        "minItems": lambda: (_("This list is empty."), _("Give at least {count}.").format(count=value)),
        "minLength": lambda: (_("This is empty."), _("Say something, or take the key out.")),
        "minProperties": lambda: (_("This is empty."), _("Give at least {count}.").format(count=value)),
        "maxLength": lambda: (_("This is longer than {count} characters.").format(count=value), _("Shorten it.")),
    }
    if error.validator in explain:
        return explain[str(error.validator)]()
    return _("{value} is not allowed here.").format(value=shown), _("See docs/protocol-schema.md for what this key takes.")


def _shorten(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
