/** A process of its own for WhatsApp's browser, so that its crashes and its memory never reach the bot. */
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import type { Call, CallFailure, Fact, StartOptions } from "../protocol.ts";
import { ToBrowser } from "../protocol.ts";
import { RefusedCall } from "./calls.ts";
import type { RunningClient } from "./client.ts";
import { startClient } from "./client.ts";
import { openSealedProfile, privateDirectory, sealProfile } from "./sealed-profile.ts";

/** A copy of a fresh login is worth nothing before the browser has written it down. */
const FIRST_SEAL_MS = 60_000;
/** A browser that does not close in this time is left to be killed. */
const CLOSE_MS = 10_000;

interface Running {
  readonly options: StartOptions;
  readonly client?: RunningClient;
  sealing?: NodeJS.Timeout;
  ending: boolean;
}

let running: Running | undefined;

process.on("message", (message: unknown) => {
  const parsed = ToBrowser.safeParse(message);
  if (!parsed.success) return;
  const { data } = parsed;
  if (data.type === "start") void start(data.options);
  if (data.type === "call") void answer(data.id, data.call);
  if (data.type === "stop") void stop();
});
// The bot's process is gone: nobody is left to talk for.
process.on("disconnect", () => void stop());
// The library rejects outside of every call when the page goes away under it.
process.on("unhandledRejection", (reason) => tell({ name: "problem", detail: describe(reason) }));
process.on("uncaughtException", (error) => {
  tell({ name: "failed", reason: "browser", detail: describe(error) });
  process.exit(1);
});

function tell(fact: Fact): void {
  if (process.connected) process.send?.({ type: "fact", fact });
}

async function start(options: StartOptions): Promise<void> {
  running = { options, ending: false };
  try {
    await prepareProfile(options);
    const client = await startClient(options, {
      fact: (fact) => {
        tell(fact);
        void react(fact);
      },
      raw: (raw, heard) => {
        if (process.connected) process.send?.({ type: "raw", raw, heard });
      },
    });
    running = { ...running, client };
    if (running.ending) await end();
  } catch (thrown) {
    const detail = describe(thrown);
    tell({ name: "failed", reason: /version/iu.test(detail) ? "version" : "browser", detail });
    process.exit(1);
  }
}

/** A profile that a crash left behind is newer than the stored session, so it is gone on with. */
async function prepareProfile({ profile, sealed, sessionKey }: StartOptions): Promise<void> {
  if (existsSync(profile)) return await privateDirectory(profile);
  if (existsSync(sealed)) await openSealedProfile(sealed, profile, sessionKey);
  else await mkdir(profile, { recursive: true, mode: 0o700 });
}

async function react(fact: Fact): Promise<void> {
  if (running === undefined) return;
  if (fact.name === "ready") scheduleSeal(FIRST_SEAL_MS);
  if (fact.name === "logged-out") {
    await end(async ({ sealed, profile }) => {
      await rm(sealed, { force: true });
      await rm(profile, { recursive: true, force: true });
    });
  }
  // The profile stays for the next process.
  if (fact.name === "failed") await end();
}

function scheduleSeal(ms: number): void {
  if (running === undefined) return;
  const { options } = running;
  running.sealing = setTimeout(
    () => {
      void seal(options).finally(() => scheduleSeal(options.backupMs));
    },
    Math.min(ms, options.backupMs),
  );
}

async function seal({ profile, sealed, sessionKey }: StartOptions): Promise<void> {
  try {
    await sealProfile(profile, sealed, sessionKey);
    tell({ name: "sealed" });
  } catch (thrown) {
    tell({ name: "problem", detail: `the session was not stored: ${describe(thrown)}` });
  }
}

/** Closes the browser, stores the session and takes the readable profile away. */
async function stop(): Promise<void> {
  if (running === undefined) process.exit(0);
  await end(async (options) => {
    await sealProfile(options.profile, options.sealed, options.sessionKey);
    tell({ name: "sealed" });
    await rm(options.profile, { recursive: true, force: true });
  });
}

async function end(last: (options: StartOptions) => Promise<void> = async () => {}): Promise<void> {
  if (running === undefined || running.ending) return;
  running.ending = true;
  clearTimeout(running.sealing);
  const { client, options } = running;
  let code = 0;
  try {
    const closed = client?.close().then(() => true) ?? Promise.resolve(true);
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, CLOSE_MS, false));
    if (await Promise.race([closed.catch(() => false), late])) await last(options);
  } catch (thrown) {
    tell({ name: "problem", detail: `at the end: ${describe(thrown)}` });
    code = 1;
  }
  process.disconnect?.();
  process.exit(code);
}

async function answer(id: number, call: Call): Promise<void> {
  const calls = running?.client?.calls();
  if (calls === undefined || running?.ending === true)
    return fail(id, { kind: "not-ready", detail: "WhatsApp Web is not ready" });
  try {
    const value = await calls.run(call);
    if (process.connected) process.send?.({ type: "answer", id, value });
  } catch (thrown) {
    fail(id, { kind: thrown instanceof RefusedCall ? "refused" : "broken", detail: describe(thrown) });
  }
}

function fail(id: number, failure: CallFailure): void {
  if (process.connected) process.send?.({ type: "failure", id, failure });
}

/** The first line: the library quotes page sources in the others. */
function describe(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return (text.split("\n")[0] ?? "").slice(0, 300);
}
