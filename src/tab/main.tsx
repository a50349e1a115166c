import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { placeInHash } from './route-of-hash.ts';
import { isSignInAnswer, passOnSignInAnswer } from './session/sign-in-answer.ts';
import './page.css';

/** MSAL renews a sign-in in a hidden frame that ends up here: that frame only passes the answer on. */
if (isSignInAnswer(window)) await passOnSignInAnswer();
else {
  const linked = placeInHash(location.hash);
  if (linked !== undefined) history.replaceState(null, '', linked);
  const place = document.getElementById('page');
  if (place === null) throw new Error('index.html has no element for the page.');
  createRoot(place).render(<App />);
}
