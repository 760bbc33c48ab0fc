// One picture or clip, large, with everything that can be done with it.

import { byId, icon, isTyping, make, prefersStill } from './dom.js';
import { removeLater, shownJobs } from './gallery.js';
import { accept, jobOf, onJob } from './jobs.js';
import { download, isVideoFormat, loopOf, mainFormat, makeFormat, opaqueFormats, pictureOf, stillOf } from './media.js';
import { canSend, copyPicture, sendFile, shareForm } from './share.js';
import { complain, toast } from './toast.js';

let current = null;
let actions;
let formatsOf;

/**
 * Connects the viewer: keys, and the part of the address that names an opened job.
 * @param {object} given `again(job)`, `animate(job)`, and `formats(job)`: the formats that can be made of it
 */
export function startViewer(given) {
  actions = given;
  formatsOf = given.formats;
  const dialog = byId('viewer');
  dialog.addEventListener('close', () => {
    dialog.querySelector('.sheet')?.remove();
    byId('toasts').append(...dialog.querySelectorAll('.toast'));
    const id = current;
    current = null;
    if (location.hash) history.replaceState(null, '', location.pathname);
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
  if (job?.status === 'completed') open(job);
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
    const isStill = job.object === 'image' || (prefersStill() && !isVideoFormat(mainFormat(job)));
    const element = await (isStill ? stillOf(job, true) : loopOf(job, true));
    if (current !== job.id) return;
    element.alt = job.prompt;
    dialog.querySelector('.ground').append(element);
    dialog.querySelector('.play').hidden = !isStill || job.object === 'image';
  } catch (error) {
    complain(error);
  }
}

function layout(job) {
  const shown = shownJobs();
  const index = shown.findIndex((other) => other.id === job.id);
  const close = make('button.round.close', { type: 'button', 'aria-label': 'Close', click: () => byId('viewer').close() }, icon('close'));
  return make('div.sheet', {},
    make('div.show', {},
      make(`div.ground${job.transparent ? '.chequered' : ''}`),
      make('button.pill.play', { type: 'button', hidden: true, click: play }, 'Play'),
      make('button.round.before', { type: 'button', 'aria-label': 'Newer', disabled: index <= 0, click: () => step(-1) }, icon('left')),
      make('button.round.after', { type: 'button', 'aria-label': 'Older', disabled: index >= shown.length - 1, click: () => step(1) }, icon('right'))),
    make('div.about', {},
      close,
      make('h2', { dir: 'auto', tabindex: '-1' }, job.prompt || 'From a picture'),
      make('p.facts', {}, factsOf(job)),
      ...job.warnings.map((text) => make('p.hint', {}, text)),
      formatRow(job),
      make('div.row', {},
        make('button.pill', { type: 'button', click: copy }, 'Copy picture'),
        canSend() ? make('button.pill', { type: 'button', click: (event) => busy(event.currentTarget, 'Sending …', () => sendFile(job)) }, 'Send') : null,
        make('button.pill', { type: 'button', 'aria-expanded': 'false', click: toggleShare }, 'Share link')),
      shareForm(job),
      make('div.row', {},
        make('button.pill', { type: 'button', click: () => leave(() => actions.again(job)) }, 'Remix'),
        make('button.pill', { type: 'button', click: () => leave(() => actions.animate(job)) }, job.object === 'image' ? 'Animate this' : 'Use its picture'),
        make('button.pill.danger', { type: 'button', click: deleteCurrent }, 'Delete'))));
}

function factsOf(job) {
  const made = new Date(job.created_at * 1000);
  const parts = [job.object === 'image' ? 'Still' : `Clip, ${job.seconds} s`, job.size.replace('x', ' × '), `seed ${job.seed}`, made.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })];
  if (job.expires_at) parts.push(`kept until ${new Date(job.expires_at * 1000).toLocaleDateString([], { dateStyle: 'medium' })}`);
  return parts.join(' · ');
}

function formatRow(job) {
  const buttons = formatsOf(job).map((format) => make('button.pill', {
    type: 'button',
    title: job.transparent && opaqueFormats.includes(format) ? 'Without transparency' : null,
    'aria-label': `Download as ${format.toUpperCase()}`,
    click: (event) => busy(event.currentTarget, `Making ${format.toUpperCase()} …`, async () => {
      const made = await makeFormat(jobOf(job.id) ?? job, format);
      accept(made);
      await download(made, format);
    }),
  }, format.toUpperCase()));
  buttons[formatsOf(job).indexOf(mainFormat(job))]?.classList.add('chosen');
  return make('div.formats', { role: 'group', 'aria-label': 'Download' }, make('span', {}, 'Download'), ...buttons);
}

/** Shows on a button that it is at work, and what went wrong if it fails. */
async function busy(button, words, work) {
  if (button.ariaBusy === 'true') return;
  const { textContent } = button;
  button.ariaBusy = 'true';
  button.textContent = words;
  try {
    await work();
  } catch (error) {
    if (error.name !== 'AbortError') complain(error);
  } finally {
    button.ariaBusy = 'false';
    button.textContent = textContent;
  }
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
