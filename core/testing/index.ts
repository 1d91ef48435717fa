/** For adapter authors: the conformance suite and what it needs. Works with every test runner. */
export { adapterConformance } from "./adapter-conformance.ts";
export type {
  ConformanceCase,
  ConformanceGroup,
  ConformanceSubject,
  ConnectedSubject,
  OpenSubject,
} from "./subject.ts";
export { quietContext } from "./adapter-context.ts";
export { readFixtures, recording } from "./fixtures.ts";
export { createRedactor, redact, type SafeParts } from "./redact.ts";
export { sampleReplies } from "./sample-replies.ts";

// For local platforms.
export { type CallKind, createFaultQueue, type FaultQueue } from "./local/faults.ts";
export {
  createLedger,
  type Author,
  type Ledger,
  type LedgerChoice,
  type LedgerMessage,
  type NewMessage,
} from "./local/ledger.ts";
export { type ApiCall, type LocalApi, openLocalApi, type SeenCall } from "./local/api.ts";
export type { FormFile } from "./local/form.ts";
export { createPerson, type Reach } from "./local/people.ts";
export { createBuckets, type Rate, type TakeFrom } from "./local/buckets.ts";
export { type Changes, createChanges } from "./local/changes.ts";
export { type Shown, shownIn, shownText, shownTogether } from "./local/shown.ts";
export { type Answered, createWaiting, type Waiting } from "./local/waiting.ts";
export { type ApiAnswer, callWebhook, type LocalServer, openLocalServer, respond } from "./local/server.ts";
export type {
  Acknowledgement,
  CallFault,
  CompletePerson,
  CompletePlatform,
  LocalChat,
  LocalFaults,
  LocalFile,
  LocalPerson,
  LocalPlatform,
  LocalPlatformOptions,
  OpenLocalPlatform,
  SayOptions,
  SeenChoice,
  SeenFile,
  SeenMessage,
} from "./local-platform.ts";
