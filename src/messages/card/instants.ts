import { shown } from './foreign-text.ts';

/** `2026-11-20 04:50 UTC` */
export function instant(at: string): string {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? shown(at, 40) : `${iso(ms).slice(0, 10)} ${iso(ms).slice(11, 16)} UTC`;
}

/** `04:50 UTC` today, `19 Nov 04:50 UTC` otherwise. */
export function shortInstant(at: string, now: string): string {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return shown(at, 40);
  const time = `${iso(ms).slice(11, 16)} UTC`;
  const today = now.slice(0, 10) === iso(ms).slice(0, 10);
  if (today) return time;
  const day = `${Number(iso(ms).slice(8, 10))} ${months[Number(iso(ms).slice(5, 7)) - 1]}`;
  return now.slice(0, 4) === iso(ms).slice(0, 4) ? `${day} ${time}` : `${day} ${iso(ms).slice(0, 4)} ${time}`;
}

/** `3 h 10 min ago`; empty where one of the two is no instant or it lies ahead. */
export function ago(at: string, now: string): string {
  const text = span(at, now);
  if (text === '') return '';
  return text === atOnce ? 'just now' : `${text} ago`;
}

/** `3 h 10 min` */
export function span(from: string, to: string): string {
  const minutes = Math.floor((Date.parse(to) - Date.parse(from)) / 60_000);
  if (Number.isNaN(minutes) || minutes < 0) return '';
  if (minutes < 1) return atOnce;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return days < 7 && hours % 24 !== 0 ? `${days} d ${hours % 24} h` : `${days} ${days === 1 ? 'day' : 'days'}`;
}

const atOnce = 'less than a minute';
const iso = (ms: number): string => new Date(ms).toISOString();
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
