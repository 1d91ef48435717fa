/** Writes versions of the recommender until it is killed; says so once the first one stands. */
import { openVersions } from "../../tools/recommend/lifecycle/versions.ts";

const versions = openVersions(process.argv[2] ?? "");
const [first = ""] = await versions.list();
const bytes = await versions.read(first);
for (;;) {
  const next = await versions.next();
  await versions.write(next, bytes);
  await versions.activate(next);
  process.stdout.write(`${next}\n`);
}
