/** What docker-compose.yml may say: the part of the Compose file format that it uses, and nothing besides. */
import { z } from "zod";

const Duration = z.string().regex(/^\d+(?:ms|s|m)$/u);
const Environment = z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/u), z.string());

export const Service = z.strictObject({
  // Never whatever is the newest today.
  image: z.string().regex(/^[a-z0-9./-]+:(?!latest)[\w.-]+$/u),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: Environment.optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/u)).optional(),
  volumes: z.array(z.string().regex(/^[a-z-]+:\/[\w/]+$/u)),
  tmpfs: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal("service_healthy") })).optional(),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.enum(["CMD", "CMD-SHELL"])], z.string()),
      interval: Duration,
      timeout: Duration,
      retries: z.number().int().positive(),
    })
    .optional(),
  restart: z.literal("unless-stopped"),
  user: z.string(),
  init: z.literal(true).optional(),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal("ALL")]),
  security_opt: z.tuple([z.literal("no-new-privileges:true")]),
  stop_grace_period: Duration.optional(),
});

const Compose = z.object({
  name: z.string(),
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
});

/** Besides what the format has, pieces that are named `x-…`. */
export const ComposeFile = z
  .looseObject(Compose.shape)
  .refine((file) => Object.keys(file).every((key) => key in Compose.shape || key.startsWith("x-")));
export type Service = z.infer<typeof Service>;
