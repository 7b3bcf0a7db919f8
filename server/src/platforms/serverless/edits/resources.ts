import type { Edit } from '../../../cors/repair';
import { addLines } from '../../../yaml/edits/entry';
import { edit, indentStep, lineBreak } from '../../../yaml/edits/text';
import { entryOf } from '../../../yaml/tree';
import type { ServiceResources } from '../service/resources';
import type { Service } from '../service/service';

/** Headers for gateway responses: names and values, the values without the quotes that the mapping needs. */
export type ErrorHeaders = readonly (readonly [name: string, value: string])[];

/** The classes of the gateway's own errors. */
export type ErrorClass = 'DEFAULT_4XX' | 'DEFAULT_5XX';

/**
 * Appends a GatewayResponse resource for each class to the service's own resources; undefined where these stand in
 * another file or in a form that cannot be added to.
 */
export function addGatewayResponses(
  service: Service,
  { home }: ServiceResources,
  classes: readonly ErrorClass[],
  headers: ErrorHeaders,
): readonly Edit[] | undefined {
  const { root } = service;
  const step = indentStep(root.source);
  const lines = classes.flatMap((type) => resource(type, headers, step));
  if (home !== undefined) return one(addLines(home, lines));
  if (root.flow || entryOf(root, 'resources') !== undefined) return undefined;
  const { text } = root.source;
  const eol = lineBreak(text);
  const trimmed = text.trimEnd().length;
  const deep = lines.map((line) => `${' '.repeat(2 * step)}${line}`);
  const written = ['', '', 'resources:', `${' '.repeat(step)}Resources:`, ...deep].join(eol);
  return [edit(root.source, trimmed, trimmed, written)];
}

function one(made: Edit | undefined): readonly Edit[] | undefined {
  return made === undefined ? undefined : [made];
}

function resource(type: ErrorClass, headers: ErrorHeaders, step: number): string[] {
  const indent = (depth: number): string => ' '.repeat(depth * step);
  return [
    `GatewayResponse${type === 'DEFAULT_4XX' ? 'Default4XX' : 'Default5XX'}:`,
    `${indent(1)}Type: AWS::ApiGateway::GatewayResponse`,
    `${indent(1)}Properties:`,
    `${indent(2)}RestApiId:`,
    `${indent(3)}Ref: ApiGatewayRestApi`,
    `${indent(2)}ResponseType: ${type}`,
    `${indent(2)}ResponseParameters:`,
    ...headers.map(([name, value]) => `${indent(3)}gatewayresponse.header.${name}: "'${value}'"`),
  ];
}
