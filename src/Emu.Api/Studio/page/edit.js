// The Edit view: a picture, what should change, and every version that came of it.

import { json, pathOf } from './api.js';
import { aboutVersion } from './edit-about.js';
import { Comparison } from './edit-compare.js';
import { InstructionForm } from './edit-form.js';
import { EditSession, isCancelled, nameOf, pathOfVersion, wordsOfVersion } from './edit-session.js';
import { Strip } from './edit-strip.js';
import { announce, byId, isTyping, make } from './dom.js';
import { isActive, jobLike } from './jobs.js';
import { elementUrl } from './media.js';
import { failureOf, Progress, shareInWords } from './progress.js';
import { complain } from './toast.js';

let view = null;

/** Opens a session that the server has just sent. */
export async function openSession(data, actions, draft) {
  closeView();
  view = new View(data, actions, draft);
}

/** Opens a session by its id; one that is open stays as it is. */
export async function openId(id, actions) {
  if (view?.session.id !== id) await openSession(await json(pathOf(id)), actions);
}

/** Gives a picture or a text that was dropped or pasted to the picture that is open. */
export function give(what) {
  view?.form.take(what);
}

/** Goes back to the pictures. */
export function closeView() {
  view?.close();
  view = null;
}

// Leaves by the way that the user came, so that "back" does not lead here again.
function leave() {
  closeView();
  if (history.state?.edit) history.back();
  else history.replaceState(null, '', location.pathname);
}

class View {
  #selected;
  #other;
  #shown = '';
  #told = '';
  #progress = null;
  #end = new AbortController();

