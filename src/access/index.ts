export type { Access, Grant } from './access.ts';
export type { Answer, ConditionEffect, NearMiss, Path, Question } from './answer.ts';
export type { Power } from './power.ts';
