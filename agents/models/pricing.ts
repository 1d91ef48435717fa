/**
 * Prices per token in nano-dollars, which are integers for every price on the list: $1 per million tokens is 1000.
 * Source: the model pages on platform.claude.com, October 2026.
 */
interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWriteFiveMinutes: number;
  readonly cacheWriteOneHour: number;
}

interface PriceList {
  readonly model: string;
  readonly price: Price;
  /** Applies to the whole request when its prompt, cached parts included, is longer than `above` tokens. */
  readonly longPrompt?: { readonly above: number; readonly price: Price };
}

/** The tokens of one request; the four counts of input do not overlap. */
export interface TokenCounts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWriteFiveMinutes: number;
  readonly cacheWriteOneHour: number;
}

/** Cache prices follow the input price: a read costs a tenth, a write 1.25 times (5 minutes) or twice (1 hour). */
function price(input: number, output: number): Price {
  return {
    input,
    output,
    cacheRead: input / 10,
    cacheWriteFiveMinutes: (input * 5) / 4,
    cacheWriteOneHour: input * 2,
  };
}

const priceLists: readonly PriceList[] = [
  {
    model: "claude-haiku-5-5",
    price: price(100, 500),
    longPrompt: { above: 100_000, price: price(500, 2_500) },
  },
  { model: "claude-sonnet-5-5", price: price(2_000, 10_000) },
  { model: "claude-sonnet-5", price: price(2_000, 10_000) },
  { model: "claude-opus-5-5", price: price(4_000, 20_000) },
  { model: "claude-fable-5-1", price: price(10_000, 50_000) },
  { model: "claude-haiku-4-5", price: price(1_000, 5_000) },
];

/** What an admin says a model costs, in US dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** @default as input */
  readonly cacheRead?: number | undefined;
  /** @default as input */
  readonly cacheWrite?: number | undefined;
}

/** Prices of an admin first, then the list. */
export function priceBy(own: Readonly<Record<string, ModelPrice>>) {
  return (model: string, tokens: TokenCounts): number | undefined => {
    const given = own[model];
    if (given === undefined) return costInMicroDollars(model, tokens);
    const { input, output, cacheRead = input, cacheWrite = input } = given;
    const written = tokens.cacheWriteFiveMinutes + tokens.cacheWriteOneHour;
    return Math.ceil(
      tokens.input * input + tokens.output * output + tokens.cacheRead * cacheRead + written * cacheWrite,
    );
  };
}

/** The cost in micro-dollars (10^-6 USD), rounded up; `undefined` for a model whose price is not known. */
export function costInMicroDollars(model: string, tokens: TokenCounts): number | undefined {
  const list = priceListOf(model);
  if (list === undefined) return undefined;
  const prompt = tokens.input + tokens.cacheRead + tokens.cacheWriteFiveMinutes + tokens.cacheWriteOneHour;
  const long = list.longPrompt !== undefined && prompt > list.longPrompt.above;
  const rate = long && list.longPrompt !== undefined ? list.longPrompt.price : list.price;
  const nanoDollars =
    tokens.input * rate.input +
    tokens.output * rate.output +
    tokens.cacheRead * rate.cacheRead +
    tokens.cacheWriteFiveMinutes * rate.cacheWriteFiveMinutes +
    tokens.cacheWriteOneHour * rate.cacheWriteOneHour;
  return Math.ceil(nanoDollars / 1000);
}

/** Dated snapshots cost what their model costs. */
function priceListOf(model: string): PriceList | undefined {
  return priceLists.find(
    (list) => model === list.model || (/^-\d{8}$/.test(model.slice(list.model.length)) && model.startsWith(list.model)),
  );
}
