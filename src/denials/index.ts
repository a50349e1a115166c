export { attributionIn, whoOf } from './attribution.ts';
export { emptyBaseline, type Baseline } from './baseline.ts';
export { benignCatalogue, withoutBenign, type BenignCount, type BenignEntry } from './benign.ts';
export type { Attribution, Burst } from './burst.ts';
export { findBursts } from './bursts.ts';
export { binMinutes, services, type Bin, type Caller, type CallingHost, type Denial, type Service } from './denial.ts';
export type { Episode, SeriesState } from './episodes.ts';
export { absorb, binStart, type Ledger, type Touched } from './ledger.ts';
export { defaultWatchSettings, type WatchSettings } from './watch-settings.ts';
