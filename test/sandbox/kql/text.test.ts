import { describe, expect, it } from 'vitest';
import { printed } from './harness.ts';

describe('terms', () => {
  it.each([
    ['"failed: AuthorizationFailed" has "authorizationfailed"', true],
    ['"AuthorizationFailed" has "Failed"', false],
    ['"AuthorizationFailed" contains "failed"', true],
    ['"a_b" has "a"', true],
    ['"/subscriptions/12/providers/x" has "providers/x"', true],
    ['"/subscriptions/123" has "subscriptions/12"', false],
    ['"one two" has_cs "One"', false],
    ['"one two" hasprefix "tw"', true],
    ['"one two" hassuffix "wo"', true],
    ['"one two" has_any ("three", "two")', true],
    ['"one two" has_all ("one", "three")', false],
    ['"one" !has "on"', true],
    ['"Abc" startswith "aB"', true],
    ['"Abc" startswith_cs "aB"', false],
    ['"Abc" == "abc"', false],
    ['"Abc" in~ ("ABC")', true],
    ['"Abc" !in ("ABC")', true],
    ['"x-42" matches regex @"^[a-z]-\\d+$"', true],
    ['"x" matches regex "(?i)X"', true],
  ])('%s is %s', (expression, value) => expect(printed(`x = ${expression}`)).toEqual([value]));
});

describe('text functions', () => {
  it.each([
    ['extract(@"role (\\w+)", 1, "the role Reader is")', 'Reader'],
    ['extract(@"(\\d+)", 1, "n=12", typeof(long))', 12],
    ['extract(@"(\\d+)", 1, "none")', ''],
    ['tostring(extract_all(@"(\\d)", "a1b2"))', '["1","2"]'],
    ['tostring(split("a/b/c", "/"))', '["a","b","c"]'],
    ['tostring(split("a/b/c", "/")[8])', ''],
    ['substring("identity", -4)', 'tity'],
    ['substring("identity", 2, 3)', 'ent'],
    ['indexof("abcabc", "c", 3)', 5],
    ['trim(@"\\s+", "  x ")', 'x'],
    ['replace_regex("a1b2", @"([a-z])(\\d)", @"\\2\\1")', '1a2b'],
    ['replace_string("a.b.c", ".", "-")', 'a-b-c'],
    ['strcat("n=", 5, " ", 1.5)', 'n=5 1.5'],
    ['countof("aaa", "aa")', 2],
    ['tostring(parse_url("https://h:8/p?a=1").Host)', 'h'],
    ['base64_decode_tostring("a3Fs")', 'kql'],
    ['hash("World", 100)', 51],
  ])('%s is %s', (expression, value) => expect(printed(`x = ${expression}`)).toEqual([value]));
});
