/** Cuts inline content: text at the best place, styles closed and reopened, links and code moved whole if they can be. */
import type { PhrasingContent } from "mdast";
import { firstGrapheme } from "../text/graphemes.ts";
import { breakAnywhere, findBreak, type BreakRank } from "./breaks.ts";
import { trimRun } from "./canonical-inline.ts";
import { fits, inside, intoNode, largestFit, type Cut, type Room } from "./room.ts";

type Run = readonly PhrasingContent[];
/** A cut of inline content, with how good its place is. */
export type InlineCut<T> = Cut<T, Run> & { readonly rank: BreakRank };

const text = (value: string): PhrasingContent => ({ type: "text", value });

const runText = (run: Run): string => run.map((node) => (node.type === "text" ? node.value : "\n")).join("");

/** Only a run that is alone in its part may be cut inside a grapheme cluster, and only when the cluster does not fit. */
const fitsAlone = <T>(room: Room<T>, node: T): boolean => room.alone(node) <= room.limit;

/** The longest prefix of `value` that fits, whatever stands at its end. */
function longestHead(value: string, make: (head: string) => PhrasingContent, room: Room<PhrasingContent>): number {
  return largestFit(value.length, (count) => fits(room, make(value.slice(0, count))));
}

/** Cuts a value between words; with `keepsBlanks` what looks like white space there is part of it, as in code. */
function cutValue(
  value: string,
  make: (value: string) => PhrasingContent,
  room: Room<PhrasingContent>,
  keepsBlanks: boolean,
): InlineCut<PhrasingContent> | undefined {
  let most = longestHead(value, make, room);
  // Markup at the new end may need an escape more than it did in the middle: step back until it fits.
  for (let tries = 0; tries < 40 && most > 0; tries += 1) {
    const place = findBreak(value, most, keepsBlanks ? 0 : room.limit / 2) ?? breakAnywhere(value, most, false);
    if (place === undefined) break;
    const end = keepsBlanks ? place.next : place.end;
    const head = make(value.slice(0, end));
    if (fits(room, head)) {
      const glue = end < place.next ? [text(value.slice(end, place.next))] : [];
      return { head, tail: make(value.slice(place.next)), depth: 0, glue, rank: place.rank };
    }
    most = place.end - 1;
  }
  return cutCluster(value, make, room);
}

/** The last resort: a single grapheme cluster that is longer than a part is cut between code points. */
function cutCluster(
  value: string,
  make: (value: string) => PhrasingContent,
  room: Room<PhrasingContent>,
): InlineCut<PhrasingContent> | undefined {
  const first = breakAnywhere(value, 1, true);
  const cluster = firstGrapheme(value);
  if (first === undefined || cluster.length <= 1 || fitsAlone(room, make(cluster))) return undefined;
  for (let most = Math.max(1, longestHead(value, make, room)); most > 0; most -= 1) {
    const at = breakAnywhere(value.slice(0, cluster.length + 1), most, true)?.end ?? first.end;
    const head = make(value.slice(0, at));
    if (fits(room, head)) return { head, tail: make(value.slice(at)), depth: 0, glue: [], rank: 3 };
  }
  return undefined;
}

/** Cuts the content of a node; `make` gives the node of either half. */
export function cutChildrenOf<Node>(
  node: { readonly children: PhrasingContent[] },
  make: (children: PhrasingContent[]) => Node,
  room: Room<Node>,
): InlineCut<Node> | undefined {
  const cut = cutRun(
    node.children,
    intoNode(room, (head: Run) => make([...head])),
  );
  if (cut === undefined) return undefined;
  return { ...cut, head: make([...cut.head]), tail: make([...cut.tail]), depth: cut.depth + 1 };
}

function cutNode(node: PhrasingContent, room: Room<PhrasingContent>): InlineCut<PhrasingContent> | undefined {
  if (node.type === "text") return cutValue(node.value, text, room, false);
  if (node.type === "emphasis" || node.type === "strong" || node.type === "delete") {
    const { type } = node;
    return cutChildrenOf(node, (children) => ({ type, children }), room);
  }
  if (fitsAlone(room, node)) return undefined;
  if (node.type === "inlineCode") return cutValue(node.value, (value) => ({ type: "inlineCode", value }), room, true);
  return node.type === "link" ? cutChildrenOf(node, (children) => ({ ...node, children }), room) : undefined;
}

/** A cut between two children; the white space on both sides becomes glue. */
function cutBetween(run: Run, at: number): InlineCut<Run> | undefined {
  const head = trimRun(run.slice(0, at));
  const tail = trimRun(run.slice(at));
  if (head.run.length === 0 || tail.run.length === 0) return undefined;
  const glue = [...head.trailing, ...tail.leading];
  const space = runText(glue);
  const rank = space === "" ? 3 : space.includes("\n") ? 0 : 2;
  return { head: [...head.leading, ...head.run], tail: [...tail.run, ...tail.trailing], depth: 0, glue, rank };
}

function cutInside(run: Run, at: number, room: Room<Run>): InlineCut<Run> | undefined {
  const node = run[at];
  if (node === undefined) return undefined;
  const before = run.slice(0, at);
  const wrap = (content: PhrasingContent[]): Run => content;
  const cut = cutNode(node, inside(room, wrap, before));
  if (cut === undefined) return undefined;
  return { ...cut, head: [...before, cut.head], tail: [cut.tail, ...run.slice(at + 1)] };
}

/** How many children before the one that does not fit are searched for a better place. */
const LOOK_BACK = 6;

/**
 * Cuts a run of inline nodes so that the head fits.
 *
 * Returns `undefined` when nothing of it fits here without cutting something that would fit in a fresh part.
 */
function cutRun(run: Run, room: Room<Run>): InlineCut<Run> | undefined {
  const count = largestFit(run.length, (length) => fits(room, trimRun(run.slice(0, length)).run));
  const last = Math.min(count, run.length - 1);
  let worst: InlineCut<Run> | undefined;
  for (let at = last; at >= Math.max(0, last - LOOK_BACK); at -= 1) {
    for (const cut of [cutInside(run, at, room), cutBetween(run, at)]) {
      if (cut === undefined || !fits(room, cut.head)) continue;
      if (cut.rank < 3) return cut;
      worst ??= cut;
    }
  }
  return worst;
}
