import { ruleOfFinding } from '../findings/index.ts';
import type { Notice, StoredDelivery } from '../outbox/index.ts';
import type { Outbox, RecordTable, Write } from '../ports/index.ts';
import {
  deliveryPartition,
  deliveryPartitions,
  findingPartition,
  historyRow,
  incidentPartition,
  keyText,
  noticePartition,
} from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { outboxKinds } from './outbox-kinds.ts';
import type { RowKind } from './row-kind.ts';
import { kinds } from './row-kinds.ts';
import { watchKinds } from './watch-kinds.ts';

/** See docs/decisions/0005-outbox.md for why no crash loses a message, and which one may repeat it. */
export function openOutbox(table: RecordTable, odd: OddRows): Outbox {
  return {
    async notices() {
      const notices = await readNotices(table, odd);
      const reached = await revisionsOf(table, odd, notices);
      return notices.filter(({ subjectId, revision }) => revision <= (reached.get(subjectId) ?? 0));
    },
    deliveries: () => readDeliveries(table, odd),
    async savePlan({ puts, removed, done }) {
      await table.write(puts.map(putDelivery));
      await table.write(removed.map(deleteDelivery));
      await table.write(done.map(deleteNotice));
    },
    saveDelivery: (delivery) => table.write([putDelivery(delivery)]),
    async forgetToldBefore(instant) {
      const isOld = (at: string): boolean => Date.parse(at) < Date.parse(instant);
      const told = (await readDeliveries(table, odd)).filter(({ state, sentAt, plannedAt }) =>
        isOld(state === 'sent' ? (sentAt ?? plannedAt) : plannedAt),
      );
      await table.write(told.map(deleteDelivery));
      const never = (await readNotices(table, odd)).filter(({ at }) => isOld(at));
      await table.write(never.map(deleteNotice));
    },
  };
}

/** Before the rows they are about. */
export const putNotice = (notice: Notice): Write => ({
  kind: 'put',
  row: { partition: noticePartition, row: historyRow(notice.subjectId, notice.revision), values: outboxKinds.notice.encode(notice) },
});

/** In the place of one that a run which died may have left: somebody's own decision is told to nobody. */
export const deleteNotice = ({ subjectId, revision }: Pick<Notice, 'subjectId' | 'revision'>): Write => ({
  kind: 'delete',
  partition: noticePartition,
  row: historyRow(subjectId, revision),
});

const putDelivery = (delivery: StoredDelivery): Write => ({
  kind: 'put',
  row: { partition: deliveryPartition(delivery.channel), row: keyText(delivery.id), values: outboxKinds.delivery.encode(delivery) },
});

const deleteDelivery = ({ channel, id }: Pick<StoredDelivery, 'channel' | 'id'>): Write => ({
  kind: 'delete',
  partition: deliveryPartition(channel),
  row: keyText(id),
});

async function readNotices(table: RecordTable, odd: OddRows): Promise<readonly Notice[]> {
  const notices: Notice[] = [];
  for await (const row of table.list({ partition: noticePartition })) {
    const notice = odd.read(outboxKinds.notice, row);
    if (notice !== undefined) notices.push(notice);
  }
  return notices;
}

async function readDeliveries(table: RecordTable, odd: OddRows): Promise<readonly StoredDelivery[]> {
  const deliveries: StoredDelivery[] = [];
  for await (const row of table.list(deliveryPartitions)) {
    const delivery = odd.read(outboxKinds.delivery, row);
    if (delivery !== undefined) deliveries.push(delivery);
  }
  return deliveries;
}

/** A few are read one by one, many by the partition that they lie in. */
const fewMax = 50;

/** How far each subject has come. */
async function revisionsOf(table: RecordTable, odd: OddRows, notices: readonly Notice[]): Promise<ReadonlyMap<string, number>> {
  const reached = new Map<string, number>();
  const asked = new Map(
    notices.map(({ subjectId, about, topic }) => [
      subjectId,
      about === 'incident' ? incidentPartition : findingPartition(ruleOfFinding(subjectId) ?? topic),
    ]),
  );
  for (const [partition, subjects] of Map.groupBy(asked, ([, where]) => where)) {
    const kind: RowKind<{ readonly id: string; readonly revision?: number }> =
      partition === incidentPartition ? watchKinds.incident : kinds.finding;
    const take = (row: Parameters<OddRows['read']>[1]): void => {
      const subject = odd.read(kind, row);
      if (subject !== undefined) reached.set(subject.id, subject.revision ?? 0);
    };
    if (subjects.length > fewMax) for await (const row of table.list({ partition })) take(row);
    else
      for (const [subjectId] of subjects) {
        const row = await table.get(partition, keyText(subjectId));
        if (row !== undefined) take(row);
      }
  }
  return reached;
}
