"""Concerns by the thousand, loaded with COPY: one database a size, kept under ``var/`` until a migration changes.

Each concern comes as the portal leaves one: a subject, a narrative, four people with their grants and their history,
one to three exclusions, openings, events, notices and a consent. Ids are random, so indexes lie as they would.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import psycopg
from psycopg import sql

from protocol_portal.demo import fingerprint
from protocol_portal.embedded import BASE, Cluster

SOURCES = ("*/migrations/*.py", "protocol_portal/roles.sql", "tests/bench/load.py")
FREE_ROLE = "portal_bench"  # past the second wall; exists in the benchmark's own cluster only
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
CLERK_EMAIL = "clerk-0@bench.example"
PEOPLE = ("clerk", "chair", "deputy", "member1", "member2", "member3", "officer1", "officer2")
ROLES = {"clerk": "proper_officer", "chair": "chair_of_council"}
STATES = (
    ["LODGED"] * 2 + ["INFORMAL"] * 3 + ["CONCILIATION", "DECIDING", "GRIEVANCE", "CODE_REFERRAL"]
    + ["RESOLVED"] * 8 + ["NO_ACTION", "WITHDRAWN", "OUTCOME_RECORDED"]
)  # fmt: skip
CLOSED = {"RESOLVED", "NO_ACTION", "WITHDRAWN", "OUTCOME_RECORDED"}
TOPICS = ("conduct", "performance", "communication", "undue_pressure")
TOKEN = "\\\\x" + (b"gAAAAA" + b"k" * 390).hex()  # the size of an encrypted paragraph; nothing here reads it
LINK = "c0ffee00" * 8  # the size of a link of the trail's chain; nothing here proves it
ROUTE = '[{"token":"role:proper_officer","label":"Clerk","act":"","intake_only":false,"later":false,"outside":""}]'
CITES = '["5.2"]'
NULL = "\\N"

COLUMNS = {
    "concerns_concern": "id reference council_id protocol_version_id state remembered_state closed_from raiser_id raiser_role topic"
    " happened_on said_in_public public_warning_shown stage rule_id mode basis cites route step chosen_token wider_circle"
    " internal_routes_locked informal_over_reason outcome lodged_at accepted_at closed_at created_at updated_at revision",
    "concerns_concernsubject": "id concern_id person_id role",
    "concerns_narrative": "concern_id what_happened wanted_outcome",
    "concerns_participation": "id concern_id person_id capacity hat acting_for token reads reason cites since granted_by_id ended_reason",
    "concerns_concernuserobjectpermission": "id content_object_id user_id permission_id",
    "concerns_exclusion": "id concern_id person_id kind since by_id",
    "concerns_opening": "id concern_id person_id first_at last_at times",
    "concerns_event": "id concern_id type at by_id by_name capacity hat acting_for from_state to_state rule_id protocol_label cites facts"
    " seq prev_hash reason_hash hash",
    "concerns_notice": "id concern_id person_id kind created_at due_at attempts sent_at last_error",
    "concerns_consent": "id concern_id kind status asked_at answered_at",
    "concerns_trailhead": "concern_id council_id seq hash renewals renewed anchored",
    "clocks_obligation": "id council_id concern_id source kind code opened_on target unit due_on due_at basis cites calculation moves capacities"
    " owners watchers paused_days opened_at escalated_step reminded_step next_reminder_at revision",
}


@dataclass(frozen=True)
class Size:
    """So many concerns over so many councils; the first council's clerk is the one whose page is measured."""

    concerns: int
    councils: int
    first: int  # concerns of the first council

    @property
    def label(self) -> str:
        return {1_000: "1k", 100_000: "100k", 1_000_000: "1m"}[self.concerns]

    def per_council(self) -> list[int]:
        """How many concerns each council has; the first has ``first``, the others share what is left."""
        others, left = self.councils - 1, self.concerns - self.first
        return [self.first, *(left // others + (1 if n < left % others else 0) for n in range(others))]


SIZES = (Size(1_000, 2, 990), Size(100_000, 1_000, 1_000), Size(1_000_000, 1_000, 1_000))


def databases(cluster: Cluster) -> dict[Size, str]:
    """Takes the running cluster; returns a loaded database for each size, made now unless it is there already."""
    mark = fingerprint(*SOURCES)[:12]
    names = {size: f"bench_{size.label}_{mark}" for size in SIZES}
    for name in cluster.databases():
        if name.startswith(("bench_", "loading")) and name not in names.values():
            cluster.drop_database(name)
    with cluster.superuser() as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [FREE_ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS").format(sql.Identifier(FREE_ROLE)))
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(FREE_ROLE), str(cluster._state["password"])))
        connection.execute(sql.SQL("GRANT portal_owner TO {}").format(sql.Identifier(FREE_ROLE)))
    for size, name in names.items():
        if name in cluster.databases():
            continue
        print(f"# loading {size.concerns:,} concerns", file=sys.stderr, flush=True)
        cluster.create_database("loading")
        _migrate(cluster)
        _load(cluster, size)
        with cluster.superuser() as connection:
            connection.execute(sql.SQL("ALTER DATABASE loading RENAME TO {}").format(sql.Identifier(name)))
    return names


def _migrate(cluster: Cluster) -> None:
    done = subprocess.run(
        [sys.executable, str(BASE / "manage.py"), "migrate", "--no-input", "--verbosity", "0"],
        env={**os.environ, "PORTAL_DB_ROLE": "owner", "DATABASE_OWNER_URL": cluster.url("portal_owner", "loading")},
        cwd=BASE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"The benchmark's database could not be migrated:\n{done.stdout}{done.stderr}")


def _load(cluster: Cluster, size: Size) -> None:
    """COPY every table at once, one connection each, with triggers off and indexes built afterwards."""
    with cluster.superuser("loading") as connection:
        connection.execute("SET session_replication_role = replica")
        people, councils = _grounds(connection, size)
        permissions = dict(connection.execute("SELECT codename, id FROM auth_permission WHERE codename IN ('view_concern', 'read_concern')"))
        tables = list(COLUMNS)
        # indexes off and on again: REINDEX makes them valid, several times faster than row by row
        mine = "indrelid = ANY (%s::regclass[])"
        connection.execute(f"UPDATE pg_index SET indisready = false, indisvalid = false WHERE {mine}", [tables])
        with ExitStack() as stack:
            copies = {}
            for table, columns in COLUMNS.items():
                raw = stack.enter_context(cluster.superuser("loading"))
                raw.execute("SET session_replication_role = replica")
                statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                    sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns.split()))
                )
                copies[table] = stack.enter_context(stack.enter_context(raw.cursor()).copy(statement))
            rng, numbers = random.Random(size.concerns), count(1)  # the same data every time
            for (council, version), held, many in zip(councils, people, size.per_council(), strict=True):
                for table, lines in _cases(rng, numbers, council, version, held, many, permissions).items():
                    copies[table].write("".join(lines))
        connection.execute("SET maintenance_work_mem = '1GB'")
        for table in tables:
            connection.execute(sql.SQL("REINDEX TABLE {}").format(sql.Identifier(table)))
        connection.execute("VACUUM (ANALYZE)")


