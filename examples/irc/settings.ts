import { secret } from "parleyjs/adapter";
import { z } from "zod";

export const IrcSettings = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(6697),
  /** Turn off for a server on this machine only. */
  tls: z.boolean().default(true),
  nick: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,29}$/, "a letter, then letters, digits, _ or -"),
  /** The server's password, where it wants one. */
  password: secret().optional(),
  channels: z.array(z.string().regex(/^#[^\s,]{1,49}$/)).default([]),
});
export type IrcSettings = z.output<typeof IrcSettings>;

/** What an admin writes; secrets by reference (`env("IRC_PASSWORD")`). */
export type IrcInput = z.input<typeof IrcSettings>;
