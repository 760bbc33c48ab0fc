// A list of prompts: a grid that fills, one job for each line. It goes on after a reload.

import { create, json, newKey, pathOf } from './api.js';
import { byId, make } from './dom.js';
import { accept, cancel, isActive, jobOf, onJob } from './jobs.js';
import { Tile } from './tile.js';
import { complain } from './toast.js';

const storageName = 'emu-studio-batch';

let batch = null;
let actions;
let onClose = () => undefined;
const tiles = new Map();

/** Whether a job is shown in the batch, and so not in the gallery. */
export const isInBatch = (id) => batch?.items.some((item) => item.id === id) ?? false;

/**
 * Connects batches and goes on with the one of before a reload.
 * @param {object} given a tile's actions, and `closed()`
 */
export function startBatches(given) {
  actions = given;
  onClose = given.closed;
  onJob((job) => {
    const item = batch?.items.find((candidate) => candidate.id === job.id);
    if (!item) return;
    if (job.deleted) batch.items.splice(batch.items.indexOf(item), 1);
    show();
  });
  const stored = sessionStorage.getItem(storageName);
  if (!stored) return;
  run(JSON.parse(stored));
  for (const { id } of batch.items) if (id) json(pathOf(id)).then(accept, (error) => error.status === 404 && accept({ id, deleted: true }));
}

/** Starts a batch; one that is there is added to. */
export function startBatch(kind, prompts, fields) {
  const items = prompts.map((prompt) => ({ prompt, kind, fields, key: newKey(), id: null, error: null }));
  run({ items: [...(batch?.items ?? []), ...items] });
  byId('batch').scrollIntoView({ block: 'start' });
}

async function run(given) {
  const isRunning = batch?.running;
  batch = { ...given, running: true };
  show();
  if (isRunning) return;
  for (let item = next(); item; item = next()) {
    try {
      const job = await create(item.kind, { ...item.fields, prompt: item.prompt }, item.key);
      item.id = job.id;
      save();
      accept(job);
      // The rest was cancelled while this one was on its way.
      if (!batch?.items.includes(item)) await cancel(job.id).catch(complain);
    } catch (error) {
      // A full queue empties by itself; anything else is told in the line's place.
      if (error.status === 429) await new Promise((resolve) => setTimeout(resolve, (error.retryAfter ?? 5) * 1000));
      else item.error = error.message;
    }
    show();
    if (!batch) return;
  }
  batch.running = false;
}

const next = () => batch?.items.find((item) => !item.id && !item.error);

function save() {
  if (batch) sessionStorage.setItem(storageName, JSON.stringify({ items: batch.items }));
  else sessionStorage.removeItem(storageName);
}

function show() {
  save();
  const section = byId('batch');
  section.hidden = !batch;
  if (!batch) return;
  const ended = batch.items.filter((item) => item.error || (item.id && jobOf(item.id) && !isActive(jobOf(item.id)))).length;
  const total = batch.items.length;
  if (!section.firstChild) section.append(make('div.head', {}, make('h2', { id: 'batch-title' }), make('button.pill', { type: 'button', id: 'batch-end', click: end })), make('ul.grid.small', { id: 'batch-grid' }));
  byId('batch-title').textContent = `${ended} of ${total} done`;
  byId('batch-end').textContent = ended === total ? 'Move to the gallery' : 'Cancel the rest';
  const grid = byId('batch-grid');
  const wanted = batch.items.map(elementOf);
  wanted.forEach((element, index) => grid.children[index] !== element && grid.insertBefore(element, grid.children[index] ?? null));
  while (grid.children.length > wanted.length) grid.lastChild.remove();
}

function elementOf(item) {
  const job = item.id && jobOf(item.id);
  if (job) {
    let tile = tiles.get(item.id);
    if (!tile) tiles.set(item.id, tile = new Tile(job, actions));
    else tile.update(job);
    return tile.element;
  }
  const waiting = tiles.get(item.key) ?? make('li.tile', {}, make('div.frame', {}, make('div.ground'), make('div.status', {}, make('p'))), make('p.caption', { dir: 'auto' }, item.prompt));
  tiles.set(item.key, waiting);
  const words = waiting.querySelector('.status p');
  words.textContent = item.error ?? (item.id ? 'Loading …' : 'Waiting to be sent …');
  words.className = item.error ? 'problem' : 'stage';
  return waiting;
}

async function end() {
  const active = batch.items.filter((item) => item.id && jobOf(item.id) && isActive(jobOf(item.id)));
  const unsent = batch.items.filter((item) => !item.id && !item.error);
  if (active.length + unsent.length > 0) {
    batch.items = batch.items.filter((item) => !unsent.includes(item));
    show();
    await Promise.all(active.map((item) => cancel(item.id).catch(complain)));
    if (batch.items.length > 0) return;
  }
  for (const tile of tiles.values()) (tile.dispose ?? tile.remove).call(tile);
  tiles.clear();
  byId('batch').replaceChildren();
  batch = null;
  show();
  onClose();
}
