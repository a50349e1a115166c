export { partOf } from './part-of.ts';
export { partsFor, planShards, type Shard, type SubscriptionCount } from './plan-shards.ts';
export { resourceKinds, rowKinds, type Facts, type Row, type RowKind, type Rows } from './row.ts';
export { splitOff } from './split-off.ts';
