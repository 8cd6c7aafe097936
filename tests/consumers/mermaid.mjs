// Has mermaid itself parse every diagram of Markdown files: node mermaid.mjs FILE-OR-FOLDER…
// Exit code 1 where it refuses one, or where a file has a diagram for which it has no room.
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';

// Mermaid wants a browser's window before it is loaded, though parsing draws nothing.
const { window } = new JSDOM('');
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import('mermaid');
mermaid.initialize({ startOnLoad: false });

// Mermaid's `maxTextSize`.
const LONGEST = 50_000;

const places = process.argv.slice(2);
if (places.length === 0) {
  console.error('usage: node mermaid.mjs FILE-OR-FOLDER…');
  process.exit(2);
}

async function markdownFiles(place) {
  if (!(await stat(place)).isDirectory()) return [place];
  const names = await readdir(place, { recursive: true });
  return names.filter((name) => name.endsWith('.md')).map((name) => join(place, name)).sort();
}

/** The diagrams of a Markdown text: fences of backticks whose language is mermaid. */
function diagrams(text) {
  const found = [];
  let fence = null;
  text.split('\n').forEach((line, number) => {
    const run = /^(`{3,})([^`]*)$/.exec(line);
    if (!fence && run) fence = { ticks: run[1].length, language: run[2].trim(), line: number + 1, body: [] };
    else if (fence && run && run[1].length >= fence.ticks && run[2].trim() === '') {
      if (fence.language === 'mermaid') found.push(fence);
      fence = null;
    } else if (fence) fence.body.push(line);
  });
  return found;
}

let [files, count, faults] = [0, 0, 0];
for (const place of places) {
  for (const file of await markdownFiles(place)) {
    files += 1;
    for (const { line, body } of diagrams(await readFile(file, 'utf8'))) {
      count += 1;
      const text = body.join('\n');
      if (text.length > LONGEST) {
        faults += 1;
        console.error(`${file}:${line}: a diagram of ${text.length} characters`);
      }
      try {
        const { diagramType } = await mermaid.parse(text);
        if (diagramType !== 'er') throw new Error(`a diagram of type ${diagramType}`);
      } catch (error) {
        faults += 1;
        console.error(`${file}:${line}: ${error.message}`);
      }
    }
  }
}
console.log(`${files} files, ${count} diagrams, ${faults} faults`);
if (count === 0) console.error('there is no diagram: nothing was checked');
process.exit(faults === 0 && count > 0 ? 0 : 1);
