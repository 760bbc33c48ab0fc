// One job in a grid: a still, a loop while it is looked at, progress while it is made.

import { urlOf } from './api.js';
import { announce, make, prefersStill, showText } from './dom.js';
import { cancel, isActive, jobOf } from './jobs.js';
import { contentPath, fileNameOf, isClip, kindOf, loopOf, mainFormat, stillOf, stillVariant } from './media.js';
import { movesOf } from './motion.js';
import { failureOf, Progress, wordsOf } from './progress.js';

const inView = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) target.dispatchEvent(new CustomEvent(isIntersecting ? 'seen' : 'unseen'));
}, { threshold: 0.6 });

// Pictures of the user's own have any shape: they fill their tile. Stickers are shown whole.
const isPhoto = (job) => !job.transparent && (kindOf(job) === 'edit' || job.has_input_reference === true);

/** A tile of a grid. */
export class Tile {
  #job;
  #shown = '';
  #loop = null;
  #large = false;
  #visible = false;

  /**
   * @param {object} job the job
   * @param {object} actions `open(job)`, `again(job)`, `remove(job)`
   */
  constructor(job, actions) {
    this.ground = make('button.ground', { type: 'button', click: () => this.#job.status === 'completed' && actions.open(this.#job) });
    this.caption = make('p.caption', { dir: 'auto' });
    this.moves = make('p.hint', { hidden: true });
    this.warnings = make('p.hint', { hidden: true });
    this.status = make('div.status', { hidden: true });
    this.element = make('li.tile', { id: `tile-${job.id}` }, make('div.frame', {}, this.ground, this.status), this.caption, this.moves, this.warnings);
    this.actions = actions;
    this.ground.addEventListener('pointerenter', () => this.#play(true));
    this.ground.addEventListener('pointerleave', () => this.#visible || this.#stop());
    this.ground.addEventListener('focus', () => prefersStill() || this.#play(true));
    this.ground.addEventListener('blur', () => this.#visible || this.#stop());
    this.element.addEventListener('seen', () => { this.#visible = !prefersStill(); this.#play(this.#visible); });
    this.element.addEventListener('unseen', () => { this.#visible = false; this.#stop(); });
    this.ground.addEventListener('dragstart', (event) => this.#drag(event));
    inView.observe(this.element);
    this.update(job);
  }

  /** Shows the job as it is now. */
  update(job) {
    this.#job = job;
    this.caption.textContent = job.prompt || 'From a picture';
    this.caption.title = job.prompt;
    showText(this.moves, movesOf(job));
    showText(this.warnings, job.warnings.join(' '));
    this.element.dataset.status = job.status;
    this.ground.classList.toggle('chequered', job.transparent === true);
    this.ground.classList.toggle('photo', isPhoto(job));
    const done = job.status === 'completed';
    this.ground.setAttribute('aria-label', `${done ? 'Open ' : ''}${job.prompt || 'From a picture'}, ${kindOf(job)}${done ? '' : `, ${isActive(job) ? wordsOf(job) : failureOf(job)}`}`);
    this.ground.disabled = !done;
    this.ground.draggable = done;
    this.#showStatus();
    this.#showStill().catch(() => undefined);
    if (this.#visible) this.#play(true);
  }

  /** Whether this is the big one at the beginning, which shows more detail. */
  set large(value) {
    if (this.#large === value) return;
    this.#large = value;
    this.element.classList.toggle('large', value);
    this.#showStill().catch(() => undefined);
  }

  /** Forgets what belongs to the page. */
  dispose() {
    inView.unobserve(this.element);
    this.element.remove();
  }

  async #showStill() {
    const variant = stillVariant(this.#job, this.#large);
    const path = variant && contentPath(this.#job, variant);
    if (!variant || this.#shown === path) return;
    this.#shown = path;
    const still = await stillOf(this.#job, this.#large);
    await still.decode().catch(() => undefined);
    this.ground.querySelector('.still')?.remove();
    this.ground.prepend(still);
  }

  async #play(wanted) {
    const job = this.#job;
    if (!wanted || this.#loop || job.status !== 'completed' || !isClip(job)) return;
    const loop = await loopOf(job).catch(() => null);
    if (!loop || this.#loop || !this.element.isConnected) return;
    this.#loop = loop;
    this.ground.append(loop);
    // A transparent loop is not shown above its still: that goes once the loop can be seen.
    loop.addEventListener(loop instanceof HTMLVideoElement ? 'loadeddata' : 'load', () => loop.classList.add('ready'));
    if (loop.complete) loop.classList.add('ready');
    loop.play?.().catch(() => undefined);
  }

  #stop() {
    this.#loop?.remove();
    this.#loop = null;
  }

  // Dragged out of the page, a tile is its file.
  #drag(event) {
    const format = mainFormat(this.#job);
    const url = urlOf(contentPath(this.#job, format));
    event.dataTransfer.setData('DownloadURL', `application/octet-stream:${fileNameOf(this.#job, format)}:${url}`);
    event.dataTransfer.setData('text/uri-list', url);
    event.dataTransfer.setData('application/x-emu-job', this.#job.id);
  }

  #showStatus() {
    const job = this.#job;
    if (job.status === 'completed') {
      if (this.progress) announce(`${job.prompt || 'The picture'} is done.`);
      this.progress = null;
      this.status.hidden = true;
      this.status.replaceChildren();
      return;
    }
    this.status.hidden = false;
    if (isActive(job)) this.#showProgress(job);
    else this.#showFailure(job);
  }

  #showProgress(job) {
    if (!this.progress) {
      this.progress = new Progress(job.prompt || 'Your picture', () => cancel(this.#job.id));
      this.status.replaceChildren(this.progress.element);
    }
    this.progress.show(job);
  }

  #showFailure(job) {
    const text = failureOf(job);
    if (this.progress) announce(`${job.prompt}: ${text}`);
    this.progress = null;
    this.status.replaceChildren(
      make('p.problem', {}, text),
      make('div.row', {},
        make('button.pill', { type: 'button', click: () => this.actions.again(jobOf(job.id)) }, 'Try again'),
        make('button.pill', { type: 'button', click: () => this.actions.remove(job) }, 'Remove')));
  }
}
