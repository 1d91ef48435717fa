/** The models besides factorization: closed forms, softmax, neighbours, popularity, and blends of all. */
export { blend, type BlendMember, blendReader } from "./blend.ts";
export { ease, type EaseOptions } from "./ease.ts";
export { itemNeighbours, type ItemNeighboursOptions } from "./item-neighbours.ts";
export { popularity, type PopularityOptions } from "./popularity.ts";
export { ridge, type RidgeOptions } from "./ridge.ts";
export { softmax, type SoftmaxOptions } from "./softmax/index.ts";
