export { renderMail } from './render-mail.ts';
export { renderReviewMail } from './review-mail.ts';
