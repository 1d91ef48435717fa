/** A process that pays what is due in the bank of a file: `node --import tsx pay-due-process.ts <file> <now>`. It says "ready" and waits for a line. */
import { once } from "node:events";
import { openSqliteDatabase } from "../../core/store/sqlite/sqlite-database.ts";
import { openEmbeddedBank } from "../../tools/banking/embedded/embedded-bank.ts";

const [, , file, now] = process.argv;
if (file === undefined || now === undefined) throw new Error("Give file and time");
const limit = Number.MAX_SAFE_INTEGER;
const bank = await openEmbeddedBank({
  database: openSqliteDatabase(file),
  content: async () => await Promise.reject(new Error("The bank is there already.")),
  clock: () => Number(now),
  limitsOf: () => ({ perTransferMinor: limit, perDayMinor: limit, newPayeePerDayMinor: limit }),
});
process.stdout.write("ready\n");
await once(process.stdin, "data");
await bank.orders?.payDue?.();
await bank.close();
process.stdout.write("done\n");
process.exit(0);
