/** What a POSIX shell makes of one printed line, and whether `az` has such a command and such options. */

/** Splits as a shell would. Anything that a shell would expand, run or redirect outside of single quotes is an error. */
export function argvOf(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (char === "'") {
      const end = line.indexOf("'", at + 1);
      if (end < 0) throw new Error(`unbalanced quote at ${at}: ${line}`);
      word = (word ?? '') + line.slice(at + 1, end);
      at = end;
    } else if (char === '\\') {
      if (line[at + 1] !== "'") throw new Error(`a backslash before something that is no quote at ${at}: ${line}`);
      word = `${word ?? ''}'`;
      at++;
    } else if (char === ' ') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (/[A-Za-z0-9_./:=-]/.test(char)) {
      word = (word ?? '') + char;
    } else {
      throw new Error(`${JSON.stringify(char)} stands outside of quotes at ${at}: ${line}`);
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/**
 * Commands that fixes may print, with the options that az has for them (learn.microsoft.com/cli/azure; Azure CLI 2.45 and later).
 * A rule that prints another one adds it here, after looking it up.
 */
const commands: Readonly<Record<string, readonly string[]>> = {
  'role assignment create': ['assignee-object-id', 'assignee-principal-type', 'role', 'scope', 'condition', 'condition-version'],
  'role assignment delete': ['ids'],
  'role assignment list': ['assignee', 'all', 'scope', 'subscription', 'include-inherited', 'include-groups'],
  'role definition list': ['name', 'custom-role-only', 'scope'],
  'ad group member remove': ['group', 'member-id'],
  'identity delete': ['ids'],
  'identity federated-credential update': ['name', 'identity-name', 'resource-group', 'subscription', 'issuer', 'subject', 'audiences'],
  'identity federated-credential delete': ['name', 'identity-name', 'resource-group', 'subscription', 'yes'],
  'keyvault delete-policy': ['name', 'resource-group', 'subscription', 'object-id', 'application-id'],
  'keyvault set-policy': [
    'name',
    'resource-group',
    'subscription',
    'object-id',
    'key-permissions',
    'secret-permissions',
    'certificate-permissions',
  ],
  'keyvault role assignment create': ['hsm-name', 'role', 'assignee-object-id', 'assignee-principal-type', 'scope'],
  'keyvault update': ['name', 'resource-group', 'subscription', 'enable-rbac-authorization'],
  'lock list': ['resource-group', 'subscription'],
  'policy assignment show': ['name', 'scope'],
  'resource show': ['ids'],
  'account get-access-token': ['resource', 'query'],
  'account show': ['subscription'],
  'group show': ['name', 'subscription'],
  'account tenant list': [],
  'ad group member list': ['group'],
  'ad sp show': ['id'],
  'containerapp identity assign': ['name', 'resource-group', 'subscription', 'user-assigned', 'system-assigned'],
  'containerapp revision restart': ['name', 'resource-group', 'subscription', 'revision'],
  'containerapp update': ['name', 'resource-group', 'subscription', 'set-env-vars'],
  'cosmosdb sql role assignment create': ['account-name', 'resource-group', 'subscription', 'role-definition-id', 'principal-id', 'scope'],
  'cosmosdb sql role assignment list': ['account-name', 'resource-group', 'subscription'],
  'identity federated-credential create': ['name', 'identity-name', 'resource-group', 'subscription', 'issuer', 'subject', 'audiences'],
  'identity federated-credential list': ['identity-name', 'resource-group', 'subscription'],
  'monitor activity-log list': ['resource-id', 'start-time'],
  'sql server ad-admin list': ['server', 'resource-group', 'subscription'],
  'vm identity assign': ['name', 'resource-group', 'subscription', 'identities'],
  'vm restart': ['name', 'resource-group', 'subscription'],
  'vmss identity assign': ['name', 'resource-group', 'subscription', 'identities'],
  'webapp config appsettings set': ['name', 'resource-group', 'subscription', 'settings'],
  'webapp identity assign': ['name', 'resource-group', 'subscription', 'slot', 'identities'],
  'webapp restart': ['name', 'resource-group', 'subscription'],
  rest: ['method', 'url', 'body'],
};

/** Parses the line as shell and az would; returns what each option was given. Throws where either would stumble. */
export function parseAz(line: string): ReadonlyMap<string, readonly string[]> {
  const [az, ...rest] = argvOf(line);
  if (az !== 'az') throw new Error(`not an az line: ${line}`);
  const first = rest.findIndex((word) => word.startsWith('--'));
  const verb = rest.slice(0, first < 0 ? rest.length : first).join(' ');
  const known = commands[verb];
  if (known === undefined) throw new Error(`az has no command "${verb}" that fixes are known to print: ${line}`);
  const options = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const word of rest.slice(first < 0 ? rest.length : first)) {
    if (word.startsWith('--')) {
      const [name = '', ...inline] = word.slice(2).split('=');
      if (!known.includes(name)) throw new Error(`az ${verb} has no option --${name}: ${line}`);
      current = inline.length > 0 ? [inline.join('=')] : [];
      options.set(name, current);
    } else {
      if (current === undefined) throw new Error(`${word} belongs to no option: ${line}`);
      current.push(word);
    }
  }
  const ids = options.get('ids')?.[0];
  // az itself checks these: "invalid ResourceId value". Role assignments it deletes by any id.
  if (ids !== undefined && verb !== 'role assignment delete' && !/^\/subscriptions\/[^/]+\/.*\/providers\//i.test(ids))
    throw new Error(`az takes no such id: ${line}`);
  for (const [name, values] of options) {
    for (const value of values) {
      // `@…` is read as a file by az; control characters hide what a line does.
      if (value.startsWith('@') || /[\p{Cc}\p{Cf}]/u.test(value) || value === '')
        throw new Error(`--${name} is given ${JSON.stringify(value)}: ${line}`);
    }
  }
  return options;
}
