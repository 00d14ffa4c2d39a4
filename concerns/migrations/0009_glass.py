"""Breaking the glass, and grants that hold no more: after a post ended, a deputy stopped acting, or a time ran out.

Access ends with the day or the minute, not with whatever tidies up after it: ``my_void()`` names the concerns that
somebody has a grant on and must not see, and both walls subtract it. Nearly everybody's answer is empty and costs two
looks into an index.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import concerns.models.encrypted
from councils.walls import ME, MINE, definer, unwall, wall

HOLDS = "{0}.starts_on <= portal_today() AND ({0}.ends_on IS NULL OR {0}.ends_on >= portal_today())"
PERMISSION = (
    "SELECT p.id FROM auth_permission p JOIN django_content_type c ON c.id = p.content_type_id "
    "WHERE c.app_label = 'concerns' AND c.model = 'concern' AND p.codename = '{0}'"
)

# The portal's clock, so that both walls go by the same one; where it isn't set, PostgreSQL's own.
CLOCK = """
CREATE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(nullif(current_setting('portal.now', true), '')::timestamptz, now())
$$;
CREATE FUNCTION portal_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (portal_now() AT TIME ZONE 'Europe/London')::date
$$;
"""
VOID = f"""
CREATE FUNCTION my_void(me uuid, permission integer) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE gone uuid[];
BEGIN
  gone := ARRAY(
    SELECT DISTINCT a.council_id FROM councils_appointment a WHERE a.person_id = me AND a.ends_on < portal_today()
      AND NOT EXISTS (SELECT 1 FROM councils_appointment b
        WHERE b.person_id = me AND b.council_id = a.council_id AND {HOLDS.format("b")}));
  IF gone = '{{}}' AND NOT EXISTS (
    SELECT 1 FROM concerns_participation p
    WHERE p.person_id = me AND p.until IS NULL AND p.reason IN ('stands_in', 'break_glass')
  ) THEN
    RETURN '{{}}';
  END IF;
  RETURN ARRAY(
    SELECT p.concern_id FROM concerns_participation p JOIN concerns_concern c ON c.id = p.concern_id
    WHERE p.person_id = me AND p.until IS NULL AND (p.reads OR permission <> ({PERMISSION.format("read_concern")}))
    GROUP BY p.concern_id
    HAVING bool_and(CASE
      WHEN p.capacity = 'raiser' AND c.successor_of_id IS NULL THEN false  -- party rights continue
      WHEN c.council_id = ANY (gone) THEN true
      WHEN p.reason = 'break_glass' THEN NOT EXISTS (SELECT 1 FROM concerns_breakglass b
        WHERE b.concern_id = p.concern_id AND b.asker_id = me AND b.status = 'OPEN' AND b.expires_at > portal_now())
      WHEN p.reason = 'stands_in' THEN NOT EXISTS (SELECT 1 FROM councils_appointment a
        WHERE a.person_id = me AND a.council_id = c.council_id AND a.acting_for_id IS NOT NULL
          AND a.role = p.acting_for AND {HOLDS.format("a")})
      ELSE false END));
END $$;
"""


def mine(name: str, codename: str, void: str) -> str:
    """SQL for one of the two lists of concerns that the walls go by."""
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE me uuid := portal_me(); wanted integer := ({PERMISSION.format(codename)}); {void}
BEGIN
  RETURN ARRAY(
    SELECT g.content_object_id FROM concerns_concernuserobjectpermission g
    WHERE g.user_id = me AND g.permission_id = wanted
      AND g.content_object_id NOT IN (SELECT x.concern_id FROM concerns_exclusion x WHERE x.person_id = me)
      {"AND g.content_object_id <> ALL (void)" if void else ""}
  );
END $$;
"""


def both(void: str = "void uuid[] := my_void(me, wanted);") -> str:
    """SQL for the two."""
    return mine("my_concerns", "view_concern", void) + mine("my_readable", "read_concern", void)


