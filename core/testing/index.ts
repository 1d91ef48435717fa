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
export { redact } from "./redact.ts";
export { sampleReplies } from "./sample-replies.ts";
export type {
  Acknowledgement,
  CallFault,
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
