import type { Location, NameFile, ReportData } from './data';

/**
 * The report as JSON: the data as it is, with files from the workspace's folder and lines and columns from 1.
 */
export function jsonReport(data: ReportData, name: NameFile): string {
  const place = ({ uri, range }: Location): object => ({
    file: name(uri),
    start: { line: range.start.line + 1, column: range.start.character + 1 },
    end: { line: range.end.line + 1, column: range.end.character + 1 },
  });
  return `${JSON.stringify(data, (_key, value: unknown) => (isLocation(value) ? place(value) : value), 2)}\n`;
}

function isLocation(value: unknown): value is Location {
  return typeof value === 'object' && value !== null && 'uri' in value && 'range' in value;
}
