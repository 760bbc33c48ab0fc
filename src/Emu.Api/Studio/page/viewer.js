// One picture or clip, large, with everything that can be done with it.

import { byId, icon, isTyping, make, prefersStill } from './dom.js';
import { removeLater, shownJobs } from './gallery.js';
import { accept, jobOf, onJob } from './jobs.js';
import { isClip, isVideoFormat, kindOf, loopOf, mainFormat, pictureOf, stillOf } from './media.js';
import { movesOf } from './motion.js';
import { shareInWords } from './progress.js';
import { busy, canSend, copyPicture, formatRow, sendFile, shareForm } from './share.js';
import { complain, toast } from './toast.js';

let current = null;
let actions;
let formatsOf;

/**
 * Connects the viewer: keys, and the part of the address that names an opened job.
 * @param {object} given `again(job)`, `animate(job)`, `edit(job)` on a server that can edit, and `formats(job)`: the formats that
 *   can be made of it
 */
export function startViewer(given) {
  actions = given;
  formatsOf = given.formats;
  const dialog = byId('viewer');
  dialog.addEventListener('close', () => {
    // The focus is back on the tile before this event comes: Enter may have opened it again.
    if (dialog.open) return;
    dialog.querySelector('.sheet')?.remove();
    byId('toasts').append(...dialog.querySelectorAll('.toast'));
    const id = current;
    current = null;
    if (location.hash === `#${id}`) history.replaceState(null, '', location.pathname);
    byId(`tile-${id}`)?.querySelector('button')?.focus();
  });
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  document.addEventListener('keydown', (event) => {
    if (!dialog.open || isTyping() || event.target instanceof HTMLVideoElement) return;
    if (event.key === 'ArrowLeft') step(-1);
    else if (event.key === 'ArrowRight') step(1);
    else if (event.key === 'Delete') deleteCurrent();
  });
  addEventListener('hashchange', openFromAddress);
  onJob((job) => job.id === current && job.deleted && dialog.close());
}

/** Opens the job that the address names, if the page knows it. */
export function openFromAddress() {
  const job = jobOf(location.hash.slice(1));
  if (job?.status === 'completed' && job.object !== 'edit.session') open(job);
}

/** Opens a completed job. */
export async function open(job) {
  current = job.id;
  history.replaceState(null, '', `#${job.id}`);
  const dialog = byId('viewer');
  dialog.querySelector('.sheet')?.remove();
  dialog.prepend(layout(job));
  if (!dialog.open) dialog.showModal();
  dialog.querySelector('h2').focus();
  try {
    // A video waits for its controls; any other loop waits for a click where motion is not welcome.
    const isStill = !isClip(job) || (prefersStill() && !isVideoFormat(mainFormat(job)));
    const element = await (isStill ? stillOf(job, true) : loopOf(job, true));
    if (current !== job.id) return;
    element.alt = job.prompt;
    element.addEventListener('error', () => complain(new Error('This file cannot be loaded. It may have been deleted.')));
    dialog.querySelector('.ground').append(element);
    dialog.querySelector('.play').hidden = !isStill || !isClip(job);
  } catch (error) {
    complain(error);
  }
}

function layout(job) {
  const shown = shownJobs();
  const index = shown.findIndex((other) => other.id === job.id);
  const close = make('button.round.close', { type: 'button', 'aria-label': 'Close', click: () => byId('viewer').close() }, icon('close'));
  const ground = make(`div.ground${job.transparent ? '.chequered' : ''}`);
  const [width, height] = job.size.split('x');
  ground.style.setProperty('--ratio', width / height);
  return make('div.sheet', {},
    make('div.show', {},
      ground,
      make('button.pill.play', { type: 'button', hidden: true, click: play }, 'Play'),
      make('button.round.before', { type: 'button', 'aria-label': 'Newer', disabled: index <= 0, click: () => step(-1) }, icon('left')),
      make('button.round.after', { type: 'button', 'aria-label': 'Older', disabled: index >= shown.length - 1, click: () => step(1) }, icon('right'))),
    make('div.about', {},
      close,
      make('h2', { dir: 'auto', tabindex: '-1' }, job.prompt || 'From a picture'),
      make('p.facts', {}, factsOf(job)),
      job.kept_share == null ? null : make('p.hint', {}, shareInWords(job.kept_share)),
      ...job.warnings.map((text) => make('p.hint', {}, text)),
      formatRow(job, formatsOf(job), () => jobOf(job.id), accept),
      make('div.row', {},
        make('button.pill', { type: 'button', click: copy }, 'Copy picture'),
        canSend() ? make('button.pill', { type: 'button', click: (event) => busy(event.currentTarget, 'Sending …', () => sendFile(job)) }, 'Send') : null,
        make('button.pill', { type: 'button', 'aria-expanded': 'false', click: toggleShare }, 'Share link')),
      shareForm(job),
      make('div.row', {},
        // Of an edit, the picture that it was made of is not there.
        kindOf(job) === 'edit' ? null : make('button.pill', { type: 'button', click: () => leave(() => actions.again(job)) }, 'Remix'),
        make('button.pill', { type: 'button', click: () => leave(() => actions.animate(job)) }, isClip(job) ? 'Use its picture' : 'Animate this'),
        actions.edit && !isClip(job) ? make('button.pill', { type: 'button', click: () => leave(() => actions.edit(job)) }, 'Edit this') : null,
        make('button.pill.danger', { type: 'button', click: deleteCurrent }, 'Delete'))));
}

function factsOf(job) {
  const made = new Date(job.created_at * 1000);
  const kind = { clip: `Clip, ${job.seconds} s`, still: 'Still', edit: 'Edited picture' }[kindOf(job)];
  const parts = [kind, job.size.replace('x', ' × '), movesOf(job), `seed ${job.seed}`, made.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })];
  if (job.expires_at) parts.push(`kept until ${new Date(job.expires_at * 1000).toLocaleDateString([], { dateStyle: 'medium' })}`);
  return parts.filter(Boolean).join(' · ');
}

async function copy(event) {
  const element = byId('viewer').querySelector('.ground').firstElementChild;
  await busy(event.currentTarget, 'Copying …', async () => {
    await copyPicture(pictureOf(element));
    toast('Copied. Paste it anywhere.');
  });
}

async function play(event) {
  const job = jobOf(current);
  event.currentTarget.hidden = true;
  const loop = await loopOf(job);
  if (current === job.id) byId('viewer').querySelector('.ground').replaceChildren(loop);
}

function toggleShare(event) {
  const form = byId('viewer').querySelector('.share');
  form.hidden = !form.hidden;
  event.currentTarget.setAttribute('aria-expanded', String(!form.hidden));
  if (!form.hidden) form.querySelector('select').focus();
}

function step(by) {
  const shown = shownJobs();
  const next = shown[shown.findIndex((job) => job.id === current) + by];
  if (next) open(next);
}

// The next one is shown, so that several can be deleted in a row.
function deleteCurrent() {
  const job = jobOf(current);
  const shown = shownJobs();
  const index = shown.findIndex((other) => other.id === current);
  const next = shown[index + 1] ?? shown[index - 1];
  if (next) open(next);
  else byId('viewer').close();
  removeLater(job);
}

function leave(then) {
  byId('viewer').close();
  then();
}
