import { readFileSync } from "node:fs";
import { Pool } from "undici";

const CONNECTIONS = 16;

export interface Measured {
  readonly perSecond: number;
  readonly p99Ms: number;
  /** CPU time of the server's process for each call, in µs: it moves less with the load of the machine. */
  readonly cpuMicros: number;
}

export interface Target {
  readonly origin: string;
  readonly pid: number;
}

/** One call of a load: the index counts up. */
export type CallOf = (index: number) => {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Keeps 16 connections busy for so long. Throws at the first answer that is no success: refusals are quick and would count. */
export async function load({ origin, pid }: Target, callOf: CallOf, ms: number): Promise<Measured> {
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
  const times: number[] = [];
  const cpuBefore = cpuMs(pid);
  const startedAt = performance.now();
  const endsAt = startedAt + ms;
  let index = 0;
  const work = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const call = callOf(index);
      index += 1;
      const sentAt = performance.now();
      const { statusCode, body } = await pool.request({ ...call, headers: { ...call.headers } });
      const text = await body.text();
      if (statusCode >= 300) throw new Error(`${call.method} ${call.path}: ${statusCode} ${text.slice(0, 300)}`);
      times.push(performance.now() - sentAt);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
  } finally {
    await pool.destroy();
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    perSecond: times.length / seconds,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    cpuMicros: ((cpuMs(pid) - cpuBefore) * 1_000) / times.length,
  };
}

/** Of the kernel's account, which counts by 10 ms. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /u, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
