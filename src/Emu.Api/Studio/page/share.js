// Takes pictures out of the page: the clipboard, other apps, links that expire.

import { pathOf, post } from './api.js';
import { make } from './dom.js';
import { download, fileOf, mainFormat, makeFormat, opaqueFormats } from './media.js';
import { complain, toast } from './toast.js';

const lives = [['1 hour', 3600], ['1 day', 86_400], ['7 days', 604_800]];

/** Puts a PNG on the clipboard. Browsers let pages copy no other kind of file. */
export async function copyPicture(png) {
  if (!navigator.clipboard?.write) throw new Error('This browser copies pictures only from https or localhost. Download it instead.');
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
}

/** Whether this device can send files to other apps. */
export const canSend = () => Boolean(navigator.canShare?.({ files: [new File([new Blob(['a'])], 'a.png', { type: 'image/png' })] }));

/** Opens the device's own sheet to send the file. */
export async function sendFile(job) {
  await navigator.share({ files: [await fileOf(job, mainFormat(job))], title: job.prompt });
}

/**
 * Buttons that download a job in each format; one that is not there is made.
 * @param {object} job
 * @param {string[]} formats
 * @param {() => object} latest gives the job as it is now
 * @param {(job: object) => void} changed gets the job when a format was made
 */
export function formatRow(job, formats, latest, changed) {
  const buttons = formats.map((format) => make('button.pill', {
    type: 'button',
    title: job.transparent && opaqueFormats.includes(format) ? 'Without transparency' : null,
    'aria-label': `Download as ${format.toUpperCase()}`,
    click: (event) => busy(event.currentTarget, `Making ${format.toUpperCase()} …`, async () => {
      const made = await makeFormat(latest() ?? job, format);
      changed(made);
      await download(made, format);
    }),
  }, format.toUpperCase()));
  buttons[formats.indexOf(mainFormat(job))]?.classList.add('chosen');
  return make('div.formats', { role: 'group', 'aria-label': 'Download' }, make('span', {}, 'Download'), ...buttons);
}

/** Shows on a button that it is at work, and what went wrong if it fails. */
export async function busy(button, words, work) {
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

/** The form that makes a link, hidden at first. */
export function shareForm(job) {
  const life = make('select', { 'aria-label': 'How long the link works' }, ...lives.map(([name, seconds]) => make('option', { value: seconds, selected: seconds === 86_400 }, name)));
  const result = make('div.link', { hidden: true });
  const form = make('form.share', { hidden: true }, make('label', {}, 'Works for ', life), make('button.primary', { type: 'submit' }, 'Make link'), result);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const link = await post(`${pathOf(job.id)}/links`, { expires_in: Number(life.value) });
      showLink(result, link);
    } catch (error) {
      complain(error);
    }
  });
  return form;
}

function showLink(place, link) {
  const until = new Date(link.expires_at * 1000).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  const field = make('input', { type: 'url', readonly: true, value: link.url, 'aria-label': 'Link', focus: () => field.select() });
  const copy = make('button.pill', { type: 'button', click: async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(link.url);
      toast('Link copied.');
    } catch {
      toast('Press Ctrl+C to copy the link.');
    }
  } }, 'Copy');
  const { hostname } = new URL(link.url);
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  place.replaceChildren(
    make('div.row', {}, field, copy),
    make('p', {}, `Anyone with this link can see this file until ${until}.${isLocal ? ' Its address is this machine’s own: it works only here.' : ''}`));
  place.hidden = false;
  field.focus();
}
