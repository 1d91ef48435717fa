/** Slack on this machine: Web API, Socket Mode, signed HTTP events and streaming calls, for the real client libraries. */
export { openSlackLocally, type SlackLocalOptions, type SlackLocalPlatform } from "./open-slack-locally.ts";
export type { SlackPerson } from "./person.ts";
