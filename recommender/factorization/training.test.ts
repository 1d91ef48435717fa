import { describe, expect, it } from "vitest";
import { onReference } from "../../test/support/recommender/reference-workspace.ts";
import { tastes } from "../../test/support/recommender/tastes.ts";
import { interactionMatrix } from "../dataset.ts";
import type { Loss } from "../kernel/kernel.ts";
import { createRandom } from "../random.ts";
import { compressRows, type SparseMatrix } from "../sparse.ts";
import { columnsOf, withShares } from "./features.ts";
import { rowLengthOf, strideOf } from "./layout.ts";
import { type FactorizationOptions, settingsOf } from "./options.ts";
import { train } from "./train.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

const losses: readonly Loss[] = ["warp", "warp-kos", "bpr", "logistic"];
const optimizers = ["adagrad", "adagrad-row", "adadelta"] as const;
const kernels = ["webassembly", "javascript"] as const;

/** The workspace with the kernel of this name. */
const on = (kernel: (typeof kernels)[number], workspace: Workspace): Workspace =>
  kernel === "webassembly" ? workspace : onReference(workspace);

const { dataset } = tastes();
const history = interactionMatrix(dataset.interactions);

/** A workspace on the tastes, its tables filled with the same numbers for all kernels. */
function workspaceFor(options: FactorizationOptions, withFeatures: boolean, weights?: Float32Array): Workspace {
  const settings = settingsOf(options);
  const random = createRandom(7);
  const side = (features: SparseMatrix | undefined, count: number, constant: number) => {
    const used = withFeatures ? features : undefined;
    const columns = columnsOf(used, 0.5, count);
    const stride = strideOf(settings.components);
    const table = new Float32Array((columns.features + columns.identities) * rowLengthOf(settings));
    for (let start = 0; start < table.length; start += rowLengthOf(settings)) {
      for (let at = 0; at < settings.components + 2; at++) table[start + at] = random.uniform() - 0.5;
      if (used === undefined) table[start + constant] = 1;
      table.fill(settings.optimizer === "adadelta" ? 0 : 1, start + stride, start + rowLengthOf(settings));
    }
    return { table, features: withShares(used, 0.5) };
  };
  const users = side(dataset.userFeatures, history.rowCount, settings.components);
  const items = side(dataset.itemFeatures, history.columnCount, settings.components + 1);
  return createWorkspace({
    settings,
    samples: weights === undefined ? history : interactionMatrix({ ...dataset.interactions, weights }),
    positives: history,
    userFeatures: users.features,
    itemFeatures: items.features,
    fill: (tables) => {
      tables.users.set(users.table);
      tables.items.set(items.table);
    },
    threads: settings.threads,
  });
}

const tablesOf = ({ buffer, layout }: Workspace): Float32Array[] =>
  [layout.userTable, layout.itemTable].map(({ at, length }) => new Float32Array(buffer, at, length));

describe("the compiled kernel", () => {
  const cases = losses.flatMap((loss) =>
    optimizers.flatMap((optimizer) => [true, false].map((features) => ({ loss, optimizer, features }))),
  );

  it.each(cases)("trains as the JavaScript does: $loss, $optimizer, features $features", async (choice) => {
    const { loss, optimizer, features } = choice;
    const weights = Float32Array.from(dataset.interactions.users, (user) => 0.5 + (user % 3) / 2);
    const [compiled = [], reference = []] = await Promise.all(
      kernels.map(async (kernel) => {
        const settings = settingsOf({ loss, optimizer, components: 10, epochs: 2, userPenalty: 1e-4 });
        const workspace = on(kernel, workspaceFor(settings, features, weights));
        await train(workspace, settings);
        return tablesOf(workspace);
      }),
    );
    for (const [side, table] of compiled.entries()) {
      const other = reference[side] ?? new Float32Array();
      expect(table.every((value, at) => Math.abs(value - (other[at] ?? 0)) < 2e-3 * (1 + Math.abs(value)))).toBe(true);
    }
  });

  it("unrolls the default length to the same sums", async () => {
    const [compiled = [], reference = []] = await Promise.all(
      kernels.map(async (kernel) => {
        const settings = settingsOf({ epochs: 1 });
        const workspace = on(kernel, workspaceFor(settings, false));
        await train(workspace, settings);
        return tablesOf(workspace);
      }),
    );
    expect(
      Math.max(...(compiled[1] ?? []).map((value, at) => Math.abs(value - (reference[1]?.[at] ?? 0)))),
    ).toBeLessThan(1e-3);
  });

  it("settles the lazy L2 before it runs out of digits", async () => {
    const settings = settingsOf({ itemPenalty: 1, userPenalty: 1, components: 4, epochs: 2, learningRate: 0.5 });
    const workspace = workspaceFor(settings, false);
    await train(workspace, settings);
    for (const table of tablesOf(workspace)) expect(table.every((value) => Number.isFinite(value))).toBe(true);
  });
});

