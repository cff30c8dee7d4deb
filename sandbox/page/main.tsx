import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { stream } from './data/stream.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root to draw into');

stream.start();
createRoot(root).render(<App />);
