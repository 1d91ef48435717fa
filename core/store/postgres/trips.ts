/** What is asked for in one turn of the event loop travels together: several reads and writes in one round trip. */
import type { PoolClient } from "pg";
import { StoreClosedError } from "../errors.ts";
import type { BoundQuery, Outcome } from "../sql/database.ts";
import { together } from "./exchange.ts";
import { verdictOn } from "./failures.ts";
import type { Session } from "./session.ts";

export interface Trips {
  /** One read. One that fails costs no other one. */
  readonly read: (bound: BoundQuery) => Promise<Outcome>;
  /** Statements that stand together or not at all; for each its outcome. */
  readonly write: (queries: readonly BoundQuery[]) => Promise<readonly Outcome[]>;
  /** Takes nobody any more; resolves when the last one is back. */
  readonly end: () => Promise<void>;
}

interface Passenger {
  readonly queries: readonly BoundQuery[];
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (thrown: unknown) => void;
}

/** Who travels together. */
interface Party {
  readonly reads: readonly Passenger[];
  readonly writes: readonly Passenger[];
}

/** One that is slow holds up those behind it on its connection: never more than these. */
const MOST_READS = 8;
const MOST_WRITES = 4;

/** Gathers what is asked for, per turn of the event loop and while every connection is at work. */
export function createTrips({ borrow, send, connections }: Pick<Session, "borrow" | "send" | "connections">): Trips {
  const reads: Passenger[] = [];
  const writes: Passenger[] = [];
  const underway = new Set<Promise<void>>();
  let isCalled = false;
  let isEnded = false;

  function depart(): void {
    isCalled = false;
    while (reads.length + writes.length > 0 && underway.size < connections) {
      // Commits of different connections share a flush of the server's log: only where none is free they queue up.
      const share = Math.ceil(writes.length / (connections - underway.size));
      const trip = travel({
        reads: reads.splice(0, MOST_READS),
        writes: writes.splice(0, Math.min(share, MOST_WRITES)),
      });
      underway.add(trip);
      void trip.finally(() => {
        underway.delete(trip);
        if (reads.length + writes.length > 0) call();
      });
    }
  }

  async function travel(party: Party): Promise<void> {
    try {
      await borrow(async (client) => await sendAll(client, party, send));
    } catch (thrown) {
      // Those that were answered before the connection broke keep their answer.
      for (const { reject } of [...party.reads, ...party.writes]) reject(thrown);
    }
  }

  function call(): void {
    if (!isCalled) setImmediate(depart);
    isCalled = true;
  }

  async function board(queue: Passenger[], queries: readonly BoundQuery[]): Promise<readonly Outcome[]> {
    if (isEnded) throw new StoreClosedError();
    return await new Promise((resolve, reject) => {
      queue.push({ queries, resolve, reject });
      call();
    });
  }

  return {
    read: async (bound) => {
      const [outcome] = await board(reads, [bound]);
      return outcome ?? { rows: [], changes: 0 };
    },
    write: async (queries) => await board(writes, queries),
    end: async () => {
      isEnded = true;
      if (isCalled) depart();
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}

/** Reads are one transaction, each write is its own. Throws what broke the connection, after everybody was told. */
async function sendAll(client: PoolClient, { reads, writes }: Party, send: Session["send"]): Promise<void> {
  const failures: unknown[] = [];
  const sendOne = async ({ queries, resolve, reject }: Passenger): Promise<void> => {
    try {
      resolve(await send(client, queries));
    } catch (thrown) {
      failures.push(thrown);
      reject(thrown);
    }
  };
  const readAll = async (): Promise<void> => {
    try {
      const queries = reads.flatMap((read) => read.queries);
      const outcomes = await send(client, queries);
      for (const [index, outcome] of outcomes.entries()) reads[index]?.resolve([outcome]);
    } catch (thrown) {
      if (verdictOn(thrown) === "lost") throw thrown;
      // One of them failed all: each for itself.
      await Promise.all(reads.map(sendOne));
    }
  };
  const answers: Promise<void>[] = [];
  together(client, () => {
    if (reads.length > 0) answers.push(readAll());
    answers.push(...writes.map(sendOne));
  });
  const settled = await Promise.allSettled(answers);
  for (const one of settled) if (one.status === "rejected") throw one.reason;
  // The connection is judged by what became of them.
  for (const thrown of failures) if (verdictOn(thrown) === "lost") throw thrown;
}
