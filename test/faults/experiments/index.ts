/** All experiments, in the order in which they run: those that wait longest first, so that lanes end together. */
import type { Experiment } from "../experiment.ts";
import { killedWorker } from "./f01-killed-worker.ts";
import { crashPoints } from "./f02-crash-points.ts";
import { poisonKills } from "./f03-poison-kills.ts";
import { poisonThrows } from "./f04-poison-throws.ts";
import { killedRedisAlways, killedRedisEverySecond } from "./f05-killed-redis.ts";
import { longPause, shortPause } from "./f07-paused-redis.ts";
import { hangingBroker } from "./f09-hanging-broker.ts";
import { partition } from "./f10-partition.ts";
import { unwillingPlatform } from "./f18-unwilling-platform.ts";
import { replayedEvents } from "./f19-replayed-events.ts";
import { jumpingClocks } from "./f20-jumping-clocks.ts";
import { fullDisk } from "./f21-full-disk.ts";
import { fullMemory } from "./f22-full-memory.ts";
import { toldToStop } from "./f23-told-to-stop.ts";
import { fourKills } from "./f26-four-kills.ts";
import { tenKills } from "./f27-ten-kills.ts";
import { lostWakeUps } from "./f28-lost-wake-ups.ts";
import { money } from "./money.ts";
import { awayPostgres, hangingPostgres, killedPostgres } from "./p01-killed-postgres.ts";
import { cutConnections } from "./p02-cut-connections.ts";
import { heldLocks } from "./p03-held-locks.ts";
import { fullPostgres } from "./p04-full-postgres.ts";
import { failover, laggingFailover } from "./p06-failover.ts";
import { transfersUnderCrashes } from "./p09-transfers.ts";
import { startedWithoutPostgres } from "./p10-started-without.ts";
import { blamesBystanders, standsByBehindTheDead, withoutFence, withoutSweeper } from "./mutants.ts";

export const experiments: readonly Experiment[] = [
  tenKills,
  killedWorker,
  fourKills,
  blamesBystanders,
  standsByBehindTheDead,
  crashPoints,
  money,
  withoutSweeper,
  withoutFence,
  poisonKills,
  poisonThrows,
  killedRedisEverySecond,
  killedRedisAlways,
  shortPause,
  longPause,
  hangingBroker,
  partition,
  unwillingPlatform,
  replayedEvents,
  jumpingClocks,
  lostWakeUps,
  fullDisk,
  fullMemory,
  toldToStop,
  awayPostgres,
  killedPostgres,
  failover,
  laggingFailover,
  cutConnections,
  heldLocks,
  fullPostgres,
  hangingPostgres,
  transfersUnderCrashes,
  startedWithoutPostgres,
];
