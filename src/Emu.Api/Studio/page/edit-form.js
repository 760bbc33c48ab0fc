// The field for an instruction, the picture that it speaks of, and the brush that says where. What is typed and painted is kept over
// a reload.

import { Background, backgroundWords } from './edit-background.js';
import { Brush } from './edit-brush.js';
import { Sayings } from './edit-says.js';
import { icon, make, showText } from './dom.js';

const examples = ['make it black and white', 'make the background pink', 'write Aloha! at the bottom', 'turn it into an oil painting', 'add a crown'];
const backgroundExamples = [backgroundWords, 'put her on this background'];
const paintedExamples = ['make the marked area blue', 'blur the marked area', 'remove the marked area'];

/** The form under a picture. */
export class InstructionForm {
  #name;
  #actions;
  #brushes = new Map();
  #base = null;
  #paints = false;

  /**
   * @param {string} session the session's id, under which what is typed is kept
   * @param {string} [draft] what is typed already
   * @param {object} actions `send(fields)` has a version made of `instruction`, `mask` and `background`; `undo()`; `edit(file)` begins
   *   to edit another picture; and `changed()` is called when something else can be done
   */
  constructor(session, draft, actions) {
    this.#name = `emu-studio-edit-${session}`;
    this.#actions = actions;
    this.background = new Background({ edit: actions.edit, changed: (file) => this.#takeBackground(file) });
    this.#build();
    this.#write(draft ?? sessionStorage.getItem(this.#name) ?? '');
    this.paints = sessionStorage.getItem(`${this.#name}-paints`) === 'true';
  }

  /** Whether the picture is painted on. */
  get paints() {
    return this.#paints;
  }

  set paints(value) {
    this.#paints = value;
    this.paintButton.setAttribute('aria-pressed', String(value));
    sessionStorage.setItem(`${this.#name}-paints`, String(value));
  }

  /** The brush for the picture that is shown. */
  get brush() {
    return this.#base && this.#brushes.get(`${this.#base.width}×${this.#base.height}`);
  }

  /** The brush for a version. Pictures of one size share it, so that the same area can be painted into each. */
  brushFor(version) {
    this.#base = version;
    const size = `${version.width}×${version.height}`;
    if (!this.#brushes.has(size)) this.#brushes.set(size, new Brush(version.width, version.height, `${this.#name}-${size}`, () => this.#showHint()));
    if (this.toolPlace.firstChild !== this.brush.tools) this.toolPlace.replaceChildren(this.brush.tools);
    return this.brush;
  }

  /** Takes the focus, unless another element should. */
  focus(instead) {
    this.#fit();
    (instead ?? this.field).focus({ preventScroll: true });
  }

  /** Shows what can be done with a version. */
  update(version, active) {
    this.go.disabled = active || this.sending === true;
    this.paintButton.disabled = active;
    this.undoButton.hidden = active || version.from === null;
    this.start = active ? '' : `Starts from ${version.version === 1 ? 'the original' : `version ${version.version}`}.`;
    this.toolPlace.hidden = !this.#paints;
    const wanted = this.background.file ? backgroundExamples : this.#paints ? paintedExamples : examples;
    if (this.examples.dataset.first !== wanted[0]) this.examples.replaceChildren(...wanted.map((text) => make('button.pill', { type: 'button', click: () => this.#try(text) }, text)));
    this.examples.dataset.first = wanted[0];
    for (const button of this.examples.children) button.disabled = this.go.disabled;
    this.#showHint();
  }

  /** Whether a version's instruction still stands in the field. */
  holds(version) {
    return this.field.value.trim() === version.instructions.join('\n');
  }

  /** A version is done: its instruction leaves the field, and the picture that it spoke of goes with it. */
  made(version) {
    if (this.holds(version)) this.#write('');
    if (this.background.file && version.plan?.some((step) => step.operation.operation === 'picture_background')) this.background.use(null);
  }

  /** Takes a picture or a text that was dropped or pasted. */
  take({ picture, text }) {
    if (picture) this.background.use(picture);
    else this.#write(text.trim());
    this.focus();
  }

  /** A version failed: its instruction stays or comes back, with what went wrong. */
  failed(version, problem) {
    if (!this.field.value.trim()) this.#write(version.instructions.join('\n'));
    this.#complain(problem);
  }

  #build() {
    this.field = make('textarea', { id: 'instruction', rows: '1', placeholder: 'make it black and white', autocomplete: 'off', enterkeyhint: 'go', 'aria-describedby': 'instruction-error instruction-hint' });
    this.error = make('p.error', { id: 'instruction-error', role: 'alert', hidden: true });
    this.hint = make('p.hint', { id: 'instruction-hint' });
    this.go = make('button.primary', { type: 'submit', id: 'edit-go' }, 'Make');
    this.paintButton = make('button.pill.paint', { type: 'button', 'aria-pressed': 'false', id: 'edit-paint', click: () => this.#togglePaint() }, icon('brush'), 'Paint where');
    this.undoButton = make('button.round', { type: 'button', id: 'edit-undo', 'aria-label': 'Undo', title: 'Undo', hidden: true, click: () => this.#actions.undo() }, icon('undo'));
    this.toolPlace = make('div', { hidden: true });
    this.examples = make('div.chips', { role: 'group', 'aria-label': 'Examples' });
    this.element = make('form.edit-form', { novalidate: true, submit: (event) => { event.preventDefault(); this.#submit(); } },
      make('div.ask', {},
        make('label.hidden', { for: 'instruction' }, 'What should change'), this.field, this.error,
        this.background.element,
        make('div.bar', {}, this.paintButton, this.background.button, this.background.picker, this.undoButton, this.go)),
      this.toolPlace, this.hint, this.examples, new Sayings((text, known) => this.#add(text, known)).element);
    this.field.addEventListener('input', () => this.#fit());
    this.field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing || event.shiftKey) return;
      event.preventDefault();
      this.element.requestSubmit();
    });
  }

  #togglePaint() {
    this.paints = !this.#paints;
    this.#actions.changed();
    if (!this.#paints) return;
    this.brush.canvas.scrollIntoView({ block: 'nearest' });
    this.brush.canvas.focus({ preventScroll: true });
  }

  // The sentence that uses the picture stands there as long as nothing else is typed.
  #takeBackground(file) {
    const typed = this.field.value.trim();
    if (file && !typed) this.#write(backgroundWords);
    else if (!file && typed === backgroundWords) this.#write('');
    this.#complain(null);
    this.#actions.changed();
  }

  // What the user has typed stays: a wording is another step then.
  #add(text, known) {
    const typed = this.field.value.trim();
    this.#write(typed && !known.includes(typed) ? `${typed}\n${text}` : text);
    this.focus();
  }

  #try(text) {
    this.#write(text);
    this.element.requestSubmit();
  }

  async #submit() {
    if (this.go.disabled) return;
    this.#complain(null);
    this.background.showProblem(null);
    this.sending = this.go.disabled = true;
    this.go.textContent = 'Sending …';
    try {
      const mask = this.#paints && !this.brush.isEmpty ? await this.brush.mask() : null;
      await this.#actions.send({ instruction: this.field.value.trim(), mask, background: this.background.file });
    } catch (error) {
      if (error.param === 'background' && this.background.file) this.background.showProblem(error.message);
      else this.#complain(error.message);
    } finally {
      this.sending = false;
      this.go.textContent = 'Make';
      this.#actions.changed();
    }
  }

  #complain(problem) {
    showText(this.error, problem);
    if (!problem) {
      this.field.removeAttribute('aria-invalid');
      return;
    }
    this.field.setAttribute('aria-invalid', 'true');
    this.field.focus({ preventScroll: true });
  }

  #showHint() {
    const painted = !this.#paints ? '' : this.brush?.isEmpty === false ? 'Only what you painted changes. ' : 'Paint over what should change. ';
    this.hint.textContent = painted + (this.start ?? '');
  }

  #write(text) {
    this.field.value = text;
    this.#fit();
  }

  #fit() {
    if (this.field.value) sessionStorage.setItem(this.#name, this.field.value);
    else sessionStorage.removeItem(this.#name);
    this.field.style.height = 'auto';
    if (this.field.scrollHeight) this.field.style.height = `${this.field.scrollHeight}px`;
  }
}
