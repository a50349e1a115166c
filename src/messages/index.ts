export { renderCard } from './card/index.ts';
export { renderMail, renderReviewMail } from './mail/index.ts';
export type { Mail, MailAttachment } from './mail.ts';
export type { DigestEntry, DigestMessage, FindingMessage, IncidentMessage, Message, MessageContext, MessageGap } from './message.ts';
