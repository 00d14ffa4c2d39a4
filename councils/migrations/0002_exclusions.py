"""Exclusion constraints over built-in ranges, the function that names the person, and privileges.

An exclusion constraint usually needs btree_gist to compare for equality; here the compared columns are hashed to one
bigint and wrapped in a range of one value, which GiST compares without any extension.
"""

from __future__ import annotations

from django.db import migrations

SINGLE_HOLDER = (
    "proper_officer",
    "deputy_proper_officer",
    "chair_of_council",
    "vice_chair_of_council",
    "chief_executive",
    "monitoring_officer",
    "leader",
)

DAYS = "daterange(starts_on, ends_on, '[]') WITH &&"


def same(*columns: str) -> str:
    """Takes column names; returns the SQL element that is equal when all of them are."""
    joined = " || '|' || ".join(f"{column}::text" for column in columns)
    digest = f"hashtextextended({joined}, 0)"
    return f"int8range({digest}, {digest}, '[]') WITH ="


def exclusion(table: str, name: str, elements: list[str], where: str = "") -> tuple[str, str]:
    """Takes a table, a constraint name, its elements and an optional condition; returns (forward SQL, reverse SQL)."""
    condition = f" WHERE ({where})" if where else ""
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ({', '.join(elements)}){condition}",
        f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}",
    )


SINGLE = ", ".join(f"'{role}'" for role in SINGLE_HOLDER)

# Sides as adjacent ranges: councillor [1,2) and officer [2,3) touch (-|-), a side never touches itself.
SIDE = "int4range(CASE side WHEN 'councillor' THEN 1 ELSE 2 END, CASE side WHEN 'councillor' THEN 2 ELSE 3 END) WITH -|-"

EXCLUSIONS: tuple[tuple[str, str], ...] = (
    exclusion(
        "councils_appointment", "appointment_no_overlap", [same("council_id", "person_id", "role", "kind"), DAYS]
    ),
    exclusion(
        "councils_appointment",
        "appointment_single_holder",
        [same("council_id", "role"), DAYS],
        f"kind = 'substantive' AND role IN ({SINGLE})",
    ),
    exclusion(
        "councils_appointment",
        "appointment_one_side",
        [same("council_id", "person_id"), SIDE, DAYS],
        "side <> '' AND kind <> 'councillor_acting_unpaid'",
    ),
    exclusion("councils_reportingline", "reporting_one_manager", [same("council_id", "officer_id"), DAYS]),
    exclusion("councils_bodymembership", "body_member_no_overlap", [same("body_id", "person_id"), DAYS]),
    exclusion("councils_bodymembership", "body_one_chair", [same("body_id"), DAYS], "is_chair"),
    exclusion("councils_externalbody", "external_body_no_overlap", [same("council_id", "code"), DAYS]),
    exclusion(
        "councils_disclosedrelationship",
        "relationship_no_overlap",
        [same("council_id", "person_a_id", "person_b_id", "kind"), DAYS],
    ),
)

# Who is asking. Anything that is not a person's id is nobody.
PORTAL_ME = (
    """
    CREATE OR REPLACE FUNCTION portal_me() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT CASE
            WHEN current_setting('portal.person', true)
                ~ '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'
            THEN current_setting('portal.person', true)::uuid
        END
    $$
    """,
    "DROP FUNCTION IF EXISTS portal_me()",
)

# The runtime role may write the record of changes and read it, nothing else.
APPEND_ONLY = (
    """
    DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'portal_app') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON councils_councilevent FROM portal_app;
        END IF;
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'portal_system') THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON councils_councilevent FROM portal_system;
        END IF;
    END $$
    """,
    "SELECT 1",
)


class Migration(migrations.Migration):
    dependencies = [("councils", "0001_initial")]

    operations = [migrations.RunSQL(forward, reverse) for forward, reverse in (*EXCLUSIONS, PORTAL_ME, APPEND_ONLY)]
