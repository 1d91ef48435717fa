/**
 * A double of a MongoDB server for machines that have none: it speaks the wire protocol on a loopback port, so that the
 * official driver runs as it is. It proves nothing about a real server's speed, indexes or durability.
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { BSON } from "bson";
import { answerCommand, type Databases } from "./commands.ts";
import { readRequests, replyTo } from "./frames.ts";

export interface MongoDouble {
  readonly url: string;
  /** Ends every connection and takes no new one. */
  readonly close: () => Promise<void>;
}

/** Starts it on a free port, empty. */
export async function startMongoDouble(): Promise<MongoDouble> {
  const databases: Databases = { collections: new Map(), cursors: new Map(), next: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let waiting = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      const { requests, rest } = readRequests(Buffer.concat([waiting, bytes]));
      waiting = Buffer.from(rest);
      // Copied by BSON, as over a real wire: nobody shares an object with the server.
      for (const request of requests) {
        const answer = answerCommand(request.command, databases);
        socket.write(
          replyTo(
            request,
            BSON.deserialize(BSON.serialize(answer, { ignoreUndefined: true }), { promoteLongs: false }),
          ),
        );
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return {
    url: `mongodb://127.0.0.1:${address.port}/parley?directConnection=true`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
