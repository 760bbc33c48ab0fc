// The versions of an edited picture in a row. Any of them can be chosen: the next instruction starts from it.

import { make } from './dom.js';
import { nameOf, pathOfVersion, wordsOfVersion } from './edit-session.js';
import { isActive } from './jobs.js';
import { elementUrl } from './media.js';
import { wordsOf } from './progress.js';

/** The row. */
export class Strip {
  #items = new Map();

  /** @param {(number: number) => void} onSelect gets the chosen version's number */
  constructor(onSelect) {
    this.onSelect = onSelect;
    this.list = make('ol.strip', { 'aria-label': 'Versions' });
    this.element = make('div.strip-frame', {}, this.list);
  }

  /** Shows versions; elements that stand right are not touched. */
  show(versions, selected) {
    const wanted = new Set(versions.map((version) => version.version));
    for (const [number, item] of this.#items) {
      if (wanted.has(number)) continue;
      item.element.remove();
      this.#items.delete(number);
    }
    versions.forEach((version, index) => {
      const item = this.#itemOf(version);
      if (this.list.children[index] !== item.element) this.list.insertBefore(item.element, this.list.children[index] ?? null);
      this.#update(item, version, version.version === selected, versions[index - 1]);
    });
  }

  #itemOf(version) {
    let item = this.#items.get(version.version);
    if (!item) {
      const button = make('button.version', { type: 'button', click: () => this.onSelect(version.version) },
        make('span.thumb.chequered'), make('span.name'), make('span.words', { dir: 'auto' }));
      item = { element: make('li', {}, button), button, thumbnail: null, selected: false };
      this.#items.set(version.version, item);
    }
    return item;
  }

  #update(item, version, isSelected, before) {
    const { button } = item;
    const active = isActive(version);
    const words = version.version === 1 ? '' : wordsOfVersion(version);
    const isBranch = version.from !== null && before && version.from !== before.version;
    button.querySelector('.name').textContent = isBranch ? `${nameOf(version)}, from ${version.from === 1 ? 'the original' : version.from}` : nameOf(version);
    button.querySelector('.words').textContent = active ? `${wordsOf(version)} …` : words;
    button.title = words;
    button.classList.toggle('active', active);
    if (isSelected) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
    if (isSelected && !item.selected) item.element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    item.selected = isSelected;
    if (!active) showThumbnail(item, version);
  }
}

async function showThumbnail(item, version) {
  const path = `${pathOfVersion(version)}/content${version.variants.includes('thumbnail') ? '?variant=thumbnail' : ''}`;
  if (item.thumbnail === path) return;
  item.thumbnail = path;
  const image = make('img', { alt: '', draggable: 'false', decoding: 'async' });
  image.src = await elementUrl(path).catch(() => '');
  item.button.querySelector('.thumb').replaceChildren(image);
}
