import type { Workspace } from "parleyjs-recommender/testing";
import { referenceTraining } from "./reference-training.ts";

/** The same memory with the loops in plain JavaScript, which know one thread only. */
export function onReference(workspace: Workspace): Workspace {
  const kernel = referenceTraining(workspace.buffer);
  kernel.configure(workspace.layout.scratch[0] ?? 0);
  return { ...workspace, kernel };
}
