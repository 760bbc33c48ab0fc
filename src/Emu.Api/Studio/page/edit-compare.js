// Two pictures in one frame with a line to move between them, and the mask above them.

import { make } from './dom.js';

const step = 2;
const bigStep = 10;
const largestMask = 1600;

/** The frame. It shows one picture, or two: with a slider if they have the same shape, beside one another otherwise. */
export class Comparison {
  #at = 50;
  #turn = 0;
  #maskUrl = null;

  constructor() {
    this.pictures = make('div.pictures');
    this.mask = make('canvas.mask', { hidden: true, role: 'img', 'aria-label': 'Where pixels may have changed' });
    this.handle = make('div.handle', { role: 'slider', tabindex: '0', 'aria-label': 'How much of the left picture is shown', 'aria-valuemin': '0', 'aria-valuemax': '100', 'aria-orientation': 'horizontal', keydown: (event) => this.#press(event) });
    this.labels = [make('span.label', { hidden: true }), make('span.label', { hidden: true })];
    this.element = make('div.compare.chequered', {}, this.pictures, this.mask, this.handle, ...this.labels);
    this.element.addEventListener('pointerdown', (event) => this.#drag(event));
    this.#move(50);
  }

  /**
   * Shows pictures once they are loaded; until then, what was there stays.
   * @param {object} picture `url`, `name`, `width` and `height` in pixels
   * @param {object} [other] the one to compare with, which is on the left
   */
  async show(picture, other) {
    const turn = ++this.#turn;
    const slides = Boolean(other) && isSameShape(picture, other);
    const figures = await Promise.all([other, picture].filter(Boolean).map((each) => figureOf(each, Boolean(other) && !slides)));
    if (turn !== this.#turn) return;
    this.slides = slides;
    this.names = [other?.name, picture.name];
    this.element.classList.toggle('beside', Boolean(other) && !this.slides);
    this.element.classList.toggle('slides', this.slides);
    this.element.style.setProperty('--ratio', picture.width / picture.height);
    this.handle.hidden = !this.slides;
    this.pictures.replaceChildren(...figures);
    if (other && !this.slides) figures[1].append(this.mask);
    else this.pictures.after(this.mask);
    this.#move(this.#at);
  }

  /** Lays a mask over the pictures, tinted where it is white; null takes it away. */
  async showMask(url) {
    this.#maskUrl = url;
    if (!url) {
      this.mask.hidden = true;
      return;
    }
    const image = make('img', { src: url, alt: '' });
    await image.decode();
    if (this.#maskUrl !== url) return;
    const scale = Math.min(1, largestMask / Math.max(image.naturalWidth, image.naturalHeight));
    this.mask.width = Math.max(1, Math.round(image.naturalWidth * scale));
    this.mask.height = Math.max(1, Math.round(image.naturalHeight * scale));
    tint(this.mask, image);
    this.mask.hidden = false;
  }

  /** Puts a brush over the picture; null takes it away. */
  paintOn(brush) {
    const there = this.element.querySelector('.brush');
    if (there !== (brush?.element ?? null)) {
      there?.remove();
      if (brush) this.pictures.after(brush.element);
    }
  }

  #press(event) {
    const by = event.shiftKey ? bigStep : step;
    const to = {
      ArrowLeft: this.#at - by, ArrowDown: this.#at - by, ArrowRight: this.#at + by, ArrowUp: this.#at + by,
      PageDown: this.#at - bigStep, PageUp: this.#at + bigStep, Home: 0, End: 100,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#move(to);
  }

  #drag(event) {
    if (!this.slides || event.button !== 0 || event.target.closest('button, .brush')) return;
    const { left, width } = this.element.getBoundingClientRect();
    const move = ({ clientX }) => this.#move(((clientX - left) / width) * 100);
    const end = new AbortController();
    const stop = () => end.abort();
    this.element.setPointerCapture(event.pointerId);
    this.element.addEventListener('pointermove', move, { signal: end.signal });
    for (const name of ['pointerup', 'pointercancel']) this.element.addEventListener(name, stop, { signal: end.signal });
    move(event);
    this.handle.focus({ preventScroll: true });
    event.preventDefault();
  }

  #move(to) {
    this.#at = Math.min(100, Math.max(0, to));
    const percent = Math.round(this.#at);
    this.element.style.setProperty('--at', `${this.#at}%`);
    this.handle.setAttribute('aria-valuenow', percent);
    // A name stands on its picture as long as there is room for it.
    this.labels.forEach((label, index) => {
      label.textContent = this.names?.[index] ?? '';
      label.hidden = !this.slides || (index === 0 ? percent < 20 : percent > 80);
    });
    if (this.names) this.handle.setAttribute('aria-valuetext', `${percent} percent ${this.names[0]}, ${100 - percent} percent ${this.names[1]}`);
  }
}

async function figureOf({ url, name, width, height }, hasCaption) {
  const image = make('img', { src: url, alt: name, draggable: 'false' });
  await image.decode().catch(() => undefined);
  const figure = make('figure', {}, image, hasCaption ? make('figcaption', { 'aria-hidden': 'true' }, name) : null);
  figure.style.setProperty('--own', width / height);
  return figure;
}

const isSameShape = (one, other) => Math.abs(one.width / one.height - other.width / other.height) < 0.01;

function tint(canvas, image) {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const picture = context.getImageData(0, 0, canvas.width, canvas.height);
  const { data } = picture;
  for (let index = 0; index < data.length; index += 4) {
    data[index + 3] = Math.round(data[index] * 0.62);
    data[index] = 255;
    data[index + 1] = 45;
    data[index + 2] = 150;
  }
  context.putImageData(picture, 0, 0);
}
