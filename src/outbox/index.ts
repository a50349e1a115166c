export { purposes, type Channel, type ChannelFilter, type Purpose, type QuietHours } from './channel.ts';
export { noticeEvents, type Notice, type NoticeEvent } from './notice.ts';
