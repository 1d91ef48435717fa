/** Encryption at rest: sealed columns and files, keys that are made anew while everything runs. */
export { databaseKeyPort } from "./keys/database-keys.ts";
export { fileKeyPort } from "./keys/file-keys.ts";
export { withFormerKeys } from "./keys/former-keys.ts";
export { givenKeyPort } from "./keys/given-keys.ts";
export type { KeyPort } from "./keys/key-port.ts";
export { kmsKeyPort } from "./keys/kms-keys.ts";
export { isFinished, resealColumn, type Resealed, SETTLE_MS, wasLookedThrough } from "./resealing.ts";
export { resealFiles } from "./resealing-files.ts";
export { allProgress, type Progress, sealingModule } from "./ring-table.ts";
export { nameOf, type SealedColumn, sealedColumn } from "./sealed-column.ts";
export { sealedFiles } from "./sealed-files.ts";
export { createSealing, type Sealing } from "./sealing.ts";
