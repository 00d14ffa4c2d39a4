"""`manage.py protocol check | route | rehearse | load`: a council's protocol from the command line.

With `--file`, `check`, `route` and `rehearse` read that file and nothing else: no database is touched. `--council` asks what is
loaded, and the file shipped for that key where nothing is, or where the environment names no database.
"""

import json
import re
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.domain.rehearsing import rehearse_people
from concerns.domain.resolution import Resolution
from concerns.domain.routing import resolve
from councils import law as law_layer
from councils.law import LawItem
from councils.protocol import LARGEST_FILE, ProtocolFileError, read_yaml, unwrap, validate
from councils.protocol import vocabulary as v
from councils.protocol.model import Problem, Protocol
from councils.protocol.parsing import build
from councils.rehearsal import FAILING, rehearse

EXIT_FOUND = 1
EXIT_USAGE = 2
_KEY = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")


class Command(BaseCommand):
    """Check, ask, rehearse or load a protocol configuration."""

    help = "Check a council's protocol, ask it who hears a concern, rehearse every case, or load it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for name, words in (
            ("check", "list what is wrong with a configuration; exit 1 if there is an error"),
            ("route", "say who hears a concern"),
            ("rehearse", "play every case; exit 1 on a dead end, loop or self-referral"),
        ):
            verb = verbs.add_parser(name, help=words)
            verb.add_argument("--file", help="a configuration file; no database is touched")
            verb.add_argument("--council", help="the key of a council (with --file: of the council in that file)")
            verb.add_argument("--json", action="store_true", help="answer in JSON")
            if name == "rehearse":
                verb.add_argument("--people", action="store_true", help="with the people the council (--council) has that day, not with roles alone")
            if name != "check":
                verb.add_argument("--on", help="the day the law is read on (YYYY-MM-DD; today if left out)")
            if name == "route":
                verb.add_argument("--raiser", required=True, help="role of the person raising it")
                verb.add_argument("--subject", required=True, help="role of the person it is about")
                verb.add_argument("--stage", required=True, help="informal, complaint, deciding …")
                verb.add_argument("--topic", help="what it is about")
                for option, meaning in (
                    ("--conflicted", "recipients who have a conflict of interest"),
                    ("--vacant", "recipients nobody holds today"),
                    ("--filled", "optional recipients somebody has been named for"),
                    ("--fact", "facts such as code_breach_alleged"),
                ):
                    verb.add_argument(option, nargs="+", action="extend", default=[], metavar="WORD", help=meaning)
        loader = verbs.add_parser("load", help="load configurations into the database")
        loader.add_argument("files", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        verb: Callable[..., None] = getattr(self, options["verb"])
        verb(**options)

    # The four verbs

    def check(self, *, file: str | None, council: str | None, json: bool, **_options: Any) -> None:
        """List the problems; exit 1 if one of them is an error."""
        try:
            data, name = _data(file, council)
            problems = validate(data, file=name, key=council or "" if file else "")
        except ProtocolFileError as error:
            if not json:
                raise CommandError(str(error), returncode=EXIT_FOUND) from None
            name = Path(file).name if file else council or ""
            unreadable = Problem("error", name, "", str(error), code="unreadable")
            self._print_json({"file": name, "ok": False, "errors": 1, "warnings": 0, "problems": [unreadable.as_json()]})
            raise SystemExit(EXIT_FOUND) from None
        errors = sum(problem.level == "error" for problem in problems)
        if json:
            self._print_json(
                {
                    "file": name,
                    "ok": errors == 0,
                    "errors": errors,
                    "warnings": len(problems) - errors,
                    "problems": [problem.as_json() for problem in problems],
                }
            )
        else:
            for problem in problems:
                self.stdout.write(str(problem))
            self.stdout.write(
                _("{name}: {errors} errors, {warnings} warnings.").format(name=name, errors=errors, warnings=len(problems) - errors)
            )
        if errors:
            raise SystemExit(EXIT_FOUND)

    def route(self, *, json: bool, **options: Any) -> None:
        """Answer one question."""
        protocol = _protocol(options["file"], options["council"])
        for option, word, known in (
            ("--raiser", options["raiser"], protocol.roles),
            ("--subject", options["subject"], protocol.roles),
            ("--stage", options["stage"], {*v.STAGES, *protocol.stages}),
            ("--topic", options["topic"], {*v.TOPICS, *protocol.topics, *(t for rule in protocol.routes for t in rule.topics)}),
        ):
            if word is not None:
                _require(option, (word,), known)
        tokens = {option: _words(options[option]) for option in ("conflicted", "vacant", "filled", "fact")}
        for option in ("conflicted", "vacant", "filled"):
            _require(f"--{option}", tokens[option], protocol.tokens)
        known_facts = {*v.FACTS, *(fact for rule in protocol.routes for fact in (*rule.also_when, *rule.skip_first_step_when))}
        _require("--fact", tokens["fact"], known_facts)
        answer = resolve(
            protocol,
            raiser=options["raiser"],
            subject=options["subject"],
            stage=options["stage"],
            topic=options["topic"],
            conflicted=frozenset(tokens["conflicted"]),
            vacant=frozenset(tokens["vacant"]),
            filled=frozenset(tokens["filled"]),
            facts=frozenset(tokens["fact"]),
            law=_law(protocol, options["on"]),
        )
        if json:
            self._print_json(answer.as_json())
        else:
            self._describe(protocol, answer)

    def rehearse(
        self, *, file: str | None, council: str | None, json: bool, on: str | None, people: bool = False, **_options: Any
    ) -> None:
        """Play every case; exit 1 if the configuration must be mended."""
        if people:
            self._rehearse_people(file, council, json, on)
            return
        protocol = _protocol(file, council)
        report = rehearse(protocol, resolve=resolve, law=_law(protocol, on))
        if json:
            self._print_json(report.as_json())
        else:
            for finding in report.findings:
                where = " ".join(part for part in (finding.rule, finding.stage, finding.topic) if part)
                who = f"{finding.raiser} → {finding.subject}" if finding.raiser and finding.subject else finding.raiser or finding.subject
                troubles = [
                    words.format(tokens=", ".join(tokens))
                    for words, tokens in ((_("conflicted: {tokens}"), finding.conflicted), (_("absent: {tokens}"), finding.vacant))
                    if tokens
                ]
                out = f" ({'; '.join(troubles)})" if troubles else ""
                self.stdout.write(f"{finding.kind}: {where}: {who}{out}: {finding.message}")
            failing = sum(finding.kind in FAILING for finding in report.findings)
            self.stdout.write(
                _("{council}: {played} cases played, {failing} to mend.").format(
                    council=protocol.name, played=report.played, failing=failing
                )
            )
        if not report.ok:
            raise SystemExit(EXIT_FOUND)

    def _rehearse_people(self, file: str | None, council: str | None, json: bool, on: str | None) -> None:
        """Play every case with the people of a loaded council; exit 1 if somebody could be left with nobody to go to."""
        if file or not council:
            raise CommandError(_("Give --council with a council's key: a file holds no people."), returncode=EXIT_USAGE)
        _require_database()
        from councils import queries
        from councils.models import Council

        day = _day(on)
        try:
            standing = queries.standing(queries.council_by_key(council), on=day)
        except Council.DoesNotExist:
            raise CommandError(_("No council with the key “{key}” is loaded.").format(key=council), returncode=EXIT_USAGE) from None
        protocol = standing.version.protocol if standing.version else _protocol(None, council)
        report = rehearse_people(protocol, standing.cast(protocol), roles=standing.own_roles(), law=_law(protocol, on))
        if json:
            self._print_json(report.as_json())
        else:
            for item in report.found:
                who = " → ".join(part for part in (item.raiser, item.subject) if part) or self._named(item.what, standing.people)
                out = ", ".join(f"{how} {self._named(str(person), standing.people)}" for how, person in item.out)
                mark = "!" if item.unsafe else " "
                self.stdout.write(f"{mark} {item.kind}: {' '.join(part for part in (item.rule, item.stage, who, out) if part)} ({item.count})")
            self.stdout.write(
                _("{council}: {played} cases played with its people, {unsafe} to mend.").format(
                    council=protocol.name, played=report.played, unsafe=report.unsafe
                )
            )
        if not report.ok:
            raise SystemExit(EXIT_FOUND)

    @staticmethod
    def _named(text: str, people: Mapping[Any, Any]) -> str:
        """A person's name behind an id; any other word as it is."""
        return next((person.full_name for pk, person in ((pk, people[pk]) for pk in people) if str(pk) == text), text)

    def load(self, *, files: Iterable[str], **_options: Any) -> None:
        """Load each file; loading the same text again changes nothing."""
        _require_database()
        from django.db import transaction

        from councils import actions, rls
        from councils.errors import Refusal

        for file in files:
            data, name = _data(file, None)
            errors = [problem for problem in validate(data, file=name) if problem.level == "error"]
            if errors:
                raise CommandError("\n".join(str(problem) for problem in errors), returncode=EXIT_FOUND)
            try:
                with transaction.atomic(), rls.system_work():
                    version = actions.load_protocol(unwrap(data), by=None, now=timezone.now(), source_name=name)
            except Refusal as refusal:
                raise CommandError(f"{name}: {refusal}", returncode=EXIT_FOUND) from None
            self.stdout.write(_("{name}: loaded as {label}.").format(name=name, label=version.label))

    # Printing

    def _print_json(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, indent=2))

    def _describe(self, protocol: Protocol, answer: Resolution) -> None:
        modes = {
            "any_of": _("the raiser picks one"),
            "all_of": _("every one of them"),
            "sequence": _("in this order"),
            "first_available": _("the first who is available"),
        }
        self.stdout.write(
            _("Rule {rule} ({basis}; clauses {cites}): {mode}").format(
                rule=answer.rule or _("none"),
                basis=answer.basis,
                cites=", ".join(answer.cites) or "-",
                mode=modes.get(answer.mode, answer.mode),
            )
        )
        for recipient in answer.to:
            instead = _(" instead of {token}").format(token=recipient.instead_of) if recipient.instead_of else ""
            self.stdout.write(f"  {protocol.label(recipient.token)} [{recipient.token}]{instead}")
        if answer.needs_handler:
            self.stdout.write(_("  Nobody is left: the council must find a handler."))
        if answer.redirect:
            self.stdout.write(_("Redirect: {words}").format(words=answer.redirect))
        for item in answer.blocked:
            self.stdout.write(_("Not used: {token}: {why}").format(token=item.token, why=item.why))
        for warning in answer.warnings:
            self.stdout.write(_("Note: {words}").format(words=warning))


