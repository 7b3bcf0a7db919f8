import type { Stack } from '../../aws/endpoints/resource';
import { Reader, type Sections } from '../../aws/template/reader';
import { type Resource, readResources } from '../../aws/template/resources';
import type { Decide } from '../../aws/template/worlds';
import { deref, entryOf, type YamlMap, type YamlNode } from '../../yaml/tree';

/** A template as it stands. */
export interface Template extends Stack {
  readonly root: YamlMap;
  /** The `Globals` of SAM for a kind of resource: `Function`, `Api`, `HttpApi`. */
  globals(kind: string): YamlMap | undefined;
}

export const PLATFORM = 'cloudformation';

/** Undefined for a root that is no map. */
export function readTemplate(node: YamlNode | undefined): Template | undefined {
  const root = deref(node);
  if (root?.kind !== 'map') return undefined;
  const section = (name: string): YamlMap | undefined => asMap(entryOf(root, name)?.value);
  const sections: Sections = {
    parameters: section('Parameters'),
    mappings: section('Mappings'),
    conditions: section('Conditions'),
  };
  const globals = section('Globals');
  const resources: readonly Resource[] = readResources(section('Resources'));
  return {
    root,
    platform: PLATFORM,
    file: root.source.file,
    resources,
    reader: (decide: Decide) => new Reader(sections, decide),
    globals: (kind) => asMap(entryOf(globals, kind)?.value),
  };
}

function asMap(node: YamlNode | undefined): YamlMap | undefined {
  const value = deref(node);
  return value?.kind === 'map' ? value : undefined;
}
