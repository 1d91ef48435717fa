/** For adapter authors: the conformance suite (`parley/testing`). */
export {
  adapterConformance,
  quietContext,
  readFixtures,
  recording,
  redact,
  sampleReplies,
} from "./core/testing/index.ts";
export type {
  ConformanceCase,
  ConformanceGroup,
  ConformanceSubject,
  ConnectedSubject,
  OpenSubject,
} from "./core/testing/index.ts";
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
} from "./core/testing/index.ts";
