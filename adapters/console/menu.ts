import type { Choice, Reply } from "../../adapter.ts";

const isConfirm = ({ id }: Choice): boolean => /^confirm:/iu.test(id);
const isCancel = ({ id }: Choice): boolean => /^cancel:/iu.test(id);

/**
 * What the menu offers, in its order: the entry that is chosen by a stray Enter comes first, so where something is to
 * be confirmed that is Cancel. From `typedCodeFrom` on (the number of what counts most, such as a sum), Confirm is not in the menu: its
 * code is typed.
 */
export function menuOf({ choices = [], proposal }: Reply, typedCodeFrom: number): readonly Choice[] {
  if (!choices.some(isConfirm)) return choices;
  const sum = proposal?.facts.find(({ isMain }) => isMain === true)?.number;
  const byCode = sum !== undefined && sum >= typedCodeFrom;
  const cancels = choices.filter(isCancel);
  return [...cancels, ...choices.filter((choice) => !isCancel(choice) && !(byCode && isConfirm(choice)))];
}
