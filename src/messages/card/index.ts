export { renderCard } from './render-card.ts';
