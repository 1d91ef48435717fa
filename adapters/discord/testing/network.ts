/** The server's port: opened, closed, and opened again at the same place. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { Gateway } from "./gateway.ts";

export interface Network {
  /** Gives the address. The port is kept when it is opened again. */
  readonly open: () => Promise<string>;
  /** Refuses connections and cuts those that are open. */
  readonly close: () => Promise<void>;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createNetwork(gateway: Gateway, port: number, handle: Handle): Network {
  let chosen = port;
  let close = async (): Promise<void> => await Promise.resolve();
  return {
    open: async () => {
      const server = createServer((request, response) => {
        // A call whose connection ended before its body was read has nobody to answer to.
        handle(request, response).catch(() => response.destroy());
      });
      const sockets = new WebSocketServer({ server });
      sockets.on("connection", gateway.accept);
      await new Promise<void>((resolve) => server.listen(chosen, "127.0.0.1", resolve));
      chosen = portOf(server.address());
      close = async () => {
        gateway.closeAll();
        sockets.close();
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      };
      return `http://127.0.0.1:${chosen}`;
    },
    close: async () => await close(),
  };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
