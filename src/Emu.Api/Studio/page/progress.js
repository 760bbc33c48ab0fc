// What is being done, in words, for the eye and for screen readers.

import { announce, icon, make } from './dom.js';
import { complain } from './toast.js';

/** The stages in words, in their order. */
const stages = {
  keyframe: 'Drawing the picture',
  animate: 'Making it move',
  interpolate: 'Filling in frames',
  upsample: 'Painting every frame',
  understand: 'Reading what you want',
  mask: 'Finding the subject',
  edit: 'Editing',
  composite: 'Checking what stayed',
  encode: 'Saving',
};

/** What a job is doing, for people. */
export function wordsOf(job) {
  if (job.status === 'queued') return 'Waiting';
  return stages[job.stage] ?? 'Starting';
}

/** Why a job failed, for people. */
export const failureOf = (job) => (job.error?.code === 'cancelled' ? 'Cancelled' : job.error?.message ?? 'It failed.');

/** The share of pixels that an edit did not touch, in words. It is never rounded to none or all. */
export function shareInWords(share) {
  if (share == null) return '';
  if (share >= 1) return 'Every pixel stayed exactly as it was.';
  if (share <= 0) return 'No pixel stayed as it was.';
  const percent = Math.floor(share * 1000) / 10;
  return percent === 0 ? 'Less than 0.1 % of the pixels stayed exactly as they were.' : `${percent.toLocaleString('en')} % of the pixels stayed exactly as they were, bit for bit.`;
}

/** A bar with the stage above it and a button that cancels. */
export class Progress {
  #name;
  #said = '';

  /**
   * @param {string} name what is made, as screen readers say it
   * @param {() => Promise} cancel ends it
   */
  constructor(name, cancel) {
    this.#name = name;
    this.bar = make('div.progress', { role: 'progressbar', 'aria-label': 'Progress', 'aria-valuemin': '0', 'aria-valuemax': '100' }, make('i'));
    this.words = make('span.stage');
    const stop = make('button.round.stop', { type: 'button', 'aria-label': 'Cancel', title: 'Cancel', click: () => this.#cancel(cancel) }, icon('close'));
    this.element = make('div', {}, make('div.line', {}, this.words, stop), this.bar);
  }

  /** Shows how far it is. */
  show(job) {
    this.job = job;
    const words = wordsOf(job);
    this.words.textContent = job.progress > 0 ? `${words} · ${job.progress} %` : `${words} …`;
    this.bar.setAttribute('aria-valuenow', job.progress);
    this.bar.setAttribute('aria-valuetext', `${words}, ${job.progress} percent`);
    this.bar.firstChild.style.width = `${Math.max(2, job.progress)}%`;
    if (this.#said !== words) announce(`${this.#name}: ${words}`);
    this.#said = words;
  }

  async #cancel(cancel) {
    this.words.textContent = 'Cancelling …';
    try {
      await cancel();
    } catch (error) {
      complain(error);
      this.show(this.job);
    }
  }
}
