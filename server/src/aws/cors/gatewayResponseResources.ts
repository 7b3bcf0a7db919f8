import { entriesOf, entryOf, type YamlEntry } from '../../yaml/tree';
import { referenceOf } from '../template/functions';
import type { Reader } from '../template/reader';
import type { Resource } from '../template/resources';
import { settingValue } from '../template/values';
import type { GatewayResponse, ResponseParameter } from './gatewayResponses';
import { mappedValue } from './mapping';

const HEADER = 'gatewayresponse.header.';

/**
 * The `AWS::ApiGateway::GatewayResponse` resources among these.
 * @param api the logical id of the API that they are for; any where left out
 */
export function gatewayResponseResources(
  resources: readonly Resource[],
  reader: Reader,
  api: string | undefined,
): GatewayResponse[] {
  return resources.flatMap(({ type, properties, entry }): GatewayResponse[] => {
    if (type !== 'AWS::ApiGateway::GatewayResponse') return [];
    const owner = referenceOf(entryOf(properties, 'RestApiId')?.value);
    if (api !== undefined && owner !== api) return [];
    const parameters = reader.mapAt(properties, 'ResponseParameters');
    return [
      {
        id: entry,
        type: reader.textAt(properties, 'ResponseType') ?? '',
        parameters:
          parameters === undefined
            ? []
            : [...entriesOf(parameters)].flatMap(([key, one]) => readParameter(reader, key, one) ?? []),
      },
    ];
  });
}

function readParameter(reader: Reader, key: string, entry: YamlEntry): ResponseParameter | undefined {
  const value = reader.read(entry.value);
  if (!key.toLowerCase().startsWith(HEADER) || value.kind === 'nothing') return undefined;
  const raw = entry.key.source.text.slice(entry.key.start, entry.key.end);
  return {
    entry,
    name: key.slice(HEADER.length),
    nameStart: entry.key.start + raw.toLowerCase().indexOf(HEADER) + HEADER.length,
    value: settingValue({ entry, value }, (node) => mappedValue(String(node.value ?? ''), node)),
  };
}
