/** Block Kit's rules, as Slack enforces them. */
import { z } from "zod";
import { type Answer, failed } from "./method.ts";

const MAX_BLOCKS = 50;
const MAX_MARKDOWN = 12_000;
const MAX_TOTAL = 13_200;

const plain = (max: number): z.ZodType =>
  z.strictObject({
    type: z.literal("plain_text"),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
const text = (max: number): z.ZodType =>
  z.union([
    plain(max),
    z.strictObject({ type: z.literal("mrkdwn"), text: z.string().min(1).max(max), verbatim: z.boolean().optional() }),
  ]);
const blockId = z.string().min(1).max(255).optional();
const actionId = z.string().min(1).max(255);
const confirm = z.strictObject({
  title: plain(100),
  text: text(300),
  confirm: plain(30),
  deny: plain(30),
  style: z.enum(["primary", "danger"]).optional(),
});

export const Option = z.strictObject({
  text: plain(75),
  value: z.string().min(1).max(150),
  description: plain(75).optional(),
});
export const Button = z.strictObject({
  type: z.literal("button"),
  action_id: actionId,
  text: plain(75),
  value: z.string().max(2_000).optional(),
  url: z.string().max(3_000).optional(),
  style: z.enum(["primary", "danger"]).optional(),
  confirm: confirm.optional(),
});
export const Select = z.strictObject({
  type: z.literal("static_select"),
  action_id: actionId,
  placeholder: plain(150).optional(),
  options: z.array(Option).min(1).max(100),
});
const Input = z.strictObject({
  type: z.literal("plain_text_input"),
  action_id: actionId,
  multiline: z.boolean().optional(),
  max_length: z.number().int().max(3_000).optional(),
  placeholder: plain(150).optional(),
  focus_on_load: z.boolean().optional(),
});
const Element = z.discriminatedUnion("type", [Button, Select]);

export const Block = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("markdown"), text: z.string().min(1).max(MAX_MARKDOWN), block_id: blockId }),
  z.strictObject({
    type: z.literal("section"),
    text: text(3_000).optional(),
    fields: z.array(text(2_000)).min(1).max(10).optional(),
    accessory: Element.optional(),
    block_id: blockId,
    expand: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal("context"), elements: z.array(text(3_000)).min(1).max(10), block_id: blockId }),
  z.strictObject({ type: z.literal("actions"), elements: z.array(Element).min(1).max(25), block_id: blockId }),
  z.strictObject({ type: z.literal("divider"), block_id: blockId }),
  z.strictObject({ type: z.literal("header"), text: plain(150), block_id: blockId }),
  z.strictObject({
    type: z.literal("input"),
    label: plain(2_000),
    element: Input,
    optional: z.boolean().optional(),
    block_id: blockId,
  }),
]);
export type Block = z.infer<typeof Block>;

/** Why Slack would refuse these blocks; undefined when it takes them. */
export function refusalOf(blocks: unknown, maxBlocks = MAX_BLOCKS): Answer | undefined {
  const parsed = z.array(Block).max(maxBlocks).safeParse(blocks);
  if (!parsed.success) return failed("invalid_blocks", z.prettifyError(parsed.error));
  const markdown = parsed.data.flatMap((block) => (block.type === "markdown" ? [block.text.length] : []));
  if (sum(markdown) > MAX_MARKDOWN) return failed("invalid_blocks", "markdown blocks over 12,000 characters");
  if (sum(textsOf(parsed.data).map((one) => one.length)) > MAX_TOTAL)
    return failed("msg_blocks_too_long", "texts of the blocks over 13,200 characters");
  const blockIds = parsed.data.flatMap(({ block_id: id }) => (id === undefined ? [] : [id]));
  const actionIds = parsed.data
    .flatMap((block) => (block.type === "actions" ? block.elements : []))
    .map((one) => one.action_id);
  for (const ids of [blockIds, actionIds]) {
    if (new Set(ids).size !== ids.length) return failed("invalid_blocks", "an id is used twice");
  }
  return undefined;
}

/** Every text in the blocks. */
function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === "text" && typeof inner === "string") return [inner];
    return typeof inner === "object" ? textsOf(inner) : [];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
