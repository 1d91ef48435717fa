/** What the tests need beside npm packages: redis-server, chromium, PostgreSQL, PgBouncer and ip. Found, or installed through apt, or one clear line. */
import { spawnSync } from "node:child_process";

const needs = [
  { program: ["redis-server"], debian: "redis-server" },
  { program: ["chromium", "chromium-browser", "google-chrome"], debian: "chromium" },
  // Debian keeps the server's programs out of the path.
  { program: ["initdb", "/usr/lib/postgresql/*/bin/initdb"], debian: "postgresql" },
  // Network namespaces, for test:hosts.
  { program: ["ip", "/usr/sbin/ip"], debian: "iproute2" },
  { program: ["pgbouncer", "/usr/sbin/pgbouncer"], debian: "pgbouncer" },
];

const isThere = (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const missing = needs.filter(({ program }) => !program.some(isThere));

if (missing.length > 0) {
  const packages = missing.map(({ debian }) => debian);
  const root = process.getuid?.() === 0;
  const sudo = !root && spawnSync("sudo", ["-n", "true"]).status === 0;
  const apt = (root || sudo) && isThere("apt-get");
  if (apt) {
    console.log(`Installing ${packages.join(" and ")} for the tests…`);
    const prefix = root ? "" : "sudo ";
    const command = `${prefix}apt-get update -qq && ${prefix}env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${packages.join(" ")} fonts-dejavu-core`;
    spawnSync("sh", ["-c", command], { stdio: ["ignore", "ignore", "inherit"] });
  }
  const still = missing.filter(({ program }) => !program.some(isThere)).map(({ debian }) => debian);
  if (still.length > 0) {
    console.error(`The tests need ${still.join(" and ")}. Install with: apt-get install ${still.join(" ")}`);
    process.exit(1);
  }
}
