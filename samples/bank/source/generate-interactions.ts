/**
 * Writes `interactions.json`: pseudonymous users and what they did with the products of `products.json`.
 * Run: npx tsx samples/bank/source/generate-interactions.ts
 */
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { Product } from "../schema.ts";
import { simulateVisits } from "./simulate-visits.ts";

const productsFile = new URL("../products.json", import.meta.url);
const products = z.array(Product).parse(JSON.parse(await readFile(productsFile, "utf8")));
const { users, interactions } = simulateVisits(products);
const oneInEachLine = (rows: readonly object[]): string => rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
await writeFile(
  new URL("../interactions.json", import.meta.url),
  `{\n  "users": [\n${oneInEachLine(users)}\n  ],\n  "interactions": [\n${oneInEachLine(interactions)}\n  ]\n}\n`,
);
