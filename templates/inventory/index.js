'use strict';
// Text of the schema reaches the page as text only: no markup is ever made of it.
const data = JSON.parse(document.getElementById('data').textContent);
const relations = data.relations;
const byPath = new Map(relations.map((relation) => [relation.path, relation]));
const children = new Map();
for (const relation of relations) {
  relation.references ??= [];
  const words = [relation.path, relation.name, relation.comment ?? ''];
  for (const column of relation.columns) words.push(column.name, column.comment ?? '');
  for (const goes of relation.goes_to ?? []) words.push(goes.object, ...goes.fields);
  relation.words = words.join('\n').toLowerCase();
  for (const reference of relation.references) {
    if (!children.has(reference.to)) children.set(reference.to, []);
    children.get(reference.to).push({ from: relation.path, columns: reference.columns });
  }
}

const $ = (id) => document.getElementById(id);
function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}
const address = (path) => '#' + encodeURIComponent(path);

// The list is filled as far as it is looked at: a thousand tables cost no more than a hundred.
const STEP = 100;
let shown = [];
let drawn = 0;
const more = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) draw(); });

function filter() {
  const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  const [schema, kind] = [$('schema').value, $('kind').value];
  shown = relations.filter((relation) =>
    (!schema || relation.schema === schema) && (!kind || relation.kind === kind)
    && (!$('secured').checked || relation.row_security) && (!$('found').checked || relation.findings)
    && words.every((word) => relation.words.includes(word)));
  $('count').textContent = `${shown.length} of ${relations.length}`;
  $('list').replaceChildren();
  $('index').scrollTop = 0;
  drawn = 0;
  draw();
}

function draw() {
  more.disconnect();
  for (const relation of shown.slice(drawn, drawn + STEP)) {
    const link = element('a', { href: address(relation.path) }, relation.path);
    if (relation.comment) link.append(element('small', {}, relation.comment.slice(0, 90)));
    if (relation.path === current()) link.setAttribute('aria-current', 'page');
    $('list').append(element('li', {}, link));
  }
  drawn = Math.min(drawn + STEP, shown.length);
  if (drawn < shown.length) more.observe($('list').lastElementChild);
}

function current() {
  try { return decodeURIComponent(location.hash.slice(1)); } catch { return ''; }
}

function table(heads, rows) {
  const head = element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)));
  const body = rows.map((cells) => element('tr', {}, ...cells.map((cell) =>
    cell instanceof Node ? element('td', {}, cell) : element('td', {}, cell ?? ''))));
  return element('div', { class: 'scroll' },
    element('table', {}, element('thead', {}, head), element('tbody', {}, ...body)));
}
const code = (text) => element('code', {}, text ?? '');
const link = (path) => (byPath.has(path) ? element('a', { href: address(path) }, path) : code(path));

function section(article, title, list, content) {
  if (list?.length) article.append(element('h3', {}, title), content());
}

