import { gatewayResponseResources } from '../../../aws/cors/gatewayResponseResources';
import type { GatewayResponse, ResponseParameter } from '../../../aws/cors/gatewayResponses';
import { mappedValue } from '../../../aws/cors/mapping';
import { settingValue } from '../../../aws/template/values';
import type { Template } from '../template';
import type { Layers } from './layers';

/** `GatewayResponses` of an API (its own or of `Globals`), and resources that name it. */
export function samGatewayResponses(settings: Layers, template: Template, api: string): readonly GatewayResponse[] {
  const own = settings.under('GatewayResponses');
  const found =
    own === undefined
      ? []
      : [...own.settings()].map(([type, { entry }]): GatewayResponse => {
          const headers = own.under(type)?.under('ResponseParameters')?.under('Headers');
          return {
            id: entry,
            type,
            parameters:
              headers === undefined
                ? []
                : [...headers.settings()].map(
                    ([name, setting]): ResponseParameter => ({
                      entry: setting.entry,
                      name,
                      nameStart: setting.entry.key.start + (setting.entry.key.style === 'plain' ? 0 : 1),
                      value: settingValue(setting, (node) => mappedValue(String(node.value ?? ''), node)),
                    }),
                  ),
          };
        });
  return [...found, ...gatewayResponseResources(template.resources, settings.reader, api)];
}
