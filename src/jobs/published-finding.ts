import type { Finding } from '../findings/index.ts';

/** A stored finding with the fields of the published contract only, in its order; what the store keeps for itself stays there. */
export function published(finding: Finding): Finding {
  return {
    id: finding.id,
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    status: finding.status,
    subject: finding.subject,
    principal: finding.principal,
    proof: finding.proof,
    role: finding.role,
    scope: finding.scope,
    title: finding.title,
    message: finding.message,
    evidence: finding.evidence,
    fix: finding.fix,
    related: finding.related,
    controls: finding.controls,
    firstSeenAt: finding.firstSeenAt,
    lastSeenAt: finding.lastSeenAt,
    ...(finding.resolvedAt !== undefined && { resolvedAt: finding.resolvedAt }),
    ...(finding.resolvedBy !== undefined && { resolvedBy: finding.resolvedBy }),
    ...(finding.unjudged !== undefined && { unjudged: finding.unjudged }),
  };
}
