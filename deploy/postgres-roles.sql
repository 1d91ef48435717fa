-- A PostgreSQL role for each role of Parley's processes, with what that one needs and no more. Run it as the owner of the
-- tables, who made them by a first start, and again after each upgrade that makes tables; it may be run any number of times:
--   psql "$OWNER_DATABASE_URL" -f deploy/postgres-roles.sql
--   psql "$OWNER_DATABASE_URL" -c '\password parley_gateway'     and so for the others
-- The owner's own address is then needed for upgrades and for `parley users`, `keys`, `privacy` and `store` alone.
DO $$
DECLARE
  everybody CONSTANT text[] := ARRAY['parley_gateway', 'parley_workers', 'parley_adapters'];
  one text;
  held text;
  rights text;
BEGIN
  FOREACH one IN ARRAY everybody LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = one) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT', one);
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), one);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), one);
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', current_schema(), one);
    FOR held IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
      EXECUTE format('REVOKE ALL ON %I FROM %I', held, one);
      rights := CASE
        -- Users, sessions, keys, tickets and kept answers: nobody but the gateway knows who is who.
        WHEN (held LIKE 'identity\_%' OR held LIKE 'gateway\_%') AND one <> 'parley_gateway' THEN NULL
        -- Which version the tables have, only their owner says.
        WHEN held = 'schema_versions' THEN 'SELECT'
        -- What is in the audit stays as it is; a trigger holds back the deletion of what is not pruned yet.
        WHEN held = 'audit_entries' THEN 'SELECT, INSERT, DELETE'
        ELSE 'SELECT, INSERT, UPDATE, DELETE'
      END;
      IF rights IS NOT NULL THEN
        EXECUTE format('GRANT %s ON %I TO %I', rights, held, one);
      END IF;
    END LOOP;
  END LOOP;
  EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
  EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;
