/** Adds versions of the recommender to a data directory until it is killed; says so once the first one stands. */
import { directoryFiles } from "../../core/files/directory-files.ts";
import { sqliteDatabases } from "../../core/store/databases.ts";
import { openVersions } from "../../tools/recommend/lifecycle/versions.ts";

const [, , folder = "", bot = ""] = process.argv;
const database = sqliteDatabases(folder).open("recommend.sqlite");
const versions = await openVersions({ database, files: directoryFiles(folder), bot, clock: Date.now });
const [first] = await versions.list();
if (first === undefined) throw new Error("There is no version to begin with.");
const bytes = await versions.read(first.name);
for (;;) {
  const version = await versions.next();
  await versions.add({ bytes, summary: { ...first.summary, version }, verdict: first.verdict, serves: true });
  process.stdout.write(`${version}\n`);
}
