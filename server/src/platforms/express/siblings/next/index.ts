import type { Endpoint } from '../../../../cors/endpoint';
import type { Reader, SourceModule } from '../../../../javascript';
import type { Host } from '../../../../lint/types';
import type { CorsSource } from '../../cors/corsOptions';
import { apiEndpoints, apiSources } from './api';
import { configEndpoints } from './configEndpoints';
import { isNextProject, nextFiles } from './files';
import { middlewareEndpoints } from './middlewareEndpoints';
import { projectOf } from './project';
import { routeEndpoints } from './route';

/** What a file has of Next.js. */
export interface NextParts {
  readonly endpoints: readonly Endpoint[];
  readonly sources: readonly CorsSource[];
}

const NONE: NextParts = { endpoints: [], sources: [] };

/** Next.js: the place of a file says what it is, and the configuration and the middleware of the project come before it. */
export function nextParts(reader: Reader, module: SourceModule, host: Host): NextParts {
  const file = nextFiles(module.path).find(({ root }) => isNextProject(module.path, root, host));
  if (file === undefined) return NONE;
  const project = projectOf(reader, module.path, file.root, host);
  switch (file.role) {
    case 'route':
      return { endpoints: routeEndpoints(reader, module, project, file.path), sources: [] };
    case 'api':
      return {
        endpoints: apiEndpoints(reader, module, project, file.path),
        sources: apiSources(reader, module),
      };
    case 'config':
      return { endpoints: configEndpoints(project.config), sources: [] };
    case 'middleware':
      return { endpoints: middlewareEndpoints(reader, module, project), sources: [] };
  }
}
