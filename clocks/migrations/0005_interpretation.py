"""Questions about what the protocol means are due as well. Those that wait are counted from the day they were asked."""

from django.db import migrations, models

WAITING = """
SET LOCAL ROLE portal_definer;
INSERT INTO clocks_unsettled (id, room, row_id, at)
SELECT gen_random_uuid(), 'interpretation', q.id, now() FROM information_guidancequestion q WHERE q.state = 'ASKED';
RESET ROLE;
SET LOCAL ROLE portal_owner;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('clocks', '0004_rights_dues'),
        ('information', '0005_chain'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='obligation',
            name='obligation_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='reminderhabit',
            name='habit_kind_known',
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['acknowledge', 'find_handler', 'informal_review', 'conciliate', 'choose_route', 'check_back', 'investigation_report', 'hearing_notice', 'hearing', 'decision', 'appeal_window', 'chase_monitoring_officer', 'council_meeting', 'look_again', 'subject_reply', 'access_request', 'interpretation', 'hold_review', 'retention_review', 'protocol_review', 'subject_access', 'data_complaint', 'data_breach'])), name='obligation_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='reminderhabit',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['acknowledge', 'find_handler', 'informal_review', 'conciliate', 'choose_route', 'check_back', 'investigation_report', 'hearing_notice', 'hearing', 'decision', 'appeal_window', 'chase_monitoring_officer', 'council_meeting', 'look_again', 'subject_reply', 'access_request', 'interpretation', 'hold_review', 'retention_review', 'protocol_review', 'subject_access', 'data_complaint', 'data_breach'])), name='habit_kind_known'),
        ),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
