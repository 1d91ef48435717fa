/** For adapter authors: the conformance suite, and what local platforms are made of (`parleyjs/testing`). */
export * from "./core/testing/index.ts";
