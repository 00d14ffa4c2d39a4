#!/bin/sh
# Give the login roles their passwords; run by the database container once, after protocol_portal/roles.sql.
set -eu
psql --quiet --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set=owner_password="$PORTAL_OWNER_PASSWORD" --set=app_password="$PORTAL_APP_PASSWORD" \
  --set=backup_password="${PORTAL_BACKUP_PASSWORD:-}" <<'SQL'
ALTER ROLE portal_owner PASSWORD :'owner_password';
ALTER ROLE portal_app PASSWORD :'app_password';
SELECT :'backup_password' <> '' AS backed_up \gset
\if :backed_up
ALTER ROLE portal_backup PASSWORD :'backup_password';
\endif
ALTER DATABASE portal OWNER TO portal_owner;
SQL
