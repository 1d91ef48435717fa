import { families } from "../../../recommender/index.ts";
import type { Families } from "./bundle.ts";

/** Every kind of model that a version may hold. */
export const FAMILIES: Families = families;
