/**
 * `npm run size [-- --against <commit>] [--list]`: how large the product is, counted the same way every time.
 *
 * A line counts when it holds code. The product is core, adapters, agents, tools, gateway, cli and the package's entries, without tests;
 * local platforms and the conformance kit (`testing/`) are told apart. Against a commit, files that left the product are
 * taken from the former count too: what was only moved does not count as fewer.
 */
import { parseArgs } from "node:util";
import { circles } from "./circles.ts";
import { readSource, type SourceFacts } from "./source.ts";
import { isProduct, isTesting, movedOut, shortName, sources } from "./tree.ts";

const LONG_FILE = 250;
const LONG_FUNCTION = 60;

type Facts = ReadonlyMap<string, SourceFacts>;

const { values: flags } = parseArgs({
  options: { against: { type: "string" }, list: { type: "boolean", default: false } },
});

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const factsOf = (texts: ReadonlyMap<string, string>): Facts =>
  new Map([...texts].map(([path, text]) => [path, readSource(path, text)]));

const sum = (facts: Facts, counts: (path: string) => boolean): number =>
  [...facts].reduce((total, [path, { lines }]) => total + (counts(path) ? lines : 0), 0);

/** A count, and with `--list` what was counted. */
function count(name: string, found: readonly string[]): void {
  print(`${name.padEnd(46)} ${found.length}`);
  if (flags.list) for (const one of found) print(`    ${one}`);
}

const now = factsOf(sources());
const product = new Map([...now].filter(([path]) => isProduct(path)));
const lines = sum(product, () => true);
print(`${"product lines".padEnd(46)} ${lines}, of them ${sum(product, isTesting)} for authors' tests (testing/)`);
print(`${"product files".padEnd(46)} ${product.size}`);
if (flags.against !== undefined) {
  const then = factsOf(sources(flags.against));
  const moved = movedOut(flags.against);
  const before = sum(then, (path) => isProduct(path) && !moved.has(path));
  const [name, change] = [shortName(flags.against), lines - before];
  print(`${`product lines at ${name}, without what moved`.padEnd(46)} ${before} (${moved.size} files moved out)`);
  print(`${"change".padEnd(46)} ${change > 0 ? "+" : ""}${change}`);
}
count(
  `product files of more than ${LONG_FILE} lines`,
  [...product].flatMap(([path, facts]) => (facts.lines > LONG_FILE ? [`${path} ${facts.lines}`] : [])),
);
count(
  `product functions of more than ${LONG_FUNCTION} lines`,
  [...product].flatMap(([path, { functions }]) =>
    functions.flatMap(({ name, line, lines: long }) =>
      long > LONG_FUNCTION ? [`${path}:${line} ${name} ${long}`] : [],
    ),
  ),
);
const having = (key: "anys" | "casts"): readonly string[] =>
  [...product].flatMap(([path, facts]) => Array.from({ length: facts[key] }, () => path));
count("any", having("anys"));
count("casts", having("casts"));
count("circles of imports, tests and benches included", await circles());
