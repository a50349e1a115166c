import { describe, expect, it } from 'vitest';
import { parseCondition } from '../../src/access/condition-text.ts';
import { openConditions } from '../../src/access/conditions.ts';
import { builtInRoles } from '../../src/access/index.ts';
import { resourceKey } from '../../src/estate/index.ts';
import { blobDataReader, keyVaultSecretsUser, owner, sub } from '../build/estate.ts';

const grant = 'Microsoft.Authorization/roleAssignments/write';
const attribute = '@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]';
const unless = (test: string, action = grant): string => `((!(ActionMatches{'${action}'})) OR (${test}))`;
const readBlob = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read';
const containerName = '@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name]';
const container = (name: string): string =>
  `${sub('prod')}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/${name}`;

const effectOf = (text: string, action = grant, on?: string) =>
  openConditions()([text], { action: action.toLowerCase(), on: on === undefined ? undefined : resourceKey(on) });

describe('conditions on granting roles', () => {
  it.each([
    [
      'an allow-list',
      unless(`${attribute} ForAnyOfAnyValues:GuidEquals {${blobDataReader}, ${keyVaultSecretsUser}}`),
      'allow-list',
      [blobDataReader, keyVaultSecretsUser],
    ],
    [
      'GUIDs without dashes',
      unless(`${attribute} ForAnyOfAnyValues:GuidEquals{${blobDataReader.replaceAll('-', '').toUpperCase()}}`),
      'allow-list',
      [blobDataReader],
    ],
    ['a deny-list', unless(`${attribute} ForAnyOfAllValues:GuidNotEquals {${owner}}`), 'deny-list', [owner]],
    ['a deny-list written as a negation', unless(`NOT (${attribute} ForAnyOfAnyValues:GuidEquals {${owner}})`), 'deny-list', [owner]],
    [
      'an allow-list written as a double negation',
      unless(`!(!(${attribute} GuidEquals ${blobDataReader}))`),
      'allow-list',
      [blobDataReader],
    ],
    [
      'an allow-list with a constraint on the principal type',
      unless(
        `${attribute} ForAnyOfAnyValues:GuidEquals {${blobDataReader}} AND @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEqualsIgnoreCase 'ServicePrincipal'`,
      ),
      'allow-list',
      [blobDataReader],
    ],
    [
      'an allow-list minus a deny-list',
      unless(
        `${attribute} ForAnyOfAnyValues:GuidEquals {${blobDataReader}, ${owner}} && ${attribute} ForAnyOfAllValues:GuidNotEquals {${owner}}`,
      ),
      'allow-list',
      [blobDataReader],
    ],
    [
      'lower-case keywords and odd spaces',
      `( ( !( actionmatches{ '${grant}' } ) ) or ( ${attribute}\n forAnyOfAnyValues:guidEquals\t{ ${blobDataReader} } ) )`,
      'allow-list',
      [blobDataReader],
    ],
  ])('%s', (_, text, kind, roles) => {
    expect(effectOf(text)).toMatchObject({ kind, roles });
  });

  it.each([
    [
      'only the type of principal is constrained',
      unless("@Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEquals 'ServicePrincipal'"),
    ],
    [
      'an allow-list that a principal type opens',
      unless(
        `${attribute} ForAnyOfAnyValues:GuidEquals {${blobDataReader}} OR @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEquals 'User'`,
      ),
    ],
    [
      'a negated conjunction, whose roles say nothing',
      unless(`!(${attribute} ForAnyOfAnyValues:GuidNotEquals {${owner}, ${blobDataReader}})`),
    ],
  ])('no list of roles: %s', (_, text) => {
    expect(effectOf(text).kind).toBe('attributes');
  });

  it('does not concern other operations', () => {
    const text = unless(`${attribute} ForAnyOfAnyValues:GuidEquals {${blobDataReader}}`);
    expect(effectOf(text, 'Microsoft.Authorization/roleDefinitions/write').kind).toBe('not-applicable');
    expect(effectOf(text, 'Microsoft.Authorization/roleAssignments/delete').kind).toBe('not-applicable');
  });

  it('joins the condition of a role with that of its assignment', () => {
    const both = openConditions()(
      [
        unless(`${attribute} ForAnyOfAnyValues:GuidEquals {${blobDataReader}, ${owner}}`),
        undefined,
        unless(`${attribute} ForAnyOfAnyValues:GuidEquals {${blobDataReader}}`),
      ],
      { action: grant.toLowerCase() },
    );
    expect(both).toMatchObject({ kind: 'allow-list', roles: [blobDataReader] });
  });

  it('understands every condition of the built-in roles', () => {
    const texts = builtInRoles().flatMap(({ blocks }) => blocks.flatMap(({ condition }) => condition ?? []));
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.filter((text) => parseCondition(text) === undefined)).toEqual([]);
  });
});

