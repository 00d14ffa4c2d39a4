"""SQL for the second wall, for the migrations of every room that keeps case content (house rule 4; ADR 2).

Its text is part of applied migrations: add to it, don't change what is there.
"""

# A hash made once a statement and asked once a row. "= ANY (array)" would become an index condition that is tried
# element by element for every row that a join brings: seconds instead of milliseconds for a clerk with 1,000 concerns.
# The inner SELECT keeps the planner from running the function while it plans.
MINE = "IN (SELECT unnest((SELECT my_concerns())))"
READABLE = "IN (SELECT unnest((SELECT my_readable())))"
ME = "(SELECT portal_me())"


def wall(table: str, see: str, add: str, change: str, remove: str) -> str:
    """SQL that forces row security on ``table`` with one policy per command, and lets system work through."""
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY see ON {table} FOR SELECT TO portal_app USING ({see});
CREATE POLICY add ON {table} FOR INSERT TO portal_app WITH CHECK ({add});
CREATE POLICY change ON {table} FOR UPDATE TO portal_app USING ({change}) WITH CHECK ({change});
CREATE POLICY remove ON {table} FOR DELETE TO portal_app USING ({remove});
CREATE POLICY system_work ON {table} TO portal_system USING (true) WITH CHECK (true);
"""


def unwall(table: str) -> str:
    """SQL that takes the wall of ``table`` away again, for a migration's way back."""
    names = ("see", "add", "change", "remove", "system_work")
    return "".join(f"DROP POLICY {name} ON {table};\n" for name in names) + f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;\n"


def definer(function: str) -> str:
    """SQL that gives ``function`` (with its argument types) to the role that may look past row security, callable by the portal."""
    return (
        f"ALTER FUNCTION {function} OWNER TO portal_definer; REVOKE ALL ON FUNCTION {function} FROM PUBLIC; "
        f"GRANT EXECUTE ON FUNCTION {function} TO portal_app, portal_system, portal_owner;\n"
    )


def sealed(table: str, *renewed: str) -> str:
    """SQL that lets nobody change or delete a row of ``table``, ever: a file as it came in, a copy as it was given out.

    System work may write the ``renewed`` columns: fields encrypted anew, and what the scanner said. Rows go only with
    what they belong to, by a trigger of that. Needs the function of concerns' migration 0005.
    """
    columns = ", ".join(f"'{column}'" for column in renewed or ("name", "content", "scan", "scanned_at"))
    return f"CREATE TRIGGER keep_file BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION keep_file({columns});\n"
