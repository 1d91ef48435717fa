-- A PostgreSQL role for each role of Parley's processes, with what that one needs and no more. Run it as the owner of the
-- tables, who made them by a first start, and again after each upgrade that makes tables; it may be run any number of times:
--   psql "$OWNER_DATABASE_URL" -f deploy/postgres-roles.sql
--   psql "$OWNER_DATABASE_URL" -c '\password parley_gateway'     and so for the others
-- Where `gateway.mcp` is on, the gateway calls tools itself and needs what the workers have of them besides:
--   PGOPTIONS='-c parley.mcp=on' psql "$OWNER_DATABASE_URL" -f deploy/postgres-roles.sql
-- The owner's own address is then needed for upgrades and for every other command of `parley` than `start`.
DO $$
DECLARE
  everybody CONSTANT text[] := ARRAY['parley_gateway', 'parley_workers', 'parley_adapters'];
  has_mcp CONSTANT boolean := coalesce(current_setting('parley.mcp', true), '') = 'on';
  changes CONSTANT text := 'SELECT, INSERT, UPDATE, DELETE';
  head CONSTANT text := 'SELECT (sequence, hash)';
  -- A table (or several by LIKE, the first that fits), and what gateway, workers and adapters may do with it.
  allowed CONSTANT text[][] := ARRAY[
    -- Which version the tables have and which keys seal them, only the owner says.
    ['schema\_versions', 'SELECT', 'SELECT', 'SELECT'],
    ['sealing\_keys', 'SELECT', 'SELECT', 'SELECT'],
    ['sealing\_progress', changes, changes, ''],
    ['processes', changes, changes, changes],
    -- Users, sessions, keys, tickets and kept answers: nobody but the gateway knows who is who.
    ['identity\_%', changes, '', ''],
    ['gateway\_%', changes, '', ''],
    -- Webhooks are set up at the gateway, and called by workers.
    ['webhook\_endpoints', changes, 'SELECT, UPDATE', ''],
    ['webhook\_%', changes, changes, ''],
    -- Conversations: workers lead them, the gateway shows and erases them, adapters send what was answered.
    ['deliveries', changes, 'SELECT, DELETE', 'SELECT, INSERT, UPDATE'],
    ['message\_references', 'SELECT, INSERT, DELETE', changes, 'SELECT, INSERT'],
    ['conversation\_files', 'SELECT, INSERT, DELETE', 'SELECT, INSERT, DELETE', 'SELECT, INSERT'],
    ['owned\_values', changes, changes, 'SELECT, INSERT, UPDATE'],
    ['facts', changes, changes, ''],
    ['conversations', 'SELECT, UPDATE, DELETE', changes, ''],
    ['conversation\_users', 'SELECT, DELETE', changes, ''],
    ['turns', 'SELECT, UPDATE, DELETE', changes, ''],
    ['identities', 'SELECT, UPDATE, DELETE', changes, ''],
    ['link\_codes', 'SELECT, DELETE', changes, ''],
    ['controls', 'SELECT, DELETE', changes, ''],
    ['usage\_%', 'SELECT, DELETE', changes, ''],
    -- What is in the audit stays as it is; a trigger holds back the deletion of what is not pruned yet.
    ['audit\_entries', head || ', INSERT', 'SELECT, INSERT, DELETE', head],
    ['audit\_front', '', changes, ''],
    ['audit\_recorded', '', 'SELECT, INSERT', ''],
    ['proposals', 'SELECT, UPDATE, DELETE', changes, ''],
    -- The sample bank: what was booked stays, and only workers book.
    ['bank\_customers', 'SELECT', 'SELECT, UPDATE', 'SELECT (id)'],
    ['bank\_links', 'SELECT', changes, ''],
    ['bank\_accounts', 'SELECT', 'SELECT, UPDATE', ''],
    ['bank\_payees', '', changes, ''],
    ['bank\_%', '', 'SELECT, INSERT', ''],
    ['complaints', 'SELECT, UPDATE', changes, ''],
    ['complaint\_%', '', changes, ''],
    -- Workers bring documents in, every process has an index of its own.
    ['documents\_collections', 'SELECT, INSERT', 'SELECT, INSERT', 'SELECT, INSERT'],
    ['documents\_%', 'SELECT', changes, 'SELECT'],
    -- Calls of the gateway train models and put one to work.
    ['recommender\_trainings', changes, changes, ''],
    ['recommender\_%', changes, changes, 'SELECT'],
    ['interaction\_%', changes, changes, ''],
    ['copy\_progress', '', '', ''],
    -- Tables of your own tool packs.
    ['%', changes, changes, '']
  ];
  one text;
  held text;
  rights text;
  place int;
BEGIN
  FOREACH one IN ARRAY everybody LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = one) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT', one);
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), one);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), one);
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', current_schema(), one);
  END LOOP;
  FOR held IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    place := (
      SELECT min(at) FROM generate_subscripts(allowed, 1) AS at WHERE held LIKE allowed[at][1]
    );
    FOR which IN 1..3 LOOP
      EXECUTE format('REVOKE ALL ON %I FROM %I', held, everybody[which]);
      rights := allowed[place][which + 1];
      IF rights <> '' THEN
        EXECUTE format('GRANT %s ON %I TO %I', rights, held, everybody[which]);
      END IF;
    END LOOP;
    IF has_mcp AND allowed[place][3] <> '' THEN
      EXECUTE format('GRANT %s ON %I TO parley_gateway', allowed[place][3], held);
    END IF;
  END LOOP;
  EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
  EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;
