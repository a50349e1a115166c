export { contextOf, memoryOfVanished, type Context } from './context.ts';
export { judgePart, type JudgedPart } from './judge-part.ts';
export { mergeJudgements, mergeVerdicts, type Verdicts } from './merge-judgements.ts';
export type { PartRequest } from './part-estate.ts';
export { partOf, type Part } from './part-of.ts';
export { partsFor, planShards, type Shard, type SubscriptionCount } from './plan-shards.ts';
export { resourceKinds, rowKinds, type Facts, type Row, type RowKind, type Rows } from './row.ts';
export { splitOff } from './split-off.ts';
export { tagCarriers, type TagCarriers } from './tag-carriers.ts';