# One's own request; the other person's once the portal has looked; and everybody's who knows of the concern.
SEE = f"asker_id = {ME} OR (approver_id = {ME} AND shown_at IS NOT NULL) OR concern_id {MINE}"
GUARDS = """
CREATE FUNCTION guard_glass() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'ASKED' OR NEW.concern_id IS NOT NULL OR NEW.shown_at IS NOT NULL OR NEW.expires_at IS NOT NULL THEN
      RAISE EXCEPTION 'breaking the glass starts by asking' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.asker_id, NEW.approver_id, NEW.council_id, NEW.reference, NEW.hours, NEW.asked_at)
     IS DISTINCT FROM (OLD.asker_id, OLD.approver_id, OLD.council_id, OLD.reference, OLD.hours, OLD.asked_at) THEN
    RAISE EXCEPTION 'what was asked stays as it was asked' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.expires_at IS NOT NULL AND NEW.expires_at > OLD.expires_at THEN
    RAISE EXCEPTION 'no time is added' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.status IN ('APPROVED', 'DECLINED') AND NEW.status <> OLD.status
     AND (OLD.status <> 'WAITING' OR portal_me() IS DISTINCT FROM OLD.approver_id) THEN
    RAISE EXCEPTION 'only the other person answers' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.status = 'OPEN' AND OLD.status NOT IN ('APPROVED', 'OPEN') THEN
    RAISE EXCEPTION 'nothing opens without the other person' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.status IN ('ASKED', 'WAITING', 'OPEN') AND NEW.status <> OLD.status AND current_user <> 'portal_system' THEN
    RAISE EXCEPTION 'the portal looks itself' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.concern_id IS DISTINCT FROM OLD.concern_id AND current_user <> 'portal_system' THEN
    RAISE EXCEPTION 'the portal looks itself' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_glass BEFORE INSERT OR UPDATE ON concerns_breakglass FOR EACH ROW EXECUTE FUNCTION guard_glass();
CREATE FUNCTION guard_glass_part() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM concerns_breakglass b
    WHERE b.concern_id = NEW.concern_id AND b.asker_id = NEW.person_id AND b.approver_id <> NEW.person_id
      AND b.status = 'OPEN' AND b.expires_at > NEW.since) THEN
    RAISE EXCEPTION 'one person alone breaks no glass' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_glass_part BEFORE INSERT ON concerns_participation
  FOR EACH ROW WHEN (NEW.reason = 'break_glass') EXECUTE FUNCTION guard_glass_part();
REVOKE DELETE, TRUNCATE ON concerns_breakglass FROM portal_app, portal_system;
"""
PRIVILEGES = """
GRANT SELECT ON councils_appointment, concerns_participation, concerns_concern, concerns_breakglass TO portal_definer;
GRANT EXECUTE ON FUNCTION portal_now(), portal_today() TO portal_definer;
"""
FORWARD = (
    CLOCK + VOID + PRIVILEGES + definer("my_void(uuid, integer)") + both() + definer("my_concerns()") + definer("my_readable()")
    + wall("concerns_breakglass", SEE, f"asker_id = {ME}", f"asker_id = {ME} OR approver_id = {ME}", "false")
    + GUARDS + definer("guard_glass_part()")
)  # fmt: skip
BACK = (
    both("") + unwall("concerns_breakglass")
    + "DROP TRIGGER guard_glass_part ON concerns_participation; DROP FUNCTION guard_glass_part(); "
    + "DROP TRIGGER guard_glass ON concerns_breakglass; DROP FUNCTION guard_glass(); DROP FUNCTION my_void(uuid, integer); "
    + "DROP FUNCTION portal_today(); DROP FUNCTION portal_now();"
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("concerns", "0008_delivery"), ("councils", "0005_absences")]
    operations = [
        migrations.CreateModel(
            name='BreakGlass',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=40)),
                ('status', models.CharField(choices=[('ASKED', 'ASKED'), ('WAITING', 'WAITING'), ('DECLINED', 'DECLINED'), ('APPROVED', 'APPROVED'), ('OPEN', 'OPEN'), ('REFUSED', 'REFUSED'), ('ENDED', 'ENDED')], default='ASKED', max_length=12)),
                ('asked_at', models.DateTimeField()),
                ('reason', concerns.models.encrypted.EncryptedTextField()),
                ('hours', models.PositiveSmallIntegerField()),
                ('shown_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', concerns.models.encrypted.EncryptedTextField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('approver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('concern', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='concerns.concern')),
                ('council', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='councils.council')),
            ],
            options={
                'ordering': ['-asked_at'],
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('concern__isnull', False)), fields=['asker'], name='glass_asker')],
                'constraints': [models.CheckConstraint(condition=models.Q(('asker', models.F('approver')), _negated=True), name='glass_two_people'), models.CheckConstraint(condition=models.Q(('hours__gte', 1), ('hours__lte', 168)), name='glass_a_week_at_most'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'OPEN'), _negated=True), models.Q(('answered_at__isnull', False), ('concern__isnull', False), ('expires_at__isnull', False), ('opened_at__isnull', False)), _connector='OR'), name='glass_open_approved'), models.UniqueConstraint(condition=models.Q(('status', 'OPEN')), fields=('concern', 'asker'), name='glass_open_once')],
            },
        ),
        migrations.AddIndex(
            model_name='participation',
            index=models.Index(condition=models.Q(('reason__in', ['stands_in', 'break_glass']), ('until__isnull', True)), fields=['person'], name='participation_for_now'),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
