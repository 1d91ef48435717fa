/**
 * A TCP proxy that can do what networks do: drop everything silently (no FIN, no RST), end connections at a certain round
 * trip, and lead elsewhere.
 */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface Proxy {
  readonly port: number;
  /** Nothing gets through from now on, and nobody is told. */
  readonly cut: () => void;
  readonly heal: () => void;
  /** Ends all connections; those to come lead to this port. */
  readonly leadTo: (target: number) => void;
  /**
   * Ends the connection at its `nth` round trip from now on, over all connections: before the request gets through, or
   * after the other side has carried it out, so that only the answer is lost. Gives whether it has come to that.
   */
  readonly cutAt: (nth: number, side: "before" | "after") => () => boolean;
  readonly close: () => Promise<void>;
}

/** Counts down the round trips to the one that is cut. */
interface Cut {
  left: number;
  readonly side: "before" | "after";
  isDone: boolean;
}

/** Opens a proxy in front of a local port. */
export async function openProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let leadsTo = target;
  let isCut = false;
  let planned: Cut | undefined;
  const join = (from: Socket, to: Socket, stops: () => boolean): void => {
    sockets.add(from);
    // What arrives during the cut stays in the sender's and our buffers, as with a network that drops packets.
    from.on("data", (chunk) => {
      if (stops()) {
        from.destroy();
        to.destroy();
      } else if (!to.write(chunk)) {
        from.pause();
        to.once("drain", () => {
          if (!isCut) from.resume();
        });
      }
    });
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      if (!isCut) to.destroy();
    });
    if (isCut) from.pause();
  };
  const server = createServer({ pauseOnConnect: false }, (client) => {
    const upstream = connect(leadsTo, "127.0.0.1");
    let losesAnswer: Cut | undefined;
    const done = (cut: Cut): boolean => {
      cut.isDone = true;
      if (planned === cut) planned = undefined;
      return true;
    };
    join(client, upstream, () => {
      const cut = planned;
      if (cut === undefined || (cut.left -= 1) !== 0) return false;
      if (cut.side === "before") return done(cut);
      losesAnswer = cut;
      return false;
    });
    join(upstream, client, () => losesAnswer !== undefined && done(losesAnswer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    heal: () => {
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    leadTo: (port) => {
      leadsTo = port;
      for (const socket of sockets) socket.destroy();
    },
    cutAt: (nth, side) => {
      const cut: Cut = { left: nth, side, isDone: false };
      planned = cut;
      return () => cut.isDone;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