def _grounds(connection: psycopg.Connection, size: Size) -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    """Councils, each with its people, their roles and a version in force."""
    rng = random.Random(7)
    ids: Iterator[str] = iter(lambda: rng.randbytes(16).hex(), "")
    councils, versions, persons, appointments, people = [], [], [], [], []
    for number in range(size.councils):
        council, version, held = next(ids), next(ids), {}
        councils.append((council, f"bench-{number}", f"Council number {number}", "town_council", "England", "f", "f"))
        versions.append((version, council, "Protocol 2024", "IN_FORCE", "{}", f"{number:064x}", "Full Council", "2024-05-01",
                         "12/24", "2024-05-02", "f", NOW.isoformat()))  # fmt: skip
        for name in PEOPLE:
            held[name] = next(ids)
            persons.append((held[name], f"{name}-{number}@bench.example", f"{name.title()} {number}", "!", "f", "t", "f", NOW.isoformat()))
            role = ROLES.get(name) or ("councillor" if name.startswith("member") else "officer")
            appointments.append((next(ids), council, held[name], role, "substantive", "", "", "t", "f", "f", "", "2023-05-09"))
        people.append(held)
    for table, columns, rows in (
        ("councils_council", "id key name kind jurisdiction is_demo require_mfa", councils),
        ("councils_person", "id email full_name password is_superuser is_active is_operator date_joined", persons),
        ("councils_protocolversion", "id council_id label status config content_hash approving_body approved_on minute_ref"
         " in_force_from is_demonstration created_at", versions),
        ("councils_appointment", "id council_id person_id role kind directorate post_title advises_members politically_restricted"
         " unpaid vacancy_reason starts_on", appointments),
    ):  # fmt: skip
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns.split()))
        )
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    return people, [(row[0], version[0]) for row, version in zip(councils, versions, strict=True)]


