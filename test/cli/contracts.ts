import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { expect } from 'vitest';
import { projectRoot } from '../harness/require';

interface Position {
  readonly line: number;
  readonly column: number;
}

interface RangeJson {
  readonly start: Position;
  readonly end: Position;
}

/** As schemas/report.schema.json has it, in the parts that tests look at. */
export interface ReportJson {
  readonly version: 1;
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly file: string;
    readonly range: RangeJson;
    readonly message: string;
    readonly evidence: { readonly verdict: string; readonly step: string } | null;
    readonly related: readonly { readonly file: string }[];
    readonly fixes: readonly {
      readonly title: string;
      readonly preferred: boolean;
      readonly edits: readonly { readonly file: string; readonly range: RangeJson; readonly text: string }[];
    }[];
  }[];
  readonly files: {
    readonly seen: number;
    readonly analysed: number;
    readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  };
  readonly endpoints?: readonly {
    readonly platform: string;
    readonly label: string;
    readonly path: string;
    readonly methods: readonly string[] | null;
    readonly file: string;
    readonly range: RangeJson;
    readonly policy: readonly { readonly key: string; readonly words: string }[];
  }[];
  readonly links?: readonly {
    readonly from: string;
    readonly address: string;
    readonly to: { readonly file: string; readonly range: RangeJson };
    readonly sureness: string;
    readonly when: string | null;
  }[];
}

/** As schemas/explain.schema.json has it, in the parts that tests look at. */
export interface ExplainJson {
  readonly version: 1;
  readonly explained: readonly {
    readonly message: { readonly browser: string; readonly reason: string; readonly isPreflight: boolean };
    readonly meaning: string;
    readonly endpoints: readonly {
      readonly label: string;
      readonly file: string;
      readonly sureness: string;
      readonly agreement: string;
      readonly blame: { readonly file: string; readonly range: RangeJson } | null;
      readonly findings: readonly { readonly rule: string; readonly file: string }[];
    }[];
    readonly advice: readonly string[];
    readonly rule: string | null;
  }[];
}

interface ResponseJson {
  readonly status: number | null;
  readonly headers: readonly {
    readonly name: string;
    readonly value: string | null;
    readonly known: boolean;
    readonly file: string;
    readonly line: number;
  }[];
}

/** As schemas/try.schema.json has it. */
export interface TryJson {
  readonly endpoint: string | null;
  readonly preflight: ResponseJson | null;
  readonly response: ResponseJson | null;
  readonly verdict: 'allowed' | 'blocked' | 'unknown';
  readonly step: string;
  readonly reason: string;
}

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
const schema = (name: string): object =>
  JSON.parse(readFileSync(join(projectRoot, 'schemas', `${name}.schema.json`), 'utf8'));
const isTry = ajv.compile<TryJson>(schema('try'));
const isReport = ajv.compile<ReportJson>(schema('report'));
const isExplain = ajv.compile<ExplainJson>(schema('explain'));

/** Holds the text to schemas/report.schema.json. */
export function checkReport(text: string): ReportJson {
  return check(isReport, text);
}

/** Holds the text to schemas/try.schema.json. */
export function checkTry(text: string): TryJson {
  return check(isTry, text);
}

/** Holds the text to schemas/explain.schema.json. */
export function checkExplain(text: string): ExplainJson {
  return check(isExplain, text);
}

function check<T>(validate: ValidateFunction<T>, text: string): T {
  expect(text.endsWith('}\n'), text.slice(0, 500)).toBe(true);
  const value: unknown = JSON.parse(text);
  if (!validate(value)) throw new Error(`The output breaks its contract: ${ajv.errorsText(validate.errors)}`);
  return value;
}
