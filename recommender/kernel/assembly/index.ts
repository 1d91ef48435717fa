/** What the kernel offers. */
export { begin, configure, itemScale, lossSum, randomState, triedCount, updateCount, userScale } from "./settings";
export { refreshItems, rescale, shuffle, trainBpr, trainKthOrderStatistic, trainLogistic, trainWarp } from "./training";
export { exclude, recommendMany, scoreItems, selectBest } from "./scoring";