  constructor(data, actions, draft) {
    this.actions = actions;
    this.scrolled = scrollY;
    this.comparison = new Comparison();
    this.strip = new Strip((number) => this.#select(number));
    this.form = new InstructionForm(data.id, draft, {
      send: (fields) => this.#make(fields),
      edit: actions.begin,
      undo: () => this.#undo(),
      changed: () => this.#update(),
    });
    this.#selected = Math.max(data.current, ...data.versions.filter(isActive).map(({ version }) => version));
    this.#build();
    this.session = new EditSession(data, (ended) => this.#changed(ended), () => this.#gone());
    this.#remember(data);
    document.body.classList.add('editing');
    byId('edit').hidden = false;
    scrollTo({ top: 0 });
    this.session.start();
    this.form.focus(matchMedia('(pointer: fine)').matches ? null : byId('edit-title'));
    const { signal } = this.#end;
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.session.refresh().catch(() => undefined), { signal });
    document.addEventListener('keydown', (event) => this.#press(event), { signal });
  }

  close() {
    this.#end.abort();
    this.session.close();
    byId('edit').hidden = true;
    byId('edit').replaceChildren();
    document.body.classList.remove('editing');
    scrollTo({ top: this.scrolled });
    (byId(`tile-${this.session.id}`)?.querySelector('button') ?? byId('prompt')).focus({ preventScroll: true });
  }

  #build() {
    this.status = make('div.status', { hidden: true });
    this.stage = make('div.edit-stage', {}, this.comparison.element);
    this.comparison.element.append(this.status);
    this.about = make('div.edit-about');
    this.compare = make('select', { id: 'edit-compare', 'aria-label': 'Compare with', change: () => { this.#other = Number(this.compare.value); this.#update(); } });
    this.maskButton = make('button.pill', { type: 'button', 'aria-pressed': 'false', id: 'edit-mask', click: () => this.#toggleMask() }, 'What changed');
    this.looks = make('div.looks', {}, this.compare, this.maskButton);
    byId('edit').replaceChildren(
      make('div.edit-head', {}, make('button.pill', { type: 'button', click: leave }, '← Your pictures'), make('h1', { id: 'edit-title', tabindex: '-1' }, 'Edit')),
      make('div.edit-left', {}, this.stage, this.looks, this.strip.element),
      this.form.element,
      this.about);
  }

  // What failed while nobody looked is told beside the field.
  #remember({ versions }) {
    const last = versions.at(-1);
    if (last.status === 'failed' && !isCancelled(last) && this.form.holds(last)) this.form.failed(last, failureOf(last));
    if (last.status === 'completed' && last.version > 1) this.form.made(last);
  }

  #changed(ended) {
    if (ended) this.#ended(ended);
    this.#update();
  }

  #ended(version) {
    if (version.status === 'completed') {
      this.form.made(version);
      announce(`${nameOf(version)} is done. ${shareInWords(version.kept_share)}`);
      return;
    }
    if (this.#selected === version.version) this.#selected = version.from;
    if (isCancelled(version)) announce('Cancelled.');
    else this.form.failed(version, failureOf(version));
  }

  #gone() {
    if (view !== this) return;
    complain(new Error('This picture and its versions were deleted.'));
    leave();
  }

  #select(number) {
    this.#selected = number;
    this.#other = undefined;
    this.#update();
  }

  async #make(fields) {
    const version = await this.session.add(this.#selected, fields, complain);
    this.form.paints = false;
    this.#select(version.version);
    this.stage.scrollIntoView({ block: 'nearest' });
    if (version.status === 'failed') this.#changed(version);
  }

  async #undo() {
    try {
      const { from } = this.session.version(this.#selected);
      if (this.#selected === this.session.current) await this.session.undo();
      this.#select(from);
      announce(`Back at ${nameOf(this.session.version(from))}.`);
      if (byId('edit-undo').hidden) this.form.focus();
    } catch (error) {
      complain(error);
    }
  }

  #press(event) {
    if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || isTyping() || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    if (this.form.paints) this.form.brush.undo();
    else if (this.session.version(this.#selected).from !== null) this.#undo();
  }

  #toggleMask() {
    const shows = this.maskButton.getAttribute('aria-pressed') !== 'true';
    this.maskButton.setAttribute('aria-pressed', String(shows));
    this.#update();
  }

  #update() {
    const version = this.session.version(this.#selected);
    const active = isActive(version);
    const base = active ? this.session.version(version.from) : version;
    if (active) this.form.paints = false;
    this.strip.element.hidden = this.session.shown.length < 2;
    this.strip.show(this.session.shown, this.#selected);
    this.#showPictures(base, version, active).catch((error) => {
      this.#shown = '';
      complain(error);
    });
    this.form.update(version, active);
    this.#showProgress(version, active);
    this.#showAbout(version, active);
  }

  async #showPictures(base, version, active) {
    const others = this.session.versions.filter((other) => other.status === 'completed' && other.version !== version.version);
    const alone = active || this.form.paints || others.length === 0;
    const wanted = this.#other ?? (version.version === 1 ? 0 : others[0]?.version);
    const other = alone ? null : others.find(({ version: number }) => number === wanted) ?? null;
    this.#offer(others, other, alone);
    const hasMask = !alone && version.variants.includes('mask');
    this.maskButton.hidden = !hasMask;
    const showsMask = hasMask && this.maskButton.getAttribute('aria-pressed') === 'true';
    this.comparison.paintOn(this.form.paints ? this.form.brushFor(base) : null);
    const shown = [base.version, other?.version, showsMask, active].join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    const pictures = await Promise.all([base, other].filter(Boolean).map(pictureOf));
    await this.comparison.show(...pictures);
    await this.comparison.showMask(showsMask ? await elementUrl(`${pathOfVersion(version)}/mask`) : null);
  }

  #offer(others, other, alone) {
    this.looks.hidden = alone;
    const values = [['', 'Compare: nothing'], ...others.map((each) => [String(each.version), each.version === 1 ? 'Compare: original' : `Compare: ${each.version}, ${wordsOfVersion(each)}`])];
    const signature = JSON.stringify(values);
    if (this.compare.dataset.values !== signature) this.compare.replaceChildren(...values.map(([value, name]) => make('option', { value }, name)));
    this.compare.dataset.values = signature;
    this.compare.value = other ? String(other.version) : '';
  }

  #showProgress(version, active) {
    this.status.hidden = !active;
    if (!active) {
      this.#progress = null;
      this.status.replaceChildren();
      return;
    }
    if (this.#progress?.version !== version.version) {
      this.#progress = new Progress(nameOf(version), () => this.session.cancel(version));
      this.#progress.version = version.version;
      this.status.replaceChildren(this.#progress.element);
    }
    this.#progress.show(version);
  }

  #showAbout(version, active) {
    const told = JSON.stringify([version, this.session.current]);
    this.about.hidden = active;
    if (active || told === this.#told) return;
    this.#told = told;
    this.about.replaceChildren(...aboutVersion(version, {
      formats: this.actions.formats,
      animate: (file) => { leave(); this.actions.animate(file); },
      remove: () => { const job = jobLike(this.session.data); leave(); this.actions.remove(job); },
    }));
  }
}

async function pictureOf(version) {
  return { url: await elementUrl(`${pathOfVersion(version)}/content`), name: nameOf(version), width: version.width, height: version.height };
}
