import type { Route } from '../http/route.ts';
import { askWhoMay } from './access.ts';
import { config, health, me } from './caller.ts';
import { listCauses, listRules, oneCause, oneRule } from './documentation.ts';
import { acceptMany, acceptOne, endOne, listExceptions } from './exceptions.ts';
import { listFindings, oneFinding } from './findings.ts';
import { holdingsOf, listIdentities, oneIdentity, runbook } from './identities.ts';
import { listIncidents, oneIncident } from './incidents.ts';
import { listReviews, oneReview } from './reviews.ts';
import { listRuns, oneRun, requestAudit, trendOver } from './runs.ts';
import { listSubscriptions } from './subscriptions.ts';
import { summary } from './summary.ts';

/** Everything that can be asked, in the order of the documentation. */
export const routes: readonly Route[] = [
  config,
  health,
  me,
  summary,
  listSubscriptions,
  listFindings,
  oneFinding,
  acceptOne,
  endOne,
  acceptMany,
  listExceptions,
  listIncidents,
  oneIncident,
  listIdentities,
  oneIdentity,
  holdingsOf,
  runbook,
  askWhoMay,
  listRuns,
  oneRun,
  trendOver,
  requestAudit,
  listReviews,
  oneReview,
  listRules,
  oneRule,
  listCauses,
  oneCause,
];
