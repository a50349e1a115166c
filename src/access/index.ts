export type { Access, Grant, OpenAccess } from './access.ts';
export type { Answer, ConditionEffect, NearMiss, Path, Question } from './answer.ts';
export { limitedArea, type AssignmentIndex } from './assignment-index.ts';
export { compile } from './blocks.ts';
export { permissionFor, permissionText, permissions, roleActions, type Permission, type PermissionId } from './auditor-permissions.ts';
export { builtInRole, builtInRoles } from './built-in-roles.ts';
export { measure } from './measure.ts';
export { openAccess } from './open-access.ts';
export type { Power } from './power.ts';
