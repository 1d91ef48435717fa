/** Hybrid matrix factorization. */
export { factorization, type FactorizationModel } from "./factorization.ts";
export type { FactorizationOptions } from "./options.ts";
