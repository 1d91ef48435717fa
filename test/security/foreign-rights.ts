/** What no role of processes may do at the servers, and what one may and others not: written down by hand. */
import type { Role } from "../../cli/runtime/shared.ts";

/** Statements that PostgreSQL refuses every role. */
export const NOBODYS = [
  "CREATE TABLE mine (id INT)",
  "CREATE TEMPORARY TABLE mine (id INT)",
  "DROP TABLE turns",
  "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
  "UPDATE audit_entries SET body = ''",
  "TRUNCATE audit_entries",
  "UPDATE bank_postings SET amount = 1",
  "DELETE FROM bank_entries",
  "INSERT INTO bank_accounts SELECT * FROM bank_accounts",
  "UPDATE sealing_keys SET id = ''",
  "UPDATE schema_versions SET version = 0",
  "CREATE ROLE eve SUPERUSER",
  "ALTER ROLE parley_gateway SUPERUSER",
  "SET ROLE parley",
  "COPY turns TO PROGRAM 'cat'",
  "SELECT pg_read_file('/etc/passwd')",
  "SELECT rolpassword FROM pg_authid",
  "CREATE FUNCTION f() RETURNS INT LANGUAGE sql AS 'SELECT 1'",
];

const OTHERS = {
  gateway: ["workers", "adapters"],
  workers: ["gateway", "adapters"],
  adapters: ["gateway", "workers"],
} as const satisfies Readonly<Record<Role, readonly Role[]>>;

type Foreign = readonly [allowed: Role, refused: readonly Role[], statement: string];

/** Who may, who may not, and what: statements of PostgreSQL. */
export const FOREIGN_TABLES: readonly Foreign[] = [
  ...[
    "SELECT * FROM identity_users",
    "SELECT * FROM identity_api_keys",
    "SELECT * FROM identity_totp",
    "UPDATE identity_roles SET role = 'owner'",
    "INSERT INTO identity_roles SELECT * FROM identity_roles",
    "DELETE FROM identity_sessions",
    "SELECT * FROM gateway_tickets",
    "SELECT * FROM gateway_calls",
    "INSERT INTO webhook_endpoints SELECT * FROM webhook_endpoints",
    "DELETE FROM webhook_endpoints",
  ].map((statement): Foreign => ["gateway", OTHERS.gateway, statement]),
  ...[
    "INSERT INTO bank_entries SELECT * FROM bank_entries",
    "INSERT INTO bank_postings SELECT * FROM bank_postings",
    "UPDATE bank_accounts SET posted = 1",
    "SELECT * FROM bank_entries",
    "SELECT * FROM bank_postings",
    "SELECT * FROM bank_payees",
    "INSERT INTO bank_links SELECT * FROM bank_links",
    "INSERT INTO proposals SELECT * FROM proposals",
    "SELECT body FROM audit_entries",
    "DELETE FROM audit_entries",
    "INSERT INTO conversations SELECT * FROM conversations",
    "INSERT INTO turns SELECT * FROM turns",
    "INSERT INTO link_codes SELECT * FROM link_codes",
    "UPDATE controls SET note = ''",
    "INSERT INTO complaints SELECT * FROM complaints",
    "INSERT INTO documents_files SELECT * FROM documents_files",
    "UPDATE documents_files SET content = ''",
  ].map((statement): Foreign => ["workers", OTHERS.workers, statement]),
  ...[
    "SELECT * FROM bank_customers",
    "SELECT * FROM bank_accounts",
    "SELECT * FROM bank_links",
    "SELECT * FROM proposals",
    "SELECT * FROM conversations",
    "SELECT * FROM turns",
    "SELECT * FROM facts",
    "SELECT * FROM identities",
    "SELECT * FROM link_codes",
    "SELECT * FROM controls",
    "SELECT * FROM usage_spent",
    "SELECT * FROM complaints",
    "SELECT * FROM interaction_events",
    "SELECT * FROM webhook_endpoints",
    "DELETE FROM deliveries",
    "DELETE FROM owned_values",
    "UPDATE recommender_serving SET number = 1",
  ].map((statement): Foreign => ["workers", ["adapters"], statement]),
  ["adapters", ["workers"], "INSERT INTO deliveries SELECT * FROM deliveries"],
  ["adapters", ["workers"], "UPDATE deliveries SET outcome = 'delivered'"],
];

