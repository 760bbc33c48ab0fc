// The grid of everything that was made: newest first, more while scrolling, deletion with a way back.

import { isInBatch } from './batch.js';
import { byId, make, showText } from './dom.js';
import { allJobs, hasMore, isActive, isLoadedDownTo, jobOf, loadMore, onJob, remove } from './jobs.js';
import { Tile } from './tile.js';
import { complain, toast } from './toast.js';

const timeToUndo = 8000;

const tiles = new Map();
const removing = new Map();
let actions;
let loading = false;
let onReach;

/**
 * Starts the gallery.
 * @param {object} given `open(job)`, `again(job)`
 */
export async function startGallery(given) {
  actions = { ...given, remove: removeLater };
  onJob((job) => {
    if (job.deleted) dispose(job.id);
    else tiles.get(job.id)?.update(job);
    scheduleArrange();
  });
  byId('gallery-more').addEventListener('click', more);
  onReach = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && more(), { rootMargin: '600px' });
  addEventListener('pagehide', () => [...removing.keys()].forEach((id) => remove(id, { keepalive: true }).catch(() => undefined)));
  await more();
}

/** The completed jobs in the order in which they are shown, for stepping from one to the next. */
export const shownJobs = () => [...document.querySelectorAll('.tile[id]')].map((element) => jobOf(element.id.replace('tile-', ''))).filter((job) => job?.status === 'completed' && job.object !== 'edit.session');

/** Takes a job away and deletes it when the time to undo that has passed. */
export function removeLater(job) {
  const message = toast(isActive(job) ? 'Cancelled and removed.' : 'Deleted.', {
    action: 'Undo',
    duration: timeToUndo,
    onAction: () => {
      removing.delete(job.id);
      arrange();
      if (!document.querySelector('dialog[open]')) byId(`tile-${job.id}`)?.querySelector('button')?.focus();
    },
    onEnd: async () => {
      try {
        await remove(job.id);
      } catch (error) {
        if (error.status !== 404) complain(error);
      }
      removing.delete(job.id);
      arrange();
    },
  });
  removing.set(job.id, message);
  arrange();
}

let due = 0;

function scheduleArrange() {
  due ||= requestAnimationFrame(() => { due = 0; arrange(); });
}

/** Puts the tiles into their order and makes those that are missing. Elements that stand right are not touched. */
export function arrange() {
  const grid = byId('gallery');
  const shown = allJobs().filter((job) => !removing.has(job.id) && !isInBatch(job.id) && isLoadedDownTo(job));
  const wanted = new Set(shown.map((job) => job.id));
  for (const id of [...tiles.keys()]) if (!wanted.has(id)) dispose(id);
  shown.forEach((job, index) => {
    let tile = tiles.get(job.id);
    if (!tile) tiles.set(job.id, tile = new Tile(job, actions));
    if (grid.children[index] !== tile.element) grid.insertBefore(tile.element, grid.children[index] ?? null);
    tile.large = index === 0;
  });
  byId('gallery-more').hidden = !hasMore();
  document.body.classList.toggle('empty', shown.length === 0 && !hasMore());
}

function dispose(id) {
  tiles.get(id)?.dispose();
  tiles.delete(id);
}

/** Loads and shows older jobs. */
export async function more() {
  if (loading || !hasMore()) return;
  loading = true;
  try {
    await loadMore();
    showText(byId('gallery-note'), null);
    // Asked anew whether the page's end is in view: it may still be, as not every page has something to show.
    onReach.disconnect();
    onReach.observe(byId('gallery-more'));
  } catch (error) {
    byId('gallery-note').replaceChildren(error.message, ' ', make('button.pill', { type: 'button', click: more }, 'Try again'));
    byId('gallery-note').hidden = false;
  } finally {
    loading = false;
  }
  arrange();
}
