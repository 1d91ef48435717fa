import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createWriteStream } from "node:fs";
import { type Command, Option } from "commander";
import { z } from "zod";
import { AccountId } from "../../core/conversation-id.ts";
import { createPersonEraser } from "../../core/conversation/index.ts";
import { loadConfig } from "../../core/config/index.ts";
import { InvalidInputError, ParleyError } from "../../core/errors.ts";
import { anonymised, exportPerson, type PersonExport } from "../../core/privacy/person-export.ts";
import type { Resealed } from "../../core/privacy/sealing/index.ts";
import { colors } from "../colors.ts";
import { CommonOptions, optionsOf } from "../options.ts";
import { print, printJson } from "../output.ts";
import { openDatabases } from "../runtime/open-databases.ts";
import { openFiles } from "../runtime/open-files.ts";
import { openNetwork } from "../runtime/open-network.ts";
import { type PrivacyDesk, withPrivacyDesk } from "../runtime/privacy-desk.ts";
import { resealAll } from "../runtime/reseal.ts";

const PersonCommand = CommonOptions.extend({
  user: z.string().min(1, "platform:account:user, such as telegram:main:12345"),
});
const ExportCommand = PersonCommand.extend({ anonymous: z.boolean().default(false), out: z.string().optional() });
const EraseCommand = PersonCommand.extend({ yes: z.boolean().default(false) });

/** `parley privacy`: what is kept of a person, and the keys that it is sealed with. */
export function addPrivacyCommand(group: Command): void {
  const user = (): Option =>
    new Option("--user <id>", "whose: platform:account:user, such as telegram:main:12345").makeOptionMandatory();
  group
    .command("export")
    .description("writes out all that the bots keep of a person, on every platform that they linked")
    .addOption(user())
    .option("--anonymous", "counts and days alone: no name, no id, no word")
    .option("--out <directory>", "writes person.json and the files of the conversations there")
    .option("--json", "is the default without --out")
    .action(async (_options, command: Command) => await exportTo(optionsOf(command, ExportCommand)));
  group
    .command("erase")
    .description(
      "erases all that the bots keep of a person, on every platform that they linked, and in groups what they said",
    )
    .addOption(user())
    .option("--yes", "erases; without it, it only says what would go")
    .option("--json", "prints what went as JSON")
    .action(async (_options, command: Command) => await erase(optionsOf(command, EraseCommand)));
  group
    .command("rotate")
    .description("makes new keys while everything runs, and seals again what was sealed with the former ones")
    .option("--json", "prints what was sealed as JSON")
    .action(async (_options, command: Command) => await seal(optionsOf(command, CommonOptions), { rotates: true }));
  group
    .command("reseal")
    .description("seals what was there before, and what former keys sealed; goes on where it was cut off")
    .option("--json", "prints what was sealed as JSON")
    .action(async (_options, command: Command) => await seal(optionsOf(command, CommonOptions), { rotates: false }));
}

async function exportTo({ config, user, anonymous, out }: z.output<typeof ExportCommand>): Promise<void> {
  await withPrivacyDesk(config, async (desk) => {
    const found = await gather(desk, user);
    if (out === undefined) return printJson(anonymous ? anonymised(found) : found);
    const directory = resolve(out);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const content = JSON.stringify(anonymous ? anonymised(found) : found, undefined, 2);
    await writeFile(join(directory, "person.json"), `${content}\n`, { mode: 0o600 });
    const files = anonymous ? 0 : await writeFiles(desk, found, directory);
    print(`${colors.green("written")} ${join(directory, "person.json")}${files === 0 ? "" : `, and ${files} files`}`);
  });
}

async function gather(desk: PrivacyDesk, user: string): Promise<PersonExport> {
  try {
    return await exportPerson(desk, await personOf(desk, user));
  } catch (thrown) {
    const userId = /^web:[^:]+:(.+)$/u.exec(user)?.[1];
    const account = userId === undefined ? undefined : await desk.accountOf(userId);
    if (account === undefined || !(thrown instanceof ParleyError) || thrown.code !== "privacy/unknown-person")
      throw thrown;
    // Whoever logs in and never wrote has an account all the same.
    const exportedAt = new Date(desk.clock()).toISOString();
    return { version: 1, exportedAt, person: user, identities: [], accounts: [account], bots: {} };
  }
}

