/** What is done to processes while events flow. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Actor, killActor, type Role } from "./actors.ts";
import { message } from "./feed.ts";
import { machineNow } from "./notes.ts";
import type { PointPlan, RoadSpec } from "./road.ts";
import type { Facts } from "./scenario.ts";
import type { Stage } from "./stage.ts";

export const anyOf = <Value>(values: readonly Value[]): Value | undefined =>
  values[Math.floor(Math.random() * values.length)];

/** Kills a process of the role and starts another in its place. */
export async function killOne(stage: Stage, role: Role): Promise<void> {
  const victim = anyOf(stage.living(role));
  if (victim === undefined) return;
  await killActor(victim);
  await stage.start(role);
}

/** Kills processes of these roles at random moments until the feed ends, and at least `least` of them. */
export async function killAtRandom(
  stage: Stage,
  feeding: AbortSignal,
  options: { readonly roles: readonly Role[]; readonly least: number; readonly everyMs: number },
): Promise<number> {
  let kills = 0;
  while (kills < options.least || !feeding.aborted) {
    await sleep(options.everyMs * (0.5 + Math.random()));
    if (feeding.aborted && kills >= options.least) break;
    const role = anyOf(options.roles);
    if (role !== undefined) await killOne(stage, role);
    kills += 1;
  }
  return kills;
}

/** Keeps the number of processes of a role: starts another when one is gone. Until the feed ends and `enough` says so. */
export async function supervise(
  stage: Stage,
  role: Role,
  options: { readonly count: number; readonly until: () => boolean },
): Promise<void> {
  while (!options.until()) {
    if (stage.living(role).length < options.count) await stage.start(role);
    else await sleep(50);
  }
}

export interface PointVisit {
  readonly role: Role;
  readonly point: string;
  readonly signal: PointPlan["signal"];
  /** Chats in which messages are handed in until the process has come to the point. */
  readonly chats: readonly string[];
  readonly spec?: Partial<RoadSpec>;
}

const visits = new Map<string, number>();

/**
 * Starts a process that will die (or hang) at the named place, and gives it events until it does. Undefined when it never
 * came there; then it is killed.
 */
export async function startDoomed(stage: Stage, visit: PointVisit): Promise<Actor | undefined> {
  const { role, point, signal, chats, spec } = visit;
  const nth = 1 + Math.floor(Math.random() * 3);
  const doomed = await stage.start(role, { ...spec, point: { point, nth, signal } });
  const deadline = machineNow() + 20_000;
  while (machineNow() < deadline) {
    if (signal === "SIGKILL" ? !doomed.isAlive() : isStopped(doomed.pid)) return doomed;
    const chat = anyOf(chats) ?? "k0";
    const key = `${stage.directory} ${chat}`;
    const number = (visits.get(key) ?? 0) + 1;
    visits.set(key, number);
    // Not waited for: it is acknowledged some time, and the end of the run waits for that.
    void stage.feed.hand(message(chat, number));
    await sleep(50);
  }
  await killActor(doomed);
  return undefined;
}

/** Whether the process was stopped by a signal. */
function isStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
  } catch {
    return false;
  }
}

/** Hangs a process for so long. */
export async function hang(actor: Actor, ms: number): Promise<void> {
  actor.signal("SIGSTOP");
  await sleep(ms);
  actor.signal("SIGCONT");
}

/**
 * For each event that a killed worker had in hand: how long after the kill another worker began with it, in ms. Without those that
 * went to the dead letters: they begin again when somebody puts them back.
 */
export function recoveries(
  { notes, setAside }: Pick<Facts, "notes" | "setAside">,
  dead: readonly Actor[],
): readonly number[] {
  const starts = notes.filter((note) => note.kind === "start");
  const finished = new Set(notes.filter((note) => note.kind === "end").map((note) => `${note.pid} ${note.token}`));
  return dead.flatMap((actor) => {
    const endedAt = actor.endedAt();
    if (endedAt === undefined) return [];
    const inHand = starts.filter(
      ({ pid, token }) => pid === actor.pid && !finished.has(`${pid} ${token}`) && !setAside.has(token),
    );
    return inHand.flatMap(({ token }) => {
      const again = starts.find((note) => note.token === token && note.at > endedAt);
      return again === undefined ? [] : [again.at - endedAt];
    });
  });
}