def _require_database() -> None:
    if not settings.DATABASES:
        raise CommandError(
            _("This needs the portal's database, and DATABASE_URL is missing. See “Environment” in docs/operating.md."),
            returncode=EXIT_USAGE,
        )


def _words(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for value in values for word in value.replace(",", " ").split())


def _require(option: str, given: Iterable[str], known: Iterable[str]) -> None:
    for word in given:
        if word not in known:
            raise CommandError(
                _("{option}: there is no “{word}”. Use one of: {words}.").format(option=option, word=word, words=", ".join(sorted(known))),
                returncode=EXIT_USAGE,
            )


def _read_file(path: str) -> dict[str, Any]:
    try:
        with Path(path).open("rb") as handle:
            return read_yaml(handle.read(LARGEST_FILE + 1), name=Path(path).name)
    except OSError as error:
        raise CommandError(
            _("{file} cannot be opened: {why}.").format(file=path, why=error.strerror or error), returncode=EXIT_USAGE
        ) from None


def _data(file: str | None, council: str | None) -> tuple[dict[str, Any], str]:
    """The configuration asked for, and the name to show for it."""
    if file:
        return _read_file(file), Path(file).name
    if not council:
        raise CommandError(_("Give --file with a configuration, or --council with a council's key."), returncode=EXIT_USAGE)
    if not _KEY.match(council):
        raise CommandError(_("“{key}” is not a council's key.").format(key=council), returncode=EXIT_USAGE)
    loaded = _loaded_config(council)
    if loaded is not None:
        return loaded, council
    fixture = Path(settings.BASE_DIR) / "fixtures" / "protocols" / f"{council}.yaml"
    if not fixture.is_file():
        raise CommandError(_("No council with the key “{key}” is loaded.").format(key=council), returncode=EXIT_USAGE)
    return _read_file(str(fixture)), fixture.name


