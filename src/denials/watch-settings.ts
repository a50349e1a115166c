/** What the watch may be told. Environment names and parsing live in config/. */
export interface WatchSettings {
  /** `BURST_MIN_DENIALS`: fewer never open an incident. */
  readonly minDenials: number;
  /** `SPREAD_MIN_TARGETS`: distinct targets or operations within an hour that make a spread. */
  readonly spreadMinTargets: number;
  /** Chance of one false incident per pass over all series together. */
  readonly falseAlarmRate: number;
  /** Series the chance is shared out over. Fixed, so that the same bins give the same incidents however the passes fell. */
  readonly seriesMax: number;
  /** `QUIET_AFTER_MINUTES` and `RESOLVED_AFTER_MINUTES` without a denial. */
  readonly quietAfterMinutes: number;
  readonly resolvedAfterMinutes: number;
  /** Hours of bins kept and judged anew in each pass: rows that late still count. Older bins live on in the baseline. */
  readonly windowHours: number;
  /** Hours after the first reading in which only baselines grow. */
  readonly warmUpHours: number;
  /** Whose refusals page somebody: people's are counted and shown. */
  readonly principals: 'workloads' | 'all';
}

export const defaultWatchSettings: WatchSettings = {
  minDenials: 5,
  spreadMinTargets: 8,
  falseAlarmRate: 0.01,
  seriesMax: 10_000,
  quietAfterMinutes: 60,
  resolvedAfterMinutes: 360,
  windowHours: 48,
  warmUpHours: 6,
  principals: 'workloads',
};
