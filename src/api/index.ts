/** The HTTP API as a function from request to answer (docs/api.md). */
export { answerRequest } from './answer-request.ts';
export type { ApiSettings, ApiStore, Dependencies } from './dependencies.ts';
export { limiter, type Limiter } from './http/limiter.ts';
export { type PageFile, type PageFiles } from './pages.ts';
export { routes } from './routes/index.ts';
