/** Every built-in function the evaluator knows. A function that is not listed is refused by name. */
import { ARRAYS } from './arrays.ts';
import { BAGS } from './bags.ts';
import { BINS } from './bins.ts';
import { CALENDAR } from './calendar.ts';
import { CONVERSION } from './conversion.ts';
import { ENCODING } from './encoding.ts';
import { NETWORK } from './network.ts';
import { NUMBERS } from './numbers.ts';
import { REGEX_TEXT } from './regex-text.ts';
import { TEXT } from './text.ts';
import { TIME_FORMAT } from './time-format.ts';
import { HASH } from './hash.ts';
import { PATHS } from './paths.ts';
import { SERIES } from './series.ts';
import { WINDOW } from './window.ts';
import type { Builtins } from './define.ts';

export const BUILTINS: Builtins = {
  ...TEXT,
  ...REGEX_TEXT,
  ...CONVERSION,
  ...NUMBERS,
  ...CALENDAR,
  ...TIME_FORMAT,
  ...BINS,
  ...ARRAYS,
  ...BAGS,
  ...WINDOW,
  ...ENCODING,
  ...NETWORK,
  ...HASH,
  ...PATHS,
  ...SERIES,
};
