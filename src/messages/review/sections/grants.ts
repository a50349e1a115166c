import { columns, rowsMax, text, type Block, type Cell, type Entry, type Section, type TableBlock } from '../document.ts';
import { day, grouped, placeOf, plural } from '../foreign.ts';
import type { GrantToNarrow, Review, ReviewedHolding, ReviewedIdentity } from '../review.ts';

export function grantsSection(review: Review): Section {
  const grants = review.grantsToNarrow;
  const lead = review.identities.known
    ? grants.length === 0
      ? 'No managed identity holds more than data roles on single resources.'
      : `The ${grants.length === 1 ? 'grant' : `${grants.length} grants`} to narrow first: what each allows, how far it reaches, and who can act as its holder.`
    : noInventory;
  return {
    id: 'grants',
    title: 'Grants to narrow first',
    tone: review.identities.known ? (grants.length === 0 ? 'good' : 'bad') : 'warning',
    lead,
    blocks: grants.length === 0 ? [] : [{ kind: 'entries', entries: grants.map((grant) => entryOf(grant, review.subscriptions)) }],
  };
}

const noInventory = 'Not known: no audit has stored an inventory of identities yet. The next audit does.';

type Names = Review['subscriptions'];

function entryOf(grant: GrantToNarrow, names: Names): Entry {
  const { identity, actors, actorsTotal, sharedWith } = grant;
  const where = placeOf(grant.scope, names);
  return {
    title: `${identity.name} holds ${grant.role} on ${where}`,
    severity: grant.severity,
    facts: [
      {
        label: 'Identity',
        text: `${identity.name} (${identity.principalId})${sharedWith === 0 ? '' : `, and ${plural(sharedWith, 'more identity', 'more identities')} through the group`}`,
      },
      ...(grant.allows === '' ? [] : [{ label: 'Allows', text: grant.allows }]),
      {
        label: 'Reaches',
        text:
          grant.reach < 0
            ? `${where}; how many resources is not known`
            : `${plural(grant.reach, 'resource')} that the audit saw below ${where}`,
      },
      {
        label: 'Who can act as it',
        text:
          actorsTotal === 0
            ? 'nobody beyond its own hosts was seen'
            : `${actors.map(({ name, principalId, way, role, scope }) => `${name || principalId} (${way}: ${role} on ${placeOf(scope, names)})`).join('; ')}${actorsTotal > actors.length ? `; and ${grouped(actorsTotal - actors.length)} more` : ''}`,
      },
      {
        label: 'Granted',
        text: `${grant.grantedAt === '' ? 'at an unknown time' : day(grant.grantedAt)}${grant.grantedBy === '' ? '' : ` by ${grant.grantedBy}`}${grant.through === '' ? '' : `, through group ${grant.through}`}`,
      },
      { label: 'Question', text: grant.question },
    ],
    step: grant.fix.text,
    command: grant.fix.cli,
  };
}

export function identitiesSection(review: Review): Section {
  const { identities } = review;
  if (!identities.known)
    return { id: 'identities', title: 'Every role of every managed identity', tone: 'warning', lead: noInventory, blocks: [] };
  const questioned = rowsOf(identities.sheets, (holding) => holding.question !== '');
  const scoped = rowsOf(identities.sheets, (holding) => holding.question === '');
  const idle = identities.sheets.filter(({ holdings }) => holdings.length === 0);
  const idleRows = idle.slice(0, rowsMax);
  return {
    id: 'identities',
    title: 'Every role of every managed identity',
    tone: identities.questioned > 0 ? 'warning' : 'good',
    lead: `${plural(identities.total, 'managed identity', 'managed identities')} hold ${plural(identities.holdings, 'role')}. Anything broader than a data role on one resource is questioned: ${grouped(identities.questioned)} of them, on ${plural(identities.identitiesQuestioned, 'identity', 'identities')}.`,
    blocks: [
      {
        kind: 'figures',
        figures: [
          { label: 'System-assigned', value: grouped(identities.systemAssigned), note: '', tone: 'plain' },
          { label: 'User-assigned', value: grouped(identities.userAssigned), note: '', tone: 'plain' },
          {
            label: 'Questioned roles',
            value: grouped(identities.questioned),
            note: `of ${grouped(identities.holdings)}`,
            tone: identities.questioned > 0 ? 'warning' : 'good',
          },
          { label: 'Without any role', value: grouped(identities.withoutRole), note: '', tone: 'plain' },
        ],
      },
      ...(identities.unseen === 0
        ? []
        : [
            text(
              `${plural(identities.unseen, 'identity was', 'identities were')} out of sight in the latest audit: their roles are told as they were last seen.`,
              'warning',
            ),
          ]),
      ...(identities.leftOut === 0
        ? []
        : [
            text(
              `${plural(identities.leftOut, 'role')} of identities with hundreds of them are not kept in the inventory, the least severe ones: az role assignment list --assignee prints all.`,
              'warning',
            ),
          ]),
      ...holdingTable(
        'Roles to question',
        ['Identity', 'Role', 'Where', 'Since', 'Question'],
        questioned,
        identities.questioned,
        review.subscriptions,
        questionedRow,
        15,
      ),
      ...holdingTable(
        'Data roles on one resource: nothing to ask',
        ['Identity', 'Role', 'Where', 'Since'],
        scoped,
        identities.holdings - identities.questioned,
        review.subscriptions,
        scopedRow,
        5,
      ),
      ...(idle.length === 0
        ? []
        : [
            {
              kind: 'table',
              caption: 'Identities without any role',
              columns: columns('Identity', 'Resource', '#Hosts'),
              rows: idleRows.map((sheet): readonly Cell[] => [
                nameCell(sheet),
                placeOf(sheet.resourceId, review.subscriptions),
                String(sheet.hosts),
              ]),
              more: idle.length - idleRows.length,
              moreIn: 'identities',
              folded: idle.length > 10,
            } satisfies Block,
          ]),
    ],
  };
}

