import { toObjects, runKql, type KqlTable, type KqlType } from '../../src/sandbox/kql/index.ts';
import type { Envelope } from '../functions/ingestion.ts';

/**
 * The tables of Application Insights as its own queries name them, with the columns that ours use:
 * https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete and the table reference of AppTraces, AppMetrics, AppEvents, AppDependencies, AppRequests.
 */
const every = {
  timestamp: 'datetime',
  itemType: 'string',
  customDimensions: 'dynamic',
  operation_Name: 'string',
  operation_Id: 'string',
  operation_ParentId: 'string',
  cloud_RoleName: 'string',
  cloud_RoleInstance: 'string',
  itemCount: 'int',
} as const;

const columns: Readonly<Record<string, Readonly<Record<string, KqlType>>>> = {
  traces: { ...every, message: 'string', severityLevel: 'int' },
  customEvents: { ...every, name: 'string', customMeasurements: 'dynamic' },
  customMetrics: {
    ...every,
    name: 'string',
    value: 'real',
    valueCount: 'int',
    valueSum: 'real',
    valueMin: 'real',
    valueMax: 'real',
    valueStdDev: 'real',
  },
  dependencies: {
    ...every,
    id: 'string',
    name: 'string',
    type: 'string',
    target: 'string',
    data: 'string',
    success: 'bool',
    resultCode: 'string',
    duration: 'real',
  },
  requests: { ...every, id: 'string', name: 'string', url: 'string', success: 'bool', resultCode: 'string', duration: 'real' },
};

export type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export const applicationInsights = (rows: Rows = {}): readonly KqlTable[] =>
  Object.entries(columns).map(([name, shape]) => ({
    name,
    columns: Object.entries(shape).map(([column, type]) => ({ name: column, type })),
    rows: () => (rows[name] ?? []).map((row) => ({ timestamp: '2026-11-20T07:00:00Z', ...row })),
  }));

export const asked = (query: string, rows: Rows = {}): readonly Readonly<Record<string, unknown>>[] =>
  toObjects(runKql(query, { tables: applicationInsights(rows), now: new Date('2026-11-20T08:00:00Z') }));

/** As ingestion writes envelopes into tables. */
export function rowsOf(envelopes: readonly Envelope[]): Rows {
  const of = (type: string) => envelopes.filter(({ data }) => data.baseType === type);
  const common = ({ tags, data: { baseData } }: Envelope) => ({
    customDimensions: baseData.properties ?? {},
    operation_Id: tags['ai.operation.id'] ?? '',
    cloud_RoleName: tags['ai.cloud.role'] ?? '',
  });
  return {
    customEvents: of('EventData').map((one) => ({ ...common(one), name: one.data.baseData.name })),
    customMetrics: of('MetricData').flatMap((one) =>
      (one.data.baseData.metrics ?? []).map(({ name, value, count = 1, max = value }) => ({
        ...common(one),
        name,
        value: value / count,
        valueSum: value,
        valueCount: count,
        valueMax: max,
      })),
    ),
    dependencies: of('RemoteDependencyData').map((one) => {
      const { name, success, resultCode } = one.data.baseData;
      return { ...common(one), name, success, resultCode };
    }),
  };
}
