import { writeFileSync } from 'node:fs';
import { FHIR_MANIFESTS } from './resources.ts';

/* `npm run manifests`: a test holds the files against the code. */
for (const [name, resource] of Object.entries(FHIR_MANIFESTS)) {
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(resource, null, 2)}\n`);
}
