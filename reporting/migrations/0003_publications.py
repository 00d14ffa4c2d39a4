"""Which reports the council has published; and the wall of reports drawn closer: asked for by an administrator in their own
name and for one of the fixed periods alone, read by those who read reports, and by everybody once it is published.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from councils.walls import ME, definer, unwall, wall

RUNS, POSTED = "reporting_reportrun", "reporting_reportpublication"
FUNCTIONS = """
CREATE FUNCTION reports_i_keep(roles text[]) RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(SELECT DISTINCT a.council_id FROM councils_appointment a WHERE a.person_id = portal_me() AND a.role = ANY (roles)
     AND a.starts_on <= portal_today() AND (a.ends_on IS NULL OR a.ends_on >= portal_today()))
$$;
CREATE FUNCTION published_reports() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(SELECT p.run_id FROM reporting_reportpublication p JOIN reporting_reportrun r ON r.id = p.run_id
    WHERE p.withdrawn_at IS NULL AND r.audience = 'public' AND r.status = 'DONE')
$$;
CREATE FUNCTION guard_report_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT FROM reporting_reportrun r WHERE r.id = NEW.run_id AND r.council_id = NEW.council_id AND r.audience = 'public' AND r.status = 'DONE') THEN
      RAISE EXCEPTION 'only a report that is made for the public is published' USING ERRCODE = 'check_violation', CONSTRAINT = 'report_publication_public';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
     AND to_jsonb(NEW) - '{withdrawn_at,withdrawn_by_id}'::text[] = to_jsonb(OLD) - '{withdrawn_at,withdrawn_by_id}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'that a report was published stays written' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER guard_report_publication BEFORE INSERT OR UPDATE OR DELETE ON reporting_reportpublication
  FOR EACH ROW EXECUTE FUNCTION guard_report_publication();
GRANT SELECT ON reporting_reportrun, reporting_reportpublication TO portal_definer;
"""
DROPPED = """
DROP TRIGGER guard_report_publication ON reporting_reportpublication; DROP FUNCTION guard_report_publication();
DROP FUNCTION published_reports(); DROP FUNCTION reports_i_keep(text[]);
"""
KNOWN = "council_id IN (SELECT unnest((SELECT councils_i_know())))"
ADMIN = "council_id IN (SELECT unnest((SELECT reports_i_keep(ARRAY['protocol_admin']))))"
READER = "council_id IN (SELECT unnest((SELECT reports_i_keep(ARRAY['protocol_admin', 'monitoring_officer', 'deputy_monitoring_officer']))))"
ASKED = f"{ADMIN} AND content IS NULL AND status = 'WAITING' AND asked_by_id = {ME}"
CLOSER = f"""
ALTER POLICY see ON {RUNS} USING ({READER} OR id IN (SELECT unnest((SELECT published_reports()))));
ALTER POLICY add ON {RUNS} WITH CHECK ({ASKED} AND ends_on < portal_today());
ALTER POLICY change ON {RUNS} USING ({ADMIN} AND content IS NULL) WITH CHECK ({ASKED});
"""
WIDER = f"""
ALTER POLICY see ON {RUNS} USING ({KNOWN});
ALTER POLICY add ON {RUNS} WITH CHECK ({KNOWN} AND content IS NULL);
ALTER POLICY change ON {RUNS} USING ({KNOWN} AND content IS NULL) WITH CHECK ({KNOWN} AND content IS NULL);
"""
WALL = wall(
    POSTED, f"withdrawn_at IS NULL OR {READER}", f"{ADMIN} AND published_by_id = {ME} AND withdrawn_at IS NULL",
    f"{ADMIN} AND (withdrawn_by_id IS NULL OR withdrawn_by_id = {ME})", "false",
)  # fmt: skip
# reporting/domain/periods.py: a whole year from 1 April, or one of the fixed blocks of four. Two reports never differ by a month.
FIXED = f"""
ALTER TABLE {RUNS} ADD CONSTRAINT report_fixed_period CHECK (
  to_char(starts_on, 'MMDD') = '0401' AND to_char(ends_on, 'MMDD') = '0331'
  AND (extract(year FROM ends_on) - extract(year FROM starts_on) = 1
    OR (extract(year FROM ends_on) - extract(year FROM starts_on) = 4 AND mod(extract(year FROM starts_on)::int - 2021, 4) = 0)));
"""
OWN = settings.AUTH_USER_MODEL


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_wall"), ("councils", "0009_sign_ins"), migrations.swappable_dependency(OWN)]
    operations = [
        migrations.CreateModel(
            name="ReportPublication",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("published_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("council", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council")),
                ("published_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=OWN)),
                ("run", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="publications", to="reporting.reportrun")),
                ("withdrawn_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=OWN)),
            ],
            options={
                "default_permissions": (),
                "ordering": ["-published_at"],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("withdrawn_at__isnull", True)), fields=("run",), name="report_published_once"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)), models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)), _connector="OR"),
                        name="report_withdrawn_by_somebody",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, DROPPED),
        migrations.RunSQL(definer("reports_i_keep(text[])") + definer("published_reports()"), migrations.RunSQL.noop),
        migrations.RunSQL(WALL + f"REVOKE DELETE, TRUNCATE ON {POSTED} FROM portal_app;", unwall(POSTED)),
        migrations.RunSQL(CLOSER, WIDER),
        migrations.RunSQL(FIXED, f"ALTER TABLE {RUNS} DROP CONSTRAINT report_fixed_period;"),
    ]  # fmt: skip