def _loaded_config(council: str) -> dict[str, Any] | None:
    """The configuration loaded for a council; None where there is none, or no database to ask."""
    if not settings.DATABASES:
        return None
    from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist
    from django.db import DatabaseError

    try:
        from councils.queries import protocol_config
    except ImportError:
        return None
    try:
        config: dict[str, Any] | None = protocol_config(council)
    except (DatabaseError, ImproperlyConfigured, ObjectDoesNotExist):
        return None
    return config or None


def _protocol(file: str | None, council: str | None) -> Protocol:
    """The protocol to ask. Faults that `check` reports do not stop it, as long as there are rules to go by."""
    try:
        data, name = _data(file, council)
        config = unwrap(data, key=council or "" if file else "")
    except ProtocolFileError as error:
        raise CommandError(str(error), returncode=EXIT_USAGE) from None
    except LookupError as error:
        raise CommandError(
            _("The file holds these councils: {keys}. Pick one with --council.").format(keys=str(error) or _("none")), returncode=EXIT_USAGE
        ) from None
    protocol = build(config)
    if not protocol.routes:
        raise CommandError(_("{name} holds no rules. Run “protocol check” on it.").format(name=name), returncode=EXIT_USAGE)
    return protocol


def _day(on: str | None) -> date:
    """The day asked for; today where none is."""
    try:
        return date.fromisoformat(on) if on else timezone.localdate()
    except ValueError:
        raise CommandError(_("--on: write the day as YYYY-MM-DD."), returncode=EXIT_USAGE) from None


def _law(protocol: Protocol, on: str | None) -> tuple[LawItem, ...]:
    """The law in force for the council's jurisdiction on the day."""
    day = _day(on)
    source = Path(settings.BASE_DIR) / "fixtures" / "law.yaml"
    if not source.is_file():
        return ()
    return law_layer.load(source.read_bytes(), name=source.name).in_force(protocol.jurisdiction, day)