describe('conditions on data', () => {
  const named = unless(`${containerName} StringEquals 'logs'`, readBlob);
  it.each([
    ['the container asked for', named, container('logs'), 'not-applicable'],
    ['another container', named, container('secrets'), 'never'],
    ['a container whose name only begins like it', named, container('logs-archive'), 'never'],
    [
      'the account, whose containers are not told apart',
      named,
      `${sub('prod')}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st`,
      'attributes',
    ],
    [
      'a list of containers',
      unless(`${containerName} ForAnyOfAnyValues:StringEquals {'logs', 'more'}`, readBlob),
      container('more'),
      'not-applicable',
    ],
    [
      'a path',
      unless("@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringLike 'readonly/*'", readBlob),
      container('logs'),
      'attributes',
    ],
    [
      'a tag',
      unless(
        "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags:Project<$key_case_sensitive$>] StringEquals 'Cascade'",
        readBlob,
      ),
      container('logs'),
      'attributes',
    ],
    [
      'a sub-operation',
      `((!(ActionMatches{'${readBlob}'} AND NOT SubOperationMatches{'Blob.List'})) OR (${containerName} StringEquals 'logs'))`,
      container('x'),
      'attributes',
    ],
    ['the environment', unless('@Environment[isPrivateLink] BoolEquals true', readBlob), container('logs'), 'attributes'],
    [
      'an attribute of the principal',
      unless('@Principal[Microsoft.Directory/CustomSecurityAttributes/Id:Eng_Project] StringEquals @Resource[a:b]', readBlob),
      container('logs'),
      'attributes',
    ],
    [
      'an existing attribute',
      unless('Exists @Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix]', readBlob),
      container('logs'),
      'attributes',
    ],
    [
      'a dead end',
      `${unless(`${containerName} StringEquals 'a'`, readBlob)} AND ${unless(`${containerName} StringEquals 'b'`, readBlob)}`,
      container('a'),
      'never',
    ],
  ])('%s', (_, text, on, kind) => {
    expect(effectOf(text, readBlob, on).kind).toBe(kind);
  });
});

describe('conditions that are not understood', () => {
  it.each([
    ['half a condition', "((!(ActionMatches{'a/b/write'}))"],
    ['an operator of tomorrow', unless("@Request[a:b] QuantumEquals 'x'")],
    ['a function of tomorrow', "!(ActionMatches{'a'}) OR Holds{'x'}"],
    ['words after the end', `${unless(`${attribute} GuidEquals ${owner}`)} whatever`],
    ['an open string', "ActionMatches{'a"],
    ['nothing to compare with', '@Request[a:b] StringEquals'],
    ['an empty list', '@Request[a:b] ForAnyOfAnyValues:StringEquals {}'],
    ['hostile nesting', `${'('.repeat(5000)}ActionMatches{'a'}${')'.repeat(5000)}`],
    ['hostile negation', `${'!'.repeat(9000)}ActionMatches{'a'}`],
    ['hostile length', `ActionMatches{'${'a'.repeat(20_000)}'}`],
  ])('%s narrows nothing and says so', (_, text) => {
    expect(effectOf(text)).toEqual({ kind: 'not-understood', text });
  });

  it('blank is no condition', () => {
    expect(effectOf('  ')).toEqual({ kind: 'none' });
  });
});
