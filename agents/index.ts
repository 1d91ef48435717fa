/** Turns a conversation into a reply: four roles over tools that are handed in, by a language model or without one. */
export { crew } from "./crew.ts";
export type { CrewOptions } from "./crew-options.ts";
