import { describe, expect, it } from 'vitest';
import { runKql, toObjects } from '../../../src/sandbox/kql/index.ts';
import { NOW, columnsOf, rowsOf, table } from './harness.ts';

const LEFT =
  'let L = datatable(k:string, a:long)["x",1, "y",2, "y",3, "z",4]; let R = datatable(k:string, b:long)["y",20, "z",30, "z",31, "w",40];';

describe('join kinds', () => {
  it.each([
    [
      'innerunique',
      [
        ['y', 2, 'y', 20],
        ['z', 4, 'z', 30],
        ['z', 4, 'z', 31],
      ],
    ],
    [
      'inner',
      [
        ['y', 2, 'y', 20],
        ['y', 3, 'y', 20],
        ['z', 4, 'z', 30],
        ['z', 4, 'z', 31],
      ],
    ],
    [
      'leftouter',
      [
        ['x', 1, '', null],
        ['y', 2, 'y', 20],
        ['y', 3, 'y', 20],
        ['z', 4, 'z', 30],
        ['z', 4, 'z', 31],
      ],
    ],
    [
      'rightouter',
      [
        ['y', 2, 'y', 20],
        ['y', 3, 'y', 20],
        ['z', 4, 'z', 30],
        ['z', 4, 'z', 31],
        ['', null, 'w', 40],
      ],
    ],
    [
      'leftsemi',
      [
        ['y', 2],
        ['y', 3],
        ['z', 4],
      ],
    ],
    ['leftanti', [['x', 1]]],
    [
      'rightsemi',
      [
        ['y', 20],
        ['z', 30],
        ['z', 31],
      ],
    ],
    ['rightanti', [['w', 40]]],
  ])('%s', (kind, rows) => expect(rowsOf(`${LEFT} L | join kind=${kind} R on k`)).toEqual(rows));

  it('finds rows that pass a later filter on the left side of innerunique', () => {
    expect(rowsOf(`${LEFT} L | join R on k | where a == 3`)).toEqual([['y', 3, 'y', 20]]);
  });

  it('joins columns of different names', () => {
    expect(rowsOf(`${LEFT} L | join kind=inner (R | project id=k, b) on $left.k == $right.id | project a, b | where b == 20`)).toEqual([
      [2, 20],
      [3, 20],
    ]);
  });

  it('looks up without repeating the key', () => {
    expect(columnsOf(`${LEFT} L | lookup R on k`)).toEqual(['k', 'a', 'b']);
  });
});

describe('names of columns nobody named', () => {
  it.each([
    ['t | summarize count(), avg(n), dcount(s), make_list(s), countif(n > 1)', ['count_', 'avg_n', 'dcount_s', 'list_s', 'countif_']],
    ['t | project d.a.b, d["x"], n + 1, tostring(d.z)', ['d_a_b', 'd_x', 'Column1', 'd_z']],
    ['t | summarize arg_max(n, *) by s', ['s', 'n', 'd']],
    ['t | summarize n = max(n) by bin(when, 1h), s', ['when', 's', 'n']],
  ])('%s', (query, names) => {
    const t = table('t', { s: 'string', n: 'long', d: 'dynamic', when: 'datetime' }, []);
    expect(columnsOf(query.includes('arg_max') ? query.replace('t |', 't | project s, n, d |') : query, [t])).toEqual(names);
  });
});

