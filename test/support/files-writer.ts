/** Puts the same file anew until it is killed, each time with other bytes; says so once the first one stands. */
import { directoryFiles } from "../../core/files/directory-files.ts";

const files = directoryFiles(process.argv[2] ?? "");
for (let round = 0; ; round += 1) {
  await files.put("models/big", new Uint8Array(8 * 1024 * 1024).fill(round % 256));
  process.stdout.write(`${round}\n`);
}
