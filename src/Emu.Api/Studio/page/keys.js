// The API key, for servers that want one: kept in this page, and in the browser only if the user asks for that.

import { byId, showText } from './dom.js';

const storageName = 'emu-studio-key';
let key = localStorage.getItem(storageName);
let asking = null;
let closed = false;

/** The headers that send the key. */
export const keyHeaders = () => (key ? { Authorization: `Bearer ${key}` } : {});

/** Whether there is a key: then files have to be fetched with it. */
export const hasKey = () => key !== null;

/**
 * Asks for a key. Several callers at once get one dialog.
 * @param {string} [problem] what was wrong with the last one
 * @param {boolean} [onlyOnce] whether the user who has closed the dialog without a key is left alone
 * @returns {Promise<boolean>} whether one was given
 */
export async function askForKey(problem, onlyOnce) {
  if (onlyOnce && closed) return false;
  asking ??= openDialog(problem).finally(() => { asking = null; });
  const given = await asking;
  closed = !given;
  return given;
}

/**
 * Connects the button that opens the dialog.
 * @param {() => void} changed is called when the user has chosen another key
 */
export function startKeys(changed) {
  updateButton();
  byId('key-button').addEventListener('click', async () => {
    if (await askForKey()) changed();
  });
}

function openDialog(problem) {
  const dialog = byId('keys');
  const field = byId('key');
  field.value = key ?? '';
  byId('key-keep').checked = localStorage.getItem(storageName) !== null;
  byId('key-forget').hidden = key === null;
  showText(byId('key-error'), problem);
  dialog.showModal();
  return new Promise((resolve) => {
    const end = (given) => {
      controller.abort();
      dialog.close();
      updateButton();
      resolve(given);
    };
    const controller = new AbortController();
    const { signal } = controller;
    byId('keys-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const typed = field.value.trim();
      if (!typed) {
        showText(byId('key-error'), 'Type a key, or close this with Escape.');
        field.focus();
        return;
      }
      use(typed, byId('key-keep').checked);
      end(true);
    }, { signal });
    byId('key-forget').addEventListener('click', () => {
      use(null, false);
      location.reload();
    }, { signal });
    dialog.addEventListener('cancel', () => end(false), { signal });
  });
}

function use(value, keep) {
  key = value;
  if (keep) localStorage.setItem(storageName, value);
  else localStorage.removeItem(storageName);
}

function updateButton() {
  byId('key-button').hidden = key === null;
}
