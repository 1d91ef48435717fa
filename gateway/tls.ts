/** TLS by files of a certificate and its key, which are read again when they change. */
import { X509Certificate } from "node:crypto";
import { unwatchFile, watchFile } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { createSecureContext } from "node:tls";
import type { FastifyServerFactory } from "fastify";
import { describeError, ParleyError } from "../core/errors.ts";
import type { Logger } from "../core/telemetry.ts";

export interface TlsOptions {
  /** Files in PEM: the certificate with those between it and its authority, and its key. */
  readonly certificate: string;
  readonly key: string;
  /** @default "1.3" */
  readonly oldest?: "1.2" | "1.3";
}

export interface Tls {
  readonly serverFactory: FastifyServerFactory;
  /** New connections take the new files. A pair that does not fit is told to the log, and the old one stays. */
  readonly close: () => void;
}

/** By polling: files that are put in place by links (Kubernetes, certbot) are not noticed otherwise. */
const LOOK_EVERY_MS = 10_000;
const DAY_MS = 86_400_000;
const WARN_DAYS = 14;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 72_000;

/** Throws `gateway/certificate` where the files are no pair that can be used. */
export async function openTls({ certificate, key, oldest = "1.3" }: TlsOptions, log: Logger): Promise<Tls> {
  const read = async () => await readPair(certificate, key, log);
  const pair = await read();
  const servers = new Set<Server>();
  let last: Promise<void> = Promise.resolve();
  const renew = async (): Promise<void> => {
    try {
      const renewed = await read();
      for (const server of servers) server.setSecureContext({ ...renewed, minVersion: versionOf(oldest) });
      log.info({ certificate }, "the certificate was read anew");
    } catch (thrown) {
      log.error({ error: describeError(thrown) }, "the changed certificate cannot be used; the one before stays");
    }
  };
  const changed = (): void => {
    last = last.then(renew);
  };
  for (const file of [certificate, key]) watchFile(file, { interval: LOOK_EVERY_MS, persistent: false }, changed);
  return {
    serverFactory: (handler) => {
      const server = createServer({ ...pair, minVersion: versionOf(oldest), requireHostHeader: false }, handler);
      server.requestTimeout = REQUEST_TIMEOUT_MS;
      server.keepAliveTimeout = KEEP_ALIVE_MS;
      servers.add(server);
      server.on("close", () => servers.delete(server));
      return server;
    },
    close: () => {
      for (const file of [certificate, key]) unwatchFile(file, changed);
    },
  };
}

function versionOf(oldest: "1.2" | "1.3"): "TLSv1.2" | "TLSv1.3" {
  return oldest === "1.2" ? "TLSv1.2" : "TLSv1.3";
}

async function readPair(certificate: string, key: string, log: Logger) {
  try {
    const pair = { cert: await readFile(certificate), key: await readFile(key) };
    // Refuses a key of another certificate, as there is between the writing of the two files.
    createSecureContext(pair);
    const { validTo } = new X509Certificate(pair.cert);
    const left = Date.parse(validTo) - Date.now();
    if (left < 0)
      log.error({ certificate, validTo }, "the certificate has ended: browsers refuse it until it is renewed");
    else if (left < WARN_DAYS * DAY_MS) log.warn({ certificate, validTo }, "the certificate ends soon");
    return pair;
  } catch (thrown) {
    throw new ParleyError(
      "gateway/certificate",
      `gateway.tls: ${certificate} and ${key} are no certificate with its key in PEM (${describeError(thrown)}). Check both paths and that they belong together.`,
      { cause: thrown },
    );
  }
}
