-- The portal's database roles and default privileges. Idempotent.
-- Run as a superuser, connected to the portal's database; passwords are set separately.
--
--   portal_owner    owns the database objects and migrates them; still subject to (forced) row-level security
--   portal_app      what web and workers log in as: owns nothing, no superuser, no BYPASSRLS
--   portal_system   clocks and delivery, entered by SET LOCAL ROLE from portal_app; its policies say what it sees
--   portal_definer  owns the few SECURITY DEFINER functions that answer "which concerns may this person see"
--   portal_backup   reads every row and writes none; for `manage.py backup` alone, useless until it is given a password

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_owner') THEN CREATE ROLE portal_owner; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') THEN CREATE ROLE portal_app; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_system') THEN CREATE ROLE portal_system; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_definer') THEN CREATE ROLE portal_definer; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_backup') THEN CREATE ROLE portal_backup; END IF;
END
$$;

ALTER ROLE portal_owner LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
ALTER ROLE portal_app LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
ALTER ROLE portal_system NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
ALTER ROLE portal_definer NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS NOREPLICATION;
ALTER ROLE portal_backup LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS NOREPLICATION;

GRANT portal_system TO portal_app;
GRANT portal_definer TO portal_owner;
GRANT pg_read_all_data TO portal_backup;

ALTER SCHEMA public OWNER TO portal_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO portal_app, portal_system;
GRANT USAGE, CREATE ON SCHEMA public TO portal_definer;

-- Whatever the owner creates from now on. Migrations take away what a table should not allow
-- (for example UPDATE and DELETE on the audit trail).
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app, portal_system;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO portal_app, portal_system;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO portal_definer;
