/**
 * Runs in a process of its own: builds Express programs of our own tests out of their texts, many in one process, and
 * asks each of them what it is told to ask. A program's `listen` gives its app to one server for all.
 */
const http = require('node:http');
const Module = require('node:module');

const load = Module.createRequire(__filename);
const packages = { 4: load('express4'), 5: load('express5') };
const cors = load('cors');

/** Packages that are not installed here, reduced to what matters: whether they let a request pass. */
const pass = () => (_request, _response, next) => next();
const STAND_INS = {
  helmet: pass,
  morgan: pass,
  'express-rate-limit': pass,
  passport: {
    authenticate: () => (request, response, next) =>
      request.headers.authorization ? next() : response.status(401).end(),
  },
};

const apps = new Map();
let building = null;
const register = (app) => {
  apps.set(building, app);
};
for (const express of Object.values(packages)) {
  express.application.listen = function () {
    register(this);
  };
}

function build(program) {
  const { id, version, code, env } = program;
  const requireHere = (name) => {
    if (name === 'express') return packages[version];
    if (name === 'cors') return cors;
    if (name === 'http') return { createServer: (app) => ({ listen: () => register(app) }) };
    if (Object.hasOwn(STAND_INS, name)) return STAND_INS[name];
    throw new Error(`no package ${name}`);
  };
  const surroundings = Object.create(process, { env: { value: { ...env } } });
  const quiet = { log() {}, error() {}, warn() {} };
  building = id;
  const run = new Function('require', 'module', 'exports', 'process', 'console', code);
  const module = { exports: {} };
  run(requireHere, module, module.exports, surroundings, quiet);
  if (!apps.has(id)) throw new Error('it does not listen');
}

// What a program throws later is a request that hangs, and no reason to end.
process.on('unhandledRejection', () => {});
process.on('uncaughtException', () => {});
console.error = () => {};

const server = http.createServer((request, response) => {
  const id = request.headers['x-program'];
  delete request.headers['x-program'];
  apps.get(id)(request, response);
});
server.listen(0, '127.0.0.1');

/** So many turns of the loop, this far apart: time in which this process does not run does not count. */
const TURNS = 15;
const TURN = 100;
/** A request that takes longer than this makes room for others while it is waited for. */
const SLOW = 40;
const AT_ONCE = 24;

/** No answer is either the program's doing or that of a busy machine: a second try, on a connection of its own, tells. */
async function ask(agent, id, request) {
  const answer = await askOnce(agent, id, request);
  return answer.hangs ? askOnce(undefined, id, request) : answer;
}

function askOnce(agent, id, { method, path, headers, body }) {
  return new Promise((resolve) => {
    const all = { ...headers, 'x-program': id };
    const sent = http.request(
      { host: '127.0.0.1', port: server.address().port, method, path, headers: all, agent },
      (response) => {
        response.resume();
        response.on('end', () => done({ status: response.statusCode, headers: response.rawHeaders }));
        response.on('error', () => done({ hangs: true }));
      },
    );
    let turns = 0;
    const late = setInterval(() => {
      turns += 1;
      if (turns < TURNS) return;
      done({ hangs: true });
      sent.destroy();
    }, TURN);
    const done = (answer) => {
      clearInterval(late);
      resolve(answer);
    };
    sent.on('error', () => done({ hangs: true }));
    sent.end(body);
  });
}

async function runAll(programs) {
  const agent = new http.Agent({ keepAlive: true });
  const results = [];
  let going = 0;
  const waiting = [];
  const enter = async () => {
    if (going >= AT_ONCE) await new Promise((go) => waiting.push(go));
    going += 1;
  };
  const leave = () => {
    going -= 1;
    waiting.shift()?.();
  };
  for (const program of programs) {
    try {
      build(program);
    } catch (error) {
      results.push({ failed: String(error) });
      continue;
    }
    const answers = [];
    for (const request of program.requests) {
      await enter();
      let inside = true;
      const out = () => {
        if (inside) leave();
        inside = false;
      };
      const slow = setTimeout(out, SLOW);
      answers.push(
        ask(agent, program.id, request).then((answer) => {
          clearTimeout(slow);
          out();
          return answer;
        }),
      );
    }
    results.push({ answers: Promise.all(answers) });
  }
  const all = [];
  for (const result of results) all.push('failed' in result ? result : { answers: await result.answers });
  agent.destroy();
  apps.clear();
  return all;
}

process.on('message', (programs) => {
  runAll(programs).then((results) => process.send(results));
});
process.send('ready');
