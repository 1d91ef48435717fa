import { z } from "zod";

const Seconds = z.number().int().min(0).max(60);

/** Settings of a web account. */
export const WebSettings = z.strictObject({
  /** Heading of the page. @default the bot's name */
  title: z.string().min(1).max(80).optional(),
  /** Shown before anything is said. */
  greeting: z.string().min(1).max(1_000).optional(),
  /** Offered to a newcomer as buttons. */
  suggestions: z.array(z.string().min(1).max(120)).max(6).default(["What can you help me with?"]),
  /** The page's one colour. Text on it turns black or white, whichever can be read. */
  accentColor: z
    .string()
    .regex(/^#[0-9a-f]{6}$/iu)
    .describe('a colour such as "#0b5cad"')
    .default("#0b5cad"),
  /** How long `POST /chat` waits for the answer before it says 202. */
  waitSeconds: Seconds.default(30),
  /** What one network address (a /64 of IPv6) may ask for as guests, besides the limit of each person. Counted by each process. */
  perAddress: z
    .strictObject({
      messagesPerMinute: z.number().int().min(1).max(1_000_000).default(60),
      newSessionsPerMinute: z.number().int().min(1).max(1_000_000).default(20),
      uploadedMebibytesPerHour: z.number().int().min(20).max(1_000_000).default(200),
      sockets: z.number().int().min(1).max(100_000).default(200),
    })
    .prefault({}),
  /** Sockets of all sessions together. */
  maxSockets: z.number().int().min(1).max(100_000).default(5_000),
  /** Sockets (browser tabs) of one session. */
  maxSocketsPerSession: z.number().int().min(1).max(100).default(8),
});
export type WebSettings = z.infer<typeof WebSettings>;
export type WebInput = z.input<typeof WebSettings>;
