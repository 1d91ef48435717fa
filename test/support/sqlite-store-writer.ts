/** A process that writes to a SQLite store until it is killed: `node --import tsx sqlite-store-writer.ts <folder>`. */
import { writeUntilKilled } from "../contracts/store/writer.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const [, , folder] = process.argv;
if (folder === undefined) throw new Error("Give the folder of the store");
await writeUntilKilled(await openSqliteStore(folder));
