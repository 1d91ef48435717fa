/** `npm run bench -- <name>`: measurements that anyone can repeat; figures are recorded in docs/benchmarks.md. */
const benches: Readonly<Record<string, () => Promise<{ readonly run: (args: readonly string[]) => Promise<void> }>>> = {
  spine: async () => await import("./spine/spine.ts"),
  peers: async () => await import("./peers/peers.ts"),
  start: async () => await import("./start/start.ts"),
  memory: async () => await import("./memory/memory.ts"),
  adapters: async () => await import("./adapters/adapters.ts"),
  storage: async () => await import("./storage/storage.ts"),
  crew: async () => await import("./crew/crew.ts"),
  intents: async () => await import("./intents/intents.ts"),
  recommender: async () => await import("./recommender/recommender.ts"),
  gateway: async () => await import("./gateway/gateway.ts"),
  privacy: async () => await import("./privacy/privacy.ts"),
  reading: async () => await import("./reading/reading.ts"),
};

const [name = "", ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
  console.error(`Which one? npm run bench -- ${Object.keys(benches).join(" | ")}`);
  process.exitCode = 2;
} else {
  await (await bench()).run(args);
}