function open() {
  const relation = byPath.get(current());
  document.body.classList.toggle('open', Boolean(relation));
  for (const item of $('list').querySelectorAll('a')) {
    if (relation && item.getAttribute('href') === address(relation.path)) item.setAttribute('aria-current', 'page');
    else item.removeAttribute('aria-current');
  }
  if (!relation) return;
  const article = $('detail');
  const columnNames = relation.columns.map((column) => column.name);
  const tags = [relation.kind, ...(relation.row_security ? ['row security'] : [])];
  article.replaceChildren(
    element('a', { class: 'back', href: '#' }, '← All'),
    element('h2', {}, relation.path),
    element('p', {}, ...tags.map((tag) => element('span', { class: 'tag' }, tag)),
      element('a', { href: relation.page.replace(/^inventory\//, '') }, 'page')));
  if (relation.comment) article.append(element('p', { style: 'white-space: pre-line' }, relation.comment));
  const to = (column) => {
    const cell = element('span');
    for (const reference of relation.references) {
      const at = reference.columns.indexOf(column.name);
      if (at >= 0) cell.append(link(reference.to), ` (${reference.to_columns[at] ?? ''}) `);
    }
    return cell;
  };
  section(article, 'Columns', relation.columns, () => table(
    ['Column', 'Type', 'Null', 'Default or generation', 'Key', 'References', 'Comment'],
    relation.columns.map((column) => [code(column.name), code(column.type), column.not_null ? 'NOT NULL' : 'NULL',
      code(column.default), column.key, to(column), column.comment])));
  section(article, 'Where it goes', relation.goes_to, () => table(
    ['Column', ...relation.goes_to.map((goes) => goes.target)],
    [['', ...relation.goes_to.map((goes) => element('a', { href: '../' + goes.file }, goes.object))],
      ...columnNames.map((name, at) => [code(name), ...relation.goes_to.map((goes) => code(goes.fields[at]))])]));
  const neighbours = neighbourhood(relation);
  if (neighbours) article.append(element('h3', {}, 'Neighbourhood'), neighbours);
  const named = (list) => () => table(['Name', 'Definition'], list.map((item) => [code(item.name), code(item.text)]));
  section(article, 'Constraints', relation.constraints, named(relation.constraints));
  section(article, 'Indexes', relation.indexes, named(relation.indexes));
  section(article, 'Triggers', relation.triggers, named(relation.triggers));
  section(article, 'Policies', relation.policies, named(relation.policies));
  section(article, 'Used by', relation.used_by,
    () => element('ul', {}, ...relation.used_by.map((user) => element('li', {}, user))));
  section(article, 'Findings', relation.findings, () => table(['Code', 'Object', 'Why'],
    relation.findings.map((finding) => [finding.code, code(finding.path), finding.reason])));
  if (relation.definition) article.append(element('h3', {}, 'Definition'), element('pre', {}, relation.definition));
  article.scrollTop = 0;
}

// The tables that it refers to stand at its left, those that refer to it at its right.
function neighbourhood(relation) {
  const unique = (paths) => [...new Set(paths)].filter((path) => path !== relation.path);
  const left = unique(relation.references.map((reference) => reference.to));
  const right = unique((children.get(relation.path) ?? []).map((child) => child.from));
  if (!left.length && !right.length) return null;
  const svg = (name, attributes, ...content) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  };
  const [WIDTH, HEIGHT, STEP_Y, GAP] = [240, 34, 46, 120];
  const rows = Math.max(left.length, right.length, 1);
  const middle = (rows * STEP_Y) / 2;
  const picture = svg('svg', { role: 'group', 'aria-label': `Tables around ${relation.path}` });
  const box = (path, x, y, name) => {
    const text = path.length > 31 ? path.slice(0, 30) + '…' : path;
    const parts = [svg('rect', { x, y: y - HEIGHT / 2, width: WIDTH, height: HEIGHT, rx: 5 }),
      svg('text', { x: x + 8, y: y + 4 }, text), svg('title', {}, path)];
    return byPath.has(path) && name !== 'centre'
      ? svg('a', { href: address(path) }, ...parts) : svg('g', { class: name }, ...parts);
  };
  const place = (count, at) => middle + (at - (count - 1) / 2) * STEP_Y;
  const line = (x1, y1, x2, y2) =>
    svg('path', { d: `M${x1} ${y1}C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}` });
  const centre = WIDTH + GAP;
  left.forEach((path, at) => {
    const y = place(left.length, at);
    picture.append(line(WIDTH, y, centre, middle), box(path, 0, y, ''));
  });
  right.forEach((path, at) => {
    const y = place(right.length, at);
    picture.append(line(centre + WIDTH, middle, centre + WIDTH + GAP, y), box(path, centre + WIDTH + GAP, y, ''));
  });
  picture.append(box(relation.path, centre, middle, 'centre'));
  // A side where nothing stands takes no room.
  const from = left.length ? 0 : centre;
  const to = right.length ? centre + 2 * WIDTH + GAP : centre + WIDTH;
  const home = { x: from - 10, y: -10, width: to - from + 20, height: rows * STEP_Y + 20 };
  let view = { ...home };
  const show = () => picture.setAttribute('viewBox', `${view.x} ${view.y} ${view.width} ${view.height}`);
  const zoom = (factor) => {
    view = { x: view.x + (view.width * (1 - factor)) / 2, y: view.y + (view.height * (1 - factor)) / 2,
      width: view.width * factor, height: view.height * factor };
    show();
  };
  show();
  picture.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15);
  }, { passive: false });
  let held = null;
  picture.addEventListener('pointerdown', (event) => { held = { x: event.clientX, y: event.clientY }; });
  picture.addEventListener('pointermove', (event) => {
    if (!held || !event.buttons) return;
    const scale = view.width / picture.clientWidth;
    view.x -= (event.clientX - held.x) * scale;
    view.y -= (event.clientY - held.y) * scale;
    held = { x: event.clientX, y: event.clientY };
    show();
  });
  const button = (text, label, act) => {
    const made = element('button', { type: 'button', 'aria-label': label }, text);
    made.addEventListener('click', act);
    return made;
  };
  return element('div', {}, button('+', 'Larger', () => zoom(1 / 1.3)), button('−', 'Smaller', () => zoom(1.3)),
    button('⟲', 'All of it', () => { view = { ...home }; show(); }), picture);
}

$('title').textContent = data.name ? `Schema inventory: ${data.name}` : 'Schema inventory';
document.title = $('title').textContent;
if (data.description) $('title').title = data.description;
for (const [id, key] of [['schema', 'schema'], ['kind', 'kind']]) {
  for (const value of [...new Set(relations.map((relation) => relation[key]))].sort()) {
    $(id).append(element('option', { value }, value));
  }
}
$('filters').addEventListener('input', filter);
$('filters').addEventListener('submit', (event) => {
  event.preventDefault();
  if (shown.length) location.hash = address(shown[0].path);
});
document.addEventListener('keydown', (event) => {
  const typing = event.target.matches('input[type=search], select');
  if (event.key === '/' && !typing) {
    event.preventDefault();
    $('search').focus();
  } else if (event.key === 'Escape') {
    $('search').value = '';
    filter();
    $('search').focus();
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !event.target.matches('select')) {
    const links = [...$('list').querySelectorAll('a')];
    const at = links.indexOf(document.activeElement);
    if (at < 0 && event.target !== $('search')) return;
    event.preventDefault();
    const next = event.key === 'ArrowDown' ? at + 1 : at - 1;
    if (next < 0) $('search').focus();
    else links[Math.min(next, links.length - 1)]?.focus();
  }
});
window.addEventListener('hashchange', () => { open(); if (byPath.has(current())) $('detail').focus({ preventScroll: true }); });
filter();
open();
