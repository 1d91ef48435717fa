/**
 * Writes `transactions.json`: one year of bookings for the customers of `customers.json`.
 * Run: npx tsx samples/bank/source/generate-transactions.ts
 */
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { Customer } from "../schema.ts";
import { bookYear } from "./book-year.ts";

const customersFile = new URL("../customers.json", import.meta.url);
const customers = z.array(Customer).parse(JSON.parse(await readFile(customersFile, "utf8")));
const lines = bookYear(customers).map((booking) => JSON.stringify(booking));
await writeFile(new URL("../transactions.json", import.meta.url), `[\n${lines.join(",\n")}\n]\n`);
