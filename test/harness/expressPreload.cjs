/**
 * Loaded before a test's Express program: every `listen` gets a free port of 127.0.0.1 instead of its own, the first
 * one is reported to the parent, and an app that never listens is made to.
 */
const http = require('node:http');
const Module = require('node:module');
const net = require('node:net');

let reported = false;
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const callback = args.findLast((argument) => typeof argument === 'function');
  this.once('listening', () => {
    if (reported) return;
    reported = true;
    process.send(this.address().port);
  });
  return listen.call(this, 0, '127.0.0.1', callback);
};

const apps = [];
const load = Module._load;
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  return request === 'express' ? withApps(loaded) : loaded;
};

let wrapped;
function withApps(express) {
  wrapped ??= new Proxy(express, {
    apply: (target, self, args) => {
      const app = Reflect.apply(target, self, args);
      apps.push(app);
      return app;
    },
  });
  return wrapped;
}

// After the main module's own turn, promises included: an app that is nobody's sub-app is the program's.
setTimeout(() => {
  const root = apps.find((app) => app.parent === undefined);
  if (!reported && root !== undefined) http.createServer(root).listen(0);
}, 50);
