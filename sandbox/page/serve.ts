import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { builtPage } from './build.ts';

/** The page as the sandbox server uses it: asked first for each request, and closed at the end. */
export interface Page {
  /** Answers when the path is one of the page's files, and says whether it did. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  close(): Promise<void>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

// Everything the page needs comes from its own origin; only the favicon is a data URI.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'";
const FRAMES = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Builds the page where its sources changed, reads it into memory, and gives back who serves it. */
export async function createPage(): Promise<Page> {
  const files = new Map<string, Buffer>(await builtPage());

  return {
    handle: async (request, response) => {
      const path = pathOf(request);
      const body = files.get(path);
      if (body === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
      response.writeHead(200, {
        'content-type': CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
        'content-length': body.byteLength,
        // Vite puts a hash of the content into the names under assets/.
        'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        'content-security-policy': `${POLICY}; ${FRAMES}`,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
      return true;
    },
    close: async () => files.clear(),
  };
}

const TASK_PATH = /^\/Task\/[\w.-]+$/;

function pathOf(request: IncomingMessage): string {
  const path = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
  // A card's link to the record opens the page on that Task.
  return path === '/' || TASK_PATH.test(path) ? '/index.html' : path;
}
