import { describe, expect, it } from 'vitest';
import { printed, rowsOf } from './harness.ts';

describe('nulls', () => {
  it.each([
    ['5 == int(null)', false],
    ['5 != int(null)', true],
    ['int(null) == int(null)', null],
    ['int(null) > 3', null],
    ['int(null) + 1', null],
    ['bool(null) and false', false],
    ['bool(null) and true', null],
    ['bool(null) or true', true],
    ['not(bool(null))', null],
    ['iff(bool(null), "yes", "no")', 'no'],
    ['isnull(int(null))', true],
    ['isempty("")', true],
    ['isnull(todynamic(""))', true],
    ['strlen(tostring(long(null)))', 0],
    ['coalesce(long(null), 7)', 7],
    ['max_of(long(null), 3)', 3],
  ])('%s is %s', (expression, value) => expect(printed(`x = ${expression}`)).toEqual([value]));

  it('keeps a null row in a filter by inequality, and drops it from one by order', () => {
    const data = 'datatable(n:int)[1, int(null), 3]';
    expect(rowsOf(`${data} | where n != 1`)).toEqual([[null], [3]]);
    expect(rowsOf(`${data} | where n > 0`)).toEqual([[1], [3]]);
  });
});

describe('numbers', () => {
  it.each([
    ['7 / 2', 3],
    ['-7 / 2', -3],
    ['7 / 2.0', 3.5],
    ['1 / 0', null],
    ['-14 % 12', 10],
    ['14 % -12', 2],
    ['bin(-3, 5)', -5],
    ['bin(4.9, 0.5)', 4.5],
    ['toint(2.9)', 2],
    ['tolong("x")', null],
    ['tolong("0x1f")', 31],
    ['tobool("false")', false],
    ['round(1.005, 2)', 1],
    ['tohex(-256)', 'ffffffffffffff00'],
  ])('%s is %s', (expression, value) => expect(printed(`x = ${expression}`)).toEqual([value]));

  it('keeps 64 bits and wraps beyond them', () => {
    expect(
      printed('a = tostring(9223372036854775807), b = tostring(9223372036854775807 + 1), c = tostring(3037000500 * 3037000500)'),
    ).toEqual(['9223372036854775807', '-9223372036854775808', '-9223372036709301616']);
  });
});

describe('datetimes', () => {
  it.each([
    ['datetime(2026-03-01T10:00:00.1234567Z)', '2026-03-01T10:00:00.1234567Z'],
    ['todatetime("2026-03-01T10:00:00+02:00")', '2026-03-01T08:00:00Z'],
    ['datetime(2026-03-01) - 1tick', '2026-02-28T23:59:59.9999999Z'],
    ['bin(datetime(2026-03-01T10:07:31.5Z), 5m)', '2026-03-01T10:05:00Z'],
    ['ago(1d)', '2026-11-19T08:00:00Z'],
    ['startofweek(datetime(2026-11-20))', '2026-11-15T00:00:00Z'],
    ['endofmonth(datetime(2024-02-10))', '2024-02-29T23:59:59.9999999Z'],
    ['datetime_add("month", 1, datetime(2026-01-31))', '2026-02-28T00:00:00Z'],
    ['datetime(2026-03-02) - datetime(2026-03-01T01:00:00Z)', '23:00:00'],
    ['1.5d', '1.12:00:00'],
    ['format_datetime(datetime(2026-03-01T15:04:05.678Z), "yyyy-MM-dd hh:mm:ss.fff tt")', '2026-03-01 03:04:05.678 PM'],
    ['datetime_diff("day", datetime(2026-03-02T00:00:00Z), datetime(2026-03-01T23:59:59Z))', 1],
    ['week_of_year(datetime(2026-01-01))', 1],
  ])('%s is %s', (expression, value) => expect(printed(`x = ${expression}`)).toEqual([value]));
});

describe('dynamics', () => {
  it.each([
    ['tostring(dynamic({"a":[1,2.0,"x"]}))', '{"a":[1,2.0,"x"]}'],
    ['tostring(dynamic("x"))', 'x'],
    ['tostring(parse_json("{\\"a\\":{\\"b\\":7}}").a.b)', '7'],
    ['isnull(dynamic({"a":1}).constructor)', true],
    ['tostring(dynamic([1,2,3])[-1])', '3'],
    ['toint(dynamic("42"))', 42],
    ['todatetime(parse_json("\\"2026-03-01T10:00:00Z\\""))', '2026-03-01T10:00:00Z'],
    ['dynamic({"on":true}).on == true', true],
    ['dynamic({"n":5}).n > 4', true],
    ['dynamic({"s":"A"}).s =~ "a"', true],
    ['dynamic(["a","b"]) has "b"', true],
    ['tostring(true)', 'True'],
    ['gettype(dynamic({}))', 'dictionary'],
    ['tostring(parse_json("not json"))', 'not json'],
    ['tostring(parse_json("9007199254740993"))', '9007199254740993'],
  ])('%s is %s', (expression, value) => expect(printed(`x = ${expression}`)).toEqual([value]));
});
