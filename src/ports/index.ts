export type { CollectMemory, CollectRequest, CollectScope, EstateSource, RememberedCredentials } from './estate-source.ts';
export type { Range, RecordTable, Row, RowKey, Write } from './record-table.ts';
export type { Changes, FindingFilter, Known, Lease, LeaseHolder, MemoryChanges, Store } from './store.ts';
export type {
  FindingCount,
  FindingQuery,
  FindingSort,
  IdentityFilter,
  IdentityQuery,
  IncidentQuery,
  InventorySighting,
  Page,
  PageRequest,
  PruneBefore,
  Pruned,
  Queries,
  TrendPoint,
  Upkeep,
} from './queries.ts';
export type { ActivityLog, WorkspaceList } from './activity-log.ts';
export type { ChangeReading, DenialLog, LogGap, LogReading, LogTarget, LogWindow, SignInSeries, TokenCallers } from './denial-log.ts';
export type { GrantState, IncidentFilter, Place, Places, WatchState, WatchStore } from './watch-store.ts';
export type { AuditorRead, AuditorReads, HostAnswer, HostProbe, HostReply, HostRequest, Silence } from './host.ts';
export type { Delivery, Messenger } from './messenger.ts';
export type { Outbox } from './outbox.ts';
export type { PoisonQueue, PoisonQueues } from './poison-queues.ts';
export type { Doorbell } from './doorbell.ts';
export type { KeptReview, ReviewDelivery, ReviewStore } from './review-store.ts';
export type { Checkpoints, PieceDone, PieceStates, PieceWriter, ShardPlan } from './checkpoints.ts';
export type { PartStore } from './part-store.ts';
export type { QuotaBudget } from './quota-budget.ts';
export type { ShardMessage, ShardQueue } from './shard-queue.ts';
export type { CollectedRows, EstateRows, RowsAbout, RowsRead, ShardedSource, SubscriptionRows } from './sharded-source.ts';
