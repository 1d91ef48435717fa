/** F10: the network between one worker and redis-server drops everything, silently. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Experiment, must, seconds } from "../experiment.ts";
import { machineNow } from "../notes.ts";
import { openProxy, type Proxy } from "../proxy.ts";
import { runScenario } from "../scenario.ts";

const RECONNECT_WITHIN_MS = 20_000;

export const partition: Experiment = {
  id: "F10",
  title: "a worker and a courier cut off from redis-server, then back",
  kinds: ["redis"],
  stores: ["sqlite", "postgres"],
  run: async (kind, { short, store, keepFiles }) => {
    const cutMs = short ? 10_000 : 20_000;
    let healedAt = 0;
    let cutOff = 0;
    let proxy: Proxy | undefined;
    try {
      return await runScenario({
        kind,
        store,
        keepFiles,
        workers: 1,
        spec: { turnMs: [20, 200] },
        pace: { events: short ? 400 : 1_500, chats: 40, perSecond: short ? 20 : 40 },
        prepare: async (stage) => {
          proxy = await openProxy(stage.redis().port);
          const url = `redis://127.0.0.1:${proxy.port}`;
          const worker = await stage.start("worker", { url });
          await stage.start("courier", { url });
          cutOff = worker.pid;
        },
        faults: async (_stage, feeding) => {
          await sleep(2_000);
          proxy?.cut();
          await sleep(cutMs);
          proxy?.heal();
          healedAt = machineNow();
          while (!feeding.aborted) await sleep(100);
        },
        conclude: (stage, { notes }) => {
          const again = notes.find((note) => note.kind === "start" && note.pid === cutOff && note.at > healedAt);
          const backMs = again === undefined ? Infinity : again.at - healedAt;
          const crashed = stage.actors.filter(({ isAlive }) => !isAlive()).length;
          return {
            faults: [
              ...must(crashed === 0, `${crashed} processes crashed`),
              ...must(backMs <= RECONNECT_WITHIN_MS, `the worker took up work again after ${seconds(backMs)}`),
            ],
            figures: { cut: seconds(cutMs), "back at work after": seconds(backMs) },
          };
        },
      });
    } finally {
      await proxy?.close();
    }
  },
};
