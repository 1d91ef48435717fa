/** Tests of adapters and of everything that is given time and ids. Works with every test runner. */
export { adapterConformance } from "./adapter-conformance.ts";
export { quietContext } from "./adapter-context.ts";
export { readFixtures, recording } from "./fixtures.ts";
export { redact } from "./redact.ts";
export { sampleReplies } from "./sample-replies.ts";
export type * from "./subject.ts";
export * from "./test-environment.ts";

// For local platforms.
export type * from "./local-platform.ts";
export * from "./local/api.ts";
export * from "./local/buckets.ts";
export * from "./local/changes.ts";
export * from "./local/faults.ts";
export type { FormFile } from "./local/form.ts";
export * from "./local/ledger.ts";
export * from "./local/people.ts";
export * from "./local/server.ts";
export * from "./local/shown.ts";
export * from "./local/waiting.ts";
