/** The least that any audit does: walks a folder and reads every file as text. Prints how many. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

let files = 0;
let characters = 0;
const pending = [process.argv[2]];
for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) pending.push(path);
    else {
      characters += readFileSync(path, 'utf8').length;
      files++;
    }
  }
}
console.log(JSON.stringify({ files, characters }));
