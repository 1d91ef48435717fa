/** Every kind of model that there is, for reading files of which nothing is known. */
import { factorization } from "./factorization/factorization.ts";
import type { ModelFamily } from "./model.ts";
import { blendReader } from "./models/blend.ts";
import { ease } from "./models/ease.ts";
import { itemNeighbours } from "./models/item-neighbours.ts";
import { popularity } from "./models/popularity.ts";
import { ridge } from "./models/ridge.ts";
import { softmax } from "./models/softmax/softmax.ts";

type Reader = Pick<ModelFamily<never>, "kind" | "read">;

const single: readonly Reader[] = [popularity, itemNeighbours, ease, ridge, softmax, factorization];

const all: Reader[] = [...single];
// Blends are read with all families, blends among them.
all.push(blendReader(all));

/** For `loadModel`: all that the selector may choose, blends of them as well. */
export const families: readonly Reader[] = all;
