import { blendReader, ease, itemNeighbours, popularity, ridge, softmax } from "../../../recommender/index.ts";
import type { Families } from "./bundle.ts";

const single: Families = [popularity, itemNeighbours, ease, ridge, softmax];

/** Every kind of model that a version may hold. */
export const FAMILIES: Families = [...single, blendReader(single)];
