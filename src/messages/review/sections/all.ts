import type { Section } from '../document.ts';
import type { Review } from '../review.ts';
import { controlsSection, exceptionsSection, sinceSection } from './accounts.ts';
import { coverageSection } from './coverage.ts';
import { changesSection, resolveTimeSection, trendSection } from './findings.ts';
import { grantsSection, identitiesSection } from './grants.ts';
import { incidentsSection } from './incidents.ts';
import { orphansSection, recreatedSection } from './remains.ts';

/** In the order in which they are read: how much can be believed first. */
export const sectionsOf = (review: Review): readonly Section[] =>
  [
    coverageSection,
    trendSection,
    changesSection,
    resolveTimeSection,
    grantsSection,
    identitiesSection,
    orphansSection,
    recreatedSection,
    incidentsSection,
    exceptionsSection,
    sinceSection,
    controlsSection,
  ].map((section) => section(review));
