"""The subject may be written down as having opened a file of which a copy was given to them."""

from django.db import migrations

from councils.walls import definer

OPENS = """
CREATE OR REPLACE FUNCTION may_open_file(opened uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM concerns_document d WHERE d.id = opened AND d.concern_id = ANY (my_readable()))
    OR EXISTS (SELECT 1 FROM disclosures_disclosedpaper p WHERE p.document_id = opened AND p.disclosure_id = ANY (my_disclosures()))
$$;
GRANT SELECT ON disclosures_disclosedpaper TO portal_definer;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION may_open_file(opened uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM concerns_document d WHERE d.id = opened AND d.concern_id = ANY (my_readable()))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("disclosures", "0005_panel"), ("concerns", "0007_who_is_told")]
    operations = [migrations.RunSQL(OPENS + definer("may_open_file(uuid)"), BEFORE)]
