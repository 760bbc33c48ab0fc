// Short messages at the edge of the page, with a way back where there is one.

import { byId, make } from './dom.js';

const shownFor = 6000;

/**
 * Shows a message.
 * @param {string} text
 * @param {object} [options] `action`: a button's label, `onAction`, `onEnd` (called if the button was not used), `duration` in milliseconds
 */
export function toast(text, { action, onAction, onEnd, duration = shownFor } = {}) {
  // A dialog lies above everything else: its messages are shown in it.
  const place = document.querySelector('dialog[open] .toasts') ?? byId('toasts');
  // What is tried again and again is said once.
  if (!action && [...place.children].some((other) => other.textContent === text)) return { end: () => undefined };
  const end = (used) => {
    if (!element.isConnected) return;
    clearTimeout(timer);
    element.remove();
    if (used) onAction();
    else onEnd?.();
  };
  const element = make('div.toast', {}, make('span', {}, text), action ? make('button', { type: 'button', click: () => end(true) }, action) : null);
  place.append(element);
  const timer = setTimeout(() => end(false), duration);
  return { end: () => end(false) };
}

/** Says what went wrong, in the server's words. */
export const complain = (error) => toast(error.message);
