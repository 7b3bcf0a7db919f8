/**
 * Loaded into every measured process (`node --require`): tells what it used, on the channel when asked, and in the file
 * that CORS_LINT_BENCH_USAGE names when it ends.
 */
const { writeFileSync } = require('node:fs');

const used = () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { cpu: (userCPUTime + systemCPUTime) / 1000, peak: maxRSS * 1024, rss: process.memoryUsage.rss() };
};

const file = process.env.CORS_LINT_BENCH_USAGE;
if (file !== undefined) process.on('exit', () => writeFileSync(file, JSON.stringify(used())));

if (process.channel !== undefined) {
  process.on('message', (message) => {
    if (message === 'usage') process.send(used());
  });
  process.channel.unref();
}
