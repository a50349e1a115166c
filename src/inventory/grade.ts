import type { Access, Power } from '../access/index.ts';
import { levelOf, type Assignment, type RoleDefinition, type RoleId, type ScopeLevel } from '../estate/index.ts';
import { weightOf, type Severity } from '../rules/index.ts';
import type { Holding } from './identity-sheet.ts';

/** What is to be said of a grant by what its role allows and where, never by the role's name. */
export type Grade = Pick<Holding, 'plane' | 'severity' | 'question'>;

/** The same for every assignment of one role on one level under one condition: 100,000 assignments ask a few hundred times. */
export function grader(access: Access): (assignment: Assignment) => Grade {
  const known = new Map<RoleId, Map<string, Grade>>();
  return (assignment) => {
    const { roleId, scope, condition } = assignment;
    let ofRole = known.get(roleId);
    if (ofRole === undefined) known.set(roleId, (ofRole = new Map()));
    const level = levelOf(scope);
    const key = condition === undefined ? level : `${level} ${condition}`;
    let grade = ofRole.get(key);
    if (grade === undefined) ofRole.set(key, (grade = gradeOf(access, assignment, level)));
    return grade;
  };
}

function gradeOf(access: Access, assignment: Assignment, level: ScopeLevel): Grade {
  const role = access.roleOf(assignment.roleId);
  const power = role && access.powerOf(assignment.roleId);
  if (role === undefined || power === undefined) {
    return {
      plane: 'none',
      severity: 'medium',
      question:
        'The definition of its role could not be read, so nobody knows what it allows: which role is it, and who may show it to the auditor?',
    };
  }
  const plane = planeOf(role, power);
  if (plane === 'none') return { plane };
  const weight = weightOf({ access }, assignment, power);
  if (weight === undefined && level === 'resource' && (plane === 'data' || power.readOnly)) return { plane };
  return { plane, severity: weight?.severity ?? narrowSeverity(power, level), question: questionOf(power, plane, level) };
}

/** A data role often reads its container on the control plane too: that alone makes it no role of both planes. */
function planeOf({ blocks }: RoleDefinition, power: Power): Holding['plane'] {
  const isStrong =
    power.everything || [power.broadWrite, power.escalation, power.secretActions, power.attach].some((operations) => operations.length > 0);
  const data = blocks.some(({ dataActions }) => dataActions.length > 0);
  if (data) return isStrong ? 'both' : 'data';
  return blocks.some(({ actions }) => actions.length > 0) ? 'control' : 'none';
}

/** Grants that no rule about broad grants speaks of: still worth a question once somebody asks about this one identity. */
function narrowSeverity(power: Power, level: ScopeLevel): Severity {
  const isStrong =
    power.everything ||
    [power.broadWrite, power.secretActions, power.attach, power.dataWrite, power.dataRead].some((each) => each.length > 0);
  return isStrong && level !== 'resource' ? 'low' : 'info';
}

function questionOf(power: Power, plane: Holding['plane'], level: ScopeLevel): string {
  const can = abilities(power, plane);
  const named = can.length > 1 ? `${can.slice(0, -1).join(', ')} and ${can.at(-1)}` : (can[0] ?? 'act');
  return `It may ${named} ${whereOf[level]}. ${askOf(power, plane, level)}`;
}

function abilities(power: Power, plane: Holding['plane']): readonly string[] {
  const data = [...(power.dataRead.length > 0 ? ['read'] : []), ...(power.dataWrite.length > 0 ? ['change'] : [])].join(' and ');
  const found = [
    ...(power.everything ? ['change everything'] : power.broadWrite.length > 0 ? ['change whole kinds of resources'] : []),
    ...(power.escalation.length > 0 ? ['grant rights to itself and others'] : []),
    ...(data === '' ? [] : [`${data} data`]),
    ...(power.secretActions.length > 0 && !power.everything ? ['take keys and passwords'] : []),
    ...(power.attach.length > 0 && !power.everything ? ['act as identities by attaching them or running code on their hosts'] : []),
  ];
  if (found.length > 0) return found;
  if (power.readOnly) return [plane === 'data' ? 'read data' : 'read the settings of all resources'];
  return [plane === 'data' ? 'use data' : 'change resources of some kinds'];
}

const whereOf: Readonly<Record<ScopeLevel, string>> = {
  root: 'in the whole tenant',
  managementGroup: 'in a whole management group, with every subscription in it and every one to come',
  subscription: 'in a whole subscription, on what is there and on what is still to come',
  resourceGroup: 'in a whole resource group',
  resource: 'on this resource',
};

function askOf(power: Power, plane: Holding['plane'], level: ScopeLevel): string {
  if (level === 'resource') return 'Does its workload manage this resource, or does it only use its data?';
  if (power.escalation.length > 0) return 'Does its workload really grant rights to others, and there?';
  if (plane === 'data') return 'Which of the resources there does its workload use? The same role on each of those is enough.';
  return 'Which of the resources there does its workload change, and would a role on those be enough?';
}
