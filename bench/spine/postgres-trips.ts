/** Counts what travels to PostgreSQL: statements, and round trips (a request after an answer, on each connection). */
import { connect, createServer } from "node:net";

export interface Trips {
  readonly statements: number;
  readonly roundTrips: number;
}

export interface TripCounter {
  /** The same database, through this. */
  readonly url: string;
  readonly counts: () => Trips;
  readonly close: () => void;
}

/** Message types of the wire protocol that run a statement: Execute and Query. */
const RUNS = new Set(["E".charCodeAt(0), "Q".charCodeAt(0)]);

/** Stands between a process and the server of this address. */
export async function countTrips(url: string): Promise<TripCounter> {
  const target = new URL(url);
  let [statements, roundTrips] = [0, 0];
  const server = createServer((client) => {
    const onward = connect(Number(target.port), target.hostname);
    const read = createReader((type) => {
      if (RUNS.has(type)) statements += 1;
    });
    let isAnswered = true;
    client.on("data", (chunk: Buffer) => {
      if (isAnswered) roundTrips += 1;
      isAnswered = false;
      read(chunk);
      onward.write(chunk);
    });
    onward.on("data", (chunk: Buffer) => {
      isAnswered = true;
      client.write(chunk);
    });
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      one.on("error", () => undefined);
      one.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The counter listens nowhere.");
  const own = new URL(url);
  own.port = String(address.port);
  return { url: own.href, counts: () => ({ statements, roundTrips }), close: () => void server.close() };
}

/** Reads the types of the messages of one client. Its first message, the start, has none. */
function createReader(heard: (type: number) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  let isStarted = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = isStarted ? 1 : 0;
      if (rest.length < head + 4) return;
      const length = head + rest.readUInt32BE(head);
      if (rest.length < length) return;
      if (isStarted) heard(rest.readUInt8(0));
      isStarted = true;
      rest = rest.subarray(length);
    }
  };
}
