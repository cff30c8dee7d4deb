import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { followClock } from './data/now.ts';
import { stream } from './data/stream.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root to draw into');

stream.start();
// Ages that are wrong for a moment would be read.
await followClock();
createRoot(root).render(<App />);
