/** What the tests need beside npm packages: redis-server, chromium, PostgreSQL, PgBouncer, ip, nginx and Caddy. Found, or installed through apt, or one clear line. */
import { spawnSync } from "node:child_process";

const needs = [
  { program: ["redis-server"], debian: "redis-server" },
  { program: ["chromium", "chromium-browser", "google-chrome"], debian: "chromium fonts-dejavu-core" },
  // Debian keeps the server's programs out of the path.
  { program: ["initdb", "/usr/lib/postgresql/*/bin/initdb"], debian: "postgresql" },
  // Network namespaces, for test:hosts.
  { program: ["ip", "/usr/sbin/ip"], debian: "iproute2" },
  { program: ["pgbouncer", "/usr/sbin/pgbouncer"], debian: "pgbouncer" },
];
/** Whose tests are skipped without them: not every distribution has them. */
const wanted = [
  { program: ["nginx", "/usr/sbin/nginx"], debian: "nginx" },
  { program: ["caddy"], debian: "caddy" },
];

const isThere = (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const missingOf = (programs) => programs.filter(({ program }) => !program.some(isThere)).map(({ debian }) => debian);

/** Each list in one go; gives what is missing still. */
function install(programs) {
  const packages = missingOf(programs);
  if (packages.length === 0) return [];
  const root = process.getuid?.() === 0;
  const sudo = !root && spawnSync("sudo", ["-n", "true"]).status === 0;
  if ((!root && !sudo) || !isThere("apt-get")) return packages;
  console.log(`Installing ${packages.join(" and ")} for the tests…`);
  const prefix = root ? "" : "sudo ";
  const command = `${prefix}apt-get update -qq && ${prefix}env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${packages.join(" ")}`;
  spawnSync("sh", ["-c", command], { stdio: ["ignore", "ignore", "inherit"] });
  return missingOf(programs);
}

const missing = install(needs);
if (missing.length > 0) {
  console.error(`The tests need ${missing.join(" and ")}. Install with: apt-get install ${missing.join(" ")}`);
  process.exit(1);
}
const unfound = install(wanted);
if (unfound.length > 0)
  console.log(`Tests of ${unfound.join(" and ")} are skipped. Install with: apt-get install ${unfound.join(" ")}`);
