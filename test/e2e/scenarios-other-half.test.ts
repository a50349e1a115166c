import { watchHalf } from './scenario-table.ts';

watchHalf(1);
