"""Agreements on direct contact and groups' requests: their table, behind forced row-level security, and their machine."""

import uuid

import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import concerns.models.concern
import concerns.models.encrypted
from councils.walls import ME, definer, wall

STEPS = {"ASKED": "AGREED DECLINED ENDED", "AGREED": "ENDED"}
PAIRS = ", ".join(f"('{source}', '{target}')" for source, targets in STEPS.items() for target in targets.split())
SEE = f"asked_by_id = {ME} OR decider_id = {ME} OR (officer_id = {ME} AND answered_at IS NOT NULL AND state <> 'DECLINED')"
WALL = wall(
    "information_arrangement", SEE, f"asked_by_id = {ME} AND decider_id <> {ME} AND state = 'ASKED'", f"asked_by_id = {ME} OR decider_id = {ME}", "false"
)
FUNCTIONS = f"""
CREATE FUNCTION my_arrangements() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ARRAY(SELECT a.id FROM information_arrangement a WHERE {SEE.replace(ME, "portal_me()")})
$$;
CREATE FUNCTION guard_arrangement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept text[] := ARRAY['state', 'answer', 'answered_at', 'ended_at', 'revision'];
DECLARE words text[] := ARRAY['group_name', 'matter', 'answer'];
BEGIN
  IF current_user = 'portal_system' AND to_jsonb(NEW) - words = to_jsonb(OLD) - words THEN
    RETURN NEW;  -- rotate_field_keys
  END IF;
  IF to_jsonb(NEW) - kept IS DISTINCT FROM to_jsonb(OLD) - kept OR (OLD.answer IS NOT NULL AND NEW.answer IS DISTINCT FROM OLD.answer) THEN
    RAISE EXCEPTION 'what was asked stays as it was asked' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state <> OLD.state THEN
    IF current_user <> 'portal_system' AND coalesce(current_setting('portal.action', true), '') = '' THEN
      RAISE EXCEPTION 'a state changes only inside an action' USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.state, NEW.state) NOT IN ({PAIRS}) THEN
      RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IN ('AGREED', 'DECLINED') AND NEW.decider_id IS DISTINCT FROM portal_me() THEN
      RAISE EXCEPTION 'only whom it was put to answers' USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  RETURN NEW;
END $$;
GRANT SELECT ON information_arrangement TO portal_definer;
"""
MINE = "(SELECT unnest((SELECT my_arrangements())))"
BEFORE = "(about_id IN (SELECT unnest((SELECT my_requests()))) OR about_id IN (SELECT unnest((SELECT my_questions()))))"
LINES = f"""
CREATE TRIGGER guard_arrangement BEFORE UPDATE ON information_arrangement FOR EACH ROW EXECUTE FUNCTION guard_arrangement();
REVOKE DELETE, TRUNCATE ON information_arrangement FROM portal_app;
ALTER POLICY see ON information_line USING ({BEFORE} OR about_id IN {MINE});
ALTER POLICY add ON information_line WITH CHECK ({BEFORE} OR about_id IN {MINE});
"""
BACK = f"""
ALTER POLICY see ON information_line USING ({BEFORE});
ALTER POLICY add ON information_line WITH CHECK ({BEFORE});
DROP FUNCTION my_arrangements();
"""
PERSON = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": settings.AUTH_USER_MODEL}


class Migration(migrations.Migration):
    dependencies = [
        ("information", "0003_seats_and_parties"),
        ("councils", "0003_external_officers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Arrangement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(default=concerns.models.concern.new_reference, editable=False, max_length=9, unique=True)),
                ("kind", models.CharField(max_length=12)),
                ("state", models.CharField(default="ASKED", max_length=12)),
                ("asked_as", models.CharField(max_length=40)),
                ("hat", models.CharField(blank=True, max_length=40)),
                ("group_name", concerns.models.encrypted.EncryptedTextField(null=True)),
                ("matter", concerns.models.encrypted.EncryptedTextField(null=True)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                ("shown", models.JSONField(blank=True, default=list)),
                ("answer", concerns.models.encrypted.EncryptedTextField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("asked_by", models.ForeignKey(**PERSON)),
                ("council", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.council")),
                ("decider", models.ForeignKey(**PERSON)),
                ("officer", models.ForeignKey(null=True, **PERSON)),
                (
                    "protocol_version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.protocolversion"),
                ),
            ],
            options={
                "ordering": ["-asked_at", "id"],
                "default_permissions": (),
                "indexes": [models.Index(condition=models.Q(("state", "AGREED")), fields=["until_on"], name="arrangement_to_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"),
                        name="arrangement_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decider", models.F("asked_by")), _negated=True), name="arrangement_never_by_oneself"
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.RunSQL(WALL + FUNCTIONS + definer("my_arrangements()") + LINES, BACK),
    ]
