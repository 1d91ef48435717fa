/** The connection as a state machine: what is known of it, what a watchdog does about it, and how it is told. Pure. */
import type { Health } from "../../../adapter.ts";
import { backOffMs } from "../../../adapter.ts";
import type { Fact } from "./protocol.ts";

export type Phase =
  | "starting"
  | "login-required"
  | "authenticated"
  | "syncing"
  | "ready"
  | "degraded"
  | "logged-out"
  | "restarting"
  | "closed";

export interface Status {
  readonly phase: Phase;
  /** When the phase began, or its last sign of life came; ms. */
  readonly since: number;
  readonly detail: string;
  /** The running version of WhatsApp Web. */
  readonly version?: string;
  readonly choosesIds: boolean;
  /** Why the last run ended. */
  readonly failure?: Extract<Fact, { name: "failed" }>["reason"];
  /** Ends of runs since it was last ready for good. */
  readonly failures: number;
}

/** What happens to a connection besides what its process tells. */
export type StatusEvent =
  | Fact
  | { readonly name: "spawned" | "unresponsive" | "closed" }
  | { readonly name: "exited"; readonly detail: string };

export interface WatchRules {
  readonly readyTimeoutMs: number;
  readonly pinnedVersion: string | undefined;
}

/** A code that is not renewed for this long is dead: the library misses the page's own renewal after its last one. */
const LOGIN_STALE_MS = 4 * 60_000;
const DEGRADED_MS = 2 * 60_000;
const STABLE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 60_000;

export const INITIAL_STATUS: Status = {
  phase: "starting",
  since: 0,
  detail: "the browser starts",
  choosesIds: false,
  failures: 0,
};

/** The status after an event. */
export function nextStatus(status: Status, event: StatusEvent, now: number): Status {
  if (event.name === "socket") return socketStatus(status, event.state, now);
  if (event.name === "exited") return endedStatus(status, event.detail, now);
  if (event.name === "failed") return { ...status, detail: event.detail, failure: event.reason };
  const entered = phaseAfter(status.phase, event);
  if (entered === undefined) return status;
  const [phase, detail] = entered;
  const known = event.name === "ready" ? { version: event.version, choosesIds: event.choosesIds } : {};
  return { ...status, phase, detail, since: now, ...known };
}

/** The phase that an event leads to, and why; undefined where nothing changes. */
function phaseAfter(phase: Phase, event: StatusEvent): readonly [Phase, string] | undefined {
  if (event.name === "unresponsive") return phase === "ready" ? ["degraded", "the browser does not answer"] : undefined;
  // WhatsApp Web tells of its loading again while it is already in use.
  const loads = phase !== "ready" && phase !== "degraded";
  if (event.name === "authenticated") return loads ? ["authenticated", "linked; WhatsApp Web loads"] : undefined;
  if (event.name === "syncing")
    return loads ? ["syncing", `messages are synchronised (${event.percent} %)`] : undefined;
  if (event.name === "login")
    return ["login-required", event.kind === "qr" ? "a QR code waits to be scanned" : "a pairing code waits"];
  if (event.name === "ready") return ["ready", `WhatsApp Web ${event.version}`];
  return FIXED[event.name];
}

const FIXED: Readonly<Record<string, readonly [Phase, string]>> = {
  spawned: ["starting", "the browser starts"],
  "logged-out": ["logged-out", "the telephone unlinked this device"],
  closed: ["closed", "closed"],
};

function socketStatus(status: Status, state: string, now: number): Status {
  if (status.phase !== "ready" && status.phase !== "degraded") return status;
  if (state === "CONNECTED") {
    if (status.phase === "ready") return status;
    return { ...status, phase: "ready", since: now, detail: `WhatsApp Web ${status.version ?? ""}`.trim() };
  }
  if (status.phase === "degraded") return status;
  return { ...status, phase: "degraded", since: now, detail: `WhatsApp Web is not connected (${state})` };
}

function endedStatus(status: Status, detail: string, now: number): Status {
  if (status.phase === "closed") return status;
  const wasStable = status.phase === "ready" && now - status.since >= STABLE_MS;
  const failures = wasStable || status.phase === "logged-out" ? 1 : status.failures + 1;
  // Unlinked: the next run asks for a login, which is what an admin must see until then.
  if (status.phase === "logged-out") return { ...status, failures };
  const known = status.failure === undefined ? detail : status.detail;
  return { ...status, phase: "restarting", since: now, detail: `the browser is started anew: ${known}`, failures };
}

/** How long to wait before the next run, in ms. */
export function pauseBeforeRestart({ failures, failure }: Status): number {
  if (failure === "conflict") return LAST_PAUSE_MS;
  // One account on one machine: there is nobody to be in step with.
  return backOffMs(failures, { baseDelayMs: FIRST_PAUSE_MS, maxDelayMs: LAST_PAUSE_MS }, 0.5);
}

/** Why a run must be ended and started anew; undefined while it may go on. */
export function reasonToRestart(
  { phase, since }: Status,
  now: number,
  { readyTimeoutMs }: WatchRules,
): string | undefined {
  const age = now - since;
  if (phase === "login-required" && age > LOGIN_STALE_MS) return "the login code was not renewed";
  if (["starting", "authenticated", "syncing"].includes(phase) && age > readyTimeoutMs)
    return "it did not become ready in time";
  return phase === "degraded" && age > DEGRADED_MS ? "it did not recover" : undefined;
}

/** The status as health, with the remedy. */
export function healthOf(status: Status, rules: WatchRules, lastReceivedAt: string | undefined): Health {
  const received = lastReceivedAt === undefined ? {} : { lastReceivedAt };
  return { ...toldOf(status, rules), ...received };
}

function toldOf({ phase, detail, version, failure }: Status, { pinnedVersion }: WatchRules): Health {
  if (phase === "ready" && pinnedVersion !== undefined && version !== pinnedVersion) {
    const remedy = `Put ${pinnedVersion}.html into the account's versions directory, or change webVersion.`;
    return { state: "degraded", detail: `${detail} runs instead of ${pinnedVersion}`, remedy };
  }
  const remedy = phase === "restarting" ? remedyFor(failure) : REMEDIES[phase];
  return { state: STATES[phase], detail, ...(remedy === undefined ? {} : { remedy }) };
}

const STATES: Readonly<Record<Phase, Health["state"]>> = {
  starting: "starting",
  authenticated: "starting",
  syncing: "starting",
  "login-required": "login-required",
  "logged-out": "login-required",
  ready: "live",
  degraded: "degraded",
  restarting: "down",
  closed: "closed",
};

const REMEDIES: Readonly<Partial<Record<Phase, string>>> = {
  "login-required": "Run: parley login",
  "logged-out": "Run: parley login",
  degraded: "It is started anew by itself when it does not recover.",
};

function remedyFor(failure: Status["failure"]): string {
  if (failure === "conflict") return "WhatsApp Web of this account runs somewhere else as well: close it there.";
  if (failure === "version")
    return "The pinned webVersion is not among the kept ones: take webVersion away, or add its page to the versions directory.";
  if (failure === "login") return "If it does not come back by itself, link the account anew: parley login";
  return "Run: parley doctor";
}
