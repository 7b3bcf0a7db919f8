import type { Place } from '../cors/place';
import type { Finding } from '../lint/types';
import type { Answer } from './explain';

/** More findings about one endpoint than these do not explain anything. */
const MOST_FINDINGS = 5;

/** The place that brought a message about; undefined where the code, played, does not end as the browser says. */
export function blameOf({ agreement, prediction }: Answer): Place | undefined {
  return agreement === 'agrees' ? prediction.blame : undefined;
}

/**
 * The few findings about an answer's endpoint or the place to blame, those at the same step of the standard first.
 * @param findings of the endpoint's file and the one to blame
 */
export function relevantFindings(findings: readonly Finding[], answer: Answer): Finding[] {
  const { endpoint, prediction } = answer;
  const blame = blameOf(answer);
  const rank = ({ exchange, place }: Finding): number => {
    if (exchange !== undefined && exchange.verdict.step === prediction.step && isOf(exchange.call.path)) return 0;
    if (blame !== undefined && overlaps(place, blame)) return 1;
    return exchange !== undefined && isOf(exchange.call.path) ? 2 : 3;
  };
  const isOf = (path: string): boolean => path === endpoint.path;
  return findings
    .map((finding) => ({ finding, rank: rank(finding) }))
    .filter((each) => each.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_FINDINGS)
    .map(({ finding }) => finding);
}

function overlaps(a: Place, b: Place): boolean {
  return a.file === b.file && a.start <= b.end && b.start <= a.end;
}
