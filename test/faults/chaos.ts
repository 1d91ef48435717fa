/** What is done to processes while events flow. */
import type { Actor } from "./actors.ts";
import { killActor } from "./actors.ts";
import { machineNow, type Note } from "./notes.ts";
import type { PointPlan, RoadSpec } from "./road.ts";
import { pause } from "./scenario.ts";
import type { Stage } from "./stage.ts";
import type { Role } from "./actors.ts";

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
    await pause(options.everyMs * (0.5 + Math.random()), new AbortController().signal);
    if (feeding.aborted && kills >= options.least) break;
    const role = anyOf(options.roles);
    if (role !== undefined) await killOne(stage, role);
    kills += 1;
  }
  return kills;
}

/**
 * Starts a process that will die (or stop) at the named place, waits for that, and replaces it. False when it never came
 * there.
 */
export async function dieAt(
  stage: Stage,
  role: Role,
  plan: { readonly point: string; readonly spec?: Partial<RoadSpec> },
): Promise<boolean> {
  const point: PointPlan = { point: plan.point, nth: 1 + Math.floor(Math.random() * 5), signal: "SIGKILL" };
  const doomed = await stage.start(role, { ...plan.spec, point });
  const deadline = machineNow() + 12_000;
  while (doomed.isAlive() && machineNow() < deadline) await pause(20, new AbortController().signal);
  const died = !doomed.isAlive();
  if (!died) await killActor(doomed);
  return died;
}

/** Hangs a process for so long. */
export async function hang(actor: Actor, ms: number): Promise<void> {
  actor.signal("SIGSTOP");
  await pause(ms, new AbortController().signal);
  actor.signal("SIGCONT");
}

/**
 * For each event that a killed worker had in hand: how long after the kill another worker began with it, in ms.
 */
export function recoveries(notes: readonly Note[], dead: readonly Actor[]): readonly number[] {
  const starts = notes.filter((note) => note.kind === "start");
  const finished = new Set(notes.filter((note) => note.kind === "end").map((note) => `${note.pid} ${note.token}`));
  return dead.flatMap((actor) => {
    const endedAt = actor.endedAt();
    if (endedAt === undefined) return [];
    const inHand = starts.filter(({ pid, token }) => pid === actor.pid && !finished.has(`${pid} ${token}`));
    return inHand.flatMap(({ token }) => {
      const again = starts.find((note) => note.token === token && note.at > endedAt);
      return again === undefined ? [] : [again.at - endedAt];
    });
  });
}
