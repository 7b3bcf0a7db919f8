import type { OriginEntry, OriginPart, OriginTest } from './policy';

/** Which origins an entry lets in, in plain words to stand in a list: "https://a.example", "hosts that end with .a.example". */
export function entryWords(entry: OriginEntry): string {
  switch (entry.kind) {
    case 'any':
      return 'any origin';
    case 'exact':
      // Browsers send origins in lower case: whether case counts makes no difference to them.
      return entry.text;
    case 'match':
      return testWords(entry.test);
    case 'unknown':
      return `others that cannot be told (${entry.reason})`;
  }
}

function testWords(test: OriginTest): string {
  switch (test.kind) {
    case 'all':
      return test.of.map(testWords).join(' and ');
    case 'some':
      return test.of.map(testWords).join(' or ');
    case 'not':
      return `all but ${testWords(test.of)}`;
    case 'unknown':
      return `those that pass a check that cannot be read (${test.reason})`;
    case 'regex':
      return `${those(test.on)} that match /${test.source}/${test.flags}`;
    case 'equals':
      return test.on === undefined || test.on === 'origin' ? test.text : `${those(test.on)} that are ${test.text}`;
    case 'prefix':
      return `${those(test.on)} that start with ${test.text}`;
    case 'suffix':
      return `${those(test.on)} that end with ${test.text}`;
    case 'contains':
      return `${those(test.on)} that contain ${test.text}`;
    case 'inside':
      return `${those(test.on)} that are a piece of "${test.text}"`;
  }
}

function those(part: OriginPart | undefined): string {
  switch (part) {
    case 'host':
      return 'hosts (with port)';
    case 'hostname':
      return 'hosts';
    default:
      return 'origins';
  }
}