/** Commands that Redis refuses every role. */
export const EVERYBODYS_BANS: readonly (readonly string[])[] = [
  ["FLUSHALL"],
  ["FLUSHDB"],
  ["KEYS", "*"],
  ["SCAN", "0"],
  ["CONFIG", "GET", "*"],
  ["CONFIG", "SET", "dir", "/tmp"],
  ["ACL", "LIST"],
  ["ACL", "SETUSER", "eve", "on", "nopass", "+@all"],
  ["MODULE", "LIST"],
  ["SHUTDOWN"],
  ["REPLICAOF", "evil.example", "6379"],
  ["MONITOR"],
  ["CLIENT", "LIST"],
  ["SCRIPT", "FLUSH"],
  ["FUNCTION", "LIST"],
  ["GET", "another:installation"],
  ["SET", "another:installation", "1"],
  ["EVAL", "return redis.call('GET', KEYS[1])", "1", "another:installation"],
  ["EVAL", "return redis.call('FLUSHALL')", "0"],
  ["SUBSCRIBE", "another:topic"],
  ["PSUBSCRIBE", "*"],
  ["PUBLISH", "another:topic", "x"],
  ["DEL", "parley:{3}:m:web:main:someone"],
  ["RENAME", "parley:{3}:o:web:main", "parley:{3}:o:web:other"],
  ["SADD", "parley:{3}:paused", "*"],
  ["DEL", "parley:lifecycle"],
];

type ForeignKey = readonly [allowed: Role, refused: readonly Role[], ...words: string[]];

const WEB = "web:main:someone";
const TELEGRAM = "telegram:main:1";

/** Who may, who may not, and what: commands of Redis. */
export const FOREIGN_KEYS: readonly ForeignKey[] = [
  // Only workers take messages out, and answer them.
  ["workers", OTHERS.workers, "LPOP", `parley:{3}:m:${WEB}`],
  ["workers", OTHERS.workers, "LPOP", `parley:{3}:m:${TELEGRAM}`],
  ["workers", OTHERS.workers, "XADD", "parley:{3}:o:web:main", "*", "d", "{}"],
  ["workers", OTHERS.workers, "XADD", "parley:{3}:o:telegram:main", "*", "d", "{}"],
  ["workers", OTHERS.workers, "XADD", "parley:{3}:dead", "*", "c", "x"],
  ["workers", OTHERS.workers, "XREAD", "STREAMS", "parley:lifecycle", "0"],
  ["workers", OTHERS.workers, "RPOPLPUSH", "{parley:wake}:wake:wait", "{parley:wake}:wake:active"],
  ["workers", OTHERS.workers, "BZPOPMIN", "{parley:wake}:wake:marker", "1"],
  ["workers", OTHERS.workers, "RPOPLPUSH", "{parley:topics}:t:wait", "{parley:topics}:t:active"],
  ["workers", OTHERS.workers, "PUBLISH", "parley:topic:live:web:main", "x"],
  // Messages come in, and answers go out, where the platform is.
  ["gateway", ["adapters"], "RPUSH", `parley:{3}:m:${WEB}`, "1||{}"],
  ["gateway", ["adapters"], "LRANGE", `parley:{3}:m:${WEB}`, "0", "-1"],
  ["gateway", OTHERS.gateway, "LSET", `parley:{3}:m:${WEB}`, "0", "1||{}"],
  ["gateway", OTHERS.gateway, "XREAD", "STREAMS", "parley:{3}:o:web:main", "0"],
  ["gateway", OTHERS.gateway, "HSET", "parley:{3}:g:web:main", "1", "{}"],
  ["gateway", OTHERS.gateway, "SUBSCRIBE", "parley:topic:live:web:main"],
  ["adapters", ["gateway"], "RPUSH", `parley:{3}:m:${TELEGRAM}`, "1||{}"],
  ["adapters", ["gateway"], "LRANGE", `parley:{3}:m:${TELEGRAM}`, "0", "-1"],
  ["adapters", OTHERS.adapters, "LREM", `parley:{3}:m:${TELEGRAM}`, "1", "1||{}"],
  ["adapters", OTHERS.adapters, "XREAD", "STREAMS", "parley:{3}:o:telegram:main", "0"],
  ["adapters", OTHERS.adapters, "XDEL", "parley:{3}:o:telegram:main", "1-1"],
  ["adapters", OTHERS.adapters, "HSET", "parley:{3}:g:telegram:main", "1", "{}"],
  ["adapters", OTHERS.adapters, "SUBSCRIBE", "parley:topic:live:telegram:main"],
  // Whoever erases a conversation erases its dead letters; topics are not the adapters' at all.
  ["gateway", ["adapters"], "XREVRANGE", "parley:{3}:dead", "+", "-"],
  ["gateway", ["adapters"], "HMSET", "{parley:topics}:t:1", "data", "{}"],
];
