import { startServer, stopServer } from '../client.mjs';
import { interleave, usageOf } from '../measure.mjs';
import { compare } from '../statistics.mjs';

/** Spawn → `initialize` answered, over a server that does nothing else. Also the memory of our idle server, in bytes. */
export async function serverStart({ server, bareServer, folders, rounds, onRound }) {
  const once = (script, idle) => async () => {
    const running = await startServer(script, folders.keystroke);
    if (idle) await new Promise((resolve) => setTimeout(resolve, 300));
    const usage = await usageOf(running.child);
    await stopServer(running);
    return { wall: running.wall, ...usage };
  };
  const pairs = await interleave(rounds, once(server, false), once(bareServer, false), onRound);
  const idle = await once(server, true)();
  return { wall: compare(pairs, 'wall'), cpu: compare(pairs, 'cpu'), idle: idle.rss };
}
