import type { Edit } from '../../cors/repair';
import { deleteItem } from '../../yaml/edits/list';
import { replaceRaw } from '../../yaml/edits/scalar';
import { deref, type YamlList, type YamlNode, type YamlScalar, type YamlValue } from '../../yaml/tree';

/** What a function URL's CORS does not take: https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html */
export interface UrlFault {
  readonly fault: 'url-method' | 'url-count' | 'url-age';
  readonly text: string;
  readonly edits: readonly Edit[] | undefined;
  readonly node: YamlScalar | YamlList;
}

const LONGEST_METHOD = 6;
const MOST_METHODS = 6;
const LONGEST_AGE = 86_400;

/**
 * @param methods what the list of methods comes to, or the one method
 * @param age what the max age comes to
 * @param certain what an item of the list comes to whatever the circumstances
 */
export function urlFaults(
  methods: YamlValue | undefined,
  age: YamlValue | undefined,
  certain: (node: YamlNode) => YamlValue | undefined = deref,
): UrlFault[] {
  const list = methods?.kind === 'list' ? methods : undefined;
  const items = list?.items ?? (methods?.kind === 'scalar' ? [methods] : []);
  const faults = items.flatMap((item, index): UrlFault[] => {
    const node = certain(item);
    if (node?.kind !== 'scalar' || node.tag !== undefined || typeof node.value !== 'string') return [];
    if (node.value.length <= LONGEST_METHOD) return [];
    const edits = list !== undefined && node === item && !node.computed ? deleteItem(list, index) : undefined;
    return [{ fault: 'url-method', text: node.value, edits, node }];
  });
  if (list !== undefined && items.length - faults.length > MOST_METHODS) {
    faults.push({ fault: 'url-count', text: String(items.length), edits: undefined, node: list });
  }
  if (age?.kind === 'scalar' && age.tag === undefined && Number(age.value) > LONGEST_AGE) {
    const edit = replaceRaw(age, String(LONGEST_AGE));
    faults.push({ fault: 'url-age', text: String(age.value), edits: edit && [edit], node: age });
  }
  return faults;
}

/** @param ageKey `MaxAge`, as the file calls it */
export function urlFaultMessage({ fault, text }: Pick<UrlFault, 'fault' | 'text'>, ageKey: string): string {
  switch (fault) {
    case 'url-method':
      return `A function URL takes method names of at most ${LONGEST_METHOD} letters, so the deployment fails with \`${text}\`. ${takeOut(text)}`;
    case 'url-count':
      return `A function URL takes at most ${MOST_METHODS} methods, and here are ${text}: the deployment fails. Write \`'*'\`, or fewer.`;
    case 'url-age':
      return `A function URL takes a \`${ageKey}\` of at most ${LONGEST_AGE} seconds: the deployment fails with ${text}. Browsers keep no longer anyway.`;
  }
}

export function takeOut(method: string): string {
  return method === 'OPTIONS' ? 'Take it out: preflights are answered without it.' : 'Take it out.';
}

export function urlFaultTitle({ fault }: Pick<UrlFault, 'fault'>): string {
  return fault === 'url-age' ? `Write \`${LONGEST_AGE}\`` : 'Take it out';
}
