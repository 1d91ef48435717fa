/** Every kind of model that there is, for reading files of which nothing is known. */
import { factorization } from "./factorization/index.ts";
import type { ModelFamily } from "./model.ts";
import { blendReader, ease, itemNeighbours, popularity, ridge, softmax } from "./models/index.ts";

type Reader = Pick<ModelFamily<never>, "kind" | "read">;

const single: readonly Reader[] = [popularity, itemNeighbours, ease, ridge, softmax, factorization];

/** For `loadModel`: all that the selector may choose, blends of them as well. */
export const families: readonly Reader[] = [...single, blendReader(single)];