/** Those that are still there: files are kept for a few days. */
async function writeFiles(
  { spool }: Pick<PrivacyDesk, "spool">,
  { bots }: PersonExport,
  directory: string,
): Promise<number> {
  const conversations = Object.values(bots).flatMap((bot) => bot.conversations);
  const keys = new Set(conversations.flatMap(({ files }) => files));
  let written = 0;
  if (keys.size > 0) await mkdir(join(directory, "files"), { recursive: true, mode: 0o700 });
  for (const key of keys) {
    try {
      await pipeline(await spool.open(key), createWriteStream(join(directory, "files", key), { mode: 0o600 }));
      written += 1;
    } catch (thrown) {
      if (!(thrown instanceof ParleyError) || thrown.code !== "attachment/unknown") throw thrown;
    }
  }
  return written;
}

async function erase({ config, user, yes, json }: z.output<typeof EraseCommand>): Promise<void> {
  await withPrivacyDesk(config, async (desk) => {
    const { store, broker, spool, bots, keepersOf, forgetTold } = desk;
    const person = await personOf(desk, user);
    const erasePerson = createPersonEraser({ store, broker, spool, keepersOf, forgetTold });
    const scopes = [];
    for (const { id } of bots)
      scopes.push(yes ? await erasePerson(person, id) : await store.erasure.scopeOfPerson(person, id));
    if (json) return printJson({ erased: yes, scopes });
    for (const { bot, conversations, groups = [] } of scopes)
      print(`${colors.dim(bot)}  ${conversations.length} conversations, and what they said in ${groups.length} groups`);
    if (yes)
      print(
        `${colors.green("erased")} with all that was remembered and the files; an account to log in by goes by parley users remove. Backups are yours to let expire.`,
      );
    else print("Nothing was erased yet: add --yes. Keep what they asked for before: parley privacy export");
  });
}

async function seal(
  { config, json }: z.output<typeof CommonOptions>,
  { rotates }: { readonly rotates: boolean },
): Promise<void> {
  const loaded = await loadConfig(config);
  const databases = await openDatabases(loaded);
  const files = await openFiles(loaded, await openNetwork(loaded));
  try {
    const { sealing } = databases;
    await sealing.ready();
    const rotated = rotates ? await sealing.rotate() : undefined;
    const isShown = !json && process.stderr.isTTY;
    const progress = (name: string, rows: number): void =>
      void (isShown && process.stderr.write(`\r${name}: ${rows}\u001B[K`));
    const done = await resealAll({ loaded, databases, files, clock: Date.now, progress });
    if (isShown) process.stderr.write("\r\u001B[K");
    if (json) return printJson({ key: sealing.active().active, ...rotated, sealed: done });
    if (rotated !== undefined)
      print(`${colors.green("new key")} ${sealing.active().active}, wrapped by ${sealing.place}`);
    for (const one of done) printDone(one);
    if (done.length === 0)
      print(`${colors.green("nothing to seal")} All is sealed with the key ${sealing.active().active}.`);
    if (done.some(({ unreadable }) => unreadable > 0)) process.exitCode = 1;
    if (rotated !== undefined) print("Running processes take the new key within a minute; former ones go on opening.");
  } finally {
    await files.close();
    await databases.close();
  }
}

function printDone({ name, rows, sealed, overtaken, unreadable }: Resealed): void {
  const rest = overtaken === 0 ? "" : `, ${overtaken} written by others meanwhile`;
  print(`${colors.green("sealed")} ${name.padEnd(24)} ${sealed} of ${rows}${rest}`);
  if (unreadable > 0)
    print(
      `${colors.red("unreadable")} ${unreadable} values of ${name} were changed, or moved there: restore them from a backup.`,
    );
}

/** Throws `privacy/unknown-person`. */
async function personOf({ store }: Pick<PrivacyDesk, "store">, user: string): Promise<string> {
  const [, account = "", userId = ""] = /^([^:]+:[^:]+):(.+)$/u.exec(user) ?? [];
  const read = AccountId.safeParse(account);
  if (!read.success || userId === "")
    throw new InvalidInputError(
      "privacy/invalid-person",
      "--user has the form platform:account:user, such as telegram:main:12345.",
    );
  const person = await store.people.find(read.data, userId);
  if (person !== undefined) return person;
  throw new ParleyError(
    "privacy/unknown-person",
    "Nobody of that platform and id has written to a bot, or all of it was erased.",
    {
      status: 404,
    },
  );
}
