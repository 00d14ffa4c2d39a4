"""The second wall of reports: those of one's own councils; what is in one is written by system work alone, and then stays."""

from django.db import migrations

from councils.walls import unwall, wall

TABLE = "reporting_reportrun"
MINE = "council_id IN (SELECT unnest((SELECT councils_i_know())))"
UNWRITTEN = f"{MINE} AND content IS NULL"
KEPT = """
CREATE FUNCTION keep_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.status = 'DONE' OR (
    NEW.council_id, NEW.starts_on, NEW.ends_on, NEW.audience) IS DISTINCT FROM (OLD.council_id, OLD.starts_on, OLD.ends_on, OLD.audience
  ) THEN
    RAISE EXCEPTION 'a report is kept as it was made' USING ERRCODE = 'check_violation', CONSTRAINT = 'report_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_report BEFORE UPDATE OR DELETE ON reporting_reportrun FOR EACH ROW EXECUTE FUNCTION keep_report();
"""
UNKEPT = "DROP TRIGGER keep_report ON reporting_reportrun; DROP FUNCTION keep_report();"


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_runs"), ("information", "0002_walls")]
    operations = [
        migrations.RunSQL(wall(TABLE, MINE, UNWRITTEN, UNWRITTEN, "false"), unwall(TABLE)),
        migrations.RunSQL(KEPT, UNKEPT),
    ]
