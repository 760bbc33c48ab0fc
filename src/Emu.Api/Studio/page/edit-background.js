// The picture that an instruction may put behind the subject: picked, dropped or pasted.

import { icon, make, showText } from './dom.js';

/** The sentence that puts it there. */
export const backgroundWords = 'use this picture as the background';

/** A button that picks the picture, and the picture once there is one. */
export class Background {
  #file = null;
  #actions;

  /** @param {object} actions `changed(file or null)`, and `edit(file)`: the picture is to be edited instead */
  constructor(actions) {
    this.#actions = actions;
    this.picker = make('input', { type: 'file', accept: 'image/png,image/jpeg,image/webp,image/gif,image/bmp', hidden: true, id: 'background-file', change: () => this.picker.files[0] && this.use(this.picker.files[0]) });
    this.button = make('button.pill.paint', { type: 'button', id: 'edit-background', title: 'Pick a picture to put behind the subject', click: () => this.picker.click() }, icon('image'), 'Background');
    this.image = make('img', { alt: 'The background' });
    this.image.addEventListener('error', () => { this.image.hidden = true; });
    this.name = make('b', { dir: 'auto' });
    this.error = make('p.error', { id: 'background-error', role: 'alert', hidden: true });
    this.remove = make('button.round', { type: 'button', 'aria-label': 'Remove the background picture', 'aria-describedby': 'background-error', click: () => { this.use(null); this.button.focus(); } }, icon('close'));
    this.element = make('div.second', { hidden: true },
      this.image,
      make('div.words', {}, this.name, make('span', {}, 'is the background'), this.error),
      make('button.pill', { type: 'button', click: () => this.#editIt() }, 'Edit it instead'),
      this.remove);
  }

  /** The picture, or null. */
  get file() {
    return this.#file;
  }

  /** Takes a picture, or none (null). */
  use(file) {
    if (this.image.src) URL.revokeObjectURL(this.image.src);
    this.#file = file;
    this.element.hidden = !file;
    this.name.textContent = file?.name ?? '';
    this.image.hidden = !file;
    if (file) this.image.src = URL.createObjectURL(file);
    else this.image.removeAttribute('src');
    this.picker.value = '';
    this.showProblem(null);
    this.#actions.changed(file);
  }

  /** Shows beside the picture why the server did not take it; null takes that away. */
  showProblem(problem) {
    showText(this.error, problem);
    if (problem) this.remove.focus({ preventScroll: true });
  }

  #editIt() {
    const file = this.#file;
    this.use(null);
    this.#actions.edit(file);
  }
}
