/**
 * Property tests take the same examples on every run, so that a red run says something about the change that it tests.
 * `PROPERTY_SEED=random npm test` looks for new examples, `PROPERTY_SEED=42` for those of a seed that a failure named.
 */
import fc from "fast-check";

const FIXED_SEED = 20_261_201;
const asked = process.env["PROPERTY_SEED"];
if (asked !== "random") fc.configureGlobal({ seed: asked === undefined ? FIXED_SEED : Number(asked) });
