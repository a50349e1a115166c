import { describe, expect, it } from 'vitest';
import { moment } from '../../src/estate/index.ts';
import { placeName } from '../../src/rules/place-name.ts';
import { estate, guid, managementGroup, mg, resourceGroup, sub, subscription } from '../build/estate.ts';

const tree = estate({
  containers: [
    { ...managementGroup('corp'), name: 'Corporate' },
    subscription('prod', mg('corp'), { name: 'contoso-prod' }),
    subscription('nameless', mg('corp'), { name: '' }),
    resourceGroup('prod', 'rg-app'),
  ],
});

describe('a place in a sentence', () => {
  it.each([
    ['a subscription, by its name', sub('prod'), 'subscription contoso-prod'],
    ['whatever the spelling of its id', sub('prod').toUpperCase(), 'subscription contoso-prod'],
    ['a management group, by its display name', mg('corp'), 'management group Corporate'],
    ['a resource group, as its id has it', `${sub('prod')}/resourceGroups/RG-App`, 'resource group RG-App'],
    ['what lies in a subscription is not called after it', `${sub('prod')}/resourceGroups/rg-app/providers/a/b/vm-1`, 'vm-1'],
    ['a subscription that nobody could read, by its id', sub('unseen'), `subscription ${guid('unseen')}`],
    ['a subscription without a name, by its id', sub('nameless'), `subscription ${guid('nameless')}`],
    ['the root', '/', 'the root of the tenant'],
  ])('%s', (_, scope, words) => {
    expect(placeName({ estate: tree }, scope)).toBe(words);
  });
});

describe('an instant in a sentence', () => {
  it.each([
    ['2026-11-20T14:05:59.400Z', '2026-11-20 14:05 UTC'],
    ['2026-11-20T14:05:59Z', '2026-11-20 14:05 UTC'],
    ['2026-11-20T14:05:59+02:00', '2026-11-20T14:05:59+02:00'],
    ['an unknown date', 'an unknown date'],
    ['', ''],
  ])('%s', (instant, words) => {
    expect(moment(instant)).toBe(words);
  });
});