/** Two users, three items, one feature each; the first sample is user 0 with item 1. */
function smallWorkspace(loss: Loss): Workspace {
  const settings = settingsOf({
    loss,
    components: 3,
    negatives: 0,
    userPenalty: 0,
    itemPenalty: 0,
    k: 1,
    n: 1,
  });
  const random = createRandom(3);
  const features = (rows: number): SparseMatrix =>
    compressRows({
      rowCount: rows,
      columnCount: rows + 1,
      rows: Array.from({ length: rows * 2 }, (_, index) => index % rows),
      columns: Array.from({ length: rows * 2 }, (_, index) => (index < rows ? index : rows)),
      values: Array.from({ length: rows * 2 }, (_, index) => 0.3 + index / 10),
    });
  const rowLength = rowLengthOf(settings);
  // Three components, two biases, three numbers that fill up the vector, accumulators.
  const start = (at: number): number => (at < 5 ? random.uniform() - 0.5 : Number(at >= 8));
  const table = (rows: number): Float32Array =>
    Float32Array.from({ length: (rows + 1) * rowLength }, (_, at) => start(at % rowLength));
  const pairs = compressRows({ rowCount: 2, columnCount: 3, rows: [0, 1], columns: [1, 2] });
  return createWorkspace({
    settings,
    samples: pairs,
    positives: pairs,
    userFeatures: features(2),
    itemFeatures: features(3),
    fill: (tables) => {
      tables.users.set(table(2));
      tables.items.set(table(3));
    },
    threads: 1,
  });
}

/** The score as the model defines it: the product of the sums of embeddings, and the biases. */
function scoreOf({ layout }: Workspace, tables: readonly Float32Array[], user: number, item: number): number {
  const sum = (table: Float32Array, rows: number, row: number, at: number): number =>
    (0.3 + row / 10) * (table[row * layout.rowLength + at] ?? 0) +
    (0.3 + (row + rows) / 10) * (table[rows * layout.rowLength + at] ?? 0);
  const [users = new Float32Array(), items = new Float32Array()] = tables;
  let score = sum(users, 2, user, 4) + sum(items, 3, item, 3);
  for (let at = 0; at < 3; at++) score += sum(users, 2, user, at) * sum(items, 3, item, at);
  return score;
}

describe("a step", () => {
  const lossOf: Readonly<Record<Loss, (positive: number, negative: number, strength: number) => number>> = {
    warp: (positive, negative, strength) => strength * (1 - positive + negative),
    "warp-kos": (positive, negative, strength) => strength * (1 - positive + negative),
    bpr: (positive, negative) => Math.log(1 + Math.exp(negative - positive)),
    logistic: (positive) => Math.log(1 + Math.exp(-positive)),
  };

  it.each(losses.flatMap((loss) => kernels.map((kernel) => ({ loss, kernel }))))(
    "goes down the gradient of the loss: $loss, $kernel",
    ({ loss, kernel }) => {
      const workspace = on(kernel, smallWorkspace(loss));
      const before = tablesOf(workspace).map((table) => Float32Array.from(table));
      workspace.kernel.refreshItems(0, 3);
      // Until a negative is found that is not item 1 itself.
      for (let random = 1; workspace.kernel.state().updates === 0 && random < 50; random++) {
        workspace.kernel.begin(random * 77_777_777);
        workspace.kernel.train[loss](0, 1);
      }
      const after = tablesOf(workspace);
      const negative = [0, 2].find(
        (item) => after[1]?.[item * workspace.layout.rowLength] !== before[1]?.[item * workspace.layout.rowLength],
      );
      const strength = workspace.kernel.state().loss;
      const value = (tables: readonly Float32Array[]): number =>
        lossOf[loss](scoreOf(workspace, tables, 0, 1), scoreOf(workspace, tables, 0, negative ?? 0), strength);
      let compared = 0;
      for (const [side, table] of before.entries()) {
        for (let place = 0; place < table.length; place++) {
          const at = place % workspace.layout.rowLength;
          // Components, and the bias of this side: the rest is no parameter. Pairs have no user bias.
          const isBias = side === 0 ? at === 4 && loss === "logistic" : at === 3;
          if (at > 2 && !isBias) continue;
          const shifted = (by: number): Float32Array[] =>
            before.map((other, index) =>
              Float32Array.from(other, (weight, here) => (index === side && here === place ? weight + by : weight)),
            );
          const gradient = (value(shifted(0.01)) - value(shifted(-0.01))) / 0.02;
          // The accumulators start at 1, so that the first step is the learning rate times the gradient. A shared feature
          // is stepped once for each item, the second time with a smaller rate.
          const moved = ((table[place] ?? 0) - (after[side]?.[place] ?? 0)) / 0.05;
          const isShared = side === 1 && place >= 3 * workspace.layout.rowLength && loss !== "logistic";
          if (!isShared) expect(moved).toBeCloseTo(gradient, 2);
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(15);
    },
  );

  it("makes the loss fall, epoch by epoch", async () => {
    for (const loss of losses) {
      const settings = settingsOf({ loss, components: 8, epochs: 8 });
      const curve: number[] = [];
      await train(workspaceFor(settings, true), settings, { onProgress: ({ loss: mean = 0 }) => curve.push(mean) });
      expect(curve).toHaveLength(8);
      expect(curve.at(-1)).toBeLessThan((curve[0] ?? 0) * 0.95);
    }
  });
});
