/** What Discord refuses in a body, with its error codes and its nested way of telling where. */
import { z } from "zod";
import type { Payload } from "./world.ts";

/** Discord's answer to a body that does not fit. */
export interface ApiError {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly errors?: unknown;
}

const tooLong = (max: number): string => `BASE_TYPE_MAX_LENGTH|Must be ${max} or fewer in length.`;
const required = "BASE_TYPE_REQUIRED|This field is required";
const text = (max: number): z.ZodString => z.string().min(1, required).max(max, tooLong(max));
const url = z
  .string()
  .max(2048, tooLong(2048))
  .regex(/^https?:\/\/[^\s]+$/i, "URL_TYPE_INVALID_URL|Not a well formed URL.");
const list = <Item extends z.ZodType>(item: Item, max: number): z.ZodArray<Item> =>
  z.array(item).max(max, `BASE_TYPE_BAD_LENGTH|Must be between 1 and ${max} in length.`);

const Embed = z.looseObject({
  title: z.string().max(256, tooLong(256)).optional(),
  description: z.string().max(4096, tooLong(4096)).optional(),
  url: url.optional(),
  color: z.number().int().min(0).max(0xffffff).optional(),
  fields: list(z.looseObject({ name: text(256), value: text(1024), inline: z.boolean().optional() }), 25).optional(),
  footer: z.looseObject({ text: text(2048) }).optional(),
  author: z.looseObject({ name: text(256) }).optional(),
});

const Button = z.looseObject({
  type: z.literal(2),
  style: z.number().int().min(1).max(6),
  label: text(80).optional(),
  custom_id: text(100).optional(),
  url: url.optional(),
  disabled: z.boolean().optional(),
});
const Select = z.looseObject({
  type: z.literal(3),
  custom_id: text(100),
  placeholder: z.string().max(150, tooLong(150)).optional(),
  options: list(
    z.looseObject({ label: text(100), value: text(100), description: z.string().max(100, tooLong(100)).optional() }),
    25,
  ).min(1),
});
const TextInput = z.looseObject({ type: z.literal(4), custom_id: text(100), label: text(45), style: z.number().int() });
const Row = z.looseObject({
  type: z.literal(1),
  components: z.union([list(Button, 5).min(1), z.tuple([Select])], "COMPONENT_LAYOUT_WIDTH_EXCEEDED|Row does not fit."),
});

const AllowedMentions = z.looseObject({
  parse: z.array(z.enum(["users", "roles", "everyone"])).optional(),
  users: list(z.string(), 100).optional(),
  replied_user: z.boolean().optional(),
});

export const MessageBody = z.looseObject({
  content: z.string().max(2000, tooLong(2000)).nullish(),
  embeds: list(Embed, 10).nullish(),
  components: list(Row, 5).nullish(),
  allowed_mentions: AllowedMentions.nullish(),
  message_reference: z.looseObject({ message_id: z.string(), fail_if_not_exists: z.boolean().default(true) }).nullish(),
  nonce: z.union([z.string().max(25, tooLong(25)), z.number().int()]).nullish(),
  enforce_nonce: z.boolean().default(false),
  flags: z.number().int().nullish(),
  attachments: z.array(z.looseObject({ id: z.union([z.string(), z.number()]) })).nullish(),
});
export type MessageBody = z.output<typeof MessageBody>;

export const ModalBody = z.looseObject({
  custom_id: text(100),
  title: text(45),
  components: list(z.looseObject({ type: z.literal(1), components: z.tuple([TextInput]) }), 5).min(1),
});
export type ModalBody = z.output<typeof ModalBody>;

export const CallbackBody = z.looseObject({
  type: z.number().int().min(1).max(10),
  data: z.record(z.string(), z.unknown()).optional(),
});

export const StartThread = z.looseObject({ name: text(100) });

const Command = z.looseObject({
  type: z.number().int().min(1).max(3).default(1),
  name: text(32),
  description: z.string().max(100, tooLong(100)).default(""),
  options: list(
    z.looseObject({ type: z.number().int(), name: text(32), description: text(100), required: z.boolean().optional() }),
    25,
  ).optional(),
});
export const CommandsBody = z
  .array(Command)
  .max(110)
  .superRefine((commands, context) => {
    for (const [index, { type, name, description }] of commands.entries()) {
      if (type === 1 && !/^[-_\p{Ll}\p{Lo}\p{N}]+$/u.test(name)) {
        const message = "APPLICATION_COMMAND_INVALID_NAME|Command name is invalid";
        context.addIssue({ code: "custom", path: [index, "name"], message });
      }
      if (type === 1 && description === "")
        context.addIssue({ code: "custom", path: [index, "description"], message: required });
    }
  });

/** A call that Discord does not carry out. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly error: ApiError;

  constructor(error: ApiError) {
    super(JSON.stringify(error));
    this.error = error;
  }
}

export function refuse(status: number, code: number, message: string, errors?: unknown): never {
  throw new Refused({ status, code, message, errors });
}

/** The body. Throws what Discord answers instead. */
export function validate<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  return parsed.success ? parsed.data : refuseForm(parsed.error.issues);
}

/** A message as a whole: something must be in it, embeds together have a limit, custom ids are unique. */
export function checkMessage(body: MessageBody, files: number): void {
  const { content, embeds, components } = body;
  if ((content ?? "").trim() === "" && (embeds ?? []).length === 0 && files === 0)
    refuse(400, 50006, "Cannot send an empty message");
  if ((embeds ?? []).reduce((sum, embed) => sum + embedSize(embed), 0) > 6000)
    refuseForm([{ path: ["embeds"], message: "MAX_EMBED_SIZE_EXCEEDED|Embed size exceeds maximum size of 6000" }]);
  const ids = (components ?? []).flatMap((row) => row.components.flatMap(({ custom_id: id }) => id ?? []));
  const message = "COMPONENT_CUSTOM_ID_DUPLICATED|Component custom id cannot be duplicated";
  if (new Set(ids).size !== ids.length) refuseForm([{ path: ["components"], message }]);
}

function embedSize({ title = "", description = "", fields = [], footer, author }: z.output<typeof Embed>): number {
  const inFields = fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  return title.length + description.length + inFields + (footer?.text.length ?? 0) + (author?.name.length ?? 0);
}

function refuseForm(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): never {
  const errors: Record<string, unknown> = {};
  for (const { path, message } of issues) {
    const [code = "", words = ""] = message.includes("|") ? message.split("|") : ["BASE_TYPE_INVALID", message];
    place(errors, path.map(String), { code, message: words });
  }
  return refuse(400, 50035, "Invalid Form Body", errors);
}

function place(tree: Record<string, unknown>, path: readonly string[], error: Payload): void {
  const [first, ...rest] = path;
  if (first === undefined) {
    tree["_errors"] = [error];
    return;
  }
  const below: Record<string, unknown> = {};
  const known = tree[first];
  if (typeof known === "object" && known !== null) Object.assign(below, known);
  tree[first] = below;
  place(below, rest, error);
}
