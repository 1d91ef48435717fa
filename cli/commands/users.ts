import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { z } from "zod";
import { InvalidInputError, ParleyError } from "../../core/errors.ts";
import { EVERY_BOT, Role } from "../../gateway/access/roles.ts";
import { type Account, isImportableHash, readLogin } from "../../gateway/identity/index.ts";
import { colors } from "../colors.ts";
import { givenFile } from "../given-file.ts";
import { addListCommand } from "../list-command.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { showLink } from "../show-link.ts";
import { type AccountWork, knownBot, withAccounts } from "../runtime/open-accounts.ts";

const PAGE = 200;

const GrantOptions = CommonOptions.extend({ role: Role, bot: z.string().min(1).default(EVERY_BOT) });

/** `parley users`: who may log in, and what they may do. */
export function addUsersCommand(group: Command): void {
  addList(group);
  addCreate(group);
  addImport(group);
  addFirstOwner(group);
  addGrant(group, "grant", "gives a user a role", async ({ accounts, by }, user, grant) => {
    await accounts.grant(user.id, grant, by);
    print(`${colors.green("granted")} ${user.login} is ${grant.role} of ${named(grant.bot)} from the next request on.`);
  });
  addGrant(group, "ungrant", "takes a role from a user", async ({ accounts }, user, grant) => {
    const isTaken = await accounts.ungrant(user.id, grant);
    print(isTaken ? `${colors.green("taken")} From the next request on.` : `${user.login} did not have it.`);
  });
  addOne(group, "link <login>", "gives a link by which a user sets another password", async (work, user) => {
    showLink(work.loaded, await work.accounts.passwordLink(user.id), { page: "password", of: user.login });
  });
  addOne(group, "sign-out <login>", "ends all sessions of a user", async ({ store, now }, user) => {
    const ended = await store.sessions.revokeAll(user.id, { now, reason: "revoked" });
    print(`${colors.green("ended")} ${ended} sessions of ${user.login}.`);
  });
  addOne(group, "reset-second-factor <login>", "removes authenticator, passkeys and contact", async (work, user) => {
    await work.accounts.resetSecondFactor(user.id);
    print(`${colors.green("removed")} ${user.login} logs in with the password alone until there is another factor.`);
  });
  addOne(group, "disable <login>", "locks a user out and ends all sessions", async ({ accounts }, user) => {
    await accounts.disable(user.id);
    print(`${colors.green("disabled")} ${user.login}`);
  });
  addOne(group, "enable <login>", "lets a user in again", async ({ accounts }, user) => {
    await accounts.enable(user.id);
    print(`${colors.green("enabled")} ${user.login}`);
  });
  addOne(group, "remove <login>", "removes a user with sessions, keys and roles", async ({ accounts }, user) => {
    await accounts.remove(user.id);
    print(`${colors.green("removed")} ${user.login}. What bots keep of the person stays:`);
    print(`parley privacy erase --user web:main:${user.id}`);
  });
}

function addList(group: Command): void {
  addListCommand(group, "lists users and their roles")
    .option("--after <id>", "the ones behind the user with this id")
    .option("--json", "prints them as JSON")
    .action(async (_options, command: Command) => {
      const options = optionsOf(command, CommonOptions.extend({ after: z.string().default("") }));
      await withAccounts(options.config, async ({ accounts }) => {
        const users = await accounts.list({ limit: PAGE, after: options.after });
        const found = await Promise.all(
          users.map(async ({ id, login, name, createdAt, disabledAt }) => ({
            id,
            login,
            name,
            createdAt: new Date(createdAt).toISOString(),
            isDisabled: disabledAt !== undefined,
            roles: await accounts.grants(id),
          })),
        );
        if (options.json) return printJson(found);
        if (found.length === 0) print("There are no users. The first one: parley users first-owner");
        for (const { login, name, isDisabled, roles } of found) {
          const held = roles.map(({ bot, role }) => `${role} of ${named(bot)}`).join(", ");
          print(`${login}  ${colors.dim([name, held || "no role", ...(isDisabled ? ["disabled"] : [])].join(" · "))}`);
        }
        if (found.length === PAGE) print(colors.dim(`more: parley users list --after ${found.at(-1)?.id ?? ""}`));
      });
    });
}

function addCreate(group: Command): void {
  group
    .command("create <login>")
    .description("makes a user, and a link by which they set their password")
    .requiredOption("--role <role>", Role.options.join(", "))
    .option("--bot <bot>", "the bot that the role is for; all of them where it is left out")
    .option("--name <name>", "the name of the person")
    .action(async (login: string, _options, command: Command) => {
      const options = optionsOf(command, GrantOptions.extend({ name: z.string().default("") }));
      await withAccounts(options.config, async ({ loaded, accounts, by }) => {
        const grants = [{ role: options.role, bot: knownBot(loaded, options.bot) }];
        const { account, link } = await accounts.create({ login, name: options.name, grants, by });
        print(`${colors.green("made")} ${account.login}`);
        showLink(loaded, link, { page: "password", of: account.login });
      });
    });
}

