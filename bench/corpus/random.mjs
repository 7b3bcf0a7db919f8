/** A source of numbers that is the same for the same seed on every machine (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  const pick = (list) => list[below(list.length)];
  const times = (low, high, make) => Array.from({ length: low + below(high - low + 1) }, (_, i) => make(i));
  return { next, below, pick, times };
}

const NOUNS =
  'account basket batch booking branch brand budget campaign card catalogue channel claim client comment company contact coupon course customer device discount document draft event feature feed file filter folder group guest history image invoice item job label ledger letter licence link list member message model note notice order page partner payment person photo plan price product profile project quote rating receipt refund region report review role room route rule sale schedule seat segment session shift shipment shop site slot stock store task team ticket token topic track trip unit user video visit voucher wallet ward zone'.split(
    ' ',
  );
const VERBS =
  'add apply build check clear close copy count create delete draw fetch fill find load make mark merge move open pack parse pick plan print read remove rename save scan send show sort split start stop store sync trim update watch write'.split(
    ' ',
  );

/** Words for made-up code: `noun`, `verb`, `name` (camel case) and `host`. */
export function vocabulary(random) {
  const noun = () => random.pick(NOUNS);
  const verb = () => random.pick(VERBS);
  const upper = (word) => word[0].toUpperCase() + word.slice(1);
  return {
    noun,
    verb,
    upper,
    name: () => verb() + upper(noun()),
    host: () => `${noun()}.${random.pick(['example.com', 'example.org', 'example.net'])}`,
  };
}