def _cases(
    rng: random.Random, numbers: Iterator[int], council: str, version: str, held: dict[str, str], many: int,
    permissions: dict[str, int],
) -> dict[str, list[str]]:  # fmt: skip
    """The lines of COPY text for ``many`` concerns of one council, by table."""
    view, read = permissions["view_concern"], permissions["read_concern"]
    out: dict[str, list[str]] = {table: [] for table in COLUMNS}
    concern_, subject_, narrative_, part_, grant_, out_, opening_, event_, notice_, consent_, end_, due_ = (out[table].append for table in COLUMNS)
    blob = rng.randbytes(16 * 26 * many).hex()
    place = 0
    for _ in range(many):
        ids = [blob[place + at : place + at + 32] for at in range(0, 832, 32)]
        place += 832
        concern = ids[0]
        state = rng.choice(STATES)
        clerk_out = rng.random() < 0.02
        subject = "clerk" if clerk_out else rng.choice(("officer1", "officer2"))
        raiser = rng.choice(("member1", "member2", "member3"))
        other = next(name for name in ("member1", "member2") if name != raiser)
        handler = "officer2" if clerk_out else "clerk"
        reference = f"{next(numbers) * 2_654_435_761 % 2**36:09x}"  # an odd factor: no two alike
        lodged = NOW - timedelta(seconds=rng.randrange(90_000_000))
        since, last = lodged.isoformat(), (lodged + timedelta(seconds=rng.randrange(3_000_000))).isoformat()
        closed = last if state in CLOSED else NULL
        concern_(
            f"{concern}\t{reference}\t{council}\t{version}\t{state}\t\t\t{held[raiser]}\tcouncillor\t{rng.choice(TOPICS)}"
            f"\t{since[:10]}\tno\tf\tinformal\tW-R01\tany_of\tdocument\t{CITES}\t{ROUTE}\t0\trole:proper_officer\task_first"
            f"\tf\t\t\t{since}\t{since}\t{closed}\t{since}\t{last}\t4\n"
        )
        subject_(f"{ids[1]}\t{concern}\t{held[subject]}\tofficer\n")
        narrative_(f"{concern}\t{TOKEN}\t{TOKEN}\n")
        on_it = ((raiser, "raiser"), (handler, "handler"), ("chair", "recipient"), (other, "reader"))
        for number, (name, capacity) in enumerate(on_it):
            person = held[name]
            part_(f"{ids[2 + number]}\t{concern}\t{person}\t{capacity}\tcouncillor\t\trole:proper_officer\tt\tnamed_by_route\t{CITES}\t{since}\t{held[raiser]}\t\n")
            grant_(f"{ids[6 + number]}\t{concern}\t{person}\t{view}\n")
            grant_(f"{ids[10 + number]}\t{concern}\t{person}\t{read}\n")
        out_(f"{ids[14]}\t{concern}\t{held[subject]}\tsubject\t{since}\t{held[raiser]}\n")
        for number, name in enumerate(("deputy", "officer1" if subject == "officer2" else "officer2")[: rng.randrange(3)]):
            if name != handler:
                out_(f"{ids[15 + number]}\t{concern}\t{held[name]}\tconnected\t{since}\t{held[raiser]}\n")
        for number, name in enumerate((raiser, handler)):
            opening_(f"{ids[17 + number]}\t{concern}\t{held[name]}\t{since}\t{last}\t3\n")
            notice_(f"{ids[19 + number]}\t{concern}\t{held[name]}\treceived\t{since}\t{since}\t1\t{since}\t\n")
        for number, (kind, before, after) in enumerate((("lodged", "DRAFT", "LODGED"), ("accepted", "LODGED", "INFORMAL"), ("note_added", "", ""))):
            event_(
                f"{ids[21 + number]}\t{concern}\t{kind}\t{since}\t{held[handler]}\tSomebody\thandler\tproper_officer\t\t{before}\t{after}"
                f"\tW-R01\tProtocol 2024\t{CITES}\t{{}}\t{number + 1}\t{LINK}\t\t{LINK}\n"
            )
        end_(f"{concern}\t{council}\t3\t{LINK}\t0\t\tt\n")
        kind, day = ("retention_review", 400) if state in CLOSED else ("informal_review", 30)
        due = NOW + timedelta(days=day + rng.randrange(300))
        due_(
            f"{ids[25]}\t{council}\t{concern}\tstage\t{kind}\t{kind}\t{since[:10]}\t10\tworking_days\t{due:%Y-%m-%d}\t{due.isoformat()}"
            f"\tdefault\t[]\t[]\t[]\t{{handler}}\t{{}}\t{{}}\t0\t{since}\t0\t0\t{(due - timedelta(days=5)).isoformat()}\t1\n"
        )
        consent_(f"{ids[24]}\t{concern}\troute\tgiven\t{since}\t{since}\n")
    return out
