/** Softmax on history and features: network, training, model. */
export { softmax, type SoftmaxOptions } from "./softmax.ts";
