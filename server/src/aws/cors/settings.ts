import { entryPlace, placeOf } from '../../yaml/places';
import type { YamlNode } from '../../yaml/tree';
import type { Reader, Setting } from '../template/reader';
import { isTrue, itemsOf, settingValue, unknownValue } from '../template/values';
import type { HttpCorsSettings, ListSetting, SingleSetting } from './httpCors';

/** A list under a key; undefined where the key is not there. */
export function listSetting(reader: Reader, node: YamlNode | undefined, key: string): ListSetting | undefined {
  const setting = reader.setting(node, key);
  return setting === undefined ? undefined : asList(reader, setting);
}

export function asList(reader: Reader, setting: Setting): ListSetting {
  const { entry } = setting;
  return { items: itemsOf(reader, setting), place: entryPlace(entry), at: placeOf(entry.value) };
}

export function singleSetting(reader: Reader, node: YamlNode | undefined, key: string): SingleSetting | undefined {
  const setting = reader.setting(node, key);
  return setting === undefined ? undefined : asSingle(setting);
}

export function asSingle(setting: Setting): SingleSetting {
  return { value: settingValue(setting), place: entryPlace(setting.entry) };
}

/** `Access-Control-Allow-Credentials` of a boolean: no header for `false`, a value that is unknown where it is. */
export function credentialsSetting(setting: Setting | undefined): SingleSetting | undefined {
  const is = isTrue(setting);
  if (setting === undefined || is === false) return undefined;
  const { entry } = setting;
  const place = entryPlace(entry);
  if (is === undefined) return { value: unknownValue('it is known at deployment', entry.value), place };
  return { value: { kind: 'literal', text: 'true', place: placeOf(entry.value) }, place };
}

/** What finds a key of a block, wherever it was written. */
export type Find = (key: string) => Setting | undefined;

/** The keys that `AWS::ApiGatewayV2::Api`, `AWS::Lambda::Url` and their SAM counterparts share. */
export function httpCorsSettings(
  reader: Reader,
  find: Find,
  { layer, place }: Pick<HttpCorsSettings, 'layer' | 'place'>,
): HttpCorsSettings {
  const list = (key: string): ListSetting | undefined => {
    const setting = find(key);
    return setting && asList(reader, setting);
  };
  const age = find('MaxAge');
  return {
    layer,
    place,
    origins: list('AllowOrigins'),
    methods: list('AllowMethods'),
    headers: list('AllowHeaders'),
    expose: list('ExposeHeaders'),
    credentials: credentialsSetting(find('AllowCredentials')),
    maxAge: age && asSingle(age),
  };
}
