// Paints a mask onto a picture, with a mouse, a pen, a finger or keys.

import { make } from './dom.js';
import { loadStrokes, saveStrokes } from './edit-strokes.js';

const paint = '#ff2d96';
const stepShare = 1 / 3;
// Larger pictures are painted on a smaller canvas: the mask's edge is soft anyway.
const largestCanvas = 2048;
const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A brush for one picture. Strokes are kept, so that each can be taken back, and all are there after a reload. */
export class Brush {
  #strokes;
  #name;
  #erases = false;
  #point;
  #keyStroke = null;

  /**
   * @param {number} width the picture's, in pixels
   * @param {number} height the picture's, in pixels
   * @param {string} name under which strokes are kept
   * @param {() => void} onChange is called when something was painted or taken away
   */
  constructor(width, height, name, onChange) {
    this.#name = name;
    this.#strokes = loadStrokes(name);
    this.width = width;
    this.height = height;
    this.onChange = onChange;
    this.#point = { x: width / 2, y: height / 2 };
    const scale = Math.min(1, largestCanvas / Math.max(width, height));
    this.canvas = make('canvas', { width: Math.ceil(width * scale), height: Math.ceil(height * scale), tabindex: '0', role: 'img', 'aria-label': 'Area to paint. Arrow keys move the brush, hold Space to paint.' });
    // After each stroke it is looked whether anything is painted.
    this.canvas.getContext('2d', { willReadFrequently: true }).scale(this.canvas.width / width, this.canvas.height / height);
    this.ring = make('div.ring', { hidden: true });
    this.element = make('div.brush', {}, this.canvas, this.ring);
    this.size = make('input', { type: 'range', min: '1', max: '50', value: '12', id: 'brush-size', input: () => this.#showRing() });
    this.tools = this.#makeTools();
    this.#listen();
    this.#draw();
    this.#enableTools();
  }

  /** Whether nothing is painted. */
  get isEmpty() {
    return this.#strokes.length === 0 || !this.#hasPaint();
  }

  /** The mask: as large as the picture, white where it is painted, black elsewhere. */
  async mask() {
    const canvas = new OffscreenCanvas(this.width, this.height);
    const context = canvas.getContext('2d');
    context.drawImage(this.canvas, 0, 0, this.width, this.height);
    context.globalCompositeOperation = 'source-in';
    context.fillStyle = '#fff';
    context.fillRect(0, 0, this.width, this.height);
    context.globalCompositeOperation = 'destination-over';
    context.fillStyle = '#000';
    context.fillRect(0, 0, this.width, this.height);
    return new File([await canvas.convertToBlob({ type: 'image/png' })], 'mask.png', { type: 'image/png' });
  }

  /** Takes the last stroke back. */
  undo() {
    this.#strokes.pop();
    this.#redraw();
  }

  /** Takes every stroke away. */
  clear() {
    this.#strokes = [];
    this.#redraw();
  }

  // The brush's diameter in pixels of the picture.
  get #diameter() {
    return Math.max(1, (Number(this.size.value) / 100) * Math.min(this.width, this.height));
  }

  #makeTools() {
    const mode = (name, erases) => make('label', {}, make('input', { type: 'radio', name: 'brush-mode', checked: !erases, change: () => { this.#erases = erases; } }), make('span', {}, name));
    this.back = make('button.pill', { type: 'button', disabled: true, click: () => this.undo() }, 'Undo stroke');
    this.wipe = make('button.pill', { type: 'button', disabled: true, click: () => this.clear() }, 'Clear');
    return make('div.tools', { role: 'group', 'aria-label': 'Brush' },
      make('fieldset.segments', {}, make('legend.hidden', {}, 'What the brush does'), mode('Paint', false), mode('Erase', true)),
      make('label.size', {}, 'Size', this.size), this.back, this.wipe);
  }

  #listen() {
    const { canvas } = this;
    canvas.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      canvas.focus({ preventScroll: true });
      this.#begin(this.#pointOf(event));
    });
    canvas.addEventListener('pointermove', (event) => {
      this.#point = this.#pointOf(event);
      this.#showRing();
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      for (const part of event.getCoalescedEvents?.() ?? [event]) this.#extend(this.#pointOf(part));
    });
    for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, () => this.#changed());
    canvas.addEventListener('pointerleave', () => { this.ring.hidden = document.activeElement !== canvas || !canvas.matches(':focus-visible'); });
    canvas.addEventListener('focus', () => canvas.matches(':focus-visible') && this.#showRing());
    canvas.addEventListener('blur', () => { this.ring.hidden = true; });
    canvas.addEventListener('keydown', (event) => this.#press(event));
    canvas.addEventListener('keyup', (event) => {
      if (event.key !== ' ') return;
      this.#keyStroke = null;
      this.#changed();
    });
  }

  #press(event) {
    const arrow = arrows[event.key];
    if (arrow) {
      const by = Math.max(1, this.#diameter * (event.shiftKey ? 1 : stepShare));
      this.#point = {
        x: Math.min(this.width, Math.max(0, this.#point.x + arrow[0] * by)),
        y: Math.min(this.height, Math.max(0, this.#point.y + arrow[1] * by)),
      };
      if (this.#keyStroke) this.#extend(this.#point);
    } else if (event.key === ' ') {
      if (!event.repeat) this.#keyStroke = this.#begin(this.#point);
    } else return;
    event.preventDefault();
    this.#showRing();
  }

  #pointOf(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return { x: ((event.clientX - left) / width) * this.width, y: ((event.clientY - top) / height) * this.height };
  }

  #begin(point) {
    const stroke = { points: [point, point], diameter: this.#diameter, erases: this.#erases };
    this.#strokes.push(stroke);
    draw(this.canvas, stroke, 1);
    return stroke;
  }

  #extend(point) {
    const stroke = this.#strokes.at(-1);
    // It was taken back while it was painted.
    if (!stroke) return;
    stroke.points.push(point);
    draw(this.canvas, stroke, stroke.points.length - 1);
  }

  #redraw() {
    this.#draw();
    this.#changed();
  }

  #draw() {
    this.canvas.getContext('2d').clearRect(0, 0, this.width, this.height);
    for (const stroke of this.#strokes) for (let end = 1; end < stroke.points.length; end++) draw(this.canvas, stroke, end);
  }

  #enableTools() {
    this.back.disabled = this.wipe.disabled = this.#strokes.length === 0;
  }

  #changed() {
    this.#enableTools();
    saveStrokes(this.#name, this.#strokes);
    this.onChange();
  }

  // Erasing may have left nothing: a small copy of the canvas says so.
  #hasPaint() {
    const side = 256;
    const small = new OffscreenCanvas(side, side).getContext('2d');
    small.imageSmoothingQuality = 'high';
    small.drawImage(this.canvas, 0, 0, side, side);
    return small.getImageData(0, 0, side, side).data.some((value, index) => index % 4 === 3 && value > 0);
  }

  #showRing() {
    const share = this.#diameter / this.width;
    this.ring.style.width = `${share * 100}%`;
    this.ring.style.left = `${(this.#point.x / this.width) * 100}%`;
    this.ring.style.top = `${(this.#point.y / this.height) * 100}%`;
    this.ring.hidden = false;
  }
}

// A piece of a stroke, from the point before to the one at `end`.
function draw(canvas, { points, diameter, erases }, end) {
  const context = canvas.getContext('2d');
  context.globalCompositeOperation = erases ? 'destination-out' : 'source-over';
  context.strokeStyle = paint;
  context.lineWidth = diameter;
  context.lineCap = context.lineJoin = 'round';
  context.beginPath();
  context.moveTo(points[end - 1].x, points[end - 1].y);
  // Not quite the same point, so that a stroke of one point is a dot.
  context.lineTo(points[end].x + 0.01, points[end].y);
  context.stroke();
}