describe('operators over rows', () => {
  const people = table('people', { name: 'string', team: 'string', age: 'int', tags: 'dynamic' }, [
    { name: 'Ada', team: 'a', age: 36, tags: ['x', 'y'] },
    { name: 'Bob', team: 'b', age: null, tags: [] },
    { name: 'Cy', team: 'a', age: 50, tags: { k: 1 } },
    { name: 'Di', team: 'b', age: 28 },
  ]);
  it.each([
    ['people | sort by age asc | project name', [['Bob'], ['Di'], ['Ada'], ['Cy']]],
    ['people | sort by age | project name', [['Cy'], ['Ada'], ['Di'], ['Bob']]],
    ['people | top 1 by age asc nulls last | project name', [['Di']]],
    [
      'people | summarize sum(age), max(name) by team',
      [
        ['a', 86, 'Cy'],
        ['b', 28, 'Di'],
      ],
    ],
    [
      'people | mv-expand tags | project name, tags',
      [
        ['Ada', 'x'],
        ['Ada', 'y'],
        ['Cy', '{"k":1}'],
        ['Di', null],
      ],
    ],
    [
      'people | mv-expand with_itemindex=i tag = tags limit 1 | project name, i, tostring(tag)',
      [
        ['Ada', 0, 'x'],
        ['Cy', 0, '{"k":1}'],
        ['Di', 0, ''],
      ],
    ],
    ['people | where name in ((people | where team == "b" | project name)) | count', [[2]]],
    ['people | extend oldest = toscalar(people | summarize max(age)) | where age == oldest | project name', [['Cy']]],
    [
      'people | summarize arg_max(age, name) by team',
      [
        ['a', 50, 'Cy'],
        ['b', 28, 'Di'],
      ],
    ],
    ['people | sort by name asc | extend n = row_number(), before = prev(name) | where n == 2 | project before', [['Ada']]],
    ['let older = (t:(age:int), than:int = 30) { t | where age > than }; older(people) | count', [[2]]],
    ['let twice = (x:int) { x * 2 }; people | where twice(age) > 90 | project name', [['Cy']]],
    ['people | summarize make_set(team)', [['["a","b"]']]],
    ['people | where isnotempty(column_ifexists("nope", "")) | count', [[0]]],
    ['people | distinct team', [['a'], ['b']]],
    ['people | project bag_pack("n", name, "a", age) | take 1', [['{"n":"Ada","a":36}']]],
    [
      'people | where age > 30 | as old | project-away tags, t*',
      [
        ['Ada', 36],
        ['Cy', 50],
      ],
    ],
    ['people | project s = strcat(name, "=", age) | parse s with who "=" years:int | where years > 40 | project who', [['Cy']]],
    ['people | evaluate bag_unpack(tags) | where isnotnull(k) | project name, k', [['Cy', 1]]],
    ['people | extend age = tolong(age) | make-series n = count() on age from 20 to 60 step 20', [['[2,1]', '[20,40]']]],
  ])('%s', (query, rows) => expect(rowsOf(query, [people])).toEqual(rows));

  it('gives Resource Graph its dynamic values as JSON', () => {
    const result = runKql('PEOPLE | where name == "Cy"', { tables: [people], now: NOW, caseInsensitiveTables: true });
    expect(toObjects(result)).toEqual([{ name: 'Cy', team: 'a', age: 50, tags: { k: 1 } }]);
  });
});

describe('Log Analytics habits', () => {
  const logs = table('Logs', { TimeGenerated: 'datetime', Claims: 'string', Caller: 'string' }, [
    { TimeGenerated: '2026-11-20T07:01:00.1234567Z', Claims: '{"oid":"one"}', Caller: 'x', _IngestionTime: '2026-11-20T07:03:00Z' },
    { TimeGenerated: '2026-11-20T07:02:00Z', Claims: '{"oid":"one"}', Caller: 'y', _IngestionTime: '2026-11-20T07:40:00Z' },
    { TimeGenerated: '2026-11-10T07:02:00Z', Claims: '', Caller: 'z' },
  ]);

  it('reads ingestion_time() of a hidden column, also through extend and union', () => {
    expect(rowsOf('Logs | where TimeGenerated > ago(1d) | extend late = ingestion_time() - TimeGenerated | project late', [logs])).toEqual([
      ['00:01:59.8765433'],
      ['00:38:00'],
    ]);
    expect(
      rowsOf('union Logs, (Logs | take 0) | where ingestion_time() > datetime(2026-11-20T07:30:00Z) | project Caller', [logs]),
    ).toEqual([['y']]);
    expect(columnsOf('Logs | where isnotnull(ingestion_time())', [logs])).toEqual(['TimeGenerated', 'Claims', 'Caller']);
  });

  it('goes on without the tables a fuzzy union cannot find', () => {
    const query = `let since = datetime(2026-11-19);
      union isfuzzy=true AZKVAuditLogs, (AzureDiagnostics | where Category == "AuditEvent"), Logs
      | where TimeGenerated > since
      | extend oid = tostring(coalesce(tostring(column_ifexists("identity_claim_oid_g", "")), tostring(parse_json(Claims).oid)))
      | summarize Count = count() by bin(TimeGenerated, 5m), oid`;
    expect(rowsOf(query, [logs])).toEqual([['2026-11-20T07:00:00Z', 'one', 2]]);
  });

  it('names the legs of a union', () => {
    expect(rowsOf('union withsource=T Logs, (Logs | take 1) | summarize count() by T', [logs])).toEqual([
      ['Logs', 3],
      ['union_arg1', 1],
    ]);
  });
});
