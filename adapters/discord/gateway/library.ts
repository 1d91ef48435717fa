import type * as library from "discord.js";

/** discord.js as a value: it is loaded when an account connects, so that a bot without Discord does not pay for it. */
export type Discord = typeof library;
