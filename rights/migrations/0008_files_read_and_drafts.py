"""A file is given out only when the person who releases it has read it; drafts that were never sent are kept for a time of
their own, and go after their writer was told.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from councils.walls import wall

# Nobody searches a file for names: whoever gives the answer out marks each as read. The other guards stay as in migration 0002.
FILES = """
CREATE OR REPLACE FUNCTION rights_guard_item() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE at_state text := (SELECT r.state FROM rights_subjectrequest r WHERE r.id = OLD.request_id);
DECLARE asked text[] := ARRAY['verdict', 'ground', 'hidden', 'decided_by_id', 'checked_by_id'];
DECLARE renewed text[] := ARRAY['body', 'name', 'content', 'hidden'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF portal_purging() OR portal_me() IS NULL THEN
      RETURN OLD;  -- with its case, gathered anew, or when it isn't kept any longer; nobody's wall lets a person do it
    END IF;
  ELSIF NEW.checked_by_id IS DISTINCT FROM OLD.checked_by_id AND NOT (
      (at_state = 'PREPARING' AND NEW.checked_by_id IS NULL)
      OR (at_state = 'PREPARED' AND NEW.checked_by_id = portal_me() AND NEW.verdict = 'give' AND NEW.content IS NOT NULL
        AND to_jsonb(NEW) - 'checked_by_id' = to_jsonb(OLD) - 'checked_by_id')) THEN
    RAISE EXCEPTION 'nobody marks a file as read for somebody else' USING ERRCODE = 'insufficient_privilege';
  ELSIF (at_state = 'PREPARING' AND to_jsonb(NEW) - asked = to_jsonb(OLD) - asked)
      OR (at_state = 'PREPARED' AND to_jsonb(NEW) - 'checked_by_id' = to_jsonb(OLD) - 'checked_by_id')
      OR (portal_me() IS NULL AND to_jsonb(NEW) - renewed = to_jsonb(OLD) - renewed) THEN  -- rotate_field_keys
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what was gathered stays as it was found' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION rights_guard_files() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM rights_exportitem i WHERE i.request_id = NEW.id AND i.verdict = 'give' AND i.content IS NOT NULL
      AND i.checked_by_id IS DISTINCT FROM portal_me()) THEN
    RAISE EXCEPTION 'whoever releases it has read each file' USING ERRCODE = 'check_violation', CONSTRAINT = 'rights_files_read';
  END IF;
  RETURN NEW;
END $$;
ALTER FUNCTION rights_guard_files() OWNER TO portal_definer; REVOKE ALL ON FUNCTION rights_guard_files() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rights_guard_files() TO portal_app, portal_system, portal_owner;
CREATE TRIGGER guard_files BEFORE UPDATE OF state ON rights_subjectrequest FOR EACH ROW
  WHEN (NEW.state = 'RELEASED' AND OLD.state = 'PREPARED') EXECUTE FUNCTION rights_guard_files();
"""
# What tells which concern a request to see papers named may be forgotten, by system work alone (as information 0003, but for that).
KEYS = """
CREATE OR REPLACE FUNCTION keep_concern_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.concern_key <> OLD.concern_key AND OLD.state <> 'DRAFT' AND NOT (NEW.concern_key = '' AND current_user = 'portal_system') THEN
    RAISE EXCEPTION 'what was asked stays as it was asked' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""
# Whoever began the draft is told of its last day; nobody else finds the row, and the sweep alone writes it.
DRAFTS = wall("rights_draftwarning", "i_drafted(case_id)", "false", "false", "false")
OWN = settings.AUTH_USER_MODEL
CLASSES = ["resolved", "no_action", "withdrawn", "redirected", "formal", "draft"]


class Migration(migrations.Migration):
    dependencies = [("rights", "0007_keepers_and_holds"), migrations.swappable_dependency(OWN)]
    operations = [
        migrations.CreateModel(
            name="DraftWarning",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("case_id", models.UUIDField(unique=True)),
                ("told_at", models.DateTimeField()),
                ("goes_on", models.DateField()),
                ("council", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council")),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddField(
            "exportitem", "checked_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=OWN)
        ),
        migrations.RemoveConstraint("retentionrule", "rights_retention_class_known"),
        migrations.AddConstraint(
            "retentionrule", models.CheckConstraint(condition=models.Q(("outcome_class__in", CLASSES)), name="rights_retention_class_known")
        ),
        migrations.RemoveConstraint("retentionrule", "rights_retention_months"),
        migrations.AddConstraint(
            "retentionrule",
            models.CheckConstraint(
                condition=models.Q(
                    ("months__range", (9, 1200)), models.Q(("months__range", (3, 1200)), ("outcome_class", "draft")), _connector="OR"
                ),
                name="rights_retention_months",
            ),
        ),
        migrations.RunSQL(FILES + KEYS + DRAFTS, migrations.RunSQL.noop),
    ]
