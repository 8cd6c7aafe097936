// Opens inventory/index.html in a real browser and uses it, by keyboard and on a phone, also with a thousand tables:
// node inventory.mjs BROWSER FILE…
// Exit code 1 where the page does not do what it should, or asks the network for anything.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';

const [executablePath, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node inventory.mjs BROWSER FILE…');
  process.exit(2);
}

const DATA = /(<script type="application\/json" id="data">)(.*?)(<\/script>)/s;

/** A copy of a page with a thousand tables, each like its first one. */
async function thousand(file, folder) {
  const text = await readFile(file, 'utf8');
  const data = JSON.parse(DATA.exec(text)[2]);
  const [first] = data.relations;
  data.relations = Array.from({ length: 1000 }, (_, at) =>
    ({ ...first, name: `t${at}`, path: `${first.schema}.t${at}`, comment: `the table of number ${at}` }));
  const json = JSON.stringify(data).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  const copy = join(folder, 'index.html');
  await writeFile(copy, text.replace(DATA, (_, open, __, close) => open + json + close));
  return copy;
}

const browser = await puppeteer.launch({ executablePath, headless: true, args: ['--no-sandbox', '--disable-gpu'] });
const folder = await mkdtemp(join(tmpdir(), 'inventory-'));

async function open(file, viewport) {
  const page = await browser.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
  page.on('request', (request) => { if (request.url() !== pathToFileURL(file).href) faults.push(`asks for ${request.url()}`); });
  await page.setViewport(viewport);
  await page.goto(pathToFileURL(file).href);
  const text = (selector) => page.$eval(selector, (element) => element.textContent);
  const count = (selector) => page.$$eval(selector, (elements) => elements.length);
  return { page, faults, text, count };
}

async function use(file) {
  const data = JSON.parse(DATA.exec(await readFile(file, 'utf8'))[2]);
  const total = data.relations.length;
  const { page, faults, text, count } = await open(file, { width: 1300, height: 900 });
  assert.equal(await text('#count'), `${total} of ${total}`);

  // A column's name is found, and its table opened, without a mouse.
  const wanted = data.relations.find((relation) => relation.references && relation.goes_to);
  const column = wanted.columns[0].name;
  await page.keyboard.press('/');
  await page.keyboard.type(`${wanted.path} ${column}`);
  assert.notEqual(await text('#count'), `0 of ${total}`);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#detail h2');
  const opened = data.relations.find((relation) => relation.path.includes(wanted.path));
  assert.equal(await text('#detail h2'), opened.path);
  const detail = await text('#detail');
  for (const goes of wanted.goes_to) assert.ok(detail.includes(goes.fields[0]), `${goes.target} of ${column}`);

  // The neighbourhood leads on.
  const neighbour = await page.$('#detail svg a');
  if (neighbour) {
    const before = await page.$eval('#detail svg', (svg) => svg.getAttribute('viewBox'));
    await page.click('#detail button[aria-label=Larger]');
    assert.notEqual(await page.$eval('#detail svg', (svg) => svg.getAttribute('viewBox')), before);
    await neighbour.evaluate((link) => link.focus());
    await page.keyboard.press('Enter');
    await page.waitForFunction((path) => document.querySelector('#detail h2').textContent !== path, {}, wanted.path);
  }

  await page.keyboard.press('Escape');
  await page.click('#secured');
  const secured = data.relations.filter((relation) => relation.row_security).length;
  assert.equal(await text('#count'), `${secured} of ${total}`);
  assert.deepEqual(faults, []);
  await page.close();

  // A phone shows the list or a table, and nothing wider than itself.
  const phone = await open(file, { width: 380, height: 700, isMobile: true });
  await phone.page.click('#list a');
  await phone.page.waitForSelector('body.open #detail h2');
  assert.ok(await phone.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it is too wide');
  assert.equal(await phone.page.$eval('#index', (nav) => getComputedStyle(nav).display), 'none');
  assert.deepEqual(phone.faults, []);
  await phone.page.close();

  const many = await open(await thousand(file, folder), { width: 1300, height: 900 });
  assert.ok((await many.count('#list a')) <= 200, 'the list is filled as it is looked at');
  const time = await many.page.evaluate(() => {
    const start = performance.now();
    document.getElementById('search').value = 'number 99';
    document.getElementById('filters').dispatchEvent(new Event('input'));
    return performance.now() - start;
  });
  assert.equal(await many.text('#count'), '19 of 1000');
  assert.ok(time < 500, `a search of a thousand tables takes ${time} ms`);
  await many.page.close();
  return time;
}

let failed = 0;
try {
  for (const file of files.map((name) => resolve(name))) {
    try {
      const time = await use(file);
      console.log(`${file}: works; a thousand tables are searched in ${time.toFixed(1)} ms`);
    } catch (error) {
      failed += 1;
      console.error(`${file}: ${error.message}`);
    }
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
process.exit(failed === 0 ? 0 : 1);
