import { randomUUID } from "node:crypto";
import { MongoClient } from "mongodb";
import { describe, expect, it } from "vitest";
import { interaction, interactionsContract } from "../../../test/contracts/interactions.ts";
import { startMongoDouble } from "../../../test/support/mongo-server/index.ts";
import { openMongoInteractions } from "./mongodb-interactions.ts";

const uri = process.env["MONGODB_URI"];
if (uri === undefined)
  process.stderr.write(
    "\n*** MONGODB_URI is not set: the MongoDB tests run against a double of the wire protocol, not against MongoDB. ***\n\n",
  );

interactionsContract({
  name: uri === undefined ? "MongoDB (double: MONGODB_URI is not set)" : "MongoDB",
  place: async () => {
    const server = uri === undefined ? await startMongoDouble() : undefined;
    const url = server?.url ?? uri ?? "";
    const collection = `parley-test-${randomUUID()}`;
    return {
      open: async (bot) => await openMongoInteractions({ url, collection, bot }),
      remove: async () => {
        const client = new MongoClient(url);
        if (server === undefined) await client.db("parley").dropCollection(collection);
        await client.close();
        await server?.close();
      },
    };
  },
});

describe("a MongoDB that is not there", () => {
  it("is named within the deadline, and may be tried again", async () => {
    const server = await startMongoDouble();
    const store = await openMongoInteractions({ url: server.url, bot: "harbour", timeoutMs: 200 });
    await store.add([interaction({ id: "1" })]);
    await server.close();
    await expect(store.count()).rejects.toMatchObject({ code: "store/database", retryable: true });
    await expect(openMongoInteractions({ url: server.url, bot: "harbour", timeoutMs: 200 })).rejects.toMatchObject({
      code: "store/database",
    });
    await store.close();
  });
});
