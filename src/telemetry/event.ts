import { logs, SeverityNumber } from '@opentelemetry/api-logs';
import { instrumentation, type EventAttribute, type EventName } from './vocabulary.ts';

/** A structured log record in the trace that is open now. Application Insights keeps it as a custom event. */
export function tell<Name extends EventName>(
  name: Name,
  severity: 'info' | 'warn' | 'error',
  attributes: Readonly<Partial<Record<EventAttribute<Name>, string | boolean>>>,
): void {
  logs.getLogger(instrumentation).emit({
    eventName: name,
    severityNumber: numbers[severity],
    severityText: severity.toUpperCase(),
    body: name,
    attributes: { ...attributes, [customEvent]: name },
  });
}

const numbers = { info: SeverityNumber.INFO, warn: SeverityNumber.WARN, error: SeverityNumber.ERROR } as const;

/** https://learn.microsoft.com/azure/azure-monitor/app/opentelemetry-add-modify#send-custom-events */
export const customEvent = 'microsoft.custom_event.name';
