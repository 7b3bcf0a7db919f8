import { helper } from './express.mjs';
import { vocabulary } from './random.mjs';

/** Files of an ordinary repository that have nothing to do with CORS: `{ extension, text }`. */
export function otherFile(random) {
  return random.pick(KINDS)(random, vocabulary(random));
}

const KINDS = [script, script, script, typed, typed, component, data, style, prose, pipeline];

function script(random, w) {
  const body = random.times(3, 12, () => `${helper(random, w).join('\n')}\n`);
  const exported = body.map((text) => /function (\w+)/.exec(text)[1]);
  const head = `const ${w.noun()} = require('./${w.noun()}');\n\n`;
  return {
    extension: 'js',
    text: `${head}${body.join('\n')}\nmodule.exports = { ${[...new Set(exported)].join(', ')} };\n`,
  };
}

function typed(random, w) {
  const types = random.times(2, 6, () => {
    const fields = random.times(
      3,
      8,
      (i) => `  readonly ${w.noun()}${i}: ${random.pick(['string', 'number', 'boolean', 'Date'])};`,
    );
    return `export interface ${w.upper(w.noun())}${random.below(99)} {\n${fields.join('\n')}\n}\n`;
  });
  const functions = random.times(2, 8, () => {
    const lines = helper(random, w);
    return `export ${lines
      .slice(1)
      .join('\n')
      .replace('(', '(this: void, ')
      .replace(/, limit = (\d+)/, ': readonly any[], limit = $1')}\n`;
  });
  return { extension: 'ts', text: `${types.join('\n')}\n${functions.join('\n')}` };
}

function component(random, w) {
  const items = random.times(
    4,
    20,
    (i) => `      <li key="${i}" className="${w.noun()}">{props.${w.noun()}} ${w.noun()} ${w.verb()}</li>`,
  );
  const name = w.upper(w.noun());
  return {
    extension: 'jsx',
    text: `import { useState } from 'react';\n\nexport function ${name}(props) {\n  const [open, setOpen] = useState(false);\n  return (\n    <ul onClick={() => setOpen(!open)} hidden={!open}>\n${items.join('\n')}\n    </ul>\n  );\n}\n`,
  };
}

function data(random, w) {
  const entries = random.times(10, 60, (i) => [
    `${w.noun()}${i}`,
    { name: w.noun(), total: random.below(9999), open: random.below(2) === 0 },
  ]);
  return { extension: 'json', text: `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n` };
}

function style(random, w) {
  const rules = random.times(
    10,
    60,
    () => `.${w.noun()}-${w.noun()} {\n  margin: ${random.below(30)}px;\n  color: #${random.below(900) + 100};\n}\n`,
  );
  return { extension: 'css', text: rules.join('\n') };
}

function prose(random, w) {
  const paragraphs = random.times(5, 20, () =>
    random.times(20, 90, () => random.pick([w.noun(), w.verb(), 'the', 'a', 'of', 'and'])).join(' '),
  );
  return { extension: 'md', text: `# ${w.noun()}\n\n${paragraphs.join('\n\n')}\n` };
}

function pipeline(random, w) {
  const steps = random.times(
    5,
    30,
    () =>
      `      - name: ${w.verb()} ${w.noun()}\n        run: npm run ${w.verb()}:${w.noun()} -- --limit ${random.below(99)}`,
  );
  return {
    extension: 'yml',
    text: `name: ${w.noun()}\non: push\njobs:\n  ${w.noun()}:\n    runs-on: ubuntu-latest\n    steps:\n${steps.join('\n')}\n`,
  };
}
