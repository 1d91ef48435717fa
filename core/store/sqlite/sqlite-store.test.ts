import { fileURLToPath } from "node:url";
import { storeContract } from "../../../test/contracts/store.ts";
import { openSqliteStore } from "../../../test/support/sqlite-store.ts";

const writer = fileURLToPath(new URL("../../../test/support/sqlite-store-writer.ts", import.meta.url));

storeContract({
  name: "SQLite",
  open: openSqliteStore,
  writer: (place) => ["--import", "tsx", writer, place],
});
