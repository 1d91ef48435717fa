/**
 * For tests (`parleyjs/testing`): a bot of a configuration with its people, language models that answer by script or from a
 * recording, time and ids; and, for adapter authors, the conformance suite and what local platforms are made of.
 */
export * from "./agents/testing/index.ts";
export * from "./cli/testing/index.ts";
export * from "./core/testing/index.ts";
