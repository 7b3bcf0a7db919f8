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
// A busy process may leave a connection idle for long: closed meanwhile, the next request on it would fail.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1');

/**
 * A request that is not answered while this process has been idle for so many turns never is: no program waits longer
 * than a timer of 0. A turn in which the machine or this process is busy with others does not count.
 */
const QUIET_TURNS = 8;
const TURN = 50;
/** A request that takes longer than this many quiet turns makes room for others while it is waited for. */
const SLOW = 1;
const AT_ONCE = 24;

let quietTurns = 0;
let before = performance.eventLoopUtilization();
let startOfTurn = performance.now();
setInterval(() => {
  const now = performance.now();
  const { utilization } = performance.eventLoopUtilization(before);
  if (utilization < 0.5 && now - startOfTurn < 2 * TURN) quietTurns += 1;
  before = performance.eventLoopUtilization();
  startOfTurn = now;
  for (const look of [...waitingForQuiet]) look();
}, TURN).unref();

/** What looks, after each turn, whether it has waited long enough. */
const waitingForQuiet = new Set();

/** Calls back after so many quiet turns, unless what it returns is called before. */
function afterQuiet(turns, then) {
  const due = quietTurns + turns;
  const look = () => {
    if (quietTurns < due) return;
    waitingForQuiet.delete(look);
    then();
  };
  waitingForQuiet.add(look);
  return () => waitingForQuiet.delete(look);
}

/**
 * No answer is the program's doing, or that of a connection that was cut: a second try, on one of its own, tells.
 * `false` is a new connection; without an agent it would be one that Node has kept, which may be cut as well.
 */
async function ask(agent, id, request) {
  const answer = await askOnce(agent, id, request);
  return answer.hangs ? askOnce(false, id, request) : answer;
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
    const stopWaiting = afterQuiet(QUIET_TURNS, () => {
      done({ hangs: true });
      sent.destroy();
    });
    const done = (answer) => {
      stopWaiting();
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
      const notSlow = afterQuiet(SLOW, out);
      answers.push(
        ask(agent, program.id, request).then((answer) => {
          notSlow();
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
