import type { Header } from '../../../cors/http';
import { type Flow, START } from './flow';

/**
 * One flow for all that hold the same. What a layer makes of a flow is remembered by the flow, and many ways through an
 * application, of many routes and requests, come to the same: without this each would be followed to its end anew.
 */
export interface FlowTable {
  /** The first flow that held just what this one does: the same headers, written at the same places, and all else. */
  only(flow: Flow): Flow;
}

export function createFlowTable(): FlowTable {
  const keyOf = keys();
  const flows = new Map<string, Flow>([[keyOf(START), START]]);
  const met = new WeakMap<Flow, Flow>();
  return {
    only(flow) {
      const before = met.get(flow);
      if (before !== undefined) return before;
      const key = keyOf(flow);
      const known = flows.get(key) ?? flow;
      flows.set(key, known);
      met.set(flow, known);
      return known;
    },
  };
}

/** Gives all of a flow as text. Everything in it is plain data. */
function keys(): (flow: Flow) => string {
  const numbers = new Map<string, number>();
  const ofHeaders = new WeakMap<Header, number>();
  const ofLists = new WeakMap<readonly Header[], string>();

  /** A number for all headers that hold the same. */
  function ofHeader(header: Header): number {
    const known = ofHeaders.get(header);
    if (known !== undefined) return known;
    const text = JSON.stringify(header);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    ofHeaders.set(header, number);
    return number;
  }

  function ofList(headers: readonly Header[]): string {
    const known = ofLists.get(headers);
    if (known !== undefined) return known;
    const key = headers.map(ofHeader).join();
    ofLists.set(headers, key);
    return key;
  }

  return ({ headers, overwritten, when, assumes, oneOf, open, status, unsure, handedOn }) => {
    const lost = overwritten.map((one) => [ofHeader(one.lost), ofHeader(one.by)]);
    const ways = oneOf.map((way) => [...way]);
    return `${ofList(headers)} ${JSON.stringify([when, [...assumes], ways, open, status, unsure, handedOn, lost])}`;
  };
}