const Imported = z.strictObject({
  login: z.string().refine((login) => readLogin(login) !== undefined),
  name: z.string().default(""),
  passwordHash: z.string().refine(isImportableHash),
  role: Role.default("customer"),
  bot: z.string().min(1).default(EVERY_BOT),
});

function addImport(group: Command): void {
  group
    .command("import <file>")
    .description('imports users of another system: a line {"login", "name", "passwordHash", "role", "bot"} each')
    .action(async (file: string, _options, command: Command) => {
      const { config } = optionsOf(command, CommonOptions);
      const text = await readFile(givenFile(file), "utf8");
      await withAccounts(config, async ({ loaded, accounts, by }) => {
        const lines = readLines(text, file, ["*", ...Object.keys(loaded.config.bots)]);
        let taken = 0;
        for (const { role, bot, ...user } of lines) {
          try {
            await accounts.importUser({ ...user, grants: [{ role, bot }], by });
          } catch (thrown) {
            if (!(thrown instanceof ParleyError) || thrown.code !== "identity/login-taken") throw thrown;
            taken += 1;
          }
        }
        print(`${colors.green("imported")} ${lines.length - taken} users; ${taken} logins were there already.`);
      });
    });
}

/** All lines, or none. A fault names its line and field, never what stands there. */
function readLines(text: string, file: string, bots: readonly string[]): readonly z.output<typeof Imported>[] {
  const faults: string[] = [];
  // Programs of Windows begin a file with a mark of its encoding.
  const lines = text.replace(/^\uFEFF/u, "").split(/\r?\n/u);
  const users = lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const parsed = Imported.safeParse(parsedJson(line));
    const wrong = parsed.success ? unknownBot(parsed.data.bot, bots) : parsed.error.issues.map(faultOf);
    faults.push(...wrong.map((fault) => `line ${index + 1}: ${fault}`));
    return parsed.success ? [parsed.data] : [];
  });
  if (faults.length === 0) return users;
  const more = faults.length > SHOWN_FAULTS ? ` (and ${faults.length - SHOWN_FAULTS} more)` : "";
  throw new InvalidInputError(
    "identity/import",
    `${file} was not imported, no line of it. ${faults.slice(0, SHOWN_FAULTS).join("; ")}${more}.`,
  );
}

const SHOWN_FAULTS = 10;
const REMEDIES: Readonly<Record<string, string>> = {
  login: "login must have 1 to 254 letters, figures and the signs . _ @ + -",
  name: "name must be a text",
  passwordHash: "passwordHash must be bcrypt with a cost of 13 at most, or argon2id",
  role: `role must be one of ${Role.options.join(", ")}`,
  bot: "bot must be the id of a bot, or * for all",
};

function faultOf(issue: z.core.$ZodIssue): string {
  const [field] = issue.path;
  if (issue.code === "unrecognized_keys") return `there is no field ${issue.keys.join(", ")}`;
  return typeof field === "string" ? (REMEDIES[field] ?? field) : "it is no JSON object";
}

function unknownBot(bot: string, bots: readonly string[]): readonly string[] {
  return bots.includes(bot) ? [] : [`bot is none of ${bots.join(", ")}`];
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function addFirstOwner(group: Command): void {
  group
    .command("first-owner")
    .description("gives the link of one hour by which the first owner is made")
    .action(async (_options, command: Command) => {
      const { config } = optionsOf(command, CommonOptions);
      await withAccounts(config, async ({ loaded, accounts }) => {
        const link = await accounts.firstOwnerLink();
        if (link === undefined) return print("There is an owner. They make others: parley users list");
        showLink(loaded, link, { page: "first-owner", of: "first-owner" });
      });
    });
}

type OnUser = (work: AccountWork, user: Account) => Promise<void>;

function addOne(group: Command, usage: string, description: string, action: OnUser): void {
  group
    .command(usage)
    .description(description)
    .action(async (login: string, _options, command: Command) => {
      const { config } = optionsOf(command, CommonOptions);
      await withAccounts(config, async (work) => await action(work, await work.accounts.byLogin(login)));
    });
}

type OnGrant = (
  work: AccountWork,
  user: Account,
  grant: { readonly role: Role; readonly bot: string },
) => Promise<void>;

function addGrant(group: Command, name: string, description: string, action: OnGrant): void {
  group
    .command(`${name} <login>`)
    .description(description)
    .requiredOption("--role <role>", Role.options.join(", "))
    .option("--bot <bot>", "the bot that the role is for; all of them where it is left out")
    .action(async (login: string, _options, command: Command) => {
      const { config, role, bot } = optionsOf(command, GrantOptions);
      await withAccounts(config, async (work) => {
        // A role with a bot that is gone from the configuration can still be taken.
        const grant = { role, bot: name === "grant" ? knownBot(work.loaded, bot) : bot };
        await action(work, await work.accounts.byLogin(login), grant);
      });
    });
}

function named(bot: string): string {
  return bot === EVERY_BOT ? "all bots" : bot;
}
