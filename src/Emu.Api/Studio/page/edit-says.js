// What can be said, as the server lists it: kinds of edits, and wordings of each to take.

import { json } from './api.js';
import { followsInstructions } from './choices.js';
import { make } from './dom.js';

let loading;

/** A list that is closed at first, and loaded when it is opened. */
export class Sayings {
  #onTake;
  #tasks = null;

  /** @param {(text: string, known: string[]) => void} onTake gets a wording that was chosen, and every wording of the list */
  constructor(onTake) {
    this.#onTake = onTake;
    this.tabs = make('div.chips', { role: 'group', 'aria-label': 'Kinds of edits' });
    this.list = make('ul.wordings');
    this.note = make('p.hint', { role: 'status' });
    this.element = make('details.says', { toggle: () => this.element.open && this.#load() },
      make('summary', {}, 'What can I say?'), this.tabs, this.note, this.list);
  }

  async #load() {
    if (this.#tasks) return;
    this.note.textContent = 'Loading …';
    try {
      loading ??= json('/v1/edits/tasks');
      const { data } = await loading;
      this.#tasks = data.filter((task) => !task.needs_model || followsInstructions());
    } catch (error) {
      loading = undefined;
      this.note.textContent = error.message;
      return;
    }
    this.note.textContent = '';
    this.tabs.replaceChildren(...this.#tasks.map((task) => make('button.pill', { type: 'button', 'data-task': task.id, click: () => this.#show(task) }, task.id.charAt(0).toUpperCase() + task.id.slice(1))));
    if (this.#tasks.length > 0) this.#show(this.#tasks[0]);
  }

  #show(task) {
    for (const tab of this.tabs.children) tab.setAttribute('aria-pressed', String(tab.dataset.task === task.id));
    this.list.replaceChildren(...task.operations.map(({ summary, examples }) => make('li', {},
      make('span', {}, summary),
      make('div.chips', {}, ...examples.map((text) => make('button.pill', { type: 'button', click: () => this.#take(text) }, text))))));
  }

  #take(text) {
    this.#onTake(text, this.#tasks.flatMap((task) => task.operations.flatMap(({ examples }) => examples)));
  }
}
