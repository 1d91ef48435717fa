/** Epochs of training on a workspace. */
import { RecommenderError } from "../errors.ts";
import type { EpochAnswer, Progress, Training } from "../model.ts";
import { createRandom, type Random } from "../random.ts";
import type { FactorizationSettings } from "./options.ts";
import { type Round, type RoundResult, runRound } from "./round.ts";
import { startThreads, type Thread } from "./threads.ts";
import type { Workspace } from "./workspace.ts";

/** Samples of a thread between two looks at the signal. */
const ROUND = 65_536;
/** Cached representations are made anew so often: after samples for each item, and not before so many. */
const SAMPLES_PER_REFRESHED_ITEM = 4;
const SAMPLES_PER_REFRESH = 8192;

/** How a training is followed and ended. */
export interface Following extends Pick<Training, "onProgress" | "signal"> {
  readonly afterEpoch?: (progress: Progress) => EpochAnswer | Promise<EpochAnswer>;
}

/**
 * Trains for the epochs that are set.
 * @throws RecommenderError `recommender/cancelled`, `recommender/diverged`, `recommender/thread-failed`
 */
export async function train(
  workspace: Workspace,
  settings: FactorizationSettings,
  { onProgress, afterEpoch, signal }: Following = {},
): Promise<void> {
  const random = createRandom(settings.seed);
  const sampleCount = workspace.cuts.at(-1) ?? 0;
  const threads = startThreads(workspace);
  try {
    workspace.kernel.refreshItems(0, workspace.itemCount);
    for (let epoch = 1; epoch <= settings.epochs; epoch++) {
      const loss = await trainEpoch({ workspace, settings, threads, random, signal });
      if (!Number.isFinite(loss)) {
        throw new RecommenderError(
          "recommender/diverged",
          `The training went out of bounds in epoch ${epoch}. Try a lower learning rate than ${settings.learningRate}.`,
        );
      }
      const progress = { done: epoch, total: settings.epochs, loss: loss / Math.max(1, sampleCount) };
      onProgress?.(progress);
      if ((await afterEpoch?.(progress)) === "stop") return;
    }
  } finally {
    await Promise.all(threads.map(async (thread) => await thread.stop()));
  }
}

interface Epoch {
  readonly workspace: Workspace;
  readonly settings: FactorizationSettings;
  readonly threads: readonly Thread[];
  readonly random: Random;
  readonly signal: AbortSignal | undefined;
}

/** One pass over the samples by all threads, in rounds; returns the sum of the losses. */
async function trainEpoch({ workspace, settings, threads, random, signal }: Epoch): Promise<number> {
  const { cuts, layout, itemCount } = workspace;
  const count = threads.length + 1;
  const size =
    layout.itemFeatures === undefined
      ? ROUND
      : Math.min(ROUND, Math.max(SAMPLES_PER_REFRESH, (SAMPLES_PER_REFRESHED_ITEM * itemCount) / count));
  const positions = cuts.slice(0, count);
  let isFirst = true;
  let isFresh = true;
  let loss = 0;
  while (positions.some((position, thread) => position < (cuts[thread + 1] ?? 0))) {
    const rounds = positions.map((from, thread): Round => {
      const end = cuts[thread + 1] ?? 0;
      const share = (place: number): number => Math.floor((itemCount * place) / count);
      return {
        loss: settings.loss,
        from,
        to: Math.min(end, from + Math.ceil(size)),
        randomState: isFresh ? random.next() : undefined,
        shuffled: isFirst ? [from, end] : undefined,
        refreshed: layout.itemFeatures === undefined ? undefined : [share(thread), share(thread + 1)],
      };
    });
    const results = await runRounds(workspace, threads, rounds);
    for (const [thread, { stopped }] of results.entries()) positions[thread] = stopped;
    const isLast = positions.every((position, thread) => position >= (cuts[thread + 1] ?? 0));
    isFresh = isLast || results.some(({ stopped }, thread) => stopped < (rounds[thread]?.to ?? 0));
    isFirst = false;
    if (isFresh) loss += settle(workspace, results);
    checkSignal(signal);
  }
  return loss;
}

async function runRounds(
  { kernel }: Workspace,
  threads: readonly Thread[],
  [own, ...others]: readonly Round[],
): Promise<readonly RoundResult[]> {
  const theirs = Promise.all(others.map(async (round, index) => await threads[index]?.run(round)));
  // They may fail before this thread is done and waits for them.
  theirs.catch(() => undefined);
  const results = own === undefined ? [] : [runRound(kernel, own)];
  // Whoever shares this thread gets a turn.
  await new Promise((resolve) => setImmediate(resolve));
  return [...results, ...(await theirs).filter((result) => result !== undefined)];
}

/** Takes the lazy L2 out of the weights; returns the losses. */
function settle({ kernel, layout }: Workspace, results: readonly RoundResult[]): number {
  const product = (side: "userScale" | "itemScale"): number =>
    results.reduce((scale, { state }) => scale * state[side], 1);
  const { userTable, itemTable, userRows, itemRows, userConstant, itemConstant } = layout;
  kernel.rescale(userTable.at, userRows, 1 / product("userScale"), userConstant === undefined ? -1 : userConstant * 4);
  kernel.rescale(itemTable.at, itemRows, 1 / product("itemScale"), itemConstant === undefined ? -1 : itemConstant * 4);
  return results.reduce((sum, { state }) => sum + state.loss, 0);
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new RecommenderError(
    "recommender/cancelled",
    "The training was called off; the model of before still serves.",
    {
      cause: signal.reason,
    },
  );
}
