// What is known of a version, and everything that can be done with it.

import { json, pathOf } from './api.js';
import { make } from './dom.js';
import { jobOfVersion, nameOf, pathOfVersion, wordsOfVersion } from './edit-session.js';
import { download, fileOf, mainFormat, opaqueFormats } from './media.js';
import { shareInWords } from './progress.js';
import { busy, canSend, copyPicture, formatRow, sendFile, shareForm } from './share.js';
import { toast } from './toast.js';

/**
 * What is known of a completed version.
 * @param {object} version
 * @param {object} given `formats(job)`, `animate(file)`, `remove()`
 */
export function aboutVersion(version, given) {
  const job = jobOfVersion(version);
  const isOriginal = version.job_id === null;
  return [
    make('h2', { tabindex: '-1', dir: 'auto' }, isOriginal ? 'Original' : wordsOfVersion(version)),
    make('p.facts', {}, factsOf(version)),
    version.kept_share === null ? null : make('p.kept', {}, shareInWords(version.kept_share)),
    ...version.warnings.map((text) => make('p.hint', {}, text)),
    isOriginal ? downloadRow(job) : formatRow(job, given.formats(job), () => null, () => undefined),
    make('div.row', {},
      make('button.pill', { type: 'button', click: (event) => copy(event.currentTarget, job) }, 'Copy picture'),
      canSend() ? make('button.pill', { type: 'button', click: (event) => busy(event.currentTarget, 'Sending …', () => sendFile(job)) }, 'Send') : null,
      isOriginal ? null : make('button.pill', { type: 'button', 'aria-expanded': 'false', click: toggleShare }, 'Share link')),
    isOriginal ? null : shareForm({ id: version.job_id }),
    make('div.row', {},
      make('button.pill', { type: 'button', click: (event) => busy(event.currentTarget, 'Loading …', async () => given.animate(await fileOf(job, mainFormat(job)))) }, 'Animate this'),
      make('button.pill.danger', { type: 'button', click: given.remove }, 'Delete all versions')),
  ].filter(Boolean);
}

function factsOf(version) {
  const parts = [`${version.width} × ${version.height}`];
  if (version.version > 1) parts.unshift(nameOf(version));
  if (version.from !== null && version.from !== version.version - 1) parts.push(version.from === 1 ? 'made of the original' : `made of version ${version.from}`);
  for (const text of stepsOf(version)) parts.push(text);
  return parts.join(' · ');
}

// How the instruction was read, where that says more than the instruction itself.
function stepsOf({ plan }) {
  if (!plan || plan.length < 2) return [];
  return [`${plan.length} steps: ${plan.map(({ operation }) => operation.operation.replaceAll('_', ' ')).join(', ')}`];
}

function downloadRow(job) {
  return make('div.formats', { role: 'group', 'aria-label': 'Download' }, make('span', {}, 'Download'),
    make('button.pill.chosen', { type: 'button', click: (event) => busy(event.currentTarget, 'Loading …', () => download(job, mainFormat(job))) }, mainFormat(job).toUpperCase()));
}

async function copy(button, job) {
  await busy(button, 'Copying …', async () => {
    await copyPicture(pngOf(job));
    toast('Copied. Paste it anywhere.');
  });
}

async function pngOf(job) {
  const file = await fileOf(job, mainFormat(job));
  if (file.type === 'image/png') return file;
  const picture = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d').drawImage(picture, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}

function toggleShare(event) {
  const form = event.currentTarget.closest('.edit-about').querySelector('.share');
  form.hidden = !form.hidden;
  event.currentTarget.setAttribute('aria-expanded', String(!form.hidden));
  if (!form.hidden) form.querySelector('select').focus();
}
