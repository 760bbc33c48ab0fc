// Shows the files of jobs: stills, loops and videos.

import { pathOf, post, send, urlOf } from './api.js';
import { make, prefersStill } from './dom.js';
import { hasKey } from './keys.js';

const mostKept = 200;
const fetched = new Map();

/** Whether a job is a clip; the others are pictures: stills, and edited ones. */
export const isClip = (job) => job.object === 'video';

/** What a job made, in one word. */
export const kindOf = (job) => (isClip(job) ? 'clip' : job.object === 'image' ? 'still' : 'edit');

/** Formats that have no transparency. */
export const opaqueFormats = ['mp4', 'jpeg'];

/** The path of one of a job's files, from the server's root. */
export const contentPath = (job, variant) => `${job.files ?? pathOf(job.id)}/content?variant=${encodeURIComponent(variant)}`;

/** The job's main format. */
export const mainFormat = (job) => job.formats[0];

/** Whether a format is a video for a video element; the others are pictures, moving or not. */
export const isVideoFormat = (format) => format === 'mp4' || format === 'webm';

/** The name under which a file is saved: the prompt's first words. */
export function fileNameOf(job, variant) {
  const words = job.prompt.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '');
  const extension = { apng: 'png', jpeg: 'jpg', thumbnail: 'webp', spritesheet: 'jpg', keyframe: 'png' }[variant] ?? variant;
  return `${words || job.id}.${extension}`;
}

/** A URL for an element of one of a job's files. */
export const fileUrl = (job, variant) => elementUrl(contentPath(job, variant));

/**
 * A URL for an element. Where files need a key, the file is fetched first, as elements cannot send one.
 * @param {string} path the file's path
 * @returns {Promise<string>}
 */
export async function elementUrl(path) {
  if (!hasKey()) return urlOf(path);
  let url = fetched.get(path);
  if (!url) {
    url = URL.createObjectURL(await (await send(path)).blob());
    fetched.set(path, url);
    if (fetched.size > mostKept) {
      const [oldest, old] = fetched.entries().next().value;
      fetched.delete(oldest);
      URL.revokeObjectURL(old);
    }
  }
  return url;
}

/** A job's file as a File. */
export async function fileOf(job, variant) {
  const blob = await (await send(contentPath(job, variant))).blob();
  return new File([blob], fileNameOf(job, variant), { type: blob.type });
}

/** Has a format made unless it is there. */
export async function makeFormat(job, format) {
  if (job.variants.includes(format)) return job;
  const made = await post(`${pathOf(job.id)}/formats`, { format }, { Prefer: 'wait=120' });
  if (!made.variants.includes(format)) throw new Error(`${format.toUpperCase()} takes longer than expected. Try again in a moment.`);
  return made;
}

/** The variant that shows a job without motion: its keyframe or its picture; null if there is nothing to show yet. */
export function stillVariant(job, large) {
  if (job.status === 'completed') {
    if (isClip(job)) return large ? 'keyframe' : 'thumbnail';
    return kindOf(job) === 'edit' && !large && job.variants.includes('thumbnail') ? 'thumbnail' : mainFormat(job);
  }
  return job.variants.includes('keyframe') ? 'keyframe' : null;
}

/** An image element with a job's still. */
export async function stillOf(job, large) {
  const image = make('img.still', { alt: '', draggable: 'false', decoding: 'async' });
  image.src = await fileUrl(job, stillVariant(job, large));
  return image;
}

/**
 * An element that plays a job's loop, silently and again and again.
 * @param {boolean} [controls] whether it has controls; then it starts by itself only where motion is welcome
 */
export async function loopOf(job, controls = false) {
  const format = mainFormat(job);
  const url = await fileUrl(job, format);
  if (!isVideoFormat(format)) return make('img.loop', { alt: '', src: url, draggable: 'false' });
  const video = make('video.loop', { loop: true, playsinline: true, controls, preload: 'auto', 'aria-label': job.prompt || 'Clip', disablepictureinpicture: true });
  video.muted = true;
  video.autoplay = !controls || !prefersStill();
  video.src = url;
  return video;
}

/** The picture that an element shows at this moment, as a PNG. */
export async function pictureOf(element) {
  const width = element.videoWidth || element.naturalWidth;
  const height = element.videoHeight || element.naturalHeight;
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d').drawImage(element, 0, 0, width, height);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** Saves a file under the prompt's name; the server's own name for it would be its id. */
export async function download(job, variant) {
  const url = URL.createObjectURL(await fileOf(job, variant));
  make('a', { href: url, download: fileNameOf(job, variant) }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
