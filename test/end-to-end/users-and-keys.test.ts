/** `parley users` and `parley keys`, as an operator runs them where no terminal is. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hash } from "bcryptjs";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/bank-chat.ts";
import { buildOnce, runParley } from "../support/parley-process.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(buildOnce, 240_000);
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** Runs a command that is to succeed; gives what it printed. */
function run(...words: readonly string[]): string {
  const { status, stdout, stderr } = runParley(folder.path, ...words);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return stdout;
}

/** Runs one that is to fail. */
function fail(...words: readonly string[]): string {
  const { status, stderr } = runParley(folder.path, ...words);
  expect(status).not.toBe(0);
  return stderr;
}

/** The secret files of the data directory. */
const secrets = (): readonly string[] => readdirSync(folder.path).filter((name) => /\.(?:link|secret)$/u.test(name));
const create = (login: string, role: string): string => run("users", "create", login, "--role", role);

describe("parley users", () => {
  it("gives the link of the first owner in a file that its owner alone can read", () => {
    const said = run("users", "first-owner");
    const [file = "", ...others] = secrets();
    expect(others).toEqual([]);
    const path = join(folder.path, file);
    expect(said).toContain(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const link = readFileSync(path, "utf8");
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/account\/first-owner#[\w-]{43}\n$/u);
    expect(said).not.toContain(link.trim().split("#")[1]);
  });

  it("makes, lists, disables and removes users, and gives and takes roles", () => {
    expect(create("Ruth@Example.org", "moderator")).toContain("made ruth@example.org");
    run("users", "grant", "ruth@example.org", "--role", "analyst");
    run("users", "ungrant", "ruth@example.org", "--role", "moderator");
    run("users", "disable", "ruth@example.org");
    expect(JSON.parse(run("users", "list", "--json"))).toMatchObject([
      { login: "ruth@example.org", isDisabled: true, roles: [{ bot: "*", role: "analyst" }] },
    ]);
    run("users", "enable", "ruth@example.org");
    run("users", "remove", "ruth@example.org");
    expect(JSON.parse(run("users", "list", "--json"))).toEqual([]);
  });

  it("refuses what is wrong, naming it and the way out", () => {
    create("ruth", "owner");
    expect(fail("users", "create", "ruth", "--role", "admin")).toContain("identity/login-taken");
    expect(fail("users", "create", "not a login", "--role", "admin")).toContain("identity/login");
    expect(fail("users", "create", "jana", "--role", "moderater")).toContain(
      '--role: there is no "moderater". Did you mean "moderator"?',
    );
    expect(fail("users", "creat", "jana")).toContain("unknown command 'creat'; did you mean create?");
    expect(fail("users", "import", "nope.jsonl")).toMatch(/nope\.jsonl cannot be read: there is no such file/u);
    expect(fail("users", "create", "jana", "--role", "admin", "--bot", "none")).toContain("cli/unknown-bot");
    expect(fail("users", "disable", "nobody")).toContain("identity/unknown-user");
    for (const words of [["disable"], ["remove"], ["ungrant", "--role", "owner"]])
      expect(fail("users", ...words, "ruth")).toContain("identity/last-owner");
    expect(JSON.parse(run("users", "list", "--json"))).toMatchObject([{ login: "ruth", isDisabled: false }]);
  });

  it("imports users with their hashes, all lines or none, and tells no hash", async () => {
    const passwordHash = await hash("copper lantern drifts", 4);
    const file = join(folder.path, "users.jsonl");
    const line = (login: string): string => JSON.stringify({ login, passwordHash, role: "customer" });
    for (const wrong of [`{"login": "b", "passwordHash": 7}`, `{"login": "b", "passwordHash": "plain"}`, "{"]) {
      writeFileSync(file, `${line("a")}\n${wrong}\n`);
      expect(fail("users", "import", file)).toContain("line 2");
    }
    expect(JSON.parse(run("users", "list", "--json"))).toEqual([]);
    const faulty = [
      { login: "b c", passwordHash, role: "king" },
      { login: "d", passwordHash, bot: "none" },
      { login: "e", passwordHash, admin: true },
    ];
    writeFileSync(file, `${[line("a"), ...faulty.map((one) => JSON.stringify(one))].join("\n")}\n`);
    const told = fail("users", "import", file);
    for (const fault of [
      "line 2: login must",
      "line 2: role must be",
      "line 3: bot is none of",
      "line 4: there is no field admin",
    ])
      expect(told).toContain(fault);
    expect(told).not.toContain(passwordHash);
    // As Windows writes it.
    writeFileSync(file, `\uFEFF${line("a")}\r\n\r\n${line("b")}\r\n${line("a")}\r\n`);
    expect(run("users", "import", file)).toContain("2 users; 1 logins were there already");
    expect(run("users", "list", "--json")).not.toContain(passwordHash);
  });
});

describe("parley keys", () => {
  it("makes a key within its user's roles, lists it without its secret, and revokes it", () => {
    create("ruth", "analyst");
    const wanted = ["keys", "create", "crm", "--user", "ruth", "--scopes"];
    expect(fail(...wanted, "documents:write")).toContain("identity/key-scopes");
    expect(fail(...wanted, "documents:raed")).toContain(
      '--scopes: there is no "documents:raed". Did you mean "documents:read"?',
    );
    expect(fail(...wanted, "documents:read", "--days", "9999")).toContain(
      "--days: expected a whole number from 1 to 365 (found 9999)",
    );
    expect(fail(...wanted, "documents:read", "--days", "soon")).toContain(
      '--days: expected a whole number from 1 to 365 (found "soon")',
    );
    run(...wanted, "documents:read,metrics:read");
    const file = secrets().find((name) => name.startsWith("key-")) ?? "";
    expect(statSync(join(folder.path, file)).mode & 0o777).toBe(0o600);
    const secret = readFileSync(join(folder.path, file), "utf8").trim();
    expect(secret).toMatch(/^parley_[\w-]{12}_[\w-]{43}$/u);
    const listed = run("keys", "list", "--json");
    expect(listed).not.toContain(secret.slice(-43));
    const [key] = JSON.parse(listed);
    expect(key).toMatchObject({ name: "crm", bot: "*", scopes: ["documents:read", "metrics:read"] });
    expect(run("keys", "list")).toContain("of ruth");
    run("keys", "revoke", key.id);
    expect(secrets()).not.toContain(file);
    expect(JSON.parse(run("keys", "list", "--json"))).toMatchObject([{ id: key.id, state: "revoked" }]);
    expect(fail("keys", "revoke", "none")).toContain("identity/unknown-key");
  });

  it("keeps neither links nor keys readable in the tables", () => {
    create("ruth", "analyst");
    run("keys", "create", "crm", "--user", "ruth", "--scopes", "documents:read");
    const tables = readdirSync(folder.path)
      .filter((name) => name.startsWith("identity.sqlite"))
      .map((name) => readFileSync(join(folder.path, name), "latin1"))
      .join("");
    expect(tables).toContain("documents:read");
    for (const name of secrets()) {
      const secret = readFileSync(join(folder.path, name), "utf8").trim().slice(-43);
      expect(tables).not.toContain(secret);
    }
  });
});