interface HoldingRow {
  readonly sheet: ReviewedIdentity;
  readonly holding: ReviewedHolding;
}

/** At most as many as are shown: a tenant holds a hundred thousand. */
function rowsOf(sheets: readonly ReviewedIdentity[], wanted: (holding: ReviewedHolding) => boolean): readonly HoldingRow[] {
  const rows: HoldingRow[] = [];
  for (const sheet of sheets) {
    for (const holding of sheet.holdings) {
      if (rows.length === rowsMax) return rows;
      if (wanted(holding)) rows.push({ sheet, holding });
    }
  }
  return rows;
}

function holdingTable(
  titleOf: string,
  titles: readonly string[],
  rows: readonly HoldingRow[],
  total: number,
  names: Names,
  row: (one: HoldingRow, names: Names) => readonly Cell[],
  openMax: number,
): readonly TableBlock[] {
  const part = (from: number, until: number, words: string): readonly TableBlock[] =>
    rows.length <= from
      ? []
      : [
          {
            kind: 'table',
            caption: words,
            columns: columns(...titles),
            rows: rows.slice(from, until).map((one) => row(one, names)),
            more: until >= rows.length ? total - rows.length : 0,
            moreIn: 'identities',
            folded: from > 0,
          },
        ];
  const caption = `${titleOf} (${grouped(total)})`;
  // The first few are seen at once, the rest when somebody asks.
  return rows.length <= openMax + 5
    ? part(0, rows.length, caption)
    : [...part(0, openMax, `${caption}, the first ${openMax}`), ...part(openMax, rows.length, `${titleOf}: the others`)];
}

const questionedRow = ({ sheet, holding }: HoldingRow, names: Names): readonly Cell[] => [
  nameCell(sheet),
  roleCell(holding),
  placeCell(holding, names),
  sinceCell(holding),
  holding.severity === '' ? holding.question : { kind: 'noted', text: holding.question, note: `${holding.severity} severity` },
];

const scopedRow = ({ sheet, holding }: HoldingRow, names: Names): readonly Cell[] => [
  nameCell(sheet),
  roleCell(holding),
  placeCell(holding, names),
  sinceCell(holding),
];

const nameCell = ({ name, kind, principalId }: ReviewedIdentity): Cell => ({ kind: 'noted', text: name, note: `${kind}, ${principalId}` });
const roleCell = ({ role, conditional, through, plane }: ReviewedHolding): Cell => ({
  kind: 'noted',
  text: role,
  note: [
    `${plane === 'both' ? 'control and data' : plane} plane`,
    ...(conditional ? ['with a condition'] : []),
    ...(through === '' ? [] : [`through group ${through}`]),
  ].join(', '),
});
const placeCell = ({ scope, scopeLevel }: ReviewedHolding, names: Names): Cell => ({
  kind: 'noted',
  text: placeOf(scope, names),
  note: scopeLevel.replace('-', ' '),
});
const sinceCell = ({ grantedAt }: ReviewedHolding): Cell => (grantedAt === '' ? 'not known' : { kind: 'when', text: day(grantedAt) });
