export type { Baseline, Burst, Series } from './burst.ts';
export { binMinutes, services, type Bin, type Caller, type CallingHost, type Denial, type Service } from './denial.ts';
